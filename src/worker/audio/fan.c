/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass through a task's sound. */
#include "fan.h"
#include "media/frame.h"
#include "steps/programme.h"

#include <math.h>

struct pass {
    const struct sound_fan *fan;
    unsigned part, parts; /* the source that is read, of so many */
    struct sound_input *input;
    struct chain *chain; /* of this source */
    bool ended;          /* that chain is drained */
    int64_t given;       /* samples, of all sources so far */
    int64_t until;       /* where the source that is read ends: a film with its picture, all
                            else with its sound (INT64_MAX) */
    int64_t cut, filled; /* samples of this source behind its picture, and of silence up to there */
    int64_t began_us, frames;
    double read_s;
    GString *damage;
    AVFrame *in, *middle, *out;
};

static bool open(const struct sound_sink *sink)
{
    return sink->chain && !sink->ended && sink->failure->class == FAIL_NONE;
}

static bool any_open(const struct sound_fan *fan)
{
    for (unsigned i = 0; i < fan->count; i++)
        if (open(&fan->sinks[i]))
            return true;
    return false;
}

static void drain_sink(struct pass *pass, struct sound_sink *sink)
{
    enum chain_got got;
    while ((got = chain_pull(sink->chain, pass->out, sink->failure)) == CHAIN_FRAME) {
        bool taken = sink->take(sink->data, pass->out, sink->failure);
        av_frame_unref(pass->out);
        if (!taken)
            return;
    }
    sink->ended = got == CHAIN_END;
}

/* NULL: no more comes. */
static void give(struct pass *pass, struct sound_sink *sink, const AVFrame *frame)
{
    if (!open(sink) || !chain_push(sink->chain, frame, sink->failure))
        return;
    if (frame && chain_satisfied(sink->chain))
        chain_push(sink->chain, NULL, sink->failure);
    drain_sink(pass, sink);
}

static void give_all(struct pass *pass, const AVFrame *frame)
{
    for (unsigned i = 0; i < pass->fan->count; i++)
        give(pass, &pass->fan->sinks[i], frame);
}

/* What comes behind the first source goes on where that ended. */
static void place(struct pass *pass, AVFrame *frame)
{
    if (pass->part > 0)
        frame->pts = av_rescale_q(pass->given, (AVRational){1, frame->sample_rate},
                                  chain_time_base(pass->fan->shared));
    pass->given += frame->nb_samples;
    give_all(pass, frame);
}

/* What is behind the end of the source's picture isn't joined. */
static void place_before_end(struct pass *pass, AVFrame *frame)
{
    const int64_t room = pass->until - pass->given;
    pass->cut += CLAMP(frame->nb_samples - room, 0, frame->nb_samples);
    if (frame->nb_samples > room && room > 0)
        sound_cut(frame, 0, (int)room);
    if (room > 0)
        place(pass, frame);
}

/* Of the first, times count from where it begins: silence goes on there. */
static bool fill(struct pass *pass, struct failure *failure)
{
    enum { MOST = 4096 };
    while (pass->until != INT64_MAX && pass->given < pass->until && any_open(pass->fan)) {
        AVFrame *frame =
            chain_silence(pass->fan->shared, (int)MIN(pass->until - pass->given, MOST));
        if (!frame)
            return fail(failure, FAIL_MEMORY, "no memory for a frame");
        frame->pts = av_rescale_q(pass->given, (AVRational){1, frame->sample_rate},
                                  chain_time_base(pass->fan->shared));
        pass->filled += frame->nb_samples;
        place(pass, frame);
        av_frame_free(&frame);
    }
    return true;
}

static bool end_source(struct pass *pass, struct failure *failure)
{
    if (!fill(pass, failure))
        return false;
    if (pass->part + 1 == pass->parts)
        give_all(pass, NULL);
    return true;
}

static bool through(struct pass *pass, const AVFrame *frame, struct failure *failure)
{
    enum chain_got got;
    if (pass->ended)
        return true;
    if (!chain_push(pass->chain, frame, failure) ||
        (frame && chain_satisfied(pass->chain) && !chain_push(pass->chain, NULL, failure)))
        return false;
    while ((got = chain_pull(pass->chain, pass->middle, failure)) == CHAIN_FRAME) {
        place_before_end(pass, pass->middle);
        av_frame_unref(pass->middle);
    }
    pass->ended = got == CHAIN_END;
    return got != CHAIN_FAILED && (!pass->ended || end_source(pass, failure));
}

static void tell(struct pass *pass)
{
    double wall = (double)(g_get_monotonic_time() - pass->began_us) / 1e6;
    double done = pass->part + sound_input_progress(pass->input);
    struct progress progress = {
        .fraction = pass->fan->job->trial ? 0 : MIN(done / pass->parts, 0.999),
        .frames = pass->frames,
        .fps = NAN,
        .speed = wall > 0 ? pass->read_s / wall : NAN,
    };
    g_strlcpy(progress.stage, pass->fan->job->trial ? "trial" : "sound", sizeof progress.stage);
    if (pass->fan->job->speaker)
        speak_progress(pass->fan->job->speaker, &progress);
}

