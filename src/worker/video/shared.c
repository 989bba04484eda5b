/* SPDX-License-Identifier: GPL-3.0-or-later
 * What all branches share: the start of each decoded stream, and the steps before the fan-out. */
#include "join.h"
#include "media/frame.h"
#include "render.h"

struct shared *shared_of(const struct render *render, int stream)
{
    for (guint i = 0; i < render->shared->len; i++) {
        struct shared *shared = &g_array_index(render->shared, struct shared, i);
        if (shared->stream == stream)
            return shared;
    }
    return NULL;
}

bool is_aside(const struct render *render, int stream)
{
    return source_stream(render->source, stream)->type == AVMEDIA_TYPE_AUDIO &&
           stream != source_sound(render->source);
}

bool apply_to_stream(struct chain *chain, const struct render *render, int stream,
                     const GPtrArray *steps, GHashTable *tags, struct failure *failure)
{
    enum steps_for whom = is_aside(render, stream) ? STEPS_ASIDE : STEPS_ALL;
    return apply_those(chain, render->job, steps, whom, tags, failure);
}

const char *source_timecode(const struct render *render)
{
    return render->timecode;
}

const char *source_reel(const struct render *render)
{
    const struct facts *facts = render->job->task->source;
    return facts ? facts->reel : NULL;
}

/* zscale's ordered dither begins anew in each slice that a thread makes. What is measured is kept
 * for every output that wants it, strict ones too. */
static int filter_threads(const struct task *task)
{
    bool strict = task->kind == TASK_MEASURE;
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        strict |= output->encode && output->encode->reproducible > 0;
    }
    return strict ? 1 : task->threads;
}

static struct chain *start_picture(struct render *render, const struct source_stream *stream,
                                   struct failure *failure)
{
    struct video_shape shape;
    bool assumed = false;
    source_video_shape(render->source, stream->index, &shape, &assumed);
    g_strlcpy(shape.timecode, source_timecode(render), sizeof(shape.timecode));
    const AVFrame *first = render->first;
    if (first && assumed && first->colorspace != AVCOL_SPC_UNSPECIFIED) {
        shape.matrix = av_color_space_name(first->colorspace);
        if (first->color_primaries != AVCOL_PRI_UNSPECIFIED)
            shape.primaries = av_color_primaries_name(first->color_primaries);
        if (first->color_trc != AVCOL_TRC_UNSPECIFIED)
            shape.transfer = av_color_transfer_name(first->color_trc);
        assumed = first->color_primaries == AVCOL_PRI_UNSPECIFIED ||
                  first->color_trc == AVCOL_TRC_UNSPECIFIED;
    }
    if (first && first->interlaced_frame) {
        shape.interlaced = true;
        shape.top_field_first = first->top_field_first;
    }
    if (first) {
        shape.width = first->width;
        shape.height = first->height;
        shape.pix_fmt = av_get_pix_fmt_name(first->format);
    }
    hdr_tell(&render->hdr, &shape);
    const struct chain_input input = {
        .time_base = stream->av->time_base,
        .start_s = render->start_s,
        .threads = filter_threads(render->job->task),
        .video = &shape,
        .rotation = stream->rotation,
        .flipped = stream->flipped,
        .assumed = assumed,
    };
    return chain_create_video(&input, failure);
}

static struct chain *start_sound(struct render *render, int stream, struct failure *failure)
{
    struct chain *chain =
        chain_create_source(render->source, stream, render->picture, render->start_s, failure);
    if (chain)
        chain_sound_timecode(chain, source_timecode(render));
    return chain;
}

static bool build_all(struct render *render, struct failure *failure)
{
    for (guint i = 0; i < render->shared->len; i++) {
        struct shared *shared = &g_array_index(render->shared, struct shared, i);
        const struct source_stream *stream = source_stream(render->source, shared->stream);
        shared->chain = stream->type == AVMEDIA_TYPE_VIDEO
                            ? start_picture(render, stream, failure)
                            : start_sound(render, shared->stream, failure);
        if (shared->chain && render->job->task->changes_conform)
            chain_fit_changes(shared->chain);
        if (!shared->chain || !apply_to_stream(shared->chain, render, shared->stream,
                                               render->job->task->steps, render->tags, failure))
            return false;
    }
    return true;
}

