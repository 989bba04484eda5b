/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stages that are our own code on float samples of sound. */
#include "media/frame.h"
#include "private.h"

#include <libavutil/samplefmt.h>
#include <stdlib.h>

struct kernel_stage {
    struct stage stage;
    struct slot slot;
    char *name;
    int latency;  /* samples by which it gives what it took later */
    int late;     /* of them still to be passed over */
    int64_t next; /* and of what comes next: the place, and how many channels it has */
    AVChannelLayout layout;
    bool (*sound)(void *state, struct sound_rows *rows, struct failure *failure);
    void *state;
    void (*free_state)(void *);
};

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

/* Takes the latency back: what comes first is no programme, the rest is given its own time. */
static void catch_up(struct kernel_stage *kernel)
{
    AVFrame *frame = kernel->slot.frame;
    int skip = MIN(kernel->late, frame->nb_samples);
    kernel->late -= skip;
    if (skip == frame->nb_samples) {
        av_frame_free(&kernel->slot.frame);
        return;
    }
    sound_cut(frame, skip, frame->nb_samples - skip);
    frame->pts -= kernel->latency;
}

/* Silence after the end, which pushes out what the kernel still holds. */
static bool flush_sound(struct kernel_stage *kernel, struct failure *failure)
{
    AVFrame *frame = frame_new();
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = kernel->stage.time_base.den;
    frame->nb_samples = kernel->latency;
    frame->pts = kernel->next;
    frame->time_base = kernel->stage.time_base;
    kernel->slot.frame = frame;
    if (av_channel_layout_copy(&frame->ch_layout, &kernel->layout) < 0 ||
        av_frame_get_buffer(frame, 0) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for sound");
    av_samples_set_silence(frame->extended_data, 0, frame->nb_samples, frame->ch_layout.nb_channels,
                           frame->format);
    if (!run_sound(kernel, frame, failure))
        return false;
    catch_up(kernel);
    return true;
}

static bool note_place(struct kernel_stage *kernel, const AVFrame *frame, struct failure *failure)
{
    kernel->next = frame->pts + frame->nb_samples;
    return kernel->layout.nb_channels ||
           av_channel_layout_copy(&kernel->layout, &frame->ch_layout) >= 0 ||
           fail(failure, FAIL_MEMORY, "no memory for a layout");
}

static bool kernel_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct kernel_stage *kernel = (struct kernel_stage *)stage;
    if (!frame) {
        kernel->slot.ended = true;
        return !kernel->latency || !kernel->layout.nb_channels || flush_sound(kernel, failure);
    }
    kernel->slot.frame = frame;
    if (av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    if (!kernel->latency)
        return run_sound(kernel, frame, failure);
    if (!note_place(kernel, frame, failure) || !run_sound(kernel, frame, failure))
        return false;
    catch_up(kernel);
    return true;
}

static enum chain_got kernel_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct kernel_stage *)stage)->slot, out);
}

static void kernel_destroy(struct stage *stage)
{
    struct kernel_stage *kernel = (struct kernel_stage *)stage;
    av_frame_free(&kernel->slot.frame);
    av_channel_layout_uninit(&kernel->layout);
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

bool chain_sound_lookahead(struct chain *chain, struct failure *failure, const char *name,
                           bool (*run)(void *state, struct sound_rows *rows,
                                       struct failure *failure),
                           int latency, void *state, void (*free_state)(void *))
{
    if (!chain_sound_float(chain, failure)) {
        if (free_state)
            free_state(state);
        return false;
    }
    struct kernel_stage *kernel = add(chain, name, state, free_state);
    kernel->sound = run;
    kernel->latency = kernel->late = latency;
    return true;
}

bool chain_sound_kernel(struct chain *chain, struct failure *failure, const char *name,
                        bool (*run)(void *state, struct sound_rows *rows, struct failure *failure),
                        void *state, void (*free_state)(void *))
{
    return chain_sound_lookahead(chain, failure, name, run, 0, state, free_state);
}
