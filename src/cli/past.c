/* SPDX-License-Identifier: GPL-3.0-or-later
 * The commands that look at past runs: status, explain, resume, report. */
#include "base/daytime.h"
#include "commands.h"
#include "exit.h"
#include "illustrate.h"
#include "model/expect.h"
#include "pause.h"
#include "print.h"
#include "report/report.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct ledger *open_ledger(const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(dir, ".rushes", "ledger.sqlite", NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        fprintf(stderr, "rushes: %s holds no run: there is no .rushes/ledger.sqlite in it\n", dir);
        return NULL;
    }
    struct ledger *ledger = ledger_open(dir, LEDGER_READ, &error);
    if (!ledger)
        fprintf(stderr, "rushes: %s\n", error->message);
    return ledger;
}

static JsonArray *running_json(const GPtrArray *running)
{
    JsonArray *array = json_array_new();
    for (unsigned i = 0; i < running->len; i++) {
        const struct ledger_task *task = running->pdata[i];
        g_autofree char *since = moment_utc_text(task->started_us);
        g_autofree char *label = g_utf8_make_valid(task->label, -1);
        JsonObject *json = json_object_new();
        json_object_set_string_member(json, "label", label);
        json_object_set_string_member(json, "kind", task->kind);
        json_object_set_int_member(json, "attempt", task->attempt);
        json_object_set_string_member(json, "since", since);
        json_array_add_object_element(array, json);
    }
    return array;
}

static void print_object(JsonObject *json)
{
    JsonNode *node = json_node_init_object(json_node_alloc(), json);
    json_object_unref(json);
    print_json(node);
}

static struct report *read_report(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error))
        return NULL;
    return report_from_json(text, (gssize)length, error);
}

/* The ledger knows outputs alone; the report of the run has what it couldn't read. */
static guint count_unread(const char *dir, const char *run)
{
    g_autofree char *path = g_build_filename(dir, ".rushes", "runs", run, "report.json", NULL);
    g_auto(report_ptr) report = read_report(path, NULL);
    return report ? report->unread->len : 0;
}

static void print_totals_json(const struct ledger_totals *t, guint unread, const GPtrArray *running)
{
    JsonObject *json = json_object_new();
    json_object_set_string_member(json, "run", t->run);
    json_object_set_string_member(json, "status", t->status);
    json_object_set_string_member(json, "started", t->started);
    json_object_set_boolean_member(json, "planned", t->planned);
    if (t->held)
        json_object_set_string_member(json, "held", t->held);
    if (t->expected_us) {
        g_autofree char *expected = moment_utc_text(t->expected_us);
        json_object_set_string_member(json, "expected_end", expected);
    }
    json_object_set_int_member(json, "done", t->done);
    json_object_set_int_member(json, "up_to_date", t->up_to_date);
    json_object_set_int_member(json, "failed", t->failed);
    json_object_set_int_member(json, "out_of_spec", t->out_of_spec);
    json_object_set_int_member(json, "cancelled", t->cancelled);
    json_object_set_int_member(json, "left", t->left);
    json_object_set_int_member(json, "unread", unread);
    json_object_set_int_member(json, "running", t->running);
    json_object_set_array_member(json, "tasks", running_json(running));
    print_object(json);
}

static void print_expected(int64_t expected_us)
{
    g_autofree char *expected = moment_utc_text(expected_us);
    double left_s = (double)(expected_us - g_get_real_time()) / G_USEC_PER_SEC;
    g_autofree char *span = span_text(MAX(left_s, 0));
    if (left_s > 0)
        printf("ends about %s, in %s\n", expected, span);
    else
        printf("should have ended by %s\n", expected);
}