/* To the shared steps, each of several films is the source. */
bool shared_build(struct render *render, struct failure *failure)
{
    const struct job *whole = render->job;
    struct task task = *whole->task;
    if (task_joins(&task)) {
        task.source = task.parts->pdata[render->part];
        task.parts = NULL;
    }
    const struct job one = {.task = &task, .fds = whole->fds, .speaker = whole->speaker};
    render->job = &one;
    bool built = build_all(render, failure);
    render->job = whole;
    return built;
}

static void send(struct branch *branch, struct message *message)
{
    if (g_atomic_int_get(&branch->failed) && message->kind != MESSAGE_FINISH)
        message_destroy(message);
    else if (branch->inbox)
        inbox_put(branch->inbox, message);
    else
        branch_take(branch, message);
}

void shared_give(struct render *render, struct message *message)
{
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        if (message->kind == MESSAGE_FINISH || branch_lane(branch, message->stream))
            send(branch, message_copy(message));
    }
    message_destroy(message);
}

static void fan_out(struct render *render, struct message *message)
{
    if (render->joining && message->kind != MESSAGE_FINISH)
        joining_take(render->joining, render, message);
    else
        shared_give(render, message);
}

/* All branches that wanted this stream have lost it. */
static void lose(struct render *render, int stream, struct failure *failure)
{
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        const struct lane *lane = branch_lane(branch, stream);
        if (lane && lane->mode != LANE_COPY && !g_atomic_int_get(&branch->failed))
            branch_lose(branch, failure);
    }
    failure_clear(failure);
}

static void drain(struct render *render, struct shared *shared)
{
    struct failure failure = {0};
    AVFrame *out = frame_new();
    enum chain_got got;
    while ((got = chain_pull(shared->chain, out, &failure)) == CHAIN_FRAME) {
        fan_out(render, message_frame(shared->stream, out));
        av_frame_unref(out);
    }
    av_frame_free(&out);
    if (got == CHAIN_FAILED) {
        lose(render, shared->stream, &failure);
        shared->ended = true;
    } else if (got == CHAIN_END) {
        shared->ended = true;
        fan_out(render, message_plain(MESSAGE_STREAM_END, shared->stream));
    }
}

void shared_end(struct render *render)
{
    struct failure failure = {0};
    for (guint i = 0; i < render->shared->len; i++) {
        struct shared *shared = &g_array_index(render->shared, struct shared, i);
        if (!shared->chain || shared->ended)
            continue;
        chain_push(shared->chain, NULL, &failure);
        drain(render, shared);
    }
}

static void take_silence(struct render *render, struct shared *shared, double silent_s)
{
    if (shared->ended)
        return;
    chain_begin_silent(shared->chain, silent_s);
    drain(render, shared);
}

void shared_take(struct render *render, struct message *message)
{
    struct failure failure = {0};
    struct shared *shared = shared_of(render, message->stream);
    if (message->kind == MESSAGE_FINISH) {
        if (render->verdict.class == FAIL_NONE)
            shared_end(render);
        fan_out(render, message);
        return;
    }
    if (message->kind == MESSAGE_SILENCE) {
        take_silence(render, shared, message->silent_s);
        message_destroy(message);
        return;
    }
    if (message->kind == MESSAGE_PACKET || !shared || !shared->chain) {
        fan_out(render, message);
        return;
    }
    if (!shared->ended && !chain_push(shared->chain, message->frame, &failure)) {
        lose(render, shared->stream, &failure);
        shared->ended = true;
    }
    if (!shared->ended)
        drain(render, shared);
    if (!shared->ended && chain_satisfied(shared->chain)) {
        chain_push(shared->chain, NULL, &failure);
        drain(render, shared);
    }
    message_destroy(message);
}
