/* SPDX-License-Identifier: GPL-3.0-or-later
 * --junit FILE. */
#include "junit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool said(const char *path, const char *what, const char *why)
{
    g_autofree char *shown = path_display(path);
    g_autofree char *about = path_display(what);
    fprintf(stderr, "rushes: --junit %s: %s%s\n", shown, about, why);
    return false;
}

static bool can_write(const char *path, const char *to)
{
    g_autofree char *why = NULL;
    if (access(to, W_OK) == 0)
        return true;
    why = g_strdup_printf(" can't be written: %s", g_strerror(errno));
    return said(path, to, why);
}

bool junit_has_place(const struct args *args)
{
    const char *path = args->junit;
    struct stat st;
    if (!path)
        return true;
    bool there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode))
        return said(path, path, " is a folder: name a file in it");
    if (there && !S_ISREG(st.st_mode))
        return can_write(path, path);
    g_autofree char *real = realpath(path, NULL);
    g_autofree char *folder = g_path_get_dirname(real ? real : path);
    return can_write(path, folder);
}

/* Which of our own streams that is, as /dev/stdout is one; -1: none. */
static int own_stream(const struct stat *st)
{
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        struct stat own;
        if (fstat(fd, &own) == 0 && own.st_ino == st->st_ino && own.st_dev == st->st_dev)
            return fd;
    }
    return -1;
}

/* Nobody waits for a reader that doesn't come. */
static int open_as_it_is(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (flags >= 0)
        fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return fd;
}

static bool write_as_it_is(const char *path, int own, const char *text, GError **error)
{
    fflush(stdout);
    int fd = own >= 0 ? own : open_as_it_is(path);
    bool written = fd >= 0 && file_write_all(fd, text, strlen(text));
    int number = errno;
    if (own < 0 && fd >= 0 && close(fd) < 0 && written) {
        number = errno;
        written = false;
    }
    g_autofree char *shown = path_display(path);
    if (!written)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number),
                    "%s: can't be written: %s", shown, g_strerror(number));
    return written;
}

bool junit_write(const char *path, const struct report *report, GError **error)
{
    g_autofree char *text = report_to_junit(report);
    g_autofree char *real = realpath(path, NULL);
    struct stat st;
    if (!real && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return file_write_atomic(path, text, -1, error);
    int own = stat(path, &st) == 0 ? own_stream(&st) : -1;
    if (real && own < 0 && S_ISREG(st.st_mode))
        return file_write_atomic(real, text, -1, error);
    return write_as_it_is(path, own, text, error);
}
