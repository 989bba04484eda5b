/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening the files of a task. */
#include "model/open.h"

#include "base/file.h"

#include <unistd.h>

static int open_part(const char *path, GError **error)
{
    g_autoptr(GError) first = NULL;
    int fd = part_create(path, &first);
    if (fd < 0 && g_error_matches(first, G_FILE_ERROR, G_FILE_ERROR_EXIST)) {
        unlink(path);
        return part_create(path, error);
    }
    if (fd < 0)
        g_propagate_error(error, g_steal_pointer(&first));
    return fd;
}

static bool too_many(const GError *error)
{
    return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_MFILE) ||
           g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NFILE);
}

static void explain(const struct task *task, const struct task_file *file, const GError *error,
                    struct failure *failure)
{
    if (too_many(error))
        fail(failure, FAIL_MEMORY,
             "%s; raise the limit of open files (ulimit -n) or use fewer jobs", error->message);
    else if (file->write || task->kind == TASK_VERIFY)
        fail(failure, FAIL_DISK, "%s", error->message);
    else if (file->used_by)
        fail(failure, FAIL_CONFIG, "%s (named by %s)", error->message, file->used_by);
    else
        fail(failure, FAIL_INPUT_DAMAGED, "%s", error->message);
}

static int open_sequence(const struct task_file *file, GError **error)
{
    g_auto(sequence_ptr) sequence = sequence_find(file->path, &file->sequence, error);
    return sequence ? sequence_list(sequence, error) : -1;
}

static int open_one(const struct task_file *file, GError **error)
{
    if (sequence_rule_is_set(&file->sequence))
        return open_sequence(file, error);
    return file->write ? open_part(file->path, error) : file_open_input(file->path, error);
}

int task_open_file(const struct task *task, unsigned index, struct failure *failure)
{
    const struct task_file *file = task->files->pdata[index];
    g_autoptr(GError) error = NULL;
    int fd = open_one(file, &error);
    if (fd < 0)
        explain(task, file, error, failure);
    return fd;
}
