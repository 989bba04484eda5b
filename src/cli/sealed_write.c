/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outputs into the seal of their folder. */
#include "sealed.h"

#include "base/digest.h"
#include "provenance.h"
#include "seal/history.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct published {
    char *path; /* below the output folder */
    char hash[DIGEST_TEXT_SIZE];
    struct file_stamp stamp;
};

static bool read_hash(const char *full, enum digest_format format, char hash[DIGEST_TEXT_SIZE],
                      GError **error)
{
    struct digest_texts texts;
    bool fine = digest_file(full, DIGEST_BIT(format), NULL, &texts, error);
    if (fine)
        memcpy(hash, texts.of[format], DIGEST_TEXT_SIZE);
    return fine;
}

/* What the ledger published and is still what it was; a folder's files are read. */
static bool add(const struct session *session, GArray *files, const char *path, const char *hash,
                GError **error)
{
    struct published file = {.path = NULL};
    g_autofree char *full = g_build_filename(session->out_dir, path, NULL);
    if (!file_stamp_of(full, &file.stamp))
        return true;
    if (hash)
        g_strlcpy(file.hash, hash, sizeof file.hash);
    else if (!read_hash(full, DIGEST_XXH128, file.hash, error))
        return false;
    file.path = g_strdup(path);
    g_array_append_val(files, file);
    return true;
}

static bool add_folder(const struct session *session, GArray *files,
                       const struct plan_output *output, GError **error)
{
    bool fine = true;
    g_autoptr(GDir) dir = g_dir_open(output->final, 0, NULL);
    for (const char *name; fine && dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(output->path, name, NULL);
        fine = *name == '.' || add(session, files, path, NULL, error);
    }
    return fine;
}

static bool add_output(const struct session *session, GArray *files,
                       const struct plan_output *output, GError **error)
{
    struct known_output known = {0};
    struct file_stamp stamp;
    if (!output->path || !ledger_known_output(session->ledger, output->path, &known))
        return true;
    bool ours = file_stamp_of(output->final, &stamp) && file_stamp_equal(&stamp, &known.stamp);
    bool fine = !ours           ? true
                : output->files ? add_folder(session, files, output, error)
                                : add(session, files, output->path, known.hash, error);
    g_autofree char *sidecar = g_strconcat(output->path, PROVENANCE_SUFFIX, NULL);
    fine = fine && (!ours || add(session, files, sidecar, NULL, error));
    known_output_clear(&known);
    return fine;
}

static void clear_published(void *data)
{
    g_free(((struct published *)data)->path);
}

/* In xxh128, which is known of the file, or, where the seal has none, in a format it has: the file
 * is read for that. */
static bool compare(const struct history *history, const struct published *file, bool *differs,
                    GError **error)
{
    char hash[DIGEST_TEXT_SIZE];
    const struct seal_known *known = history_find(history, file->path);
    int format = known ? digest_quickest(known->formats) : -1;
    g_autofree char *full = g_build_filename(history->folder, file->path, NULL);
    memcpy(hash, file->hash, sizeof hash);
    if (format >= 0 && format != DIGEST_XXH128 &&
        !read_hash(full, (enum digest_format)format, hash, error))
        return false;
    *differs |=
        format >= 0 && !digest_equal((enum digest_format)format, known->texts.of[format], hash);
    return true;
}

static void record(struct manifest *manifest, const struct published *file)
{
    struct seal_hash hash = {.format = DIGEST_XXH128, .action = SEAL_ORIGINAL};
    struct seal_record *made = manifest_add(manifest, g_strdup(file->path), false);
    made->size = file->stamp.size;
    made->modified_s = file->stamp.mtime_ns / 1000000000;
    memcpy(hash.text, file->hash, sizeof hash.text);
    g_array_append_val(made->hashes, hash);
}

/* What a seal that is given up says of files that aren't `files`. */
static void record_others(struct manifest *manifest, const struct history *old,
                          const GHashTable *ours)
{
    g_autoptr(GList) paths = g_hash_table_get_keys(old->known);
    paths = g_list_sort(paths, (GCompareFunc)strcmp);
    for (GList *at = paths; at; at = at->next) {
        const struct seal_known *known = history_find(old, at->data);
        if (!known || g_hash_table_contains((GHashTable *)ours, at->data))
            continue;
        struct seal_record *made = manifest_add(manifest, g_strdup(at->data), false);
        for (int i = 0; i < DIGEST_COUNT; i++) {
            struct seal_hash hash = {.format = (enum digest_format)i, .action = SEAL_ORIGINAL};
            if (!(known->formats & DIGEST_BIT(i)))
                continue;
            memcpy(hash.text, known->texts.of[i], sizeof hash.text);
            g_array_append_val(made->hashes, hash);
        }
    }
}

static bool give_up(const struct session *session, GError **error)
{
    g_autofree char *from = g_build_filename(session->out_dir, SEAL_FOLDER, NULL);
    g_autofree char *to = g_build_filename(session->run_dir, SEAL_FOLDER, NULL);
    return file_move(from, to, error);
}

static bool append(struct history *history, struct manifest *manifest, GError **error)
{
    g_autoptr(GPtrArray) patterns = history_ignored(history, NULL);
    for (guint i = 0; i < patterns->len; i++)
        g_ptr_array_add(manifest->ignored, g_strdup(patterns->pdata[i]));
    if (manifest->records->len)
        return history_append(history, manifest, error);
    manifest_destroy(manifest);
    return true;
}

static bool seal(const struct session *session, const GArray *files, GError **error)
{
    bool begins_anew = false;
    g_autoptr(GHashTable) ours = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(history_ptr) history = history_open(session->out_dir, NULL, error);
    if (!history)
        return false;
    for (guint i = 0; i < files->len; i++) {
        const struct published *file = &g_array_index(files, struct published, i);
        if (!compare(history, file, &begins_anew, error))
            return false;
        g_hash_table_add(ours, file->path);
    }
    struct manifest *manifest = manifest_create(g_get_real_time() / G_USEC_PER_SEC);
    for (guint i = 0; i < files->len; i++) {
        const struct published *file = &g_array_index(files, struct published, i);
        if (begins_anew || !history_find(history, file->path))
            record(manifest, file);
    }
    if (!begins_anew)
        return append(history, manifest, error);
    record_others(manifest, history, ours);
    g_auto(history_ptr) fresh =
        give_up(session, error) ? history_open(session->out_dir, NULL, error) : NULL;
    if (fresh)
        return append(fresh, manifest, error);
    manifest_destroy(manifest);
    return false;
}

bool sealed_write(const struct session *session, GError **error)
{
    bool fine = true;
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(struct published));
    g_array_set_clear_func(files, clear_published);
    for (guint i = 0; fine && i < session->plan->outputs->len; i++)
        fine = add_output(session, files, session->plan->outputs->pdata[i], error);
    return fine && seal(session, files, error);
}
