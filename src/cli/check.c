/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes check`: files held to expectations. */
#include "collect.h"
#include "commands.h"
#include "exit.h"
#include "language.h"
#include "look.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void check_input(struct report *report, const struct plan_input *input,
                        const GPtrArray *expectations, const char *preset)
{
    struct report_output *row = report_add(report);
    row->job = g_strdup("check");
    row->output = g_strdup(preset);
    row->input = path_display(input->relative);
    row->source = path_display(input->path);
    row->path = path_display(input->path);
    row->task = -1;
    row->status = OUTPUT_DONE;
    if (!input->facts) {
        row->status = OUTPUT_FAILED;
        fail(&row->failure, input->failure.class, "%s", input->failure.message);
        return;
    }
    row->facts = facts_copy(input->facts);
    if (input->facts->decode_errors > 0) {
        row->status = OUTPUT_FAILED;
        fail(&row->failure, FAIL_INPUT_DAMAGED, "%" G_GINT64_FORMAT " error%s while decoding it",
             input->facts->decode_errors, input->facts->decode_errors == 1 ? "" : "s");
    }
    for (unsigned i = 0; i < expectations->len; i++) {
        struct check *check = expectation_check(expectations->pdata[i], input->facts, NULL);
        if (!check->pass && row->status == OUTPUT_DONE)
            row->status = OUTPUT_OUT_OF_SPEC;
        g_ptr_array_add(row->checks, check);
    }
}

/* "in spec: a.mp4: codec h264, width 540": the report's text has the others. */
static void say_passed(const struct report *report)
{
    for (unsigned i = 0; i < report->outputs->len; i++) {
        const struct report_output *row = report->outputs->pdata[i];
        if (row->status != OUTPUT_DONE)
            continue;
        printf("in spec: %s: ", row->path);
        for (unsigned k = 0; k < row->checks->len; k++) {
            const struct check *check = row->checks->pdata[k];
            printf("%s%s %s", k ? ", " : "", check->name, check->measured);
        }
        putchar('\n');
    }
}

static int say_checks(struct report *report, const struct args *args)
{
    g_autoptr(GError) error = NULL;
    report_count(report);
    if (!args->json)
        say_passed(report);
    report->exit_code = report->totals[OUTPUT_FAILED]        ? EXIT_FAILED
                        : report->totals[OUTPUT_OUT_OF_SPEC] ? EXIT_OUT_OF_SPEC
                                                             : EXIT_DONE;
    g_autofree char *junit = args->junit ? report_to_junit(report) : NULL;
    if (junit && !file_write_atomic(args->junit, junit, -1, &error)) {
        fprintf(stderr, "rushes: %s\n", error->message);
        report->exit_code = EXIT_DISK;
    }
    g_autofree char *text =
        args->json ? report_to_json(report) : report_to_text(report, has_color(STDOUT_FILENO));
    fputs(text, stdout);
    return report->exit_code;
}

/* The expectations of a preset's one output; NULL after reporting. */
static const GPtrArray *expectations_of(const struct pipeline *pipeline, const char *name)
{
    const struct pipeline_job *job = pipeline->jobs->pdata[0];
    const struct pipeline_output *output = job->outputs->pdata[0];
    if (output->expectations->len)
        return output->expectations;
    fprintf(stderr, "rushes: preset \"%s\" has no expectations to check\n", name);
    return NULL;
}

static int check_files(const struct args *args, const GPtrArray *expectations)
{
    struct look look = {.engine = NULL};
    gint64 started_us = g_get_monotonic_time();
    int code = look_open(&look, args, true);
    look_settle(&look);
    if (code == EXIT_DONE) {
        struct report *report = report_create();
        report->version = g_strdup(RUSHES_VERSION);
        report->pipeline = g_strdup(args->preset);
        collect_sandbox(report, &look.guard);
        for (unsigned i = 0; i < look.inputs->len; i++)
            check_input(report, look.inputs->pdata[i], expectations, args->preset);
        report->seconds = (double)(g_get_monotonic_time() - started_us) / G_USEC_PER_SEC;
        code = say_checks(report, args);
        report_destroy(report);
    }
    look_close(&look);
    return code;
}

int command_check(struct args *args)
{
    if (!args->preset) {
        fprintf(stderr, "rushes: check needs --preset PRESET; rushes presets lists them\n");
        return EXIT_USAGE;
    }
    struct language language;
    if (!language_init(&language, args, true))
        return EXIT_USAGE;
    g_auto(diag_ptr) diag = diag_create();
    struct pipeline *pipeline = pipeline_load(args->preset, &language.options, diag);
    int code = EXIT_USAGE;
    if (say_findings(diag) && pipeline) {
        const GPtrArray *expectations = expectations_of(pipeline, args->preset);
        if (expectations)
            code = check_files(args, expectations);
    }
    pipeline_destroy(pipeline);
    language_finish(&language);
    return code;
}
