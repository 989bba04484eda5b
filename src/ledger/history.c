/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking back: runs that can be continued, and how far a run has come. */
#include "base/daytime.h"
#include "lock.h"
#include "private.h"

#include <string.h>

void run_command_clear(struct run_command *command)
{
    g_strfreev(command->argv);
    g_free(command->cwd);
    *command = (struct run_command){0};
}

static char **argv_from_bytes(const char *bytes, size_t length)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    for (const char *end = bytes + length; bytes && bytes < end; bytes += strlen(bytes) + 1)
        g_ptr_array_add(argv, g_strndup(bytes, (gsize)(end - bytes)));
    g_ptr_array_add(argv, NULL);
    return (char **)g_ptr_array_steal(argv, NULL);
}

static char *run_of(struct ledger *ledger, enum sql which, struct run_command *command)
{
    *command = (struct run_command){0};
    sqlite3_stmt *row = db_query(&ledger->db, which, "");
    if (!db_row(row))
        return NULL;
    char *id = g_strdup(db_text(row, 0));
    g_autoptr(GBytes) bytes =
        g_bytes_new(sqlite3_column_blob(row, 1), (gsize)sqlite3_column_bytes(row, 1));
    gsize length;
    /* GBytes of nothing is NULL, and a blob that we wrote ends with a NUL. */
    const char *argv = g_bytes_get_data(bytes, &length);
    command->argv = argv_from_bytes(argv, length);
    command->cwd = g_strdup(db_text(row, 2));
    db_done(row);
    return id;
}

char *ledger_unfinished_run(struct ledger *ledger, struct run_command *command)
{
    return run_of(ledger, SQL_UNFINISHED_RUN, command);
}

char *ledger_last_run(struct ledger *ledger, struct run_command *command)
{
    return run_of(ledger, SQL_LAST_RUN, command);
}

bool ledger_is_held(struct ledger *ledger)
{
    return ledger->lock >= 0 || lock_is_held(ledger->folder);
}

/* A run that nobody ended is under way only while somebody writes. */
static const char *status_of(struct ledger *ledger, const char *status)
{
    if (status)
        return status;
    return ledger_is_held(ledger) ? "running" : "killed";
}

static void count(struct ledger_totals *totals, const char *status, unsigned outputs)
{
    const struct {
        enum output_status status;
        unsigned *total;
    } rows[] = {
        {OUTPUT_DONE, &totals->done},           {OUTPUT_UP_TO_DATE, &totals->up_to_date},
        {OUTPUT_FAILED, &totals->failed},       {OUTPUT_OUT_OF_SPEC, &totals->out_of_spec},
        {OUTPUT_CANCELLED, &totals->cancelled},
    };
    if (!status)
        totals->left += outputs;
    for (unsigned i = 0; status && i < G_N_ELEMENTS(rows); i++)
        if (strcmp(status, output_status_name(rows[i].status)) == 0)
            *rows[i].total += outputs;
}

static void count_all(struct ledger *ledger, int64_t run, struct ledger_totals *totals)
{
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUN_COUNTS, "i", run);
    while (db_row(row))
        count(totals, db_text(row, 0), (unsigned)sqlite3_column_int(row, 1));
    row = db_query(&ledger->db, SQL_RUN_RUNNING, "i", run);
    if (strcmp(totals->status, "running") == 0 && db_row(row))
        totals->running = (unsigned)sqlite3_column_int(row, 0);
    db_done(row);
}

bool ledger_totals(struct ledger *ledger, const char *run_id, struct ledger_totals *out,
                   GError **error)
{
    *out = (struct ledger_totals){0};
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUN_ROW, "t", run_id);
    if (!db_row(row)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "the ledger of %s knows no run%s%s",
                    ledger->out_dir, run_id ? " " : "", run_id ? run_id : "");
        return false;
    }
    int64_t run = sqlite3_column_int64(row, 0);
    out->run = g_strdup(db_text(row, 1));
    out->status = g_strdup(status_of(ledger, db_text(row, 2)));
    out->started = moment_utc_text(sqlite3_column_int64(row, 3));
    out->planned = sqlite3_column_type(row, 4) != SQLITE_NULL;
    out->up_to_date = (unsigned)sqlite3_column_int(row, 4);
    bool running = strcmp(out->status, "running") == 0;
    out->held = running ? g_strdup(db_text(row, 5)) : NULL;
    out->expected_us = running ? sqlite3_column_int64(row, 6) : 0;
    db_done(row);
    count_all(ledger, run, out);
    return true;
}

void ledger_totals_clear(struct ledger_totals *totals)
{
    g_free(totals->run);
    g_free(totals->status);
    g_free(totals->started);
    g_free(totals->held);
    *totals = (struct ledger_totals){0};
}

/* ------------------------------------------------------------------ the past */

static void ledger_run_free(void *data)
{
    struct ledger_run *run = data;
    g_free(run->id);
    g_free(run->status);
    g_free(run);
}

static void ledger_task_free(void *data)
{
    struct ledger_task *task = data;
    g_free(task->label);
    g_free(task->kind);
    g_free(task);
}

