/* SPDX-License-Identifier: GPL-3.0-or-later
 * What tasks will cost: guesses from the codec table, corrected by what the ledger learned. */
#include "build.h"

#include "model/still_format.h"
#include "model/trust.h"

#include <math.h>
#include <string.h>

/* Megapixels or samples through libraries on one core; rounded from 1080p runs, all guesses. */
#define DECODE_S_PER_MPX (1 / 200.)
#define STEP_S_PER_MPX (1 / 100.)
#define SOUND_S_PER_S (1 / 100.)
#define START_S 0.05 /* giving a task to the worker: no part of what is learned */
#define QUICK_S 0.3
#define BASE_BYTES 100e6
#define FRAME_BYTES_PER_PIXEL 4.
#define FRAMES_PER_CORE 4
#define FRAMES_HELD 24
#define SEAMS_BYTES (128 << 20) /* that a smart cut may hold: include/media/seams.h */

/* What flows out of a chain of steps, as far as it can be foreseen. */
struct shape {
    double width, height, fps, duration_s;
    struct rational sar;
    double most_pixels; /* of the largest picture that a step makes */
    unsigned picture_steps;
};

static struct shape shape_of(const struct facts *facts)
{
    bool still = facts->kind == KIND_IMAGE;
    double fps = facts->fps.num > 0 ? rational_value(facts->fps) : 25;
    return (struct shape){.width = facts->width,
                          .height = facts->height,
                          .sar = facts->sar,
                          .fps = still ? 1 : fps,
                          .duration_s = still                   ? 1
                                        : facts->duration_s > 0 ? facts->duration_s
                                                                : 0};
}

static double mpx_of(const struct shape *s)
{
    return s->width * s->height / 1e6 * MAX(1, s->fps * s->duration_s);
}

/* Each step says what size it comes to; whether it takes fields is no matter here. */
static void size(struct shape *s, const struct call *call)
{
    struct fields flows = {
        .width = (int)s->width, .height = (int)s->height, .sar = s->sar, .fps = {25, 1}};
    g_auto(diag_ptr) diag = diag_create();
    if (flows.width < 1 || flows.height < 1)
        return;
    fields_through(call, &flows, diag);
    s->width = flows.width;
    s->height = flows.height;
    s->sar = flows.sar;
    s->most_pixels = MAX(s->most_pixels, s->width * s->height);
}

static double moment(const struct node *params, const char *name, const struct facts *facts,
                     double otherwise)
{
    struct position position;
    double seconds = otherwise;
    const char *text = node_get_text(params, name);
    g_autofree char *why = NULL;
    if (text && position_parse(text, &position) && position.kind != POSITION_NONE)
        position_resolve(&position, facts->duration_s, facts->fps, facts->timecode, &seconds, &why);
    return why ? otherwise : seconds;
}

static void trim(struct shape *s, const struct node *params, const struct facts *facts)
{
    double from = moment(params, "from", facts, 0);
    double length = moment(params, "length", facts, NAN);
    double to = moment(params, "to", facts, s->duration_s);
    s->duration_s = CLAMP(isnan(length) ? to - from : length, 0, MAX(0, s->duration_s));
}

static void apply(struct shape *s, const struct call *call, const struct facts *facts)
{
    const char *name = call->step->name;
    double value;
    s->picture_steps +=
        (call->step->faces & (KIND_VIDEO | KIND_IMAGE)) && !(call->step->faces & KIND_AUDIO);
    size(s, call);
    if (strcmp(name, "trim") == 0)
        trim(s, call->params, facts);
    else if (strcmp(name, "speed") == 0 && node_get_text(call->params, "factor") &&
             number_parse(node_get_text(call->params, "factor"), &value) && value > 0)
        s->duration_s /= value;
    else if (call->step->makes_still)
        s->duration_s = 0;
}

static struct shape flow(const GPtrArray *calls, struct shape shape, const struct facts *facts)
{
    for (guint i = 0; i < calls->len; i++)
        apply(&shape, calls->pdata[i], facts);
    return shape;
}

static double sound_channels(const struct written *written, const struct facts *facts)
{
    int channels = written->encode->audio.channels;
    return channels > 0 ? channels : MAX(1, facts->channels);
}