static bool accepted(const struct pass *pass, char **damage, struct failure *failure)
{
    struct source_health health;
    sound_input_health(pass->input, &health);
    return job_accepts(pass->fan->job, pass->part, &health, damage, failure);
}

/* What damaged data looks like to the steps (another rate, say) is damage in the first place. */
static bool blame(const struct pass *pass, const struct failure *refusal, char **damage,
                  struct failure *failure)
{
    return accepted(pass, damage, failure) && fail(failure, refusal->class, "%s", refusal->message);
}

static bool read_all(struct pass *pass, char **damage, struct failure *failure)
{
    struct failure refusal = {FAIL_NONE, NULL};
    enum source_got got = SOURCE_FRAME;
    while (any_open(pass->fan) && !pass->ended) {
        got = sound_input_next(pass->input, pass->in, failure);
        if (got != SOURCE_FRAME)
            break;
        pass->frames += pass->in->nb_samples;
        pass->read_s += (double)pass->in->nb_samples / MAX(pass->in->sample_rate, 1);
        if (!through(pass, pass->in, &refusal)) {
            blame(pass, &refusal, damage, failure);
            failure_clear(&refusal);
            return false;
        }
        tell(pass);
    }
    return got != SOURCE_FAILED;
}

static void add_damage(struct pass *pass, const char *damage)
{
    const struct task *task = pass->fan->job->task;
    g_autofree char *name = task_joins(task) ? sound_part_name(task, pass->part) : NULL;
    if (damage)
        g_string_append_printf(pass->damage, "%s%s%s%s", pass->damage->len ? "; " : "",
                               name ? name : "", name ? ": " : "", damage);
}

static void set_end(struct pass *pass)
{
    const struct task *task = pass->fan->job->task;
    pass->until = INT64_MAX;
    pass->cut = pass->filled = 0;
    if (!task_joins(task) || isnan(facts_picture_s(task->parts->pdata[pass->part])))
        return;
    const int rate = chain_sound(pass->fan->shared)->rate;
    const double length_s = programme_part_length(task, pass->part);
    if (!isnan(length_s))
        pass->until = pass->given + llround(length_s * rate);
}

static void note_end(const struct pass *pass)
{
    static const double least_s = 0.1; /* less is how lossy codecs end */
    const double rate = chain_sound(pass->fan->shared)->rate;
    const double cut_s = (double)pass->cut / rate, filled_s = (double)pass->filled / rate;
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    if (cut_s >= least_s)
        g_ptr_array_add(texts,
                        g_strdup_printf("dropped: %.3f s of sound behind the picture", cut_s));
    if (filled_s >= least_s)
        g_ptr_array_add(texts, g_strdup_printf("%.3f s of silence added behind the sound, up to "
                                               "the picture's end",
                                               filled_s));
    if (pass->fan->notes && !pass->input->mute)
        sound_part_say(pass->fan->job->task, pass->part, texts, pass->fan->notes);
}

static bool run_source(struct pass *pass, struct sound_input *input, struct chain *chain,
                       struct failure *failure)
{
    g_autofree char *damage = NULL;
    pass->input = input;
    pass->chain = chain;
    set_end(pass);
    pass->ended = false;
    bool fine = accepted(pass, &damage, failure) && read_all(pass, &damage, failure) &&
                accepted(pass, &damage, failure) && through(pass, NULL, failure);
    if (fine)
        note_end(pass);
    else
        sound_part_blame(pass->fan->job->task, pass->part, failure);
    add_damage(pass, damage);
    return fine;
}

static bool run_next(struct pass *pass, struct failure *failure)
{
    const struct sound_fan *fan = pass->fan;
    struct sound_part of;
    if (!sound_part_open(&of, fan->job, pass->part, fan->shared, failure))
        return false;
    bool fine = run_source(pass, &of.input, of.chain, failure);
    if (fine && fan->notes)
        sound_part_note(&of, fan->job, pass->part, fan->input, fan->shared, fan->notes);
    sound_part_close(&of);
    return fine;
}

bool sound_fan_run(const struct sound_fan *fan, char **damage, struct failure *failure)
{
    struct pass pass = {.fan = fan,
                        .parts = task_sources(fan->job->task),
                        .began_us = g_get_monotonic_time(),
                        .damage = g_string_new(NULL),
                        .in = frame_new(),
                        .middle = frame_new(),
                        .out = frame_new()};
    bool fine = run_source(&pass, fan->input, fan->shared, failure);
    for (pass.part = 1; fine && pass.part < pass.parts && any_open(fan); pass.part++)
        fine = run_next(&pass, failure);
    *damage = g_string_free(pass.damage, pass.damage->len == 0);
    av_frame_free(&pass.in);
    av_frame_free(&pass.middle);
    av_frame_free(&pass.out);
    return fine;
}
