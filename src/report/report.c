/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report itself: made, filled, counted, judged. */
#include "report/report.h"

#include "base/daytime.h"
#include "base/names.h"
#include "private.h"

#include <math.h>
#include <string.h>

static void output_destroy(void *data)
{
    struct report_output *output = data;
    g_free(output->job);
    g_free(output->output);
    g_free(output->input);
    g_free(output->source);
    g_free(output->path);
    failure_clear(&output->failure);
    facts_destroy(output->facts);
    g_ptr_array_unref(output->checks);
    g_ptr_array_unref(output->steps);
    g_ptr_array_unref(output->lost);
    g_clear_pointer(&output->carried, g_ptr_array_unref);
    glance_destroy(output->glance);
    g_free(output->reason);
    g_free(output->rerun);
    g_free(output->deliver_by);
    g_free(output);
}

static void unread_destroy(void *data)
{
    struct report_unread *unread = data;
    g_free(unread->job);
    g_free(unread->output);
    g_free(unread->input);
    g_free(unread->source);
    failure_clear(&unread->failure);
    g_free(unread);
}

static void span_destroy(void *data)
{
    struct report_span *span = data;
    g_free(span->kind);
    g_free(span->label);
    g_free(span->state);
    g_free(span);
}

static void settings_destroy(void *data)
{
    struct report_settings *settings = data;
    g_free(settings->job);
    g_free(settings->output);
    g_free(settings->text);
    g_free(settings);
}

static void check_free(void *check)
{
    check_destroy(check);
}

struct report *report_create(void)
{
    struct report *report = g_new0(struct report, 1);
    report->outputs = g_ptr_array_new_with_free_func(output_destroy);
    report->unread = g_ptr_array_new_with_free_func(unread_destroy);
    report->sandbox = -1;
    report->notes = g_ptr_array_new_with_free_func(g_free);
    report->settings = g_ptr_array_new_with_free_func(settings_destroy);
    report->spans = g_ptr_array_new_with_free_func(span_destroy);
    return report;
}

void report_destroy(struct report *report)
{
    if (!report)
        return;
    g_free(report->version);
    g_free(report->run);
    g_free(report->pipeline);
    g_free(report->name);
    g_free(report->out_dir);
    g_free(report->started);
    g_ptr_array_unref(report->outputs);
    g_ptr_array_unref(report->unread);
    g_ptr_array_unref(report->notes);
    g_ptr_array_unref(report->settings);
    g_ptr_array_unref(report->spans);
    g_free(report);
}

struct report_output *report_add(struct report *report)
{
    struct report_output *output = g_new0(struct report_output, 1);
    output->checks = g_ptr_array_new_with_free_func(check_free);
    output->steps = g_ptr_array_new_with_free_func(g_free);
    output->lost = g_ptr_array_new_with_free_func(g_free);
    output->task = -1;
    g_ptr_array_add(report->outputs, output);
    return output;
}

struct report_unread *report_add_unread(struct report *report)
{
    struct report_unread *unread = g_new0(struct report_unread, 1);
    g_ptr_array_add(report->unread, unread);
    return unread;
}

/* Backwards: each lane was used last by the nearest one. */
static bool is_free(const GPtrArray *spans, unsigned lane, double at_s)
{
    for (guint i = spans->len; i-- > 0;) {
        const struct report_span *span = spans->pdata[i];
        if (span->lane == lane)
            return span->end_s <= at_s;
    }
    return true;
}

void report_add_span(struct report *report, struct report_span span)
{
    span.lane = 0;
    while (!is_free(report->spans, span.lane, span.start_s))
        span.lane++;
    g_ptr_array_add(report->spans, g_memdup2(&span, sizeof span));
}

void report_add_settings(struct report *report, const char *job, const char *output,
                         const char *text)
{
    const struct report_settings settings = {g_strdup(job), g_strdup(output), g_strdup(text)};
    g_ptr_array_add(report->settings, g_memdup2(&settings, sizeof settings));
}

