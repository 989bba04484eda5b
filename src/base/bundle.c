/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bundles: written, and read back with nothing taken on trust. */
#include "base/bundle.h"

#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[BUNDLE_MAGIC + 1] = "rushes bundle 1\n";
enum { TRAILER = 16, TABLE_MAX = 1 << 30 };

static void clear_file(gpointer data)
{
    g_free(((struct bundle_file *)data)->name);
}

/* --- writing --- */

struct bundle_writer {
    int fd;
    int64_t at;
    GArray *files;     /* struct bundle_file */
    GHashTable *index; /* name → its place in `files`, from 1 */
};

struct bundle_writer *bundle_create(int fd)
{
    struct bundle_writer *writer = g_new0(struct bundle_writer, 1);
    writer->fd = fd;
    writer->files = g_array_new(FALSE, FALSE, sizeof(struct bundle_file));
    g_array_set_clear_func(writer->files, clear_file);
    writer->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return writer;
}

void bundle_destroy(struct bundle_writer *writer)
{
    if (!writer)
        return;
    g_array_unref(writer->files);
    g_hash_table_unref(writer->index);
    g_free(writer);
}

static bool put(struct bundle_writer *writer, const void *data, size_t length)
{
    const char *from = data;
    while (length > 0) {
        ssize_t done = pwrite(writer->fd, from, length, writer->at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            errno = done < 0 ? errno : ENOSPC;
            return false;
        }
        from += done;
        writer->at += done;
        length -= (size_t)done;
    }
    return true;
}

static bool begin(struct bundle_writer *writer)
{
    return writer->at > 0 || put(writer, magic, BUNDLE_MAGIC);
}

bool bundle_add(struct bundle_writer *writer, const char *name, const void *data, size_t length)
{
    if (!begin(writer))
        return false;
    writer->at = (writer->at + BUNDLE_ALIGN - 1) / BUNDLE_ALIGN * BUNDLE_ALIGN;
    int64_t offset = writer->at;
    if (!put(writer, data, length))
        return false;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(writer->index, name));
    if (known) {
        struct bundle_file *file = &g_array_index(writer->files, struct bundle_file, known - 1);
        file->offset = offset;
        file->length = (int64_t)length;
        return true;
    }
    struct bundle_file file = {g_strdup(name), offset, (int64_t)length};
    g_array_append_val(writer->files, file);
    g_hash_table_insert(writer->index, g_strdup(name), GUINT_TO_POINTER(writer->files->len));
    return true;
}

int64_t bundle_bytes(const struct bundle_writer *writer)
{
    return writer->at;
}

bool bundle_finish(struct bundle_writer *writer, const char *about)
{
    g_autoptr(GString) table = g_string_new(about);
    g_string_append_c(table, '\n');
    if (!begin(writer))
        return false;
    int64_t at = writer->at;
    for (guint i = 0; i < writer->files->len; i++) {
        const struct bundle_file *file = &g_array_index(writer->files, struct bundle_file, i);
        g_string_append_printf(table, "%" PRId64 " %" PRId64 " %s\n", file->offset, file->length,
                               file->name);
    }
    g_string_append_printf(table, "%016" PRIx64, (uint64_t)at);
    return put(writer, table->str, table->len) && ftruncate(writer->fd, writer->at) == 0;
}

/* --- reading --- */

