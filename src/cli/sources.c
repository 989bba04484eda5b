/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which files the inputs are. */
#include "sources.h"

struct sources {
    GHashTable *files; /* struct file_stamp, of which device and inode count */
};

static guint file_hash(const void *file)
{
    const struct file_stamp *stamp = file;
    const gint64 mixed = (gint64)(stamp->inode ^ stamp->device << 32);
    return g_int64_hash(&mixed);
}

static gboolean file_equal(const void *one, const void *other)
{
    return file_stamp_is_of(one, other);
}

static void add(struct sources *sources, const char *path)
{
    struct file_stamp stamp;
    if (file_stamp_of(path, &stamp))
        g_hash_table_add(sources->files, g_memdup2(&stamp, sizeof stamp));
}

static void add_pictures(struct sources *sources, const struct plan_input *input)
{
    g_auto(sequence_ptr) sequence = sequence_find(input->path, &input->sequence, NULL);
    for (guint i = 0; sequence && i < sequence->names->len; i++) {
        g_autofree char *path = sequence->names->pdata[i] ? sequence_file(sequence, i) : NULL;
        if (path)
            add(sources, path);
    }
}

struct sources *sources_of(const GPtrArray *inputs)
{
    struct sources *sources = g_new(struct sources, 1);
    sources->files = g_hash_table_new_full(file_hash, file_equal, g_free, NULL);
    for (guint i = 0; i < inputs->len; i++) {
        const struct plan_input *input = inputs->pdata[i];
        if (sequence_rule_is_set(&input->sequence))
            add_pictures(sources, input);
        else if (input->stamp.inode)
            g_hash_table_add(sources->files, g_memdup2(&input->stamp, sizeof input->stamp));
    }
    return sources;
}

void sources_free(struct sources *sources)
{
    if (sources)
        g_hash_table_unref(sources->files);
    g_free(sources);
}

static bool has(const struct sources *sources, const struct stat *st)
{
    const struct file_stamp stamp = file_stamp_from(st);
    return g_hash_table_contains(sources->files, &stamp);
}

bool sources_have(const struct sources *sources, const char *path, const struct stat *st)
{
    bool found = has(sources, st), may_hold = S_ISDIR(st->st_mode) || S_ISLNK(st->st_mode);
    g_autoptr(GDir) folder = !found && may_hold ? g_dir_open(path, 0, NULL) : NULL;
    for (const char *name; !found && folder && (name = g_dir_read_name(folder));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        struct stat entry;
        found = lstat(below, &entry) == 0 && has(sources, &entry);
    }
    return found;
}
