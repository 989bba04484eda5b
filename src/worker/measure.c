/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_MEASURE. Picture: video/look.c. Else measures the default sound of a source as it is after
 * some steps: one pass, any number of meters. */
#include "apply.h"
#include "audio/fan.h"
#include "audio/lengths.h"
#include "metering.h"
#include "snap.h"
#include "video/render.h"

/* One meter: where it is in the chains, and what it reads. */
struct meter_place {
    struct output_result *result;
    struct chain *chain;
    struct metering metering;
    bool blocks;      /* gating blocks are wanted */
    GHashTable *tags; /* nobody's */
};

static bool take(void *data, const AVFrame *frame, struct failure *failure)
{
    return metering_take(&((struct meter_place *)data)->metering, frame, failure);
}

static bool open_meter(const struct job *job, struct meter_place *m, const struct chain *shared,
                       const struct task_output *output)
{
    struct failure *failure = &m->result->failure;
    m->chain = chain_branch(shared, failure);
    return m->chain && apply_steps(m->chain, job, output->steps, m->tags, failure) &&
           (metering_hears(chain_sample_format(m->chain)) ||
            chain_deliver_sound(m->chain, failure, AV_SAMPLE_FMT_FLTP, 0, NULL));
}

static void read_meter(struct meter_place *m, const struct job *job)
{
    m->result->measured = facts_create();
    m->result->measured->kind = job->task->media;
    metering_read(&m->metering, m->result->measured);
    if (!m->blocks)
        g_clear_pointer(&m->result->measured->gated_blocks, g_free);
}

static bool run(const struct job *job, struct sound_input *input, struct chain *shared,
                struct meter_place *meters, struct failure *failure)
{
    unsigned count = job->task->outputs->len;
    g_autofree struct sound_sink *sinks = g_new0(struct sound_sink, count);
    g_autofree char *damage = NULL;
    for (unsigned i = 0; i < count; i++)
        if (open_meter(job, &meters[i], shared, job->task->outputs->pdata[i]))
            sinks[i] = (struct sound_sink){meters[i].chain, take, &meters[i],
                                           &meters[i].result->failure, false};
    const struct sound_fan fan = {job, input, shared, sinks, count, NULL};
    if (!sound_fan_run(&fan, &damage, failure))
        return false;
    for (unsigned i = 0; damage && i < count; i++)
        g_ptr_array_add(meters[i].result->notes, g_strdup_printf(NOTE_DAMAGED "%s", damage));
    return true;
}

static bool measure(const struct job *job, struct meter_place *meters, struct failure *failure)
{
    struct sound_input input;
    if (!sound_input_open(&input, job, 0, failure))
        return false;
    bool sound = sound_input_has_sound(&input), fine = true;
    if (sound) {
        g_autoptr(GHashTable) tags = tags_new();
        g_auto(chain_ptr) shared = sound_part_chain(&input, job, 0, tags, failure);
        fine = shared && run(job, &input, shared, meters, failure);
    }
    sound_input_close(&input);
    return fine;
}

static void hear(const struct job *job, struct result *result)
{
    struct failure failure = {FAIL_NONE, NULL};
    unsigned count = job->task->outputs->len;
    g_autofree struct meter_place *meters = g_new0(struct meter_place, count);
    while (result->outputs->len < count)
        result_add_output(result);
    for (unsigned i = 0; i < count; i++)
        meters[i] = (struct meter_place){
            .result = result->outputs->pdata[i],
            .blocks = ((struct task_output *)job->task->outputs->pdata[i])->blocks,
            .tags = tags_new()};
    struct counted_job counted;
    counted_job_init(&counted, job);
    bool measured = measure(&counted.job, meters, &failure);
    counted_job_clear(&counted);
    for (unsigned i = 0; i < count; i++) {
        if (!measured)
            fail(&meters[i].result->failure, failure.class, "%s", failure.message);
        else if (meters[i].result->failure.class == FAIL_NONE)
            read_meter(&meters[i], job);
        metering_clear(&meters[i].metering);
        chain_destroy(meters[i].chain);
        g_hash_table_unref(meters[i].tags);
    }
    if (!measured)
        fail(&result->failure, failure.class, "%s", failure.message);
    failure_clear(&failure);
}

void worker_measure(const struct job *job, struct result *result)
{
    const GPtrArray *outputs = job->task->outputs;
    const struct task_output *first = outputs->len ? outputs->pdata[0] : NULL;
    if (job->task->media == KIND_VIDEO)
        snap_trims(job);
    if (first && first->kind == KIND_VIDEO)
        worker_look(job, result);
    else
        hear(job, result);
}
