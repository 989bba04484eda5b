/* SPDX-License-Identifier: GPL-3.0-or-later
 * Measures the default sound of a source as it is after some steps: one pass, any number of
 * meters. */
#include "audio/fan.h"
#include "media/meter.h"
#include "video/render.h"

#include <math.h>

struct metering {
    struct output_result *result;
    struct chain *chain;
    struct loudness_meter *meter; /* from the first frame on */
    int64_t samples;
    GHashTable *tags; /* nobody's */
};

static bool take(void *data, const AVFrame *frame, struct failure *failure)
{
    struct metering *m = data;
    if (!m->meter)
        m->meter = loudness_meter_create(frame->sample_rate, &frame->ch_layout, failure);
    m->samples += frame->nb_samples;
    return m->meter && loudness_meter_feed(m->meter, (const float *const *)frame->extended_data,
                                           frame->nb_samples, failure);
}

static bool open_meter(const struct job *job, struct metering *m, const struct chain *shared,
                       const struct task_output *output)
{
    struct failure *failure = &m->result->failure;
    m->chain = chain_branch(shared, failure);
    return m->chain && apply_steps(m->chain, job, output->steps, m->tags, failure) &&
           chain_deliver_sound(m->chain, failure, AV_SAMPLE_FMT_FLTP, 0, NULL);
}

/* Silence, and what is too short, has no loudness: NAN. */
static void read_meter(struct metering *m, const struct job *job)
{
    struct facts *facts = m->result->measured = facts_create();
    loudness_to_facts(m->meter, facts);
    facts->kind = job->task->media;
    facts->measured = true;
    if (!m->chain)
        return;
    facts->audio_tracks = 1;
    facts->channels = chain_sound(m->chain)->channels;
    facts->sample_rate = chain_sound(m->chain)->rate;
    facts->decoded_samples = m->samples;
    facts->decoded_audio_s = (double)m->samples / facts->sample_rate;
}

static bool run(const struct job *job, struct sound_input *input, struct chain *shared,
                struct metering *meters, struct failure *failure)
{
    unsigned count = job->task->outputs->len;
    g_autofree struct sound_sink *sinks = g_new0(struct sound_sink, count);
    g_autofree char *damage = NULL;
    g_autoptr(GHashTable) tags = tags_new();
    if (!apply_steps(shared, job, job->task->steps, tags, failure))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (open_meter(job, &meters[i], shared, job->task->outputs->pdata[i]))
            sinks[i] = (struct sound_sink){meters[i].chain, take, &meters[i],
                                           &meters[i].result->failure, false};
    if (!sound_fan_run(job, input, shared, sinks, count, &damage, failure))
        return false;
    for (unsigned i = 0; damage && i < count; i++)
        g_ptr_array_add(meters[i].result->notes,
                        g_strdup_printf("the source is damaged: %s", damage));
    return true;
}

static bool measure(const struct job *job, struct metering *meters, struct failure *failure)
{
    struct sound_input input;
    if (!sound_input_open(&input, job, failure))
        return false;
    bool sound = sound_input_has_sound(&input), fine = true;
    if (sound) {
        g_auto(chain_ptr) shared = sound_input_chain(&input, failure);
        fine = shared && run(job, &input, shared, meters, failure);
    }
    sound_input_close(&input);
    return fine;
}

void worker_measure(const struct job *job, struct result *result)
{
    struct failure failure = {FAIL_NONE, NULL};
    unsigned count = job->task->outputs->len;
    g_autofree struct metering *meters = g_new0(struct metering, count);
    while (result->outputs->len < count)
        result_add_output(result);
    for (unsigned i = 0; i < count; i++)
        meters[i] = (struct metering){.result = result->outputs->pdata[i], .tags = tags_new()};
    bool measured = measure(job, meters, &failure);
    for (unsigned i = 0; i < count; i++) {
        if (!measured)
            fail(&meters[i].result->failure, failure.class, "%s", failure.message);
        else if (meters[i].result->failure.class == FAIL_NONE)
            read_meter(&meters[i], job);
        loudness_meter_destroy(meters[i].meter);
        chain_destroy(meters[i].chain);
        g_hash_table_unref(meters[i].tags);
    }
    if (!measured)
        fail(&result->failure, failure.class, "%s", failure.message);
    failure_clear(&failure);
}
