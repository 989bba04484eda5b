/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stages that are our own code on pictures. */
#include "picture.h"

#include "media/frame.h"

struct picture_stage {
    struct stage stage;
    struct slot slot;
    struct picture_work work;
    void *state;
};

static bool picture_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct picture_stage *stage = (struct picture_stage *)base;
    stage->slot.ended = !frame;
    if (!frame)
        return true;
    const double time_s = (double)frame->pts * av_q2d(base->time_base);
    stage->slot.frame = stage->work.run(stage->state, frame, time_s, failure);
    return stage->slot.frame != NULL;
}

static enum chain_got picture_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct picture_stage *)base)->slot, out);
}

static void picture_destroy(struct stage *base)
{
    struct picture_stage *stage = (struct picture_stage *)base;
    av_frame_free(&stage->slot.frame);
    stage->work.free(stage->state);
}

static const struct stage_class picture_class = {"picture", picture_put, picture_get, NULL,
                                                 picture_destroy};

bool chain_picture(struct chain *chain, struct failure *failure, const struct picture_work *work,
                   void *state)
{
    if (!chain_plain(chain, failure)) {
        work->free(state);
        return false;
    }
    struct picture_stage *stage =
        chain_add(chain, &picture_class, sizeof(*stage), chain->time_base);
    stage->work = *work;
    stage->state = state;
    chain->stepped = true;
    return true;
}

AVFrame *frame_like(const AVFrame *frame, int width, int height, struct failure *failure)
{
    AVFrame *made = frame_new();
    made->format = frame->format;
    made->width = width;
    made->height = height;
    if (av_frame_copy_props(made, frame) >= 0 && av_frame_get_buffer(made, 0) >= 0)
        return made;
    av_frame_free(&made);
    fail(failure, FAIL_MEMORY, "no memory for a frame");
    return NULL;
}

bool frame_own(AVFrame *frame, struct failure *failure)
{
    return av_frame_make_writable(frame) >= 0 ||
           fail(failure, FAIL_MEMORY, "no memory for a frame");
}

int frame_colors(const AVFrame *frame)
{
    return MIN(av_pix_fmt_count_planes(frame->format), 3);
}

struct plane plane_field(struct plane plane, int field)
{
    if (field < 0)
        return plane;
    return (struct plane){plane.data + (ptrdiff_t)field * plane.stride, 2 * plane.stride,
                          plane.width, (plane.height + 1 - field) / 2};
}

unsigned plane_solidity(const struct plane *plane, const struct plane *alpha, int bytes, int x,
                        int y)
{
    const int across = (alpha->width + plane->width - 1) / plane->width,
              down = (alpha->height + plane->height - 1) / plane->height;
    unsigned sum = 0, count = 0;
    for (int j = y * down; j < MIN((y + 1) * down, alpha->height); j++)
        for (int i = x * across; i < MIN((x + 1) * across, alpha->width); i++, count++)
            sum += sample_at(alpha->data + (ptrdiff_t)j * alpha->stride, bytes, i);
    return (sum + count / 2) / count;
}

struct levels_of levels_of_shape(const struct video_shape *shape)
{
    const double top = (1 << shape->depth) - 1, unit = 1 << (shape->depth - 8);
    if (!strcmp(shape->range, "pc"))
        return (struct levels_of){0, top, top};
    return (struct levels_of){16 * unit, 219 * unit, top};
}
