/* SPDX-License-Identifier: GPL-3.0-or-later
 * A summary in GitHub's Markdown: what went wrong as a table, and the counts. */
#include "escape.h"
#include "private.h"

#include <string.h>

enum { SHOWN = 500, LONGEST = 500 };

/* One cell: no markup of its own, no line or cell end. */
static void put_cell(GString *out, const char *text)
{
    g_autofree char *line = line_text(text);
    g_autofree char *cut = g_utf8_substring(line, 0, MIN(g_utf8_strlen(line, -1), LONGEST));
    g_string_append(out, "| ");
    for (const char *p = cut; *p; p++)
        if (strchr("\\`*_{}[]()#+!|~<>&@", *p))
            g_string_append_printf(out, "&#%d;", *p);
        else
            g_string_append_c(out, *p);
    g_string_append_c(out, ' ');
}

/* How many of them were put, of `room` rows. */
static unsigned put_rows(GString *out, const struct report *report, enum output_status status,
                         unsigned *room)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) groups = problems_of(report, status);
    for (guint i = 0; i<groups->len && * room> 0; i++, --*room) {
        const GPtrArray *group = groups->pdata[i];
        const struct report_output *output = group->pdata[0];
        g_autofree char *sentence = failure_sentence(output), *names = problem_outputs(group);
        put_cell(out, failure_word(output));
        put_cell(out, names);
        put_cell(out, sentence);
        g_string_append(out, "|\n");
        count += group->len;
    }
    return count;
}

static unsigned put_unread(GString *out, const struct report *report, unsigned *room)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) groups = unread_problems(report);
    for (guint i = 0; i<groups->len && * room> 0; i++, --*room) {
        const GPtrArray *group = groups->pdata[i];
        const struct report_unread *unread = group->pdata[0];
        g_autofree char *wanted = unread_of(group);
        g_autofree char *of = g_strdup_printf("%s, for %s", unread->input, wanted);
        put_cell(out, failure_name(unread->failure.class));
        put_cell(out, of);
        put_cell(out, unread_sentence(unread));
        g_string_append(out, "|\n");
        count += group->len;
    }
    return count;
}

static void put_damaged(GString *out, const GPtrArray *groups, unsigned room)
{
    for (guint i = 0; i < MIN(groups->len, room); i++) {
        g_autofree char *names = problem_outputs(groups->pdata[i]);
        g_autofree char *sentence =
            damage_sentence(((const GPtrArray *)groups->pdata[i])->pdata[0]);
        put_cell(out, "damaged source, done");
        put_cell(out, names);
        put_cell(out, sentence);
        g_string_append(out, "|\n");
    }
}

char *report_to_markdown(const struct report *report)
{
    const unsigned *totals = report->totals;
    GString *out = g_string_new("## rushes\n\n");
    g_autofree char *unread = unread_count(report);
    g_autofree char *seconds = seconds_text(report->seconds);
    g_string_append_printf(
        out, "%u done, %u up to date, %u failed, %u out of spec, %u cancelled%s; %s\n",
        totals[OUTPUT_DONE], totals[OUTPUT_UP_TO_DATE], totals[OUTPUT_FAILED],
        totals[OUTPUT_OUT_OF_SPEC], totals[OUTPUT_CANCELLED], unread, seconds);
    g_autoptr(GPtrArray) damaged = damaged_outputs(report);
    unsigned bad = totals[OUTPUT_FAILED] + totals[OUTPUT_OUT_OF_SPEC] + report->unread->len;
    if (!bad && !damaged->len)
        return g_string_free(out, FALSE);
    g_string_append(out, "\n| what | output or input | why |\n|---|---|---|\n");
    unsigned room = SHOWN;
    unsigned shown = put_rows(out, report, OUTPUT_FAILED, &room);
    shown += put_rows(out, report, OUTPUT_OUT_OF_SPEC, &room);
    shown += put_unread(out, report, &room);
    put_damaged(out, damaged, room);
    if (bad > shown)
        g_string_append_printf(out, "\n… and %u more; report.json has them all\n", bad - shown);
    return g_string_free(out, FALSE);
}
