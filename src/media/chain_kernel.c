/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stages that are our own code on float samples. */
#include "chain_private.h"

#include <stdlib.h>

struct kernel_stage {
    struct stage stage;
    struct slot slot;
    char *name;
    bool (*picture)(void *state, struct rgb_rows *rows, struct failure *failure);
    bool (*sound)(void *state, struct sound_rows *rows, struct failure *failure);
    void *state;
    void (*free_state)(void *);
};

/* libav keeps planes as g, b, r, a. */
static bool run_picture(struct kernel_stage *kernel, AVFrame *frame, struct failure *failure)
{
    struct rgb_rows rows = {
        .g = (float *)frame->data[0],
        .b = (float *)frame->data[1],
        .r = (float *)frame->data[2],
        .a = (float *)frame->data[3],
        .stride = frame->linesize[0] / sizeof(float),
        .width = frame->width,
        .height = frame->height,
    };
    for (int i = 1; i < 4; i++)
        if (frame->data[i] && frame->linesize[i] != frame->linesize[0])
            return fail(failure, FAIL_INTERNAL, "planes of different strides");
    return kernel->picture(kernel->state, &rows, failure);
}

static bool run_sound(struct kernel_stage *kernel, AVFrame *frame, struct failure *failure)
{
    struct sound_rows rows = {
        .channel = (float **)frame->extended_data,
        .channels = frame->ch_layout.nb_channels,
        .frames = frame->nb_samples,
        .rate = frame->sample_rate,
        .position =
            av_rescale_q(frame->pts, kernel->stage.time_base, (AVRational){1, frame->sample_rate}),
    };
    return kernel->sound(kernel->state, &rows, failure);
}

static bool kernel_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct kernel_stage *kernel = (struct kernel_stage *)stage;
    if (!frame) {
        kernel->slot.ended = true;
        return true;
    }
    kernel->slot.frame = frame;
    if (av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    return kernel->picture ? run_picture(kernel, frame, failure)
                           : run_sound(kernel, frame, failure);
}

static enum chain_got kernel_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct kernel_stage *)stage)->slot, out);
}

static void kernel_destroy(struct stage *stage)
{
    struct kernel_stage *kernel = (struct kernel_stage *)stage;
    av_frame_free(&kernel->slot.frame);
    if (kernel->free_state)
        kernel->free_state(kernel->state);
    g_free(kernel->name);
}

static const struct stage_class kernel_class = {"kernel", kernel_put, kernel_get, NULL,
                                                kernel_destroy};

static struct kernel_stage *add(struct chain *chain, const char *name, void *state,
                                void (*free_state)(void *))
{
    struct kernel_stage *kernel =
        chain_add(chain, &kernel_class, sizeof(*kernel), chain->time_base);
    kernel->name = g_strdup(name);
    kernel->state = state;
    kernel->free_state = free_state;
    chain->stepped = true;
    return kernel;
}

bool chain_rgb_kernel(struct chain *chain, struct failure *failure, const char *name,
                      bool (*run)(void *state, struct rgb_rows *rows, struct failure *failure),
                      void *state, void (*free_state)(void *))
{
    if (!chain_format(chain, failure, chain->video.alpha ? "gbrapf32le" : "gbrpf32le")) {
        if (free_state)
            free_state(state);
        return false;
    }
    chain->graded = true;
    add(chain, name, state, free_state)->picture = run;
    return true;
}

bool chain_sound_kernel(struct chain *chain, struct failure *failure, const char *name,
                        bool (*run)(void *state, struct sound_rows *rows, struct failure *failure),
                        void *state, void (*free_state)(void *))
{
    if (!chain_sound_float(chain, failure)) {
        if (free_state)
            free_state(state);
        return false;
    }
    chain->altered = true;
    add(chain, name, state, free_state)->sound = run;
    return true;
}
