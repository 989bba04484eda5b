/* SPDX-License-Identifier: GPL-3.0-or-later
 * The folder that a bundle becomes: made hidden, put on the disk, named last. */
#include "base/bundle.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool fail(GError **error, int number, const char *path, const char *what)
{
    g_autofree char *shown = path_display(path);
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number), "%s: %s: %s", shown,
                what, g_strerror(number));
    return false;
}

char *bundle_folder(const char *part)
{
    return g_strconcat(part, ".d", NULL);
}

static bool copy_by_hand(int from, int64_t at, int64_t length, int to)
{
    enum { PIECE = 1 << 20 };
    g_autofree char *data = g_malloc(PIECE);
    while (length > 0) {
        ssize_t got = pread(from, data, (size_t)MIN(length, PIECE), at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO;
        if (got <= 0 || !file_write_all(to, data, (size_t)got))
            return false;
        at += got;
        length -= got;
    }
    return true;
}

/* Blocks are shared where the file system can; the rest is copied within the kernel. */
static bool copy_window(int from, int64_t at, int64_t length, int to)
{
    off_t offset = at;
    while (length > 0) {
        ssize_t done = copy_file_range(from, &offset, to, NULL, (size_t)length, 0);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return copy_by_hand(from, offset, length, to);
        length -= done;
    }
    return true;
}

static bool make_file(int bundle, const struct bundle_file *file, int folder, const char *shown,
                      GError **error)
{
    int fd = openat(folder, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(error, errno, shown, "a file of the folder can't be created");
    bool made = copy_window(bundle, file->offset, file->length, fd) && fsync(fd) == 0;
    int number = made ? 0 : errno;
    if (close(fd) < 0 && made)
        number = errno;
    return number == 0 || fail(error, number, shown, "a file of the folder can't be written");
}

static bool make_files(int part, const struct bundle *bundle, const char *path, GCancellable *stop,
                       GError **error)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fail(error, errno, path, "can't be opened");
    bool made = true;
    for (guint i = 0; made && i < bundle->files->len; i++)
        made = !g_cancellable_set_error_if_cancelled(stop, error) &&
               make_file(part, &g_array_index(bundle->files, struct bundle_file, i), folder, path,
                         error);
    if (made && fsync(folder) < 0 && errno != EINVAL)
        made = fail(error, errno, path, "can't be written to disk");
    close(folder);
    return made;
}

bool bundle_unpack(const char *part, const char *folder, GCancellable *stop, GError **error)
{
    int fd = file_open_input(part, error);
    g_auto(bundle_ptr) bundle = fd >= 0 ? bundle_open(fd, error) : NULL;
    bundle_remove_folder(folder);
    bool made = bundle && (g_mkdir(folder, 0777) == 0 ||
                           fail(error, errno, folder, "the folder can't be made"));
    made = made && make_files(fd, bundle, folder, stop, error);
    if (fd >= 0)
        close(fd);
    if (bundle && !made)
        bundle_remove_folder(folder);
    return made;
}

void bundle_remove_folder(const char *folder)
{
    if (g_file_test(folder, G_FILE_TEST_IS_SYMLINK)) {
        g_unlink(folder);
        return;
    }
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    if (dir)
        g_rmdir(folder);
}

void part_remove(const char *part)
{
    g_autofree char *folder = bundle_folder(part);
    g_autofree char *aside = g_strconcat(folder, ".old", NULL);
    bundle_remove_folder(folder);
    bundle_remove_folder(aside);
    g_unlink(part);
}

/* "A001.#.dpx" of "A001.1001.dpx". Caller frees. */
static char *without_number(const char *name)
{
    const char *dot = strrchr(name, '.'), *from = dot;
    while (dot && from > name && g_ascii_isdigit(from[-1]))
        from--;
    return from == dot ? g_strdup(name) : g_strdup_printf("%.*s#%s", (int)(from - name), name, dot);
}

static bool is_streamed(const char *plain)
{
    static const char *const endings[] = {"_init.mp4", "_#.m4s", ".m3u8", ".mpd"};
    for (unsigned i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(plain, endings[i]))
            return true;
    return g_str_has_prefix(plain, "text") && g_str_has_suffix(plain, "_#.vtt");
}

/* What names have in common that may replace each other: all but the number before the extension;
 * of what is streamed, whose names are those of rungs and change with them, the extension alone.
 * Caller frees. */
static char *sort_of(const char *name)
{
    g_autofree char *plain = without_number(name);
    return is_streamed(plain) ? g_strdup("streamed") : g_steal_pointer(&plain);
}

static GHashTable *sorts_in(const char *folder)
{
    GHashTable *sorts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_hash_table_add(sorts, sort_of(name));
    return sorts;
}

/* What stands in the place of the new folder is of the same sorts, and nothing of anybody else's;
 * what is hidden there (.DS_Store) are the notes of a file browser. */
static bool is_replaceable(const char *folder, const char *final, GError **error)
{
    g_autoptr(GHashTable) ours = sorts_in(folder);
    g_autoptr(GDir) dir = g_dir_open(final, 0, error);
    if (!dir)
        return false;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(final, name, NULL);
        g_autofree char *sort = sort_of(name);
        if (*name == '.' ||
            (g_file_test(path, G_FILE_TEST_IS_REGULAR) && g_hash_table_contains(ours, sort)))
            continue;
        g_autofree char *shown = path_display(path);
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                    "%s would be lost with the folder that is to be replaced: move it away, or "
                    "choose another folder",
                    shown);
        return false;
    }
    return true;
}

static bool sync_parent(const char *path, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(path);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, errno, parent, "can't be opened");
    int number = fsync(fd) < 0 && errno != EINVAL ? errno : 0;
    close(fd);
    return number == 0 || fail(error, number, path, "can't be made to last (folder not synced)");
}

/* NFS and others have no flags for renaming. */
static bool has_no_flags(int number)
{
    return number == EINVAL || number == ENOSYS || number == EOPNOTSUPP;
}

/* Without the flag: an empty folder takes the name, which only one can do, and gives it up. */
static int rename_new(const char *folder, const char *final)
{
    if (renameat2(AT_FDCWD, folder, AT_FDCWD, final, RENAME_NOREPLACE) == 0)
        return 0;
    if (!has_no_flags(errno) || g_mkdir(final, 0777) != 0)
        return -1;
    if (rename(folder, final) == 0)
        return 0;
    int number = errno;
    g_rmdir(final);
    errno = number;
    return -1;
}

/* At no moment is there no folder, or half of one; without the flag there is none for a moment. */
static int exchange(const char *folder, const char *final)
{
    if (renameat2(AT_FDCWD, folder, AT_FDCWD, final, RENAME_EXCHANGE) == 0) {
        bundle_remove_folder(folder);
        return 0;
    }
    g_autofree char *aside = g_strconcat(folder, ".old", NULL);
    if (!has_no_flags(errno) || rename(final, aside) != 0)
        return -1;
    if (rename(folder, final) == 0) {
        bundle_remove_folder(aside);
        return 0;
    }
    int number = errno;
    rename(aside, final);
    errno = number;
    return -1;
}

bool bundle_publish(const char *folder, const char *final, bool replace, GError **error)
{
    bool link = g_file_test(final, G_FILE_TEST_IS_SYMLINK);
    bool there = replace && (link || g_file_test(final, G_FILE_TEST_IS_DIR));
    if (there && !link && !is_replaceable(folder, final, error))
        return false;
    if ((there ? exchange : rename_new)(folder, final) != 0)
        return fail(error, errno, final, "can't be put in place");
    return sync_parent(final, error);
}
