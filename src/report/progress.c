/* SPDX-License-Identifier: GPL-3.0-or-later
 * The progress display: what is on the screen now, and when it may change. */
#include "report/progress.h"

#include "base/file.h"
#include "base/json_out.h"
#include "escape.h"
#include "progress_lines.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    REDRAW_US = 100000,
    SUMMARY_US = 10000000,
    JSON_TASK_US = 500000,   /* progress of one task */
    JSON_TOTALS_US = 1000000 /* ticks */
};

#define CLEAR_LINE "\033[K"  /* what is right of the cursor */
#define CLEAR_BELOW "\033[J" /* and all below */

struct running {
    int task;
    char *label;
    struct progress progress;
    int64_t shown_us;
};

struct display {
    enum progress_mode mode; /* PROGRESS_AUTO: a terminal */
    int fd;
    bool color;
    GPtrArray *running; /* struct running, in the order they were started */
    struct progress_totals totals;
    GArray *drawn; /* int: cells of each line on the screen now */
    int64_t drawn_us, summary_us;
};

static void running_free(void *data)
{
    struct running *running = data;
    g_free(running->label);
    g_free(running);
}

static bool is_terminal(int fd)
{
    return isatty(fd) && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

bool has_color(int fd)
{
    const char *no_color = g_getenv("NO_COLOR");
    return is_terminal(fd) && !(no_color && *no_color);
}

struct display *display_create(enum progress_mode mode, int fd)
{
    struct display *display = g_new0(struct display, 1);
    bool terminal = is_terminal(fd);
    display->mode = mode == PROGRESS_AUTO && !terminal ? PROGRESS_PLAIN : mode;
    display->fd = fd;
    display->color = has_color(fd);
    display->running = g_ptr_array_new_with_free_func(running_free);
    display->drawn = g_array_new(false, false, sizeof(int));
    display->summary_us = g_get_monotonic_time();
    display->totals.eta_s = NAN;
    return display;
}

/* Nobody may read: a closed pipe or a full disk must not stop a run. */
static void put(const struct display *display, const GString *text)
{
    file_write_all(display->fd, text->str, text->len);
}

/* ------------------------------------------------------------------ terminal */

static struct winsize screen(const struct display *display)
{
    struct winsize size = {0};
    if (ioctl(display->fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    return size;
}

/* Back to the first of our lines, to write over them. A window made narrower since has wrapped
 * them. Nothing is cleared first: it would flicker, and fill the scrollback of some terminals. */
static void rewind_lines(struct display *display, GString *out)
{
    int columns = screen(display).ws_col, rows = 0;
    for (guint i = 0; i < display->drawn->len; i++)
        rows += MAX((g_array_index(display->drawn, int, i) + columns - 1) / columns, 1);
    if (rows > 0)
        g_string_append_c(out, '\r');
    if (rows > 1)
        g_string_append_printf(out, "\033[%dA", rows - 1);
    g_array_set_size(display->drawn, 0);
}

static void draw_line(struct display *display, GString *out, const char *line, const char *sgr)
{
    int cells = text_cells(line);
    if (display->drawn->len > 0)
        g_string_append_c(out, '\n');
    if (display->color && sgr)
        g_string_append_printf(out, "\033[%sm%s\033[0m", sgr, line);
    else
        g_string_append(out, line);
    g_string_append(out, CLEAR_LINE);
    g_array_append_val(display->drawn, cells);
}

static void draw(struct display *display, GString *out)
{
    struct winsize size = screen(display);
    int columns = MAX(size.ws_col - 1, 1); /* the last column would wrap */
    guint room = (guint)MAX(size.ws_row - 3, 1), count = display->running->len;
    guint shown = count > room ? room - 1 : count;
    for (guint i = 0; i < shown; i++) {
        const struct running *running = display->running->pdata[i];
        g_autofree char *line = task_line(running->label, &running->progress, columns);
        draw_line(display, out, line, NULL);
    }
    if (shown < count) {
        g_autofree char *more = g_strdup_printf("... and %u more", count - shown);
        g_autofree char *line = text_fit(more, columns);
        draw_line(display, out, line, "2");
    }
    g_autofree char *total = total_line(&display->totals, columns);
    draw_line(display, out, total, "1");
    g_string_append(out, CLEAR_BELOW);
    display->drawn_us = g_get_monotonic_time();
}

static bool due(int64_t *last_us, int64_t interval_us)
{
    int64_t now = g_get_monotonic_time();
    if (*last_us != 0 && now - *last_us < interval_us)
        return false;
    *last_us = now;
    return true;
}

static void redraw_when_due(struct display *display)
{
    if (!due(&display->drawn_us, REDRAW_US))
        return;
    g_autoptr(GString) out = g_string_new(NULL);
    rewind_lines(display, out);
    draw(display, out);
    put(display, out);
}

/* ------------------------------------------------------------------ events */

static struct running *find(const struct display *display, int task)
{
    for (guint i = 0; i < display->running->len; i++) {
        struct running *running = display->running->pdata[i];
        if (running->task == task)
            return running;
    }
    return NULL;
}

static struct running *begin(struct display *display, int task, const char *label)
{
    struct running *running = g_new0(struct running, 1);
    running->task = task;
    running->label = g_strdup(label ? label : "");
    g_ptr_array_add(display->running, running);
    return running;
}

/* Keeps the list of running tasks. */
static void follow(struct display *display, const struct event *event, const char *label)
{
    struct running *running = event->task >= 0 ? find(display, event->task) : NULL;
    switch (event->kind) {
    case EVENT_TASK_STARTED:
    case EVENT_TASK_PROGRESS:
        if (event->task >= 0 && !running)
            running = begin(display, event->task, label);
        if (running && event->kind == EVENT_TASK_PROGRESS)
            running->progress = event->progress;
        break;
    case EVENT_TASK_FINISHED:
    case EVENT_TASK_RETRIED:
    case EVENT_TASK_CANCELLED:
        if (running)
            g_ptr_array_remove(display->running, running);
        break;
    default:
        break;
    }
}

static void put_line(struct display *display, const char *line, const char *sgr)
{
    g_autoptr(GString) out = g_string_new(NULL);
    bool terminal = display->mode == PROGRESS_AUTO;
    rewind_lines(display, out);
    if (display->color && sgr)
        g_string_append_printf(out, "\033[%sm%s\033[0m", sgr, line);
    else
        g_string_append(out, line);
    g_string_append(out, terminal ? CLEAR_LINE "\n" : "\n");
    if (terminal && due(&display->drawn_us, REDRAW_US))
        draw(display, out);
    else if (terminal)
        g_string_append(out, CLEAR_BELOW);
    put(display, out);
}

/* On a terminal the total line counts what went well; what didn't stays to be read. */
static void show_on_terminal(struct display *display, const struct event *event, const char *label)
{
    bool bad = event->kind == EVENT_TASK_RETRIED || event->kind == EVENT_RUN_HELD ||
               event->kind == EVENT_RUN_CONTINUED ||
               (event->kind == EVENT_OUTPUT_ENDED &&
                (event->status == OUTPUT_FAILED || event->status == OUTPUT_OUT_OF_SPEC));
    g_autofree char *line = bad ? event_line(event, label) : NULL;
    if (line)
        put_line(display, line, event->status == OUTPUT_FAILED ? "31" : "33");
    else
        redraw_when_due(display);
}

static void show_plain(struct display *display, const struct event *event, const char *label)
{
    g_autofree char *line = event_line(event, label);
    if (line) {
        g_autofree char *counted =
            g_strdup_printf("[%u/%u] %s", display->totals.ended, display->totals.outputs, line);
        put_line(display, counted, NULL);
    }
    if (display->totals.outputs == 0 || display->totals.hold ||
        !due(&display->summary_us, SUMMARY_US))
        return;
    g_autofree char *total = total_line(&display->totals, 71); /* no bar */
    put_line(display, total, NULL);
}

static bool json_due(struct display *display, const struct event *event)
{
    if (event->kind != EVENT_TASK_PROGRESS)
        return true;
    struct running *running = event->task >= 0 ? find(display, event->task) : NULL;
    return running ? due(&running->shown_us, JSON_TASK_US)
                   : due(&display->drawn_us, JSON_TOTALS_US);
}

static void show_json(struct display *display, const struct event *event, const char *label,
                      const struct progress_totals *totals)
{
    if (!json_due(display, event))
        return;
    g_autoptr(JsonNode) node = event_json(event, label, totals);
    g_autofree char *text = json_text(node, true);
    g_autoptr(GString) out = g_string_new(text);
    put(display, out);
}

void display_event(struct display *display, const struct event *event, const char *label,
                   const struct progress_totals *totals)
{
    if (display->mode == PROGRESS_NONE)
        return;
    if (totals)
        display->totals = *totals;
    follow(display, event, label);
    if (display->mode == PROGRESS_AUTO)
        show_on_terminal(display, event, label);
    else if (display->mode == PROGRESS_PLAIN)
        show_plain(display, event, label);
    else
        show_json(display, event, label, totals);
}

static void put_message_json(struct display *display, const char *text)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    JsonObject *json = json_object_new();
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_object_set_string_member(json, "event", "message");
    json_object_set_string_member(json, "text", valid);
    json_node_take_object(node, json);
    g_autofree char *line = json_text(node, true);
    g_autoptr(GString) out = g_string_new(line);
    put(display, out);
}

void display_message(struct display *display, const char *text)
{
    if (display->mode == PROGRESS_JSON) {
        put_message_json(display, text);
        return;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *line = line_text(lines[i]);
        if (*line || lines[i + 1])
            put_line(display, line, NULL);
    }
}

void display_destroy(struct display *display)
{
    if (!display)
        return;
    g_autoptr(GString) out = g_string_new(NULL);
    rewind_lines(display, out);
    if (out->len > 0)
        g_string_append(out, CLEAR_BELOW);
    put(display, out);
    g_ptr_array_unref(display->running);
    g_array_unref(display->drawn);
    g_free(display);
}
