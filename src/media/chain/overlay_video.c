/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another file's moving picture laid over a chain's: read as it is needed, through a chain of its
 * own that brings it to the size and format that flow. */
#include "media/chain_picture.h"

#include "media/frame.h"
#include "media/source.h"
#include "picture.h"

#include <math.h>

/* One pass through the file. */
struct reading {
    struct source *source;
    int stream;
    struct chain *chain;
    bool ended; /* nothing more goes in */
};

struct overlay {
    int fd;
    struct video_over over;
    struct laid laid;
    struct video_shape under; /* what flows: the picture below */
    const char *pix_fmt;      /* of what is laid */
    int bytes;
    struct reading reading;
    AVFrame *now, *next; /* what is shown, and what follows; NULL: none */
    double next_s;       /* when `next` is shown, on the time line of all passes */
    double begun_s;      /* this pass; */
    double ends_s;       /* and where it ends, as far as is known */
    bool through;
};

static void reading_close(struct reading *reading)
{
    chain_destroy(reading->chain);
    source_close(reading->source);
    *reading = (struct reading){.stream = -1};
}

static struct chain *picture_of(struct reading *reading, int fd, int threads,
                                struct failure *failure)
{
    struct video_shape shape;
    reading->source = source_open(fd, &(struct source_opts){.threads = threads}, failure);
    if (!reading->source)
        return NULL;
    reading->stream = source_picture(reading->source);
    if (reading->stream < 0) {
        fail(failure, FAIL_CONFIG, "there is no moving picture in the file to lay over");
        return NULL;
    }
    if (!source_has_whole_pictures(source_stream(reading->source, reading->stream), failure) ||
        !source_use(reading->source, reading->stream, SOURCE_DECODE, failure))
        return NULL;
    source_video_shape(reading->source, reading->stream, &shape, NULL);
    if (shape.interlaced) {
        fail(failure, FAIL_CONFIG,
             "the video to lay over is interlaced: make it progressive first, with deinterlace");
        return NULL;
    }
    const struct source_stream *stream = source_stream(reading->source, reading->stream);
    const struct chain_input input = {
        .time_base = stream->av->time_base,
        .start_s = isfinite(stream->start_s) ? stream->start_s : 0,
        .threads = threads,
        .video = &shape,
        .rotation = stream->rotation,
        .flipped = stream->flipped,
    };
    return chain_create_video(&input, failure);
}

static double aspect_of(struct rational sar)
{
    return sar.num > 0 ? rational_value(sar) : 1;
}

static int even(double value, int step)
{
    return MAX((int)lround(value / step) * step, step);
}

/* In its true shape on pixels of the shape that flow, and of whole samples of chroma in either. */
static bool size(struct overlay *overlay, struct failure *failure)
{
    struct chain *chain = overlay->reading.chain;
    const struct video_shape *own = chain_video(chain), *under = &overlay->under;
    const double aspect = aspect_of(own->sar) * own->width / own->height,
                 pixel = aspect_of(under->sar);
    const double wide =
        overlay->over.width ? overlay->over.width : aspect_of(own->sar) * own->width / pixel;
    const int width = even(wide, 1 << MAX(under->chroma_w, own->chroma_w)),
              height = even(wide * pixel / aspect, 1 << MAX(under->chroma_h, own->chroma_h));
    if (own->width == width && own->height == height)
        return true;
    g_autofree char *w = g_strdup_printf("%d", width), *h = g_strdup_printf("%d", height);
    return chain_filter(chain, failure, "zscale", "width", w, "height", h, "filter", "lanczos",
                        "dither", "ordered", NULL);
}

/* The format that flows, with alpha where either has it; NULL: there is none. */
static const char *format_over(const struct video_shape *under, bool alpha)
{
    const AVPixFmtDescriptor *like = av_pix_fmt_desc_get(av_get_pix_fmt(under->pix_fmt));
    if (!alpha || under->alpha)
        return under->pix_fmt;
    for (const AVPixFmtDescriptor *row = NULL; (row = av_pix_fmt_desc_next(row));)
        if ((row->flags & ~(uint64_t)AV_PIX_FMT_FLAG_ALPHA) == like->flags &&
            (row->flags & AV_PIX_FMT_FLAG_ALPHA) && row->nb_components == 4 &&
            row->log2_chroma_w == like->log2_chroma_w &&
            row->log2_chroma_h == like->log2_chroma_h &&
            row->comp[0].depth == like->comp[0].depth && row->comp[3].plane == 3)
            return row->name;
    return NULL;
}

