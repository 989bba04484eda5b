/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening inputs; writing, hiding and publishing outputs. Each step that can lose data is checked.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* Sets *error to "<path>: <what>: <errno in words>"; always false. */
static bool fail(GError **error, int number, const char *path, const char *what)
{
    g_autofree char *shown = path_display(path);
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number), "%s: %s: %s", shown,
                what, g_strerror(number));
    return false;
}

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)    ? "a folder"
           : S_ISFIFO(mode) ? "a named pipe"
           : S_ISSOCK(mode) ? "a socket"
                            : "a device";
}

static bool refuse_kind(GError **error, const char *path, mode_t mode)
{
    g_autofree char *shown = path_display(path);
    g_set_error(error, G_FILE_ERROR, S_ISDIR(mode) ? G_FILE_ERROR_ISDIR : G_FILE_ERROR_INVAL,
                "%s: is %s, not a regular file", shown, kind_of(mode));
    return false;
}

static bool check_input(int fd, const char *path, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return fail(error, errno, path, "can't be examined");
    if (!S_ISREG(st.st_mode))
        return refuse_kind(error, path, st.st_mode);
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return fail(error, errno, path, "can't be opened");
    return true;
}

int file_open_input(const char *path, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        int number = errno;
        if (number == ENXIO && stat(path, &st) == 0 && !S_ISREG(st.st_mode))
            refuse_kind(error, path, st.st_mode);
        else
            fail(error, number, path, "can't be opened");
        return -1;
    }
    if (check_input(fd, path, error))
        return fd;
    close(fd);
    return -1;
}

static int open_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        fail(error, errno, folder, "can't be opened");
    return fd;
}

/* Makes a change of names last, then closes the folder. File systems without such a thing say
 * EINVAL. */
static bool sync_folder(int folder, const char *path, GError **error)
{
    int number = fsync(folder) < 0 && errno != EINVAL ? errno : 0;
    close(folder);
    return number == 0 || fail(error, number, path, "can't be made to last (folder not synced)");
}

static bool make_folder(const char *path, GError **error)
{
    if (g_mkdir(path, 0777) < 0)
        return errno == EEXIST || fail(error, errno, path, "can't make the folder");
    int parent = open_folder_of(path, error);
    return parent >= 0 && sync_folder(parent, path, error);
}

static bool make_folders(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    g_autofree char *parent = g_path_get_dirname(path);
    if (strcmp(parent, path) != 0 && !make_folders(parent, error))
        return false;
    return make_folder(path, error);
}

static int create_exclusive(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        fail(error, errno, path, "can't be created");
    return fd;
}

char *part_path(const char *final, const char *token)
{
    g_autofree char *folder = g_path_get_dirname(final);
    g_autofree char *name = g_strconcat(".rushes-", token, ".part", NULL);
    return g_build_filename(folder, name, NULL);
}

int part_create(const char *part, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(part);
    return make_folders(folder, error) ? create_exclusive(part, error) : -1;
}

static bool same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    return lstat(a, &sa) == 0 && lstat(b, &sb) == 0 && sa.st_ino == sb.st_ino &&
           sa.st_dev == sb.st_dev;
}

/* For file systems that can't rename without replacing. A link that is already there was made by
 * us: its answer was lost on the network, or we were killed before the unlink. */
static int link_new(const char *part, const char *final)
{
    if (link(part, final) < 0 && !(errno == EEXIST && same_file(part, final)))
        return -1;
    return unlink(part);
}

static int rename_new(const char *part, const char *final)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, final, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ||
        (errno == EEXIST && same_file(part, final)))
        return link_new(part, final);
    return -1;
}

