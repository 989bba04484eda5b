/* SPDX-License-Identifier: GPL-3.0-or-later
 * Annotations of GitHub Actions. */
#include "escape.h"
#include "private.h"

#include <string.h>

enum { SHOWN = 10 }; /* of a kind and step; GitHub drops the rest without a word */

/* What ends a command or one of its properties, as the runner unescapes it. */
static void put_escaped(GString *out, const char *text, const char *special)
{
    g_autofree char *shown = line_text(text);
    for (const char *p = shown; *p; p++)
        if (strchr(special, *p))
            g_string_append_printf(out, "%%%02X", (unsigned char)*p);
        else
            g_string_append_c(out, *p);
}

static void put_command(GString *out, const char *kind, const char *file, const char *title,
                        const char *message)
{
    g_string_append_printf(out, "::%s ", kind);
    if (file) {
        g_string_append(out, "file=");
        put_escaped(out, file, "%:,");
        g_string_append_c(out, ',');
    }
    g_string_append(out, "title=");
    put_escaped(out, title, "%:,");
    g_string_append(out, "::");
    put_escaped(out, message, "%");
    g_string_append_c(out, '\n');
}

static void put_error(GString *out, const struct report *report, const GPtrArray *group)
{
    const struct report_output *output = group->pdata[0];
    g_autofree char *sentence = failure_sentence(output), *names = problem_outputs(group);
    g_autofree char *title = g_strdup_printf("%s: %s", failure_word(output), names);
    put_command(out, "error", report->pipeline, title, sentence);
}

/* How many of them were put, of `room` errors. */
static unsigned put_unread(GString *out, const struct report *report, unsigned *room)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) groups = unread_problems(report);
    for (guint i = 0; i<groups->len && * room> 0; i++, --*room) {
        const GPtrArray *group = groups->pdata[i];
        const struct report_unread *unread = group->pdata[0];
        g_autofree char *title =
            g_strdup_printf("%s: %s", failure_name(unread->failure.class), unread->input);
        put_command(out, "error", report->pipeline, title, unread_sentence(unread));
        count += group->len;
    }
    return count;
}

static unsigned put_errors(GString *out, const struct report *report, enum output_status status,
                           unsigned *room)
{
    unsigned count = 0;
    g_autoptr(GPtrArray) groups = problems_of(report, status);
    for (guint i = 0; i<groups->len && * room> 0; i++, --*room) {
        put_error(out, report, groups->pdata[i]);
        count += ((const GPtrArray *)groups->pdata[i])->len;
    }
    return count;
}

/* As warnings, which have room of their own; the last is the summary's. */
static bool put_damaged(GString *out, const struct report *report)
{
    g_autoptr(GPtrArray) groups = damaged_outputs(report);
    for (guint i = 0; i < MIN(groups->len, SHOWN - 1); i++) {
        g_autofree char *names = problem_outputs(groups->pdata[i]);
        g_autofree char *title = g_strdup_printf("damaged: %s", names);
        g_autofree char *sentence =
            damage_sentence(((const GPtrArray *)groups->pdata[i])->pdata[0]);
        put_command(out, "warning", report->pipeline, title, sentence);
    }
    return groups->len < SHOWN;
}

char *report_to_github(const struct report *report)
{
    GString *out = g_string_new(NULL);
    const unsigned *totals = report->totals;
    unsigned room = SHOWN;
    unsigned shown = put_errors(out, report, OUTPUT_FAILED, &room);
    shown += put_errors(out, report, OUTPUT_OUT_OF_SPEC, &room);
    shown += put_unread(out, report, &room);
    const bool all = put_damaged(out, report);
    unsigned bad = totals[OUTPUT_FAILED] + totals[OUTPUT_OUT_OF_SPEC] + report->unread->len;
    g_autofree char *unread = unread_count(report);
    g_autofree char *message = g_strdup_printf(
        "%u outputs: %u done, %u up to date, %u failed, %u out of spec, %u cancelled%s%s",
        report->outputs->len, totals[OUTPUT_DONE], totals[OUTPUT_UP_TO_DATE], totals[OUTPUT_FAILED],
        totals[OUTPUT_OUT_OF_SPEC], totals[OUTPUT_CANCELLED], unread,
        bad > shown || !all ? "; the job summary and report.json have what isn't shown here" : "");
    put_command(out, bad ? "warning" : "notice", report->pipeline, "rushes", message);
    return g_string_free(out, FALSE);
}
