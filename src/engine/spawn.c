/* SPDX-License-Identifier: GPL-3.0-or-later
 * Starts the warm worker and ends it. It leads a session of its own, so that ^C reaches only us,
 * and dies with us whatever way we die. */
#include "local.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROL_TEXT "3"
enum {
    CONTROL_FD = 3,      /* in the worker */
    GREETING_MS = 60000, /* 200 libraries from a cold disk */
    SEND_S = 10          /* a worker that takes no message for so long is as good as dead */
};

/* Between fork and exec: nothing that could take a lock. */
static _Noreturn void become_worker(const char *path, int control, pid_t parent)
{
    char *const argv[] = {(char *)path, (char *)"--serve", (char *)CONTROL_TEXT, NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDWR);
    if (getppid() != parent || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(null, STDOUT_FILENO) < 0)
        _exit(127);
    if (control == CONTROL_FD ? fcntl(control, F_SETFD, 0) < 0 : dup2(control, CONTROL_FD) < 0)
        _exit(127);
    execv(path, argv);
    _exit(127);
}

static bool spawn(struct local *local, struct failure *failure)
{
    int pair[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(failure, FAIL_INTERNAL, "no socket for the worker: %s", g_strerror(errno));
    struct timeval limit = {.tv_sec = SEND_S};
    setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    pid_t pid = fork();
    if (pid == 0)
        become_worker(local->worker, pair[1], parent);
    int number = errno;
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return fail(failure, FAIL_INTERNAL, "%s can't be started: %s", local->worker,
                    g_strerror(number));
    }
    local->pid = pid;
    local->control = pair[0];
    return true;
}

/* Takes the greeting. */
static bool greeted(struct local *local)
{
    struct pollfd wait = {.fd = local->control, .events = POLLIN};
    struct wire hello;
    int fds[WIRE_FDS_MAX], polled;
    unsigned count = 0;
    do
        polled = poll(&wait, 1, GREETING_MS);
    while (polled < 0 && errno == EINTR);
    if (polled <= 0 || wire_receive(local->control, &hello, fds, &count) <= 0 ||
        hello.kind != WIRE_HELLO || hello.task != WIRE_VERSION)
        return false;
    local->layers = (unsigned)hello.status;
    return true;
}

bool worker_ensure(struct local *local, struct failure *failure)
{
    if (local->control >= 0)
        return true;
    if (!spawn(local, failure))
        return false;
    if (greeted(local))
        return true;
    int status = worker_reap(local, LOST_MS);
    return fail(failure, FAIL_INTERNAL,
                "%s does not start (status %d); try \"%s --version\" to see why", local->worker,
                WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), local->worker);
}

int worker_reap(struct local *local, int patience_ms)
{
    int status = 0;
    if (local->pid == 0)
        return status;
    close(local->control);
    local->control = -1;
    struct pollfd gone = {.fd = pidfd_open(local->pid, 0), .events = POLLIN};
    poll(&gone, 1, patience_ms);
    close(gone.fd);
    kill(local->pid, SIGKILL);
    while (waitpid(local->pid, &status, 0) < 0 && errno == EINTR)
        ;
    local->pid = 0;
    return status;
}
