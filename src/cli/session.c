/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pipeline → inputs with facts → plan. */
#include "session.h"

#include "exit.h"
#include "interrupt.h"
#include "provenance.h"
#include "scan.h"
#include "sealed.h"
#include "world.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        if (g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
            remove_tree(below);
        else
            g_unlink(below);
    }
    g_rmdir(path);
}

static int say(int code, GError **error)
{
    fprintf(stderr, "rushes: %s\n", (*error)->message);
    return code;
}

static void name_run(struct session *session)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *utc = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
    session->run_id = g_strdup_printf("%s-%04x", utc, g_random_int() & 0xffff);
    session->run_dir = g_build_filename(session->out_dir, ".rushes", "runs", session->run_id, NULL);
}

static int open_ledger(struct session *session, const struct session_given *given, bool for_run)
{
    g_autoptr(GError) error = NULL;
    if (given->ledger) {
        session->ledger = given->ledger;
        session->ledger_given = true;
        return ledger_settle(session->ledger, &error) ? EXIT_DONE : say(EXIT_DISK, &error);
    }
    g_autofree char *path = g_build_filename(session->out_dir, ".rushes", "ledger.sqlite", NULL);
    enum ledger_mode mode = for_run                                     ? LEDGER_WRITE
                            : g_file_test(path, G_FILE_TEST_IS_REGULAR) ? LEDGER_READ
                                                                        : LEDGER_MEMORY;
    session->ledger = ledger_open(session->out_dir, mode, &error);
    return session->ledger ? EXIT_DONE : say(EXIT_DISK, &error);
}

/* Looking at the sources may take hours: what is cut off there can be continued, too. */
static int begin_run(struct session *session)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *cwd = g_get_current_dir();
    struct run_command command = {.argv = session->args->argv, .cwd = cwd};
    session->begun = ledger_run_begin(session->ledger, session->run_id, &command, &error);
    return session->begun ? EXIT_DONE : say(EXIT_DISK, &error);
}

static int make_folders(struct session *session, bool for_run)
{
    g_autoptr(GError) error = NULL;
    if (for_run) {
        if (g_mkdir_with_parents(session->run_dir, 0755) == 0)
            return EXIT_DONE;
        fprintf(stderr, "rushes: can't make %s: %s\n", session->run_dir, g_strerror(errno));
        return EXIT_DISK;
    }
    session->scratch = g_dir_make_tmp("rushes-XXXXXX", &error);
    return session->scratch ? EXIT_DONE : say(EXIT_DISK, &error);
}

static int load(struct session *session)
{
    if (!language_init(&session->language, session->args, true))
        return EXIT_USAGE;
    session->diag = diag_create();
    session->pipeline =
        pipeline_load(session->args->words->pdata[0], &session->language.options, session->diag);
    if (session->pipeline && session->arriving)
        pipeline_check_arriving(session->pipeline, session->diag);
    if (session->pipeline && !diag_errors(session->diag))
        return EXIT_DONE; /* warnings are said once, with those of the plan */
    say_findings(session->diag);
    return EXIT_USAGE;
}

/* What is known by a stamp that proves nothing is neither believed nor remembered. */
static void mark_racy(const GPtrArray *inputs, int64_t looked_us)
{
    for (guint i = 0; i < inputs->len; i++) {
        struct plan_input *input = inputs->pdata[i];
        input->racy = file_stamp_is_racy(&input->stamp, looked_us);
    }
}

static void keep_only(GPtrArray *inputs, const GPtrArray *paths)
{
    for (guint i = inputs->len; paths && i > 0; i--) {
        const struct plan_input *input = inputs->pdata[i - 1];
        if (!g_ptr_array_find_with_equal_func((GPtrArray *)paths, input->path, g_str_equal, NULL))
            g_ptr_array_remove_index(inputs, i - 1);
    }
}

/* A pipeline that somebody sent along with a file runs nothing of its own. */
static void forget_hooks(struct pipeline *pipeline)
{
    for (int i = 0; i < HOOK_COUNT; i++)
        g_clear_pointer(&pipeline->hooks[i], g_strfreev);
}

static int find_inputs(struct session *session, const struct session_given *given)
{
    const struct args *args = session->args;
    if (given->inputs) {
        session->inputs = g_ptr_array_ref(given->inputs);
        return EXIT_DONE;
    }
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (unsigned i = 1; i < args->words->len; i++)
        g_ptr_array_add(words, args->words->pdata[i]);
    int64_t began_us = g_get_real_time();
    session->aside = scan_aside_create();
    session->inputs =
        scan_inputs(words, session->pipeline, session->out_dir, given->only, NULL, &session->aside);
    if (!session->inputs)
        return EXIT_NO_INPUT;
    keep_only(session->inputs, given->only);
    mark_racy(session->inputs, began_us);
    if (session->inputs->len)
        return EXIT_DONE;
    fprintf(stderr,
            "rushes: no input matched: nothing there has a name that a job of %s takes, by its "
            "`inputs: include`, or without one by its extension\n",
            session->pipeline->file);
    return EXIT_NO_INPUT;
}