static bool reading_open(struct overlay *overlay, struct failure *failure)
{
    struct reading *reading = &overlay->reading;
    const struct video_shape *under = &overlay->under;
    reading->chain = picture_of(reading, overlay->fd, 1, failure);
    if (!reading->chain || !size(overlay, failure))
        return false;
    const bool alpha = chain_video(reading->chain)->alpha;
    overlay->pix_fmt = format_over(under, alpha);
    if (!overlay->pix_fmt)
        return fail(failure, FAIL_UNSUPPORTED,
                    "a video with transparency can't be laid over %s, of which there is no form "
                    "with transparency",
                    under->pix_fmt);
    return chain_deliver_picture(reading->chain, failure, overlay->pix_fmt,
                                 under->rgb ? NULL : under->range,
                                 under->rgb ? NULL : under->matrix);
}

static bool whole(const struct reading *reading, struct failure *failure)
{
    struct source_health health;
    g_autofree char *sentence = NULL;
    source_health(reading->source, &health);
    return !source_damaged(&health, &sentence) ||
           fail(failure, FAIL_INPUT_DAMAGED, "the video to lay over is damaged: %s", sentence);
}

static bool feed(struct reading *reading, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    do
        got = source_next(reading->source, &item, failure);
    while (got == SOURCE_FRAME && item.stream != reading->stream);
    reading->ended = got == SOURCE_END;
    if (got == SOURCE_FRAME)
        return chain_push(reading->chain, item.frame, failure);
    return got != SOURCE_FAILED && whole(reading, failure) &&
           chain_push(reading->chain, NULL, failure);
}

/* From the start again, or nothing more. */
static bool pass_ended(struct overlay *overlay, struct failure *failure)
{
    const bool empty = !(overlay->ends_s > overlay->begun_s);
    overlay->through = overlay->over.at_end != OVER_LOOP || empty;
    reading_close(&overlay->reading);
    overlay->begun_s = overlay->ends_s;
    return overlay->through || reading_open(overlay, failure);
}

static void arrive(struct overlay *overlay, AVFrame *frame)
{
    const double tick_s = av_q2d(chain_time_base(overlay->reading.chain));
    const struct rational fps = chain_video(overlay->reading.chain)->fps;
    const double lasts_s = frame->pkt_duration > 0 ? (double)frame->pkt_duration * tick_s
                           : fps.num               ? 1 / rational_value(fps)
                                                   : 0;
    overlay->next = frame;
    overlay->next_s = overlay->begun_s + (double)frame->pts * tick_s;
    overlay->ends_s = overlay->next_s + lasts_s;
}

/* `next` is there, or it is through. */
static bool look_ahead(struct overlay *overlay, struct failure *failure)
{
    while (!overlay->next && !overlay->through) {
        AVFrame *frame = frame_new();
        const enum chain_got got = chain_pull(overlay->reading.chain, frame, failure);
        if (got == CHAIN_FRAME) {
            arrive(overlay, frame);
            continue;
        }
        av_frame_free(&frame);
        if (got == CHAIN_FAILED || (got == CHAIN_MORE && !feed(&overlay->reading, failure)) ||
            (got == CHAIN_END && !pass_ended(overlay, failure)))
            return false;
    }
    return true;
}

/* `now` is what is shown then; NULL: nothing. */
static bool go_to(struct overlay *overlay, double at_s, struct failure *failure)
{
    const double rounding_s = 0.001; /* of a container's milliseconds */
    if (!look_ahead(overlay, failure))
        return false;
    while (overlay->next && overlay->next_s <= at_s + rounding_s) {
        av_frame_free(&overlay->now);
        overlay->now = overlay->next;
        overlay->next = NULL;
        if (!look_ahead(overlay, failure))
            return false;
    }
    const bool past = overlay->through && !overlay->next && at_s + rounding_s >= overlay->ends_s;
    if (past && overlay->over.at_end == OVER_STOP)
        av_frame_free(&overlay->now);
    return true;
}

/* --- laying --- */

/* A place in the picture below, in pixels. */
struct spot {
    int x, y;
};

/* How solid a sample of what is laid is, 0 to 1: the mean of its pixels' alpha. */
static double cover(const struct overlay *overlay, const AVFrame *top, int x, int y, int step_x,
                    int step_y)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(top->format);
    if (!(row->flags & AV_PIX_FMT_FLAG_ALPHA))
        return overlay->over.opacity;
    double sum = 0;
    int count = 0;
    for (int j = y * step_y; j < MIN((y + 1) * step_y, top->height); j++)
        for (int i = x * step_x; i < MIN((x + 1) * step_x, top->width); i++, count++)
            sum += sample_at(top->data[3] + (ptrdiff_t)j * top->linesize[3], overlay->bytes, i);
    return count ? overlay->over.opacity * sum / count / ((1 << row->comp[3].depth) - 1) : 0;
}

