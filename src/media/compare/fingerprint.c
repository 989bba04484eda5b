/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fingerprints. */
#include "media/fingerprint.h"

#include "../still/private.h"
#include "drift.h"
#include "media/frame.h"
#include "media/meter.h"
#include "media/probe.h"
#include "media/still_file.h"
#include "private.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

enum { MOMENT_WIDE = 64, MOMENT_HIGH = 36 };

struct moment_kept {
    int64_t number;
    uint8_t rgb[3 * MOMENT_WIDE * MOMENT_HIGH];
};

/* Every `stride`th frame; where there are too many every second of them goes. */
struct strip {
    struct moment_kept *moments[GOLDEN_MOMENTS];
    int count, width, height;
    int64_t stride;
};

/* A track of sound, and the second of it that is heard. */
struct listening {
    struct golden_track *track; /* the golden's */
    int stream;
    hash_state **channels; /* a channel each */
    int channel_count, rate;
    int64_t heard; /* samples */
    double squares;
};

struct taking {
    const struct fingerprint *how;
    struct golden *golden;
    struct source *source;
    struct strip strip;
    GPtrArray *listening; /* struct listening, of each track in the golden's order */
    bool drifted;         /* a frame isn't the old golden's; */
    struct drift *drift;  /* then where it is drawn, or NULL: */
    struct failure blind; /* why the old golden's strip can't be read */
};

/* --- pictures --- */

static void thin_out(struct strip *strip)
{
    int kept = 0;
    strip->stride *= 2;
    for (int i = 0; i < strip->count; i++) {
        if (strip->moments[i]->number % strip->stride)
            g_free(strip->moments[i]);
        else
            strip->moments[kept++] = strip->moments[i];
    }
    strip->count = kept;
}

static void keep_moment(struct strip *strip, const AVFrame *frame, int64_t number)
{
    if (number % strip->stride)
        return;
    if (strip->count == GOLDEN_MOMENTS)
        thin_out(strip);
    if (number % strip->stride)
        return;
    if (!strip->width) {
        const double scale =
            fmin(1, fmin((double)MOMENT_WIDE / frame->width, (double)MOMENT_HIGH / frame->height));
        strip->width = MAX(1, (int)(frame->width * scale));
        strip->height = MAX(1, (int)(frame->height * scale));
    }
    double cells[3 * MOMENT_WIDE * MOMENT_HIGH];
    struct moment_kept *moment = g_new(struct moment_kept, 1);
    moment->number = number;
    frame_cells(frame, strip->width, strip->height, cells);
    for (int i = 0; i < 3 * strip->width * strip->height; i++)
        moment->rgb[i] = pixel_code(cells[i]);
    strip->moments[strip->count++] = moment;
}

static bool draw_strip(const struct strip *strip, int fd, struct failure *failure)
{
    const size_t row = 3 * (size_t)strip->width;
    g_autofree uint8_t *rows = g_new(uint8_t, row * (size_t)strip->count * (size_t)strip->height);
    for (int y = 0; y < strip->height; y++)
        for (int i = 0; i < strip->count; i++)
            memcpy(rows + ((size_t)y * (size_t)strip->count + (size_t)i) * row,
                   strip->moments[i]->rgb + (size_t)y * row, row);
    return still_write_rgb(rows, strip->width * strip->count, strip->height, fd, failure);
}

static void hash_frame(const AVFrame *frame, char hash[HASH_TEXT_SIZE])
{
    g_autoptr(hash_state) state = hash_create();
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    struct components form;
    if (components_of(frame, &form)) {
        g_autofree uint16_t *row = g_new(uint16_t, (gsize)frame->width);
        for (int c = 0; c < form.count; c++)
            for (int y = 0; y < form.height[c]; y++) {
                component_row(frame, c, y, row);
                hash_update(state, row, sizeof *row * (gsize)form.width[c]);
            }
    } else {
        for (int plane = 0; plane < av_pix_fmt_count_planes(frame->format); plane++) {
            const int bytes = av_image_get_linesize(frame->format, frame->width, plane);
            const int shift = plane == 1 || plane == 2 ? format->log2_chroma_h : 0;
            for (int y = 0; y < AV_CEIL_RSHIFT(frame->height, shift); y++)
                hash_update(state, frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane],
                            (gsize)bytes);
        }
    }
    hash_finish(state, hash);
}

