/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_PROBE: the facts of a file, and when asked, its content's hash and measurements. */
#include "worker/run.h"

#include "base/hash.h"
#include "base/sequence.h"
#include "media/meter.h"
#include "media/probe.h"

#include <errno.h>
#include <unistd.h>

static void tell(void *data, double fraction, int64_t frames)
{
    const struct job *job = data;
    speak_progress(job->speaker,
                   &(struct progress){.fraction = fraction, .frames = frames, .stage = "measure"});
}

static bool measure(const struct job *job, int fd, struct facts *facts, struct failure *failure)
{
    const struct task *task = job->task;
    if (facts->kind == KIND_IMAGE)
        return facts->measured = media_read_still(fd, facts, failure);
    struct source_opts how = {.threads = measure_threads(task->threads),
                              .restarts = facts->left_out ? RESTARTS_JOINED : RESTARTS_PASS,
                              .unspliced = !facts->restarts && !facts->left_out,
                              .varies = facts->vfr ? facts->fps : (struct rational){0},
                              .heard_s = job_heard_s(facts)};
    g_auto(source_ptr) source = source_open(fd, &how, failure);
    struct measure_opts opts = {.threads = task->threads,
                                .loudness = true,
                                .picture = true,
                                .progress = tell,
                                .data = (void *)job};
    struct source_health health;
    g_autofree char *sentence = NULL;
    if (!source || !measure_source(source, &opts, facts, &health, failure))
        return false;
    if (!source_damaged(&health, &sentence) || task->damaged_allow)
        return true;
    return facts->unjoined ? fail(failure, FAIL_UNSUPPORTED, "%s", facts->unjoined)
                           : fail(failure, FAIL_INPUT_DAMAGED, "%s", sentence);
}

static bool hash_sequence(int fd, char out[HASH_TEXT_SIZE], struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    return sequence_hash(fd, out, &error) ||
           fail(failure, FAIL_INPUT_DAMAGED, "%s", error->message);
}

static bool hash_content(const struct job *job, int fd, char out[HASH_TEXT_SIZE],
                         struct failure *failure)
{
    if (sequence_is_list(fd))
        return hash_sequence(fd, out, failure);
    const struct probe_told told = job_told(job);
    return hash_fd(fd, told.reading, told.data, out) ||
           fail(failure, FAIL_INPUT_DAMAGED, "the file can't be read: %s", g_strerror(errno));
}

static void probe(const struct job *job, int fd, struct output_result *seen)
{
    const struct task *task = job->task;
    struct facts *facts = seen->measured = facts_create();
    char hash[HASH_TEXT_SIZE];
    const struct probe_told told = job_told(job);
    if (!media_probe(fd, &told, facts, &seen->failure))
        return;
    if (task->hash && !hash_content(job, fd, hash, &seen->failure))
        return;
    if (task->hash)
        facts->hash = g_strdup(hash);
    if (task->measure)
        measure(job, fd, facts, &seen->failure);
}

void worker_probe(const struct job *job, struct result *result)
{
    for (guint i = 0; i < job->task->files->len; i++)
        probe(job, job->fds[i], result_add_output(result));
}
