/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sandbox from inside: a fork enters it and tries what a hostile file would. */
#include "sandbox.h"

#include "base/sequence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LOCKED = SANDBOX_NO_NEW_PRIVS | SANDBOX_SECCOMP,
    NAMES_ONLY = SANDBOX_NO_NEW_PRIVS | SANDBOX_LANDLOCK
};

static struct {
    char *dir, *secret, *elsewhere; /* of the user, not of the task */
    int input, part;                /* what the task was given */
    struct sockaddr_in listening;   /* on the loopback */
    int listener;
} world;

/* What a task tries: 0, or the errno it got. */
static int outcome(long result)
{
    return result < 0 ? errno : 0;
}

static int try_open(const char *path, int flags)
{
    return outcome(open(path, flags, 0600));
}

static int read_secret(void)
{
    return try_open(world.secret, O_RDONLY);
}

static int read_passwd(void)
{
    return try_open("/etc/passwd", O_RDONLY);
}

static int read_own_environment(void)
{
    return try_open("/proc/self/environ", O_RDONLY);
}

static int read_environment_of_parent(void)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/environ", (int)getppid());
    return try_open(path, O_RDONLY);
}

static int reopen_input_for_writing(void)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", world.input);
    return try_open(path, O_RDWR);
}

static int list_home(void)
{
    return opendir(world.dir) ? 0 : errno;
}

static int write_secret(void)
{
    return try_open(world.secret, O_WRONLY);
}

static int create_a_file(void)
{
    return try_open(world.elsewhere, O_WRONLY | O_CREAT);
}

static int empty_a_file(void)
{
    return try_open(world.secret, O_RDONLY | O_TRUNC);
}

static int truncate_a_file(void)
{
    return outcome(truncate(world.secret, 0));
}

static int remove_a_file(void)
{
    return outcome(unlink(world.secret));
}

static int rename_a_file(void)
{
    return outcome(rename(world.secret, world.elsewhere));
}

static int link_a_file(void)
{
    return outcome(link(world.secret, world.elsewhere));
}

static int make_a_symlink(void)
{
    return outcome(symlink(world.secret, world.elsewhere));
}

static int make_a_folder(void)
{
    return outcome(mkdir(world.elsewhere, 0700));
}

static int change_rights(void)
{
    return outcome(chmod(world.secret, 0777));
}

static int make_tcp_socket(void)
{
    return outcome(socket(AF_INET, SOCK_STREAM, 0));
}

static int make_tcp6_socket(void)
{
    return outcome(socket(AF_INET6, SOCK_STREAM, 0));
}

static int make_udp_socket(void)
{
    return outcome(socket(AF_INET, SOCK_DGRAM, 0));
}

