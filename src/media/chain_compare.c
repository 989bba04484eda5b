/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments beside what they were made of. */
#include "media/compare.h"

#include "chain_private.h"
#include "media/frame.h"

#include <libavutil/mathematics.h>
#include <math.h>

/* --- what was decoded, carried by the frame --- */

static void free_kept(void *opaque, uint8_t *data)
{
    AVFrame *frame = (AVFrame *)data;
    av_frame_free(&frame);
}

bool origin_keep(AVFrame *frame, struct failure *failure)
{
    av_buffer_unref(&frame->opaque_ref);
    AVFrame *kept = frame_copy(frame);
    frame->opaque_ref =
        av_buffer_create((uint8_t *)kept, sizeof(*kept), free_kept, NULL, AV_BUFFER_FLAG_READONLY);
    if (frame->opaque_ref)
        return true;
    av_frame_free(&kept);
    return fail(failure, FAIL_MEMORY, "no memory for a frame");
}

/* From what is decoded to what it looks like. */
static struct chain *decoded_chain(const struct chain *chain, struct failure *failure)
{
    const struct origin *origin = chain->origin;
    const struct chain_input input = {
        .time_base = origin->time_base,
        .threads = 1,
        .video = &origin->shape,
        .rotation = origin->rotation,
        .flipped = origin->flipped,
    };
    return chain_create_video(&input, failure);
}

bool chain_decoded_shape(const struct chain *chain, struct video_shape *shape,
                         struct failure *failure)
{
    g_auto(chain_ptr) decoded = decoded_chain(chain, failure);
    if (decoded)
        *shape = decoded->video;
    return decoded;
}

char *chain_story(const struct chain *chain)
{
    g_autoptr(GString) story = g_string_new(NULL);
    for (const struct chain *at = chain; at; at = at->trunk)
        for (guint i = at->notes->len; i-- > (at->trunk ? 0 : chain->origin->notes);) {
            g_string_prepend(story, story->len ? "; " : "");
            g_string_prepend(story, at->notes->pdata[i]);
        }
    return g_strdup(story->str);
}

/* --- the moments alone --- */

struct sift_stage {
    struct stage stage;
    GQueue found;
    AVFrame *held;
    int64_t *at;
    int count, next;
    bool ended;
};

static void find(struct sift_stage *sift)
{
    AVFrame *frame = frame_copy(sift->held);
    frame->pts = sift->next++;
    g_queue_push_tail(&sift->found, frame);
}

static bool sift_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct sift_stage *sift = (struct sift_stage *)base;
    while (sift->held && sift->next < sift->count && (!frame || frame->pts > sift->at[sift->next]))
        find(sift);
    av_frame_free(&sift->held);
    sift->held = frame;
    sift->ended = !frame || sift->next == sift->count;
    return true;
}

static enum chain_got sift_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct sift_stage *sift = (struct sift_stage *)base;
    AVFrame *frame = g_queue_pop_head(&sift->found);
    if (!frame)
        return sift->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

static bool sift_done(const struct stage *base)
{
    return ((const struct sift_stage *)base)->ended;
}

static void sift_destroy(struct stage *base)
{
    struct sift_stage *sift = (struct sift_stage *)base;
    for (AVFrame *frame; (frame = g_queue_pop_head(&sift->found));)
        av_frame_free(&frame);
    av_frame_free(&sift->held);
    g_free(sift->at);
}

static const struct stage_class sift_class = {"sift", sift_put, sift_get, sift_done, sift_destroy};

/* A time that a container rounded to milliseconds is still the frame that was meant. */
static void sift(struct chain *chain, const double *at_s, int count)
{
    const double rounding_s = 0.001;
    struct sift_stage *stage = chain_add(chain, &sift_class, sizeof(*stage), chain->time_base);
    stage->at = g_new(int64_t, count);
    stage->count = count;
    for (int i = 0; i < count; i++)
        stage->at[i] = llround((at_s[i] + rounding_s) / av_q2d(chain->time_base));
    if (!chain->retimed) {
        if (!chain->filtered)
            chain->from_s = chain->offset_s + MAX(at_s[0] - 2, 0);
        chain->to_s = chain->offset_s + at_s[count - 1];
    }
}

/* --- drawn --- */