/* Straight alpha, source over: how much of the sample is the upper one's. */
static double share_of(double upper, double below)
{
    const double all = upper + below * (1 - upper);
    return all > 0 ? upper / all : 0;
}

static double alpha_below(const struct overlay *overlay, const AVFrame *frame, int x, int y)
{
    if (!overlay->under.alpha || x >= frame->width || y >= frame->height)
        return 1;
    const uint8_t *line = frame->data[3] + (ptrdiff_t)y * frame->linesize[3];
    return sample_at(line, overlay->bytes, x) / (double)((1 << overlay->under.depth) - 1);
}

static void lay_plane(const struct overlay *overlay, AVFrame *frame, int index, struct spot spot)
{
    const AVFrame *top = overlay->now;
    const struct plane to = frame_plane(frame, index), from = frame_plane(top, index);
    const bool chroma = (index == 1 || index == 2) && !overlay->under.rgb;
    const int step_x = chroma ? 1 << overlay->under.chroma_w : 1,
              step_y = chroma ? 1 << overlay->under.chroma_h : 1;
    const int x = spot.x / step_x, y = spot.y / step_y;
    for (int j = MAX(0, -y); j < from.height && y + j < to.height; j++) {
        uint8_t *line = to.data + (ptrdiff_t)(y + j) * to.stride;
        const uint8_t *upper = from.data + (ptrdiff_t)j * from.stride;
        for (int i = MAX(0, -x); i < from.width && x + i < to.width; i++) {
            const double below = alpha_below(overlay, frame, (x + i) * step_x, (y + j) * step_y);
            const double share = share_of(cover(overlay, top, i, j, step_x, step_y), below);
            const double old = sample_at(line, overlay->bytes, x + i);
            const double value = old + (sample_at(upper, overlay->bytes, i) - old) * share;
            put_sample(line, overlay->bytes, x + i, (unsigned)lrint(value));
        }
    }
}

/* After the colours, which need what was below. */
static void lay_alpha(const struct overlay *overlay, AVFrame *frame, struct spot spot)
{
    const struct plane to = frame_plane(frame, 3);
    const double most = (1 << overlay->under.depth) - 1;
    for (int j = MAX(0, -spot.y); j < overlay->now->height && spot.y + j < to.height; j++) {
        uint8_t *line = to.data + (ptrdiff_t)(spot.y + j) * to.stride;
        for (int i = MAX(0, -spot.x); i < overlay->now->width && spot.x + i < to.width; i++) {
            const double upper = cover(overlay, overlay->now, i, j, 1, 1),
                         below = sample_at(line, overlay->bytes, spot.x + i) / most;
            put_sample(line, overlay->bytes, spot.x + i,
                       (unsigned)lrint(most * (upper + below * (1 - upper))));
        }
    }
}

static void lay(const struct overlay *overlay, AVFrame *frame)
{
    const struct video_shape *under = &overlay->under;
    const struct laid *laid = &overlay->laid;
    const int step_y = (1 << under->chroma_h) * (under->interlaced ? 2 : 1);
    const struct spot spot = {
        laid_along(laid->across, frame->width, overlay->now->width, laid->margin,
                   1 << under->chroma_w),
        laid_along(laid->down, frame->height, overlay->now->height, laid->margin, step_y)};
    for (int i = 0; i < frame_colors(frame); i++)
        lay_plane(overlay, frame, i, spot);
    if (under->alpha)
        lay_alpha(overlay, frame, spot);
}

static AVFrame *overlay_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct overlay *overlay = state;
    const double from_s = isnan(overlay->laid.from_s) ? 0 : overlay->laid.from_s;
    if (!laid_seen(&overlay->laid, time_s))
        return frame;
    bool fine = go_to(overlay, time_s - from_s, failure);
    if (fine && overlay->now && (fine = frame_own(frame, failure)))
        lay(overlay, frame);
    if (!fine)
        av_frame_free(&frame);
    return frame;
}

static void overlay_free(void *state)
{
    struct overlay *overlay = state;
    reading_close(&overlay->reading);
    av_frame_free(&overlay->now);
    av_frame_free(&overlay->next);
    g_free(overlay);
}

bool chain_overlay_video(struct chain *chain, struct failure *failure, int fd,
                         const struct video_over *over, const struct laid *laid)
{
    static const struct picture_work work = {"overlay video", overlay_run, overlay_free};
    struct overlay *overlay = g_new0(struct overlay, 1);
    overlay->fd = fd;
    overlay->over = *over;
    overlay->laid = *laid;
    if (!chain_picture(chain, failure, &work, overlay))
        return false;
    overlay->under = chain->video;
    overlay->bytes = chain->video.depth > 8 ? 2 : 1;
    chain_light_changed(chain);
    return reading_open(overlay, failure);
}
