/* SPDX-License-Identifier: GPL-3.0-or-later
 * junit.xml in the dialect that Jenkins reads: a suite a job, a case an output. */
#include "escape.h"
#include "private.h"

#include <math.h>
#include <string.h>

struct tally {
    unsigned tests, failures, skipped;
    double seconds;
};

static void tally_add(struct tally *tally, const struct report_output *output)
{
    tally->tests++;
    tally->failures += output->status == OUTPUT_FAILED || output->status == OUTPUT_OUT_OF_SPEC;
    tally->skipped += output->status == OUTPUT_CANCELLED;
    tally->seconds += isfinite(output->seconds) ? output->seconds : 0;
}

static void tally_add_unread(struct tally *tally)
{
    tally->tests++;
    tally->failures++;
}

static void put_tally(GString *out, const struct tally *tally)
{
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(seconds, sizeof seconds, "%.3f", tally->seconds);
    append_markup(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"%s\"",
                  tally->tests, tally->failures, tally->skipped, seconds);
}

static void put_failure(GString *out, const struct report_output *output)
{
    g_autofree char *sentence = failure_sentence(output);
    append_markup(out, "      <failure type=\"%s\" message=\"%s\">%s", failure_word(output),
                  sentence, sentence);
    if (output->source)
        append_markup(out, "\nsource: %s", output->source);
    if (output->rerun)
        append_markup(out, "\nrun it again: %s", output->rerun);
    g_string_append(out, "</failure>\n");
}

static void put_case(GString *out, const struct report_output *output)
{
    struct tally alone = {0};
    tally_add(&alone, output);
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(seconds, sizeof seconds, "%.3f", alone.seconds);
    append_markup(out, "    <testcase classname=\"%s.%s\" name=\"%s\" time=\"%s\"", output->job,
                  output->output, output->path ? output->path : output->input, seconds);
    if (!alone.failures && !alone.skipped && !output->late) {
        g_string_append(out, "/>\n");
        return;
    }
    g_string_append(out, ">\n");
    if (alone.failures) {
        put_failure(out, output);
    } else if (output->late) {
        g_autofree char *sentence = late_sentence(output);
        append_markup(out, "      <system-out>late: %s</system-out>\n", sentence);
    } else {
        g_autofree char *sentence = failure_sentence(output);
        append_markup(out, "      <skipped message=\"%s\"/>\n", sentence);
    }
    g_string_append(out, "    </testcase>\n");
}

static void put_unread(GString *out, const struct report_unread *unread)
{
    const char *why = unread_sentence(unread);
    append_markup(out,
                  "    <testcase classname=\"%s.%s\" name=\"%s\" time=\"0.000\">\n"
                  "      <failure type=\"%s\" message=\"%s\">%s\nsource: %s</failure>\n"
                  "    </testcase>\n",
                  unread->job, unread->output, unread->input, failure_name(unread->failure.class),
                  why, why, unread->source);
}

static bool is_of(const struct report_unread *unread, const char *job)
{
    return g_strcmp0(unread->job ? unread->job : "", job) == 0;
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
    if (report->started)
        append_markup(out, " timestamp=\"%s\"", report->started);
    g_string_append(out, ">\n");
    for (guint i = 0; i < outputs->len; i++)
        put_case(out, outputs->pdata[i]);
    for (guint i = 0; i < report->unread->len; i++)
        if (is_of(unread_at(report, i), job))
            put_unread(out, unread_at(report, i));
    g_string_append(out, "  </testsuite>\n");
}

/* Outputs by job, jobs in their first order. */
static GPtrArray *suites(const struct report *report, GHashTable *by_job)
{
    GPtrArray *jobs = g_ptr_array_new();
    for (guint i = 0; i < report->outputs->len; i++) {
        struct report_output *output = report->outputs->pdata[i];
        char *job = output->job ? output->job : (char *)"";
        GPtrArray *suite = g_hash_table_lookup(by_job, job);
        if (!suite) {
            suite = g_ptr_array_new();
            g_hash_table_insert(by_job, job, suite);
            g_ptr_array_add(jobs, job);
        }
        g_ptr_array_add(suite, output);
    }
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
