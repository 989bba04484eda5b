/* SPDX-License-Identifier: GPL-3.0-or-later
 * The world as the planner asks about it. */
#include "world.h"

#include "base/bundle.h"

#include <string.h>
#include <unistd.h>

static enum place place(void *self, const char *path, struct file_stamp *stamp)
{
    const struct world *world = self;
    g_autofree char *full = g_build_filename(world->out_dir, path, NULL);
    struct stat st;
    if (lstat(full, &st) != 0)
        return PLACE_FREE;
    if (sources_have(world->sources, full, &st))
        return PLACE_SOURCE;
    if (S_ISREG(st.st_mode) || !file_stamp_of(full, stamp))
        *stamp = file_stamp_from(&st);
    return S_ISLNK(st.st_mode) ? PLACE_LINK : S_ISDIR(st.st_mode) ? PLACE_FOLDER : PLACE_FILE;
}

static bool stamp_of(void *self, const char *path, struct file_stamp *stamp)
{
    (void)self;
    return file_stamp_of(path, stamp);
}

static bool hash_file(const char *path, char hash[HASH_TEXT_SIZE])
{
    int fd = file_open_input(path, NULL);
    bool fine = fd >= 0 && hash_fd(fd, NULL, NULL, hash);
    if (fd >= 0)
        close(fd);
    return fine;
}

static bool unchanged(void *self, const char *path, const struct known_output *known,
                      const struct file_stamp *stamp)
{
    const struct world *world = self;
    g_autofree char *full = g_build_filename(world->out_dir, path, NULL);
    char hash[HASH_TEXT_SIZE];
    bool folder = g_file_test(full, G_FILE_TEST_IS_DIR);
    if (!(folder ? folder_hash : hash_file)(full, hash) || strcmp(hash, known->hash) != 0)
        return false;
    ledger_restamp(world->ledger, path, stamp);
    return true;
}

static bool known(void *self, const char *path, struct known_output *out)
{
    return ledger_known_output(((struct world *)self)->ledger, path, out);
}

static char *twin(void *self, const struct plan_output *planned)
{
    return ledger_twin(((struct world *)self)->ledger, planned);
}

static struct result *finished(void *self, const struct plan_output *planned, char **part)
{
    return ledger_finished(((struct world *)self)->ledger, planned, part);
}

static struct node *measurement(void *self, const char *key)
{
    return ledger_measurement(((struct world *)self)->ledger, key);
}

static struct learned learned(void *self, const char *cost_key)
{
    return ledger_learned(((struct world *)self)->ledger, cost_key);
}

/* The content hash of a file a step names, remembered by its stamp. NULL when unreadable. */
static char *content_hash(struct world *world, const char *path)
{
    struct file_stamp stamp;
    if (!file_stamp_of(path, &stamp))
        return NULL;
    char *remembered = ledger_file_hash(world->ledger, path, &stamp);
    if (remembered)
        return remembered;
    bool racy = file_stamp_is_racy(&stamp, g_get_real_time());
    char hash[HASH_TEXT_SIZE];
    if (!hash_file(path, hash))
        return NULL;
    if (!racy)
        ledger_put_file_hash(world->ledger, path, &stamp, hash, NULL);
    return g_strdup(hash);
}

static char *find_file(void *self, const char *name, const char *pipeline_file, const char *root,
                       char **hash)
{
    g_autofree char *pipeline = g_canonicalize_filename(pipeline_file, NULL);
    g_autofree char *beside = g_path_get_dirname(pipeline);
    const char *folders[] = {beside, root};
    for (unsigned i = 0; i < G_N_ELEMENTS(folders); i++) {
        char *path = g_canonicalize_filename(name, folders[i]);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && (*hash = content_hash(self, path)))
            return path;
        g_free(path);
    }
    return NULL;
}

static char *read_file(void *self, const char *path, gsize most, gsize *length)
{
    (void)self;
    struct file_stamp stamp;
    char *text = NULL;
    if (file_stamp_of(path, &stamp) && stamp.size <= (int64_t)most)
        g_file_get_contents(path, &text, length, NULL);
    return text;
}

struct plan_world world_seam(struct world *world)
{
    return (struct plan_world){.self = world,
                               .place = place,
                               .stamp_of = stamp_of,
                               .known = known,
                               .unchanged = unchanged,
                               .finished = finished,
                               .measurement = measurement,
                               .learned = learned,
                               .find_file = find_file,
                               .twin = twin,
                               .read_file = read_file};
}