static bool sync_part(const char *part, GError **error)
{
    int fd = open(part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail(error, errno, part, "can't be opened");
    int number = fsync(fd) < 0 ? errno : 0;
    if (close(fd) < 0 && number == 0)
        number = errno;
    return number == 0 || fail(error, number, part, "can't be written to disk");
}

/* Renames a file that is on disk already, and makes the new name last. */
static bool put_in_place(const char *part, const char *final, enum publish_mode mode,
                         GError **error)
{
    int folder = open_folder_of(final, error);
    if (folder < 0)
        return false;
    if ((mode == PUBLISH_NEW ? rename_new(part, final) : rename(part, final)) < 0) {
        int number = errno;
        close(folder);
        return fail(error, number, final, "can't be put in place");
    }
    return sync_folder(folder, final, error);
}

bool file_move(const char *from, const char *to, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(to);
    return make_folders(folder, error) && put_in_place(from, to, PUBLISH_NEW, error);
}

bool part_publish(const char *part, const char *final, enum publish_mode mode, GError **error)
{
    return sync_part(part, error) && put_in_place(part, final, mode, error);
}

bool file_write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t done = write(fd, data, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        data += done;
        length -= (size_t)done;
    }
    return true;
}

bool file_insert(int fd, off_t at, const void *data, size_t length)
{
    enum { BLOCK = 1 << 20 };
    g_autofree char *block = g_malloc(BLOCK);
    errno = EIO;
    for (off_t left = lseek(fd, 0, SEEK_END); left > at;) {
        const ssize_t part = MIN(BLOCK, left - at);
        left -= part;
        if (pread(fd, block, (size_t)part, left) != part ||
            pwrite(fd, block, (size_t)part, left + (off_t)length) != part)
            return false;
    }
    return pwrite(fd, data, length, at) == (ssize_t)length;
}

static bool fill(int fd, const char *path, const char *data, size_t length, GError **error)
{
    return (file_write_all(fd, data, length) && fsync(fd) == 0) ||
           fail(error, errno, path, "can't be written");
}

/* A file that has no name until it is whole: of this a kill leaves nothing. -1 where the file
 * system has no such thing. */
static int open_unnamed(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
}

static int give_name(int fd, const char *name)
{
    char link[32];
    g_snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static char *random_part(const char *path, GError **error)
{
    guint64 random;
    char token[17];
    if (getrandom(&random, sizeof random, 0) != sizeof random) {
        fail(error, errno, path, "can't get a random name");
        return NULL;
    }
    g_snprintf(token, sizeof token, "%016" G_GINT64_MODIFIER "x", random);
    return part_path(path, token);
}

static bool rename_part(const char *part, const char *path, GError **error)
{
    if (put_in_place(part, path, PUBLISH_REPLACE, error))
        return true;
    unlink(part);
    return false;
}

static bool write_unnamed(int fd, const char *path, const char *data, size_t length, GError **error)
{
    if (!fill(fd, path, data, length, error))
        return false;
    if (give_name(fd, path) == 0) {
        int folder = open_folder_of(path, error);
        return folder >= 0 && sync_folder(folder, path, error);
    }
    g_autofree char *part = random_part(path, error);
    if (!part)
        return false;
    if (give_name(fd, part) != 0)
        return fail(error, errno, path, "can't be put in place");
    return rename_part(part, path, error);
}

static bool write_named(const char *path, const char *data, size_t length, GError **error)
{
    g_autofree char *part = random_part(path, error);
    int fd = part ? create_exclusive(part, error) : -1;
    if (fd < 0)
        return false;
    bool filled = fill(fd, path, data, length, error);
    if (close(fd) < 0 && filled)
        filled = fail(error, errno, path, "can't be written");
    if (!filled)
        unlink(part);
    return filled && rename_part(part, path, error);
}

bool file_write_atomic(const char *path, const char *data, gssize length, GError **error)
{
    size_t bytes = length < 0 ? strlen(data) : (size_t)length;
    int fd = open_unnamed(path);
    if (fd < 0)
        return write_named(path, data, bytes, error);
    bool written = write_unnamed(fd, path, data, bytes, error);
    close(fd); /* it is on the disk, or an error was said */
    return written;
}
