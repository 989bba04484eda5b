/* SPDX-License-Identifier: GPL-3.0-or-later
 * A forked task: its own process group, its own log, its result in a file. */
#include "child.h"

#include "base/file.h"
#include "worker/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* When memory runs out the kernel should take a task, not the worker or the supervisor. */
static void offer_to_oom_killer(void)
{
    static const char more[] = "500";
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (write(fd, more, sizeof more - 1) < 0)
        perror("oom_score_adj");
    close(fd);
}

static void stand_alone(int log, pid_t parent)
{
    sigset_t none;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write(), like a full disk */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(log, STDERR_FILENO);
    dup2(log, STDOUT_FILENO);
    offer_to_oom_killer();
}

static char *read_all(int fd, size_t *length)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return NULL;
    char *text = g_malloc((gsize)st.st_size + 1);
    *length = 0;
    while (*length < (size_t)st.st_size) {
        ssize_t more = pread(fd, text + *length, (size_t)st.st_size - *length, (off_t)*length);
        if (more == 0 || (more < 0 && errno != EINTR))
            break;
        *length += more > 0 ? (size_t)more : 0;
    }
    text[*length] = '\0';
    return text;
}

static void run(const struct request *request, const struct task *task, struct result *result)
{
    struct speaker *speaker = speaker_create(request->service[WIRE_EVENTS]);
    struct job job = {.task = task, .fds = request->files, .speaker = speaker};
    worker_run(&job, result);
    speaker_destroy(speaker);
}

static void read_and_run(const struct request *request, struct result *result)
{
    size_t length;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_all(request->service[WIRE_TASK], &length);
    g_auto(task_ptr) task = text ? task_from_text(text, (gssize)length, &error) : NULL;
    if (!task)
        fail(&result->failure, FAIL_INTERNAL, "task.json can't be used: %s",
             error ? error->message : "it can't be read");
    else if (task->files->len != request->file_count)
        fail(&result->failure, FAIL_INTERNAL, "%u files came with a task of %u",
             request->file_count, task->files->len);
    else
        run(request, task, result);
}

void child_run(const struct request *request, const struct sandbox *sandbox, pid_t parent)
{
    g_auto(result_ptr) result = result_create();
    stand_alone(request->service[WIRE_LOG], parent);
    if (sandbox_enter(sandbox, request->files, request->file_count, &result->failure))
        read_and_run(request, result);
    g_autofree char *written = result_to_text(result);
    fflush(NULL);
    _exit(file_write_all(request->service[WIRE_RESULT], written, strlen(written))
              ? EXIT_SUCCESS
              : WIRE_EXIT_UNWRITTEN);
}
