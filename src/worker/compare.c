/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_COMPARE: a file beside its reference. */
#include "media/comparison.h"
#include "worker/run.h"

static void tell(void *data, double fraction, int64_t pictures)
{
    const struct job *job = data;
    speak_progress(job->speaker, &(struct progress){
                                     .fraction = fraction, .frames = pictures, .stage = "compare"});
}

void worker_compare(const struct job *job, struct result *result)
{
    const struct comparison comparison = {
        .fd = job->fds[0],
        .reference_fd = job->fds[1],
        .strip_fd = job->task->files->len > 2 ? job->fds[2] : -1,
        .threads = job->task->threads,
        .measure = job->task->measure,
        .progress = tell,
        .data = (void *)job,
    };
    result->facts = facts_create();
    result->glance = glance_create();
    compare_files(&comparison, result->facts, result->glance, result->checks, &result->failure);
}
