/* SPDX-License-Identifier: GPL-3.0-or-later
 * junit.xml in the dialect that Jenkins reads: a suite a job, a case an output and one each of its
 * checks. */
#include "escape.h"
#include "private.h"

#include <math.h>
#include <string.h>

struct tally {
    unsigned tests, failures, skipped;
    double seconds;
};

/* What failed beyond what its checks tell. */
static bool itself_failed(const struct report_output *output)
{
    if (output->status != OUTPUT_OUT_OF_SPEC)
        return output->status == OUTPUT_FAILED;
    for (guint i = 0; i < output->checks->len; i++)
        if (!((const struct check *)output->checks->pdata[i])->pass)
            return false;
    return true;
}

static void tally_add(struct tally *tally, const struct report_output *output)
{
    tally->tests += 1 + output->checks->len;
    tally->failures += itself_failed(output);
    for (guint i = 0; i < output->checks->len; i++)
        tally->failures += !((const struct check *)output->checks->pdata[i])->pass;
    tally->skipped += output->status == OUTPUT_CANCELLED;
    tally->seconds += isfinite(output->seconds) ? output->seconds : 0;
}

static void tally_add_unread(struct tally *tally)
{
    tally->tests++;
    tally->failures++;
}

static void put_seconds(GString *out, double seconds)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.3f", isfinite(seconds) ? seconds : 0);
    append_markup(out, " time=\"%s\"", text);
}

static void put_tally(GString *out, const struct tally *tally)
{
    append_markup(out, " tests=\"%u\" failures=\"%u\" errors=\"0\"", tally->tests, tally->failures);
    put_seconds(out, tally->seconds);
}

/* Below the output folder; of files that are in none, below what was named: the same on every
 * machine. */
static const char *name_of(const struct report *report, const struct report_output *output)
{
    return output->path && report->out_dir ? output->path : output->input;
}

static void put_failure(GString *out, const struct report_output *output, const char *type,
                        const char *sentence)
{
    append_markup(out, "      <failure type=\"%s\" message=\"%s\">%s", type, sentence, sentence);
    if (output->source)
        append_markup(out, "\nsource: %s", output->source);
    if (output->rerun)
        append_markup(out, "\nrun it again: %s", output->rerun);
    g_autofree char *damage = damage_sentence(output);
    if (damage)
        append_markup(out, "\ndamaged: %s", damage);
    g_string_append(out, "</failure>\n");
}

static void begin_case(GString *out, const struct report *report,
                       const struct report_output *output, const char *check, double seconds)
{
    append_markup(out, "    <testcase classname=\"%s.%s\" name=\"%s", output->job, output->output,
                  name_of(report, output));
    if (check)
        append_markup(out, ": %s", check);
    g_string_append_c(out, '"');
    put_seconds(out, seconds);
}

/* Of a check; its time is in that of its output. */
static void put_check(GString *out, const struct report *report, const struct report_output *output,
                      const struct check *check)
{
    begin_case(out, report, output, check->name, 0);
    if (check->pass) {
        g_string_append(out, "/>\n");
        return;
    }
    g_autofree char *sentence =
        g_strdup_printf("expected %s, measured %s", check->expected, check->measured);
    g_string_append(out, ">\n");
    put_failure(out, output, "out_of_spec", sentence);
    g_string_append(out, "    </testcase>\n");
}

/* Of one that was delivered, and late or of a damaged source: a line each; NULL nothing. */
static char *said_of(const struct report_output *output)
{
    g_autofree char *late = output->late ? late_sentence(output) : NULL;
    g_autofree char *damage = damage_sentence(output);
    if (!late && !damage)
        return NULL;
    return g_strdup_printf("%s%s%s%s%s", late ? "late: " : "", late ? late : "",
                           late && damage ? "\n" : "", damage ? "damaged: " : "",
                           damage ? damage : "");
}

static void put_inside(GString *out, const struct report_output *output)
{
    g_autofree char *sentence = failure_sentence(output), *said = said_of(output);
    if (itself_failed(output))
        put_failure(out, output, failure_word(output), sentence);
    else if (output->status == OUTPUT_CANCELLED)
        append_markup(out, "      <skipped message=\"%s\"/>\n", sentence);
    else
        append_markup(out, "      <system-out>%s</system-out>\n", said);
}

