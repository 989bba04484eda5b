/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of the progress display. */
#include "progress_lines.h"

#include "base/daytime.h"
#include "escape.h"

#include <math.h>
#include <string.h>

int text_cells(const char *text)
{
    int cells = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        cells += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return cells;
}

/* The longest head (or tail) of `text` within `cells`, in bytes. */
static size_t head_bytes(const char *text, int cells)
{
    const char *p = text;
    for (int used = 0; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        used += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
        if (used > cells)
            break;
    }
    return (size_t)(p - text);
}

static const char *tail(const char *text, int cells)
{
    while (text_cells(text) > cells)
        text = g_utf8_next_char(text);
    return text;
}

char *text_fit(const char *text, int cells)
{
    if (text_cells(text) <= cells)
        return g_strdup(text);
    if (cells < 8)
        return g_strndup(text, head_bytes(text, MAX(cells, 0)));
    int front = (cells - 3) / 2;
    g_autofree char *head = g_strndup(text, head_bytes(text, front));
    return g_strconcat(head, "...", tail(text, cells - 3 - front), NULL);
}

static double clean_fraction(double fraction)
{
    return isfinite(fraction) ? CLAMP(fraction, 0, 1) : 0;
}

static void append_bar(GString *out, double fraction, int cells)
{
    int full = (int)(clean_fraction(fraction) * cells);
    g_string_append_c(out, '[');
    for (int i = 0; i < cells; i++)
        g_string_append_c(out, i < full ? '=' : i == full ? '>' : ' ');
    g_string_append_c(out, ']');
}

static int percent(double fraction)
{
    return MIN((int)(clean_fraction(fraction) * 100), 99);
}

static int bar_cells(int columns)
{
    return columns >= 100 ? 24 : columns >= 72 ? 12 : 0;
}

/* A rate in a fixed width, blank when unknown: "118 fps", "4.7x". */
static void append_rate(GString *out, double rate, int width, const char *format, const char *unit)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
    bool known = isfinite(rate) && rate > 0;
    if (known)
        g_ascii_formatd(number, sizeof number, format, MIN(rate, 99999));
    g_string_append_printf(out, " %*s%s", width, number, known ? unit : "");
    if (!known)
        g_string_append_printf(out, "%*s", (int)strlen(unit), "");
}

char *task_line(const char *label, const struct progress *progress, int columns)
{
    g_autoptr(GString) right = g_string_new(NULL);
    if (columns >= 72)
        g_string_append_printf(right, " %-7.7s ", progress->stage);
    if (bar_cells(columns) > 0)
        append_bar(right, progress->fraction, bar_cells(columns));
    g_string_append_printf(right, " %3d%%", percent(progress->fraction));
    if (columns >= 48) {
        append_rate(right, progress->fps, 5, progress->fps < 10 ? "%.1f" : "%.0f", " fps");
        append_rate(right, progress->speed, 5, progress->speed < 100 ? "%.1f" : "%.0f", "x");
    }
    g_autofree char *name = line_text(label);
    int room = MAX(columns - (int)right->len, 0);
    g_autofree char *fitted = text_fit(name, room);
    int pad = room - text_cells(fitted);
    g_autofree char *line = g_strdup_printf("%s%*s%s", fitted, pad, "", right->str);
    return text_fit(line, columns);
}

static void append_eta(GString *out, const char *before, double eta_s)
{
    if (!isfinite(eta_s) || eta_s < 0 || eta_s > 1e7)
        return;
    g_autofree char *span = span_text(eta_s);
    g_string_append_printf(out, "%s%s", before, span);
}

static const char *const hold_words[] = {[HOLD_NONE] = "",
                                         [HOLD_PAUSED] = ", paused",
                                         [HOLD_WINDOW] = ", outside the window",
                                         [HOLD_DISK] = ", paused: low disk"};

char *total_line(const struct progress_totals *totals, int columns)
{
    g_autoptr(GString) out = g_string_new(NULL);
    unsigned left = totals->outputs > totals->ended ? totals->outputs - totals->ended : 0;
    if (bar_cells(columns) > 0) {
        append_bar(out, totals->fraction, bar_cells(columns));
        g_string_append_c(out, ' ');
    }
    g_string_append_printf(out, "%u of %u done", totals->ended - MIN(totals->failed, totals->ended),
                           totals->outputs);
    if (totals->failed > 0)
        g_string_append_printf(out, ", %u failed", totals->failed);
    g_string_append_printf(out, ", %u left", left);
    if (isfinite(totals->fraction))
        g_string_append_printf(out, ", %d%%", left ? percent(totals->fraction) : 100);
    append_eta(out, ", ETA ", totals->eta_s);
    g_string_append(out, hold_words[totals->hold]);
    return text_fit(out->str, columns);
}

