/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fingerprints. */
#include "media/fingerprint.h"

#include "comparison_private.h"
#include "media/probe.h"
#include "media/still_file.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

enum { MOMENTS = 4, MOMENT_WIDE = 64, MOMENT_HIGH = 36 };

struct moment_kept {
    int64_t number;
    uint8_t rgb[3 * MOMENT_WIDE * MOMENT_HIGH];
};

/* Every `stride`th frame; where there are too many every second of them goes. */
struct strip {
    struct moment_kept *moments[MOMENTS];
    int count, width, height;
    int64_t stride;
};

struct taking {
    const struct fingerprint *how;
    struct golden *golden;
    struct strip strip;
    hash_state **channels; /* of the second that is heard, a channel each */
    int channel_count, rate;
    int64_t heard; /* samples of it */
    double squares;
};

/* --- pictures --- */

static uint8_t code(double value)
{
    return (uint8_t)lrint(CLAMP(value, 0, 255));
}

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
    if (strip->count == MOMENTS)
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
        moment->rgb[i] = code(cells[i]);
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

static void take_frame(struct taking *taking, const AVFrame *frame, double time_s)
{
    struct golden *golden = taking->golden;
    struct golden_frame seen = {.time_s = time_s};
    double cells[GOLDEN_CELLS];
    if (!golden->picture)
        golden->picture = g_strdup_printf("%dx%d %s", frame->width, frame->height,
                                          av_get_pix_fmt_name(frame->format));
    hash_frame(frame, seen.hash);
    frame_cells(frame, GOLDEN_COLUMNS, GOLDEN_ROWS, cells);
    for (int i = 0; i < GOLDEN_CELLS; i++)
        seen.cells[i] = code(cells[i]);
    keep_moment(&taking->strip, frame, golden->frames->len);
    g_array_append_val(golden->frames, seen);
}

/* --- sound --- */

static void end_second(struct taking *taking)
{
    struct golden_second second;
    g_autoptr(hash_state) all = hash_create();
    for (int c = 0; c < taking->channel_count; c++) {
        hash_finish(taking->channels[c], second.hash);
        hash_text(all, second.hash);
        hash_destroy(taking->channels[c]);
        taking->channels[c] = hash_create();
    }
    hash_finish(all, second.hash);
    const double power = taking->squares / (double)(taking->heard * taking->channel_count);
    second.rms_dbfs = power > 0 ? fmax(10 * log10(power), GOLDEN_SILENT_DBFS) : GOLDEN_SILENT_DBFS;
    g_array_append_val(taking->golden->seconds, second);
    taking->heard = 0;
    taking->squares = 0;
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

static void begin_sound(struct taking *taking, const AVFrame *frame, double time_s)
{
    taking->golden->sound_start_s = time_s;
    taking->rate = frame->sample_rate;
    taking->channel_count = frame->ch_layout.nb_channels;
    taking->channels = g_new0(hash_state *, (gsize)taking->channel_count);
    for (int c = 0; c < taking->channel_count; c++)
        taking->channels[c] = hash_create();
    taking->golden->sound =
        g_strdup_printf("%d Hz, %d channels", taking->rate, taking->channel_count);
}

/* Cut into seconds, however the frames are. */
static void take_sound(struct taking *taking, const AVFrame *frame, double time_s)
{
    if (!taking->rate)
        begin_sound(taking, frame, time_s);
    const enum AVSampleFormat packed = av_get_packed_sample_fmt(frame->format);
    const int bytes = av_get_bytes_per_sample(frame->format);
    const int channels = MIN(taking->channel_count, frame->ch_layout.nb_channels);
    const bool planar = av_sample_fmt_is_planar(frame->format);
    const int step = planar ? bytes : bytes * frame->ch_layout.nb_channels;
    for (int i = 0; i < frame->nb_samples; i++) {
        for (int c = 0; c < channels; c++) {
            const uint8_t *at = planar ? frame->extended_data[c] + (ptrdiff_t)i * step
                                       : frame->data[0] + (ptrdiff_t)i * step + c * bytes;
            const double value = sample_value(packed, at);
            taking->squares += value * value;
            hash_update(taking->channels[c], at, (gsize)bytes);
        }
        if (++taking->heard == taking->rate)
            end_second(taking);
    }
}

static void sound_clear(struct taking *taking)
{
    for (int c = 0; c < taking->channel_count; c++)
        hash_destroy(taking->channels[c]);
    g_free(taking->channels);
}

/* --- all of it --- */

static bool use_streams(struct source *source, struct failure *failure)
{
    const int wanted[] = {source_picture(source), source_sound(source)};
    for (int i = 0; i < 2; i++)
        if (wanted[i] >= 0 && !source_use(source, wanted[i], SOURCE_DECODE, failure))
            return false;
    return true;
}

static bool take_film(struct taking *taking, struct failure *failure)
{
    const struct fingerprint *how = taking->how;
    g_auto(source_ptr) source =
        source_open(how->fd, &(struct source_opts){.threads = how->threads}, failure);
    struct source_item item;
    struct source_health health;
    enum source_got got;
    g_autofree char *sentence = NULL;
    if (!source || !use_streams(source, failure))
        return false;
    while ((got = source_next(source, &item, failure)) <= SOURCE_PACKET) {
        if (got == SOURCE_FRAME && item.stream == source_picture(source))
            take_frame(taking, item.frame, item.time_s);
        else if (got == SOURCE_FRAME)
            take_sound(taking, item.frame, item.time_s);
        how->progress(how->data, source_progress(source), taking->golden->frames->len);
    }
    if (got == SOURCE_FAILED)
        return false;
    if (taking->heard)
        end_second(taking);
    source_health(source, &health);
    return !source_damaged(&health, &sentence) || fail(failure, FAIL_INPUT_DAMAGED, "%s", sentence);
}

static bool take_still(struct taking *taking, struct failure *failure)
{
    const struct still_opts opts = {.animated = true, .threads = taking->how->threads};
    g_auto(still_ptr) still = still_open(taking->how->fd, &opts, failure);
    for (int i = 0; still && i < still_frames(still); i++) {
        AVFrame *frame = still_frame(still, i, still_shape(still).depth == 8 ? 8 : 16, failure);
        if (!frame)
            return false;
        take_frame(taking, frame, 0);
        av_frame_free(&frame);
    }
    return still != NULL;
}

bool fingerprint_take(const struct fingerprint *fingerprint, struct golden *golden,
                      struct failure *failure)
{
    struct taking taking = {.how = fingerprint, .golden = golden, .strip = {.stride = 1}};
    g_auto(facts_ptr) facts = facts_create();
    bool taken = media_probe(fingerprint->fd, facts, failure) &&
                 (facts->kind == KIND_IMAGE ? take_still : take_film)(&taking, failure);
    if (taken && fingerprint->strip_fd >= 0 && taking.strip.count)
        taken = draw_strip(&taking.strip, fingerprint->strip_fd, failure);
    for (int i = 0; i < taking.strip.count; i++)
        g_free(taking.strip.moments[i]);
    sound_clear(&taking);
    return taken;
}
