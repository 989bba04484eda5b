/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes watch`: a run of what is ready, and what becomes of each source. */
#include "exit.h"
#include "interrupt.h"
#include "watch.h"

#include <stdio.h>
#include <string.h>

enum {
    RETRY_S = 60,        /* nothing could run: the pipeline is wrong, the worker can't start */
    RETRY_MOST_S = 3600, /* the disk stays full */
};

static void take(struct watch *watch, const struct plan_input *input)
{
    arrivals_taken(watch->arrivals, input->path, &input->stamp);
}

static void later(struct watch *watch, const struct plan_input *input, int seconds)
{
    arrivals_later(watch->arrivals, input->path,
                   g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC);
}

static void all_later(struct watch *watch, const GPtrArray *inputs, int seconds)
{
    for (unsigned i = 0; i < inputs->len; i++)
        later(watch, inputs->pdata[i], seconds);
}

/* Once a batch. */
static int disk_patience_s(struct watch *watch)
{
    unsigned doublings = MIN(watch->disk_failures++, 6);
    return MIN(RETRY_S << doublings, RETRY_MOST_S);
}

/* "again" is what helps against each class. */
static const char *again(enum failure_class class)
{
    switch (class) {
    case FAIL_INPUT_DAMAGED:
        return "Copy it once more, or put a repaired copy";
    case FAIL_NONE: /* out of spec */
    case FAIL_UNSUPPORTED:
    case FAIL_CONFIG:
        return "Change the pipeline or the file, then put it back";
    default:
        return "When the cause is gone, put it back";
    }
}

static void append_failure(GString *text, const struct report_output *row)
{
    if (row->failure.class != FAIL_NONE)
        g_string_append_printf(text, "%s: %s: %s\n", row->path, failure_name(row->failure.class),
                               row->failure.message);
    for (unsigned i = 0; row->status == OUTPUT_OUT_OF_SPEC && i < row->checks->len; i++) {
        const struct check *check = row->checks->pdata[i];
        if (!check->pass)
            g_string_append_printf(text, "%s: out of spec: %s is %s, expected %s\n", row->path,
                                   check->name, check->measured, check->expected);
    }
    if (row->rerun)
        g_string_append_printf(text, "    by hand: %s\n", row->rerun);
}

struct fate {
    bool seen, failed, disk, cancelled; /* of any of its outputs */
    enum failure_class class;
    GString *why;
};

static struct fate *fate_new(void)
{
    struct fate *fate = g_new0(struct fate, 1);
    fate->why = g_string_new(NULL);
    return fate;
}

static void fate_free(void *data)
{
    struct fate *fate = data;
    g_string_free(fate->why, TRUE);
    g_free(fate);
}

/* A duplicate, or a file that was there: not made, and not because it was made of this source. */
static void say_left_alone(const struct report_output *row)
{
    if (row->status == OUTPUT_UP_TO_DATE && !g_str_has_prefix(row->reason, stale_texts[FRESH]))
        fprintf(stderr, "rushes: %s: %s\n", row->path, row->reason);
}

/* `fates`: struct fate by the input's path, as in reports. */
static void add_row(GHashTable *fates, const struct report_output *row)
{
    struct fate *fate = g_hash_table_lookup(fates, row->source);
    if (!fate)
        g_hash_table_insert(fates, row->source, fate = fate_new());
    fate->seen = true;
    fate->cancelled |= row->status == OUTPUT_CANCELLED;
    fate->disk |= row->failure.class == FAIL_DISK;
    if (row->status != OUTPUT_FAILED && row->status != OUTPUT_OUT_OF_SPEC)
        return;
    fate->failed = true;
    fate->class = MAX(fate->class, row->failure.class);
    append_failure(fate->why, row);
}

static void reject(struct watch *watch, const struct plan_input *input, const struct report *report,
                   const struct fate *fate)
{
    g_autofree char *name = path_display(input->relative);
    g_autofree char *root = path_display(input->root);
    g_autofree char *run = report ? g_strdup_printf("Run %s of %s into %s.\n", report->run,
                                                    report->pipeline, report->out_dir)
                                  : g_strdup("");
    g_autofree char *reason =
        g_strdup_printf("%s could not be delivered.\n\n%s\n%s%s into %s: it is taken again.\n",
                        name, fate->why->str, run, again(fate->class), root);
    watch_move(watch, input, reason);
}

/* Cancelled without a failure and without Ctrl-C: the ledger couldn't be written. */
static void settle(struct watch *watch, const struct plan_input *input, const struct report *report,
                   const struct fate *fate, int retry_s)
{
    if (fate->cancelled && interrupt_count())
        return;
    if (fate->disk || (fate->cancelled && !fate->failed)) {
        later(watch, input, retry_s);
        return;
    }
    take(watch, input);
    if (fate->failed)
        reject(watch, input, report, fate);
    else if (fate->seen)
        watch_move(watch, input, NULL);
}

static void settle_all(struct watch *watch, const GPtrArray *inputs, const struct report *report)
{
    static const struct fate none = {.seen = false};
    g_autoptr(GHashTable) fates = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, fate_free);
    for (unsigned i = 0; i < report->outputs->len; i++) {
        say_left_alone(report->outputs->pdata[i]);
        add_row(fates, report->outputs->pdata[i]);
    }
    int retry_s = report->exit_code == EXIT_DISK ? disk_patience_s(watch) : RETRY_S;
    for (unsigned i = 0; i < inputs->len; i++) {
        const struct plan_input *input = inputs->pdata[i];
        g_autofree char *source = path_display(input->path);
        const struct fate *fate = g_hash_table_lookup(fates, source);
        settle(watch, input, report, fate ? fate : &none, retry_s);
    }
}

static void refuse(struct watch *watch, const struct plan_input *input, const char *findings)
{
    struct fate *fate = fate_new();
    fate->failed = true;
    fate->class = FAIL_CONFIG;
    g_string_append(fate->why, findings);
    settle(watch, input, NULL, fate, RETRY_S);
    fate_free(fate);
}

/* One file that can't be planned keeps nobody else waiting. */
static void take_halves(struct watch *watch, const GPtrArray *inputs)
{
    for (unsigned half = 0; half < 2 && !interrupt_count(); half++) {
        g_autoptr(GPtrArray) some = g_ptr_array_new();
        unsigned middle = inputs->len / 2;
        for (unsigned i = half ? middle : 0; i < (half ? inputs->len : middle); i++)
            g_ptr_array_add(some, inputs->pdata[i]);
        watch_take(watch, some);
    }
}

static void nothing_ran(struct watch *watch, GPtrArray *inputs, int code,
                        const struct outcome *outcome)
{
    if (interrupt_count())
        return;
    if (code == EXIT_NO_INPUT) {
        for (unsigned i = 0; i < inputs->len; i++)
            take(watch, inputs->pdata[i]);
    } else if (outcome->plan_wrong && inputs->len > 1) {
        take_halves(watch, inputs);
    } else if (outcome->plan_wrong) {
        refuse(watch, inputs->pdata[0], outcome->findings ? outcome->findings : "");
    } else {
        fprintf(stderr, "rushes: watching goes on; what has arrived waits until this is mended\n");
        all_later(watch, inputs, code == EXIT_DISK ? disk_patience_s(watch) : RETRY_S);
    }
}

void watch_take(struct watch *watch, GPtrArray *inputs)
{
    struct outcome outcome = {0};
    struct session_given given = {.ledger = watch->ledger, .inputs = inputs, .arriving = true};
    int code = run_batch(watch->args, &given, &outcome);
    if (outcome.report && code != EXIT_DISK)
        watch->disk_failures = 0;
    if (outcome.report)
        settle_all(watch, inputs, outcome.report);
    else
        nothing_ran(watch, inputs, code, &outcome);
    outcome_clear(&outcome);
    fflush(stdout);
}
