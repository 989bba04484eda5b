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
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name) SCMP_SYS(name)

static const int allowed[] = {
    /* memory */
    CALL(brk), CALL(mmap), CALL(mmap2), CALL(munmap), CALL(mremap), CALL(mprotect), CALL(madvise),
    CALL(mincore), CALL(msync), CALL(mlock), CALL(munlock), CALL(membarrier), CALL(memfd_create),
    CALL(mbind), CALL(get_mempolicy), CALL(set_mempolicy),
    /* threads and the process itself */
    CALL(futex), CALL(futex_time64), CALL(set_robust_list), CALL(get_robust_list), CALL(rseq),
    CALL(set_tid_address), CALL(gettid), CALL(getpid), CALL(getppid), CALL(getpgrp), CALL(getpgid),
    CALL(getsid), CALL(exit), CALL(exit_group), CALL(tgkill), CALL(arch_prctl), CALL(prctl),
    CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid), CALL(getresuid), CALL(getresgid),
    CALL(getgroups), CALL(getrlimit), CALL(getrusage), CALL(times), CALL(sysinfo), CALL(uname),
    CALL(getcpu), CALL(getrandom), CALL(getpriority), CALL(setpriority), CALL(sched_yield),
    CALL(sched_getaffinity), CALL(sched_setaffinity), CALL(sched_getparam), CALL(sched_setparam),
    CALL(sched_getscheduler), CALL(sched_setscheduler), CALL(sched_getattr), CALL(sched_setattr),
    CALL(sched_get_priority_max), CALL(sched_get_priority_min),
    /* signals of its own, and time */
    CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(rt_sigpending),
    CALL(rt_sigtimedwait), CALL(rt_sigsuspend), CALL(sigaltstack), CALL(restart_syscall),
    CALL(pause), CALL(clock_gettime), CALL(clock_gettime64), CALL(clock_getres),
    CALL(clock_nanosleep), CALL(clock_nanosleep_time64), CALL(nanosleep), CALL(gettimeofday),
    CALL(time),
    /* open descriptors */
    CALL(read), CALL(readv), CALL(pread64), CALL(preadv), CALL(preadv2), CALL(write), CALL(writev),
    CALL(pwrite64), CALL(pwritev), CALL(pwritev2), CALL(lseek), CALL(_llseek), CALL(close),
    CALL(close_range), CALL(dup), CALL(dup2), CALL(dup3), CALL(fcntl), CALL(fcntl64), CALL(fstat),
    CALL(fstat64), CALL(fstatfs), CALL(fstatfs64), CALL(ftruncate), CALL(ftruncate64),
    CALL(fallocate), CALL(fsync), CALL(fdatasync), CALL(sync_file_range), CALL(fadvise64),
    CALL(readahead), CALL(copy_file_range), CALL(sendfile), CALL(flock), CALL(getdents64),
    CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6), CALL(pipe), CALL(pipe2), CALL(eventfd2),
    CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait),
    /* names: what may be read behind them is Landlock's */
    CALL(stat), CALL(stat64), CALL(lstat), CALL(lstat64), CALL(newfstatat), CALL(fstatat64),
    CALL(statx), CALL(statfs), CALL(statfs64), CALL(access), CALL(faccessat), CALL(faccessat2),
    CALL(readlink), CALL(readlinkat), CALL(getcwd),
};