/* A quality that is found takes one to eight, as a rule six. */
static double encodings(const struct encode_image *image)
{
    return image->max_bytes > 0 || image->ssim > 0 ? 6 : 1;
}

/* Whether a smart cut can be is seen in the worker only: it is charged for what it comes to where
 * it can't, all of the picture encoded. */
static const struct codec *picture_codec(const struct draft *draft)
{
    const struct written *written = draft->written;
    return written->image ? written->image : written->video ? written->video : draft->again;
}

static double encode_seconds(const struct draft *draft, const struct shape *s,
                             const struct facts *facts)
{
    const struct written *written = draft->written;
    const struct codec *picture = picture_codec(draft);
    double seconds = s->picture_steps * STEP_S_PER_MPX * mpx_of(s);
    if (picture)
        seconds += picture->seconds_per_mpx * mpx_of(s) * encodings(&written->encode->image);
    if (draft->again) /* and both files decoded, to compare them */
        seconds += 2 * DECODE_S_PER_MPX * mpx_of(s);
    if (written->audio)
        seconds += written->audio->seconds_per_mpx * s->duration_s * MAX(8000, facts->sample_rate) *
                   sound_channels(written, facts) / 1e6;
    return seconds;
}

/* What the profiles of a codec ask for against the one its row is about: data rates at 1080p29.97
 * in Mbit/s, from Apple's ProRes white paper and Avid's DNxHR tables. */
static const struct {
    const char *name;
    double mbps;
} profiles[] = {
    {"proxy", 45},     {"lt", 102},        {"standard", 147},  {"hq", 220},
    {"4444", 330},     {"4444xq", 500},    {"dnxhr_lb", 45},   {"dnxhr_sq", 145},
    {"dnxhr_hq", 220}, {"dnxhr_hqx", 220}, {"dnxhr_444", 440},
};

static double profile_factor(const char *profile)
{
    for (guint i = 0; profile && i < G_N_ELEMENTS(profiles); i++)
        if (strcmp(profiles[i].name, profile) == 0)
            return profiles[i].mbps / 220;
    return 1;
}

static double video_bytes(const struct written *written, const struct shape *s,
                          const struct facts *facts)
{
    const struct encode_video *video = &written->encode->video;
    if (written->copies_video)
        return MAX(0, facts->bit_rate) * s->duration_s / 8;
    if (!written->video)
        return 0;
    if (!isnan(video->bitrate))
        return video->bitrate * s->duration_s / 8;
    double bits = written->video->bits_per_pixel * profile_factor(video->profile) * mpx_of(s) * 1e6;
    double finer = video->crf - written->video->crf_default; /* six steps halve the size */
    bits *= isnan(finer) ? 1 : exp2(-finer / 6);
    double most = isnan(video->maxrate) ? INFINITY : video->maxrate * s->duration_s;
    return MIN(bits, most) / 8;
}

static double audio_bytes(const struct written *written, const struct shape *s,
                          const struct facts *facts)
{
    double bitrate = written->encode->audio.bitrate;
    if (!facts->channels || !(written->audio || written->copies_audio))
        return 0;
    if (isnan(bitrate) && written->audio)
        bitrate = written->audio->bits_per_pixel * sound_channels(written, facts);
    return (isnan(bitrate) ? 128e3 : bitrate) * s->duration_s / 8;
}

static double output_bytes(const struct written *written, const struct shape *s,
                           const struct facts *facts)
{
    if (written->image)
        return written->image->bits_per_pixel * s->width * s->height / 8;
    double sound = audio_bytes(written, s, facts);
    return written->has_video ? video_bytes(written, s, facts) + sound : sound;
}

static const struct learned *learned_of(struct builder *b, const char *key)
{
    struct learned *known = g_hash_table_lookup(b->learned, key);
    if (!known) {
        known = g_new(struct learned, 1);
        *known = b->world->learned(b->world->self, key);
        g_hash_table_insert(b->learned, g_strdup(key), known);
    }
    return known;
}

static double corrected(double guess, double ratio)
{
    return ratio > 0 ? guess * ratio : guess; /* unknown is NAN */
}

/* Takes the key. What is learned is how wrong the guesses under a key are, so that it holds for
 * other lengths and sizes, too. */
