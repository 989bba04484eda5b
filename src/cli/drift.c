/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outputs of a run held to references. */
#include "drift.h"

#include "exit.h"
#include "hold.h"
#include "scan.h"

#include <stdio.h>
#include <string.h>

struct drift {
    struct against *against;
    const struct session *session;
    struct report *report;
    struct look look;
    const char *tasks_dir; /* stays: logs are there */
    GPtrArray *rows;       /* struct report_output, of each of the look's inputs */
    GPtrArray *outputs;    /* struct plan_output, likewise */
    GHashTable *by_path;   /* struct report_output, of all outputs */
    unsigned uncompared;   /* that are there, and no media files */
};

static void name_rows(struct drift *drift)
{
    const GPtrArray *rows = drift->report->outputs;
    for (guint i = 0; i < rows->len; i++) {
        struct report_output *row = rows->pdata[i];
        g_hash_table_insert(drift->by_path, row->path, row);
    }
}

static struct report_output *row_of(const struct drift *drift, const char *path)
{
    g_autofree char *shown = path_display(path);
    return g_hash_table_lookup(drift->by_path, shown);
}

static bool is_there(const struct report_output *row)
{
    return row->status == OUTPUT_DONE || row->status == OUTPUT_UP_TO_DATE;
}

/* Not a folder, subtitles or lists. */
static bool is_comparable(const struct plan_output *output)
{
    const char *dot = strrchr(output->path, '.');
    return dot && kind_of_extension(dot + 1) != KIND_NONE &&
           g_file_test(output->final, G_FILE_TEST_IS_REGULAR);
}

static void say_uncompared(struct report_output *row)
{
    struct check *check = check_make("reference", "one media file beside another",
                                     "not compared: only media files are", true);
    check->unjudged = true;
    hold_check(row, check);
}

static void add_output(struct drift *drift, const struct plan_output *output)
{
    struct report_output *row = row_of(drift, output->path);
    if (!row || !is_there(row))
        return;
    if (!is_comparable(output)) {
        say_uncompared(row);
        drift->uncompared++;
        return;
    }
    const struct plan_input *source = drift->session->inputs->pdata[output->input];
    const struct pipeline_job *job = drift->session->pipeline->jobs->pdata[output->job];
    struct plan_input *input = g_new0(struct plan_input, 1);
    input->path = g_strdup(output->final);
    input->relative = g_strdup(output->path);
    input->root = g_strdup(drift->session->out_dir);
    input->named = drift->session->args->only != NULL;
    input->trust = source->trust;
    input->max_megapixels = job->max_megapixels;
    input->facts = row->facts ? facts_copy(row->facts) : NULL;
    file_stamp_of(input->path, &input->stamp);
    g_ptr_array_add(drift->look.inputs, input);
    g_ptr_array_add(drift->rows, row);
    g_ptr_array_add(drift->outputs, (void *)output);
}

static void add_outputs(struct drift *drift)
{
    const GPtrArray *outputs = drift->session->plan->outputs;
    for (guint i = 0; i < outputs->len; i++)
        add_output(drift, outputs->pdata[i]);
}

static int open_look(struct drift *drift)
{
    g_autoptr(GError) error = NULL;
    const struct session *session = drift->session;
    struct look *look = &drift->look;
    look->inputs = g_ptr_array_new_with_free_func((GDestroyNotify)plan_input_destroy);
    add_outputs(drift);
    look->scratch = g_dir_make_tmp("rushes-XXXXXX", &error);
    if (!look->scratch) {
        fprintf(stderr, "rushes: %s\n", error->message);
        return EXIT_DISK;
    }
    look->engine = session->engine;
    look->guard = session->guard;
    look->errand = (struct errand){.guard = &look->guard,
                                   .display = session->display,
                                   .tasks_dir = drift->tasks_dir,
                                   .jobs = session->args->jobs,
                                   .timeout_s = session->args->timeout_s};
    struct ingest ingest = {.errand = look->errand, .hash = true};
    return ingest_run(&ingest, look->inputs);
}

static void close_look(struct look *look)
{
    g_ptr_array_unref(look->inputs);
    if (look->scratch)
        remove_tree(look->scratch);
    g_free(look->scratch);
}

/* Beside what its verification saw. */
static void keep_curve(const struct drift *drift, const struct report_output *row,
                       const struct curve *ssim)
{
    struct ledger *ledger = drift->session->ledger;
    g_autoptr(GError) error = NULL;
    g_auto(glance_ptr) seen = ledger_glance(ledger, row->path, row->facts->hash);
    if (!seen)
        seen = glance_create();
    if (!seen->hash)
        seen->hash = g_strdup(row->facts->hash);
    g_clear_pointer(&seen->ssim.values, g_array_unref);
    seen->ssim = *ssim;
    g_array_ref(seen->ssim.values);
    if (!ledger_put_glance(ledger, row->path, true, seen, &error))
        fprintf(stderr, "rushes: warning: the ledger can't remember: %s\n", error->message);
}

