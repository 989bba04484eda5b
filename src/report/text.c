/* SPDX-License-Identifier: GPL-3.0-or-later
 * The summary at the end of a run: every failure in a sentence, the counts, where things are. */
#include "base/names.h"
#include "escape.h"
#include "private.h"

#include <string.h>

static const char *const status_sgr[] = {[OUTPUT_DONE] = "32",
                                         [OUTPUT_UP_TO_DATE] = "32",
                                         [OUTPUT_FAILED] = "1;31",
                                         [OUTPUT_OUT_OF_SPEC] = "1;33",
                                         [OUTPUT_CANCELLED] = "36"};

static void put_colored(GString *out, const char *text, const char *sgr, bool color)
{
    if (color)
        g_string_append_printf(out, "\033[%sm%s\033[0m", sgr, text);
    else
        g_string_append(out, text);
}

static void put_line(GString *out, const char *before, const char *text)
{
    g_autofree char *line = line_text(text);
    g_string_append_printf(out, "%s%s\n", before, line);
}

static void put_problem(GString *out, const GPtrArray *group, bool color)
{
    const struct report_output *output = group->pdata[0];
    const bool several = group->len > 1;
    g_autofree char *sentence = failure_sentence(output);
    g_autofree char *name = line_text(output->path && !several ? output->path : output->input);
    g_autofree char *outputs = problem_outputs(group);
    put_colored(out, status_words(output->status), status_sgr[output->status], color);
    if (output->status == OUTPUT_FAILED)
        g_string_append_printf(out, " (%s)", failure_name(output->failure.class));
    g_string_append_printf(out, ": %s\n", name);
    put_line(out, "    ", sentence);
    for (guint i = 0; output->status == OUTPUT_OUT_OF_SPEC && i < output->steps->len; i++)
        put_line(out, "    ", output->steps->pdata[i]);
    if (several)
        put_line(out, "    of it:  ", outputs);
    if (output->source)
        put_line(out, "    source: ", output->source);
    if (output->rerun)
        put_line(out, "    again:  ", output->rerun);
}

static void put_problems(GString *out, const struct report *report, enum output_status status,
                         bool color)
{
    g_autoptr(GPtrArray) groups = problems_of(report, status);
    for (guint i = 0; i < groups->len; i++)
        put_problem(out, groups->pdata[i], color);
}

static void put_unread(GString *out, const GPtrArray *group, bool color)
{
    const struct report_unread *unread = group->pdata[0];
    g_autofree char *name = line_text(unread->input);
    put_colored(out, "unread", status_sgr[OUTPUT_FAILED], color);
    g_string_append_printf(out, " (%s): %s\n", failure_name(unread->failure.class), name);
    put_line(out, "    ", unread_sentence(unread));
    g_autofree char *of = unread_of(group);
    put_line(out, "    of:     ", of);
    if (unread->source)
        put_line(out, "    source: ", unread->source);
}

/* What `damaged: allow` let pass: it is delivered, and isn't whole. */
static void put_damaged(GString *out, const struct report *report, bool color)
{
    g_autoptr(GPtrArray) groups = damaged_outputs(report);
    for (guint i = 0; i < groups->len; i++) {
        const struct report_output *output = ((const GPtrArray *)groups->pdata[i])->pdata[0];
        g_autofree char *sentence = damage_sentence(output);
        g_autofree char *names = problem_outputs(groups->pdata[i]);
        g_autofree char *shown = line_text(names);
        put_colored(out, "damaged", status_sgr[OUTPUT_OUT_OF_SPEC], color);
        g_string_append_printf(out, ": %s\n", shown);
        put_line(out, "    ", sentence);
        if (output->source)
            put_line(out, "    source: ", output->source);
    }
}

static void put_late(GString *out, const struct report *report)
{
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = output_at(report, i);
        if (!output->late)
            continue;
        g_autofree char *sentence = late_sentence(output);
        g_autofree char *text = g_strdup_printf("%s: %s", output->path, sentence);
        put_line(out, "late: ", text);
    }
}

/* "without date, chapters; changed: timecode"; NULL where nothing is. */
static char *carried_line(const struct report_output *output)
{
    g_autoptr(GPtrArray) lost = g_ptr_array_new(), changed = g_ptr_array_new();
    for (guint i = 0; output->carried && i < output->carried->len; i++) {
        const struct carried_row *row = output->carried->pdata[i];
        if (row->fate == FATE_DROPPED)
            g_ptr_array_add(lost, row->what);
        else if (row->fate == FATE_CHANGED)
            g_ptr_array_add(changed, row->what);
    }
    if (!lost->len && !changed->len)
        return NULL;
    g_autofree char *without = names_text_of(lost), *other = names_text_of(changed);
    return g_strdup_printf("%s%s%s%s%s", lost->len ? "without " : "", without,
                           lost->len && changed->len ? "; " : "", changed->len ? "changed: " : "",
                           other);
}

