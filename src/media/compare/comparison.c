/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two films, picture by picture. */
#include "private.h"

#include "media/frame.h"
#include "media/meter.h"
#include "media/probe.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

bool blame(struct failure *failure, const char *which)
{
    g_autofree char *why = g_strdup(failure->message);
    const enum failure_class class = failure->class;
    failure_clear(failure);
    return fail(failure, class, "%s%s", which, why);
}

struct reels {
    const struct comparison *how;
    struct reel reference, made;
    enum source_got got; /* of the reference, last */
    struct slices *slices;
    struct alike *alike;
    struct glance *glance;
    GPtrArray *unlike;
    GArray *psnr, *ssim, *ms_ssim; /* double, of each picture */
    double psnr_uv[2], ssim_uv[2]; /* sums */
    AVFrame *worst[2];
    double first_s, worst_s;
};

/* Of what is compared in another form: byte by byte as decoded. */
static bool same_bytes(const AVFrame *a, const AVFrame *b)
{
    if (a->format != b->format)
        return false;
    for (int plane = 0; plane < av_pix_fmt_count_planes(a->format); plane++) {
        const int bytes = av_image_get_linesize(a->format, a->width, plane);
        const int shift =
            plane == 1 || plane == 2 ? av_pix_fmt_desc_get(a->format)->log2_chroma_h : 0;
        for (int y = 0; y < AV_CEIL_RSHIFT(a->height, shift); y++)
            if (memcmp(a->data[plane] + (ptrdiff_t)y * a->linesize[plane],
                       b->data[plane] + (ptrdiff_t)y * b->linesize[plane], (size_t)bytes) != 0)
                return false;
    }
    return true;
}

static bool is_same(const struct reels *reels, const struct pair *pair)
{
    return reels->reference.chain || reels->made.chain
               ? same_bytes(reels->reference.decoded, reels->made.decoded)
               : pair->same;
}

static void keep_worst(struct reels *reels, const struct pair *pair)
{
    struct alike *alike = reels->alike;
    const bool first = reels->ssim->len == 1;
    if (!first && pair->ssim[0] >= alike->ssim_worst)
        return;
    alike->ssim_worst = pair->ssim[0];
    alike->worst_frame = reels->reference.count - 1;
    reels->worst_s = reels->made.time_s;
    const AVFrame *both[] = {reels->reference.frame, reels->made.frame};
    for (int i = 0; i < 2; i++) {
        av_frame_free(&reels->worst[i]);
        reels->worst[i] = frame_copy(both[i]);
    }
}

static bool compare_pictures(struct reels *reels, struct failure *failure)
{
    struct alike *alike = reels->alike;
    struct components a, b;
    struct pair pair;
    if (!components_of(reels->reference.frame, &a) || !components_of(reels->made.frame, &b))
        return fail(failure, FAIL_UNSUPPORTED, "pictures of this format can't be compared");
    if (!components_match(&a, &b))
        return fail(failure, FAIL_UNSUPPORTED,
                    "the picture changes its form at picture %" G_GINT64_FORMAT,
                    reels->reference.count - 1);
    pair_compare(reels->reference.frame, reels->made.frame, reels->slices, &pair);
    g_array_append_val(reels->psnr, pair.psnr_db[0]);
    g_array_append_val(reels->ssim, pair.ssim[0]);
    g_array_append_val(reels->ms_ssim, pair.ms_ssim);
    for (int c = 0; c < 2; c++) {
        reels->psnr_uv[c] += pair.psnr_db[1 + c];
        reels->ssim_uv[c] += pair.ssim[1 + c];
    }
    if (!is_same(reels, &pair) && alike->different_frame < 0)
        alike->different_frame = reels->reference.count - 1;
    alike->max_difference = fmax(alike->max_difference, pair.max_difference);
    alike->changed_share += pair.changed_share;
    keep_worst(reels, &pair);
    return true;
}

