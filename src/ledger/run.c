/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a run writes: its begin and end, its events, its publications. */
#include "private.h"

#include "base/bundle.h"

#include <math.h>
#include <string.h>

/* What a watch folder made of a night is still there after the weekend, and the last runs of a
 * pipeline that is used once a year, too. */
enum { RUNS_KEPT = 50, DAYS_KEPT = 14 };

static bool write_only(const struct ledger *ledger, GError **error)
{
    if (ledger->mode != LEDGER_READ)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_ROFS, "the ledger of %s is open for reading only",
                ledger->out_dir);
    return false;
}

/* Every argument ended by a NUL. */
static GString *argv_bytes(char *const *argv)
{
    GString *bytes = g_string_new(NULL);
    for (; argv && *argv; argv++)
        g_string_append_len(bytes, *argv, (gssize)strlen(*argv) + 1);
    return bytes;
}

static bool has_work(const struct plan_output *output)
{
    return output->part || output->blocked;
}

/* Of files that aren't there any more. */
static bool forget_glances(struct ledger *ledger, GError **error)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_GLANCE_PATHS, "");
    while (row && db_row(row)) {
        g_autofree char *file = g_build_filename(ledger->out_dir, db_text(row, 0), NULL);
        if (!g_file_test(file, G_FILE_TEST_EXISTS))
            g_ptr_array_add(gone, g_strdup(db_text(row, 0)));
    }
    for (guint i = 0; i < gone->len; i++)
        if (!ledger_put_glance(ledger, gone->pdata[i], true, NULL, error))
            return false;
    return db_run(&ledger->db, error, SQL_REJECTED_FORGET, "");
}

static bool forget_old_runs(struct ledger *ledger, GError **error)
{
    static const enum sql forget[] = {SQL_RUN_FORGET_OUTPUTS, SQL_RUN_FORGET_ATTEMPTS,
                                      SQL_RUN_FORGET};
    int64_t last = ledger->run - RUNS_KEPT;
    int64_t before_us = g_get_real_time() - DAYS_KEPT * G_TIME_SPAN_DAY;
    sqlite3_stmt *row = db_query(&ledger->db, SQL_RUNS_OLD, "ii", last, before_us);
    g_ptr_array_set_size(ledger->forgotten, 0);
    while (row && db_row(row))
        g_ptr_array_add(ledger->forgotten, g_strdup(db_text(row, 0)));
    for (unsigned i = 0; ledger->forgotten->len && i < G_N_ELEMENTS(forget); i++)
        if (!db_run(&ledger->db, error, forget[i], "ii", last, before_us))
            return false;
    return !ledger->forgotten->len || forget_glances(ledger, error);
}

const GPtrArray *ledger_forgotten(const struct ledger *ledger)
{
    return ledger->forgotten;
}

static bool put_planned(struct ledger *ledger, const struct plan *plan, GError **error)
{
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *output = plan->outputs->pdata[i];
        g_autofree char *part = output->part ? g_path_get_basename(output->part) : NULL;
        const struct failure *failure = &output->failure;
        if (has_work(output) &&
            !db_run(&ledger->db, error, SQL_OUTPUT_PLANNED, "iittttt", ledger->run, (int64_t)i,
                    output->path, part, output->blocked ? output_status_name(OUTPUT_FAILED) : NULL,
                    output->blocked ? failure_name(failure->class) : NULL, failure->message))
            return false;
    }
    return true;
}

static int64_t count_without_work(const struct plan *plan)
{
    int64_t count = 0;
    for (guint i = 0; i < plan->outputs->len; i++)
        count += !has_work(plan->outputs->pdata[i]);
    return count;
}

bool ledger_run_begin(struct ledger *ledger, const char *run_id, const struct run_command *command,
                      GError **error)
{
    g_autoptr(GString) argv = argv_bytes(command->argv);
    if (!write_only(ledger, error) || !db_begin_durable(&ledger->db, error) ||
        !db_run(&ledger->db, error, SQL_RUN_BEGIN, "tibt", run_id, g_get_real_time(), argv->str,
                argv->len, command->cwd))
        return false;
    ledger->run = sqlite3_last_insert_rowid(ledger->db.handle);
    g_hash_table_remove_all(ledger->off_spec);
    g_hash_table_remove_all(ledger->partial);
    g_hash_table_remove_all(ledger->hashes);
    return db_commit(&ledger->db, error);
}