static void print_totals(const struct ledger_totals *t, guint unread, const GPtrArray *running)
{
    printf(
        "run %s, started %s: %s\n"
        "%u done, %u up to date, %u failed, %u out of spec, %u cancelled, %u left (%u running)\n",
        t->run, t->started, t->status, t->done, t->up_to_date, t->failed, t->out_of_spec,
        t->cancelled, t->left, t->running);
    if (!t->planned)
        printf("it %s its sources: what it makes isn't planned yet\n",
               g_str_equal(t->status, "running") ? "is looking at" : "ended while it looked at");
    if (unread)
        printf("%u input%s can't be read: rushes report says which\n", unread,
               unread == 1 ? "" : "s");
    if (t->held)
        printf("%s\n", t->held);
    if (t->expected_us)
        print_expected(t->expected_us);
    for (unsigned i = 0; i < running->len; i++) {
        const struct ledger_task *task = running->pdata[i];
        g_autofree char *since = moment_utc_text(task->started_us);
        g_autofree char *label = path_display(task->label);
        printf("  %s %s, since %s, attempt %d\n", task->kind, label, since, task->attempt);
    }
}

static void print_runs_json(const GPtrArray *runs)
{
    JsonArray *array = json_array_new();
    for (unsigned i = 0; i < runs->len; i++) {
        const struct ledger_run *run = runs->pdata[i];
        g_autofree char *started = moment_utc_text(run->started_us);
        g_autofree char *ended = run->ended_us ? moment_utc_text(run->ended_us) : NULL;
        JsonObject *json = json_object_new();
        json_object_set_string_member(json, "run", run->id);
        json_object_set_string_member(json, "status", run->status);
        json_object_set_string_member(json, "started", started);
        if (ended) {
            json_object_set_string_member(json, "ended", ended);
            json_object_set_int_member(json, "exit", run->exit_code);
        }
        json_array_add_object_element(array, json);
    }
    JsonNode *node = json_node_init_array(json_node_alloc(), array);
    json_array_unref(array);
    print_json(node);
}

static void print_runs(struct ledger *ledger, bool json)
{
    g_autoptr(GPtrArray) runs = ledger_runs(ledger);
    if (json)
        print_runs_json(runs);
    for (unsigned i = 0; !json && i < runs->len; i++) {
        const struct ledger_run *run = runs->pdata[i];
        g_autofree char *started = moment_utc_text(run->started_us);
        printf("%s  started %s  %s\n", run->id, started, run->status);
    }
}

static bool print_run(struct ledger *ledger, const struct args *args)
{
    g_autoptr(GError) error = NULL;
    struct ledger_totals totals;
    if (!ledger_totals(ledger, args->run, &totals, &error)) {
        fprintf(stderr, "rushes: %s%s\n", error->message, args->run ? "; --runs lists them" : "");
        return false;
    }
    bool alive = g_str_equal(totals.status, "running");
    g_autoptr(GPtrArray) running = alive ? ledger_running(ledger, totals.run) : g_ptr_array_new();
    const guint unread = count_unread(args->words->pdata[0], totals.run);
    if (args->json)
        print_totals_json(&totals, unread, running);
    else
        print_totals(&totals, unread, running);
    ledger_totals_clear(&totals);
    return true;
}

int command_status(struct args *args)
{
    struct ledger *ledger = open_ledger(args->words->pdata[0]);
    bool fine = ledger;
    if (ledger && args->runs)
        print_runs(ledger, args->json);
    else if (ledger)
        fine = print_run(ledger, args);
    ledger_close(ledger);
    return fine ? EXIT_DONE : EXIT_USAGE;
}

/* ------------------------------------------------------------------ explain */

/* "grade=0123456789abcdef" and so on, a line each. */
static void print_parts(const char *title, const char *parts, const char *separator)
{
    g_auto(GStrv) list = g_strsplit(parts ? parts : "unknown", separator, -1);
    for (char **part = list; *part; part++)
        if (**part)
            printf("%s%s\n", part == list ? title : "             ", *part);
}

