/* SPDX-License-Identifier: GPL-3.0-or-later
 * The writer's lock and its record of who holds it. */
#include "lock.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int lock_open(const char *folder, int flags)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
}

static bool lock_ask(int fd, int command, struct flock *lock)
{
    *lock = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, command, lock) == 0;
}

static char *holder(int fd)
{
    char text[256];
    ssize_t length = pread(fd, text, sizeof text - 1, 0);
    text[MAX(length, 0)] = '\0';
    g_strchomp(text);
    return path_display(*text ? text : "a process that left no name");
}

static void sign(int fd)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *since = g_date_time_format_iso8601(now);
    g_autofree char *text = g_strdup_printf("process %ld on host %s since %s\n", (long)getpid(),
                                            g_get_host_name(), since);
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, strlen(text), 0) < 0)
        g_debug("the lock's holder could not be noted: %s", g_strerror(errno));
}

static void refuse(GError **error, const char *folder, int fd, int cause)
{
    g_autofree char *name = path_display(folder);
    if (fd < 0 || (cause != EAGAIN && cause != EACCES)) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(cause), "can't lock %s: %s", name,
                    g_strerror(cause));
        return;
    }
    g_autofree char *who = holder(fd);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
                "%s is being written by another rushes (%s): wait for it, or choose another folder",
                name, who);
}

int lock_take(const char *folder, GError **error)
{
    int fd = lock_open(folder, O_RDWR | O_CREAT);
    struct flock lock;
    if (fd >= 0 && lock_ask(fd, F_OFD_SETLK, &lock)) {
        sign(fd);
        return fd;
    }
    refuse(error, folder, fd, errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

bool lock_is_held(const char *folder)
{
    struct flock lock;
    int fd = lock_open(folder, O_RDONLY);
    bool held = fd >= 0 && lock_ask(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return held;
}