/* Durable: a part file may only exist when the ledger can name it. */
bool ledger_run_planned(struct ledger *ledger, const struct plan *plan, GError **error)
{
    return write_only(ledger, error) && db_begin_durable(&ledger->db, error) &&
           db_run(&ledger->db, error, SQL_RUN_PLANNED, "ii", count_without_work(plan),
                  ledger->run) &&
           put_planned(ledger, plan, error) && finished_keep_only(ledger, plan, error) &&
           forget_old_runs(ledger, error) && db_commit(&ledger->db, error);
}

bool ledger_run_drop(struct ledger *ledger, GError **error)
{
    if (!write_only(ledger, error) || !db_run(&ledger->db, error, SQL_RUN_DROP, "i", ledger->run) ||
        !db_commit(&ledger->db, error))
        return false;
    ledger->run = 0;
    return true;
}

bool ledger_run_end(struct ledger *ledger, const char *status, int exit_code, GError **error)
{
    if (!write_only(ledger, error) || !db_begin_durable(&ledger->db, error) ||
        !db_run(&ledger->db, error, SQL_RUN_END, "itii", g_get_real_time(), status,
                (int64_t)exit_code, ledger->run) ||
        !db_commit(&ledger->db, error))
        return false;
    ledger->run = 0;
    return true;
}

/* ------------------------------------------------------------------ events */

static const char *source_of(const struct plan *plan, const struct plan_output *output)
{
    return ((const struct plan_input *)plan->inputs->pdata[output->input])->path;
}

static const struct plan_task *task_of(const struct plan *plan, const struct event *event)
{
    return event->task >= 0 && (guint)event->task < plan->tasks->len
               ? plan->tasks->pdata[event->task]
               : NULL;
}

static bool record_started(struct ledger *ledger, const struct plan_task *planned,
                           const struct event *event, GError **error)
{
    const struct task *task = planned->task;
    return db_run(&ledger->db, error, SQL_ATTEMPT_STARTED, "iiitti", ledger->run,
                  (int64_t)event->task, (int64_t)event->attempt, task_kind_name(task->kind),
                  task->label, event->time_us);
}

/* On one core: what several threads did together, or the wall clock where waiting counts. */
static double core_seconds(const struct task *task, const struct result *result)
{
    return MAX(result->cpu_seconds, result->seconds / MAX(task->threads, 1));
}

static bool learn(struct ledger *ledger, const struct plan_task *planned,
                  const struct result *result, GError **error)
{
    double seconds = core_seconds(planned->task, result);
    bool known = result->peak_bytes > 0 && planned->guess_bytes > 0;
    double memory = known ? (double)result->peak_bytes / planned->guess_bytes : NAN; /* NULL */
    return !planned->cost_key || !(planned->guess_s > 0) || !(seconds > 0) ||
           db_run(&ledger->db, error, SQL_COST_PUT, "tdd", planned->cost_key,
                  seconds / planned->guess_s, memory);
}

/* At once: it may have taken minutes. What a render measured for itself goes with its output. */
static bool keep_measurements(struct ledger *ledger, const struct plan_task *planned,
                              const struct result *result, GError **error)
{
    guint count = planned->measure_keys ? planned->measure_keys->len : 0;
    if (count == 0)
        return true;
    for (guint i = 0; i < MIN(count, result->outputs->len); i++) {
        const struct output_result *output = result->outputs->pdata[i];
        const char *key = planned->measure_keys->pdata[i];
        if (!key || !output->measured || output->failure.class != FAIL_NONE)
            continue;
        g_autofree char *text = facts_text(output->measured);
        if (!db_run(&ledger->db, error, SQL_MEASUREMENT_PUT, "tt", key, text))
            return false;
    }
    return planned->task->kind == TASK_RENDER || db_commit(&ledger->db, error);
}

