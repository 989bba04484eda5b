/* SPDX-License-Identifier: GPL-3.0-or-later
 * The layers in their order: privileges, limits, names, calls. */
#include "sandbox.h"

#include "layers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

struct sandbox {
    unsigned layers;
    int ruleset;
    struct sock_fprog program;
    rlim_t most_memory;
};

static bool drop_privileges(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_capset, &header, none) == 0;
}

/* Never more than it was: a limit that the caller has set stays. */
static bool lower(int resource, rlim_t to)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return false;
    limit.rlim_max = MIN(limit.rlim_max, to);
    limit.rlim_cur = MIN(limit.rlim_cur, limit.rlim_max);
    return setrlimit(resource, &limit) == 0;
}

/* No file is larger than the file system it is on. */
static rlim_t largest_file(const int *files, unsigned count)
{
    rlim_t largest = 0;
    for (unsigned i = 0; i < count; i++) {
        struct statvfs fs;
        if ((fcntl(files[i], F_GETFL) & O_ACCMODE) == O_RDONLY)
            continue;
        if (fstatvfs(files[i], &fs) != 0 || fs.f_blocks == 0)
            return RLIM_INFINITY;
        largest = MAX(largest, (rlim_t)fs.f_blocks * fs.f_frsize);
    }
    return largest ? largest : RLIM_INFINITY;
}

/* Bytes of private memory this process has: it counts in its limit, whatever a sanitizer took. */
static rlim_t private_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* More than all of the machine's memory is a bomb. (Address space says nothing: threads reserve
 * much and use little of it.) */
static rlim_t most_memory(void)
{
    struct sysinfo machine;
    if (sysinfo(&machine) != 0)
        return RLIM_INFINITY;
    return private_bytes() +
           (rlim_t)(machine.totalram + machine.totalswap) * (rlim_t)machine.mem_unit;
}

static bool set_limits(const struct sandbox *sandbox, const int *files, unsigned count)
{
    return lower(RLIMIT_CORE, 0) && lower(RLIMIT_DATA, sandbox->most_memory) &&
           lower(RLIMIT_FSIZE, largest_file(files, count));
}

static bool enter(const struct sandbox *sandbox, enum sandbox_layer layer, const int *files,
                  unsigned count)
{
    switch (layer) {
    case SANDBOX_NO_NEW_PRIVS:
        return drop_privileges();
    case SANDBOX_RLIMITS:
        return set_limits(sandbox, files, count);
    case SANDBOX_LANDLOCK:
        return landlock_enter(sandbox->ruleset, files, count);
    case SANDBOX_SECCOMP:
        return seccomp_enter(&sandbox->program);
    }
    return false;
}

bool sandbox_enter(const struct sandbox *sandbox, const int *files, unsigned count,
                   struct failure *failure)
{
    for (unsigned i = 0; i < sandbox_row_count; i++) {
        const struct sandbox_row *row = &sandbox_rows[i];
        if ((sandbox->layers & row->layer) && !enter(sandbox, row->layer, files, count))
            return fail(failure, FAIL_INTERNAL, "the sandbox can't be entered: %s: %s", row->name,
                        g_strerror(errno));
    }
    return true;
}

/* What a kernel offers and what a container lets through are two things: a fork tries it. */
static unsigned layers_that_work(const struct sandbox *sandbox, unsigned wanted)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        unsigned worked = 0;
        for (unsigned i = 0; i < sandbox_row_count; i++)
            if ((wanted & sandbox_rows[i].layer) && enter(sandbox, sandbox_rows[i].layer, NULL, 0))
                worked |= sandbox_rows[i].layer;
        _exit((int)worked);
    }
    if (pid < 0)
        return 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0;
}

struct sandbox *sandbox_prepare(unsigned wanted)
{
    struct sandbox *sandbox = g_new0(struct sandbox, 1);
    sandbox->most_memory = most_memory();
    sandbox->ruleset = wanted & SANDBOX_LANDLOCK ? landlock_prepare() : -1;
    if (sandbox->ruleset < 0)
        wanted &= ~(unsigned)SANDBOX_LANDLOCK;
    if ((wanted & SANDBOX_SECCOMP) && !seccomp_prepare(&sandbox->program))
        wanted &= ~(unsigned)SANDBOX_SECCOMP;
    sandbox->layers = wanted ? layers_that_work(sandbox, wanted) : 0;
    return sandbox;
}

void sandbox_destroy(struct sandbox *sandbox)
{
    if (!sandbox)
        return;
    if (sandbox->ruleset >= 0)
        close(sandbox->ruleset);
    g_free(sandbox->program.filter);
    g_free(sandbox);
}

unsigned sandbox_layers(const struct sandbox *sandbox)
{
    return sandbox->layers;
}

unsigned sandbox_wanted(void)
{
    const char *names = g_getenv("RUSHES_SANDBOX");
    unsigned layers;
    if (!names)
        return SANDBOX_ALL;
    if (sandbox_from_names(names, &layers))
        return layers;
    fprintf(stderr, "rushes-worker: RUSHES_SANDBOX=%s: not a list of layers, so all are on\n",
            names);
    return SANDBOX_ALL;
}
