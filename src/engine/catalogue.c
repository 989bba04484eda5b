/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker's catalogue, asked for once. It holds while the worker and the system's libraries
 * stay as they are: /etc/ld.so.cache is rewritten whenever a library is installed. */
#include "model/catalogue.h"
#include "base/file.h"
#include "base/hash.h"
#include "local.h"

static void hash_stamp(hash_state *state, const char *path)
{
    struct file_stamp stamp;
    g_autofree char *text = file_stamp_of(path, &stamp) ? file_stamp_text(&stamp) : NULL;
    hash_text(state, path);
    hash_text(state, text);
}

static char *cache_path(const char *worker)
{
    char digest[HASH_TEXT_SIZE];
    g_autoptr(hash_state) state = hash_create();
    hash_stamp(state, worker);
    hash_stamp(state, "/etc/ld.so.cache");
    hash_finish(state, digest);
    g_autofree char *name = g_strconcat("catalogue-", digest, ".json", NULL);
    return g_build_filename(g_get_user_cache_dir(), "rushes", name, NULL);
}

static char *ask(const char *worker, GError **error)
{
    const char *const argv[] = {worker, "--catalogue", NULL};
    g_autofree char *text = NULL;
    int status;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL, &status,
                      error) ||
        !g_spawn_check_wait_status(status, error)) {
        g_prefix_error(error, "%s --catalogue: ", worker);
        return NULL;
    }
    g_auto(catalogue_ptr) catalogue = catalogue_from_text(text, -1, error);
    return catalogue ? g_steal_pointer(&text) : NULL;
}

/* A cache that can't be written costs the next start a moment, no more. */
static void remember(const char *path, const char *text)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, 0777) == 0)
        file_write_atomic(path, text, -1, NULL);
}

char *engine_catalogue_text(const char *worker, GError **error)
{
    g_autofree char *found = worker_find(worker, error);
    if (!found)
        return NULL;
    g_autofree char *path = cache_path(found);
    char *text = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL))
        return text;
    text = ask(found, error);
    if (text)
        remember(path, text);
    return text;
}