static void ledger_attempt_free(void *data)
{
    struct ledger_attempt *attempt = data;
    g_free(attempt->kind);
    g_free(attempt->label);
    g_free(attempt->state);
    g_free(attempt);
}

static void ledger_end_free(void *data)
{
    struct ledger_end *end = data;
    g_free(end->run);
    g_free(end->status);
    g_free(end->class);
    g_free(end->message);
    g_free(end);
}

GPtrArray *ledger_runs(struct ledger *ledger)
{
    GPtrArray *runs = g_ptr_array_new_with_free_func(ledger_run_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUNS, "");
    while (db_row(row)) {
        struct ledger_run *run = g_new(struct ledger_run, 1);
        *run = (struct ledger_run){.id = g_strdup(db_text(row, 0)),
                                   .status = g_strdup(status_of(ledger, db_text(row, 1))),
                                   .started_us = sqlite3_column_int64(row, 2),
                                   .ended_us = sqlite3_column_int64(row, 3),
                                   .exit_code = sqlite3_column_int(row, 4)};
        g_ptr_array_add(runs, run);
    }
    return runs;
}

GPtrArray *ledger_running(struct ledger *ledger, const char *run_id)
{
    GPtrArray *tasks = g_ptr_array_new_with_free_func(ledger_task_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUN_TASKS, "t", run_id);
    while (db_row(row)) {
        struct ledger_task *task = g_new(struct ledger_task, 1);
        *task = (struct ledger_task){g_strdup(db_text(row, 0)), g_strdup(db_text(row, 1)),
                                     sqlite3_column_int(row, 2), sqlite3_column_int64(row, 3)};
        g_ptr_array_add(tasks, task);
    }
    return tasks;
}

GPtrArray *ledger_attempts(struct ledger *ledger, const char *run_id)
{
    GPtrArray *attempts = g_ptr_array_new_with_free_func(ledger_attempt_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUN_ATTEMPTS, "t", run_id);
    while (db_row(row)) {
        struct ledger_attempt *attempt = g_new(struct ledger_attempt, 1);
        *attempt = (struct ledger_attempt){.task = sqlite3_column_int(row, 0),
                                           .attempt = sqlite3_column_int(row, 1),
                                           .kind = g_strdup(db_text(row, 2)),
                                           .label = g_strdup(db_text(row, 3)),
                                           .state = g_strdup(db_text(row, 4)),
                                           .started_us = sqlite3_column_int64(row, 5),
                                           .ended_us = sqlite3_column_int64(row, 6)};
        g_ptr_array_add(attempts, attempt);
    }
    return attempts;
}

static void add_end(GPtrArray *ends, int index, const char *run, sqlite3_stmt *row)
{
    struct ledger_end *end = g_new(struct ledger_end, 1);
    *end = (struct ledger_end){index,
                               g_strdup(run),
                               g_strdup(db_text(row, 1)),
                               g_strdup(db_text(row, 2)),
                               g_strdup(db_text(row, 3)),
                               sqlite3_column_int64(row, 4)};
    g_ptr_array_add(ends, end);
}

GPtrArray *ledger_ends_of_run(struct ledger *ledger, const char *run_id)
{
    GPtrArray *ends = g_ptr_array_new_with_free_func(ledger_end_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUN_STATUSES, "t", run_id);
    while (db_row(row))
        add_end(ends, sqlite3_column_int(row, 0), run_id, row);
    return ends;
}

GPtrArray *ledger_ends_of_path(struct ledger *ledger, const char *path)
{
    GPtrArray *ends = g_ptr_array_new_with_free_func(ledger_end_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_PATH_RUNS, "t", path);
    while (db_row(row))
        add_end(ends, -1, db_text(row, 0), row);
    return ends;
}

char *ledger_hash_then(struct ledger *ledger, const char *path, const char *run_id)
{
    sqlite3_stmt *row = db_query(&ledger->db, SQL_HASH_THEN, "tt", path, run_id);
    if (!db_row(row))
        return NULL;
    char *hash = g_strdup(db_text(row, 0));
    db_done(row);
    return hash;
}

bool ledger_story(struct ledger *ledger, const char *path, struct ledger_story *out)
{
    sqlite3_stmt *row = db_query(&ledger->db, SQL_STORY, "t", path);
    if (!db_row(row))
        return false;
    *out = (struct ledger_story){.input_hash = g_strdup(db_text(row, 0)),
                                 .parameters = g_strdup(db_text(row, 1)),
                                 .software = g_strdup(db_text(row, 2)),
                                 .hash = g_strdup(db_text(row, 3)),
                                 .in_spec = sqlite3_column_int(row, 4),
                                 .run = g_strdup(db_text(row, 5)),
                                 .ended_us = sqlite3_column_int64(row, 6)};
    db_done(row);
    return true;
}

void ledger_story_clear(struct ledger_story *story)
{
    g_free(story->input_hash);
    g_free(story->parameters);
    g_free(story->software);
    g_free(story->hash);
    g_free(story->run);
    *story = (struct ledger_story){0};
}
