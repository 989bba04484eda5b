/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a pipeline wants called when a run is over. */
#include "hooks.h"

#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LIMIT_S = 60, /* a hook tells somebody; work belongs elsewhere */
    SLICE_US = 20000,
};

/* A file that is nowhere, at its start. -1 and errno. */
static int file_of(const char *text)
{
    int fd = memfd_create("report.json", MFD_CLOEXEC);
    if (fd < 0 || (file_write_all(fd, text, strlen(text)) && lseek(fd, 0, SEEK_SET) == 0))
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static char **environment(const struct session *session, const struct report *report,
                          const char *url)
{
    char **env = g_get_environ();
    g_autofree char *code = g_strdup_printf("%d", report->exit_code);
    env = g_environ_setenv(env, "RUSHES_RUN", report->run, TRUE);
    env = g_environ_setenv(env, "RUSHES_STATUS", report_status(report), TRUE);
    env = g_environ_setenv(env, "RUSHES_EXIT", code, TRUE);
    env = g_environ_setenv(env, "RUSHES_OUT_DIR", session->out_dir, TRUE);
    /* Not an argument: an address may have a secret in it, and anybody reads arguments. */
    return url ? g_environ_setenv(env, "RUSHES_WEBHOOK_URL", url, TRUE) : env;
}

/* So that whatever it started is stopped with it, and Ctrl-C is for us. */
static void lead_group(void *unused)
{
    setpgid(0, 0);
}

/* Its exit status as waitpid() has it; -1 when it took too long or we were asked to end. */
static int wait_for(GPid pid)
{
    int status = -1;
    unsigned interrupts = interrupt_count();
    int64_t deadline_us = g_get_monotonic_time() + (int64_t)LIMIT_S * G_USEC_PER_SEC;
    while (waitpid(pid, &status, WNOHANG) != pid) {
        g_usleep(SLICE_US);
        if (g_get_monotonic_time() < deadline_us && interrupt_count() == interrupts)
            continue;
        kill(-pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        return -1;
    }
    return status;
}

/* NULL when all went well, else what didn't. Caller frees. */
static char *words_for(int status)
{
    if (status == -1)
        return g_strdup_printf("was stopped after %d seconds or by Ctrl-C", LIMIT_S);
    if (WIFSIGNALED(status))
        return g_strdup_printf("was killed by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status) ? g_strdup_printf("ended with exit status %d", WEXITSTATUS(status))
                               : NULL;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

static char *call(const struct session *session, const struct report *report, char **argv,
                  const char *url)
{
    GPid pid;
    g_autoptr(GError) error = NULL;
    g_autofree char *json = report_to_json(report);
    g_autofree char *file = g_canonicalize_filename(session->pipeline->file, NULL);
    g_autofree char *folder = g_path_get_dirname(file);
    g_auto(GStrv) env = environment(session, report, url);
    int input = file_of(json), output = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    char *wrong = input < 0 || output < 0
                      ? g_strdup_printf("can't be given the report: %s", g_strerror(errno))
                      : NULL;
    bool started = !wrong && g_spawn_async_with_fds(
                                 folder, argv, env, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                                 lead_group, NULL, &pid, input, output, -1, &error);
    close_if_open(input);
    close_if_open(output);
    return wrong ? wrong : started ? words_for(wait_for(pid)) : g_strdup(error->message);
}

static char *call_url(const struct session *session, const struct report *report, const char *url)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *sender = program_find("rushes-webhook", &error);
    if (!sender)
        return g_strdup(error->message);
    char *argv[] = {sender, NULL};
    return call(session, report, argv, url);
}

/* Without what may be secret. */
static char *name_of(char *const *hook)
{
    g_autoptr(GUri) uri = hook_is_url(hook) ? g_uri_parse(hook[0], G_URI_FLAGS_NONE, NULL) : NULL;
    return uri ? g_strdup_printf("the webhook at %s", g_uri_get_host(uri)) : path_display(hook[0]);
}

static bool call_one(const struct session *session, struct report *report, enum hook_when when)
{
    char **hook = session->pipeline->hooks[when];
    if (!hook || (when == HOOK_FAILURE && report->exit_code == 0))
        return false;
    g_autofree char *wrong =
        hook_is_url(hook) ? call_url(session, report, hook[0]) : call(session, report, hook, NULL);
    if (!wrong)
        return false;
    g_autofree char *name = name_of(hook);
    char *note = g_strdup_printf("hook \"%s\": %s %s", hook_names[when], name, wrong);
    fprintf(stderr, "rushes: warning: %s\n", note);
    g_ptr_array_add(report->notes, note);
    return true;
}

bool hooks_call(const struct session *session, struct report *report)
{
    bool noted = false;
    for (enum hook_when when = 0; when < HOOK_COUNT; when++)
        noted = call_one(session, report, when) || noted;
    return noted;
}
