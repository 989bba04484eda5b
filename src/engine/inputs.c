/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a task read what it was planned for: the stamps of its inputs before and after. */
#include "local.h"

#include "base/file.h"

struct seen {
    char *path;
    struct sequence_rule sequence;
    struct file_stamp stamp;
};

static void seen_clear(void *at)
{
    g_free(((struct seen *)at)->path);
}

static bool is_known(const struct file_stamp *stamp)
{
    return stamp->inode != 0;
}

static bool is_same(const struct seen *seen, struct failure *failure)
{
    struct file_stamp now;
    g_autofree char *name = path_display(seen->path);
    if (!sequence_stamp_of(seen->path, &seen->sequence, &now))
        return fail(failure, FAIL_INPUT_DAMAGED, "%s is not there any more", name);
    return file_stamp_equal(&now, &seen->stamp) ||
           fail(failure, FAIL_INPUT_DAMAGED,
                "%s changed while it was read: run again when it is whole", name);
}

GArray *inputs_see(const struct task *task)
{
    GArray *inputs = g_array_new(FALSE, FALSE, sizeof(struct seen));
    g_array_set_clear_func(inputs, seen_clear);
    for (guint i = 0; i < task->files->len; i++) {
        const struct task_file *file = task->files->pdata[i];
        struct seen seen = {.sequence = file->sequence, .stamp = file->stamp};
        bool own = file->write || (task->kind == TASK_VERIFY && i == 0);
        if (own || (!is_known(&seen.stamp) &&
                    !sequence_stamp_of(file->path, &file->sequence, &seen.stamp)))
            continue;
        seen.path = g_strdup(file->path);
        g_array_append_val(inputs, seen);
    }
    return inputs;
}

bool inputs_same(const GArray *inputs, struct failure *failure)
{
    for (guint i = 0; i < inputs->len; i++)
        if (!is_same(&g_array_index(inputs, struct seen, i), failure))
            return false;
    return true;
}
