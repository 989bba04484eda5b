/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder's ascmhl/: read whole, checked, and made longer. */
#include "seal/history.h"

#include "base/file.h"
#include "chain.h"
#include "xml.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define CHAIN_NAME "ascmhl_chain.xml"

static const goffset largest = 1 << 29; /* of a manifest: two million files or so */

static const gsize most_renaming = (gsize)8 << 30; /* bytes looked at: some ten seconds */
static const gsize most_renamed = 1 << 29;         /* bytes of renamed paths */

enum {
    MOST_FILES = 4 << 20,
    NAME_BYTES = 200 /* of the folder, in a manifest's name: NAME_MAX is 255 */
};

G_DEFINE_QUARK(seal - error - quark, seal_error)

static char *place_of(const struct history *history, const char *name)
{
    return g_build_filename(history->folder, SEAL_FOLDER, name, NULL);
}

static bool has_chain(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, SEAL_FOLDER, CHAIN_NAME, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool has_manifest(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, SEAL_FOLDER, NULL);
    g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
    for (const char *name; entries && (name = g_dir_read_name(entries));)
        if (g_str_has_suffix(name, ".mhl"))
            return true;
    return false;
}

bool history_is_there(const char *folder)
{
    return has_chain(folder) || has_manifest(folder);
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

/* The path something has after a generation's renames (from → to), by its own or by the folders it
 * is in, the lowest first; NULL when none is of it. */
static char *renamed(struct history *history, GHashTable *renames, const char *path)
{
    g_autofree char *above = g_strdup(path);
    for (char *end = above + strlen(above); end; end = strrchr(above, '/')) {
        *end = '\0';
        history->renaming += (gsize)(end - above) + 1;
        const char *to = g_hash_table_lookup(renames, above);
        if (to)
            return g_strconcat(to, path + (end - above), NULL);
    }
    return NULL;
}

static bool too_large(GError **error, const char *what)
{
    return xml_wrong(error, "%s; no seal that a program wrote is like that", what);
}

/* `of`, a table by path, becomes one by the new paths. */
static bool rename_keys(struct history *history, GHashTable *renames, GHashTable *of,
                        GError **error)
{
    GHashTableIter at;
    gpointer path, value;
    gsize bytes = 0;
    g_autoptr(GPtrArray) moved = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    bool fine = true;
    g_hash_table_iter_init(&at, of);
    while (fine && g_hash_table_iter_next(&at, &path, &value)) {
        char *to = renamed(history, renames, path);
        fine = history->renaming < most_renaming;
        if (!to)
            continue;
        bytes += strlen(to);
        fine &= strlen(to) < PATH_MAX && bytes < most_renamed;
        g_ptr_array_add(moved, to);
        g_ptr_array_add(values, value);
        g_free(path);
        g_hash_table_iter_steal(&at);
    }
    for (guint i = 0; i < moved->len; i++)
        g_hash_table_insert(of, g_steal_pointer(&moved->pdata[i]), values->pdata[i]);
    return fine ||
           too_large(error, "its renamed folders are too many, or make paths that are too long");
}

static bool know_renames(struct history *history, const struct manifest *manifest, GError **error)
{
    g_autoptr(GHashTable) renames = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < manifest->records->len; i++) {
        const struct seal_record *record = manifest->records->pdata[i];
        if (record->previous)
            g_hash_table_insert(renames, record->previous, record->path);
    }
    return !g_hash_table_size(renames) ||
           (rename_keys(history, renames, history->known, error) &&
            rename_keys(history, renames, history->references, error));
}

static void know_file(struct history *history, const struct seal_record *record, guint generation)
{
    struct seal_known *known = known_of(history, record->path);
    if (record->foreign)
        g_strlcpy(known->foreign, record->foreign, sizeof known->foreign);
    for (guint i = 0; i < record->hashes->len; i++)
        know_hash(known, &g_array_index(record->hashes, struct seal_hash, i), generation);
}

static void reference_free(void *data)
{
    struct seal_reference *reference = data;
    g_free(reference->path);
    g_free(reference);
}

/* "A002/ascmhl/0002_A002.mhl" is of the folder A002. */
static void know_reference(struct history *history, const struct seal_reference *reference)
{
    struct seal_reference *known = g_new0(struct seal_reference, 1);
    g_autofree char *beside = g_path_get_dirname(reference->path);
    *known = *reference;
    known->path = g_strdup(reference->path);
    g_hash_table_insert(history->references, g_path_get_dirname(beside), known);
}

static bool know(struct history *history, const struct manifest *manifest, GError **error)
{
    guint generation = history->created->len;
    const char *created = manifest->created ? manifest->created : "an unknown time";
    g_ptr_array_add(history->created, g_strdup(created));
    if (!know_renames(history, manifest, error))
        return false;
    for (guint i = 0; i < manifest->records->len; i++) {
        const struct seal_record *record = manifest->records->pdata[i];
        if (!record->is_folder)
            know_file(history, record, generation);
    }
    for (guint i = 0; i < manifest->references->len; i++)
        know_reference(history, manifest->references->pdata[i]);
    return g_hash_table_size(history->known) <= MOST_FILES ||
           too_large(error, "it names more than four million files");
}