/* Stable: what was read from a report keeps its order. */
static int by_place(gconstpointer a, gconstpointer b)
{
    const struct report_output *const *one = a, *const *other = b;
    return (*one)->place - (*other)->place;
}

void report_count(struct report *report)
{
    g_ptr_array_sort(report->outputs, by_place);
    memset(report->totals, 0, sizeof report->totals);
    for (guint i = 0; i < report->outputs->len; i++)
        report->totals[output_at(report, i)->status]++;
}

bool report_disk_failed(const struct report *report)
{
    bool failed = false;
    for (guint i = 0; i < report->outputs->len && !failed; i++)
        failed = output_at(report, i)->failure.class == FAIL_DISK;
    return failed;
}

const char *report_status(const struct report *report)
{
    if (report->exit_code == 130 || report->exit_code == 143)
        return "interrupted";
    if (report->totals[OUTPUT_FAILED] > 0 || report->unread->len > 0)
        return "failed";
    if (report->totals[OUTPUT_OUT_OF_SPEC] > 0)
        return "out_of_spec";
    if (report->totals[OUTPUT_CANCELLED] > 0)
        return "interrupted";
    return report->exit_code ? "failed" : "done";
}

const struct report_output *output_at(const struct report *report, guint index)
{
    return report->outputs->pdata[index];
}

const struct report_unread *unread_at(const struct report *report, guint index)
{
    return report->unread->pdata[index];
}

void report_due(struct report_output *output, int64_t deadline_us, int64_t ended_us)
{
    g_free(output->deliver_by);
    output->deliver_by = deadline_us ? moment_text(deadline_us) : NULL;
    output->late = output->status == OUTPUT_DONE && deadline_us && ended_us > deadline_us;
}

char *late_sentence(const struct report_output *output)
{
    return g_strdup_printf("delivered, but wanted by %s", output->deliver_by);
}

char *damage_sentence(const struct report_output *output)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < output->steps->len; i++) {
        const char *note = output->steps->pdata[i];
        if (g_str_has_prefix(note, NOTE_DAMAGED))
            g_string_append_printf(text, "%s%s", text->len ? "; " : "",
                                   note + strlen(NOTE_DAMAGED));
    }
    return text->len ? g_strdup(text->str) : NULL;
}

char *failure_sentence(const struct report_output *output)
{
    g_autoptr(GString) text = g_string_new(output->failure.message);
    for (guint i = 0; i < output->checks->len; i++) {
        const struct check *check = output->checks->pdata[i];
        if (check->pass)
            continue;
        g_string_append_printf(text, "%s%s: expected %s, measured %s", text->len ? "; " : "",
                               check->name, check->expected, check->measured);
    }
    if (text->len > 0)
        return g_strdup(text->str);
    if (output->status == OUTPUT_CANCELLED)
        return g_strdup("not made: the run ended before its turn");
    return g_strdup(failure_rows[output->failure.class].text);
}

char *unread_count(const struct report *report)
{
    const guint count = report->unread->len;
    return count == 0 ? g_strdup("")
                      : g_strdup_printf(", %u input%s can't be read", count, count == 1 ? "" : "s");
}

/* --- what failed alike --- */

/* Groups of what has the same key, each an array of its elements, in the order of their firsts. */
struct groups {
    GPtrArray *all;
    GHashTable *by_key;
};

static struct groups groups_create(void)
{
    return (struct groups){
        g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))g_ptr_array_unref),
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

static void groups_add(struct groups *groups, char *key, void *element)
{
    GPtrArray *group = g_hash_table_lookup(groups->by_key, key);
    if (!group) {
        group = g_ptr_array_new();
        g_ptr_array_add(groups->all, group);
        g_hash_table_insert(groups->by_key, g_strdup(key), group);
    }
    g_ptr_array_add(group, element);
    g_free(key);
}

