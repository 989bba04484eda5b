/* SPDX-License-Identifier: GPL-3.0-or-later
 * What has arrived in a watched folder. */
#include "watch/arrivals.h"

#include "watch/span.h"

#include <string.h>

struct file {
    char *path, *group;
    struct file_stamp stamp;
    int64_t since_us; /* the first look that found this stamp */
    int64_t not_before_us;
    bool network, unfinished;
    bool was_taken;
    struct file_stamp taken; /* in this state */
    unsigned look;           /* that saw it last */
};

struct arrivals {
    int64_t settle_us, now_us;
    unsigned look;
    GHashTable *files; /* path → struct file; a part file has the key "path//" */
};

static void file_free(void *data)
{
    struct file *file = data;
    g_free(file->path);
    g_free(file->group);
    g_free(file);
}

struct arrivals *arrivals_create(int64_t settle_us)
{
    struct arrivals *arrivals = g_new0(struct arrivals, 1);
    arrivals->settle_us = settle_us;
    arrivals->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
    return arrivals;
}

void arrivals_destroy(struct arrivals *arrivals)
{
    if (!arrivals)
        return;
    g_hash_table_unref(arrivals->files);
    g_free(arrivals);
}

void arrivals_look(struct arrivals *arrivals, int64_t now_us)
{
    arrivals->now_us = now_us;
    arrivals->look++;
}

static struct file *file_new(const struct sighting *sighting)
{
    struct file *file = g_new0(struct file, 1);
    file->path = g_strdup(sighting->path);
    file->group = span_group(sighting->path, sighting->root);
    file->unfinished = sighting->unfinished;
    return file;
}

void arrivals_see(struct arrivals *arrivals, const struct sighting *sighting)
{
    g_autofree char *key = g_strconcat(sighting->path, sighting->unfinished ? "//" : "", NULL);
    struct file *file = g_hash_table_lookup(arrivals->files, key);
    bool known = file;
    if (!known) {
        file = file_new(sighting);
        g_hash_table_insert(arrivals->files, g_steal_pointer(&key), file);
    }
    if (!known || !file_stamp_equal(&file->stamp, &sighting->stamp)) {
        file->stamp = sighting->stamp;
        file->since_us = arrivals->now_us;
        file->not_before_us = 0;
    }
    file->network = sighting->network;
    file->look = arrivals->look;
}

static bool is_taken(const struct file *file)
{
    return file->was_taken && file_stamp_equal(&file->stamp, &file->taken);
}

static int64_t settled_at_us(const struct arrivals *arrivals, const struct file *file)
{
    if (file->unfinished)
        return file->since_us + (int64_t)ARRIVALS_UNFINISHED_S * G_USEC_PER_SEC;
    int seconds = file->network ? ARRIVALS_NETWORK_SETTLE_S : ARRIVALS_SETTLE_S;
    int64_t settle_us = arrivals->settle_us ? arrivals->settle_us : seconds * G_USEC_PER_SEC;
    return file->since_us + settle_us * (file->stamp.size ? 1 : ARRIVALS_EMPTY_FACTOR);
}

static bool is_settled(const struct arrivals *arrivals, const struct file *file)
{
    return arrivals->now_us >= settled_at_us(arrivals, file);
}

static gboolean is_gone(void *key, void *value, void *arrivals)
{
    return ((struct file *)value)->look != ((struct arrivals *)arrivals)->look;
}

/* Groups with a member that is still coming. */
static GHashTable *groups_held(const struct arrivals *arrivals)
{
    GHashTable *held = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    void *value;
    g_hash_table_iter_init(&iter, arrivals->files);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct file *file = value;
        if (!is_taken(file) && !is_settled(arrivals, file))
            g_hash_table_add(held, file->group);
    }
    return held;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *arrivals_ready(struct arrivals *arrivals)
{
    g_hash_table_foreach_remove(arrivals->files, is_gone, arrivals);
    g_autoptr(GHashTable) held = groups_held(arrivals);
    GPtrArray *ready = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    void *value;
    g_hash_table_iter_init(&iter, arrivals->files);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct file *file = value;
        if (!file->unfinished && !is_taken(file) && arrivals->now_us >= file->not_before_us &&
            !g_hash_table_contains(held, file->group))
            g_ptr_array_add(ready, g_strdup(file->path));
    }
    g_ptr_array_sort(ready, by_text);
    return ready;
}

void arrivals_taken(struct arrivals *arrivals, const char *path, const struct file_stamp *stamp)
{
    struct file *file = g_hash_table_lookup(arrivals->files, path);
    if (!file)
        return;
    file->was_taken = true;
    file->taken = *stamp;
}

void arrivals_busy(struct arrivals *arrivals, const char *path)
{
    struct file *file = g_hash_table_lookup(arrivals->files, path);
    if (file)
        file->since_us = arrivals->now_us;
}

void arrivals_later(struct arrivals *arrivals, const char *path, int64_t at_us)
{
    struct file *file = g_hash_table_lookup(arrivals->files, path);
    if (file)
        file->not_before_us = at_us;
}

int64_t arrivals_next_us(const struct arrivals *arrivals)
{
    int64_t next_us = INT64_MAX;
    GHashTableIter iter;
    void *value;
    g_hash_table_iter_init(&iter, arrivals->files);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct file *file = value;
        int64_t at_us = MAX(settled_at_us(arrivals, file), file->not_before_us);
        if (!is_taken(file) && at_us > arrivals->now_us)
            next_us = MIN(next_us, at_us);
    }
    return next_us;
}