static void print_story(const struct ledger_story *story, const char *path)
{
    g_autofree char *ended = story->ended_us ? moment_utc_text(story->ended_us) : NULL;
    g_autofree char *shown = path_display(path);
    printf("%s: published by run %s%s%s, %s\n", shown, story->run ? story->run : "(forgotten)",
           ended ? " that ended " : "", ended ? ended : "",
           story->in_spec ? "in spec" : stale_texts[STALE_FAILED]);
    printf("  content    %s\n", story->hash ? story->hash : "not hashed (--verify off)");
    printf("  made from  %s\n", story->input_hash ? story->input_hash : "unknown");
    print_parts("  settings   ", story->parameters, " ");
    print_parts("  software   ", story->software, ", ");
}

static void print_ends(const GPtrArray *ends)
{
    for (unsigned i = 0; i < ends->len; i++) {
        const struct ledger_end *end = ends->pdata[i];
        printf("  run %s: %s", end->run, end->status ? end->status : "not ended");
        if (end->class)
            printf(" (%s)", end->class);
        printf("%s%s\n", end->message ? ": " : "", end->message ? end->message : "");
    }
}

/* Whether the published file is still the one the ledger knows. */
static void print_file(struct ledger *ledger, const char *dir, const char *path)
{
    struct known_output known = {0};
    struct file_stamp stamp;
    g_autofree char *full = g_build_filename(dir, path, NULL);
    bool is_there = file_stamp_of(full, &stamp);
    if (!ledger_known_output(ledger, path, &known))
        return;
    printf("  the file   %s\n", !is_there ? stale_texts[STALE_GONE]
                                : file_stamp_equal(&stamp, &known.stamp)
                                    ? "is as it was published"
                                    : "has another time or place than when it was published");
    if (!known.in_spec)
        printf("  next run   renders it again: %s\n", stale_texts[STALE_FAILED]);
    else
        printf(
            "  next run   `rushes plan` of its pipeline says whether it is up to date, and why\n");
    known_output_clear(&known);
}

static bool is_known(struct ledger *ledger, const char *path)
{
    g_autoptr(GPtrArray) ends = ledger_ends_of_path(ledger, path);
    struct known_output known = {0};
    bool is_published = ledger_known_output(ledger, path, &known);
    known_output_clear(&known);
    return is_published || ends->len;
}

int command_explain(struct args *args)
{
    const char *dir = args->words->pdata[0], *given = args->words->pdata[1];
    struct ledger *ledger = open_ledger(dir);
    if (!ledger)
        return EXIT_USAGE;
    g_autofree char *path = is_known(ledger, given) ? g_strdup(given) : path_of_display(given);
    g_autoptr(GPtrArray) ends = ledger_ends_of_path(ledger, path);
    struct ledger_story story;
    bool published = ledger_story(ledger, path, &story);
    if (published) {
        print_story(&story, path);
        print_file(ledger, dir, path);
        ledger_story_clear(&story);
    } else if (ends->len) {
        g_autofree char *shown = path_display(path);
        printf("%s: never published\n", shown);
    } else {
        fprintf(stderr,
                "rushes: no run below %s made or tried %s; give the path of an output as reports "
                "do, relative to that folder\n",
                dir, given);
    }
    print_ends(ends);
    ledger_close(ledger);
    return published || ends->len ? EXIT_DONE : EXIT_USAGE;
}

/* The words of a past command line (`run` or `watch`), run again in this process from the folder it
 * was given in, but into the folder that was named now: it may have been moved. What is up to date
 * stays, whatever was asked. */
