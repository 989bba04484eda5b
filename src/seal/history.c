/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder's ascmhl/: read whole, checked, and made longer. */
#include "seal/history.h"

#include "base/file.h"
#include "chain.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHAIN_NAME "ascmhl_chain.xml"

static const goffset largest = 1 << 29; /* of a manifest: two million files or so */

G_DEFINE_QUARK(seal - error - quark, seal_error)

static char *place_of(const struct history *history, const char *name)
{
    return g_build_filename(history->folder, SEAL_FOLDER, name, NULL);
}

bool history_is_there(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, SEAL_FOLDER, CHAIN_NAME, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Sets *error to "<path>: <text>"; always false. */
static bool broken(GError **error, const char *path, const char *text)
{
    g_autofree char *shown = path_display(path);
    g_clear_error(error);
    g_set_error(error, SEAL_ERROR, SEAL_ERROR_BROKEN, "%s: %s", shown, text);
    return false;
}

static bool size_is_sane(const char *path, GError **error)
{
    struct file_stamp stamp;
    if (file_stamp_of(path, &stamp) && stamp.size > largest)
        return broken(error, path, "it is larger than 512 MB: that is no list of files");
    return true;
}

/* A regular file of a sane size; NULL after *error. */
static char *read_small(const char *path, gsize *length, GError **error)
{
    char *text = NULL;
    int fd = size_is_sane(path, error) ? file_open_input(path, error) : -1;
    if (fd < 0)
        return NULL;
    close(fd);
    return g_file_get_contents(path, &text, length, error) ? text : NULL;
}

static void c4_of(const char *text, gsize length, struct digest_texts *out)
{
    struct digest_state *state = digest_begin(DIGEST_BIT(DIGEST_C4));
    digest_update(state, text, length);
    digest_end(state, out);
}

static struct seal_known *known_of(struct history *history, const char *path)
{
    struct seal_known *known = g_hash_table_lookup(history->known, path);
    if (!known) {
        known = g_new0(struct seal_known, 1);
        g_hash_table_insert(history->known, g_strdup(path), known);
    }
    return known;
}

static void know_hash(struct seal_known *known, const struct seal_hash *hash, guint generation)
{
    if (hash->action == SEAL_FAILED || known->formats & DIGEST_BIT(hash->format))
        return;
    known->formats |= DIGEST_BIT(hash->format);
    known->generation[hash->format] = generation;
    memcpy(known->texts.of[hash->format], hash->text, DIGEST_TEXT_SIZE);
}

static void rename_one(struct history *history, const char *from, const char *to)
{
    gpointer key = NULL, value = NULL;
    if (!g_hash_table_steal_extended(history->known, from, &key, &value))
        return;
    g_hash_table_insert(history->known, g_strdup(to), value);
    g_free(key);
}

static void rename_below(struct history *history, const char *from, const char *to)
{
    g_autofree char *head = g_strconcat(from, "/", NULL);
    g_autoptr(GList) paths = g_hash_table_get_keys(history->known);
    for (GList *at = paths; at; at = at->next)
        if (g_str_has_prefix(at->data, head)) {
            g_autofree char *new = g_strconcat(to, "/", (char *)at->data + strlen(head), NULL);
            rename_one(history, at->data, new);
        }
}

static void know_record(struct history *history, const struct seal_record *record, guint generation)
{
    if (record->previous && record->is_folder)
        rename_below(history, record->previous, record->path);
    else if (record->previous)
        rename_one(history, record->previous, record->path);
    if (record->is_folder)
        return;
    struct seal_known *known = known_of(history, record->path);
    for (guint i = 0; i < record->hashes->len; i++)
        know_hash(known, &g_array_index(record->hashes, struct seal_hash, i), generation);
}

static void know(struct history *history, struct manifest *manifest)
{
    g_ptr_array_add(history->generations, manifest);
    for (guint i = 0; i < manifest->records->len; i++)
        know_record(history, manifest->records->pdata[i], history->generations->len - 1);
}

static bool read_generation(struct history *history, guint index, GError **error)
{
    gsize length = 0;
    struct digest_texts c4;
    g_autofree char *path = place_of(history, history->names->pdata[index]);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return broken(error, path, "the chain names it, and it isn't there");
    g_autofree char *text = read_small(path, &length, error);
    if (!text)
        return false;
    c4_of(text, length, &c4);
    if (strcmp(c4.of[DIGEST_C4], history->checksums->pdata[index]) != 0)
        return broken(error, path,
                      "it isn't what the chain says it is: it was changed after it was written");
    g_autoptr(GError) wrong = NULL;
    struct manifest *manifest = manifest_from_text(text, length, &wrong);
    if (!manifest)
        return broken(error, path, wrong->message);
    know(history, manifest);
    return true;
}

static bool read_chain(struct history *history, GError **error)
{
    gsize length = 0;
    g_autofree char *path = place_of(history, CHAIN_NAME);
    g_autofree char *text = read_small(path, &length, error);
    g_autoptr(GError) wrong = NULL;
    if (!text)
        return false;
    return chain_read(history, text, length, &wrong) || broken(error, path, wrong->message);
}

static bool read_all(struct history *history, GError **error)
{
    g_autofree char *folder = g_build_filename(history->folder, SEAL_FOLDER, NULL);
    if (!history_is_there(history->folder))
        return !g_file_test(folder, G_FILE_TEST_EXISTS) ||
               broken(error, folder, "it has no " CHAIN_NAME);
    if (!read_chain(history, error))
        return false;
    for (guint i = 0; i < history->names->len; i++)
        if (!read_generation(history, i, error))
            return false;
    return true;
}

static void destroy_manifest(void *manifest)
{
    manifest_destroy(manifest);
}

struct history *history_open(const char *folder, GError **error)
{
    struct history *history = g_new0(struct history, 1);
    history->folder = g_canonicalize_filename(folder, NULL);
    history->names = g_ptr_array_new_with_free_func(g_free);
    history->checksums = g_ptr_array_new_with_free_func(g_free);
    history->generations = g_ptr_array_new_with_free_func(destroy_manifest);
    history->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (read_all(history, error))
        return history;
    history_destroy(history);
    return NULL;
}

void history_destroy(struct history *history)
{
    if (!history)
        return;
    g_free(history->folder);
    g_ptr_array_unref(history->names);
    g_ptr_array_unref(history->checksums);
    g_ptr_array_unref(history->generations);
    g_hash_table_unref(history->known);
    g_free(history);
}

const struct seal_known *history_find(const struct history *history, const char *path)
{
    return g_hash_table_lookup(history->known, path);
}

char *history_place(const struct history *history, guint generation)
{
    const struct manifest *manifest = history->generations->pdata[generation];
    return g_strdup_printf(SEAL_FOLDER "/%s of %s", (const char *)history->names->pdata[generation],
                           manifest->created ? manifest->created : "an unknown time");
}

static const GPtrArray *written_patterns(const struct history *history)
{
    for (guint i = history->generations->len; i > 0; i--) {
        const struct manifest *manifest = history->generations->pdata[i - 1];
        if (manifest->ignored->len)
            return manifest->ignored;
    }
    return NULL;
}

static void add_pattern(GPtrArray *to, const char *pattern)
{
    if (!g_ptr_array_find_with_equal_func(to, pattern, g_str_equal, NULL))
        g_ptr_array_add(to, g_strdup(pattern));
}

GPtrArray *history_ignored(const struct history *history, const char *const *more)
{
    static const char *const usual[] = {".DS_Store", SEAL_FOLDER, SEAL_FOLDER "/", ".rushes/"};
    GPtrArray *patterns = g_ptr_array_new_with_free_func(g_free);
    const GPtrArray *written = written_patterns(history);
    for (guint i = 0; written && i < written->len; i++)
        add_pattern(patterns, written->pdata[i]);
    for (unsigned i = 0; !written && i < G_N_ELEMENTS(usual); i++)
        add_pattern(patterns, usual[i]);
    for (; more && *more; more++)
        add_pattern(patterns, *more);
    return patterns;
}

static char *name_generation(const struct history *history, int64_t began_s)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(began_s);
    g_autofree char *stamp = g_date_time_format(time, "%Y-%m-%d_%H%M%SZ");
    g_autofree char *base = g_path_get_basename(history->folder);
    g_autofree char *shown = path_display(strcmp(base, "/") == 0 ? "root" : base);
    return g_strdup_printf("%04u_%s_%s.mhl", history->names->len + 1, shown, stamp);
}

static bool make_folder(const struct history *history, GError **error)
{
    g_autofree char *folder = g_build_filename(history->folder, SEAL_FOLDER, NULL);
    if (g_mkdir_with_parents(folder, 0755) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "can't make %s: %s",
                folder, g_strerror(errno));
    return false;
}

bool history_append(struct history *history, struct manifest *manifest, GError **error)
{
    struct digest_texts c4;
    g_autofree char *name = name_generation(history, manifest->created_s);
    g_autofree char *path = place_of(history, name);
    g_autofree char *text = manifest_to_text(manifest);
    g_autofree char *chain_path = place_of(history, CHAIN_NAME);
    know(history, manifest);
    c4_of(text, strlen(text), &c4);
    g_ptr_array_add(history->names, g_steal_pointer(&name));
    g_ptr_array_add(history->checksums, g_strdup(c4.of[DIGEST_C4]));
    g_autofree char *chain = chain_text(history);
    return make_folder(history, error) && file_write_atomic(path, text, -1, error) &&
           file_write_atomic(chain_path, chain, -1, error);
}