static const int refused[] = {
    /* network, and sockets of any kind */
    CALL(socket), CALL(socketpair), CALL(connect), CALL(bind), CALL(listen), CALL(accept),
    CALL(accept4), CALL(sendto), CALL(sendmsg), CALL(sendmmsg), CALL(recvfrom), CALL(recvmsg),
    CALL(recvmmsg), CALL(shutdown), CALL(setsockopt), CALL(getsockopt), CALL(socketcall),
    /* programs and processes */
    CALL(execve), CALL(execveat), CALL(fork), CALL(vfork), CALL(kill), CALL(tkill), CALL(ptrace),
    CALL(process_vm_readv), CALL(process_vm_writev), CALL(process_madvise), CALL(pidfd_open),
    CALL(pidfd_getfd), CALL(pidfd_send_signal), CALL(kcmp), CALL(setsid), CALL(setpgid),
    CALL(setuid), CALL(setgid), CALL(setreuid), CALL(setregid), CALL(setresuid), CALL(setresgid),
    CALL(setgroups), CALL(capset), CALL(personality), CALL(setrlimit),
    /* names that would be made, changed or left */
    CALL(creat), CALL(link), CALL(linkat), CALL(symlink), CALL(symlinkat), CALL(unlink),
    CALL(unlinkat), CALL(rename), CALL(renameat), CALL(renameat2), CALL(mkdir), CALL(mkdirat),
    CALL(rmdir), CALL(mknod), CALL(mknodat), CALL(truncate), CALL(truncate64), CALL(chmod),
    CALL(fchmod), CALL(fchmodat), CALL(chown), CALL(lchown), CALL(fchown), CALL(fchownat),
    CALL(utime), CALL(utimes), CALL(utimensat), CALL(futimesat), CALL(setxattr), CALL(lsetxattr),
    CALL(fsetxattr), CALL(removexattr), CALL(lremovexattr), CALL(fremovexattr), CALL(chdir),
    CALL(fchdir), CALL(chroot), CALL(pivot_root), CALL(mount), CALL(umount2), CALL(open_tree),
    CALL(move_mount), CALL(fsopen), CALL(fsconfig), CALL(fsmount), CALL(fspick),
    CALL(mount_setattr), CALL(name_to_handle_at), CALL(open_by_handle_at), CALL(swapon),
    CALL(swapoff), CALL(quotactl), CALL(fanotify_init), CALL(inotify_init1),
    /* the kernel's wider doors */
    CALL(unshare), CALL(setns), CALL(bpf), CALL(perf_event_open), CALL(userfaultfd), CALL(keyctl),
    CALL(add_key), CALL(request_key), CALL(io_uring_setup), CALL(io_uring_enter),
    CALL(io_uring_register), CALL(io_setup), CALL(seccomp), CALL(init_module), CALL(finit_module),
    CALL(delete_module), CALL(kexec_load), CALL(kexec_file_load), CALL(reboot), CALL(syslog),
    CALL(acct), CALL(iopl), CALL(ioperm), CALL(modify_ldt), CALL(settimeofday),
    CALL(clock_settime), CALL(adjtimex), CALL(clock_adjtime), CALL(sethostname),
    CALL(setdomainname), CALL(vmsplice), CALL(splice), CALL(tee), CALL(shmget), CALL(shmat),
    CALL(msgget), CALL(semget), CALL(mq_open), CALL(lookup_dcookie), CALL(vhangup),
};

/* openat() and open() with any of these would write. */
static const unsigned writes[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
static const unsigned writes_all = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

static bool add(scmp_filter_ctx filter, uint32_t action, const int *calls, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (seccomp_rule_add(filter, action, calls[i], 0) < 0)
            return false;
    return true;
}

static bool open_only_for_reading(scmp_filter_ctx filter, int call, unsigned flags)
{
    struct scmp_arg_cmp none = {flags, SCMP_CMP_MASKED_EQ, writes_all, 0};
    if (seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &none) < 0)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(writes); i++) {
        struct scmp_arg_cmp one = {flags, SCMP_CMP_MASKED_EQ, writes[i], writes[i]};
        if (seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EACCES), call, 1, &one) < 0)
            return false;
    }
    return true;
}

/* Threads, but no process; clone3 hides its flags in memory, so it is left to fall back. The limits
 * of others stay theirs; of a terminal one may know that it is one. */
static bool add_by_arguments(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), CALL(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(prlimit64), 1,
                            SCMP_A0(SCMP_CMP_EQ, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(ioctl), 1,
                            SCMP_A1(SCMP_CMP_EQ, TCGETS)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), CALL(ioctl), 1,
                            SCMP_A1(SCMP_CMP_NE, TCGETS)) == 0 &&
           open_only_for_reading(filter, CALL(openat), 2) &&
           open_only_for_reading(filter, CALL(open), 1);
}

static bool add_rules(scmp_filter_ctx filter)
{
    enum { BINARY_TREE = 2 };
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
    return add(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed)) &&
           add(filter, SCMP_ACT_ERRNO(EPERM), refused, G_N_ELEMENTS(refused)) &&
           add_by_arguments(filter);
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
        *program = (struct sock_fprog){
            .len = (unsigned short)((size_t)size / sizeof *code), .filter = code};
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

/* The process has nothing to hide from itself, so it needs no mitigation of its own speculation,
 * which older kernels couple with seccomp and which makes codecs slower. */
bool seccomp_enter(const struct sock_fprog *program)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                   program) == 0;
}
