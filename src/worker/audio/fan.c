/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass through a source's sound. */
#include "fan.h"
#include "media/frame.h"

#include <math.h>

struct fan {
    const struct job *job;
    struct sound_input *input;
    struct chain *shared;
    struct sound_sink *sinks;
    unsigned count;
    AVFrame *in, *middle, *out;
    bool ended; /* the shared chain is drained */
};

static bool open(const struct sound_sink *sink)
{
    return sink->chain && !sink->ended && sink->failure->class == FAIL_NONE;
}

static bool any_open(const struct fan *fan)
{
    for (unsigned i = 0; i < fan->count; i++)
        if (open(&fan->sinks[i]))
            return true;
    return false;
}

static void drain_sink(struct fan *fan, struct sound_sink *sink)
{
    enum chain_got got;
    while ((got = chain_pull(sink->chain, fan->out, sink->failure)) == CHAIN_FRAME) {
        bool taken = sink->take(sink->data, fan->out, sink->failure);
        av_frame_unref(fan->out);
        if (!taken)
            return;
    }
    sink->ended = got == CHAIN_END;
}

/* NULL: no more comes. */
static void give(struct fan *fan, struct sound_sink *sink, const AVFrame *frame)
{
    if (!open(sink) || !chain_push(sink->chain, frame, sink->failure))
        return;
    if (frame && chain_satisfied(sink->chain))
        chain_push(sink->chain, NULL, sink->failure);
    drain_sink(fan, sink);
}

static bool through(struct fan *fan, const AVFrame *frame, struct failure *failure)
{
    enum chain_got got;
    if (fan->ended)
        return true;
    if (!chain_push(fan->shared, frame, failure) ||
        (frame && chain_satisfied(fan->shared) && !chain_push(fan->shared, NULL, failure)))
        return false;
    while ((got = chain_pull(fan->shared, fan->middle, failure)) == CHAIN_FRAME) {
        for (unsigned i = 0; i < fan->count; i++)
            give(fan, &fan->sinks[i], fan->middle);
        av_frame_unref(fan->middle);
    }
    fan->ended = got == CHAIN_END;
    for (unsigned i = 0; fan->ended && i < fan->count; i++)
        give(fan, &fan->sinks[i], NULL);
    return got != CHAIN_FAILED;
}

static void tell(const struct fan *fan, int64_t began_us, int64_t frames, double seconds)
{
    double wall = (double)(g_get_monotonic_time() - began_us) / 1e6;
    const struct progress progress = {
        .fraction = MIN(sound_input_progress(fan->input), 0.999),
        .frames = frames,
        .fps = NAN,
        .speed = wall > 0 ? seconds / wall : NAN,
        .stage = "sound",
    };
    if (fan->job->speaker)
        speak_progress(fan->job->speaker, &progress);
}

static bool accepted(const struct fan *fan, char **damage, struct failure *failure)
{
    struct source_health health;
    sound_input_health(fan->input, &health);
    return job_accepts(fan->job, &health, damage, failure);
}

/* What damaged data looks like to the steps (another rate, say) is damage in the first place. */
static bool blame(const struct fan *fan, const struct failure *refusal, char **damage,
                  struct failure *failure)
{
    return accepted(fan, damage, failure) && fail(failure, refusal->class, "%s", refusal->message);
}

static bool read_all(struct fan *fan, char **damage, struct failure *failure)
{
    struct failure refusal = {FAIL_NONE, NULL};
    int64_t began_us = g_get_monotonic_time(), samples = 0;
    enum source_got got = SOURCE_FRAME;
    while (any_open(fan) && !fan->ended) {
        got = sound_input_next(fan->input, fan->in, failure);
        if (got != SOURCE_FRAME)
            break;
        samples += fan->in->nb_samples;
        double seconds = (double)samples / MAX(fan->in->sample_rate, 1);
        if (!through(fan, fan->in, &refusal)) {
            blame(fan, &refusal, damage, failure);
            failure_clear(&refusal);
            return false;
        }
        tell(fan, began_us, samples, seconds);
    }
    return got != SOURCE_FAILED;
}

bool sound_fan_run(const struct job *job, struct sound_input *input, struct chain *shared,
                   struct sound_sink *sinks, unsigned count, char **damage, struct failure *failure)
{
    struct fan fan = {job,         input,       shared,      sinks, count,
                      frame_new(), frame_new(), frame_new(), false};
    *damage = NULL;
    bool fine = accepted(&fan, damage, failure) && read_all(&fan, damage, failure) &&
                accepted(&fan, damage, failure) && through(&fan, NULL, failure);
    av_frame_free(&fan.in);
    av_frame_free(&fan.middle);
    av_frame_free(&fan.out);
    return fine;
}
