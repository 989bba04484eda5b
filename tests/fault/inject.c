/* SPDX-License-Identifier: GPL-3.0-or-later
 * LD_PRELOAD: the N-th call of a kind fails, or is the last thing the process does. Counted over
 * all processes that share the count file, from 1, so that a loop N = 1, 2, 3… ends with the first
 * run in which nothing was reached.
 *
 *   RUSHES_FAULT_CALL   write fsync rename open close truncate mkdir unlink fork read malloc flush
 *   RUSHES_FAULT_NTH    which one (absent or 0: calls are only counted)
 *   RUSHES_FAULT_ALSO   "1": every later one fails too, as on a disk that is full and stays full
 *   RUSHES_FAULT_ERROR  ENOSPC EIO EDQUOT EFBIG EMFILE ENOMEM EAGAIN, or what happens instead of an
 *                       error: KILL, STOP (until SIGCONT, then the call is made), SPIN (for ever)
 *   RUSHES_FAULT_IN     supervisor worker task (absent: all)
 *   RUSHES_FAULT_BELOW  only files whose path begins so (absent: all; fork, malloc: always all)
 *   RUSHES_FAULT_COUNT  the count file: struct count
 *
 * The dynamic linker gives us what libraries and program call by name; what glibc does inside
 * itself (stdio's own writes) it does not, so stdio fails at fflush and fclose. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct count {
    atomic_ulong calls, failed;
    char first[PATH_MAX]; /* what the first failed call was about */
};

static struct {
    const char *call, *in, *below;
    unsigned long nth;
    bool also;
    int error; /* below 0: enum instead */
    struct count *count;
    bool supervisor, worker;
    pid_t pid; /* as this program began; a fork of it has another */
} fault;

enum instead { KILL = -1, STOP = -2, SPIN = -3 };

static __thread bool busy; /* in here: what we call is not counted */

static int error_of(const char *name)
{
    static const struct {
        const char *name;
        int error;
    } rows[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EDQUOT", EDQUOT}, {"EFBIG", EFBIG},
                {"EMFILE", EMFILE}, {"ENOMEM", ENOMEM}, {"EAGAIN", EAGAIN}, {"KILL", KILL},
                {"STOP", STOP},     {"SPIN", SPIN}};
    for (unsigned i = 0; name && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].error;
    return EIO;
}

static struct count *map_count(const char *path)
{
    int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    void *at = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, sizeof(struct count)) == 0)
        at = mmap(NULL, sizeof(struct count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    return at == MAP_FAILED ? NULL : at;
}

__attribute__((constructor)) static void begin(void)
{
    static const char worker[] = "rushes-worker"; /* or rushes-worker-sound */
    const char *nth = getenv("RUSHES_FAULT_NTH"), *also = getenv("RUSHES_FAULT_ALSO");
    busy = true;
    fault.in = getenv("RUSHES_FAULT_IN");
    fault.below = getenv("RUSHES_FAULT_BELOW");
    fault.nth = nth ? strtoul(nth, NULL, 10) : 0;
    fault.also = also && *also == '1';
    fault.error = error_of(getenv("RUSHES_FAULT_ERROR"));
    fault.worker = strncmp(program_invocation_short_name, worker, sizeof worker - 1) == 0;
    fault.supervisor = strcmp(program_invocation_short_name, "rushes") == 0;
    fault.pid = getpid();
    fault.count = map_count(getenv("RUSHES_FAULT_COUNT"));
    fault.call = getenv("RUSHES_FAULT_CALL"); /* last: from here on calls count */
    busy = false;
}

static bool is_here(void)
{
    if (!fault.in)
        return true;
    if (strcmp(fault.in, "supervisor") == 0)
        return fault.supervisor;
    return fault.worker && (getpid() != fault.pid) == (strcmp(fault.in, "task") == 0);
}

static bool is_below(const char *path)
{
    return !fault.below || strncmp(path, fault.below, strlen(fault.below)) == 0;
}

static void path_of(int fd, char *path)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '\0';
}

/* True when the call is to fail, with errno set. */
static bool act(void)
{
    if (fault.error == KILL)
        raise(SIGKILL);
    if (fault.error == STOP)
        raise(SIGSTOP);
    while (fault.error == SPIN)
        atomic_thread_fence(memory_order_seq_cst);
    errno = fault.error;
    return fault.error > 0;
}

/* Whether this call is the one. `path` NULL: `fd` tells. */
static bool strikes(const char *call, const char *path, int fd)
{
    char own[PATH_MAX] = "";
    if (!fault.call || !fault.count || busy || strcmp(call, fault.call) != 0 || !is_here())
        return false;
    if (!path && fd >= 0)
        path_of(fd, own);
    const char *about = path ? path : own;
    if ((path || fd >= 0) && !is_below(about))
        return false;
    unsigned long number = atomic_fetch_add(&fault.count->calls, 1) + 1;
    if (fault.nth == 0 || number < fault.nth || (number > fault.nth && !fault.also))
        return false;
    if (atomic_fetch_add(&fault.count->failed, 1) == 0)
        snprintf(fault.count->first, PATH_MAX, "%s", about);
    return act();
}