static int probe_inputs(struct session *session, bool for_run)
{
    g_autofree char *tasks_dir =
        g_build_filename(for_run ? session->run_dir : session->scratch, "probes", NULL);
    struct ingest ingest = {
        .ledger = session->ledger,
        .errand = {.guard = &session->guard,
                   .display = session->display,
                   .tasks_dir = tasks_dir,
                   .jobs = session->args->jobs,
                   .timeout_s = session->args->timeout_s},
        .measure = session->pipeline->needs_measuring,
        .hash = true,
    };
    int code = ingest_run(&ingest, session->inputs);
    if (code != EXIT_DONE && interrupt_count())
        display_message(session->display, "rushes: interrupted before anything was rendered");
    return code;
}

struct window window_asked(const struct args *args, const struct pipeline *pipeline)
{
    return args->window_given ? args->window : pipeline->window;
}

/* The day that ${date} stands for: of $SOURCE_DATE_EPOCH where that is set
 * (reproducible-builds.org), in UTC; else today. Caller frees. */
static char *day_of_run(void)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    gint64 seconds;
    bool given = epoch && g_ascii_string_to_signed(epoch, 10, 0, G_MAXINT32, &seconds, NULL);
    g_autoptr(GDateTime) day =
        given ? g_date_time_new_from_unix_utc(seconds) : g_date_time_new_now_local();
    return g_date_time_format(day, "%Y-%m-%d");
}

static int make_plan(struct session *session, const struct session_given *given)
{
    g_autofree char *date = day_of_run();
    session->sources = sources_of(session->inputs);
    const char *token = strchr(session->run_id, '-') + 1;
    g_autofree char *run_token = g_strdup_printf("%.15s-%s", session->run_id, token);
    struct plan_params params = {
        .out_dir = session->out_dir,
        .run_token = run_token,
        .date = date,
        .only = session->args->only,
        .with_sources = given->only != NULL,
        .software = session->language.software,
        .on_exists = (enum exists_policy)session->args->on_exists,
        .verify = (enum verify_mode)session->args->verify,
        .fresh = session->args->fresh,
        .arriving = session->arriving,
        .cores = (int)g_get_num_processors(),
        .max_megapixels = still_limit_asked(),
        .now_us = g_get_real_time(),
        .window = window_asked(session->args, session->pipeline),
    };
    struct world world = {
        .out_dir = session->out_dir, .ledger = session->ledger, .sources = session->sources};
    struct plan_world seam = world_seam(&world);
    session->plan = plan_build(session->pipeline, session->inputs, &params, &seam, session->diag);
    bool fine = say_findings(session->diag);
    session->plan_wrong = !fine || !session->plan;
    if (session->plan_wrong)
        return EXIT_USAGE;
    provenance_note(session);
    if (session->plan->outputs->len)
        return EXIT_DONE;
    for (unsigned i = 0; i < session->plan->notes->len; i++)
        fprintf(stderr, "rushes: note: %s\n", (const char *)session->plan->notes->pdata[i]);
    fprintf(stderr, "rushes: nothing to make: no input has an output in %s\n",
            session->pipeline->file);
    return EXIT_NO_INPUT;
}

static int start_engine(struct session *session)
{
    g_autoptr(GError) error = NULL;
    struct local_params local = {.worker = session->args->worker};
    session->engine = engine_local(&local, &error);
    if (!session->engine)
        return say(EXIT_USAGE, &error);
    session->display = display_create((enum progress_mode)session->args->progress, STDERR_FILENO);
    session->guard =
        (struct guard){.engine = session->engine, .required = session->args->require_sandbox};
    return session->guard.required ? guard_check(&session->guard, session->display) : EXIT_DONE;
}

int session_open(struct session *session, const struct args *args,
                 const struct session_given *given, bool for_run)
{
    *session = (struct session){.args = args, .arriving = given->arriving};
    session->out_dir = g_canonicalize_filename(args->out_dir ? args->out_dir : "out", NULL);
    name_run(session);
    int code = load(session);
    if (session->pipeline && given->only)
        forget_hooks(session->pipeline);
    if (code == EXIT_DONE)
        code = find_inputs(session, given);
    if (code == EXIT_DONE)
        code = start_engine(session);
    if (code == EXIT_DONE)
        code = open_ledger(session, given, for_run);
    if (code == EXIT_DONE && for_run)
        code = begin_run(session);
    if (code == EXIT_DONE)
        code = make_folders(session, for_run);
    if (code == EXIT_DONE)
        code = probe_inputs(session, for_run);
    if (code == EXIT_DONE)
        code = sealed_check(session);
    if (code == EXIT_DONE)
        code = make_plan(session, given);
    return code;
}

void session_close(struct session *session)
{
    plan_destroy(session->plan);
    sources_free(session->sources);
    if (session->inputs)
        g_ptr_array_unref(session->inputs);
    if (session->display)
        display_destroy(session->display);
    engine_destroy(session->engine);
    if (!session->ledger_given)
        ledger_close(session->ledger);
    pipeline_destroy(session->pipeline);
    diag_destroy(session->diag);
    language_finish(&session->language);
    if (session->scratch)
        remove_tree(session->scratch);
    scan_aside_clear(&session->aside);
    g_free(session->scratch);
    g_free(session->run_dir);
    g_free(session->run_id);
    g_free(session->out_dir);
}