static const struct pipeline_output *written_of(const struct drift *drift, guint index)
{
    const struct plan_output *output = drift->outputs->pdata[index];
    const struct pipeline_job *job = drift->session->pipeline->jobs->pdata[output->job];
    return job->outputs->pdata[output->output];
}

/* What the pipeline expects of a likeness, and what nobody names. */
static GPtrArray *expected_of(const struct drift *drift, guint index)
{
    const struct plan_input *input = drift->look.inputs->pdata[index];
    const struct pipeline_output *written = written_of(drift, index);
    GPtrArray *all = g_ptr_array_new();
    for (guint i = 0; i < written->likenesses->len; i++)
        g_ptr_array_add(all, written->likenesses->pdata[i]);
    against_defaults(drift->against, input->facts, all);
    return all;
}

static void hold_row(const struct drift *drift, guint index)
{
    const struct plan_input *input = drift->look.inputs->pdata[index];
    const struct beside *beside = against_of(drift->against, index);
    struct report_output *row = drift->rows->pdata[index];
    if (!input->facts) {
        hold_failure(row, &input->failure);
        return;
    }
    facts_destroy(row->facts);
    row->facts = facts_copy(input->facts);
    hold_beside(row, beside, written_of(drift, index)->expectations);
    g_autoptr(GPtrArray) expected = expected_of(drift, index);
    for (guint i = 0; i < expected->len; i++)
        hold_expectation(row, expected->pdata[i], input->facts);
    if (beside->ssim.values)
        keep_curve(drift, row, &beside->ssim);
    if (row->status == OUTPUT_OUT_OF_SPEC)
        g_ptr_array_add(row->steps, g_strdup("delivered: what a reference says is known after"));
}

/* A file of an output that is a folder. */
static bool is_within(const struct drift *drift, const char *path)
{
    const GPtrArray *outputs = drift->session->plan->outputs;
    bool within = false;
    for (guint i = 0; i < outputs->len && !within; i++) {
        const struct plan_output *output = outputs->pdata[i];
        g_autofree char *folder = g_strconcat(output->path, "/", NULL);
        within = g_str_has_prefix(path, folder);
    }
    return within;
}

/* What the plan makes, or can't make, has a row of its own. */
static void add_unmatched(const struct drift *drift)
{
    const GPtrArray *all = against_unmatched(drift->against);
    for (guint i = 0; i < all->len; i++) {
        const struct unmatched *unmatched = all->pdata[i];
        g_autofree char *shown = path_display(unmatched->path);
        if (row_of(drift, unmatched->path) || is_within(drift, unmatched->path))
            continue;
        struct report_output *row = report_add(drift->report);
        row->job = g_strdup("against");
        row->output = path_display(drift->session->args->against);
        row->input = g_strdup(shown);
        row->path = g_strdup(shown);
        row->place = G_MAXINT;
        row->status = OUTPUT_OUT_OF_SPEC;
        hold_check(row, unmatched_check(unmatched, "an output"));
    }
}

/* "compared with masters: 12 outputs, 11 of them alike; 2 aren't media files and weren't" */
static void say_compared(const struct drift *drift)
{
    unsigned alike = 0;
    for (guint i = 0; i < drift->rows->len; i++)
        alike += is_there(drift->rows->pdata[i]);
    g_autofree char *with = path_display(drift->session->args->against);
    g_autofree char *rest =
        drift->uncompared
            ? g_strdup_printf("; %u that aren't media files weren't", drift->uncompared)
            : g_strdup("");
    g_ptr_array_add(drift->report->notes,
                    g_strdup_printf("compared with %s: %u output%s, %s%s", with, drift->rows->len,
                                    drift->rows->len == 1 ? "" : "s",
                                    alike == drift->rows->len ? "all as it is"
                                    : alike == 0              ? "none as it is"
                                                              : "some of which aren't as it is",
                                    rest));
}

int drift_find(struct against *against, const struct session *session, struct report *report)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    g_autoptr(GPtrArray) outputs = g_ptr_array_new();
    g_autoptr(GHashTable) by_path = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *pictures = g_build_filename(session->run_dir, "differences", NULL);
    g_autofree char *tasks_dir = g_build_filename(session->run_dir, "compared", NULL);
    struct drift drift = {.against = against,
                          .session = session,
                          .report = report,
                          .tasks_dir = tasks_dir,
                          .rows = rows,
                          .outputs = outputs,
                          .by_path = by_path};
    name_rows(&drift);
    int code = open_look(&drift);
    if (code == EXIT_DONE)
        code = against_run(against, &drift.look,
                           &(struct against_how){session->language.software, pictures, false});
    for (guint i = 0; code == EXIT_DONE && i < rows->len; i++)
        hold_row(&drift, i);
    if (code == EXIT_DONE) {
        say_compared(&drift);
        add_unmatched(&drift);
    }
    close_look(&drift.look);
    return code;
}