static bool can_draw(const struct fingerprint *how)
{
    return how->old && how->old_strip_fd >= 0 && how->drift_fd >= 0;
}

static void hold_to_old(struct taking *taking, const AVFrame *frame,
                        const struct golden_frame *seen)
{
    const struct golden *old = taking->how->old;
    const guint number = taking->golden->frames->len;
    if (!can_draw(taking->how) || number >= old->frames->len)
        return;
    if (!taking->drifted &&
        golden_frame_differs(&g_array_index(old->frames, struct golden_frame, number), seen,
                             taking->how->loose)) {
        taking->drifted = true;
        taking->drift = drift_create(old, taking->how->old_strip_fd, &taking->blind);
    }
    if (taking->drift)
        drift_take(taking->drift, frame, seen, number);
}

/* `hash` is of the picture where the frame isn't as exact as that is; else NULL. */
static void take_frame(struct taking *taking, const AVFrame *frame, double time_s, const char *hash)
{
    struct golden *golden = taking->golden;
    struct golden_frame seen = {.time_s = time_s};
    double cells[GOLDEN_CELLS];
    if (!golden->picture)
        golden->picture = g_strdup_printf("%dx%d %s", frame->width, frame->height,
                                          av_get_pix_fmt_name(frame->format));
    if (hash)
        g_strlcpy(seen.hash, hash, sizeof seen.hash);
    else
        hash_frame(frame, seen.hash);
    frame_cells(frame, GOLDEN_COLUMNS, GOLDEN_ROWS, cells);
    for (int i = 0; i < GOLDEN_CELLS; i++)
        seen.cells[i] = pixel_code(cells[i]);
    hold_to_old(taking, frame, &seen);
    keep_moment(&taking->strip, frame, golden->frames->len);
    g_array_append_val(golden->frames, seen);
}

static bool draw_drift(const struct taking *taking, const struct facts *facts,
                       struct failure *failure)
{
    bool drawn;
    g_autofree char *text = NULL;
    if (!taking->drifted)
        return true;
    if (!taking->drift) {
        text = g_strdup_printf("none: the golden's strip, the .png beside it, can't be read: %s",
                               taking->blind.message);
        g_ptr_array_add(taking->how->checks,
                        check_make("pictures", "a difference that can be drawn", text, true));
        return true;
    }
    if (!drift_draw(taking->drift, facts, taking->how->drift_fd, &drawn, &text, failure))
        return false;
    g_ptr_array_add(taking->how->checks,
                    drawn ? check_make("pictures", text, "drawn", true)
                          : check_make("pictures", "a difference that can be drawn", text, true));
    return true;
}

/* --- sound --- */

static void end_second(struct listening *to)
{
    struct golden_second second;
    g_autoptr(hash_state) all = hash_create();
    for (int c = 0; c < to->channel_count; c++) {
        hash_finish(to->channels[c], second.hash);
        hash_text(all, second.hash);
        hash_destroy(to->channels[c]);
        to->channels[c] = hash_create();
    }
    hash_finish(all, second.hash);
    const double power = to->squares / (double)(to->heard * to->channel_count);
    second.rms_dbfs = power > 0 ? fmax(10 * log10(power), GOLDEN_SILENT_DBFS) : GOLDEN_SILENT_DBFS;
    g_array_append_val(to->track->seconds, second);
    to->heard = 0;
    to->squares = 0;
}

