/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_FINGERPRINT: a file in the numbers of a golden. */
#include "media/fingerprint.h"
#include "worker/run.h"

#include "base/file.h"

#include <errno.h>

static void tell(void *data, double fraction, int64_t pictures)
{
    const struct job *job = data;
    speak_progress(
        job->speaker,
        &(struct progress){.fraction = fraction, .frames = pictures, .stage = "fingerprint"});
}

void worker_fingerprint(const struct job *job, struct result *result)
{
    g_auto(golden_ptr) golden = golden_create();
    const struct fingerprint fingerprint = {
        .fd = job->fds[0],
        .threads = job->task->threads,
        .strip_fd = job->fds[2],
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