static void put_cases(GString *out, const struct report *report, const struct report_output *output)
{
    begin_case(out, report, output, NULL, output->seconds);
    g_autofree char *said = said_of(output);
    if (itself_failed(output) || said || output->status == OUTPUT_CANCELLED) {
        g_string_append(out, ">\n");
        put_inside(out, output);
        g_string_append(out, "    </testcase>\n");
    } else {
        g_string_append(out, "/>\n");
    }
    for (guint i = 0; i < output->checks->len; i++)
        put_check(out, report, output, output->checks->pdata[i]);
}

/* What is of none has a suite of its own. */
static const char *job_of(const struct report_unread *unread)
{
    return unread->job ? unread->job : "inputs";
}

static void put_unread(GString *out, const struct report_unread *unread)
{
    const char *why = unread_sentence(unread);
    append_markup(out,
                  "    <testcase classname=\"%s%s%s\" name=\"%s\" time=\"0.000\">\n"
                  "      <failure type=\"%s\" message=\"%s\">%s\nsource: %s</failure>\n"
                  "    </testcase>\n",
                  job_of(unread), unread->output ? "." : "", unread->output ? unread->output : "",
                  unread->input, failure_name(unread->failure.class), why, why, unread->source);
}

static bool is_of(const struct report_unread *unread, const char *job)
{
    return g_str_equal(job_of(unread), job);
}

static void put_suite(GString *out, const struct report *report, const char *job,
                      const GPtrArray *outputs)
{
    struct tally tally = {0};
    for (guint i = 0; i < outputs->len; i++)
        tally_add(&tally, outputs->pdata[i]);
    for (guint i = 0; i < report->unread->len; i++)
        if (is_of(unread_at(report, i), job))
            tally_add_unread(&tally);
    append_markup(out, "  <testsuite name=\"%s\"", job);
    put_tally(out, &tally);
    append_markup(out, " skipped=\"%u\"", tally.skipped);
    if (report->started)
        append_markup(out, " timestamp=\"%s\"", report->started);
    g_string_append(out, ">\n");
    for (guint i = 0; i < outputs->len; i++)
        put_cases(out, report, outputs->pdata[i]);
    for (guint i = 0; i < report->unread->len; i++)
        if (is_of(unread_at(report, i), job))
            put_unread(out, unread_at(report, i));
    g_string_append(out, "  </testsuite>\n");
}

static GPtrArray *suite_of(GPtrArray *jobs, GHashTable *by_job, const char *job)
{
    GPtrArray *suite = g_hash_table_lookup(by_job, job);
    if (!suite) {
        suite = g_ptr_array_new();
        g_hash_table_insert(by_job, (char *)job, suite);
        g_ptr_array_add(jobs, (char *)job);
    }
    return suite;
}

/* Outputs by job, jobs in their first order. */
static GPtrArray *suites(const struct report *report, GHashTable *by_job)
{
    GPtrArray *jobs = g_ptr_array_new();
    for (guint i = 0; i < report->outputs->len; i++) {
        struct report_output *output = report->outputs->pdata[i];
        g_ptr_array_add(suite_of(jobs, by_job, output->job ? output->job : ""), output);
    }
    for (guint i = 0; i < report->unread->len; i++)
        suite_of(jobs, by_job, job_of(unread_at(report, i)));
    return jobs;
}

char *report_to_junit(const struct report *report)
{
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    struct tally tally = {0};
    for (guint i = 0; i < report->outputs->len; i++)
        tally_add(&tally, output_at(report, i));
    for (guint i = 0; i < report->unread->len; i++)
        tally_add_unread(&tally);
    append_markup(out, " name=\"%s\"", report->pipeline ? report->pipeline : "rushes");
    put_tally(out, &tally);
    g_string_append(out, ">\n");
    g_autoptr(GHashTable) by_job = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)(void (*)(void))g_ptr_array_unref);
    g_autoptr(GPtrArray) jobs = suites(report, by_job);
    for (guint i = 0; i < jobs->len; i++)
        put_suite(out, report, jobs->pdata[i], g_hash_table_lookup(by_job, jobs->pdata[i]));
    g_string_append(out, "</testsuites>\n");
    return g_string_free(out, FALSE);
}