static char *cause_of(const struct report_output *output, guint index)
{
    const bool alone = output->status != OUTPUT_FAILED || output->checks->len || !output->source ||
                       !output->failure.message;
    return alone ? g_strdup_printf("%u", index)
                 : g_strjoin("\n", failure_name(output->failure.class), output->source,
                             output->failure.message, output->rerun ? output->rerun : "", NULL);
}

GPtrArray *problems_of(const struct report *report, enum output_status status)
{
    struct groups groups = groups_create();
    for (guint i = 0; i < report->outputs->len; i++)
        if (output_at(report, i)->status == status)
            groups_add(&groups, cause_of(output_at(report, i), i), report->outputs->pdata[i]);
    g_hash_table_unref(groups.by_key);
    return groups.all;
}

GPtrArray *damaged_outputs(const struct report *report)
{
    struct groups groups = groups_create();
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = output_at(report, i);
        g_autofree char *damage = damage_sentence(output);
        if (damage)
            groups_add(&groups, g_strjoin("\n", output->source ? output->source : "", damage, NULL),
                       report->outputs->pdata[i]);
    }
    g_hash_table_unref(groups.by_key);
    return groups.all;
}

GPtrArray *unread_problems(const struct report *report)
{
    struct groups groups = groups_create();
    for (guint i = 0; i < report->unread->len; i++) {
        const struct report_unread *unread = unread_at(report, i);
        groups_add(&groups,
                   g_strjoin("\n", failure_name(unread->failure.class), unread->input,
                             unread->source ? unread->source : "", unread_sentence(unread), NULL),
                   report->unread->pdata[i]);
    }
    g_hash_table_unref(groups.by_key);
    return groups.all;
}

static char *joined(const GPtrArray *group, char *(*name)(const void *element))
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < group->len; i++)
        g_ptr_array_add(names, name(group->pdata[i]));
    return names_text_of(names);
}

/* A report that somebody edited may not say it. */
static char *output_name(const void *element)
{
    const struct report_output *output = element;
    const char *name = output->path ? output->path : output->input;
    return g_strdup(name ? name : "?");
}

static char *wanted_by(const void *element)
{
    const struct report_unread *unread = element;
    return unread->job ? g_strdup_printf("%s/%s", unread->job, unread->output) : g_strdup("inputs");
}

char *problem_outputs(const GPtrArray *group)
{
    return joined(group, output_name);
}

char *unread_of(const GPtrArray *group)
{
    return joined(group, wanted_by);
}

const char *unread_sentence(const struct report_unread *unread)
{
    return unread->failure.message ? unread->failure.message
                                   : failure_rows[unread->failure.class].text;
}

const char *failure_word(const struct report_output *output)
{
    return output->status == OUTPUT_FAILED ? failure_name(output->failure.class)
                                           : output_status_name(output->status);
}

const char *status_words(enum output_status status)
{
    static const char *const words[] = {[OUTPUT_DONE] = "done",
                                        [OUTPUT_UP_TO_DATE] = "up to date",
                                        [OUTPUT_FAILED] = "failed",
                                        [OUTPUT_OUT_OF_SPEC] = "out of spec",
                                        [OUTPUT_CANCELLED] = "cancelled"};
    return words[status];
}

char *seconds_text(double seconds)
{
    if (!isfinite(seconds) || seconds < 0)
        return g_strdup("unknown");
    if (seconds < 59.95) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup(g_ascii_formatd(text, sizeof text, "%.1f s", seconds));
    }
    int64_t whole = (int64_t)(seconds + 0.5);
    if (whole < 3600)
        return g_strdup_printf("%d min %02d s", (int)(whole / 60), (int)(whole % 60));
    return g_strdup_printf("%" G_GINT64_FORMAT " h %02d min", whole / 3600,
                           (int)(whole % 3600 / 60));
}
