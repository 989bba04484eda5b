/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan as an editor reads it. */
#include "build.h"

#include <math.h>

enum { LINES_PER_JOB = 20 };

static const char *action(const struct plan_output *planned)
{
    return planned->blocked          ? "can't"
           : planned->skipped        ? "leave"
           : planned->stale == FRESH ? "keep"
           : planned->finished       ? "check"
                                     : "make";
}

static void append_output(GString *out, const struct plan *plan, const struct plan_output *planned)
{
    const char *source = plan_source_name(plan, planned);
    g_autofree char *path = path_display(planned->path);
    g_autofree char *from = join_names(plan, planned->input, planned->joined);
    g_autofree char *bytes = g_format_size((guint64)planned->bytes);
    g_string_append_printf(out, "  %-5s  %s  from %s%s%s: ", action(planned), path,
                           source ? source : "", source ? " of " : "", from);
    if (planned->blocked)
        g_string_append_printf(out, "%s\n", planned->failure.message);
    else
        g_string_append_printf(out, "%s%s%s\n", planned->reason,
                               planned->bytes > 0 ? ", about " : "",
                               planned->bytes > 0 ? bytes : "");
}

/* The parts in the order in which they are joined. */
static void append_parts(GString *out, const struct plan *plan, const struct plan_joined *joined)
{
    guint count = joined ? joined->inputs->len : 0;
    for (guint i = 0; i < MIN(count, LINES_PER_JOB); i++) {
        const struct plan_input *input = input_at(plan, g_array_index(joined->inputs, int, i));
        g_autofree char *name = path_display(input->relative);
        g_string_append_printf(out, "         %2u. %s\n", i + 1, name);
    }
    if (count > LINES_PER_JOB)
        g_string_append_printf(out, "         … and %u more\n", count - LINES_PER_JOB);
}

static void append_lines(GString *out, const struct plan *plan, const struct plan_output *planned)
{
    append_output(out, plan, planned);
    if (!plan_source_name(plan, planned))
        append_parts(out, plan, planned->joined);
}

static void append_job(GString *out, const struct plan *plan, int job)
{
    unsigned count = 0;
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        if (planned->job != job)
            continue;
        if (count == 0)
            g_string_append_printf(out, "%s:\n", job_at(plan, job)->name);
        if (count++ < LINES_PER_JOB)
            append_lines(out, plan, planned);
    }
    if (count > LINES_PER_JOB)
        g_string_append_printf(out, "  … and %u more\n", count - LINES_PER_JOB);
}

static void append_list(GString *out, const char *what, const GPtrArray *list)
{
    for (guint i = 0; i < list->len && i < LINES_PER_JOB; i++)
        g_string_append_printf(out, "%s: %s\n", what, (const char *)list->pdata[i]);
    if (list->len > LINES_PER_JOB)
        g_string_append_printf(out, "… and %u more of these\n", list->len - LINES_PER_JOB);
}

static char *time_text(double seconds)
{
    if (seconds < 90)
        return g_strdup_printf("%.0f s", ceil(seconds));
    if (seconds < 90 * 60)
        return g_strdup_printf("%.0f min", seconds / 60);
    return g_strdup_printf("%.1f h", seconds / 3600);
}

struct counts {
    unsigned make, keep, leave, blocked;
};

static struct counts count(const struct plan *plan)
{
    struct counts counts = {0};
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        if (planned->blocked)
            counts.blocked++;
        else if (planned->skipped)
            counts.leave++;
        else if (planned->stale == FRESH)
            counts.keep++;
        else
            counts.make++;
    }
    return counts;
}

static void append_totals(GString *out, const struct plan *plan)
{
    struct counts counts = count(plan);
    g_autofree char *time = time_text(plan->seconds / plan->cores);
    g_autofree char *bytes = g_format_size((guint64)plan->bytes);
    g_string_append_printf(out, "%u of %u output%s to make", counts.make, plan->outputs->len,
                           plan->outputs->len == 1 ? "" : "s");
    if (counts.keep)
        g_string_append_printf(out, ", %u up to date", counts.keep);
    if (counts.leave)
        g_string_append_printf(out, ", %u left alone", counts.leave);
    if (counts.blocked)
        g_string_append_printf(out, ", %u that can't be made", counts.blocked);
    if (counts.make)
        g_string_append_printf(out, ": %u task%s, about %s on %d core%s, about %s (guesses)",
                               plan->tasks->len, plan->tasks->len == 1 ? "" : "s", time,
                               plan->cores, plan->cores == 1 ? "" : "s", bytes);
    g_string_append_c(out, '\n');
}

char *plan_text(const struct plan *plan)
{
    GString *out = g_string_new(NULL);
    for (guint j = 0; j < plan->pipeline->jobs->len; j++)
        append_job(out, plan, (int)j);
    append_list(out, "note", plan->notes);
    append_list(out, "warning", plan->warnings);
    append_totals(out, plan);
    return g_string_free(out, FALSE);
}