static int run_again(const struct args *now, const struct run_command *command)
{
    g_autofree char *out_dir = g_canonicalize_filename(now->words->pdata[0], NULL);
    g_autofree char *worker = now->worker ? g_canonicalize_filename(now->worker, NULL) : NULL;
    if (chdir(command->cwd) != 0) {
        fprintf(stderr, "rushes: the run was started in %s, which can't be entered\n",
                command->cwd);
        return EXIT_USAGE;
    }
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, (void *)"rushes");
    for (char **word = command->argv; *word; word++)
        g_ptr_array_add(argv, *word);
    g_ptr_array_add(argv, NULL);
    struct args args;
    int code = EXIT_USAGE;
    if (args_parse(&args, (int)argv->len - 1, (char **)argv->pdata)) {
        args.out_dir = out_dir;
        args.worker = worker ? worker : args.worker;
        args.progress = now->progress ? now->progress : args.progress;
        args.fresh = false;
        code = args.command->run(&args);
    }
    args_finish(&args);
    return code;
}

int command_resume(struct args *args)
{
    struct ledger *ledger = open_ledger(args->words->pdata[0]);
    if (!ledger)
        return EXIT_USAGE;
    struct run_command command;
    g_autofree char *run = ledger_unfinished_run(ledger, &command);
    if (!run)
        run = ledger_last_run(ledger, &command);
    ledger_close(ledger);
    if (!run) {
        fprintf(stderr, "rushes: nothing to resume in %s\n", (const char *)args->words->pdata[0]);
        return EXIT_USAGE;
    }
    int code = run_again(args, &command);
    run_command_clear(&command);
    return code;
}

static char *member_text(JsonObject *from, const char *name)
{
    return g_strdup(json_object_get_string_member_with_default(from, name, NULL));
}

/* What the plan said of an output, for a run that wrote no report. */
static void add_planned(struct report *report, JsonObject *planned)
{
    struct report_output *row = report_add(report);
    row->job = member_text(planned, "job");
    row->output = member_text(planned, "output");
    row->input = member_text(planned, "input");
    row->source = member_text(planned, "source");
    row->path = member_text(planned, "path");
    row->reason = member_text(planned, "reason");
    row->task = (int)json_object_get_int_member_with_default(planned, "render", -1);
    row->status = OUTPUT_UP_TO_DATE; /* unless the ledger had work for it */
}

static void take_end(struct report *report, JsonArray *planned, const struct ledger_end *end)
{
    if (end->index < 0 || (guint)end->index >= report->outputs->len)
        return;
    struct report_output *row = report->outputs->pdata[end->index];
    row->status = OUTPUT_CANCELLED;
    for (int i = 0; end->status && i <= OUTPUT_CANCELLED; i++)
        if (g_str_equal(end->status, output_status_name((enum output_status)i)))
            row->status = (enum output_status)i;
    if (end->class)
        fail(&row->failure, failure_from_name(end->class), "%s",
             end->message ? end->message : failure_rows[failure_from_name(end->class)].text);
    JsonObject *from = json_array_get_object_element(planned, (guint)end->index);
    report_due(row, json_object_get_int_member_with_default(from, "deliver_by_us", 0),
               end->ended_us);
}

