/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_FINGERPRINT: a file in the numbers of a golden. */
#include "media/fingerprint.h"
#include "worker/run.h"

#include "base/file.h"

#include <errno.h>

enum { OF_MADE = 3, OF_BOTH = 6 }; /* files */

static void tell(void *data, double fraction, int64_t pictures)
{
    const struct job *job = data;
    speak_progress(
        job->speaker,
        &(struct progress){.fraction = fraction, .frames = pictures, .stage = "fingerprint"});
}

/* NULL: there is none that can be read, which the front end says. */
static struct golden *old_golden(const struct job *job)
{
    if (job->task->files->len < OF_BOTH)
        return NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(job->fds[OF_MADE], FALSE, NULL);
    return file ? golden_from_text(g_mapped_file_get_contents(file),
                                   (gssize)g_mapped_file_get_length(file), NULL)
                : NULL;
}

void worker_fingerprint(const struct job *job, struct result *result)
{
    g_auto(golden_ptr) golden = golden_create();
    g_auto(golden_ptr) old = old_golden(job);
    result->facts = job->task->measure ? facts_create() : NULL;
    const struct fingerprint fingerprint = {
        .fd = job->fds[0],
        .threads = job->task->threads,
        .strip_fd = job->fds[2],
        .old = old,
        .loose = !job->task->hash,
        .old_strip_fd = old ? job->fds[OF_MADE + 1] : -1,
        .drift_fd = old ? job->fds[OF_MADE + 2] : -1,
        .checks = result->checks,
        .measure = result->facts,
        .progress = tell,
        .data = (void *)job,
    };
    if (!fingerprint_take(&fingerprint, golden, &result->failure))
        return;
    g_autofree char *text = golden_to_text(golden);
    if (!file_write_all(job->fds[1], text, strlen(text)))
        fail(&result->failure, FAIL_DISK, "the fingerprint can't be written: %s",
             g_strerror(errno));
}
