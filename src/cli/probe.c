/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes probe` and `rushes check`: files looked at without a pipeline. */
#include "collect.h"
#include "commands.h"
#include "exit.h"
#include "ingest.h"
#include "interrupt.h"
#include "lang/pipeline.h"
#include "language.h"
#include "print.h"
#include "report/report.h"
#include "scan.h"
#include "sched/sched.h"
#include "session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Files on the command line, probed with nothing kept. */
struct look {
    struct engine *engine;
    struct guard guard;
    struct display *display;
    char *scratch;
    GPtrArray *inputs;
};

static int look_open(struct look *look, const struct args *args, bool measure)
{
    g_autoptr(GError) error = NULL;
    interrupt_catch();
    look->inputs = scan_inputs(args->words, NULL, NULL, NULL);
    if (!look->inputs)
        return EXIT_NO_INPUT;
    if (!look->inputs->len) {
        fprintf(stderr, "rushes: no input matched: no file there has the extension of video, sound "
                        "or stills\n");
        return EXIT_NO_INPUT;
    }
    for (guint i = 0; i < look->inputs->len; i++)
        ((struct plan_input *)look->inputs->pdata[i])->trust = args->trust;
    struct local_params local = {.worker = args->worker};
    look->scratch = g_dir_make_tmp("rushes-XXXXXX", &error);
    look->engine = look->scratch ? engine_local(&local, &error) : NULL;
    if (!look->engine) {
        fprintf(stderr, "rushes: %s\n", error->message);
        return EXIT_USAGE;
    }
    look->display = display_create((enum progress_mode)args->progress, STDERR_FILENO);
    look->guard = (struct guard){.engine = look->engine, .required = args->require_sandbox};
    struct ingest ingest = {.guard = &look->guard,
                            .display = look->display,
                            .tasks_dir = look->scratch,
                            .jobs = args->jobs,
                            .measure = measure};
    int code = ingest_run(&ingest, look->inputs);
    display_destroy(g_steal_pointer(&look->display));
    return code;
}

static void look_close(struct look *look)
{
    if (look->inputs)
        g_ptr_array_unref(look->inputs);
    engine_destroy(look->engine);
    if (look->scratch)
        remove_tree(look->scratch);
    g_free(look->scratch);
}

static JsonObject *input_json(const struct plan_input *input)
{
    JsonObject *json = input->facts ? facts_to_json(input->facts) : json_object_new();
    g_autofree char *path = path_display(input->path);
    json_object_set_string_member(json, "path", path);
    if (input->failure.class != FAIL_NONE) {
        JsonObject *error = json_object_new();
        json_object_set_string_member(error, "class", failure_name(input->failure.class));
        json_object_set_string_member(error, "message", input->failure.message);
        json_object_set_object_member(json, "error", error);
    }
    return json;
}

static void print_all(const GPtrArray *inputs)
{
    JsonArray *array = json_array_new();
    for (unsigned i = 0; i < inputs->len; i++)
        json_array_add_object_element(array, input_json(inputs->pdata[i]));
    JsonNode *node = json_node_init_array(json_node_alloc(), array);
    json_array_unref(array);
    print_json(node);
}

static void print_streams(const struct facts *facts)
{
    for (unsigned i = 0; facts->streams && i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        printf("  stream %-12d %s: %s%s%s%s%s\n", stream->index, stream->kind, stream->codec,
               stream->language ? ", " : "", stream->language ? stream->language : "",
               stream->disposition && *stream->disposition ? ", " : "",
               stream->disposition ? stream->disposition : "");
    }
}

/* What decoding tells of a level is good for two decimals; silence, and what is too short, has
 * none. */
static char *level_text(const struct fact *fact, const struct facts *facts)
{
    double level;
    bool asked = facts->measured && facts->kind & fact->kinds && (facts->channels || !fact->sound);
    if (fact_number(fact, facts, &level))
        return g_strdup_printf("%.2f %s", level, fact->unit);
    return asked ? g_strdup("unmeasurable (silence, or too short)") : NULL;
}

static char *shown(const struct fact *fact, const struct facts *facts)
{
    if (fact->measured && fact->type == FACT_NUMBER && strcmp(fact->unit, "s"))
        return level_text(fact, facts);
    g_autofree char *text = fact_text(fact, facts);
    if (!text || !*text)
        return NULL;
    return g_strconcat(text, *fact->unit ? " " : "", fact->unit, NULL);
}

static void print_facts(const struct plan_input *input)
{
    g_autofree char *path = path_display(input->path);
    if (!input->facts) {
        printf("%s\n  %s: %s\n", path, failure_name(input->failure.class), input->failure.message);
        return;
    }
    printf("%s\n", path);
    for (unsigned i = 0; i < fact_count; i++) {
        g_autofree char *text = shown(&fact_table[i], input->facts);
        if (text)
            printf("  %-19s %s\n", fact_table[i].name, text);
    }
    print_streams(input->facts);
}

static bool any_failed(const GPtrArray *inputs)
{
    for (unsigned i = 0; i < inputs->len; i++)
        if (((struct plan_input *)inputs->pdata[i])->failure.class != FAIL_NONE)
            return true;
    return false;
}

int command_probe(struct args *args)
{
    struct look look = {.engine = NULL};
    int code = look_open(&look, args, args->measure);
    if (code == EXIT_DONE) {
        if (args->json)
            print_all(look.inputs);
        else
            for (unsigned i = 0; i < look.inputs->len; i++)
                print_facts(look.inputs->pdata[i]);
        code = any_failed(look.inputs) ? EXIT_FAILED : EXIT_DONE;
    }
    look_close(&look);
    return code;
}

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
