/* SPDX-License-Identifier: GPL-3.0-or-later
 * Starts a warm worker and ends it. It leads a session of its own, so that ^C reaches only us,
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
static _Noreturn void become_worker(const char *path, char **environment, int control, pid_t parent)
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
    execve(path, argv, environment);
    _exit(127);
}

static bool spawn(struct warm *warm, struct failure *failure)
{
    int pair[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return fail(failure, FAIL_MEMORY, "no socket for the worker: %s", g_strerror(errno));
    struct timeval limit = {.tv_sec = SEND_S};
    setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    g_auto(GStrv) environment = g_get_environ();
    /* Large pages for what is allocated: a tenth of the time of large stills, measured. Read once
     * by the C library, before main(). */
    environment = g_environ_setenv(environment, "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", FALSE);
    if (warm->bound)
        environment = g_environ_setenv(environment, "LD_BIND_NOW", "1", TRUE);
    pid_t pid = fork();
    if (pid == 0)
        become_worker(warm->path, environment, pair[1], parent);
    int number = errno;
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return fail(failure, FAIL_MEMORY, "no process for %s: %s", warm->path, g_strerror(number));
    }
    warm->pid = pid;
    warm->control = pair[0];
    return true;
}

/* Takes the greeting. *interrupted: a signal that somebody handles came before it. */
static bool greeted(struct warm *warm, bool *interrupted)
{
    struct pollfd wait = {.fd = warm->control, .events = POLLIN};
    struct wire hello;
    int fds[WIRE_FDS_MAX];
    unsigned count = 0;
    const int polled = poll(&wait, 1, GREETING_MS);
    *interrupted = polled < 0 && errno == EINTR;
    if (polled <= 0 || wire_receive(warm->control, &hello, fds, &count) <= 0 ||
        hello.kind != WIRE_HELLO || hello.task != WIRE_VERSION)
        return false;
    warm->layers = (unsigned)hello.status;
    return true;
}

static bool not_greeted(const struct warm *warm, int status, struct failure *failure)
{
    if (WIFSIGNALED(status))
        return fail(failure, FAIL_CRASH, "%s died by signal %d (%s) while it started", warm->path,
                    WTERMSIG(status), strsignal(WTERMSIG(status)));
    return fail(failure, FAIL_INTERNAL,
                "%s does not start (status %d); try \"%s --version\" to see why", warm->path,
                WEXITSTATUS(status), warm->path);
}

bool worker_ensure(struct warm *warm, struct failure *failure)
{
    if (warm->control >= 0)
        return true;
    bool interrupted;
    if (!spawn(warm, failure))
        return false;
    if (greeted(warm, &interrupted))
        return true;
    const int status = worker_reap(warm, interrupted ? 0 : LOST_MS);
    return interrupted ? fail(failure, FAIL_TIMEOUT, "interrupted while %s started", warm->path)
                       : not_greeted(warm, status, failure);
}

int worker_reap(struct warm *warm, int patience_ms)
{
    int status = 0;
    if (warm->pid == 0)
        return status;
    close(warm->control);
    warm->control = -1;
    struct pollfd gone = {.fd = pidfd_open(warm->pid, 0), .events = POLLIN};
    poll(&gone, 1, patience_ms);
    close(gone.fd);
    kill(warm->pid, SIGKILL);
    while (waitpid(warm->pid, &status, 0) < 0 && errno == EINTR)
        ;
    warm->pid = 0;
    return status;
}
