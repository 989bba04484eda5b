/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes check`: files held to expectations, and to references. */
#include "against.h"
#include "collect.h"
#include "commands.h"
#include "exit.h"
#include "hold.h"
#include "junit.h"
#include "lang/spec.h"
#include "language.h"
#include "look.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the files are held to; each may be missing. */
struct terms {
    const struct args *args;
    const char *wanted; /* the spec; NULL: none */
    struct pipeline *preset;
    GPtrArray *of_preset; /* what it expects, and its encode implies; NULL: no preset */
    struct spec *spec;
    struct against *against;
    const char *stamp; /* of the software */
    char *title;       /* "broadcast-hd and House delivery" */
};

static void add_all(GPtrArray *to, const GPtrArray *expectations)
{
    for (guint i = 0; i < expectations->len; i++)
        g_ptr_array_add(to, expectations->pdata[i]);
}

/* A preset's one output. */
static const struct pipeline_output *output_of(const struct pipeline *preset)
{
    const struct pipeline_job *job = preset->jobs->pdata[0];
    return job->outputs->pdata[0];
}

/* False after reporting. */
static bool take_preset(struct terms *terms, const char *name)
{
    terms->of_preset = output_expectations(output_of(terms->preset));
    if (terms->of_preset->len || output_of(terms->preset)->likenesses->len)
        return true;
    fprintf(stderr, "rushes: preset \"%s\" has no expectations to check\n", name);
    return false;
}

/* Of a file of another kind than the preset's, the check that says so, instead of all others; NULL:
 * it may be held to it. */
static struct check *other_kind(const struct terms *terms, const struct facts *facts)
{
    const struct fact *kind = fact_find("kind");
    for (guint i = 0; terms->preset && i < terms->of_preset->len; i++) {
        const struct expectation *e = terms->of_preset->pdata[i];
        struct check *check = e->fact == kind ? expectation_check(e, facts, NULL) : NULL;
        if (check && !check->pass) {
            g_autofree char *is = g_steal_pointer(&check->measured);
            check->measured =
                g_strdup_printf("%s; %s is for %s files, so nothing else of it is checked", is,
                                terms->args->preset, check->expected);
            return check;
        }
        check_destroy(check);
    }
    return NULL;
}

/* All that is expected of a file; the elements are borrowed. */
static GPtrArray *expected_of(const struct terms *terms, const struct plan_input *input,
                              bool of_preset)
{
    GPtrArray *all = g_ptr_array_new();
    if (terms->preset && of_preset) {
        add_all(all, terms->of_preset);
        add_all(all, output_of(terms->preset)->likenesses);
    }
    for (guint i = 0; terms->spec && i < terms->spec->parts->len; i++) {
        const struct spec_part *part = terms->spec->parts->pdata[i];
        if (spec_part_takes(part, input->relative))
            add_all(all, part->expectations);
    }
    if (terms->against)
        against_defaults(terms->against, input->facts, all);
    return all;
}

/* Of each name below what was named the file that has it, or the folder that all are in which have
 * it. */
static GHashTable *folders_shared(const GPtrArray *inputs)
{
    GHashTable *folders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < inputs->len; i++) {
        const struct plan_input *input = inputs->pdata[i];
        char *shared = g_path_get_dirname(input->path);
        const char *before = g_hash_table_lookup(folders, input->relative);
        if (!before) {
            g_hash_table_insert(folders, input->relative, g_strdup(input->path));
            g_free(shared);
            continue;
        }
        while (!g_str_has_prefix(before, shared) || !strchr("/", before[strlen(shared)]))
            *strrchr(shared, '/') = '\0';
        g_hash_table_insert(folders, input->relative, shared);
    }
    return folders;
}

/* Below what was named on the command line; where several have that name, below the folder that
 * they share. Caller frees. */
static char *shown_name(const struct plan_input *input, GHashTable *folders)
{
    const char *shared = g_hash_table_lookup(folders, input->relative);
    return path_display(strcmp(shared, input->path) == 0 ? input->relative
                                                         : input->path + strlen(shared) + 1);
}

static struct report_output *add_row(struct report *report, const struct terms *terms)
{
    struct report_output *row = report_add(report);
    row->job = g_strdup("check");
    row->output = g_strdup(terms->title);
    row->task = -1;
    row->status = OUTPUT_DONE;
    return row;
}

static void check_input(struct report *report, const struct terms *terms, const GPtrArray *inputs,
                        guint index, GHashTable *folders)
{
    const struct plan_input *input = inputs->pdata[index];
    struct report_output *row = add_row(report, terms);
    row->input = shown_name(input, folders);
    row->source = path_display(input->path);
    row->path = path_display(input->path);
    if (!input->facts) {
        hold_failure(row, &input->failure);
        return;
    }
    row->facts = facts_copy(input->facts);
    if (input->facts->decode_errors > 0) {
        row->status = OUTPUT_FAILED;
        fail(&row->failure, FAIL_INPUT_DAMAGED, "%" G_GINT64_FORMAT " error%s while decoding it",
             input->facts->decode_errors, input->facts->decode_errors == 1 ? "" : "s");
    }
    struct check *unfit = other_kind(terms, input->facts);
    g_autoptr(GPtrArray) expectations = expected_of(terms, input, !unfit);
    if (unfit)
        hold_check(row, unfit);
    if (terms->against)
        hold_beside(row, against_of(terms->against, index), expectations);
    for (guint i = 0; i < expectations->len; i++)
        hold_expectation(row, expectations->pdata[i], input->facts);
    if (!row->checks->len && row->status != OUTPUT_FAILED)
        hold_check(row, check_make("expected", "something", "nothing is expected of it", false));
}

static bool takes_any(const struct spec_part *part, const GPtrArray *inputs)
{
    for (guint i = 0; i < inputs->len; i++)
        if (spec_part_takes(part, ((const struct plan_input *)inputs->pdata[i])->relative))
            return true;
    return false;
}

/* Of files that were named by hand a spec may well say more than they are. */
static void check_patterns(struct report *report, const struct terms *terms,
                           const GPtrArray *inputs)
{
    for (guint i = 0; terms->spec && i < terms->spec->parts->len; i++) {
        const struct spec_part *part = terms->spec->parts->pdata[i];
        if (takes_any(part, inputs))
            continue;
        g_autofree char *shown = path_display(part->pattern);
        if (!any_from_folder(inputs)) {
            fprintf(stderr, "rushes: note: the pattern \"%s\" of %s takes none of these files\n",
                    shown, terms->spec->name);
            continue;
        }
        struct report_output *row = add_row(report, terms);
        row->input = g_strdup(shown);
        row->path = g_strdup(shown);
        hold_check(row, check_make("there", "a file that this pattern takes", "none", false));
    }
}

/* What the reference has, or may have, and nothing was held to. */
static void check_unmatched(struct report *report, const struct terms *terms)
{
    const GPtrArray *all = terms->against ? against_unmatched(terms->against) : NULL;
    for (guint i = 0; all && i < all->len; i++) {
        const struct unmatched *unmatched = all->pdata[i];
        struct report_output *row = add_row(report, terms);
        row->input = path_display(unmatched->path);
        row->path = path_display(unmatched->path);
        hold_check(row, unmatched_check(unmatched, "a file"));
    }
}

static bool is_judged(const struct report_output *row)
{
    for (unsigned k = 0; k < row->checks->len; k++)
        if (!((const struct check *)row->checks->pdata[k])->unjudged)
            return true;
    return false;
}

/* "in spec: a.mp4: codec h264, width 540": the report's text has the others. */
static void say_passed(const struct report *report)
{
    for (unsigned i = 0; i < report->outputs->len; i++) {
        const struct report_output *row = report->outputs->pdata[i];
        if (row->status != OUTPUT_DONE)
            continue;
        printf("%s: %s: ", is_judged(row) ? "in spec" : "not judged", row->path);
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
    report->exit_code = report_disk_failed(report)           ? EXIT_DISK
                        : report->totals[OUTPUT_FAILED]      ? EXIT_FAILED
                        : report->totals[OUTPUT_OUT_OF_SPEC] ? EXIT_OUT_OF_SPEC
                                                             : EXIT_DONE;
    if (args->junit && !junit_write(args->junit, report, &error)) {
        fprintf(stderr, "rushes: %s\n", error->message);
        report->exit_code = EXIT_DISK;
    }
    g_autofree char *text =
        args->json ? report_to_json(report) : report_to_text(report, has_color(STDOUT_FILENO));
    fputs(text, stdout);
    return report->exit_code;
}

static int check_files(struct terms *terms)
{
    const struct args *args = terms->args;
    struct look look = {.engine = NULL};
    gint64 started_us = g_get_monotonic_time();
    const bool measure = terms->preset || terms->spec;
    int code = look_open(&look, args, measure && !args->against);
    if (code == EXIT_DONE && args->against) {
        terms->against = against_open(args->against, &code);
        if (terms->against)
            code = against_run(terms->against, &look,
                               &(struct against_how){terms->stamp, args->out_dir, measure});
    }
    if (code == EXIT_DONE && measure)
        code = look_measure(&look);
    look_settle(&look);
    if (code == EXIT_DONE) {
        g_auto(report_ptr) report = report_create();
        report->version = g_strdup(RUSHES_VERSION);
        report->pipeline = g_strdup(terms->title);
        collect_sandbox(report, &look.guard);
        g_autoptr(GHashTable) folders = folders_shared(look.inputs);
        for (unsigned i = 0; i < look.inputs->len; i++)
            check_input(report, terms, look.inputs, i, folders);
        check_unmatched(report, terms);
        check_patterns(report, terms, look.inputs);
        report->seconds = (double)(g_get_monotonic_time() - started_us) / G_USEC_PER_SEC;
        code = say_checks(report, args);
    }
    against_close(terms->against);
    look_close(&look);
    return code;
}

static void add_title(struct terms *terms, const char *name)
{
    char *title = terms->title ? g_strconcat(terms->title, " and ", name, NULL) : g_strdup(name);
    g_free(terms->title);
    terms->title = title;
}

/* False after reporting. */
static bool load_terms(struct terms *terms, const struct language *language)
{
    const struct args *args = terms->args;
    g_auto(diag_ptr) diag = diag_create();
    if (args->preset)
        terms->preset = pipeline_load(args->preset, &language->options, diag);
    if (terms->wanted) {
        g_autofree char *path = spec_find(&language->options, terms->wanted);
        terms->spec = spec_load(path, diag);
    }
    if (!say_findings(diag))
        return false;
    if (args->preset && !take_preset(terms, args->preset))
        return false;
    if (args->preset)
        add_title(terms, args->preset);
    if (terms->spec)
        add_title(terms, terms->spec->name);
    if (args->against) {
        g_autofree char *path = g_canonicalize_filename(args->against, NULL);
        g_autofree char *name = g_path_get_basename(path), *shown = path_display(name);
        add_title(terms, shown);
    }
    return true;
}

/* Found out now, not after all was decoded. */
static bool pictures_have_place(const struct args *args)
{
    if (!args->against || !args->out_dir ||
        (g_mkdir_with_parents(args->out_dir, 0755) == 0 && access(args->out_dir, W_OK) == 0))
        return true;
    g_autofree char *shown = path_display(args->out_dir);
    fprintf(stderr, "rushes: -o %s: it can't be written: %s\n", shown, g_strerror(errno));
    return false;
}

int command_check(struct args *args)
{
    const bool bare = !args->preset && !args->spec && !args->against;
    struct terms terms = {.args = args, .wanted = bare ? "screening" : args->spec};
    struct language language;
    if (!junit_has_place(args) || !pictures_have_place(args))
        return EXIT_DISK;
    if (!language_init(&language, args, true))
        return EXIT_USAGE;
    terms.stamp = language.software;
    int code = load_terms(&terms, &language) ? check_files(&terms) : EXIT_USAGE;
    g_clear_pointer(&terms.of_preset, g_ptr_array_unref);
    pipeline_destroy(terms.preset);
    spec_destroy(terms.spec);
    g_free(terms.title);
    language_finish(&language);
    return code;
}
