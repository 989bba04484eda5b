/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every output of a run, as a table. */
#include "html.h"

#include "base/file.h"
#include "escape.h"

#include <math.h>
#include <string.h>

/* A page that a browser opens at once; report.json has the rest. */
enum { ROWS = 2000 };

/* The roles are said again because a narrow window lays the table out as blocks, and then a
 * browser no longer tells a screen reader that it is one. */

static void add_number(GPtrArray *to, double value, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (isfinite(value))
        g_ptr_array_add(to, g_strdup(g_ascii_formatd(text, sizeof text, format, value)));
}

/* A line may break at the dots only. */
static char *unbroken(const char *line)
{
    g_autoptr(GString) out = g_string_new(line);
    g_string_replace(out, " ", "\xc2\xa0", 0);
    g_string_replace(out, "\xc2\xa0\xc2\xb7\xc2\xa0", " \xc2\xb7 ", 0);
    return g_strdup(out->str);
}

/* "1920×1080 · 25 fps · h264 · 12.5 s · -23.0 LUFS · -1.4 dBTP": what people look for first. */
static char *facts_line(const struct facts *facts)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    if (facts->width > 0)
        g_ptr_array_add(parts, g_strdup_printf("%d\xc3\x97%d", facts->width, facts->height));
    if (facts->fps.num > 0)
        add_number(parts, rational_value(facts->fps), "%.5g fps");
    if (facts->codec)
        g_ptr_array_add(parts, g_strdup(facts->codec));
    if (facts->audio_codec && g_strcmp0(facts->audio_codec, facts->codec) != 0)
        g_ptr_array_add(parts, g_strdup(facts->audio_codec));
    if (facts->duration_s > 0)
        g_ptr_array_add(parts, seconds_text(facts->duration_s));
    add_number(parts, facts->integrated_lufs, "%.1f LUFS");
    add_number(parts, facts->true_peak_dbtp, "%.1f dBTP");
    g_ptr_array_add(parts, NULL);
    g_autofree char *line = g_strjoinv(" \xc2\xb7 ", (char **)parts->pdata);
    return unbroken(line);
}

static const char *plain(const struct fact *fact, const char *text)
{
    return fact->type != FACT_BOOL ? text : strcmp(text, "true") == 0 ? "yes" : "no";
}

/* Under their names in expectations; what each is, where a pointer rests on it. */
static void put_all_facts(GString *out, const struct facts *facts)
{
    g_string_append(out, "<dl class=\"facts\">");
    for (unsigned i = 0; i < fact_count; i++) {
        const struct fact *fact = &fact_table[i];
        g_autofree char *text = fact_said(fact, facts);
        if (text && *text)
            append_markup(out, "<div title=\"%s\"><dt>%s</dt><dd>%s</dd></div>", fact->help,
                          fact->name, plain(fact, text));
    }
    g_string_append(out, "</dl>");
}

static void put_list(GString *out, const char *title, const GPtrArray *texts)
{
    if (texts->len == 0)
        return;
    append_markup(out, "<h3>%s</h3><ul>", title);
    for (guint i = 0; i < texts->len; i++)
        append_markup(out, "<li>%s</li>", (const char *)texts->pdata[i]);
    g_string_append(out, "</ul>");
}

/* "sound track 1" isn't of "sound track 12". */
static bool is_about(const char *lost, const char *what)
{
    const char *found = strstr(lost, what);
    return found && (found == lost || !g_ascii_isalnum(found[-1])) &&
           !g_ascii_isalnum(found[strlen(what)]);
}

/* What the table below tells, too, is told there. */
static bool is_in_table(const GPtrArray *rows, const char *lost)
{
    for (guint i = 0; rows && i < rows->len; i++) {
        const struct carried_row *row = rows->pdata[i];
        if (row->fate == FATE_DROPPED && row->why && is_about(lost, row->what) &&
            g_str_has_suffix(lost, row->why))
            return true;
    }
    return false;
}

static void put_lost(GString *out, const struct report_output *output)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (guint i = 0; i < output->lost->len; i++)
        if (!is_in_table(output->carried, output->lost->pdata[i]))
            g_ptr_array_add(texts, output->lost->pdata[i]);
    put_list(out, "Not carried over", texts);
}

