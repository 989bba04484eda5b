/* SPDX-License-Identifier: GPL-3.0-or-later
 * The system calls of a task. What isn't listed doesn't exist for it (ENOSYS), so that a newer
 * library falls back to what it did before; what is known and refused says so. */
#include "layers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Stands in the compiled filter for the process that will enter it: no process has this number. One
 * filter is half the price of two. */
enum { OWN_PID = 0x7ffffffe };

static const char allowed[] =
    /* memory */
    "brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock munlock membarrier "
    "memfd_create mbind get_mempolicy set_mempolicy "
    /* threads and the process itself */
    "futex futex_time64 set_robust_list get_robust_list rseq set_tid_address gettid getpid "
    "getppid getpgrp getpgid getsid exit exit_group arch_prctl getuid geteuid "
    "getgid getegid getresuid getresgid getgroups getrlimit getrusage times sysinfo uname getcpu "
    "getrandom getpriority sched_yield sched_getaffinity "
    "sched_getparam sched_getscheduler sched_getattr "
    "sched_get_priority_max sched_get_priority_min "
    /* signals of its own, and time */
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend "
    "sigaltstack restart_syscall pause clock_gettime clock_gettime64 clock_getres "
    "clock_nanosleep clock_nanosleep_time64 nanosleep gettimeofday time "
    /* open descriptors */
    "read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek _llseek "
    "close close_range dup dup2 dup3 fstat fstat64 fstatfs fstatfs64 ftruncate "
    "ftruncate64 fallocate fsync fdatasync sync_file_range fadvise64 readahead copy_file_range "
    "sendfile flock getdents64 poll ppoll select pselect6 pipe pipe2 eventfd2 epoll_create1 "
    "epoll_ctl epoll_wait epoll_pwait "
    /* names: what may be read behind them is Landlock's */
    "stat stat64 lstat lstat64 newfstatat fstatat64 statx statfs statfs64 access faccessat "
    "faccessat2 readlink readlinkat getcwd";

static const char refused[] =
    /* network, and sockets of any kind */
    "socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg recvfrom "
    "recvmsg recvmmsg shutdown setsockopt getsockopt socketcall "
    /* programs and processes */
    "execve execveat fork vfork kill tkill ptrace process_vm_readv process_vm_writev "
    "process_madvise pidfd_open pidfd_getfd pidfd_send_signal kcmp setsid setpgid setuid setgid "
    "setreuid setregid setresuid setresgid setgroups capset personality setrlimit "
    /* names that would be made, changed or left */
    "creat link linkat symlink symlinkat unlink unlinkat rename renameat renameat2 mkdir mkdirat "
    "rmdir mknod mknodat truncate truncate64 chmod fchmod fchmodat chown lchown fchown fchownat "
    "utime utimes utimensat futimesat setxattr lsetxattr fsetxattr removexattr lremovexattr "
    "fremovexattr chdir fchdir chroot pivot_root mount umount2 open_tree move_mount fsopen "
    "fsconfig fsmount fspick mount_setattr name_to_handle_at open_by_handle_at swapon swapoff "
    "quotactl fanotify_init inotify_init1 "
    /* the kernel's wider doors */
    "unshare setns bpf perf_event_open userfaultfd keyctl add_key request_key io_uring_setup "
    "io_uring_enter io_uring_register io_setup seccomp init_module finit_module delete_module "
    "kexec_load kexec_file_load reboot syslog acct iopl ioperm modify_ldt settimeofday "
    "clock_settime adjtimex clock_adjtime sethostname setdomainname vmsplice splice tee shmget "
    "shmat msgget semget mq_open lookup_dcookie vhangup";

