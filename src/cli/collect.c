/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plan + what became of it → report. */
#include "collect.h"

#include "model/sandbox.h"

#include <string.h>

static void add_unread(struct report *report, const struct session *session, int job, int output,
                       int input, const struct failure *why)
{
    const struct pipeline_job *wanted = session->pipeline->jobs->pdata[job];
    const struct pipeline_output *written = wanted->outputs->pdata[output];
    const struct plan_input *unread = session->inputs->pdata[input];
    struct report_unread *row = report_add_unread(report);
    row->job = g_strdup(wanted->name);
    row->output = g_strdup(written->name);
    row->input = path_display(unread->relative);
    row->source = path_display(unread->path);
    fail(&row->failure, why->class, "%s", why->message);
}

static void add_planned_unread(struct report *report, const struct session *session)
{
    for (guint i = 0; session->plan && i < session->plan->unread->len; i++) {
        const struct plan_unread *unread =
            &g_array_index(session->plan->unread, struct plan_unread, i);
        add_unread(report, session, unread->job, unread->output, unread->input, &unread->failure);
    }
}

/* What a render had to do without. */
static void add_unread_parts(struct report *report, const struct session *session,
                             const struct plan_output *planned, const GPtrArray *unread)
{
    for (guint i = 0; i < unread->len; i++) {
        const struct unread_part *part = unread->pdata[i];
        if (planned->joined && part->part < planned->joined->inputs->len)
            add_unread(report, session, planned->job, planned->output,
                       g_array_index(planned->joined->inputs, int, part->part), &part->failure);
    }
}

static void add_aside(struct report *report, const struct scan_aside *aside)
{
    for (guint i = 0; aside->notes && i < aside->notes->len; i++)
        g_ptr_array_add(report->notes, g_strdup(aside->notes->pdata[i]));
    for (guint i = 0; aside->unread && i < aside->unread->len; i++) {
        const struct plan_input *unread = aside->unread->pdata[i];
        struct report_unread *row = report_add_unread(report);
        row->input = path_display(unread->relative);
        row->source = path_display(unread->path);
        fail(&row->failure, unread->failure.class, "%s", unread->failure.message);
    }
}

struct report *collect_begin(const struct session *session)
{
    struct report *report = report_create();
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    report->version = g_strdup(RUSHES_VERSION);
    report->run = g_strdup(session->run_id);
    report->pipeline = path_display(session->pipeline->file);
    report->name = g_strdup(session->pipeline->name);
    report->out_dir = path_display(session->out_dir);
    report->started = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    for (unsigned i = 0; session->plan && i < session->plan->notes->len; i++)
        g_ptr_array_add(report->notes, g_strdup(session->plan->notes->pdata[i]));
    add_planned_unread(report, session);
    add_aside(report, &session->aside);
    return report;
}

void collect_sandbox(struct report *report, const struct guard *guard)
{
    if (!guard->asked)
        return;
    unsigned missing = SANDBOX_ALL & ~guard->layers;
    report->sandbox = (int)guard->layers;
    if (missing)
        g_ptr_array_add(report->notes, sandbox_missing(missing));
}

static void copy_checks(GPtrArray *to, const GPtrArray *from)
{
    for (unsigned i = 0; from && i < from->len; i++)
        g_ptr_array_add(to, check_copy(from->pdata[i]));
}

/* What a worker says it left out starts so; the rest is what it did. */
static bool is_loss(const char *note)
{
    return g_str_has_prefix(note, "dropped: ") || g_str_has_prefix(note, "lost: ");
}

static void copy_notes(struct report_output *row, const GPtrArray *notes)
{
    for (unsigned i = 0; notes && i < notes->len; i++) {
        const char *note = notes->pdata[i];
        if (is_loss(note))
            g_ptr_array_add(row->lost, g_strdup(strchr(note, ' ') + 1));
        else
            g_ptr_array_add(row->steps, g_strdup(note));
    }
}

static void add_results(struct report_output *row, const struct sched *sched, int output,
                        const struct output_result *rendered)
{
    const struct result *verified = sched_verify_result(sched, output);
    if (rendered) {
        copy_notes(row, rendered->notes);
        row->carried = carried_copy_all(rendered->claim.carried);
    }
    if (!verified)
        return;
    row->seconds += verified->seconds;
    copy_checks(row->checks, verified->checks);
    if (verified->facts)
        row->facts = facts_copy(verified->facts);
}

/* The command that runs a task again by itself, for a shell; NULL when it never got that far.
 * Caller frees. */
static char *rerun_of(const struct session *session, int task)
{
    g_autofree char *path = g_strdup_printf("%s/tasks/%d/task.json", session->run_dir, task);
    g_autofree char *word = g_shell_quote(path);
    return g_file_test(path, G_FILE_TEST_EXISTS) ? g_strconcat("rushes-worker ", word, NULL) : NULL;
}

struct report_output *collect_output(struct report *report, const struct session *session,
                                     const struct sched *sched, int output,
                                     enum output_status status, const struct failure *failure)
{
    const struct plan_output *planned = session->plan->outputs->pdata[output];
    const struct plan_input *input = session->inputs->pdata[planned->input];
    const struct pipeline_job *job = session->pipeline->jobs->pdata[planned->job];
    const struct pipeline_output *written = job->outputs->pdata[planned->output];
    struct report_output *row = report_add(report);
    row->place = output;
    row->job = g_strdup(job->name);
    row->output = g_strdup(written->name);
    row->input = path_display(input->relative);
    row->source = path_display(input->path);
    row->path = path_display(planned->path);
    row->status = status;
    row->reason = g_strdup(planned->reason);
    bool ran = status != OUTPUT_UP_TO_DATE;
    row->task = !ran ? -1 : planned->render >= 0 ? planned->render : planned->verify;
    if (failure && failure->message)
        fail(&row->failure, failure->class, "%s", failure->message);
    const struct output_result *rendered = sched ? sched_render_result(sched, output) : NULL;
    if (sched)
        add_results(row, sched, output, rendered);
    if (rendered)
        add_unread_parts(report, session, planned, rendered->unread);
    if (status == OUTPUT_FAILED && planned->render >= 0)
        row->rerun = rerun_of(session, planned->render);
    return row;
}

static bool is_set(const struct report *report, const char *job, const char *output)
{
    for (guint i = 0; i < report->settings->len; i++) {
        const struct report_settings *settings = report->settings->pdata[i];
        if (g_str_equal(settings->job, job) && g_str_equal(settings->output, output))
            return true;
    }
    return false;
}

void collect_settings(struct report *report, const struct session *session)
{
    enum { SHOWN = 100 }; /* a page for people; `rushes plan --explain` has them all */
    const struct plan *plan = session->plan;
    for (guint i = 0; i < plan->outputs->len && report->settings->len < SHOWN; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        const struct pipeline_job *job = session->pipeline->jobs->pdata[planned->job];
        const struct pipeline_output *output = job->outputs->pdata[planned->output];
        if (!output_has_work(planned) || is_set(report, job->name, output->name))
            continue;
        g_autofree char *text = plan_explain(plan, planned->final);
        g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
        if (valid)
            report_add_settings(report, job->name, output->name, valid);
    }
}