/* Remembered until the output is published. */
static void note_checks(struct ledger *ledger, const struct plan *plan,
                        const struct plan_task *planned, const struct result *result)
{
    bool pass = true;
    for (guint i = 0; i < result->checks->len; i++)
        pass &= ((const struct check *)result->checks->pdata[i])->pass;
    for (guint i = 0; i < planned->outputs->len; i++) {
        guint index = (guint)g_array_index(planned->outputs, int, i);
        const char *path = ((const struct plan_output *)plan->outputs->pdata[index])->path;
        if (result->facts && result->facts->hash)
            g_hash_table_replace(ledger->hashes, g_strdup(path), g_strdup(result->facts->hash));
        if (pass)
            g_hash_table_remove(ledger->off_spec, path);
        else
            g_hash_table_add(ledger->off_spec, g_strdup(path));
    }
}

void ledger_note_partial(struct ledger *ledger, const struct plan_output *output,
                         const struct output_result *made)
{
    if (made->unread->len > 0)
        g_hash_table_add(ledger->partial, g_strdup(output->path));
}

static void note_parts(struct ledger *ledger, const struct plan *plan,
                       const struct plan_task *render, const struct result *result)
{
    for (guint i = 0; i < MIN(render->outputs->len, result->outputs->len); i++)
        ledger_note_partial(ledger, plan->outputs->pdata[g_array_index(render->outputs, int, i)],
                            result->outputs->pdata[i]);
}

static bool record_success(struct ledger *ledger, const struct plan *plan,
                           const struct plan_task *planned, const struct result *result,
                           GError **error)
{
    if (planned->task->kind == TASK_VERIFY)
        note_checks(ledger, plan, planned, result);
    if (planned->task->kind == TASK_RENDER)
        note_parts(ledger, plan, planned, result);
    if (planned->task->kind == TASK_RENDER && !finished_put(ledger, plan, planned, result, error))
        return false;
    return learn(ledger, planned, result, error) &&
           keep_measurements(ledger, planned, result, error);
}

static bool record_finished(struct ledger *ledger, const struct plan *plan,
                            const struct plan_task *planned, const struct event *event,
                            GError **error)
{
    const struct result *result = event->result;
    const struct failure *failure = result ? &result->failure : &event->failure;
    bool good = failure->class == FAIL_NONE;
    static const struct result none = {.seconds = 0};
    const struct result *spent = result ? result : &none;
    return db_run(&ledger->db, error, SQL_ATTEMPT_FINISHED, "itttddiiii", event->time_us,
                  good ? "done" : "failed", good ? NULL : failure_name(failure->class),
                  failure->message, spent->seconds, spent->cpu_seconds, spent->peak_bytes,
                  ledger->run, (int64_t)event->task, (int64_t)event->attempt) &&
           (!good || !result || record_success(ledger, plan, planned, result, error));
}

static bool record_output(struct ledger *ledger, const struct plan *plan, const struct event *event,
                          GError **error)
{
    const struct plan_output *output = plan->outputs->pdata[event->output];
    const struct failure *failure = &event->failure;
    bool good = failure->class == FAIL_NONE;
    if ((event->status != OUTPUT_CANCELLED &&
         !db_run(&ledger->db, error, SQL_FINISHED_DROP, "t", output->path)) ||
        !db_run(&ledger->db, error, SQL_OUTPUT_ENDED, "tttiii", output_status_name(event->status),
                good ? NULL : failure_name(failure->class), failure->message, event->time_us,
                ledger->run, (int64_t)event->output))
        return false;
    if (event->status == OUTPUT_UP_TO_DATE &&
        !db_run(&ledger->db, error, SQL_OUTPUT_SPARED, "tttit", output->input_hash,
                output->parameters, source_of(plan, output), ledger->run, output->path))
        return false;
    bool kept = event->status == OUTPUT_DONE || event->status == OUTPUT_UP_TO_DATE;
    return !kept || db_commit(&ledger->db, error);
}

static bool record_task(struct ledger *ledger, const struct plan *plan, const struct event *event,
                        GError **error)
{
    const struct plan_task *planned = task_of(plan, event);
    if (!planned)
        return true;
    switch (event->kind) {
    case EVENT_TASK_STARTED:
        return record_started(ledger, planned, event, error);
    case EVENT_TASK_FINISHED:
        return record_finished(ledger, plan, planned, event, error);
    case EVENT_TASK_CANCELLED:
        return db_run(&ledger->db, error, SQL_ATTEMPT_CANCELLED, "iii", event->time_us, ledger->run,
                      (int64_t)event->task);
    default:
        return true;
    }
}