/* Full scale is 1. */
static double sample_value(enum AVSampleFormat format, const uint8_t *at)
{
    switch (format) {
    case AV_SAMPLE_FMT_U8:
        return (*at - 128) / 128.0;
    case AV_SAMPLE_FMT_S16:
        return *(const int16_t *)(const void *)at * 0x1p-15;
    case AV_SAMPLE_FMT_S32:
        return *(const int32_t *)(const void *)at * 0x1p-31;
    case AV_SAMPLE_FMT_FLT:
        return *(const float *)(const void *)at;
    case AV_SAMPLE_FMT_DBL:
        return *(const double *)(const void *)at;
    default:
        return 0;
    }
}

static void begin_sound(struct listening *to, const AVFrame *frame, double time_s)
{
    to->rate = frame->sample_rate;
    to->channel_count = frame->ch_layout.nb_channels;
    to->channels = g_new0(hash_state *, (gsize)to->channel_count);
    for (int c = 0; c < to->channel_count; c++)
        to->channels[c] = hash_create();
    g_free(to->track->sound);
    to->track->sound = g_strdup_printf("%d Hz, %d channels", to->rate, to->channel_count);
    to->track->start_s = time_s;
}

/* Cut into seconds, however the frames are. */
static void take_sound(struct listening *to, const AVFrame *frame)
{
    const enum AVSampleFormat packed = av_get_packed_sample_fmt(frame->format);
    const int bytes = av_get_bytes_per_sample(frame->format);
    const int channels = MIN(to->channel_count, frame->ch_layout.nb_channels);
    const bool planar = av_sample_fmt_is_planar(frame->format);
    const int step = planar ? bytes : bytes * frame->ch_layout.nb_channels;
    for (int i = 0; i < frame->nb_samples; i++) {
        for (int c = 0; c < channels; c++) {
            const uint8_t *at = planar ? frame->extended_data[c] + (ptrdiff_t)i * step
                                       : frame->data[0] + (ptrdiff_t)i * step + c * bytes;
            const double value = sample_value(packed, at);
            to->squares += value * value;
            hash_update(to->channels[c], at, (gsize)bytes);
        }
        if (++to->heard == to->rate)
            end_second(to);
    }
}

static void listening_free(void *data)
{
    struct listening *to = data;
    for (int c = 0; c < to->channel_count; c++)
        hash_destroy(to->channels[c]);
    g_free(to->channels);
    g_free(to);
}

/* --- all of it --- */

static bool listen_to(struct taking *taking, int stream, struct failure *failure)
{
    struct listening *to = g_new0(struct listening, 1);
    to->stream = stream;
    to->track = golden_add_track(taking->golden, "nothing of it can be decoded");
    g_ptr_array_add(taking->listening, to);
    return source_use(taking->source, stream, SOURCE_DECODE, failure);
}

/* The default track is the first of a golden, then all others in the order of the file. */
static bool use_streams(struct taking *taking, struct failure *failure)
{
    struct source *source = taking->source;
    const int picture = source_picture(source), sound = source_sound(source);
    if (picture >= 0 && !source_use(source, picture, SOURCE_DECODE, failure))
        return false;
    if (sound >= 0 && !listen_to(taking, sound, failure))
        return false;
    for (int i = 0; i < source_streams(source); i++)
        if (i != sound && source_stream(source, i)->type == AVMEDIA_TYPE_AUDIO &&
            !listen_to(taking, i, failure))
            return false;
    return true;
}

static bool take_item(void *ear, const struct source_item *item, struct failure *failure)
{
    struct taking *taking = ear;
    if (item->stream == source_picture(taking->source))
        take_frame(taking, item->frame, item->time_s, NULL);
    for (guint i = 0; i < taking->listening->len; i++) {
        struct listening *to = taking->listening->pdata[i];
        if (to->stream != item->stream)
            continue;
        if (!to->rate)
            begin_sound(to, item->frame, item->time_s);
        take_sound(to, item->frame);
    }
    return true;
}

static bool decode(struct taking *taking, struct failure *failure)
{
    const struct fingerprint *how = taking->how;
    struct source_item item;
    enum source_got got;
    while ((got = source_next(taking->source, &item, failure)) <= SOURCE_PACKET) {
        if (got == SOURCE_FRAME && !take_item(taking, &item, failure))
            return false;
        how->progress(how->data, source_progress(taking->source), taking->golden->frames->len);
    }
    return got == SOURCE_END;
}

