/* SPDX-License-Identifier: GPL-3.0-or-later
 * What went wrong, as cards, with what to do. */
#include "html.h"

#include "escape.h"

/* Of a section: nobody reads more, and a page stays small. */
enum { CARDS = 200 };

static void put_more(GString *out, guint count)
{
    if (count > CARDS)
        append_markup(out, "<p>… and %u more; report.json has them all</p>\n", count - CARDS);
}

/* "the source is damaged (input_damaged)", "out of spec" */
static char *word_of(const struct report_output *output)
{
    const struct failure_row *row = &failure_rows[output->failure.class];
    return output->status == OUTPUT_FAILED ? g_strdup_printf("%s (%s)", row->text, row->name)
                                           : g_strdup(status_words(output->status));
}

static void put_checks(GString *out, const GPtrArray *checks)
{
    g_string_append(out, "<ul>\n");
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        if (!check->pass)
            append_markup(out, "<li><b>%s</b>: expected %s, measured <b>%s</b></li>\n", check->name,
                          check->expected, check->measured);
    }
    g_string_append(out, "</ul>\n");
}

/* "clips/web from /a/b.mov · task 3", and of several their names. */
static void put_place(GString *out, const GPtrArray *group)
{
    const struct report_output *output = group->pdata[0];
    const char *source = output->source ? output->source : output->input;
    if (group->len > 1) {
        g_autofree char *names = problem_outputs(group);
        append_markup(out,
                      "<p>%u outputs would be made of it: <bdi>%s</bdi></p>\n"
                      "<p class=\"quiet\"><bdi class=\"path\">%s</bdi>",
                      group->len, names, source);
    } else {
        append_markup(out, "<p class=\"quiet\">%s/%s from <bdi class=\"path\">%s</bdi>",
                      output->job, output->output, source);
    }
    if (output->task >= 0)
        append_markup(out, " \xc2\xb7 task %d", output->task);
    g_string_append(out, "</p>\n");
}

static void put_card(GString *out, const GPtrArray *group)
{
    const struct report_output *output = group->pdata[0];
    const char *look = output_status_name(output->status);
    g_autofree char *word = word_of(output);
    append_markup(out,
                  "<article class=\"%s\">\n<div class=\"head\"><h3><bdi>%s</bdi></h3>"
                  "<span class=\"word %s\">%s</span></div>\n",
                  look, output->path && group->len == 1 ? output->path : output->input, look, word);
    if (output->failure.message)
        append_markup(out, "<p>%s</p>\n", output->failure.message);
    put_checks(out, output->checks);
    put_place(out, group);
    if (output->rerun)
        append_markup(out, "<p>Run it again: <code>%s</code></p>\n", output->rerun);
    g_string_append(out, "</article>\n");
}

static void put_cards(GString *out, const struct report *report, enum output_status status,
                      const char *title)
{
    g_autoptr(GPtrArray) groups = problems_of(report, status);
    if (groups->len == 0)
        return;
    const char *id = output_status_name(status);
    append_markup(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title);
    for (guint i = 0; i < MIN(groups->len, CARDS); i++)
        put_card(out, groups->pdata[i]);
    put_more(out, groups->len);
    g_string_append(out, "</section>\n");
}

static void put_unread(GString *out, const struct report *report)
{
    g_autoptr(GPtrArray) groups = unread_problems(report);
    if (!groups->len)
        return;
    g_string_append(out, "<section aria-labelledby=\"unread\">\n<h2 id=\"unread\">Can't be "
                         "read</h2>\n");
    for (guint i = 0; i < MIN(groups->len, CARDS); i++) {
        const GPtrArray *group = groups->pdata[i];
        const struct report_unread *unread = group->pdata[0];
        g_autofree char *of = unread_of(group);
        append_markup(out,
                      "<article class=\"failed\">\n<div class=\"head\"><h3><bdi>%s</bdi></h3>"
                      "<span class=\"word failed\">%s (%s)</span></div>\n<p>%s</p>\n"
                      "<p class=\"quiet\">%s from <bdi class=\"path\">%s</bdi></p>\n"
                      "</article>\n",
                      unread->input, failure_rows[unread->failure.class].text,
                      failure_name(unread->failure.class), unread_sentence(unread), of,
                      unread->source);
    }
    put_more(out, groups->len);
    g_string_append(out, "</section>\n");
}

static void put_late(GString *out, const struct report *report)
{
    guint late = 0;
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = output_at(report, i);
        if (!output->late || late++ >= CARDS)
            continue;
        if (late == 1)
            g_string_append(
                out, "<section aria-labelledby=\"late\">\n<h2 id=\"late\">Late</h2>\n<ul>\n");
        g_autofree char *sentence = late_sentence(output);
        append_markup(out, "<li><bdi class=\"path\">%s</bdi>: %s</li>\n", output->path, sentence);
    }
    if (!late)
        return;
    g_string_append(out, "</ul>\n");
    put_more(out, late);
    g_string_append(out, "</section>\n");
}

void html_problems(GString *out, const struct report *report)
{
    put_cards(out, report, OUTPUT_FAILED, "Failed");
    put_cards(out, report, OUTPUT_OUT_OF_SPEC, "Out of spec");
    put_unread(out, report);
    put_late(out, report);
}
