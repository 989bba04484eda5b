/* SPDX-License-Identifier: GPL-3.0-or-later
 * rushes-worker: serves the local pool, or runs one task file by hand. */
#include "media/catalogue.h"
#include "model/expect.h"
#include "model/open.h"
#include "sandbox.h"
#include "worker/run.h"
#include "worker/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_OUT_OF_SPEC };

static const char usage[] =
    "usage: rushes-worker TASK.json    run one task; its result is printed as JSON\n"
    "       rushes-worker --catalogue  what the media libraries here can do, as JSON\n"
    "       rushes-worker --serve FD   serve tasks on a socket (started by rushes)\n"
    "       rushes-worker --version | --help\n"
    "\n"
    "A task.json lies in .rushes/runs/<run>/tasks/<n>/ below the output folder. Running it again\n"
    "writes the part files it names; nothing is renamed into place. Exit: 0 done, 1 failed, 2 "
    "usage, 3 a check failed.\n"
    "\n"
    "A task runs in a sandbox, which a debugger and strace don't like: RUSHES_SANDBOX=off turns it "
    "off,\n"
    "a list of its layers (no-new-privs,rlimits,landlock,seccomp) leaves the others out.\n";

static int print_catalogue(void)
{
    worker_warm();
    g_autoptr(JsonNode) catalogue = media_catalogue();
    g_autofree char *text = json_to_string(catalogue, FALSE);
    return puts(text) < 0 || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int print_version(void)
{
    g_autofree char *build = media_build();
    struct sandbox *sandbox = sandbox_prepare(sandbox_wanted());
    g_autofree char *layers = sandbox_names(sandbox_layers(sandbox));
    printf("rushes-worker %s\n%s\nsandbox: %s\n", RUSHES_VERSION, build, layers);
    sandbox_destroy(sandbox);
    return EXIT_SUCCESS;
}

static bool open_files(const struct task *task, GArray *fds, struct failure *failure)
{
    for (unsigned i = 0; i < task->files->len; i++) {
        int fd = task_open_file(task, i, failure);
        if (fd < 0)
            return false;
        g_array_append_val(fds, fd);
    }
    return true;
}

static int exit_of(const struct result *result)
{
    bool failed = result->failure.class != FAIL_NONE, passed = true;
    for (unsigned i = 0; i < result->outputs->len; i++)
        failed |= ((struct output_result *)result->outputs->pdata[i])->failure.class != FAIL_NONE;
    for (unsigned i = 0; i < result->checks->len; i++)
        passed &= ((struct check *)result->checks->pdata[i])->pass;
    return failed ? EXIT_FAILURE : passed ? EXIT_SUCCESS : EXIT_OUT_OF_SPEC;
}

static bool restrict_to(const GArray *fds, struct failure *failure)
{
    struct sandbox *sandbox = sandbox_prepare(sandbox_wanted());
    unsigned missing = SANDBOX_ALL & ~sandbox_layers(sandbox);
    g_autofree char *sentence = sandbox_missing(missing);
    if (missing)
        fprintf(stderr, "rushes-worker: warning: %s\n", sentence);
    bool fine = sandbox_enter(sandbox, (const int *)(const void *)fds->data, fds->len, failure);
    sandbox_destroy(sandbox);
    return fine;
}

/* Libraries that print go to stderr with the rest of the log: stdout has the result only. Ends as a
 * fork does: what would run at exit is of no use in the sandbox. */
static _Noreturn void run_task(const struct task *task)
{
    g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
    g_auto(result_ptr) result = result_create();
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    worker_warm();
    if (open_files(task, fds, &result->failure) && restrict_to(fds, &result->failure)) {
        struct speaker *speaker = speaker_create(-1);
        const int *files = (const int *)(const void *)fds->data;
        struct job job = {.task = task, .fds = files, .speaker = speaker};
        worker_run(&job, result);
        speaker_destroy(speaker);
    }
    g_autofree char *text = result_to_text(result);
    bool told = out >= 0 && dprintf(out, "%s\n", text) > 0;
    fflush(NULL);
    _exit(told ? exit_of(result) : EXIT_FAILURE);
}

static int run_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length;
    g_auto(task_ptr) task = NULL;
    if (g_file_get_contents(path, &text, &length, &error))
        task = task_from_text(text, (gssize)length, &error);
    if (task)
        run_task(task);
    fprintf(stderr, "rushes-worker: %s: %s\n", path, error->message);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    signal(SIGCHLD, SIG_DFL); /* where it is ignored, no end of a child is heard of */
    if (argc == 3 && strcmp(argv[1], "--serve") == 0)
        return worker_serve_text(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--catalogue") == 0)
        return print_catalogue();
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return print_version();
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    if (argc == 2 && argv[1][0] != '-')
        return run_file(argv[1]);
    fputs(usage, stderr);
    return EXIT_USAGE;
}