/* openat() and open() with any of these would write. */
static const unsigned writes[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
static const unsigned writes_all = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

static bool add(scmp_filter_ctx filter, uint32_t action, const char *names)
{
    g_auto(GStrv) calls = g_strsplit(names, " ", -1);
    for (char **name = calls; *name; name++) {
        int call = seccomp_syscall_resolve_name(*name);
        if (call == __NR_SCMP_ERROR || seccomp_rule_add(filter, action, call, 0) < 0)
            return false;
    }
    return true;
}

static bool add_when(scmp_filter_ctx filter, uint32_t action, int call, struct scmp_arg_cmp is)
{
    return seccomp_rule_add_array(filter, action, call, 1, &is) == 0;
}

static bool open_only_for_reading(scmp_filter_ctx filter, int call, unsigned flags)
{
    struct scmp_arg_cmp none = {flags, SCMP_CMP_MASKED_EQ, writes_all, 0};
    bool fine = add_when(filter, SCMP_ACT_ALLOW, call, none);
    for (unsigned i = 0; i < G_N_ELEMENTS(writes); i++) {
        struct scmp_arg_cmp one = {flags, SCMP_CMP_MASKED_EQ, writes[i], writes[i]};
        fine = fine && add_when(filter, SCMP_ACT_ERRNO(EACCES), call, one);
    }
    return fine;
}

/* Allowed with this value of one argument, refused with another. */
static const struct {
    int call;
    unsigned argument;
    uint64_t value;
    uint16_t refusal; /* errno */
} with_values[] = {
    {SCMP_SYS(tgkill), 0, OWN_PID, EPERM}, /* threads of its own: abort() signals one */
    {SCMP_SYS(prlimit64), 0, 0, EPERM},    /* limits of its own */
    {SCMP_SYS(ioctl), 1, TCGETS, ENOTTY},  /* whether something is a terminal */
    {SCMP_SYS(setpriority), 1, 0, EPERM},  /* of itself: x265 lowers its own */
    {SCMP_SYS(sched_setparam), 0, 0, EPERM}, {SCMP_SYS(sched_setscheduler), 0, 0, EPERM},
    {SCMP_SYS(sched_setattr), 0, 0, EPERM},  {SCMP_SYS(sched_setaffinity), 0, 0, EPERM},
};

/* The others would have the kernel send signals to any process (F_SETOWN, F_SETSIG). */
static const int descriptor_commands[] = {
    F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,     F_SETFD,     F_GETFL,      F_SETFL,      F_GETLK,
    F_SETLK, F_SETLKW,        F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_GETPIPE_SZ, F_GET_SEALS,
};

static bool add_descriptor_commands(scmp_filter_ctx filter)
{
    bool fine = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(descriptor_commands); i++) {
        struct scmp_arg_cmp is = {1, SCMP_CMP_EQ, (scmp_datum_t)descriptor_commands[i], 0};
        fine = fine && add_when(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), is);
    }
    return fine;
}

/* Threads, but no process; clone3 hides its flags in memory, so it is left to fall back. Of prctl()
 * the name of a thread: that it dies with its worker is not for a task to change. */
static bool add_by_arguments(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp thread = {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD};
    struct scmp_arg_cmp process = {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
    struct scmp_arg_cmp set_name = {0, SCMP_CMP_EQ, PR_SET_NAME, 0};
    struct scmp_arg_cmp get_name = {0, SCMP_CMP_EQ, PR_GET_NAME, 0};
    bool fine = add_when(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), thread) &&
                add_when(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), process) &&
                add_when(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), set_name) &&
                add_when(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), get_name) &&
                open_only_for_reading(filter, SCMP_SYS(openat), 2) &&
                open_only_for_reading(filter, SCMP_SYS(open), 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(with_values); i++) {
        struct scmp_arg_cmp same = {with_values[i].argument, SCMP_CMP_EQ, with_values[i].value, 0};
        struct scmp_arg_cmp other = {with_values[i].argument, SCMP_CMP_NE, with_values[i].value, 0};
        fine = fine && add_when(filter, SCMP_ACT_ALLOW, with_values[i].call, same) &&
               add_when(filter, SCMP_ACT_ERRNO(with_values[i].refusal), with_values[i].call, other);
    }
    return fine;
}

static bool add_rules(scmp_filter_ctx filter)
{
    enum { BINARY_TREE = 2 };
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
    return add(filter, SCMP_ACT_ALLOW, allowed) && add(filter, SCMP_ACT_ERRNO(EPERM), refused) &&
           add_by_arguments(filter) && add_descriptor_commands(filter);
}

/* libseccomp 2.5 gives the program only to a descriptor. */
static bool compile(scmp_filter_ctx filter, struct sock_fprog *program)
{
    int fd = memfd_create("rushes-seccomp", MFD_CLOEXEC);
    off_t size = fd >= 0 && seccomp_export_bpf(filter, fd) == 0 ? lseek(fd, 0, SEEK_END) : -1;
    struct sock_filter *code = size > 0 ? g_malloc((gsize)size) : NULL;
    bool fine = code && pread(fd, code, (size_t)size, 0) == size;
    if (fd >= 0)
        close(fd);
    if (fine)
        *program = (struct sock_fprog){.len = (unsigned short)((size_t)size / sizeof *code),
                                       .filter = code};
    else
        g_free(code);
    return fine;
}

bool seccomp_prepare(struct sock_fprog *program)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    bool fine = filter && add_rules(filter) && compile(filter, program);
    if (filter)
        seccomp_release(filter);
    return fine;
}

static void put_own_pid(const struct sock_fprog *program)
{
    for (unsigned i = 0; i < program->len; i++)
        if (program->filter[i].k == OWN_PID &&
            program->filter[i].code == (BPF_JMP | BPF_JEQ | BPF_K))
            program->filter[i].k = (unsigned)getpid();
}

/* The process has nothing to hide from itself, so it needs no mitigation of its own speculation,
 * which older kernels couple with seccomp and which makes codecs slower. */
bool seccomp_enter(const struct sock_fprog *program)
{
    put_own_pid(program);
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, program) ==
           0;
}