static int make_unix_socket(void)
{
    return outcome(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int make_netlink_socket(void)
{
    return outcome(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int connect_somewhere(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? errno
                  : outcome(connect(fd, (const struct sockaddr *)&world.listening,
                                    sizeof world.listening));
}

static int start_a_program(void)
{
    char *const argv[] = {(char *)"true", NULL};
    return outcome(execv("/bin/true", argv));
}

static int start_a_program_by_descriptor(void)
{
    char *const argv[] = {(char *)"true", NULL};
    return outcome(syscall(SYS_execveat, world.input, "", argv, NULL, AT_EMPTY_PATH));
}

static int fork_a_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return outcome(pid);
}

static int signal_parent(void)
{
    return outcome(kill(getppid(), 0));
}

static int signal_thread_of_parent(void)
{
    return outcome(syscall(SYS_tgkill, getppid(), getppid(), 0));
}

/* What becomes readable or writable would signal it. */
static int own_a_pipe_for_parent(void)
{
    int ends[2];
    return pipe(ends) == 0 ? outcome(fcntl(ends[0], F_SETOWN, getppid())) : errno;
}

static int slow_parent_down(void)
{
    return outcome(setpriority(PRIO_PROCESS, (id_t)getppid(), 19));
}

static int slow_down(void)
{
    return outcome(setpriority(PRIO_PROCESS, 0, 19));
}

/* To the cores it may use already. */
static int pin(pid_t pid)
{
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0
               ? outcome(sched_setaffinity(pid, sizeof cores, &cores))
               : errno;
}

static int pin_parent(void)
{
    return pin(getppid());
}

static int pin_itself(void)
{
    return pin(0);
}

static int raise_nothing(void)
{
    return outcome(syscall(SYS_tgkill, getpid(), gettid(), 0));
}

static int trace_parent(void)
{
    return outcome(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
}

static int read_memory_of_parent(void)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {&world, 1};
    return outcome(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}

static int mount_something(void)
{
    return outcome(mount("none", "/mnt", "tmpfs", 0, NULL));
}

static int make_a_user_namespace(void)
{
    return outcome(unshare(CLONE_NEWUSER));
}

static int load_a_bpf_program(void)
{
    return outcome(syscall(SYS_bpf, 0, NULL, 0));
}

static int make_a_userfaultfd(void)
{
    return outcome(syscall(SYS_userfaultfd, 0));
}

static int open_a_keyring(void)
{
    return outcome(syscall(SYS_keyctl, 0, -3, 0, 0, 0));
}

static int open_a_perf_event(void)
{
    return outcome(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
}

static int make_an_io_uring(void)
{
    return outcome(syscall(SYS_io_uring_setup, 1, NULL));
}

static int add_another_filter(void)
{
    return outcome(syscall(SYS_seccomp, 1, 0, NULL));
}

static int call_what_comes_after(void)
{
    return outcome(syscall(4000));
}

static int raise_a_limit(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return outcome(setrlimit(RLIMIT_CORE, &limit));
}

static int outlive_its_worker(void)
{
    return outcome(prctl(PR_SET_PDEATHSIG, 0));
}

static int type_into_a_terminal(void)
{
    return outcome(syscall(SYS_ioctl, world.part, 0x5412 /* TIOCSTI */, "x"));
}

/* What a task must still be able to do. */

static int read_and_write_what_it_has(void)
{
    char byte;
    if (pread(world.input, &byte, 1, 0) != 1 || pwrite(world.part, &byte, 1, 0) != 1)
        return errno;
    return outcome(ftruncate(world.part, 100)) + outcome(fsync(world.part));
}

static int read_a_library(void)
{
    return try_open("/usr/share", O_RDONLY | O_DIRECTORY);
}

static void *do_nothing(void *data)
{
    return data;
}

static int start_a_thread(void)
{
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, do_nothing, NULL);
    return failed ? failed : pthread_join(thread, NULL);
}

static int allocate(void)
{
    g_autofree char *memory = g_try_malloc(64 << 20);
    return memory ? 0 : ENOMEM;
}

/* Bounds. */

static int grow_beyond_its_disk(void)
{
    struct statvfs fs;
    signal(SIGXFSZ, SIG_IGN);
    if (fstatvfs(world.part, &fs) != 0)
        return errno;
    return outcome(ftruncate(world.part, (off_t)(fs.f_blocks * fs.f_frsize + 1)));
}

static int take_more_than_the_machine_has(void)
{
    struct sysinfo machine;
    sysinfo(&machine);
    size_t size = 2 * (size_t)(machine.totalram + machine.totalswap) * machine.mem_unit;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int dump_core(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    return limit.rlim_max == 0 ? EFBIG : 0;
}

static const struct attempt {
    const char *name;
    int (*act)(void);
    unsigned layers; /* it runs under */
    int expected;    /* errno */
} attempts[] = {
    {"reads-a-secret", read_secret, SANDBOX_ALL, EACCES},
    {"reads-passwd", read_passwd, SANDBOX_ALL, EACCES},
    {"reads-its-environment", read_own_environment, SANDBOX_ALL, EACCES},
    {"reads-its-parents-environment", read_environment_of_parent, SANDBOX_ALL, EACCES},
    {"reopens-its-input", reopen_input_for_writing, SANDBOX_ALL, EACCES},
    {"lists-a-folder", list_home, SANDBOX_ALL, EACCES},
    {"writes-a-file", write_secret, SANDBOX_ALL, EACCES},
    {"creates-a-file", create_a_file, SANDBOX_ALL, EACCES},
    {"empties-a-file", empty_a_file, SANDBOX_ALL, EACCES},
    {"truncates-a-file", truncate_a_file, SANDBOX_ALL, EPERM},
    {"removes-a-file", remove_a_file, SANDBOX_ALL, EPERM},
    {"renames-a-file", rename_a_file, SANDBOX_ALL, EPERM},
    {"links-a-file", link_a_file, SANDBOX_ALL, EPERM},
    {"makes-a-symlink", make_a_symlink, SANDBOX_ALL, EPERM},
    {"makes-a-folder", make_a_folder, SANDBOX_ALL, EPERM},
    {"changes-rights", change_rights, SANDBOX_ALL, EPERM},
    {"makes-a-tcp-socket", make_tcp_socket, SANDBOX_ALL, EPERM},
    {"makes-a-tcp6-socket", make_tcp6_socket, SANDBOX_ALL, EPERM},
    {"makes-a-udp-socket", make_udp_socket, SANDBOX_ALL, EPERM},
    {"makes-a-unix-socket", make_unix_socket, SANDBOX_ALL, EPERM},
    {"makes-a-netlink-socket", make_netlink_socket, SANDBOX_ALL, EPERM},
    {"connects", connect_somewhere, SANDBOX_ALL, EPERM},
    {"starts-a-program", start_a_program, SANDBOX_ALL, EPERM},
    {"starts-a-descriptor", start_a_program_by_descriptor, SANDBOX_ALL, EPERM},
    {"forks", fork_a_process, SANDBOX_ALL, EPERM},
    {"signals-its-parent", signal_parent, SANDBOX_ALL, EPERM},
    {"signals-a-thread-of-its-parent", signal_thread_of_parent, SANDBOX_ALL, EPERM},
    {"has-a-pipe-signal-its-parent", own_a_pipe_for_parent, SANDBOX_ALL, ENOSYS},
    {"slows-its-parent-down", slow_parent_down, SANDBOX_ALL, EPERM},
    {"pins-its-parent", pin_parent, SANDBOX_ALL, EPERM},
    {"traces-its-parent", trace_parent, SANDBOX_ALL, EPERM},
    {"reads-memory-of-its-parent", read_memory_of_parent, SANDBOX_ALL, EPERM},
    {"mounts", mount_something, SANDBOX_ALL, EPERM},
    {"makes-a-user-namespace", make_a_user_namespace, SANDBOX_ALL, EPERM},
    {"loads-bpf", load_a_bpf_program, SANDBOX_ALL, EPERM},
    {"makes-a-userfaultfd", make_a_userfaultfd, SANDBOX_ALL, EPERM},
    {"opens-a-keyring", open_a_keyring, SANDBOX_ALL, EPERM},
    {"opens-a-perf-event", open_a_perf_event, SANDBOX_ALL, EPERM},
    {"makes-an-io-uring", make_an_io_uring, SANDBOX_ALL, EPERM},
    {"adds-a-filter", add_another_filter, SANDBOX_ALL, EPERM},
    {"calls-what-comes-after", call_what_comes_after, SANDBOX_ALL, ENOSYS},
    {"raises-a-limit", raise_a_limit, SANDBOX_ALL, EPERM},
    {"outlives-its-worker", outlive_its_worker, SANDBOX_ALL, ENOSYS},
    {"types-into-a-terminal", type_into_a_terminal, SANDBOX_ALL, ENOTTY},
    {"grows-a-file-beyond-its-disk", grow_beyond_its_disk, SANDBOX_ALL, EFBIG},
    {"takes-more-memory-than-there-is", take_more_than_the_machine_has, SANDBOX_ALL, ENOMEM},
    {"dumps-core", dump_core, SANDBOX_ALL, EFBIG},

    {"may-use-its-descriptors", read_and_write_what_it_has, SANDBOX_ALL, 0},
    {"may-read-libraries", read_a_library, SANDBOX_ALL, 0},
    {"may-start-threads", start_a_thread, SANDBOX_ALL, 0},
    {"may-signal-itself", raise_nothing, SANDBOX_ALL, 0},
    {"may-slow-itself-down", slow_down, SANDBOX_ALL, 0},
    {"may-pin-itself", pin_itself, SANDBOX_ALL, 0},
    {"may-allocate", allocate, SANDBOX_ALL, 0},

    {"landlock-alone-stops-reading", read_secret, NAMES_ONLY, EACCES},
    {"landlock-alone-stops-writing", create_a_file, NAMES_ONLY, EACCES},
    {"landlock-alone-stops-removing", remove_a_file, NAMES_ONLY, EACCES},
    {"seccomp-alone-stops-writing", create_a_file, LOCKED, EACCES},
    {"seccomp-alone-stops-removing", remove_a_file, LOCKED, EPERM},
    {"seccomp-alone-stops-connecting", connect_somewhere, LOCKED, EPERM},
    {"seccomp-alone-stops-signals", signal_thread_of_parent, LOCKED, EPERM},
    {"nothing-stops-reading-without-layers", read_secret, 0, 0},
};

static int run_inside(const struct sandbox *sandbox, int (*act)(void))
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        const int files[] = {world.input, world.part};
        struct failure failure = {FAIL_NONE, NULL};
        if (!sandbox_enter(sandbox, files, G_N_ELEMENTS(files), &failure))
            _exit(255);
        _exit(act());
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static struct {
    char *listed, *beside;
} pictures;

static int read_what_is_listed(void)
{
    return try_open(pictures.listed, O_RDONLY);
}

static int read_what_is_beside(void)
{
    return try_open(pictures.beside, O_RDONLY);
}

/* The path of a picture that is there. */
static char *make_picture(const char *name)
{
    char *path = g_build_filename(world.dir, name, NULL);
    g_assert_true(g_file_set_contents(path, "picture", -1, NULL));
    return path;
}

static int list_of(const char *pattern)
{
    static const struct sequence_rule rule = {.fps = {24, 1}};
    g_autofree char *path = g_build_filename(world.dir, pattern, NULL);
    g_auto(sequence_ptr) sequence = sequence_find(path, &rule, NULL);
    return sequence_list(sequence, NULL);
}

/* And the task after it, in the same worker, has no right to them. */
static void a_sequence_gives_a_right_to_its_pictures_alone(void)
{
    struct sandbox *sandbox = sandbox_prepare(NAMES_ONLY);
    const int given = world.input;
    pictures.listed = make_picture("s.0001.dpx");
    pictures.beside = make_picture("t.0001.dpx");
    if (sandbox_layers(sandbox) == NAMES_ONLY) {
        world.input = list_of("s.####.dpx");
        g_assert_cmpint(run_inside(sandbox, read_what_is_listed), ==, 0);
        g_assert_cmpint(run_inside(sandbox, read_what_is_beside), ==, EACCES);
        close(world.input);
        world.input = given;
        g_assert_cmpint(run_inside(sandbox, read_what_is_listed), ==, EACCES);
    } else {
        g_test_skip("no Landlock here");
    }
    sandbox_destroy(sandbox);
    g_unlink(pictures.listed);
    g_unlink(pictures.beside);
    g_free(pictures.listed);
    g_free(pictures.beside);
}

/* The link was put there after the pictures were listed: at that time it would have been refused.
 */
static void a_picture_that_became_a_link_to_a_folder_gives_no_right_to_it(void)
{
    struct sandbox *sandbox = sandbox_prepare(NAMES_ONLY);
    const int given = world.input;
    g_autofree char *picture = make_picture("u.0001.dpx");
    world.input = list_of("u.####.dpx");
    g_unlink(picture);
    g_assert_cmpint(symlink(world.dir, picture), ==, 0);
    if (sandbox_layers(sandbox) == NAMES_ONLY) {
        g_assert_cmpint(run_inside(sandbox, read_secret), ==, EACCES);
        g_assert_cmpint(run_inside(sandbox, list_home), ==, EACCES);
    } else {
        g_test_skip("no Landlock here");
    }
    close(world.input);
    world.input = given;
    sandbox_destroy(sandbox);
    g_unlink(picture);
}

static void attempt(gconstpointer data)
{
    const struct attempt *attempt = data;
    struct sandbox *sandbox = sandbox_prepare(attempt->layers);
    if (sandbox_layers(sandbox) != attempt->layers) {
        g_autofree char *lacks = sandbox_missing(attempt->layers & ~sandbox_layers(sandbox));
        g_test_skip(lacks);
    } else {
        int got = run_inside(sandbox, attempt->act);
        if (got != attempt->expected)
            g_error("%s: got %s, expected %s", attempt->name, g_strerror(got),
                    g_strerror(attempt->expected));
    }
    g_assert_true(g_file_test(world.secret, G_FILE_TEST_IS_REGULAR));
    g_assert_false(g_file_test(world.elsewhere, G_FILE_TEST_EXISTS));
    sandbox_destroy(sandbox);
}

/* Since its fourth version: Linux 6.7. */
static void landlock_alone_stops_connecting(void)
{
    struct sandbox *sandbox = sandbox_prepare(NAMES_ONLY);
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 4)
        g_test_skip("this kernel's Landlock knows no network");
    else
        g_assert_cmpint(run_inside(sandbox, connect_somewhere), ==, EACCES);
    sandbox_destroy(sandbox);
}

static void the_caller_is_not_restricted(void)
{
    struct sandbox *sandbox = sandbox_prepare(SANDBOX_ALL);
    g_assert_cmpint(read_secret(), ==, 0);
    g_assert_cmpint(make_tcp_socket(), ==, 0);
    sandbox_destroy(sandbox);
}

static void no_connection_was_made(void)
{
    g_assert_cmpint(accept(world.listener, NULL, NULL), ==, -1);
    g_assert_cmpint(errno, ==, EAGAIN);
}

static void names_are_read_as_they_are_written(void)
{
    for (unsigned layers = 0; layers <= SANDBOX_ALL; layers++) {
        g_autofree char *names = sandbox_names(layers);
        unsigned again;
        g_assert_true(sandbox_from_names(layers ? names : "off", &again));
        g_assert_cmpuint(again, ==, layers);
    }
}

static void unknown_names_are_refused(void)
{
    unsigned layers;
    g_assert_false(sandbox_from_names("landlok", &layers));
    g_assert_false(sandbox_from_names("", &layers));
}

static void listen_on_loopback(void)
{
    socklen_t length = sizeof world.listening;
    world.listening =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    world.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr *address = (struct sockaddr *)&world.listening;
    g_assert_cmpint(bind(world.listener, address, length), ==, 0);
    g_assert_cmpint(getsockname(world.listener, address, &length), ==, 0);
    g_assert_cmpint(listen(world.listener, 8), ==, 0);
}

static void make_world(void)
{
    world.dir = g_dir_make_tmp("rushes-sandbox-XXXXXX", NULL);
    world.secret = g_build_filename(world.dir, "secret", NULL);
    world.elsewhere = g_build_filename(world.dir, "elsewhere", NULL);
    g_autofree char *input = g_build_filename(world.dir, "input", NULL);
    g_autofree char *part = g_build_filename(world.dir, "part", NULL);
    g_assert_true(g_file_set_contents(world.secret, "secret", -1, NULL));
    g_assert_true(g_file_set_contents(input, "input", -1, NULL));
    world.input = open(input, O_RDONLY);
    world.part = open(part, O_RDWR | O_CREAT, 0600);
    g_assert_cmpint(world.part, >=, 0);
    g_unlink(input);
    g_unlink(part);
    listen_on_loopback();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    make_world();
    for (unsigned i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autofree char *path = g_strconcat("/sandbox/", attempts[i].name, NULL);
        g_test_add_data_func(path, &attempts[i], attempt);
    }
    g_test_add_func("/sandbox/landlock-connecting", landlock_alone_stops_connecting);
    g_test_add_func("/sandbox/no-connection-was-made", no_connection_was_made);
    g_test_add_func("/sandbox/caller-not-restricted", the_caller_is_not_restricted);
    g_test_add_func("/sandbox/sequence", a_sequence_gives_a_right_to_its_pictures_alone);
    g_test_add_func("/sandbox/sequence-link",
                    a_picture_that_became_a_link_to_a_folder_gives_no_right_to_it);
    g_test_add_func("/sandbox/names", names_are_read_as_they_are_written);
    g_test_add_func("/sandbox/unknown-names", unknown_names_are_refused);
    int failed = g_test_run();
    g_unlink(world.secret);
    g_rmdir(world.dir);
    return failed;
}
