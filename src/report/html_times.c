/* SPDX-License-Identifier: GPL-3.0-or-later
 * When what ran: a lane for each task that ran at the same time as others, and the same as a
 * table. */
#include "html.h"

#include "escape.h"
#include "model/task.h"

#include <math.h>
#include <string.h>

enum { LANE_HEIGHT = 16, LANE_GAP = 3, RECTS = 1000, LONGEST = 12 };

static const struct report_span *span_at(const struct report *report, guint index)
{
    return report->spans->pdata[index];
}

static double length_of(const struct report_span *span)
{
    return fmax(span->end_s - span->start_s, 0);
}

static double end_of_all(const struct report *report)
{
    double end_s = 0.001;
    for (guint i = 0; i < report->spans->len; i++)
        end_s = fmax(end_s, span_at(report, i)->end_s);
    return end_s;
}

static unsigned lanes_of(const struct report *report)
{
    unsigned lanes = 0;
    for (guint i = 0; i < report->spans->len; i++)
        lanes = MAX(lanes, span_at(report, i)->lane + 1);
    return lanes;
}

static bool failed(const struct report_span *span)
{
    return g_strcmp0(span->state, "failed") == 0;
}

static const char *class_of(const struct report_span *span)
{
    for (int i = TASK_PROBE; i <= TASK_VERIFY; i++)
        if (g_strcmp0(span->kind, task_kind_name((enum task_kind)i)) == 0)
            return task_kind_name((enum task_kind)i);
    return "other";
}

/* --- drawn --- */

static char *percent(double share)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strconcat(g_ascii_formatd(text, sizeof text, "%.2f", share * 100), "%", NULL);
}

static void put_rect(GString *out, const struct report_span *span, double whole_s)
{
    g_autofree char *x = percent(span->start_s / whole_s),
                    *width = percent(fmax(length_of(span) / whole_s, 0.001)),
                    *time = seconds_text(length_of(span));
    append_markup(out,
                  "<rect class=\"%s%s\" x=\"%s\" width=\"%s\" y=\"%d\" height=\"%d\"><title>%s: "
                  "%s%s</title></rect>\n",
                  class_of(span), failed(span) ? " broken" : "", x, width,
                  (int)span->lane * (LANE_HEIGHT + LANE_GAP), LANE_HEIGHT,
                  span->label ? span->label : span->kind, time, failed(span) ? ", failed" : "");
}

static int by_length(gconstpointer a, gconstpointer b)
{
    double x = length_of(*(const struct report_span *const *)a);
    double y = length_of(*(const struct report_span *const *)b);
    return (x < y) - (x > y);
}

/* Longest first; borrowed. */
static GPtrArray *sorted(const struct report *report)
{
    GPtrArray *spans = g_ptr_array_sized_new(report->spans->len);
    for (guint i = 0; i < report->spans->len; i++)
        g_ptr_array_add(spans, report->spans->pdata[i]);
    g_ptr_array_sort(spans, by_length);
    return spans;
}

static void put_chart(GString *out, const struct report *report, const GPtrArray *longest)
{
    const unsigned lanes = lanes_of(report);
    const double whole_s = end_of_all(report);
    g_autofree char *time = seconds_text(whole_s);
    append_markup(
        out,
        "<svg class=\"times\" width=\"100%%\" height=\"%u\" role=\"img\" "
        "aria-labelledby=\"times-t times-d\"><title id=\"times-t\">Tasks over time</title>"
        "<desc id=\"times-d\">%u tasks in %u lanes over %s; the tables below have the "
        "numbers</desc>\n",
        lanes * (LANE_HEIGHT + LANE_GAP), report->spans->len, lanes, time);
    for (guint i = 0; i < MIN(longest->len, RECTS); i++)
        put_rect(out, longest->pdata[i], whole_s);
    append_markup(out,
                  "</svg>\n<p class=\"axis\" aria-hidden=\"true\"><span>0</span><span>%s</span>"
                  "</p>\n",
                  time);
}

/* --- in words --- */

static void put_kind(GString *out, const struct report *report, const char *kind)
{
    unsigned count = 0, broken = 0;
    double sum_s = 0, most_s = 0;
    for (guint i = 0; i < report->spans->len; i++) {
        const struct report_span *span = span_at(report, i);
        if (strcmp(class_of(span), kind) != 0)
            continue;
        count++;
        broken += failed(span);
        sum_s += length_of(span);
        most_s = fmax(most_s, length_of(span));
    }
    if (!count)
        return;
    g_autofree char *sum = seconds_text(sum_s), *most = seconds_text(most_s);
    append_markup(out,
                  "<tr><th scope=\"row\"><i class=\"key %s\"></i>%s</th><td>%u</td><td>%u</td>"
                  "<td>%s</td><td>%s</td></tr>\n",
                  kind, kind, count, broken, sum, most);
}

static void put_kinds(GString *out, const struct report *report)
{
    g_string_append(out,
                    "<table class=\"small\"><caption>By kind of task</caption><thead><tr><th "
                    "scope=\"col\">Kind</th><th scope=\"col\">Tasks</th><th scope=\"col\">Failed"
                    "</th><th scope=\"col\">Together</th><th scope=\"col\">Longest</th></tr>"
                    "</thead><tbody>\n");
    for (int i = TASK_PROBE; i <= TASK_VERIFY; i++)
        put_kind(out, report, task_kind_name((enum task_kind)i));
    put_kind(out, report, "other");
    g_string_append(out, "</tbody></table>\n");
}

static void put_longest(GString *out, const GPtrArray *longest)
{
    g_string_append(out, "<details><summary>The longest tasks</summary><table class=\"small\">"
                         "<thead><tr><th scope=\"col\">Task</th><th scope=\"col\">Kind</th><th "
                         "scope=\"col\">Lane</th><th scope=\"col\">From</th><th scope=\"col\">Took"
                         "</th></tr></thead><tbody>\n");
    for (guint i = 0; i < MIN(longest->len, LONGEST); i++) {
        const struct report_span *span = longest->pdata[i];
        g_autofree char *from = seconds_text(span->start_s), *took = seconds_text(length_of(span));
        append_markup(out,
                      "<tr><th scope=\"row\"><bdi>%s</bdi></th><td>%s%s</td><td>%u</td><td>%s</td>"
                      "<td>%s</td></tr>\n",
                      span->label ? span->label : "", span->kind ? span->kind : "",
                      failed(span) ? ", failed" : "", span->lane + 1, from, took);
    }
    g_string_append(out, "</tbody></table></details>\n");
}

void html_times(GString *out, const struct report *report)
{
    if (report->spans->len == 0)
        return;
    g_autoptr(GPtrArray) longest = sorted(report);
    g_string_append(out, "<section aria-labelledby=\"times\">\n<h2 id=\"times\">Time</h2>\n"
                         "<div class=\"panel padded\">\n");
    put_chart(out, report, longest);
    if (longest->len > RECTS)
        append_markup(out, "<p class=\"quiet\">the %u longest of %u tasks are drawn</p>\n",
                      (unsigned)RECTS, longest->len);
    put_kinds(out, report);
    put_longest(out, longest);
    g_string_append(out, "</div>\n</section>\n");
}
