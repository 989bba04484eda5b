/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a task takes its source as it is. */
#include "media/source.h"
#include "worker/run.h"

#include <math.h>

static void tell(void *data, double fraction)
{
    const struct job *job = data;
    speak_progress(job->speaker, &(struct progress){.fraction = fraction, .stage = "read"});
}

struct probe_told job_told(const struct job *job)
{
    return (struct probe_told){tell, (void *)job};
}

double job_heard_s(const struct facts *facts)
{
    return facts && facts->sample_rate > 0 ? (double)facts->samples / facts->sample_rate : 0;
}

/* Where that isn't asked for, the plan lets pass what needs the first part alone. */
static bool is_joined(const struct task *task, const struct facts *facts)
{
    return task->changes_conform || (facts && facts->restarts);
}

static const struct facts *facts_of(const struct job *job, unsigned file)
{
    const struct task *task = job->task;
    return task_joins(task) ? task->parts->pdata[file] : task->source;
}

struct source_opts job_source_opts(const struct job *job, unsigned file, int threads)
{
    const struct task *task = job->task;
    const struct facts *facts = facts_of(job, file);
    return (struct source_opts){.threads = threads,
                                .restarts =
                                    is_joined(task, facts) ? RESTARTS_JOINED : RESTARTS_REFUSED,
                                .unspliced = facts && !facts->restarts && !facts->left_out,
                                .varies = facts && facts->vfr ? facts->fps : (struct rational){0},
                                .heard_s = job_heard_s(facts),
                                .reading = tell,
                                .data = (void *)job};
}

/* More than one library reads sound: what one has counted another has to find. */
static struct source_health held_to(const struct facts *facts, const struct source_health *told)
{
    struct source_health health = *told;
    if (!facts || facts->kind != KIND_AUDIO || facts->samples <= 0)
        return health;
    health.declared_s = fmax(health.declared_s, (double)facts->samples / facts->sample_rate);
    if (health.complete && isnan(health.read_s))
        health.read_s = 0;
    if (health.declared_samples >= 0)
        health.declared_samples = MAX(health.declared_samples, facts->samples);
    return health;
}

bool job_accepts(const struct job *job, unsigned file, const struct source_health *told,
                 char **damage, struct failure *failure)
{
    const struct source_health health = held_to(facts_of(job, file), told);
    g_autofree char *sentence = NULL;
    g_clear_pointer(damage, g_free);
    if (!source_damaged(&health, &sentence))
        return true;
    if (!job->task->damaged_allow)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "%s; a job with `damaged: allow` renders what is there", sentence);
    *damage = g_steal_pointer(&sentence);
    return true;
}
