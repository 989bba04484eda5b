/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ledger → what a report shows. */
#include "illustrate.h"

/* A page holds no more of them within its size. */
enum { GLANCES = 500 };

/* Of what wasn't made in the run, the file it found there. */
static char *hash_of(const struct report_output *output, const char *run, struct ledger *ledger)
{
    if (output->facts)
        return g_strdup(output->facts->hash);
    return output->status == OUTPUT_UP_TO_DATE ? ledger_hash_then(ledger, output->path, run) : NULL;
}

struct glance *illustrated(const struct report_output *output, const char *run,
                           struct ledger *ledger)
{
    g_autofree char *hash = output->path ? hash_of(output, run, ledger) : NULL;
    return hash ? ledger_glance(ledger, output->path, hash) : NULL;
}

static bool look(struct report_output *output, const char *run, struct ledger *ledger)
{
    output->glance = illustrated(output, run, ledger);
    return output->glance != NULL;
}

static void look_at_outputs(struct report *report, struct ledger *ledger)
{
    static const enum output_status order[] = {OUTPUT_FAILED, OUTPUT_OUT_OF_SPEC, OUTPUT_DONE,
                                               OUTPUT_UP_TO_DATE};
    unsigned room = GLANCES;
    for (unsigned k = 0; k < G_N_ELEMENTS(order); k++)
        for (guint i = 0; i < report->outputs->len && room > 0; i++) {
            struct report_output *output = report->outputs->pdata[i];
            if (output->status == order[k] && !output->glance)
                room -= look(output, report->run, ledger);
        }
}

static void look_at_times(struct report *report, struct ledger *ledger)
{
    g_autoptr(GPtrArray) attempts = ledger_attempts(ledger, report->run);
    const struct ledger_attempt *first = attempts->len ? attempts->pdata[0] : NULL;
    for (guint i = 0; i < attempts->len; i++) {
        struct ledger_attempt *attempt = attempts->pdata[i];
        if (!attempt->ended_us)
            continue;
        report_add_span(
            report,
            (struct report_span){
                .kind = g_steal_pointer(&attempt->kind),
                .label = g_steal_pointer(&attempt->label),
                .state = g_steal_pointer(&attempt->state),
                .task = attempt->task,
                .attempt = attempt->attempt,
                .start_s = (double)(attempt->started_us - first->started_us) / G_USEC_PER_SEC,
                .end_s = (double)(attempt->ended_us - first->started_us) / G_USEC_PER_SEC,
            });
    }
}

void illustrate(struct report *report, struct ledger *ledger)
{
    look_at_outputs(report, ledger);
    look_at_times(report, ledger);
}

void illustrate_past(struct report *report, const char *dir)
{
    g_auto(ledger_ptr) ledger = ledger_open(dir, LEDGER_READ, NULL);
    if (ledger)
        illustrate(report, ledger);
}

/* The output that a package's picture is of: the first that it is cut from, whose packets it has.
 * -1: it is no package. */
static int rung_of(const struct session *session, int output)
{
    const struct plan *plan = session->plan;
    const struct plan_output *package = plan->outputs->pdata[output];
    const struct pipeline_job *job = session->pipeline->jobs->pdata[package->job];
    const struct pipeline_output *written = job->outputs->pdata[package->output];
    if (!container_is_package(container_by_name(written->container)))
        return -1;
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *rung = plan->outputs->pdata[i];
        if (rung->job == package->job && rung->input == package->input &&
            rung->output == written->from)
            return (int)i;
    }
    return -1;
}

struct glance *illustrated_package(const struct report *report, const struct session *session,
                                   const struct sched *sched, int output)
{
    const int rung = rung_of(session, output);
    const struct result *verified = rung >= 0 ? sched_verify_result(sched, output) : NULL;
    struct glance *glance = NULL;
    for (guint i = 0; rung >= 0 && i < report->outputs->len && !glance; i++) {
        const struct report_output *row = report->outputs->pdata[i];
        if (row->place == rung)
            glance = illustrated(row, session->run_id, session->ledger);
    }
    if (!glance || !verified || !verified->facts)
        return glance;
    g_free(glance->hash);
    glance->hash = g_strdup(verified->facts->hash);
    g_clear_pointer(&glance->bitrate.values, g_array_unref);
    return glance;
}