static void *next(const char *name)
{
    busy = true;
    void *found = dlsym(RTLD_NEXT, name);
    busy = false;
    return found;
}

/* The real call by name, found once. */
#define REAL(name)                 \
    static __typeof__(name) *real; \
    if (!real)                     \
    real = (__typeof__(real))next(#name)

#define ON_FD(call, type, name, parameters, ...)                       \
    type name parameters                                               \
    {                                                                  \
        REAL(name);                                                    \
        return strikes(call, NULL, fd) ? (type)-1 : real(__VA_ARGS__); \
    }

#define ON_PATH(call, type, name, parameters, ...)                     \
    type name parameters                                               \
    {                                                                  \
        REAL(name);                                                    \
        return strikes(call, path, -1) ? (type)-1 : real(__VA_ARGS__); \
    }

ON_FD("write", ssize_t, write, (int fd, const void *data, size_t n), fd, data, n)
ON_FD("write", ssize_t, pwrite, (int fd, const void *data, size_t n, off_t at), fd, data, n, at)
ON_FD("write", ssize_t, pwrite64, (int fd, const void *data, size_t n, off64_t at), fd, data, n, at)
ON_FD("write", ssize_t, writev, (int fd, const struct iovec *v, int n), fd, v, n)
ON_FD("read", ssize_t, read, (int fd, void *data, size_t n), fd, data, n)
ON_FD("read", ssize_t, pread, (int fd, void *data, size_t n, off_t at), fd, data, n, at)
ON_FD("read", ssize_t, pread64, (int fd, void *data, size_t n, off64_t at), fd, data, n, at)
ON_FD("fsync", int, fsync, (int fd), fd)
ON_FD("fsync", int, fdatasync, (int fd), fd)
ON_FD("truncate", int, ftruncate, (int fd, off_t length), fd, length)
ON_FD("truncate", int, ftruncate64, (int fd, off64_t length), fd, length)
ON_FD("truncate", int, fallocate, (int fd, int mode, off_t at, off_t n), fd, mode, at, n)
ON_FD("truncate", int, fallocate64, (int fd, int mode, off64_t at, off64_t n), fd, mode, at, n)
ON_PATH("mkdir", int, mkdir, (const char *path, mode_t mode), path, mode)
ON_PATH("unlink", int, unlink, (const char *path), path)
ON_PATH("rename", int, rename, (const char *path, const char *to), path, to)
ON_PATH("rename", int, renameat2, (int a, const char *path, int b, const char *to, unsigned how), a,
        path, b, to, how)
ON_PATH("rename", int, link, (const char *path, const char *to), path, to)
ON_PATH("rename", int, symlink, (const char *target, const char *path), target, path)

/* A close that fails closes all the same. */
int close(int fd)
{
    REAL(close);
    if (!strikes("close", NULL, fd))
        return real(fd);
    int error = errno;
    real(fd);
    errno = error;
    return -1;
}

static mode_t mode_of(int flags, va_list list)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPEN(name)                                                       \
    int name(const char *path, int flags, ...)                           \
    {                                                                    \
        REAL(name);                                                      \
        va_list list;                                                    \
        va_start(list, flags);                                           \
        mode_t mode = mode_of(flags, list);                              \
        va_end(list);                                                    \
        return strikes("open", path, -1) ? -1 : real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                         \
    int name(int at, const char *path, int flags, ...)                       \
    {                                                                        \
        REAL(name);                                                          \
        va_list list;                                                        \
        va_start(list, flags);                                               \
        mode_t mode = mode_of(flags, list);                                  \
        va_end(list);                                                        \
        return strikes("open", path, -1) ? -1 : real(at, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

FILE *fopen(const char *path, const char *mode)
{
    REAL(fopen);
    return strikes("open", path, -1) ? NULL : real(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    REAL(fopen64);
    return strikes("open", path, -1) ? NULL : real(path, mode);
}

int fflush(FILE *file)
{
    REAL(fflush);
    return file && strikes("flush", NULL, fileno(file)) ? EOF : real(file);
}

int fclose(FILE *file)
{
    REAL(fclose);
    if (!strikes("flush", NULL, fileno(file)))
        return real(file);
    int error = errno;
    real(file);
    errno = error;
    return EOF;
}

pid_t fork(void)
{
    REAL(fork);
    return strikes("fork", NULL, -1) ? -1 : real();
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    return strikes("malloc", NULL, -1) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return strikes("malloc", NULL, -1) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return strikes("malloc", NULL, -1) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *got = strikes("malloc", NULL, -1) ? NULL : __libc_memalign(alignment, size);
    if (!got)
        return ENOMEM;
    *out = got;
    return 0;
}
