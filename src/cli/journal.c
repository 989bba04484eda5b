/* SPDX-License-Identifier: GPL-3.0-or-later
 * events.jsonl. */
#include "journal.h"

static void set_text(JsonObject *object, const char *key, const char *text)
{
    if (text)
        json_object_set_string_member(object, key, text);
}

static void set_failure(JsonObject *object, const struct failure *failure)
{
    if (failure->class == FAIL_NONE)
        return;
    JsonObject *json = json_object_new();
    set_text(json, "class", failure_name(failure->class));
    set_text(json, "message", failure->message);
    json_object_set_object_member(object, "failure", json);
}

static char *time_text(int64_t time_us)
{
    g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) exact = g_date_time_add(seconds, time_us % G_USEC_PER_SEC);
    g_autofree char *text = g_date_time_format(exact, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", text, (int)(time_us % G_USEC_PER_SEC / 1000));
}

static JsonObject *event_json(const struct plan *plan, const struct event *event)
{
    JsonObject *object = json_object_new();
    g_autofree char *time = time_text(event->time_us);
    set_text(object, "time", time);
    set_text(object, "event", event_kind_name(event->kind));
    if (event->task >= 0) {
        const struct plan_task *task = plan->tasks->pdata[event->task];
        json_object_set_int_member(object, "task", event->task);
        json_object_set_int_member(object, "attempt", event->attempt);
        set_text(object, "kind", task_kind_name(task->task->kind));
        set_text(object, "label", task->task->label);
    }
    if (event->result)
        json_object_set_double_member(object, "seconds", event->result->seconds);
    if (event->output >= 0) {
        g_autofree char *path =
            path_display(((struct plan_output *)plan->outputs->pdata[event->output])->path);
        set_text(object, "output", path);
    }
    if (event->hold)
        set_text(object, "hold", hold_name(event->hold));
    set_text(object, "text", event->text);
    if (event->kind == EVENT_OUTPUT_ENDED)
        set_text(object, "status", output_status_name(event->status));
    set_failure(object, &event->failure);
    return object;
}

bool journal_write(FILE *journal, const struct plan *plan, const struct event *event)
{
    if (event->kind == EVENT_TASK_PROGRESS)
        return true;
    JsonNode *node = json_node_init_object(json_node_alloc(), event_json(plan, event));
    json_object_unref(json_node_get_object(node));
    g_autofree char *text = json_to_string(node, FALSE);
    json_node_unref(node);
    return fprintf(journal, "%s\n", text) > 0 && fflush(journal) == 0;
}
