/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments beside what they were made of. */
#include "media/compare.h"

#include "media/frame.h"
#include "moments.h"
#include "private.h"

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
        for (guint i = at->notes->len; i-- > chain_source_notes(at);) {
            g_string_prepend(story, story->len ? "; " : "");
            g_string_prepend(story, at->notes->pdata[i]);
        }
    return g_strdup(story->str);
}

/* --- drawn --- */

struct compare_stage {
    struct drawn_stage drawn;
    bool (*take)(void *state, const struct compare_pair *pair, struct failure *failure);
    struct chain *decoded;
    bool decoded_fields, fields;
};

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

static bool take(struct drawn_stage *base, const AVFrame *frame, struct failure *failure)
{
    struct compare_stage *stage = (struct compare_stage *)base;
    AVFrame *decoded = frame_new();
    bool taken = decoded_of(stage, frame, decoded, failure);
    if (taken) {
        const struct rgb_rows before = float_rows(decoded, stage->decoded_fields);
        const struct rgb_rows after = float_rows(frame, stage->fields);
        const struct compare_pair pair = {(int)frame->pts, &before, &after};
        taken = stage->take(base->state, &pair, failure);
    }
    av_frame_free(&decoded);
    return taken;
}

static void compare_destroy(struct stage *base)
{
    chain_destroy(((struct compare_stage *)base)->decoded);
    drawn_destroy(base);
}

static const struct stage_class compare_class = {"compare", drawn_put, drawn_get, NULL,
                                                 compare_destroy};

bool chain_compare(struct chain *chain, struct failure *failure, const double *at_s, int count,
                   const struct compare_maker *maker)
{
    struct chain *decoded = decoded_chain(chain, failure);
    const bool fields = chain->video.interlaced;
    const bool decoded_fields = decoded && decoded->video.interlaced;
    const struct rgba white = {255, 255, 255, 255};
    sift_moments(chain, at_s, count);
    if (!decoded || !lay_moments(decoded, failure, white) || !lay_moments(chain, failure, white) ||
        !chain_format(decoded, failure, "gbrpf32le") ||
        !chain_format(chain, failure, "gbrpf32le")) {
        chain_destroy(decoded);
        maker->free(maker->state);
        return false;
    }
    struct compare_stage *stage =
        chain_add(chain, &compare_class, sizeof(*stage), chain->time_base);
    stage->drawn.take = take;
    stage->drawn.draw = maker->draw;
    stage->drawn.free = maker->free;
    stage->drawn.state = maker->state;
    stage->take = maker->take;
    stage->decoded = decoded;
    stage->decoded_fields = decoded_fields;
    stage->fields = fields;
    chain->origin->wanted = true;
    chain_drawn(chain, maker->width, maker->height);
    return true;
}
