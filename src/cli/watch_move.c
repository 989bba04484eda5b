/* SPDX-License-Identifier: GPL-3.0-or-later
 * --move: `done` and `failed`. */
#include "watch.h"

#include <sys/stat.h>

enum { DONE, FAILED };
const char *const watch_kept_folders[] = {[DONE] = "done", [FAILED] = "failed", NULL};

/* "…/a.mov", then "…/a-2.mov" and so on: the first name that is free. */
static char *free_name(const char *wanted)
{
    char *path = g_strdup(wanted);
    for (unsigned number = 2; g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK);
         number++) {
        g_free(path);
        path = path_numbered(wanted, number);
    }
    return path;
}

static void cannot(struct watch *watch, const struct plan_input *input, const char *why)
{
    g_autofree char *shown = path_display(input->path);
    watch_say(watch, "rushes: warning: %s stays where it is: %s", shown, why);
}

/* Before the move, so that there is no failed file without its reason. One that is there without
 * its file is left from a move that was cut off, and is replaced. */
static bool write_reason(struct watch *watch, const struct plan_input *input, const char *target,
                         const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strconcat(target, ".reason.txt", NULL);
    g_autofree char *folder = g_path_get_dirname(target);
    g_mkdir_with_parents(folder, 0777);
    if (file_write_atomic(path, reason, -1, &error))
        return true;
    cannot(watch, input, error->message);
    return false;
}

static bool is_unchanged(const struct plan_input *input)
{
    struct stat link;
    struct file_stamp now;
    return lstat(input->path, &link) == 0 && (S_ISREG(link.st_mode) || S_ISLNK(link.st_mode)) &&
           file_stamp_of(input->path, &now) && file_stamp_equal(&now, &input->stamp);
}

/* A rename and nothing else: a source is never copied and removed. */
static bool move(struct watch *watch, const struct plan_input *input, const char *target)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = path_display(target);
    bool moved = file_move(input->path, target, &error);
    if (moved)
        watch_say(watch, "rushes: moved to %s", shown);
    else
        cannot(watch, input, error->message);
    return moved;
}

/* Another file that comes under the same name later must be known as another. One that failed
 * leaves its place to a better copy of itself. */
static void move_delivered(struct watch *watch, const struct plan_input *input, const char *target)
{
    g_autoptr(GError) error = NULL;
    bool told = ledger_source_moves(watch->ledger, input->path, target, &error);
    if (told && !move(watch, input, target))
        told = ledger_source_moves(watch->ledger, target, input->path, &error);
    if (!told)
        cannot(watch, input, error->message);
}

void watch_move(struct watch *watch, const struct plan_input *input, const char *reason)
{
    if (!watch->args->move || !is_unchanged(input))
        return;
    const char *kept = watch_kept_folders[reason ? FAILED : DONE];
    g_autofree char *wanted = g_build_filename(input->root, kept, input->relative, NULL);
    g_autofree char *target = free_name(wanted);
    if (!reason)
        move_delivered(watch, input, target);
    else if (write_reason(watch, input, target, reason))
        move(watch, input, target);
}
