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

static void put_error(GString *out, const struct report *report, const struct report_output *output)
{
    g_autofree char *sentence = failure_sentence(output);
    g_autofree char *title = g_strdup_printf("%s: %s", failure_word(output),
                                             output->path ? output->path : output->input);
    put_command(out, "error", report->pipeline, title, sentence);
}

static unsigned put_unread(GString *out, const struct report *report, unsigned room)
{
    const unsigned count = MIN(report->unread->len, room);
    for (guint i = 0; i < count; i++) {
        const struct report_unread *unread = unread_at(report, i);
        g_autofree char *title =
            g_strdup_printf("%s: %s", failure_name(unread->failure.class), unread->input);
        put_command(out, "error", report->pipeline, title, unread_sentence(unread));
    }
    return count;
}

static unsigned put_errors(GString *out, const struct report *report, enum output_status status,
                           unsigned room)
{
    unsigned shown = 0;
    for (guint i = 0; i < report->outputs->len && shown < room; i++)
        if (output_at(report, i)->status == status) {
            put_error(out, report, output_at(report, i));
            shown++;
        }
    return shown;
}

char *report_to_github(const struct report *report)
{
    GString *out = g_string_new(NULL);
    const unsigned *totals = report->totals;
    unsigned shown = put_errors(out, report, OUTPUT_FAILED, SHOWN);
    shown += put_errors(out, report, OUTPUT_OUT_OF_SPEC, SHOWN - shown);
    shown += put_unread(out, report, SHOWN - shown);
    unsigned bad = totals[OUTPUT_FAILED] + totals[OUTPUT_OUT_OF_SPEC] + report->unread->len;
    g_autofree char *unread = unread_count(report);
    g_autofree char *message = g_strdup_printf(
        "%u outputs: %u done, %u up to date, %u failed, %u out of spec, %u cancelled%s%s",
        report->outputs->len, totals[OUTPUT_DONE], totals[OUTPUT_UP_TO_DATE], totals[OUTPUT_FAILED],
        totals[OUTPUT_OUT_OF_SPEC], totals[OUTPUT_CANCELLED], unread,
        bad > shown ? "; the job summary and report.json have what isn't shown here" : "");
    put_command(out, bad ? "warning" : "notice", report->pipeline, "rushes", message);
    return g_string_free(out, FALSE);
}