struct compare_stage {
    struct stage stage;
    struct slot slot;
    struct compare_maker maker;
    struct chain *decoded;
    bool any;
};

static struct rgb_rows rows_of(const AVFrame *frame)
{
    return (struct rgb_rows){
        .g = (float *)frame->data[0],
        .b = (float *)frame->data[1],
        .r = (float *)frame->data[2],
        .stride = frame->linesize[0] / sizeof(float),
        .width = frame->width,
        .height = frame->height,
    };
}

/* The one that `frame` was made of, into `out`. */
static bool decoded_of(struct compare_stage *stage, const AVFrame *frame, AVFrame *out,
                       struct failure *failure)
{
    if (!frame->opaque_ref)
        return fail(failure, FAIL_INTERNAL, "a step lost what its frame was made of");
    AVFrame *kept = frame_copy((const AVFrame *)frame->opaque_ref->data);
    kept->pts = frame->pts;
    const bool pushed = chain_push(stage->decoded, kept, failure);
    av_frame_free(&kept);
    if (!pushed)
        return false;
    return chain_pull(stage->decoded, out, failure) == CHAIN_FRAME ||
           fail(failure, FAIL_INTERNAL, "a decoded frame doesn't come out of its conversion");
}

static bool take(struct compare_stage *stage, const AVFrame *frame, struct failure *failure)
{
    AVFrame *decoded = frame_new();
    bool taken = decoded_of(stage, frame, decoded, failure);
    if (taken) {
        const struct rgb_rows before = rows_of(decoded), after = rows_of(frame);
        const struct compare_pair pair = {(int)frame->pts, &before, &after};
        taken = stage->maker.take(stage->maker.state, &pair, failure);
    }
    av_frame_free(&decoded);
    return taken;
}

static bool draw(struct compare_stage *stage, struct failure *failure)
{
    AVFrame *out = frame_new();
    out->format = AV_PIX_FMT_RGB24;
    out->width = stage->maker.width;
    out->height = stage->maker.height;
    out->pts = 0;
    stage->slot.frame = out;
    if (av_frame_get_buffer(out, 0) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    return stage->maker.draw(stage->maker.state, out->data[0], (size_t)out->linesize[0], failure);
}

static bool compare_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct compare_stage *stage = (struct compare_stage *)base;
    if (!frame) {
        stage->slot.ended = true;
        return !stage->any || draw(stage, failure);
    }
    const bool taken = take(stage, frame, failure);
    stage->any = true;
    av_frame_free(&frame);
    return taken;
}

static enum chain_got compare_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct compare_stage *)base)->slot, out);
}

static void compare_destroy(struct stage *base)
{
    struct compare_stage *stage = (struct compare_stage *)base;
    av_frame_free(&stage->slot.frame);
    chain_destroy(stage->decoded);
    stage->maker.free(stage->maker.state);
}

static const struct stage_class compare_class = {"compare", compare_put, compare_get, NULL,
                                                 compare_destroy};

/* What flows from here on. */
static void drawn_shape(struct chain *chain, const struct compare_maker *maker)
{
    struct video_shape *shape = &chain->video;
    shape_set_format(shape, AV_PIX_FMT_RGB24);
    shape->width = maker->width;
    shape->height = maker->height;
    shape->sar = (struct rational){1, 1};
    shape->interlaced = false;
    shape->range = "pc";
    shape->matrix = "gbr";
    shape->primaries = "bt709";
    shape->transfer = "iec61966-2-1";
}

bool chain_compare(struct chain *chain, struct failure *failure, const double *at_s, int count,
                   const struct compare_maker *maker)
{
    struct chain *decoded = decoded_chain(chain, failure);
    sift(chain, at_s, count);
    if (!decoded || !chain_format(decoded, failure, "gbrpf32le") ||
        !chain_format(chain, failure, "gbrpf32le")) {
        chain_destroy(decoded);
        maker->free(maker->state);
        return false;
    }
    struct compare_stage *stage =
        chain_add(chain, &compare_class, sizeof(*stage), chain->time_base);
    stage->maker = *maker;
    stage->decoded = decoded;
    chain->origin->wanted = chain->stepped = chain->still = true;
    drawn_shape(chain, maker);
    return true;
}
