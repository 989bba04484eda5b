/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which work a task is, and what it cost. */
#include "worker/run.h"

#include "media/still_file.h"
#include "media/trust.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

static void render(const struct job *job, struct result *result)
{
    if (task_makes_package(job->task))
        worker_package(job, result);
    else if (job->task->media == KIND_VIDEO)
        worker_render_video(job, result);
    else if (job->task->media == KIND_AUDIO)
        worker_render_audio(job, result);
    else
        worker_render_image(job, result);
}

static void (*const works[])(const struct job *job, struct result *result) = {
    [TASK_PROBE] = worker_probe,
    [TASK_MEASURE] = worker_measure,
    [TASK_GATHER] = worker_gather,
    [TASK_RENDER] = render,
    [TASK_VERIFY] = worker_verify,
    [TASK_COMPARE] = worker_compare,
    [TASK_FINGERPRINT] = worker_fingerprint,
};

/* Which of the files is the source, whose facts weren't known when the task was planned. -1 none */
static int unknown_source(const struct task *task)
{
    if (task->source || !task_kind_needs_source(task->kind))
        return -1;
    if (task->kind != TASK_VERIFY)
        return 0;
    return task->files->len > 1 ? 1 : -1;
}

static void run(const struct job *job, struct result *result)
{
    works[job->task->kind](job, result);
}

static void run_unknown(const struct job *job, int file, struct result *result)
{
    g_auto(result_ptr) probed = result_create();
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    struct task look = {.kind = TASK_PROBE, .files = one}, task = *job->task;
    g_ptr_array_add(one, task.files->pdata[file]);
    worker_probe(&(struct job){.task = &look, .fds = job->fds + file}, probed);
    const struct output_result *seen = probed->outputs->pdata[0];
    if (seen->failure.class != FAIL_NONE) {
        fail(&result->failure, seen->failure.class, "%s", seen->failure.message);
        return;
    }
    task.source = seen->measured;
    if (task.kind != TASK_VERIFY)
        task.media = task.source->kind;
    run(&(struct job){.task = &task, .fds = job->fds, .speaker = job->speaker}, result);
}

/* Here and not only before the rename: this process has written, so it is this descriptor that the
 * kernel tells of a page that never reached the disk. */
static void sync_output(int fd, struct failure *failure)
{
    if (failure->class == FAIL_NONE && fsync(fd) != 0 && errno != EINVAL)
        fail(failure, FAIL_DISK, "the output did not reach the disk: %s", g_strerror(errno));
}

static void sync_outputs(const struct job *job, struct result *result)
{
    for (guint i = 0; i < MIN(result->outputs->len, job->task->outputs->len); i++) {
        const struct task_output *output = job->task->outputs->pdata[i];
        if (output->file >= 0)
            sync_output(job->fds[output->file],
                        &((struct output_result *)result->outputs->pdata[i])->failure);
    }
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

void worker_run(const struct job *job, struct result *result)
{
    struct rusage usage;
    int64_t start_us = g_get_monotonic_time();
    int unknown = unknown_source(job->task);
    media_trust(job->task->trust);
    still_limit(job->task->max_megapixels);
    if (unknown >= 0)
        run_unknown(job, unknown, result);
    else
        run(job, result);
    sync_outputs(job, result);
    getrusage(RUSAGE_SELF, &usage);
    result->seconds = (double)(g_get_monotonic_time() - start_us) / 1e6;
    result->cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result->peak_bytes = (int64_t)usage.ru_maxrss * 1024;
}
