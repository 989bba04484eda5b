/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gives a task to the worker: its folder, its description, and its files as open descriptors,
 * a few at a time, so that a task with thousands of inputs needs few of ours. */
#include "local.h"
#include "model/open.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void close_all(int *fds, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static bool tell(const struct warm *warm, enum wire_kind kind, int task, const int *fds,
                 unsigned count, bool *lost)
{
    struct wire message = {.kind = kind, .task = task};
    *lost = !wire_send(warm->control, &message, fds, count);
    return !*lost;
}

static void unmade_clear(void *data)
{
    failure_clear(&((struct unmade *)data)->failure);
}

/* Which output a file is the part of; -1: of none. */
static int output_of(const struct task *task, unsigned file)
{
    for (guint i = 0; i < task->outputs->len; i++)
        if (((const struct task_output *)task->outputs->pdata[i])->file == (int)file)
            return (int)i;
    return -1;
}

/* In the place of a part file that can't be made the worker gets what no write goes into. */
static int stand_in(const struct task *task, unsigned file, GArray *unmade, struct failure *failure)
{
    int output = output_of(task, file);
    if (output < 0 || failure->class != FAIL_DISK || task->outputs->len == 1)
        return -1;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    struct unmade one = {(unsigned)output, *failure};
    *failure = (struct failure){FAIL_NONE, NULL};
    g_array_append_val(unmade, one);
    return fd;
}

static int open_file(const struct task *task, unsigned file, GArray *unmade,
                     struct failure *failure)
{
    int fd = task_open_file(task, file, failure);
    return fd >= 0 ? fd : stand_in(task, file, unmade, failure);
}

static bool hand_chunk(const struct warm *warm, const struct task *task, unsigned first,
                       GArray *unmade, bool *lost, struct failure *failure)
{
    int fds[WIRE_FDS_MAX];
    unsigned count = 0, wanted = MIN(task->files->len - first, WIRE_FDS_MAX);
    while (count < wanted && (fds[count] = open_file(task, first + count, unmade, failure)) >= 0)
        count++;
    bool fine = count == wanted && tell(warm, WIRE_FILES, task->id, fds, count, lost);
    close_all(fds, count);
    return fine;
}

static bool hand_files(const struct warm *warm, const struct task *task, GArray *unmade, bool *lost,
                       struct failure *failure)
{
    for (unsigned first = 0; first < task->files->len; first += WIRE_FDS_MAX)
        if (!hand_chunk(warm, task, first, unmade, lost, failure))
            return false;
    return true;
}

static int open_in(const char *dir, const char *name, int flags, struct failure *failure)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0666);
    if (fd < 0)
        fail(failure, FAIL_DISK, "%s: can't be written: %s", path, g_strerror(errno));
    return fd;
}

static bool write_task(int fd, const struct task *task, struct failure *failure)
{
    g_autofree char *text = task_to_text(task);
    return file_write_all(fd, text, strlen(text)) ||
           fail(failure, FAIL_DISK, "task.json can't be written: %s", g_strerror(errno));
}

static bool open_service(const struct task *task, const char *dir, int *fds,
                         struct failure *failure)
{
    if (g_mkdir_with_parents(dir, 0777) < 0)
        return fail(failure, FAIL_DISK, "%s: can't make the folder: %s", dir, g_strerror(errno));
    return (fds[WIRE_TASK] = open_in(dir, "task.json", O_TRUNC, failure)) >= 0 &&
           (fds[WIRE_LOG] = open_in(dir, "log", O_APPEND, failure)) >= 0 &&
           (fds[WIRE_RESULT] = open_in(dir, "result.json", O_TRUNC, failure)) >= 0 &&
           write_task(fds[WIRE_TASK], task, failure);
}

static bool open_events(int *read_end, int *write_end, struct failure *failure)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return fail(failure, FAIL_MEMORY, "no pipe for a task's events: %s", g_strerror(errno));
    *read_end = ends[0];
    *write_end = ends[1];
    return true;
}

static bool hand_all(const struct warm *warm, const struct task *task, const char *dir, int *fds,
                     int *events, GArray *unmade, bool *lost, struct failure *failure)
{
    if (!open_service(task, dir, fds, failure))
        return false;
    if (!hand_files(warm, task, unmade, lost, failure)) {
        bool ignored;
        tell(warm, WIRE_FORGET, task->id, NULL, 0, &ignored);
        return false;
    }
    return open_events(events, &fds[WIRE_EVENTS], failure) &&
           tell(warm, WIRE_RUN, task->id, fds, WIRE_SERVICE_FDS, lost);
}

bool task_hand_over(const struct warm *warm, const struct task *task, const char *dir, int *events,
                    GArray **unmade, bool *lost, struct failure *failure)
{
    int fds[WIRE_SERVICE_FDS] = {-1, -1, -1, -1};
    *events = -1;
    *lost = false;
    *unmade = g_array_new(FALSE, FALSE, sizeof(struct unmade));
    g_array_set_clear_func(*unmade, unmade_clear);
    bool fine = hand_all(warm, task, dir, fds, events, *unmade, lost, failure);
    close_all(fds, WIRE_SERVICE_FDS);
    if (!fine && *events >= 0)
        close(*events);
    return fine;
}