static void keep_newest(struct history *history, struct manifest *manifest)
{
    g_hash_table_remove_all(history->folders);
    manifest_destroy(history->newest);
    history->newest = manifest;
    for (guint i = 0; i < manifest->records->len; i++) {
        struct seal_record *record = manifest->records->pdata[i];
        if (record->is_folder)
            g_hash_table_insert(history->folders, record->path, record->hashes);
    }
    if (!manifest->ignored->len)
        return;
    g_clear_pointer(&history->ignored, g_ptr_array_unref);
    history->ignored = g_ptr_array_ref(manifest->ignored);
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
    g_auto(manifest_ptr) manifest = manifest_from_text(text, length, &wrong);
    if (!manifest || !know(history, manifest, &wrong))
        return broken(error, path, wrong->message);
    keep_newest(history, g_steal_pointer(&manifest));
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

static bool goes_on(const struct digest_ear *ear, GError **error)
{
    if (!ear || ear->read(ear->self, 0))
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
    return false;
}

static bool read_all(struct history *history, const struct digest_ear *ear, GError **error)
{
    g_autofree char *folder = g_build_filename(history->folder, SEAL_FOLDER, NULL);
    if (!has_chain(history->folder))
        return !g_file_test(folder, G_FILE_TEST_EXISTS) ||
               broken(error, folder, "it has no " CHAIN_NAME);
    if (!read_chain(history, error))
        return false;
    for (guint i = 0; i < history->names->len; i++)
        if (!goes_on(ear, error) || !read_generation(history, i, error))
            return false;
    return true;
}

struct history *history_open(const char *folder, const struct digest_ear *ear, GError **error)
{
    struct history *history = g_new0(struct history, 1);
    history->folder = g_canonicalize_filename(folder, NULL);
    history->names = g_ptr_array_new_with_free_func(g_free);
    history->checksums = g_ptr_array_new_with_free_func(g_free);
    history->created = g_ptr_array_new_with_free_func(g_free);
    history->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    history->folders = g_hash_table_new(g_str_hash, g_str_equal);
    history->references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, reference_free);
    if (read_all(history, ear, error))
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
    g_ptr_array_unref(history->created);
    g_clear_pointer(&history->ignored, g_ptr_array_unref);
    g_hash_table_unref(history->folders);
    manifest_destroy(history->newest);
    g_hash_table_unref(history->known);
    g_hash_table_unref(history->references);
    g_free(history);
}

const struct seal_known *history_find(const struct history *history, const char *path)
{
    const struct seal_known *known = g_hash_table_lookup(history->known, path);
    return known && known->formats ? known : NULL;
}

const char *history_foreign(const struct history *history, const char *path)
{
    const struct seal_known *known = g_hash_table_lookup(history->known, path);
    return known && !known->formats && *known->foreign ? known->foreign : NULL;
}

const GArray *history_folder(const struct history *history, const char *path)
{
    if (!*path)
        return history->newest ? history->newest->root : NULL;
    return g_hash_table_lookup(history->folders, path);
}

char *history_place(const struct history *history, guint generation)
{
    return g_strdup_printf(SEAL_FOLDER "/%s of %s", (const char *)history->names->pdata[generation],
                           (const char *)history->created->pdata[generation]);
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
    for (guint i = 0; history->ignored && i < history->ignored->len; i++)
        add_pattern(patterns, history->ignored->pdata[i]);
    for (unsigned i = 0; i < G_N_ELEMENTS(usual); i++)
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
    if (strlen(shown) > NAME_BYTES)
        *g_utf8_find_prev_char(shown, shown + NAME_BYTES) = '\0';
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

/* A folder's descriptor, whose closing gives it free; -1 where there are no locks. */
static int lock(const struct history *history)
{
    int fd = open(history->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
        ;
    return fd;
}

static bool read_chain_again(struct history *history, GError **error)
{
    g_ptr_array_set_size(history->names, 0);
    g_ptr_array_set_size(history->checksums, 0);
    return !has_chain(history->folder) || read_chain(history, error);
}

static bool write_new(const char *path, const char *text, GError **error)
{
    g_autofree char *token = g_strdup_printf("seal-%d", (int)getpid());
    g_autofree char *part = part_path(path, token);
    int fd = part_create(part, error);
    if (fd < 0)
        return false;
    bool fine = file_write_all(fd, text, strlen(text));
    if (!fine)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "can't write %s: %s",
                    path, g_strerror(errno));
    close(fd);
    fine = fine && part_publish(part, path, PUBLISH_NEW, error);
    if (!fine)
        unlink(part);
    return fine;
}

static bool append(struct history *history, const struct manifest *manifest, GError **error)
{
    struct digest_texts c4;
    if (!read_chain_again(history, error))
        return false;
    g_autofree char *name = name_generation(history, manifest->created_s);
    g_autofree char *path = place_of(history, name);
    g_autofree char *text = manifest_to_text(manifest);
    g_autofree char *chain_path = place_of(history, CHAIN_NAME);
    c4_of(text, strlen(text), &c4);
    g_ptr_array_add(history->names, g_steal_pointer(&name));
    g_ptr_array_add(history->checksums, g_strdup(c4.of[DIGEST_C4]));
    g_autofree char *chain = chain_text(history);
    return make_folder(history, error) && write_new(path, text, error) &&
           file_write_atomic(chain_path, chain, -1, error);
}

bool history_append(struct history *history, struct manifest *manifest, GError **error)
{
    int fd = lock(history);
    bool fine = append(history, manifest, error);
    if (fd >= 0)
        close(fd);
    manifest_destroy(manifest);
    return fine;
}