static bool measure(struct taking *taking, struct failure *failure)
{
    const struct fingerprint *how = taking->how;
    struct source_health health;
    const struct measure_opts opts = {.threads = how->threads,
                                      .loudness = true,
                                      .picture = true,
                                      .tracks = true,
                                      .tap = take_item,
                                      .ear = taking,
                                      .progress = how->progress,
                                      .data = how->data};
    return measure_source(taking->source, &opts, how->measure, &health, failure);
}

static bool take_film(struct taking *taking, struct failure *failure)
{
    const struct fingerprint *how = taking->how;
    const int threads = how->measure ? measure_threads(how->threads) : how->threads;
    g_auto(source_ptr) source =
        source_open(how->fd, &(struct source_opts){.threads = threads}, failure);
    struct source_health health;
    g_autofree char *sentence = NULL;
    taking->source = source;
    if (!source || !use_streams(taking, failure) ||
        !(how->measure ? measure : decode)(taking, failure))
        return false;
    for (guint i = 0; i < taking->listening->len; i++)
        if (((const struct listening *)taking->listening->pdata[i])->heard)
            end_second(taking->listening->pdata[i]);
    source_health(source, &health);
    return !source_damaged(&health, &sentence) || fail(failure, FAIL_INPUT_DAMAGED, "%s", sentence);
}

/* Float as it is, before it is 16 bits of sRGB for all else; of NaNs and of zeros one. */
static bool hash_floats(VipsImage *page, char hash[HASH_TEXT_SIZE])
{
    size_t size;
    g_autofree float *floats = vips_image_write_to_memory(page, &size);
    g_autoptr(hash_state) state = hash_create();
    for (size_t i = 0; floats && i < size / sizeof *floats; i++)
        floats[i] = isnan(floats[i]) ? NAN : floats[i] + 0;
    if (floats)
        hash_update(state, floats, size);
    hash_finish(state, hash);
    return floats != NULL;
}

static bool take_still(struct taking *taking, struct failure *failure)
{
    const struct still_opts opts = {.animated = true, .threads = taking->how->threads};
    g_auto(still_ptr) still = still_open(taking->how->fd, &opts, failure);
    for (int i = 0; still && i < still_frames(still); i++) {
        VipsImage *page = still->pages->pdata[i];
        char hash[HASH_TEXT_SIZE];
        const bool exact = page->BandFmt == VIPS_FORMAT_FLOAT && hash_floats(page, hash);
        AVFrame *frame = still_frame(still, i, still_shape(still).depth == 8 ? 8 : 16, failure);
        if (!frame)
            return false;
        take_frame(taking, frame, 0, exact ? hash : NULL);
        av_frame_free(&frame);
    }
    struct facts *facts = taking->how->measure;
    return still &&
           (!facts || (facts->measured = media_read_still(taking->how->fd, facts, failure)));
}

bool fingerprint_take(const struct fingerprint *fingerprint, struct golden *golden,
                      struct failure *failure)
{
    g_autoptr(GPtrArray) listening = g_ptr_array_new_with_free_func(listening_free);
    struct taking taking = {
        .how = fingerprint, .golden = golden, .strip = {.stride = 1}, .listening = listening};
    g_auto(facts_ptr) own = facts_create();
    struct facts *facts = fingerprint->measure ? fingerprint->measure : own;
    bool taken = media_probe(fingerprint->fd, NULL, facts, failure) &&
                 (facts->kind == KIND_IMAGE ? take_still : take_film)(&taking, failure);
    if (taken && fingerprint->strip_fd >= 0 && taking.strip.count)
        taken = draw_strip(&taking.strip, fingerprint->strip_fd, failure);
    if (taken)
        taken = draw_drift(&taking, facts, failure);
    for (int i = 0; i < taking.strip.count; i++)
        g_free(taking.strip.moments[i]);
    drift_destroy(taking.drift);
    failure_clear(&taking.blind);
    return taken;
}