static void settle(struct builder *b, struct plan_task *planned, char *key, double guess_s,
                   double guess_bytes)
{
    const struct learned *ratio = learned_of(b, key);
    planned->cost_key = key;
    planned->guess_s = guess_s;
    planned->guess_bytes = guess_bytes;
    planned->seconds = START_S + corrected(guess_s, ratio->seconds);
    planned->memory_bytes = corrected(guess_bytes, ratio->memory);
}

/* x264's frame threads follow one another 40 lines apart: 16 and a motion vector of 24 (its
 * developers' figures: 27 threads at 1080 lines, 8 at 304). Sound is made by one thread. */
static int threads_most(const struct draft *draft, double height)
{
    enum { LINES_APART = 40 };
    const struct written *written = draft->written;
    const struct codec *picture = picture_codec(draft);
    if (written->image || (written->copies_video && !draft->again))
        return 0;
    if (!picture)
        return 1;
    bool frame_threads = strcmp(picture->name, "h264") == 0 && height > 0;
    return frame_threads ? (int)ceil(height / LINES_APART) : 0;
}

static int size_class(double height)
{
    static const int classes[] = {480, 720, 1080, 2160};
    for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
        if (height <= classes[i])
            return classes[i];
    return 4320;
}

static const char *codec_name(const struct written *written)
{
    const struct codec *codec = written->image   ? written->image
                                : written->video ? written->video
                                                 : written->audio;
    return codec && !written->copies_video ? codec->name : "copy";
}

static double frames_held(const struct draft *draft, int cores)
{
    const struct codec *picture = picture_codec(draft);
    bool lookahead = picture && !isnan(picture->crf_default);
    return draft->written->image ? 3 : lookahead ? FRAMES_HELD + FRAMES_PER_CORE * cores : cores;
}

static bool decodes_picture(const struct work *work)
{
    for (guint d = 0; d < work->drafts->len; d++)
        if (picture_codec(&g_array_index(work->drafts, struct draft, d)))
            return true;
    return false;
}

struct sum {
    GString *key;
    double seconds;
    int threads; /* that its outputs keep busy together */
    bool any_threads;
};

static void add_output(const struct draft *draft, const struct shape *shared,
                       const struct facts *facts, struct sum *sum)
{
    struct shape s = flow(draft->calls, *shared, facts);
    s.picture_steps -= shared->picture_steps;
    draft->to->bytes = output_bytes(draft->written, &s, facts);
    if (draft->to->files)
        draft->to->bytes *= 2; /* until the folder is made, the bundle is there as well */
    sum->seconds += encode_seconds(draft, &s, facts);
    g_string_append_printf(sum->key, " %s%s", draft->again ? "smart " : "",
                           codec_name(draft->written));
    if (picture_codec(draft))
        g_string_append_printf(sum->key, " %d", size_class(s.height));
    int threads = threads_most(draft, s.height);
    sum->threads += threads;
    sum->any_threads |= threads == 0;
}

/* The file that a draft is made from. */
static struct shape source_shape(const struct group *group, const struct draft *source,
                                 const struct facts *facts)
{
    if (!source)
        return shape_of(facts);
    const struct draft *before = draft_source(group, source);
    struct shape s = source_shape(group, before, facts);
    s = flow(source->calls, before ? s : flow(group->shared, s, facts), facts);
    s.picture_steps = 0;
    return s;
}

static const struct facts *facts_of(const struct builder *b, const struct work *work)
{
    return group_facts(b->plan, work->group);
}

static const char *source_codec(const struct work *work, const struct facts *facts)
{
    const char *codec = facts->codec ? facts->codec : facts->audio_codec;
    return work->source ? codec_name(work->source->written) : codec ? codec : "unknown";
}

/* What an output of the work is made of, and how it comes out. */
static struct shape written_shape(const struct builder *b, const struct work *work,
                                  const struct draft *draft)
{
    const struct facts *facts = facts_of(b, work);
    struct shape source = source_shape(work->group, work->source, facts);
    return flow(draft->calls, flow(work->shared, source, facts), facts);
}

double cost_duration_s(const struct builder *b, const struct work *work)
{
    return source_shape(work->group, work->source, facts_of(b, work)).duration_s;
}