static bool take_picture(struct reels *reels, const struct source_item *item,
                         struct failure *failure)
{
    if (!reel_take(&reels->made, item, failure))
        return false;
    if (reels->made.count == 1)
        reels->first_s = item->time_s;
    if (reels->got == SOURCE_FRAME)
        reels->got = reel_next(&reels->reference, failure);
    if (reels->got == SOURCE_FAILED)
        return blame(failure, OF_REFERENCE);
    return reels->got != SOURCE_FRAME || compare_pictures(reels, failure);
}

/* What the reference has besides is counted. */
static bool end_pictures(struct reels *reels, struct failure *failure)
{
    while (reels->got == SOURCE_FRAME)
        reels->got = reel_next(&reels->reference, failure);
    return reels->got == SOURCE_END || blame(failure, OF_REFERENCE);
}

static int by_value(const void *a, const void *b)
{
    const double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

/* The mean, the 1st percentile (nearest rank) and the least. */
static void tell(GArray *values, double *mean, double *low, double *worst)
{
    double sum = 0;
    for (guint i = 0; i < values->len; i++)
        sum += g_array_index(values, double, i);
    *mean = sum / values->len;
    g_array_sort(values, by_value);
    *low = isnan(sum) ? NAN : g_array_index(values, double, (values->len + 99) / 100 - 1);
    *worst = isnan(sum) ? NAN : g_array_index(values, double, 0);
}

/* Of the pictures that share a column the worst. */
static void draw_ssim(const struct reels *reels, struct curve *curve)
{
    const guint count = reels->ssim->len, columns = MIN(count, GLANCE_COLUMNS);
    const double apart_s =
        count > 1 ? (reels->made.time_s - reels->first_s) / (double)(reels->made.count - 1) : 1;
    curve->from_s = reels->first_s;
    curve->step_s = apart_s * count / columns;
    for (guint i = 0; i < columns; i++) {
        double least = 1;
        for (guint k = i * count / columns; k < (i + 1) * count / columns; k++)
            least = fmin(least, g_array_index(reels->ssim, double, k));
        curve_add(curve, (int)lround(1000 * least));
    }
}

static void conclude(struct reels *reels)
{
    struct alike *alike = reels->alike;
    const double count = reels->psnr->len;
    draw_ssim(reels, &reels->glance->ssim);
    tell(reels->psnr, &alike->psnr_db, &alike->psnr_low_db, &alike->psnr_worst_db);
    tell(reels->ssim, &alike->ssim, &alike->ssim_low, &alike->ssim_worst);
    tell(reels->ms_ssim, &alike->ms_ssim, &alike->ms_ssim_low, &alike->ms_ssim_worst);
    alike->psnr_u_db = reels->psnr_uv[0] / count;
    alike->psnr_v_db = reels->psnr_uv[1] / count;
    alike->ssim_u = reels->ssim_uv[0] / count;
    alike->ssim_v = reels->ssim_uv[1] / count;
    alike->changed_share /= count;
    alike->worst_timecode = g_strdup_printf("%.3f s", reels->worst_s);
    const bool whole = reels->made.count == reels->reference.count;
    alike->frame_hashes = g_strdup(whole && alike->different_frame < 0 ? "equal" : "different");
}

/* --- the two files --- */

bool is_whole(const struct source *source, const char *which, struct failure *failure)
{
    struct source_health health;
    g_autofree char *sentence = NULL;
    source_health(source, &health);
    return !source_damaged(&health, &sentence) ||
           fail(failure, FAIL_INPUT_DAMAGED, "%s%s", which, sentence);
}

/* Whether pictures can be held to one another, by the headers. */
static bool picture_fits(struct source *reference, struct source *made, GPtrArray *unlike)
{
    const int a = source_picture(reference), b = source_picture(made);
    if (a < 0 || b < 0) {
        if (a >= 0 || b >= 0)
            say_unlike(unlike, NULL, "%s",
                       a < 0 ? "it has a picture, the reference has none"
                             : "it has no picture, the reference has one");
        return false;
    }
    struct video_shape was, is;
    source_video_shape(reference, a, &was, NULL);
    source_video_shape(made, b, &is, NULL);
    say_meaning(&was, &is, unlike);
    if (was.width == is.width && was.height == is.height &&
        source_stream(reference, a)->rotation == source_stream(made, b)->rotation)
        return true;
    say_unlike(unlike, NULL,
               "its picture is %dx%d turned by %d degrees, the reference's %dx%d by %d", is.width,
               is.height, source_stream(made, b)->rotation, was.width, was.height,
               source_stream(reference, a)->rotation);
    return false;
}

static struct source *open_for(int fd, int threads, const char *which, struct failure *failure)
{
    struct source *source = source_open(fd, &(struct source_opts){.threads = threads}, failure);
    if (!source)
        blame(failure, which);
    return source;
}

static void reels_destroy(struct reels *reels)
{
    if (!reels)
        return;
    reel_close(&reels->reference);
    reel_close(&reels->made);
    source_close(reels->reference.source);
    slices_destroy(reels->slices);
    g_array_unref(reels->psnr);
    g_array_unref(reels->ssim);
    g_array_unref(reels->ms_ssim);
    av_frame_free(&reels->worst[0]);
    av_frame_free(&reels->worst[1]);
    g_free(reels);
}

static bool conclude_films(struct reels *reels, struct failure *failure)
{
    if (!end_pictures(reels, failure) || !is_whole(reels->reference.source, OF_REFERENCE, failure))
        return false;
    if (!reels->psnr->len)
        return fail(failure, FAIL_INPUT_DAMAGED, "%snothing of the picture can be decoded",
                    reels->reference.count || !reels->made.count ? "" : OF_REFERENCE);
    conclude(reels);
    if (reels->made.count != reels->reference.count)
        say_unlike(reels->unlike, NULL,
                   "it has %" G_GINT64_FORMAT " pictures, the reference %" G_GINT64_FORMAT,
                   reels->made.count, reels->reference.count);
    return reels->how->strip_fd < 0 || !reels->worst[0] ||
           pair_draw(reels->worst[0], reels->worst[1], reels->how->strip_fd, failure);
}

/* --- a film beside a film --- */

/* The file is decoded once, and the reference along with it, from a source for each stream. */
struct film {
    const struct comparison *how;
    struct source *made;
    struct reels *reels; /* NULL: their pictures can't be compared */
    GPtrArray *hearings; /* struct hearing, of each track that both have */
    struct facts *facts;
    struct glance *glance;
    GPtrArray *unlike;
};

/* NULL with `failure`, or where they can't be compared. */
static struct reels *reels_open(const struct film *film, struct failure *failure)
{
    const struct comparison *how = film->how;
    struct source *reference = open_for(how->reference_fd, how->threads, OF_REFERENCE, failure);
    if (!reference)
        return NULL;
    if (!picture_fits(reference, film->made, film->unlike)) {
        source_close(reference);
        return NULL;
    }
    struct reels *reels = g_new0(struct reels, 1);
    *reels = (struct reels){
        .how = how,
        .reference = {.source = reference, .decoded = frame_new(), .frame = frame_new()},
        .made = {.source = film->made, .decoded = frame_new(), .frame = frame_new()},
        .got = SOURCE_FRAME,
        .slices = slices_create(how->threads),
        .alike = &film->facts->alike,
        .glance = film->glance,
        .unlike = film->unlike,
        .psnr = g_array_new(FALSE, FALSE, sizeof(double)),
        .ssim = g_array_new(FALSE, FALSE, sizeof(double)),
        .ms_ssim = g_array_new(FALSE, FALSE, sizeof(double)),
    };
    reels->alike->max_difference = reels->alike->changed_share = 0;
    if (source_use(reference, source_picture(reference), SOURCE_DECODE, failure) &&
        source_use(film->made, source_picture(film->made), SOURCE_DECODE, failure) &&
        reels_match(&reels->reference, &reels->made, failure))
        return reels;
    reels_destroy(reels);
    return NULL;
}

/* The sound, and after it the others in the order of the file; -1: there aren't so many. */
static int sound_track(const struct source *source, int number)
{
    const int first = source_sound(source);
    for (int i = 0; number && i < source_streams(source); i++)
        if (i != first && source_stream(source, i)->type == AVMEDIA_TYPE_AUDIO && --number == 0)
            return i;
    return number ? -1 : first;
}

static double farther(double a, double b)
{
    return isnan(a) || fabs(b) > fabs(a) ? b : a;
}

/* A figure of all tracks so far, and when it is in the one at hand, which is taken over. */
static void take_moment(double *worst, char **worst_at, double now, char *at)
{
    if (now == *worst || isnan(now)) {
        g_free(at);
        return;
    }
    *worst = now;
    g_free(*worst_at);
    *worst_at = at;
}

/* "1.250 s, FR of sound 2" */
static char *of_track(char *at, int number)
{
    char *text = at && number > 1 ? g_strdup_printf("%s of sound %d", at, number) : g_strdup(at);
    g_free(at);
    return text;
}

/* Of all tracks the worst; takes the texts over. */
static void take_heard(const struct alike *one, int number, struct alike *alike)
{
    alike->null_rms_dbfs = fmax(alike->null_rms_dbfs, one->null_rms_dbfs);
    alike->audio_offset_s = farther(alike->audio_offset_s, one->audio_offset_s);
    alike->audio_correlation = fmin(alike->audio_correlation, one->audio_correlation);
    alike->audio_level_db = farther(alike->audio_level_db, one->audio_level_db);
    const double correlation = fmin(alike->audio_correlation_worst, one->audio_correlation_worst);
    const double level = farther(alike->audio_level_worst_db, one->audio_level_worst_db);
    const double brief = farther(alike->audio_level_brief_db, one->audio_level_brief_db);
    const double band = farther(alike->audio_level_band_db, one->audio_level_band_db);
    const double click = fmax(alike->audio_click_db, one->audio_click_db);
    take_moment(&alike->audio_correlation_worst, &alike->audio_correlation_at, correlation,
                of_track(one->audio_correlation_at, number));
    take_moment(&alike->audio_level_worst_db, &alike->audio_level_at, level,
                of_track(one->audio_level_at, number));
    take_moment(&alike->audio_level_brief_db, &alike->audio_brief_at, brief,
                of_track(one->audio_brief_at, number));
    take_moment(&alike->audio_level_band_db, &alike->audio_band_at, band,
                of_track(one->audio_band_at, number));
    take_moment(&alike->audio_click_db, &alike->audio_click_at, click,
                of_track(one->audio_click_at, number));
}

static void say_tracks(int number, int of_reference, GPtrArray *unlike)
{
    if (number)
        say_unlike(unlike, "audio_tracks", "%s has more sound tracks than the %d of %s",
                   of_reference < 0 ? "it" : "the reference", number,
                   of_reference < 0 ? "the reference" : "it");
    else
        say_unlike(unlike, "audio_tracks", "%s",
                   of_reference < 0 ? "it has sound, the reference has none"
                                    : "it has no sound, the reference has some");
}

/* *both: there may be another. */
static bool open_track(struct film *film, int number, bool *both, struct failure *failure)
{
    const struct comparison *how = film->how;
    struct source *reference = open_for(how->reference_fd, 1, OF_REFERENCE, failure);
    if (!reference)
        return false;
    const int a = sound_track(reference, number), b = sound_track(film->made, number);
    *both = a >= 0 && b >= 0;
    if (!*both) {
        if (a >= 0 || b >= 0)
            say_tracks(number, a, film->unlike);
        source_close(reference);
        return true;
    }
    struct hearing *hearing =
        hearing_create(reference, a, source_stream(film->made, b), film->unlike, failure);
    if (!hearing)
        return false;
    g_ptr_array_add(film->hearings, hearing);
    return source_use(film->made, b, SOURCE_DECODE, failure);
}

static bool open_tracks(struct film *film, struct failure *failure)
{
    bool both = true;
    for (int i = 0; both; i++)
        if (!open_track(film, i, &both, failure))
            return false;
    return true;
}

static bool hear(void *ear, const struct source_item *item, struct failure *failure)
{
    struct film *film = ear;
    if (item->stream == source_picture(film->made))
        return !film->reels || take_picture(film->reels, item, failure);
    for (guint i = 0; i < film->hearings->len; i++)
        if (item->stream == sound_track(film->made, (int)i))
            return hearing_take(film->hearings->pdata[i], item->frame, item->time_s, failure);
    return true;
}

static bool decode(struct film *film, struct failure *failure)
{
    const struct comparison *how = film->how;
    struct source_item item;
    enum source_got got;
    while ((got = source_next(film->made, &item, failure)) <= SOURCE_PACKET) {
        if (got == SOURCE_FRAME && !hear(film, &item, failure))
            return false;
        how->progress(how->data, source_progress(film->made),
                      film->reels ? film->reels->made.count : 0);
    }
    return got == SOURCE_END;
}

static bool measure(struct film *film, struct failure *failure)
{
    const struct comparison *how = film->how;
    struct source_health health;
    const struct measure_opts opts = {.threads = how->threads,
                                      .loudness = true,
                                      .picture = true,
                                      .tracks = film->hearings->len > 1,
                                      .tap = hear,
                                      .ear = film,
                                      .progress = how->progress,
                                      .data = how->data};
    return measure_source(film->made, &opts, film->facts, &health, failure);
}

/* A track of both by itself, from the beginning. */
static bool hear_again(const struct film *film, int number, struct alike *alike,
                       struct failure *failure)
{
    const struct comparison *how = film->how;
    struct source *reference = open_for(how->reference_fd, 1, OF_REFERENCE, failure);
    g_auto(source_ptr) made = reference ? open_for(how->fd, 1, "", failure) : NULL;
    const int stream = made ? sound_track(made, number) : -1;
    if (!made) {
        source_close(reference);
        return false;
    }
    struct hearing *hearing = hearing_create(reference, sound_track(reference, number),
                                             source_stream(made, stream), film->unlike, failure);
    struct source_item item;
    enum source_got got = SOURCE_FAILED;
    bool heard = hearing && source_use(made, stream, SOURCE_DECODE, failure);
    if (heard)
        hearing_from_here(hearing);
    while (heard && (got = source_next(made, &item, failure)) <= SOURCE_PACKET) {
        if (got == SOURCE_FRAME)
            heard = hearing_take(hearing, item.frame, item.time_s, failure);
        how->progress(how->data, source_progress(made), film->reels ? film->reels->made.count : 0);
    }
    heard = heard && got == SOURCE_END && hearing_end(hearing, alike, film->unlike, failure);
    hearing_destroy(hearing);
    return heard;
}

static bool end_track(const struct film *film, int number, struct failure *failure)
{
    struct hearing *hearing = film->hearings->pdata[number];
    struct alike one = {.null_rms_dbfs = NAN,
                        .audio_offset_s = NAN,
                        .audio_correlation = NAN,
                        .audio_level_db = NAN,
                        .audio_correlation_worst = NAN,
                        .audio_level_worst_db = NAN,
                        .audio_level_brief_db = NAN,
                        .audio_level_band_db = NAN,
                        .audio_click_db = NAN};
    if (!hearing_end(hearing, &one, film->unlike, failure) ||
        (hearing_is_late(hearing) && !hear_again(film, number, &one, failure)))
        return false;
    take_heard(&one, number + 1, &film->facts->alike);
    return true;
}

static bool end_tracks(const struct film *film, struct failure *failure)
{
    bool ended = true;
    for (guint i = 0; i < film->hearings->len && ended; i++)
        ended = end_track(film, (int)i, failure);
    return ended;
}

static bool compare_all(struct film *film, struct failure *failure)
{
    film->reels = reels_open(film, failure);
    return failure->class == FAIL_NONE && open_tracks(film, failure) &&
           (film->how->measure ? measure : decode)(film, failure) &&
           is_whole(film->made, "", failure) &&
           (!film->reels || conclude_films(film->reels, failure)) && end_tracks(film, failure);
}

static bool compare_films(const struct comparison *how, struct facts *facts, struct glance *glance,
                          GPtrArray *unlike, struct failure *failure)
{
    const int threads = how->measure ? measure_threads(how->threads) : how->threads;
    g_auto(source_ptr) made = open_for(how->fd, threads, "", failure);
    g_autoptr(GPtrArray) hearings = g_ptr_array_new_with_free_func((GDestroyNotify)hearing_destroy);
    struct film film = {how, made, NULL, hearings, facts, glance, unlike};
    const bool compared = made && compare_all(&film, failure);
    reels_destroy(film.reels);
    return compared;
}

/* --- the two files --- */

/* Which kind a file is, by its header. */
static enum kind kind_of(int fd, const char *which, struct facts *facts, struct failure *failure)
{
    if (media_probe(fd, NULL, facts, failure))
        return facts->kind;
    blame(failure, which);
    return KIND_NONE;
}

/* A reference that isn't whole is no fault of the file's, which can't be held to it. */
static bool say_reference(struct failure *failure, GPtrArray *unlike)
{
    const bool of_file = failure->class != FAIL_INPUT_DAMAGED && failure->class != FAIL_UNSUPPORTED;
    if (of_file || !g_str_has_prefix(failure->message, OF_REFERENCE))
        return false;
    g_ptr_array_add(unlike, check_make("reference", "one that can be decoded",
                                       failure->message + strlen(OF_REFERENCE), false));
    failure_clear(failure);
    return true;
}

static bool compare_of_kind(const struct comparison *how, const struct facts *reference,
                            struct facts *facts, struct glance *glance, GPtrArray *unlike,
                            struct failure *failure)
{
    if (facts->kind != KIND_IMAGE)
        return compare_films(how, facts, glance, unlike, failure);
    if (how->measure && !(facts->measured = media_read_still(how->fd, facts, failure)))
        return false;
    return compare_stills(how, reference, facts, unlike, failure);
}

static bool compare_both(const struct comparison *comparison, struct facts *facts,
                         struct glance *glance, GPtrArray *unlike, struct failure *failure)
{
    g_auto(facts_ptr) reference = facts_create();
    const enum kind kind = kind_of(comparison->fd, "", facts, failure);
    const enum kind of =
        kind ? kind_of(comparison->reference_fd, OF_REFERENCE, reference, failure) : kind;
    if (!kind || !of)
        return false;
    facts->alike.known = true;
    facts->alike.different_frame = -1;
    if (kind != KIND_IMAGE && of != KIND_IMAGE)
        say_besides(reference, facts, unlike);
    if ((kind == KIND_IMAGE) == (of == KIND_IMAGE))
        return compare_of_kind(comparison, reference, facts, glance, unlike, failure);
    say_unlike(unlike, NULL, "its kind is %s, the reference's %s", kind_name(kind), kind_name(of));
    return true;
}

bool compare_files(const struct comparison *comparison, struct facts *facts, struct glance *glance,
                   GPtrArray *unlike, struct failure *failure)
{
    if (compare_both(comparison, facts, glance, unlike, failure))
        return true;
    g_auto(facts_ptr) nothing = facts_create();
    facts_copy_alike(nothing, facts);
    return say_reference(failure, unlike);
}
