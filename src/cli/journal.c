/* SPDX-License-Identifier: GPL-3.0-or-later
 * events.jsonl. */
#include "journal.h"

#include "base/json_out.h"

#include <time.h>

static void put_text(struct json_out *to, const char *key, const char *text)
{
    g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
    if (valid)
        json_out_text(to, key, valid);
}

static void put_time(struct json_out *to, int64_t time_us)
{
    char text[32];
    time_t seconds = (time_t)(time_us / G_USEC_PER_SEC);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    g_snprintf(text + length, sizeof text - length, ".%03dZ",
               (int)(time_us % G_USEC_PER_SEC / 1000));
    json_out_text(to, "time", text);
}

static void put_task(struct json_out *to, const struct plan_task *task, const struct event *event)
{
    json_out_int(to, "task", event->task);
    json_out_int(to, "attempt", event->attempt);
    json_out_text(to, "kind", task_kind_name(task->task->kind));
    put_text(to, "label", task->task->label);
}

static void put_output(struct json_out *to, const struct plan_output *output,
                       const struct event *event)
{
    g_autofree char *path = path_display(output->path);
    json_out_text(to, "output", path);
    if (event->kind != EVENT_OUTPUT_ENDED)
        return;
    json_out_text(to, "status", output_status_name(event->status));
    put_text(to, "reason", output->reason);
}

static void put_failure(struct json_out *to, const struct failure *failure)
{
    json_out_open(to, "failure", '{');
    json_out_text(to, "class", failure_name(failure->class));
    put_text(to, "message", failure->message);
    json_out_close(to, '}');
}

static void put_event(struct json_out *to, const struct plan *plan, const struct event *event)
{
    json_out_open(to, NULL, '{');
    put_time(to, event->time_us);
    json_out_text(to, "event", event_kind_name(event->kind));
    if (event->task >= 0)
        put_task(to, plan->tasks->pdata[event->task], event);
    if (event->result)
        json_out_number(to, "seconds", event->result->seconds);
    if (event->output >= 0)
        put_output(to, plan->outputs->pdata[event->output], event);
    if (event->hold)
        json_out_text(to, "hold", hold_name(event->hold));
    put_text(to, "text", event->text);
    if (event->failure.class != FAIL_NONE)
        put_failure(to, &event->failure);
    json_out_close(to, '}');
    g_string_append_c(to->text, '\n');
}

bool journal_write(FILE *journal, const struct plan *plan, const struct event *event)
{
    if (event->kind == EVENT_TASK_PROGRESS)
        return true;
    g_autoptr(GString) line = g_string_sized_new(256);
    struct json_out to = {.text = line, .depth = -1};
    put_event(&to, plan, event);
    return fwrite(line->str, 1, line->len, journal) == line->len;
}

bool journal_flush(FILE *journal)
{
    return fflush(journal) == 0;
}