/* Of a pixel of camera raw: LibRaw's sensel, and four components of 16 bits. */
enum { RAW_BYTES = 10 };

static bool is_raw(const struct facts *facts)
{
    const struct trust_row *row = trust_find(facts->container);
    return row && row->trust == TRUST_RAW;
}

/* Whether a JPEG is resized as its rows come, and nowhere whole (steps/resize/image.c); rows that
 * wait meanwhile for each size. */
enum { ROWS_WAITING = 256 };

static bool comes_in_sizes(const struct work *work, const struct facts *facts)
{
    if (g_strcmp0(facts->container, "jpeg") != 0 || still_bands(facts) == 4)
        return false;
    for (guint d = 0; d < work->drafts->len; d++) {
        const GPtrArray *own = g_array_index(work->drafts, struct draft, d).calls;
        const GPtrArray *calls = work->shared->len ? work->shared : own;
        const struct call *first = calls->len ? calls->pdata[0] : NULL;
        if (!first || strcmp(first->step->name, "resize") != 0 ||
            g_strcmp0(node_get_text(first->params, "light"), "linear") == 0)
            return false;
    }
    return true;
}

/* What readers hold besides the decoded picture, in bytes a pixel: measured as the worker's peak at
 * 3 and 24 million pixels, PNG's and 8-bit TIFF's being what it is without (libvips 8.14.1, libheif
 * 1.15.1, libwebp 1.2.4: 24 million pixels to a JPEG 400 wide are 316 MB of AVIF, 358 of HEIC, 290
 * of WebP). */
static const struct {
    const char *container;
    int bytes;
} readers[] = {{"avif", 8}, {"heif", 9}, {"webp", 6}};

static int reader_bytes(const struct facts *facts)
{
    if (is_raw(facts))
        return RAW_BYTES;
    if (facts->progressive)
        return 2 * still_bands(facts);
    for (guint i = 0; i < G_N_ELEMENTS(readers); i++)
        if (g_strcmp0(facts->container, readers[i].container) == 0)
            return readers[i].bytes;
    return facts->bit_depth > 8 ? still_pixel_bytes(facts)
                                : 0; /* 377 MB of 16 bits, 690 of floats */
}

/* Of an animation, in bytes a pixel of each frame but the first: 40 of 1200 x 1200 are 490 MB, of
 * 2500 x 2500 1437, GIF to WebP (as above). A still is made of the first alone, and of pages. */
enum { FRAME_BYTES = 7 };

static bool takes_frames(const struct work *work)
{
    bool takes = false;
    for (guint d = 0; d < work->drafts->len; d++) {
        const struct written *written = g_array_index(work->drafts, struct draft, d).written;
        const struct still_format *format =
            written->image ? still_format_find(written->image->name, &written->encode->image)
                           : NULL;
        takes |= format && format->frames;
    }
    return takes;
}

static double further_frames_bytes(const struct work *work, const struct facts *facts,
                                   const struct shape *source)
{
    const bool animation =
        g_strcmp0(facts->container, "gif") == 0 || g_strcmp0(facts->container, "webp") == 0;
    return animation && takes_frames(work) && facts->pages > 1
               ? (facts->pages - 1.) * source->width * source->height * FRAME_BYTES
               : 0;
}

/* Else it is decoded whole, once. One that comes coarse, then fine, is held as coefficients of 16
 * bits besides (libjpeg), or as a second picture (libpng). */
static double still_bytes(const struct work *work, const struct facts *facts,
                          const struct shape *source)
{
    const int held = reader_bytes(facts);
    const double rows = comes_in_sizes(work, facts)
                            ? MIN(source->height, (double)ROWS_WAITING * work->drafts->len)
                            : source->height;
    return source->width * (rows * still_pixel_bytes(facts) + source->height * held) +
           further_frames_bytes(work, facts, source);
}

static double decoded_bytes(const struct builder *b, const struct work *work,
                            const struct shape *source)
{
    const struct facts *facts = facts_of(b, work);
    if (!decodes_picture(work))
        return 0;
    if (facts->kind == KIND_IMAGE)
        return still_bytes(work, facts, source);
    return b->plan->cores * 4 * source->width * source->height * FRAME_BYTES_PER_PIXEL;
}