static void put_carried(GString *out, const GPtrArray *rows)
{
    if (!rows || rows->len == 0)
        return;
    g_string_append(
        out,
        "<h3>Streams and metadata</h3><table class=\"carried\"><thead><tr><th "
        "scope=\"col\">What</th><th scope=\"col\">Before</th><th "
        "scope=\"col\">After</th><th scope=\"col\">What became of it</th></tr></thead><tbody>");
    for (guint i = 0; i < rows->len; i++) {
        const struct carried_row *row = rows->pdata[i];
        const char *look = row->fate == FATE_DROPPED ? "out_of_spec" : "quiet";
        append_markup(out,
                      "<tr><th scope=\"row\"><bdi>%s</bdi></th><td><bdi>%s</bdi></td>"
                      "<td><bdi>%s</bdi></td><td><span class=\"%s\">%s</span>%s%s</td></tr>",
                      row->what, row->before ? row->before : "", row->after ? row->after : "", look,
                      fate_name(row->fate), row->why ? ": " : "", row->why ? row->why : "");
    }
    g_string_append(out, "</tbody></table>");
}

static void put_facts(GString *out, const struct report_output *output, unsigned id)
{
    g_autofree char *line = output->facts ? facts_line(output->facts) : NULL;
    g_string_append(out, "<td role=\"cell\">");
    if (output->facts || output->steps->len > 0 || output->lost->len > 0 || output->carried ||
        glance_has_curves(output->glance)) {
        append_markup(out, "<details><summary>%s</summary>", line && *line ? line : "details");
        html_plots(out, output, id);
        put_list(out, "Applied", output->steps);
        put_lost(out, output);
        if (output->carried)
            put_carried(out, output->carried);
        if (output->facts) {
            g_string_append(out, "<h3>Facts</h3>");
            put_all_facts(out, output->facts);
        }
        g_string_append(out, "</details>");
    } else if (output->status == OUTPUT_UP_TO_DATE && output->reason &&
               strcmp(output->reason, status_words(output->status)) != 0) {
        append_markup(out, "<span class=\"quiet\">%s</span>", output->reason);
    }
    g_string_append(out, "</td>");
}

static void put_check_count(GString *out, const GPtrArray *checks)
{
    unsigned passed = 0;
    for (guint i = 0; i < checks->len; i++)
        passed += ((const struct check *)checks->pdata[i])->pass;
    g_string_append(out, "<td role=\"cell\">");
    if (checks->len > 0) {
        append_markup(out, "<details><summary class=\"%s\">%u of %u passed</summary><dl>",
                      passed == checks->len ? "done" : "out_of_spec", passed, checks->len);
        for (guint i = 0; i < checks->len; i++) {
            const struct check *check = checks->pdata[i];
            append_markup(out, "<dt>%s %s</dt><dd>%s (expected %s)</dd>",
                          check->pass ? "\xe2\x9c\x93" : "\xe2\x9c\x97", check->name,
                          check->measured, check->expected);
        }
        g_string_append(out, "</dl></details>");
    }
    g_string_append(out, "</td>");
}

bool output_is_published(const struct report_output *output)
{
    return output->path && path_is_inside(output->path) &&
           (output->status == OUTPUT_DONE || output->status == OUTPUT_UP_TO_DATE);
}

/* From .rushes/last/report.html, which the script of the page corrects where it is opened as
 * .rushes/runs/<id>/report.html; what is printed has no place. */
static char *link_to(const struct report *report, const struct report_output *output)
{
    if (!output_is_published(output) || !report->out_dir)
        return NULL;
    if (report->in_run) {
        g_autofree char *escaped = g_uri_escape_string(output->path, "/", FALSE);
        return g_strconcat(LINK_TO_OUTPUTS, escaped, NULL);
    }
    g_autofree char *path = g_build_filename(report->out_dir, output->path, NULL);
    return g_filename_to_uri(path, NULL, NULL);
}

static void put_name(GString *out, const struct report *report, const struct report_output *output)
{
    const char *name = output->path ? output->path : output->input;
    g_autofree char *link = link_to(report, output);
    g_string_append(out, "<th role=\"rowheader\" scope=\"row\">");
    if (link)
        append_markup(out, "<a href=\"%s\"><bdi>%s</bdi></a>", link, name);
    else
        append_markup(out, "<bdi>%s</bdi>", name);
    append_markup(out, "<br><span class=\"quiet\">%s/%s from <bdi>%s</bdi></span></th>",
                  output->job, output->output, output->input);
}