static bool get(int fd, void *data, size_t length, int64_t at)
{
    char *to = data;
    while (length > 0) {
        ssize_t got = pread(fd, to, length, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got < 0 ? errno : EIO;
            return false;
        }
        to += got;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

bool bundle_is(int fd)
{
    char head[BUNDLE_MAGIC];
    return get(fd, head, sizeof head, 0) && memcmp(head, magic, sizeof head) == 0;
}

static bool is_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && strlen(name) < 256 &&
           path_is_inside(name);
}

/* One line of the table: "OFFSET LENGTH NAME". */
static bool read_line(const char *line, int64_t end, struct bundle_file *file)
{
    char *rest;
    guint64 offset = g_ascii_strtoull(line, &rest, 10);
    if (rest == line || *rest != ' ')
        return false;
    const char *number = rest + 1;
    guint64 length = g_ascii_strtoull(number, &rest, 10);
    if (rest == number || *rest != ' ' || !is_name(rest + 1))
        return false;
    if (offset < BUNDLE_MAGIC || offset > (guint64)end || length > (guint64)end - offset)
        return false;
    *file = (struct bundle_file){g_strdup(rest + 1), (int64_t)offset, (int64_t)length};
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct bundle_file *one = a, *other = b;
    return path_compare_natural(one->name, other->name);
}

static bool read_table(struct bundle *bundle, const char *table, int64_t end)
{
    int64_t bytes = 0;
    g_auto(GStrv) lines = g_strsplit(table, "\n", BUNDLE_FILES_MAX);
    if (!lines[0])
        return false;
    bundle->about = g_strdup(lines[0]);
    for (char **line = lines + 1; *line; line++) {
        struct bundle_file file;
        if (!**line && !line[1])
            break;
        if (!read_line(*line, end, &file))
            return false;
        bytes += file.length;
        g_array_append_val(bundle->files, file);
    }
    if (bytes > end)
        return false; /* one place stands for several files */
    g_array_sort(bundle->files, by_name);
    for (guint i = 1; i < bundle->files->len; i++)
        if (!strcmp(g_array_index(bundle->files, struct bundle_file, i - 1).name,
                    g_array_index(bundle->files, struct bundle_file, i).name))
            return false;
    return true;
}

/* Where the table begins and ends; the text of it, or NULL. */
static char *load_table(int fd, int64_t *begin)
{
    struct stat st;
    char digits[TRAILER + 1] = {0}, *end;
    if (fstat(fd, &st) != 0 || st.st_size < BUNDLE_MAGIC + TRAILER || !bundle_is(fd) ||
        !get(fd, digits, TRAILER, st.st_size - TRAILER))
        return NULL;
    guint64 at = g_ascii_strtoull(digits, &end, 16);
    int64_t table_end = st.st_size - TRAILER;
    if (*end || at < BUNDLE_MAGIC || at > (guint64)table_end || table_end - (int64_t)at > TABLE_MAX)
        return NULL;
    size_t length = (size_t)(table_end - (int64_t)at);
    g_autofree char *table = g_malloc0(length + 1);
    if (!get(fd, table, length, (int64_t)at) || strlen(table) != length)
        return NULL;
    *begin = (int64_t)at;
    return g_steal_pointer(&table);
}

struct bundle *bundle_open(int fd, GError **error)
{
    int64_t end = 0;
    g_autofree char *table = load_table(fd, &end);
    struct bundle *bundle = g_new0(struct bundle, 1);
    bundle->files = g_array_new(FALSE, FALSE, sizeof(struct bundle_file));
    g_array_set_clear_func(bundle->files, clear_file);
    if (table && read_table(bundle, table, end))
        return bundle;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "what was to become a folder of files isn't whole");
    bundle_close(bundle);
    return NULL;
}

void bundle_close(struct bundle *bundle)
{
    if (!bundle)
        return;
    g_array_unref(bundle->files);
    g_free(bundle->about);
    g_free(bundle);
}

char *bundle_read(int fd, const struct bundle_file *file)
{
    g_autofree char *data = g_malloc((gsize)file->length);
    return get(fd, data, (size_t)file->length, file->offset) ? g_steal_pointer(&data) : NULL;
}

/* --- contents --- */

static bool add_window(hash_state *hash, int fd, int64_t at, int64_t length)
{
    enum { WINDOW = 1 << 20 };
    g_autofree char *data = g_malloc(WINDOW);
    while (length > 0) {
        size_t some = (size_t)MIN(length, WINDOW);
        if (!get(fd, data, some, at))
            return false;
        hash_update(hash, data, some);
        at += (int64_t)some;
        length -= (int64_t)some;
    }
    return true;
}

static bool add_file(hash_state *hash, const char *name, int fd, int64_t at, int64_t length)
{
    g_autofree char *size = g_strdup_printf("%" PRId64, length);
    hash_text(hash, name);
    hash_text(hash, size);
    return add_window(hash, fd, at, length);
}

bool bundle_hash(int fd, char out[HASH_TEXT_SIZE])
{
    g_auto(bundle_ptr) bundle = bundle_open(fd, NULL);
    g_autoptr(hash_state) hash = hash_create();
    for (guint i = 0; bundle && i < bundle->files->len; i++) {
        const struct bundle_file *file = &g_array_index(bundle->files, struct bundle_file, i);
        if (!add_file(hash, file->name, fd, file->offset, file->length))
            return false;
    }
    hash_finish(hash, out);
    return bundle != NULL;
}

static bool add_from(hash_state *hash, const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat st;
    int fd = file_open_input(path, NULL);
    if (fd < 0)
        return false;
    bool added = fstat(fd, &st) == 0 && add_file(hash, name, fd, 0, st.st_size);
    close(fd);
    return added;
}

static int natural(gconstpointer a, gconstpointer b)
{
    return path_compare_natural(*(char *const *)a, *(char *const *)b);
}

bool folder_hash(const char *folder, char out[HASH_TEXT_SIZE])
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(hash_state) hash = hash_create();
    if (!dir)
        return false;
    for (const char *name; (name = g_dir_read_name(dir));)
        if (*name != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, natural);
    for (guint i = 0; i < names->len; i++)
        if (!add_from(hash, folder, names->pdata[i]))
            return false;
    hash_finish(hash, out);
    return true;
}
