/* SPDX-License-Identifier: GPL-3.0-or-later
 * The commands that look at past runs: status, resume, report. */
#include "commands.h"
#include "exit.h"
#include "print.h"
#include "report/report.h"

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

static void print_totals_json(const struct ledger_totals *t)
{
    JsonObject *json = json_object_new();
    json_object_set_string_member(json, "run", t->run);
    json_object_set_string_member(json, "status", t->status);
    json_object_set_string_member(json, "started", t->started);
    if (t->held)
        json_object_set_string_member(json, "held", t->held);
    json_object_set_int_member(json, "done", t->done);
    json_object_set_int_member(json, "up_to_date", t->up_to_date);
    json_object_set_int_member(json, "failed", t->failed);
    json_object_set_int_member(json, "out_of_spec", t->out_of_spec);
    json_object_set_int_member(json, "cancelled", t->cancelled);
    json_object_set_int_member(json, "left", t->left);
    json_object_set_int_member(json, "running", t->running);
    JsonNode *node = json_node_init_object(json_node_alloc(), json);
    json_object_unref(json);
    print_json(node);
}

static void print_totals(const struct ledger_totals *t)
{
    printf(
        "run %s, started %s: %s\n"
        "%u done, %u up to date, %u failed, %u out of spec, %u cancelled, %u left (%u running)\n",
        t->run, t->started, t->status, t->done, t->up_to_date, t->failed, t->out_of_spec,
        t->cancelled, t->left, t->running);
    if (t->held)
        printf("%s\n", t->held);
}

int command_status(struct args *args)
{
    struct ledger *ledger = open_ledger(args->words->pdata[0]);
    if (!ledger)
        return EXIT_USAGE;
    g_autoptr(GError) error = NULL;
    struct ledger_totals totals;
    bool fine = ledger_totals(ledger, NULL, &totals, &error);
    if (!fine)
        fprintf(stderr, "rushes: %s\n", error->message);
    else if (args->json)
        print_totals_json(&totals);
    else
        print_totals(&totals);
    if (fine)
        ledger_totals_clear(&totals);
    ledger_close(ledger);
    return fine ? EXIT_DONE : EXIT_USAGE;
}

/* The words of a past command line, run again in this process from the folder it was given in, but
 * into the folder that was named now: it may have been moved. What is up to date stays, whatever
 * was asked. */
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
        args.fresh = false;
        code = command_run(&args);
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

static struct report *load_report(const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length;
    g_autofree char *last = g_build_filename(dir, ".rushes", "last", "report.json", NULL);
    g_autofree char *own = g_build_filename(dir, "report.json", NULL);
    const char *path = g_file_test(own, G_FILE_TEST_IS_REGULAR) ? own : last;
    struct report *report = NULL;
    if (g_file_get_contents(path, &text, &length, &error))
        report = report_from_json(text, (gssize)length, &error);
    if (!report)
        fprintf(stderr, "rushes: no report of a finished run below %s: %s\n", dir, error->message);
    return report;
}

int command_report(struct args *args)
{
    static char *(*const printers[])(const struct report *) = {NULL, report_to_json,
                                                               report_to_junit, report_to_html};
    struct report *report = load_report(args->words->pdata[0]);
    if (!report)
        return EXIT_USAGE;
    g_autofree char *text = args->format ? printers[args->format](report)
                                         : report_to_text(report, has_color(STDOUT_FILENO));
    fputs(text, stdout);
    report_destroy(report);
    return EXIT_DONE;
}