/* Of a run that left no report: its plan, and what the ledger knows became of it. */
static struct report *rebuild_report(struct ledger *ledger, const char *dir, const char *run)
{
    g_autofree char *path = g_build_filename(dir, ".rushes", "runs", run, "plan.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_mapped_file(parser, path, NULL) ||
        !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
        return NULL;
    JsonObject *plan = json_node_get_object(json_parser_get_root(parser));
    JsonArray *outputs = json_object_get_array_member(plan, "outputs");
    struct report *report = report_create();
    report->version = member_text(plan, "rushes");
    report->run = g_strdup(run);
    report->pipeline = member_text(plan, "pipeline");
    report->out_dir = path_display(dir);
    report->exit_code = EXIT_FAILED;
    for (guint i = 0; i < json_array_get_length(outputs); i++)
        add_planned(report, json_array_get_object_element(outputs, i));
    g_autoptr(GPtrArray) ends = ledger_ends_of_run(ledger, run);
    for (guint i = 0; i < ends->len; i++)
        take_end(report, outputs, ends->pdata[i]);
    g_ptr_array_add(
        report->notes,
        g_strdup("this run left no report: what is told here is what the ledger knows"));
    report_count(report);
    return report;
}

static bool ended_unplanned(struct ledger *ledger, const char *run)
{
    struct ledger_totals totals;
    if (!ledger_totals(ledger, run, &totals, NULL))
        return false;
    bool planned = totals.planned;
    ledger_totals_clear(&totals);
    return !planned;
}

static struct report *look_back(const char *dir, const char *run)
{
    g_auto(ledger_ptr) ledger = open_ledger(dir);
    if (!ledger)
        return NULL;
    if (run_is_under_way(ledger, run)) {
        fprintf(stderr,
                "rushes: run %s is under way: it has no report yet; rushes status %s says how "
                "far it is\n",
                run, dir);
        return NULL;
    }
    if (ended_unplanned(ledger, run)) {
        fprintf(stderr,
                "rushes: run %s ended while it looked at its sources: it made nothing, and has no "
                "report; rushes resume %s gives its command again\n",
                run, dir);
        return NULL;
    }
    struct report *report = rebuild_report(ledger, dir, run);
    if (!report)
        fprintf(stderr, "rushes: %s has no run %s; rushes status %s --runs lists them\n", dir, run,
                dir);
    return report;
}

static void say_no_report(const char *dir, const GError *error)
{
    bool missing = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_auto(ledger_ptr) ledger = missing ? open_ledger(dir) : NULL;
    if (!missing)
        fprintf(stderr, "rushes: the report below %s can't be read: %s\n", dir, error->message);
    else if (ledger)
        fprintf(stderr, "rushes: no run below %s has ended yet, so there is no report\n", dir);
}

/* The run that was named, else the newest one that ended. */
static struct report *load_report(const struct args *args)
{
    const char *dir = args->words->pdata[0];
    g_autoptr(GError) error = NULL;
    g_autofree char *own = g_build_filename(dir, "report.json", NULL);
    g_autofree char *last =
        args->run ? g_build_filename(dir, ".rushes", "runs", args->run, "report.json", NULL)
                  : g_build_filename(dir, ".rushes", "last", "report.json", NULL);
    bool is_run = !args->run && g_file_test(own, G_FILE_TEST_IS_REGULAR);
    struct report *report = read_report(is_run ? own : last, &error);
    if (!report && args->run)
        return look_back(dir, args->run);
    if (!report)
        say_no_report(dir, error);
    return report;
}

/* The page of a job on GitHub is a file that each of its steps adds to. */
static int append_summary(const struct report *report)
{
    const char *path = g_getenv("GITHUB_STEP_SUMMARY");
    if (!path || !*path)
        return EXIT_DONE;
    g_autofree char *text = report_to_markdown(report);
    FILE *file = fopen(path, "ae");
    bool fine = file && fputs(text, file) >= 0;
    fine = file && fclose(file) == 0 && fine;
    if (fine)
        return EXIT_DONE;
    fprintf(stderr, "rushes: can't write $GITHUB_STEP_SUMMARY, %s: %s\n", path, g_strerror(errno));
    return EXIT_DISK;
}

int command_report(struct args *args)
{
    enum { GITHUB = 5 };
    static char *(*const printers[])(const struct report *) = {
        NULL,           report_to_json, report_to_junit,
        report_to_html, report_to_csv,  [GITHUB] = report_to_github};
    struct report *report = load_report(args);
    if (!report)
        return EXIT_USAGE;
    if (args->format && printers[args->format] == report_to_html)
        illustrate_past(report, args->words->pdata[0]);
    g_autofree char *text = args->format ? printers[args->format](report)
                                         : report_to_text(report, has_color(STDOUT_FILENO));
    fputs(text, stdout);
    int code = args->format == GITHUB ? append_summary(report) : EXIT_DONE;
    report_destroy(report);
    return code;
}