static char *failure_line(const char *what, const struct failure *failure, const char *label)
{
    g_autofree char *name = line_text(label);
    g_autofree char *message = line_text(failure->message);
    const char *cause = failure->class == FAIL_NONE ? "" : failure_rows[failure->class].text;
    const char *sentence = *message ? message : cause;
    g_autoptr(GString) out = g_string_new(what);
    if (failure->class != FAIL_NONE)
        g_string_append_printf(out, " (%s)", failure_name(failure->class));
    g_string_append_printf(out, ": %s%s%s", name, *sentence ? ": " : "", sentence);
    return g_strdup(out->str);
}

char *event_line(const struct event *event, const char *label)
{
    if (event->kind == EVENT_TASK_RETRIED)
        return failure_line("trying again", &event->failure, label);
    if (event->kind == EVENT_RUN_HELD)
        return line_text(event->text);
    if (event->kind == EVENT_RUN_CONTINUED)
        return g_strdup("going on");
    if (event->kind != EVENT_OUTPUT_ENDED)
        return NULL;
    g_autofree char *status = g_strdelimit(g_strdup(output_status_name(event->status)), "_", ' ');
    return failure_line(status, &event->failure, label);
}

/* ------------------------------------------------------------------ JSON */

/* Rounded to 1/parts. */
static void put_number(JsonObject *to, const char *key, double value, double parts)
{
    if (isfinite(value))
        json_object_set_double_member(to, key, round(value * parts) / parts);
}

static void put_progress(JsonObject *to, const struct progress *progress)
{
    g_autofree char *stage = line_text(progress->stage);
    json_object_set_string_member(to, "stage", stage);
    put_number(to, "percent", MIN(clean_fraction(progress->fraction), 0.999) * 100, 10);
    json_object_set_int_member(to, "frames", progress->frames);
    put_number(to, "fps", progress->fps, 10);
    put_number(to, "speed", progress->speed, 100);
}

static JsonObject *totals_json(const struct progress_totals *totals)
{
    JsonObject *json = json_object_new();
    json_object_set_int_member(json, "outputs", totals->outputs);
    json_object_set_int_member(json, "ended", totals->ended);
    json_object_set_int_member(json, "failed", totals->failed);
    put_number(json, "percent", totals->fraction * 100, 10);
    put_number(json, "eta_s", totals->eta_s, 1);
    return json;
}

static JsonObject *error_json(const struct failure *failure)
{
    JsonObject *json = json_object_new();
    g_autofree char *message = g_utf8_make_valid(failure->message ? failure->message : "", -1);
    json_object_set_string_member(json, "class", failure_name(failure->class));
    json_object_set_string_member(json, "message", message);
    return json;
}

static void put_ids(JsonObject *to, const struct event *event, const char *label)
{
    if (event->task >= 0)
        json_object_set_int_member(to, "task", event->task);
    if (event->task >= 0 && event->attempt > 0)
        json_object_set_int_member(to, "attempt", event->attempt);
    if (event->output >= 0)
        json_object_set_int_member(to, "output", event->output);
    g_autofree char *name = g_utf8_make_valid(label ? label : "", -1);
    if (label)
        json_object_set_string_member(to, "label", name);
}

static char *time_text(int64_t time_us)
{
    g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) time = second ? g_date_time_add(second, time_us % G_USEC_PER_SEC) : NULL;
    return time ? g_date_time_format_iso8601(time) : g_strdup("");
}

JsonNode *event_json(const struct event *event, const char *label,
                     const struct progress_totals *totals)
{
    JsonObject *json = json_object_new();
    g_autofree char *time = time_text(event->time_us);
    json_object_set_string_member(json, "time", time);
    json_object_set_string_member(json, "event", event_kind_name(event->kind));
    put_ids(json, event, label);
    const struct failure *failure = event->result ? &event->result->failure : &event->failure;
    if (event->kind == EVENT_TASK_PROGRESS && event->task >= 0)
        put_progress(json, &event->progress);
    if (event->kind == EVENT_OUTPUT_ENDED)
        json_object_set_string_member(json, "status", output_status_name(event->status));
    if (event->hold)
        json_object_set_string_member(json, "hold", hold_name(event->hold));
    if (event->text)
        json_object_set_string_member(json, "text", event->text);
    if (event->result)
        put_number(json, "seconds", event->result->seconds, 1000);
    if (failure->class != FAIL_NONE)
        json_object_set_object_member(json, "error", error_json(failure));
    if (totals)
        json_object_set_object_member(json, "totals", totals_json(totals));
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, json);
    return node;
}