/* What isn't in the outputs as it was in their sources; the page has all of it. */
static void put_carried(GString *out, const struct report *report)
{
    enum { SHOWN = 8 };
    unsigned count = 0;
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = output_at(report, i);
        g_autofree char *line = output->status == OUTPUT_DONE ? carried_line(output) : NULL;
        if (!line || ++count > SHOWN)
            continue;
        g_autofree char *text = g_strdup_printf("%s: %s", output->path, line);
        put_line(out, "", text);
    }
    if (count > SHOWN)
        g_string_append_printf(out,
                               "… and %u more outputs lack or change something: see the "
                               "report\n",
                               count - SHOWN);
}

/* "requested 3.200-6.100 s, actual 2.000-6.160 s"; NULL where no trim was moved. */
static const char *moved_words(const struct report_output *output)
{
    for (guint i = 0; output->steps && i < output->steps->len; i++)
        if (g_str_has_prefix(output->steps->pdata[i], NOTE_MOVED))
            return (const char *)output->steps->pdata[i] + strlen(NOTE_MOVED);
    return NULL;
}

static void put_moved(GString *out, const struct report *report)
{
    enum { SHOWN = 8 };
    unsigned count = 0;
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = output_at(report, i);
        const char *words = moved_words(output);
        if (!words || ++count > SHOWN)
            continue;
        g_autofree char *text = g_strdup_printf("%s: %s", output->path, words);
        put_line(out, "trim:   ", text);
    }
    if (count > SHOWN)
        g_string_append_printf(out, "… and %u more trims were moved: see the report\n",
                               count - SHOWN);
}

/* What was passed over and why; the page has all of it. */
static void put_notes(GString *out, const struct report *report)
{
    enum { SHOWN = 8 };
    for (guint i = 0; i < report->notes->len && i < SHOWN; i++)
        put_line(out, "note: ", report->notes->pdata[i]);
    if (report->notes->len > SHOWN)
        g_string_append_printf(out, "… and %u more in the report\n", report->notes->len - SHOWN);
}

static void put_counts(GString *out, const struct report *report, bool color)
{
    unsigned shown = 0;
    for (int i = 0; i <= OUTPUT_CANCELLED; i++) {
        if (report->totals[i] == 0)
            continue;
        g_autofree char *text =
            g_strdup_printf("%u %s", report->totals[i], status_words((enum output_status)i));
        g_string_append(out, shown++ ? ", " : "");
        put_colored(out, text, status_sgr[i], color);
    }
    g_autofree char *time = seconds_text(report->seconds);
    g_string_append_printf(out, "%s in %s\n", shown ? "" : "nothing to do", time);
}

static void put_places(GString *out, const struct report *report)
{
    if (!report->out_dir)
        return;
    put_line(out, "files:  ", report->out_dir);
    if (!report->run)
        return;
    g_autofree char *page =
        g_build_filename(report->out_dir, ".rushes", "runs", report->run, "report.html", NULL);
    put_line(out, "report: ", page);
}

/* Others are cancelled with a reason, which doesn't go away by itself. */
static bool has_unbegun(const struct report *report)
{
    bool any = false;
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = output_at(report, i);
        any |= output->status == OUTPUT_CANCELLED && !output->failure.message;
    }
    return any;
}

char *report_to_text(const struct report *report, bool color)
{
    GString *out = g_string_new(NULL);
    put_problems(out, report, OUTPUT_FAILED, color);
    put_problems(out, report, OUTPUT_OUT_OF_SPEC, color);
    g_autoptr(GPtrArray) unread = unread_problems(report);
    for (guint i = 0; i < unread->len; i++)
        put_unread(out, unread->pdata[i], color);
    put_damaged(out, report, color);
    put_late(out, report);
    if (out->len > 0)
        g_string_append_c(out, '\n');
    put_moved(out, report);
    put_carried(out, report);
    put_notes(out, report);
    put_counts(out, report, color);
    if (has_unbegun(report))
        put_line(out, "cancelled outputs are made by: rushes resume ",
                 report->out_dir ? report->out_dir : "DIR");
    put_places(out, report);
    return g_string_free(out, FALSE);
}
