/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the end of a process to the result of a task. */
#include "local.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static struct result *made_up(const struct wire *ended)
{
    struct result *result = result_create();
    result->seconds = (double)ended->wall_us / 1e6;
    result->cpu_seconds = (double)ended->cpu_us / 1e6;
    result->peak_bytes = ended->peak_bytes;
    return result;
}

static void explain_death(const struct running *r, int signal, int64_t peak_bytes,
                          struct failure *failure)
{
    if (signal == SIGKILL)
        fail(failure, FAIL_MEMORY,
             "the worker was killed from outside at %.0f MB, most likely because memory ran out; "
             "its log: %s/log",
             (double)peak_bytes / 1e6, r->dir);
    else
        fail(failure, FAIL_CRASH, "the worker died by signal %d (%s); its log: %s/log", signal,
             strsignal(signal), r->dir);
}

static struct result *read_result(const struct running *r, GError **error)
{
    g_autofree char *path = g_build_filename(r->dir, "result.json", NULL);
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error))
        return NULL;
    return result_from_text(text, (gssize)length, error);
}

/* What failed because its input changed under it is put down to that. */
static struct result *judge_inputs(const struct running *r, struct result *result)
{
    struct failure changed = {FAIL_NONE, NULL};
    if (r->why.class != FAIL_NONE || inputs_same(r->inputs, &changed))
        return result;
    failure_clear(&result->failure);
    result->failure = changed;
    return result;
}

static struct result *as_it_ended(const struct running *r, const struct wire *ended)
{
    g_autoptr(GError) error = NULL;
    bool exited = ended->error == 0 && WIFEXITED(ended->status);
    if (exited && WEXITSTATUS(ended->status) == 0) {
        struct result *result = read_result(r, &error);
        if (result)
            return result;
    }
    struct result *result = made_up(ended);
    if (ended->error)
        fail(&result->failure, FAIL_MEMORY, "no process for the task: %s",
             g_strerror(ended->error));
    else if (error)
        fail(&result->failure, FAIL_INTERNAL,
             "the worker left no usable result (%s); its log: %s/log", error->message, r->dir);
    else if (r->why.class != FAIL_NONE)
        fail(&result->failure, r->why.class, "%s", r->why.message);
    else if (exited && WEXITSTATUS(ended->status) == WIRE_EXIT_UNWRITTEN)
        fail(&result->failure, FAIL_DISK, "the worker could not write %s/result.json", r->dir);
    else if (exited && WEXITSTATUS(ended->status) == WIRE_EXIT_NO_MEMORY)
        fail(&result->failure, FAIL_MEMORY,
             "there was no memory for a frame at %.0f MB; its log: %s/log",
             (double)ended->peak_bytes / 1e6, r->dir);
    else if (exited)
        fail(&result->failure, FAIL_CRASH, "the worker ended with status %d; its log: %s/log",
             WEXITSTATUS(ended->status), r->dir);
    else
        explain_death(r, WTERMSIG(ended->status), ended->peak_bytes, &result->failure);
    return result;
}

/* What the worker says of these is what became of their stand-ins. */
static struct result *judge_unmade(const struct running *r, struct result *result)
{
    for (guint i = 0; i < r->unmade->len; i++) {
        const struct unmade *unmade = &g_array_index(r->unmade, struct unmade, i);
        if (unmade->output >= result->outputs->len)
            continue;
        struct output_result *output = result->outputs->pdata[unmade->output];
        failure_clear(&output->failure);
        fail(&output->failure, unmade->failure.class, "%s", unmade->failure.message);
    }
    return result;
}

struct result *result_of_ended(const struct running *r, const struct wire *ended)
{
    return judge_inputs(r, judge_unmade(r, as_it_ended(r, ended)));
}

struct result *result_of_lost(const struct running *r, int worker_status)
{
    struct result *result = result_create();
    if (r->why.class != FAIL_NONE)
        fail(&result->failure, r->why.class, "%s", r->why.message);
    else if (WIFSIGNALED(worker_status))
        fail(&result->failure, FAIL_CRASH,
             "the warm worker died by signal %d (%s), its tasks with it", WTERMSIG(worker_status),
             strsignal(WTERMSIG(worker_status)));
    else
        fail(&result->failure, FAIL_CRASH,
             "the warm worker ended with status %d, its tasks with it", WEXITSTATUS(worker_status));
    return result;
}
