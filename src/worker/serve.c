/* SPDX-License-Identifier: GPL-3.0-or-later
 * The warm worker's loop: requests in, forks out, and word of every end. */
#include "worker/serve.h"

#include "child.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

struct child {
    int task;
    pid_t pid;
    int64_t started_us;
};

struct server {
    int control, signals;
    struct sandbox *sandbox;
    GArray *children; /* struct child */
    GArray *files;    /* int: received for the next RUN */
};

static void forget_files(struct server *server)
{
    for (guint i = 0; i < server->files->len; i++)
        close(g_array_index(server->files, int, i));
    g_array_set_size(server->files, 0);
}

static int64_t cpu_us(const struct rusage *usage)
{
    return (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * G_USEC_PER_SEC +
           usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

/* Whether the supervisor is still there is found out at the next read. */
static void tell_end(const struct server *server, const struct child *child, int status,
                     const struct rusage *usage)
{
    struct wire message = {.kind = WIRE_ENDED,
                           .task = child->task,
                           .status = status,
                           .wall_us = g_get_monotonic_time() - child->started_us,
                           .cpu_us = cpu_us(usage),
                           .peak_bytes = (int64_t)usage->ru_maxrss * 1024};
    wire_send(server->control, &message, NULL, 0);
}

static void tell_not_started(const struct server *server, int task, int number)
{
    struct wire message = {.kind = WIRE_ENDED, .task = task, .error = number};
    wire_send(server->control, &message, NULL, 0);
}

static void run_request(struct server *server, int task, const int *service)
{
    struct request request = {.files = (int *)(void *)server->files->data,
                              .file_count = server->files->len};
    memcpy(request.service, service, sizeof request.service);
    struct child child = {.task = task, .started_us = g_get_monotonic_time()};
    pid_t self = getpid();
    child.pid = fork();
    if (child.pid == 0) {
        close(server->control);
        close(server->signals);
        child_run(&request, server->sandbox, self);
    }
    if (child.pid < 0) {
        tell_not_started(server, task, errno);
        return;
    }
    setpgid(child.pid, child.pid); /* as the child does: whoever comes first */
    g_array_append_val(server->children, child);
}

static void kill_task(const struct server *server, int task)
{
    for (guint i = 0; i < server->children->len; i++) {
        const struct child *child = &g_array_index(server->children, struct child, i);
        if (child->task == task)
            kill(-child->pid, SIGKILL);
    }
}

static void close_all(const int *fds, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        close(fds[i]);
}

/* False when the supervisor is gone. */
static bool take_request(struct server *server)
{
    struct wire message;
    int fds[WIRE_FDS_MAX];
    unsigned count;
    if (wire_receive(server->control, &message, fds, &count) <= 0)
        return false;
    if (message.kind == WIRE_FILES) {
        g_array_append_vals(server->files, fds, count);
        return true;
    }
    if (message.kind == WIRE_RUN && count == WIRE_SERVICE_FDS)
        run_request(server, message.task, fds);
    else if (message.kind == WIRE_KILL)
        kill_task(server, message.task);
    close_all(fds, count);
    if (message.kind != WIRE_KILL)
        forget_files(server);
    return true;
}

static void reap(struct server *server, pid_t pid)
{
    int status;
    struct rusage usage;
    kill(-pid,
         SIGKILL); /* what the task may have left; it is not reaped yet, so the id is its own */
    if (wait4(pid, &status, 0, &usage) < 0)
        return;
    for (guint i = 0; i < server->children->len; i++) {
        const struct child *child = &g_array_index(server->children, struct child, i);
        if (child->pid != pid)
            continue;
        tell_end(server, child, status, &usage);
        g_array_remove_index_fast(server->children, i);
        return;
    }
}

static void reap_all(struct server *server)
{
    struct signalfd_siginfo ignored;
    siginfo_t info = {0};
    if (read(server->signals, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
        return;
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
        reap(server, info.si_pid);
        info.si_pid = 0;
    }
}

static void serve(struct server *server)
{
    struct pollfd polled[] = {{.fd = server->control, .events = POLLIN},
                              {.fd = server->signals, .events = POLLIN}};
    do {
        if (poll(polled, G_N_ELEMENTS(polled), -1) < 0)
            continue;
        if (polled[1].revents)
            reap_all(server);
    } while (!polled[0].revents || take_request(server));
}

static int open_signals(void)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

int worker_serve(int control)
{
    struct server server = {.control = control};
    struct wire hello = {.kind = WIRE_HELLO, .task = WIRE_VERSION};
    worker_warm();
    server.sandbox = sandbox_prepare(sandbox_wanted());
    hello.status = (int32_t)sandbox_layers(server.sandbox);
    server.signals = open_signals();
    if (server.signals < 0 || !wire_send(control, &hello, NULL, 0))
        return EXIT_FAILURE;
    server.children = g_array_new(FALSE, FALSE, sizeof(struct child));
    server.files = g_array_new(FALSE, FALSE, sizeof(int));
    serve(&server);
    for (guint i = 0; i < server.children->len; i++)
        kill(-g_array_index(server.children, struct child, i).pid, SIGKILL);
    forget_files(&server);
    g_array_unref(server.children);
    g_array_unref(server.files);
    sandbox_destroy(server.sandbox);
    return EXIT_SUCCESS;
}

int worker_serve_text(const char *text)
{
    gint64 fd;
    if (g_ascii_string_to_signed(text, 10, 0, G_MAXINT, &fd, NULL) &&
        fcntl((int)fd, F_SETFD, FD_CLOEXEC) == 0)
        return worker_serve((int)fd);
    fprintf(stderr, "%s: --serve %s: not an open descriptor\n", program_invocation_short_name,
            text);
    return EXIT_USAGE;
}
