/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rings when something happens in a folder. */
#include "bell.h"

#include "interrupt.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

struct bell {
    int fd; /* -1: this kernel has none */
};

struct bell *bell_create(void)
{
    struct bell *bell = g_new0(struct bell, 1);
    bell->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return bell;
}

void bell_destroy(struct bell *bell)
{
    if (!bell)
        return;
    if (bell->fd >= 0)
        close(bell->fd);
    g_free(bell);
}

bool bell_hear(struct bell *bell, const char *folder)
{
    uint32_t events = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR;
    return bell->fd >= 0 && (inotify_add_watch(bell->fd, folder, events) >= 0 || errno == ENOENT ||
                             errno == ENOTDIR || errno == EACCES);
}

/* What happened doesn't matter, only that it did. */
static bool drain(const struct bell *bell)
{
    char events[16384];
    bool rang = false;
    while (read(bell->fd, events, sizeof events) > 0)
        rang = true;
    return rang;
}

/* A signal that comes before the wait must not be slept through. */
bool bell_wait(struct bell *bell, int64_t timeout_us)
{
    sigset_t ours, before;
    struct timespec timeout = {.tv_sec = timeout_us / G_USEC_PER_SEC,
                               .tv_nsec = timeout_us % G_USEC_PER_SEC * 1000};
    struct pollfd wait = {.fd = bell->fd, .events = POLLIN};
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigprocmask(SIG_BLOCK, &ours, &before);
    if (interrupt_count() == 0)
        ppoll(&wait, 1, &timeout, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return bell->fd >= 0 && drain(bell);
}