static void put_row(struct html_rows *rows, const struct report_output *output)
{
    GString *out = rows->out;
    append_markup(out, "<tr role=\"row\" class=\"is-%s\">", output_status_name(output->status));
    put_name(out, rows->report, output);
    if (rows->pictured)
        html_glimpses(rows, output);
    append_markup(out, "<td role=\"cell\"><span class=\"word %s\">%s</span></td>",
                  output_status_name(output->status), status_words(output->status));
    put_facts(out, output, rows->row++);
    put_check_count(out, output->checks);
    g_string_append(out, "<td role=\"cell\" class=\"number\">");
    if (output->seconds > 0) {
        g_autofree char *time = seconds_text(output->seconds);
        append_markup(out, "%s", time);
    }
    g_string_append(out, "</td></tr>\n");
}

static int by_path(gconstpointer a, gconstpointer b)
{
    const struct report_output *x = *(const struct report_output *const *)a,
                               *y = *(const struct report_output *const *)b;
    return g_strcmp0(x->path ? x->path : x->input, y->path ? y->path : y->input);
}

/* What ended first is first in the report; people look for names. Borrowed. */
static GPtrArray *sorted(const struct report *report)
{
    GPtrArray *outputs = g_ptr_array_sized_new(report->outputs->len);
    for (guint i = 0; i < report->outputs->len; i++)
        g_ptr_array_add(outputs, report->outputs->pdata[i]);
    g_ptr_array_sort(outputs, by_path);
    return outputs;
}

static void put_rows(struct html_rows *rows, const GPtrArray *outputs, enum output_status status,
                     unsigned room)
{
    for (guint i = 0; i < outputs->len && room > 0; i++) {
        const struct report_output *output = outputs->pdata[i];
        if (output->status != status)
            continue;
        put_row(rows, output);
        room--;
    }
}

static bool any_pictures(const struct report *report)
{
    bool any = false;
    for (guint i = 0; i < report->outputs->len && !any; i++)
        any = glance_has_pictures(output_at(report, i)->glance);
    return any;
}

static void put_heads(const struct html_rows *rows)
{
    static const char *const heads[] = {"Output", "Before, after", "Status",
                                        "Facts",  "Checks",        "Time"};
    g_string_append(rows->out, "<thead role=\"rowgroup\"><tr role=\"row\">");
    for (unsigned i = 0; i < G_N_ELEMENTS(heads); i++)
        if (i != 1 || rows->pictured)
            append_markup(rows->out, "<th role=\"columnheader\" scope=\"col\"%s>%s</th>",
                          i + 1 < G_N_ELEMENTS(heads) ? "" : " class=number", heads[i]);
    g_string_append(rows->out, "</tr></thead>\n<tbody role=\"rowgroup\">\n");
}

/* Rows for the status at `index`: what those behind it don't need of an equal share each, so that
 * each has some on the page. */
static unsigned room_for(const struct report *report, const struct html_rows *rows,
                         const enum output_status *order, unsigned index)
{
    unsigned room = ROWS - rows->row;
    for (unsigned i = index + 1; i <= OUTPUT_CANCELLED; i++)
        room -= MIN(report->totals[order[i]], ROWS / (OUTPUT_CANCELLED + 1));
    return room;
}

void html_table(GString *out, const struct report *report)
{
    static const enum output_status order[] = {OUTPUT_FAILED, OUTPUT_OUT_OF_SPEC, OUTPUT_CANCELLED,
                                               OUTPUT_DONE, OUTPUT_UP_TO_DATE};
    struct html_rows rows = {.out = out, .report = report, .pictured = any_pictures(report)};
    guint count = report->outputs->len;
    if (count == 0)
        return;
    g_string_append(out,
                    "<section aria-labelledby=\"outputs\">\n<h2 id=\"outputs\">Outputs</h2>\n");
    html_filter(out, report);
    append_markup(out, "<div class=\"panel\"><table role=\"table\" class=\"outputs%s\">\n",
                  rows.pictured ? " pictured" : "");
    if (count > ROWS)
        append_markup(out, "<caption>%u of %u outputs; report.json has them all</caption>\n",
                      (unsigned)ROWS, count);
    put_heads(&rows);
    g_autoptr(GPtrArray) outputs = sorted(report);
    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++)
        put_rows(&rows, outputs, order[i], room_for(report, &rows, order, i));
    g_string_append(out, "</tbody>\n</table></div>\n</section>\n");
}
