/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which work a task is, and what it cost. */
#include "worker/run.h"

#include <sys/resource.h>

static void render(const struct job *job, struct result *result)
{
    if (job->task->media == KIND_VIDEO)
        worker_render_video(job, result);
    else if (job->task->media == KIND_AUDIO)
        worker_render_audio(job, result);
    else
        worker_render_image(job, result);
}

static void (*const works[])(const struct job *job, struct result *result) = {
    [TASK_PROBE] = worker_probe,
    [TASK_MEASURE] = worker_measure,
    [TASK_RENDER] = render,
    [TASK_VERIFY] = worker_verify,
};

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

void worker_run(const struct job *job, struct result *result)
{
    struct rusage usage;
    int64_t start_us = g_get_monotonic_time();
    works[job->task->kind](job, result);
    getrusage(RUSAGE_SELF, &usage);
    result->seconds = (double)(g_get_monotonic_time() - start_us) / 1e6;
    result->cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result->peak_bytes = (int64_t)usage.ru_maxrss * 1024;
}
