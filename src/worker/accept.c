/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a task takes its source as it is. */
#include "media/source.h"
#include "worker/run.h"

enum source_restarts job_restarts(const struct job *job)
{
    return job->task->changes_conform ? RESTARTS_JOINED : RESTARTS_REFUSED;
}

bool job_accepts(const struct job *job, const struct source_health *health, char **damage,
                 struct failure *failure)
{
    g_autofree char *sentence = NULL;
    g_clear_pointer(damage, g_free);
    if (!source_damaged(health, &sentence))
        return true;
    if (!job->task->damaged_allow)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "%s; a job with `damaged: allow` renders what is there", sentence);
    *damage = g_steal_pointer(&sentence);
    return true;
}
