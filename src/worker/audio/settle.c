/* SPDX-License-Identifier: GPL-3.0-or-later
 * Trials: the sound of outputs, made and heard. */
#include "settle.h"

#include "../apply.h"
#include "../metering.h"
#include "fan.h"
#include "media/encoder.h"
#include "media/round_trip.h"
#include "steps/faces.h"

/* One output whose step `at` aims. */
struct trial {
    const struct task_output *output;
    struct failure *failure; /* of the output */
    struct step_call *call;
    const struct faces *faces;
    const struct container *container;
    guint at;
    bool again;
    struct chain *chain;
    struct round_trip *trip;
    struct metering metering;
};

struct trials {
    const struct job *job;
    GArray *list;     /* struct trial */
    GHashTable *tags; /* nobody's */
};

static struct trial *trial_at(const struct trials *trials, guint i)
{
    return &g_array_index(trials->list, struct trial, i);
}

/* The last step that aims; -1: none. */
static int aims_at(const GPtrArray *steps)
{
    for (guint i = steps->len; i-- > 0;) {
        const struct faces *faces = faces_find(((struct step_call *)steps->pdata[i])->name);
        if (faces && faces->audio && faces_settle(faces->step))
            return (int)i;
    }
    return -1;
}

static bool steps_follow(const struct trial *trial)
{
    for (guint i = trial->at + 1; i < trial->output->steps->len; i++) {
        const struct step_call *call = trial->output->steps->pdata[i];
        const struct faces *faces = faces_find(call->name);
        if (faces && faces->audio)
            return true;
    }
    return false;
}

/* Asks the step, which may keep a correction; sets `again`. */
static void ask(struct trial *trial, const struct job *job, const struct node *heard)
{
    const struct encode_audio *encode = &trial->output->encode->audio;
    const struct params *table = &trial->faces->step->params;
    const struct facts *source = job->task->source;
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(table);
    bool lossy = round_trip_is_lossy(encode, trial->container);
    int rate = encoder_rate_asked(encode, trial->container);
    const struct hearing hearing = {
        .facts = heard,
        .lossy = lossy,
        .changed = lossy || steps_follow(trial) || (rate && source && rate != source->sample_rate),
    };
    params_parse(table, trial->call->params, trial->call->name, false, params, diag);
    enum settled settled =
        faces_settle(trial->faces->step)(params, trial->call->measured, &hearing, trial->failure);
    trial->again = settled == SETTLE_AGAIN;
    params_free(table, params);
}

static void find_trials(struct trials *trials, struct result *result)
{
    const struct task *task = trials->job->task;
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        struct failure *failure = &((struct output_result *)result->outputs->pdata[i])->failure;
        const char *name = output->encode ? output->encode->container : NULL;
        const struct container *container = name ? container_by_name(name) : NULL;
        const char *codec = output->encode ? output->encode->audio.codec : NULL;
        int at = aims_at(output->steps);
        bool writes = container && container->audio[0] && g_strcmp0(codec, "none") != 0 &&
                      g_strcmp0(codec, "copy") != 0;
        if (at < 0 || !writes || failure->class != FAIL_NONE)
            continue;
        struct trial trial = {.output = output,
                              .failure = failure,
                              .call = output->steps->pdata[at],
                              .container = container,
                              .at = (guint)at};
        trial.faces = faces_find(trial.call->name);
        if (trial.call->measured)
            g_array_append_val(trials->list, trial);
    }
}

static bool hear(void *data, const AVFrame *frame, struct failure *failure)
{
    return metering_take(&((struct trial *)data)->metering, frame, failure);
}

static bool take(void *data, const AVFrame *frame, struct failure *failure)
{
    struct trial *trial = data;
    return round_trip_push(trial->trip, frame, hear, trial, failure);
}

static bool open_trial(struct trials *trials, struct trial *trial, const struct chain *shared)
{
    trial->chain = chain_branch(shared, trial->failure);
    if (!trial->chain ||
        !apply_steps(trial->chain, trials->job, trial->output->steps, trials->tags, trial->failure))
        return false;
    trial->trip = round_trip_create(trial->chain, &trial->output->encode->audio, trial->container,
                                    trial->failure);
    return trial->trip != NULL;
}

static void end_trial(struct trials *trials, struct trial *trial)
{
    bool whole = trial->trip && trial->failure->class == FAIL_NONE &&
                 round_trip_push(trial->trip, NULL, hear, trial, trial->failure);
    trial->again = false;
    if (whole) {
        g_auto(facts_ptr) facts = facts_create();
        metering_read(&trial->metering, facts);
        g_auto(node_ptr) heard = facts_measured(facts);
        ask(trial, trials->job, heard);
    }
    metering_clear(&trial->metering);
    g_clear_pointer(&trial->trip, round_trip_destroy);
    g_clear_pointer(&trial->chain, chain_destroy);
}

static bool run_pass(struct trials *trials, struct sound_input *input, struct failure *failure)
{
    guint count = trials->list->len;
    g_autofree struct sound_sink *sinks = g_new0(struct sound_sink, count);
    g_autofree char *damage = NULL;
    g_auto(chain_ptr) shared = sound_part_chain(input, trials->job, 0, trials->tags, failure);
    if (!shared)
        return false;
    for (guint i = 0; i < count; i++) {
        struct trial *trial = trial_at(trials, i);
        if (trial->again && open_trial(trials, trial, shared))
            sinks[i] = (struct sound_sink){trial->chain, take, trial, trial->failure, false};
    }
    const struct sound_fan fan = {trials->job, input, shared, sinks, count, NULL};
    bool read = sound_fan_run(&fan, &damage, failure);
    for (guint i = 0; i < count; i++)
        if (read && trial_at(trials, i)->again)
            end_trial(trials, trial_at(trials, i));
    return read;
}

static bool any_again(const struct trials *trials)
{
    for (guint i = 0; i < trials->list->len; i++)
        if (trial_at(trials, i)->again)
            return true;
    return false;
}

static bool try_until_settled(struct trials *trials, struct failure *failure)
{
    bool fine = true;
    while (fine && any_again(trials)) {
        struct sound_input input;
        fine = sound_input_open(&input, trials->job, 0, failure);
        if (!fine)
            break;
        if (!sound_input_has_sound(&input)) {
            sound_input_close(&input);
            break;
        }
        fine = run_pass(trials, &input, failure);
        sound_input_close(&input);
    }
    return fine;
}

static void clear_trials(struct trials *trials)
{
    for (guint i = 0; i < trials->list->len; i++) {
        struct trial *trial = trial_at(trials, i);
        metering_clear(&trial->metering);
        round_trip_destroy(trial->trip);
        chain_destroy(trial->chain);
    }
    g_array_unref(trials->list);
    g_hash_table_unref(trials->tags);
}

bool settle_outputs(const struct job *job, struct result *result)
{
    const struct job trial = {job->task, job->fds, job->speaker, true};
    struct trials trials = {&trial, g_array_new(FALSE, TRUE, sizeof(struct trial)), tags_new()};
    while (result->outputs->len < job->task->outputs->len)
        result_add_output(result);
    find_trials(&trials, result);
    for (guint i = 0; i < trials.list->len; i++)
        ask(trial_at(&trials, i), job, NULL);
    bool fine = try_until_settled(&trials, &result->failure);
    clear_trials(&trials);
    return fine;
}