static bool is_hold(const struct event *event)
{
    return event->kind == EVENT_RUN_HELD || event->kind == EVENT_RUN_CONTINUED;
}

/* At once: somebody may wait in another shell to see it. */
static bool record_hold(struct ledger *ledger, const struct event *event, GError **error)
{
    return db_run(&ledger->db, error, SQL_RUN_HELD, "ti", event->text, ledger->run) &&
           db_commit(&ledger->db, error);
}

bool ledger_record(struct ledger *ledger, const struct plan *plan, const struct event *event,
                   GError **error)
{
    if (!write_only(ledger, error))
        return false;
    bool done = event->kind == EVENT_OUTPUT_ENDED ? record_output(ledger, plan, event, error)
                : is_hold(event)                  ? record_hold(ledger, event, error)
                                                  : record_task(ledger, plan, event, error);
    return done && db_commit_due(&ledger->db, error);
}

bool ledger_expect_end(struct ledger *ledger, int64_t time_us, GError **error)
{
    return write_only(ledger, error) &&
           db_run(&ledger->db, error, SQL_RUN_EXPECTED, "ii", time_us, ledger->run) &&
           db_commit_due(&ledger->db, error);
}

/* ------------------------------------------------------------------ publishing */

/* SQLite goes on writing into a file that was removed, and says nothing. */
static bool still_there(const struct ledger *ledger, GError **error)
{
    struct file_stamp now;
    if (ledger->mode != LEDGER_WRITE ||
        (file_stamp_of(ledger->db.path, &now) && now.inode == ledger->at.inode))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "the ledger %s was removed while the run was using it: what is published could "
                "not be known again",
                ledger->db.path);
    return false;
}

static bool is_whole(const struct ledger *ledger, const struct plan_output *output)
{
    return !g_hash_table_contains(ledger->partial, output->path);
}

bool ledger_publishing(struct ledger *ledger, const struct plan *plan,
                       const struct plan_output *output, GError **error)
{
    struct file_stamp stamp;
    if (!write_only(ledger, error) || !still_there(ledger, error))
        return false;
    g_autofree char *folder = output->files ? bundle_folder(output->part) : NULL;
    if (!file_stamp_of(folder ? folder : output->part, &stamp)) {
        g_autofree char *name = path_display(output->part);
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "%s is gone: something removed it before it got its name", name);
        return false;
    }
    bool in_spec =
        !g_hash_table_contains(ledger->off_spec, output->path) && is_whole(ledger, output);
    return db_begin_durable(&ledger->db, error) &&
           db_run(&ledger->db, error, SQL_PUBLISHING_PUT, IDENTITY_LETTERS,
                  IDENTITY_ARGUMENTS(output->path, output->input_hash, output->parameters,
                                     output->software, &stamp, in_spec, ledger->run,
                                     g_hash_table_lookup(ledger->hashes, output->path),
                                     source_of(plan, output))) &&
           db_commit(&ledger->db, error);
}

/* Needs no waiting for the disk: recovery comes to the same from what ledger_publishing() wrote. */
bool ledger_published(struct ledger *ledger, const struct plan *plan,
                      const struct plan_output *output, const struct file_stamp *stamp,
                      bool in_spec, GError **error)
{
    return write_only(ledger, error) &&
           db_run(&ledger->db, error, SQL_PUBLISHED, IDENTITY_LETTERS,
                  IDENTITY_ARGUMENTS(output->path, output->input_hash, output->parameters,
                                     output->software, stamp, in_spec && is_whole(ledger, output),
                                     ledger->run, g_hash_table_lookup(ledger->hashes, output->path),
                                     source_of(plan, output))) &&
           db_run(&ledger->db, error, SQL_PUBLISHING_DROP, "t", output->path) &&
           db_commit(&ledger->db, error);
}

bool ledger_source_moves(struct ledger *ledger, const char *from, const char *to, GError **error)
{
    return write_only(ledger, error) && db_begin_durable(&ledger->db, error) &&
           db_run(&ledger->db, error, SQL_SOURCE_MOVED, "tt", to, from) &&
           db_commit(&ledger->db, error);
}
