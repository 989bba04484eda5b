/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan as JSON, written straight out: a plan can have tens of thousands of outputs. */
#include "build.h"

#include "base/json_out.h"

#include <math.h>

static void key_text(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "\"%s\": ", key);
    json_quote(out, text ? text : "");
    g_string_append(out, ", ");
}

/* Any bytes. */
static void key_path(GString *out, const char *key, const char *path)
{
    g_autofree char *shown = path_display(path);
    key_text(out, key, shown);
}

static void key_int(GString *out, const char *key, gint64 value)
{
    g_string_append_printf(out, "\"%s\": %" G_GINT64_FORMAT ", ", key, value);
}

/* To three decimals. */
static void key_number(GString *out, const char *key, double value)
{
    g_autofree char *text = number_text(isfinite(value) ? round(value * 1000) / 1000 : 0);
    g_string_append_printf(out, "\"%s\": %s, ", key, text);
}

static void key_ints(GString *out, const char *key, const GArray *ints)
{
    g_string_append_printf(out, "\"%s\": [", key);
    for (guint i = 0; i < ints->len; i++)
        g_string_append_printf(out, "%s%d", i ? ", " : "", g_array_index(ints, int, i));
    g_string_append(out, "], ");
}

/* Closes an object whose members all ended in ", ". */
static void close_object(GString *out)
{
    g_string_truncate(out, out->len - 2);
    g_string_append_c(out, '}');
}

static const char *action(const struct plan_output *planned)
{
    return planned->blocked          ? "blocked"
           : planned->skipped        ? "skipped"
           : planned->stale == FRESH ? "up_to_date"
           : planned->finished       ? "verify"
                                     : "render";
}

static void key_parts(GString *out, const struct plan *plan, const struct plan_joined *joined)
{
    g_string_append(out, "\"parts\": [");
    for (guint i = 0; i < joined->inputs->len; i++) {
        const struct plan_input *input = input_at(plan, g_array_index(joined->inputs, int, i));
        g_autofree char *shown = path_display(input->relative);
        g_string_append(out, i ? ", " : "");
        json_quote(out, shown);
    }
    g_string_append(out, "], ");
}

static void put_output(GString *out, const struct plan *plan, const struct plan_output *planned)
{
    const struct plan_input *input = input_at(plan, planned->input);
    g_string_append_c(out, '{');
    key_text(out, "job", job_at(plan, planned->job)->name);
    key_text(out, "output", output_at(plan, planned->job, planned->output)->name);
    key_path(out, "input", input->relative);
    key_path(out, "source", input->path);
    if (planned->joined)
        key_parts(out, plan, planned->joined);
    if (plan_source_name(plan, planned))
        key_text(out, "from", plan_source_name(plan, planned));
    key_path(out, "path", planned->path);
    key_text(out, "action", action(planned));
    key_text(out, "stale", stale_names[planned->stale]);
    key_text(out, "reason", planned->reason);
    key_int(out, "render", planned->render);
    key_int(out, "verify", planned->verify);
    key_int(out, "bytes", (gint64)planned->bytes);
    if (planned->priority)
        key_int(out, "priority", planned->priority);
    if (planned->deadline_us) {
        g_autofree char *due = moment_text(planned->deadline_us);
        key_text(out, "deliver_by", due);
        key_int(out, "deliver_by_us", planned->deadline_us);
    }
    if (planned->blocked) {
        g_string_append(out, "\"error\": {");
        key_text(out, "class", failure_name(planned->failure.class));
        key_text(out, "message", planned->failure.message);
        close_object(out);
        g_string_append(out, ", ");
    }
    close_object(out);
}

static void put_task(GString *out, const struct plan_task *planned)
{
    const struct task *task = planned->task;
    g_string_append_c(out, '{');
    key_int(out, "id", task->id);
    key_text(out, "kind", task_kind_name(task->kind));
    key_text(out, "label", task->label);
    key_ints(out, "needs", planned->needs);
    key_ints(out, "outputs", planned->outputs);
    key_number(out, "seconds", planned->seconds);
    key_int(out, "memory_bytes", (gint64)planned->memory_bytes);
    key_text(out, "cost_key", planned->cost_key);
    key_number(out, "guess_seconds", planned->guess_s);
    key_int(out, "guess_bytes", (gint64)planned->guess_bytes);
    if (planned->threads_most)
        key_int(out, "threads_most", planned->threads_most);
    close_object(out);
}

static void put_texts(GString *out, const char *key, const GPtrArray *texts)
{
    g_string_append_printf(out, "\"%s\": [", key);
    for (guint i = 0; i < texts->len; i++) {
        g_string_append(out, i ? ",\n  " : "\n  ");
        json_quote(out, texts->pdata[i]);
    }
    g_string_append(out, "],\n");
}

static void put_feeds(GString *out, const GArray *feeds)
{
    g_string_append(out, "\"feeds\": [");
    for (guint i = 0; i < feeds->len; i++) {
        const struct plan_feed *feed = &g_array_index(feeds, struct plan_feed, i);
        g_string_append_printf(out,
                               "%s  {\"from_task\": %d, \"from_output\": %d, \"to_task\": %d, "
                               "\"to_output\": %d, \"to_step\": %d}",
                               i ? ",\n" : "\n", feed->from_task, feed->from_output, feed->to_task,
                               feed->to_output, feed->to_step);
    }
    g_string_append(out, "],\n");
}

static void put_totals(GString *out, const struct plan *plan)
{
    g_string_append(out, "\"totals\": {");
    key_int(out, "outputs", plan->outputs->len);
    key_int(out, "tasks", plan->tasks->len);
    key_int(out, "matched_inputs", plan->matched);
    key_number(out, "machine_seconds", plan->seconds);
    key_int(out, "cores", plan->cores);
    key_int(out, "bytes", (gint64)plan->bytes);
    close_object(out);
}

char *plan_json(const struct plan *plan)
{
    GString *out = g_string_sized_new(4096 + (gsize)plan->outputs->len * 800);
    g_string_append(out, "{");
    key_text(out, "rushes", RUSHES_VERSION);
    key_path(out, "pipeline", plan->pipeline->file);
    put_totals(out, plan);
    g_string_append(out, ",\n\"outputs\": [");
    for (guint i = 0; i < plan->outputs->len; i++) {
        g_string_append(out, i ? ",\n  " : "\n  ");
        put_output(out, plan, plan->outputs->pdata[i]);
    }
    g_string_append(out, "],\n\"tasks\": [");
    for (guint i = 0; i < plan->tasks->len; i++) {
        g_string_append(out, i ? ",\n  " : "\n  ");
        put_task(out, plan->tasks->pdata[i]);
    }
    g_string_append(out, "],\n");
    put_feeds(out, plan->feeds);
    put_texts(out, "notes", plan->notes);
    put_texts(out, "warnings", plan->warnings);
    g_string_truncate(out, out->len - 2);
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}