static double render_bytes(const struct builder *b, const struct work *work)
{
    const struct facts *facts = facts_of(b, work);
    struct shape source = source_shape(work->group, work->source, facts);
    struct shape shared = flow(work->shared, source, facts);
    double frames = 0, seams = 0;
    for (guint d = 0; d < work->drafts->len; d++) {
        const struct draft *draft = &g_array_index(work->drafts, struct draft, d);
        struct shape s = flow(draft->calls, shared, facts);
        const double last = s.width * s.height;
        frames += frames_held(draft, b->plan->cores) *
                  (draft->written->image ? MAX(last, s.most_pixels) : last);
        seams += draft->again ? SEAMS_BYTES : 0;
    }
    return BASE_BYTES + seams + decoded_bytes(b, work, &source) + frames * FRAME_BYTES_PER_PIXEL;
}

void cost_render(struct builder *b, const struct work *work, struct plan_task *planned)
{
    const struct facts *facts = facts_of(b, work);
    struct shape source = source_shape(work->group, work->source, facts);
    struct shape shared = flow(work->shared, source, facts);
    struct sum sum = {.key = g_string_new("render ")};
    const char *codec = source_codec(work, facts);
    g_string_append_printf(sum.key, "%s %s to", kind_name(planned->task->media), codec);
    sum.seconds = source.duration_s * SOUND_S_PER_S;
    if (decodes_picture(work))
        sum.seconds += mpx_of(&source) * DECODE_S_PER_MPX +
                       shared.picture_steps * STEP_S_PER_MPX * mpx_of(&shared);
    for (guint d = 0; d < work->drafts->len; d++)
        add_output(&g_array_index(work->drafts, struct draft, d), &shared, facts, &sum);
    planned->threads_most = sum.any_threads ? 0 : sum.threads;
    settle(b, planned, g_string_free(sum.key, FALSE), sum.seconds, render_bytes(b, work));
}

void cost_verify(struct builder *b, const struct work *work, const struct draft *draft,
                 struct plan_task *planned)
{
    const struct task_output *output = planned->task->outputs->pdata[0];
    const struct shape shape = written_shape(b, work, draft);
    bool sound = output->kind == KIND_AUDIO;
    bool quick = planned->task->verify == VERIFY_QUICK;
    double full = sound ? shape.duration_s * SOUND_S_PER_S : mpx_of(&shape) * DECODE_S_PER_MPX;
    char *key = g_strdup_printf("verify %s %s%s", kind_name(output->kind),
                                codec_name(draft->written), quick ? " quick" : "");
    planned->threads_most = sound ? 1 : 0;
    settle(b, planned, key, quick ? QUICK_S : full,
           BASE_BYTES + (render_bytes(b, work) - BASE_BYTES) / 2);
}

void cost_gather(struct builder *b, struct plan_task *planned)
{
    planned->threads_most = 1;
    settle(b, planned, g_strdup("gather"), 0, BASE_BYTES);
}

/* Of a source that isn't there yet no size is known. */
static void cost_look(struct builder *b, struct plan_task *planned)
{
    const struct facts unknown = {.kind = KIND_VIDEO, .width = 1920, .height = 1080};
    const struct facts *facts = planned->task->source ? planned->task->source : &unknown;
    struct shape shape = shape_of(facts);
    shape.duration_s = planned->guess_s;
    double once = DECODE_S_PER_MPX + planned->task->outputs->len * STEP_S_PER_MPX;
    settle(b, planned, g_strdup_printf("look %s", facts->codec ? facts->codec : "unknown"),
           mpx_of(&shape) * once,
           BASE_BYTES + b->plan->cores * 4 * shape.width * shape.height * FRAME_BYTES_PER_PIXEL);
}

void cost_measure(struct builder *b, struct plan_task *planned)
{
    const struct task_output *meter = planned->task->outputs->pdata[0];
    if (meter->kind == KIND_VIDEO) {
        cost_look(b, planned);
        return;
    }
    double guess = planned->guess_s * SOUND_S_PER_S * (1 + planned->task->outputs->len);
    planned->threads_most = 1;
    settle(b, planned, g_strdup_printf("measure %s", kind_name(planned->task->media)), guess,
           BASE_BYTES);
}
