/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes run`: the main job. */
#include "run.h"
#include "checksums.h"
#include "collect.h"
#include "commands.h"
#include "drift.h"
#include "exit.h"
#include "hooks.h"
#include "illustrate.h"
#include "interrupt.h"
#include "journal.h"
#include "junit.h"
#include "pause.h"
#include "provenance.h"
#include "publish.h"
#include "sealed.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct run {
    struct session session;
    struct report *report;
    struct sched *sched;
    struct publisher *publisher;
    FILE *journal;
    struct checksums *checksums; /* NULL: not wanted */
    struct against *against;     /* likewise */
    int uncompared;              /* the exit code of what kept it from that */
    int64_t started_us;
    int64_t expected_us, expected_at_us; /* what the ledger was told last of its end, and when */
    double *task_seconds;                /* by task id: of all its attempts */
    bool silent;                         /* of results */
    bool disk_failed;                    /* the ledger or the journal can't be written */
};

static void stop_at_once(struct sched *sched)
{
    sched_interrupt(sched);
    sched_interrupt(sched);
}

/* A disk that fails once fails at every event after it: the first says it. What can't be recorded
 * must not be published, so nothing goes on. */
static bool said(struct run *run, const GError *error)
{
    g_autofree char *text = g_strdup_printf("rushes: error: %s", error->message);
    if (run->disk_failed)
        return false;
    run->disk_failed = true;
    if (run->session.display)
        display_message(run->session.display, text);
    else
        fprintf(stderr, "%s\n", text);
    if (run->sched)
        stop_at_once(run->sched);
    return false;
}

static bool open_run(struct run *run)
{
    g_autoptr(GError) error = NULL;
    const struct session *session = &run->session;
    g_autofree char *plan = plan_json(session->plan);
    g_autofree char *plan_path = g_build_filename(session->run_dir, "plan.json", NULL);
    g_autofree char *journal_path = g_build_filename(session->run_dir, "events.jsonl", NULL);
    if (!file_write_atomic(plan_path, plan, -1, &error) ||
        !ledger_run_planned(session->ledger, session->plan, &error))
        return said(run, error);
    run->checksums = checksums_open(session, &error);
    if (error)
        return said(run, error);
    run->journal = fopen(journal_path, "we");
    if (run->journal)
        return true;
    fprintf(stderr, "rushes: can't write %s: %s\n", journal_path, g_strerror(errno));
    return false;
}

static void said_of_journal(struct run *run)
{
    g_autoptr(GError) error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_IO,
                                          "events.jsonl can't be written: %s", g_strerror(errno));
    said(run, error);
}

static void record(struct run *run, const struct event *event)
{
    g_autoptr(GError) error = NULL;
    if (!ledger_record(run->session.ledger, run->session.plan, event, &error))
        said(run, error);
    if (!journal_write(run->journal, run->session.plan, event) || !journal_flush(run->journal))
        said_of_journal(run);
}

/* Every second; a run that waits for days says nothing more. */
static void expect_end(struct run *run, int64_t now_us)
{
    if (now_us - run->expected_at_us < G_USEC_PER_SEC)
        return;
    run->expected_at_us = now_us;
    g_autoptr(GError) error = NULL;
    struct sched_totals totals;
    sched_totals(run->sched, &totals);
    int64_t expected_us =
        isfinite(totals.eta_s) ? now_us + (int64_t)(totals.eta_s * G_USEC_PER_SEC) : 0;
    if (expected_us == run->expected_us)
        return;
    run->expected_us = expected_us;
    if (!ledger_expect_end(run->session.ledger, expected_us, &error))
        said(run, error);
}

static void show(struct run *run, const struct event *event)
{
    const struct plan *plan = run->session.plan;
    struct sched_totals totals;
    sched_totals(run->sched, &totals);
    struct progress_totals shown = {
        .outputs = totals.outputs,
        .ended = totals.outputs_ended,
        .failed = totals.failed,
        .fraction = totals.predicted_s > 0 ? 1 - totals.predicted_left_s / totals.predicted_s : 1,
        .eta_s = totals.eta_s,
        .hold = totals.hold,
    };
    const char *label = NULL;
    if (event->output >= 0)
        label = ((struct plan_output *)plan->outputs->pdata[event->output])->path;
    else if (event->task >= 0)
        label = ((struct plan_task *)plan->tasks->pdata[event->task])->task->label;
    display_event(run->session.display, event, label, &shown);
}

/* Of what was verified; its source as the render saw it. */
static void keep_glance(struct run *run, const struct report_output *row, int output)
{
    const struct result *verified = sched_verify_result(run->sched, output);
    const struct output_result *rendered = sched_render_result(run->sched, output);
    const bool published = row->status == OUTPUT_DONE;
    g_autoptr(GError) error = NULL;
    struct glance seen = {0};
    g_auto(glance_ptr) package =
        illustrated_package(run->report, &run->session, run->sched, output);
    if (package) {
        seen = *package;
    } else if (verified && verified->glance) {
        seen = *verified->glance;
        seen.before = rendered && rendered->glance ? rendered->glance->before : NULL;
    }
    bool any = glance_has_pictures(&seen) || glance_has_curves(&seen);
    if ((any || published) &&
        !ledger_put_glance(run->session.ledger, row->path, published, any ? &seen : NULL, &error))
        said(run, error);
}

static void write_provenance(struct run *run, int index, enum output_status status,
                             const struct report_output *row)
{
    const struct plan_output *output = run->session.plan->outputs->pdata[index];
    g_autoptr(GError) error = NULL;
    if (!provenance_keep(&run->session, output, status, row, &error))
        said(run, error);
}

static void end_output(struct run *run, const struct event *event)
{
    const struct session *session = &run->session;
    const struct plan_output *output = session->plan->outputs->pdata[event->output];
    g_autofree char *kept = NULL;
    if (event->status == OUTPUT_CANCELLED && interrupt_count())
        leave_output(session, output);
    else if (event->status != OUTPUT_DONE && event->status != OUTPUT_UP_TO_DATE)
        discard_output(session, output, event->status == OUTPUT_OUT_OF_SPEC, &kept);
    struct report_output *row = collect_output(run->report, session, run->sched, event->output,
                                               event->status, &event->failure);
    report_due(row, output->deadline_us, event->time_us);
    row->seconds += output->render >= 0 ? run->task_seconds[output->render] : 0;
    if (event->status == OUTPUT_DONE && run->checksums) {
        const struct result *verified = sched_verify_result(run->sched, event->output);
        checksums_put(run->checksums, output,
                      verified && verified->facts ? verified->facts->hash : NULL);
    }
    keep_glance(run, row, event->output);
    write_provenance(run, event->output, event->status, row);
    if (kept) {
        g_autofree char *shown = path_display(kept);
        g_ptr_array_add(row->steps,
                        g_strdup_printf("not published: kept for looking at as %s", shown));
    }
}

/* What it wrote is in the way of others, until it is tried again. */
static void discard_parts(const struct session *session, int task)
{
    const struct plan_task *planned = session->plan->tasks->pdata[task];
    for (unsigned i = 0; planned->task->kind == TASK_RENDER && i < planned->outputs->len; i++)
        discard_output(session,
                       session->plan->outputs->pdata[g_array_index(planned->outputs, int, i)],
                       false, NULL);
}

static bool came_out_as_it_was(const struct run *run, int index)
{
    const struct plan_output *output = run->session.plan->outputs->pdata[index];
    const struct result *verified = sched_verify_result(run->sched, index);
    return output->content_hash && verified && verified->facts &&
           g_strcmp0(verified->facts->hash, output->content_hash) == 0;
}

static void handle(struct run *run, const struct event *event)
{
    if (event->kind == EVENT_OUTPUT_ENDED && event->status == OUTPUT_UP_TO_DATE)
        plan_output_spare(run->session.plan->outputs->pdata[event->output]);
    record(run, event);
    expect_end(run, event->time_us);
    show(run, event);
    if (event->kind == EVENT_TASK_FINISHED && event->result)
        run->task_seconds[event->task] += event->result->seconds;
    if (event->kind == EVENT_TASK_RETRIED)
        discard_parts(&run->session, event->task);
    if (event->kind == EVENT_OUTPUT_ENDED)
        end_output(run, event);
    if (event->kind == EVENT_OUTPUT_READY)
        publisher_add(run->publisher, event->output);
}

static void publish(struct run *run)
{
    struct failure failure = {FAIL_NONE, NULL};
    for (int output; publisher_next(run->publisher, &output, &failure); failure_clear(&failure))
        sched_published(run->sched, output, &failure, came_out_as_it_was(run, output));
}

/* How long to wait for events. A folder that was made meanwhile isn't one. */
static int64_t patience_us(const struct run *run)
{
    return publisher_underway(run->publisher) ? 20000 : 200000;
}

/* One large file must not hold up all that arrives after it: it is taken again later. */
static enum low_disk low_disk(const struct session *session)
{
    if (session->args->on_low_disk >= 0)
        return (enum low_disk)session->args->on_low_disk;
    return session->arriving ? LOW_DISK_FAIL : LOW_DISK_WAIT;
}

static void run_tasks(struct run *run)
{
    const struct args *args = run->session.args;
    g_autofree char *tasks_dir = g_build_filename(run->session.run_dir, "tasks", NULL);
    struct sched_params params = {
        .jobs = args->jobs,
        .retries = args->retries,
        .timeout_s = args->timeout_s,
        .fail_fast = args->fail_fast,
        .window = window_asked(args, run->session.pipeline),
        .low_disk = low_disk(&run->session),
        .out_dir = run->session.out_dir,
        .tasks_dir = tasks_dir,
    };
    run->task_seconds = g_new0(double, run->session.plan->tasks->len);
    run->publisher = publisher_create(&run->session);
    run->sched = sched_create(run->session.plan, run->session.engine, &params);
    if (run->disk_failed)
        stop_at_once(run->sched);
    sched_pause(run->sched, pause_is_asked(run->session.out_dir));
    unsigned told = 0;
    for (struct event event; sched_next(run->sched, patience_us(run), &event);) {
        handle(run, &event);
        publish(run);
        sched_pause(run->sched, pause_is_asked(run->session.out_dir));
        for (; told < interrupt_count(); told++) {
            if (told == 0)
                display_message(run->session.display,
                                "rushes: interrupted: running tasks end first; "
                                "press Ctrl-C again to stop at once");
            else
                publisher_stop(run->publisher);
            sched_interrupt(run->sched);
        }
    }
}

static int exit_code(const struct run *run)
{
    const unsigned *totals = run->report->totals;
    if (interrupt_count() && totals[OUTPUT_CANCELLED])
        return interrupt_exit_code();
    if (run->uncompared)
        return run->uncompared;
    if (run->disk_failed || report_disk_failed(run->report))
        return EXIT_DISK;
    if (totals[OUTPUT_FAILED] || totals[OUTPUT_CANCELLED] || run->report->unread->len)
        return EXIT_FAILED;
    return totals[OUTPUT_OUT_OF_SPEC] ? EXIT_OUT_OF_SPEC : EXIT_DONE;
}

static void write_text(struct run *run, const char *path, char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *owned = text;
    if (!file_write_atomic(path, owned, -1, &error))
        said(run, error);
}

static void write_in_run(struct run *run, const char *name, char *text)
{
    g_autofree char *path = g_build_filename(run->session.run_dir, name, NULL);
    write_text(run, path, text);
}

static void write_junit(struct run *run)
{
    g_autoptr(GError) error = NULL;
    const char *path = run->session.args->junit;
    if (path && !junit_write(path, run->report, &error))
        said(run, error);
}

static void write_checksums(struct run *run)
{
    g_autoptr(GError) error = NULL;
    bool sealed = g_strcmp0(run->session.pipeline->checksums, "mhl") == 0;
    if (run->checksums && !checksums_write(run->checksums, &error))
        said(run, error);
    if (sealed && !sealed_write(&run->session, &error))
        said(run, error);
}

static void close_journal(struct run *run)
{
    if (fclose(g_steal_pointer(&run->journal)) != 0)
        said_of_journal(run);
}

static void end_in_ledger(struct run *run)
{
    g_autoptr(GError) error = NULL;
    if (!ledger_run_end(run->session.ledger, report_status(run->report), run->report->exit_code,
                        &error))
        said(run, error);
}

static bool point_last(const struct session *session)
{
    g_autofree char *last = g_build_filename(session->out_dir, ".rushes", "last", NULL);
    g_autofree char *temporary = g_strconcat(last, ".new", NULL);
    g_autofree char *target = g_build_filename("runs", session->run_id, NULL);
    g_unlink(temporary);
    return symlink(target, temporary) == 0 && g_rename(temporary, last) == 0;
}

static int finish(struct run *run)
{
    const struct session *session = &run->session;
    struct report *report = run->report;
    if (run->against && interrupt_count())
        run->uncompared = interrupt_exit_code();
    else if (run->against && !run->disk_failed)
        run->uncompared = drift_find(run->against, session, report);
    report_count(report);
    report->seconds = (double)(g_get_monotonic_time() - run->started_us) / G_USEC_PER_SEC;
    report->exit_code = exit_code(run);
    close_journal(run);
    write_checksums(run);
    write_junit(run);
    write_in_run(run, "junit.xml", report_to_junit(report));
    collect_settings(report, session);
    if (session->plan->tasks->len ||
        run->against) /* what nothing was made for is no reason to read pictures */
        illustrate(report, session->ledger);
    write_in_run(run, "report.html", report_to_html(report));
    report->exit_code =
        exit_code(run); /* after all that may fail, so that it says what we exit with */
    write_in_run(run, "report.json", report_to_json(report));
    end_in_ledger(run);
    if (!point_last(session))
        display_message(session->display, "rushes: warning: .rushes/last can't be set");
    return report->exit_code = exit_code(run);
}

static void say_results(struct run *run)
{
    g_autofree char *json = report_to_json(run->report);
    g_autofree char *text = report_to_text(run->report, has_color(STDOUT_FILENO));
    if (run->session.args->json)
        puts(json);
    else
        fputs(text, stdout);
}

/* Outputs that need no task, in the journal and the report like all others. The ledger knows them
 * already. */
static void end_settled(struct run *run)
{
    bool written = true;
    for (unsigned i = 0; i < run->session.plan->outputs->len; i++) {
        const struct plan_output *output = run->session.plan->outputs->pdata[i];
        if (output_has_work(output))
            continue;
        struct event event = {.kind = EVENT_OUTPUT_ENDED,
                              .time_us = g_get_real_time(),
                              .task = -1,
                              .output = (int)i,
                              .status = output->blocked ? OUTPUT_FAILED : OUTPUT_UP_TO_DATE,
                              .failure = output->failure};
        written &= journal_write(run->journal, run->session.plan, &event);
        const struct report_output *row = collect_output(run->report, &run->session, NULL, (int)i,
                                                         event.status, &output->failure);
        write_provenance(run, (int)i, event.status, row);
    }
    if (!written || !journal_flush(run->journal))
        said_of_journal(run);
}

/* Of a large folder in which little is to be done they take more memory than all the rest. */
static void forget_facts(const struct session *session)
{
    g_autofree bool *needed = g_new0(bool, session->inputs->len + 1);
    for (unsigned i = 0; i < session->plan->outputs->len; i++) {
        const struct plan_output *output = session->plan->outputs->pdata[i];
        const struct plan_joined *joined = output->joined;
        needed[output->input] |= output_has_work(output);
        for (guint k = 0; joined && k < joined->inputs->len; k++)
            needed[g_array_index(joined->inputs, int, k)] |= output_has_work(output);
    }
    for (unsigned i = 0; i < session->inputs->len; i++) {
        struct plan_input *input = session->inputs->pdata[i];
        if (!needed[i])
            facts_destroy(g_steal_pointer(&input->facts));
    }
}

/* A ledger may come from anywhere: nothing is removed by a name that no run of ours has. */
static bool is_run_id(const char *id)
{
    return *id && strspn(id, "0123456789abcdefTZ-") == strlen(id);
}

static void remove_forgotten(const struct session *session)
{
    const GPtrArray *ids = ledger_forgotten(session->ledger);
    for (guint i = 0; i < ids->len; i++) {
        const char *id = ids->pdata[i];
        g_autofree char *folder = g_build_filename(session->out_dir, ".rushes", "runs", id, NULL);
        if (is_run_id(id))
            remove_tree(folder);
    }
}

/* After all else: the report is where hooks may look for it. */
static void call_hooks(struct run *run)
{
    if (!hooks_call(&run->session, run->report))
        return;
    write_in_run(run, "report.json", report_to_json(run->report));
    write_in_run(run, "report.html", report_to_html(run->report));
}

static int render(struct run *run)
{
    int code = EXIT_DONE;
    if (run->session.plan->tasks->len)
        code = guard_check(&run->session.guard, run->session.display);
    if (code != EXIT_DONE)
        return code;
    if (!run->session.arriving)
        pause_forget(run->session.out_dir);
    if (!open_run(run))
        return EXIT_DISK;
    run->report = collect_begin(&run->session);
    run->report->in_run = true;
    collect_sandbox(run->report, &run->session.guard);
    end_settled(run);
    forget_facts(&run->session);
    run_tasks(run);
    code = finish(run);
    remove_forgotten(&run->session);
    display_destroy(g_steal_pointer(&run->session.display));
    call_hooks(run);
    if (!run->silent)
        say_results(run);
    return code;
}

/* Nothing ran, and somebody may wait for a word of it. Of inputs that arrive and can't be planned
 * together, each is told of on its own; and what no job takes is no failure there. */
static void call_hooks_of_nothing(struct run *run, int code)
{
    const struct session *session = &run->session;
    bool halves = session->arriving && session->inputs && session->inputs->len > 1;
    if (!session->pipeline || (session->arriving && code == EXIT_NO_INPUT) ||
        (halves && session->plan_wrong))
        return;
    g_auto(report_ptr) report = collect_begin(session);
    report->exit_code = code;
    hooks_call(session, report);
}

/* What nothing ran of leaves nothing to look back at: what was interrupted can be continued, of
 * what was refused nothing is known. That a disk can't take this has been said. */
static void leave(const struct session *session, int code)
{
    remove_tree(session->run_dir);
    if (!session->begun)
        return;
    if (code == EXIT_USAGE || code == EXIT_NO_INPUT)
        ledger_run_drop(session->ledger, NULL);
    else
        ledger_run_end(session->ledger, interrupt_count() ? "interrupted" : "failed", code, NULL);
}

int run_batch(const struct args *args, const struct session_given *given, struct outcome *outcome)
{
    struct run run = {.started_us = g_get_monotonic_time(), .silent = given->silent};
    int code = EXIT_DONE;
    if (args->against)
        run.against = against_open(args->against, &code);
    if (args->against && !run.against)
        return code;
    code = session_open(&run.session, args, given, true);
    outcome->plan_wrong = run.session.plan_wrong;
    if (code == EXIT_DONE)
        code = render(&run);
    if (!run.report) {
        leave(&run.session, code);
        call_hooks_of_nothing(&run, code);
    }
    if (run.session.diag)
        outcome->findings = diag_text(run.session.diag, false);
    outcome->report = g_steal_pointer(&run.report);
    sched_destroy(run.sched);
    publisher_destroy(run.publisher);
    g_free(run.task_seconds);
    checksums_destroy(run.checksums);
    against_close(run.against);
    session_close(&run.session);
    return code;
}

void outcome_clear(struct outcome *outcome)
{
    report_destroy(outcome->report);
    g_free(outcome->findings);
    *outcome = (struct outcome){0};
}

int command_run(struct args *args)
{
    if (args->dry_run)
        return command_plan(args);
    if (!junit_has_place(args))
        return EXIT_DISK;
    if (args->engine && !g_str_equal(args->engine, "local")) {
        fprintf(stderr, "rushes: --engine %s: there is only \"local\" so far\n", args->engine);
        return EXIT_USAGE;
    }
    struct outcome outcome = {0};
    interrupt_catch();
    int code = run_batch(args, &(struct session_given){0}, &outcome);
    outcome_clear(&outcome);
    return code;
}
