/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ledger after its writer died: a child does part of a run and ends without a word. */
#include "ledger/ledger.h"

#include "made_plan.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>

static char *argv[] = {(char *)"run", NULL};
static const struct run_command command = {argv, (char *)"/"};

/* Runs `life` in a child that is killed where it ends. */
static void killed_after(void (*life)(const char *folder, int moment), const char *folder,
                         int moment)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        life(folder, moment);
        _exit(7);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/* Everything that happens to one output, in order; the child dies before step `moment`. */
enum moment {
    BEFORE_BEGIN,
    BEFORE_PART,
    BEFORE_PUBLISHING,
    BEFORE_RENAME,
    BEFORE_PUBLISHED,
    BEFORE_END,
    AFTER_END
};

static void must(bool done)
{
    if (!done)
        _exit(1);
}

static void one_output(const char *folder, int moment)
{
    struct plan *plan = made_plan(folder, 1);
    const struct plan_output *output = made_output(plan, 0);
    struct file_stamp stamp;
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    must(ledger);
    if (moment == BEFORE_BEGIN)
        return;
    must(begin_run(ledger, "r1", &command, plan));
    if (moment == BEFORE_PART)
        return;
    write_file(output->part, "film");
    if (moment == BEFORE_PUBLISHING)
        return;
    must(ledger_publishing(ledger, plan, output, NULL));
    if (moment == BEFORE_RENAME)
        return;
    must(g_rename(output->part, output->final) == 0 && file_stamp_of(output->final, &stamp));
    if (moment == BEFORE_PUBLISHED)
        return;
    must(ledger_published(ledger, plan, output, &stamp, true, NULL));
    if (moment == BEFORE_END)
        return;
    must(ledger_run_end(ledger, "done", 0, NULL));
}

static void final_file_exists_exactly_when_it_is_known(void)
{
    for (int moment = BEFORE_BEGIN; moment <= AFTER_END; moment++) {
        char *folder = temp_folder();
        struct plan *plan = made_plan(folder, 1);
        const struct plan_output *output = made_output(plan, 0);
        killed_after(one_output, folder, moment);
        struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
        g_assert_nonnull(ledger);
        struct known_output known = {0};
        struct file_stamp stamp;
        bool there = file_stamp_of(output->final, &stamp);
        g_assert_true(there == (moment >= BEFORE_PUBLISHED));
        g_assert_true(ledger_known_output(ledger, output->path, &known) == there);
        g_assert_true(!there || file_stamp_equal(&stamp, &known.stamp));
        g_assert_false(g_file_test(output->part, G_FILE_TEST_EXISTS));
        struct run_command found;
        g_autofree char *run = ledger_unfinished_run(ledger, &found);
        g_assert_true((run != NULL) == (moment > BEFORE_BEGIN && moment < AFTER_END));
        run_command_clear(&found);
        known_output_clear(&known);
        ledger_close(ledger);
        made_plan_destroy(plan);
        remove_folder(folder);
    }
}

static void killed_run_says_so(void)
{
    char *folder = temp_folder();
    struct ledger_totals totals;
    killed_after(one_output, folder, BEFORE_PUBLISHED);
    struct ledger *ledger = ledger_open(folder, LEDGER_READ, NULL);
    g_assert_true(ledger_totals(ledger, NULL, &totals, NULL));
    g_assert_cmpstr(totals.status, ==, "killed");
    g_assert_cmpuint(totals.left, ==, 1);
    ledger_totals_clear(&totals);
    ledger_close(ledger);
    ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    g_assert_true(ledger_totals(ledger, "r1", &totals, NULL));
    g_assert_cmpstr(totals.status, ==, "killed");
    g_assert_cmpuint(totals.done, ==, 1);
    ledger_totals_clear(&totals);
    ledger_close(ledger);
    remove_folder(folder);
}

static void somebody_elses_file_is_not_taken_for_ours(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct known_output known;
    killed_after(one_output, folder, BEFORE_RENAME);
    write_file(made_output(plan, 0)->final, "film");
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    g_assert_false(ledger_known_output(ledger, "web/A0000.mp4", &known));
    g_assert_true(g_file_test(made_output(plan, 0)->final, G_FILE_TEST_EXISTS));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void gathered_records(const char *folder, int flush)
{
    struct file_stamp stamp = {.size = 1};
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    must(ledger);
    must(ledger_put_file_hash(ledger, "a.cube", &stamp, "abc", NULL));
    must(!flush || ledger_flush(ledger, NULL));
}

static void flushed_records_survive_and_gathered_ones_leave_no_halves(void)
{
    for (int flush = 0; flush <= 1; flush++) {
        char *folder = temp_folder();
        struct file_stamp stamp = {.size = 1};
        killed_after(gathered_records, folder, flush);
        struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
        g_autofree char *hash = ledger_file_hash(ledger, "a.cube", &stamp);
        g_assert_cmpstr(hash, ==, flush ? "abc" : NULL);
        ledger_close(ledger);
        remove_folder(folder);
    }
}

/* A failed check is remembered across the crash: the file that got its name is stale. */
static void out_of_spec(const char *folder, int moment)
{
    struct plan *plan = made_plan(folder, 1);
    const struct plan_output *output = made_output(plan, 0);
    struct result *result = result_create();
    struct check *check = g_new0(struct check, 1);
    g_ptr_array_add(result->checks, check);
    struct event event = {EVENT_TASK_FINISHED, .task = 2, .attempt = 1, .output = -1,
                          .result = result};
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    must(ledger && begin_run(ledger, "r1", &command, plan));
    must(ledger_record(ledger, plan, &event, NULL));
    write_file(output->part, "film");
    must(ledger_publishing(ledger, plan, output, NULL));
    must(g_rename(output->part, output->final) == 0);
}

static void recovered_output_keeps_its_verdict(void)
{
    char *folder = temp_folder();
    struct known_output known;
    killed_after(out_of_spec, folder, 0);
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    g_assert_true(ledger_known_output(ledger, "web/A0000.mp4", &known));
    g_assert_false(known.in_spec);
    known_output_clear(&known);
    ledger_close(ledger);
    remove_folder(folder);
}

/* ------------------------------------------------------------------ rendered, not published */

static void record_render(struct ledger *ledger, const struct plan *plan)
{
    struct result *result = result_create();
    struct output_result *made = result_add_output(result);
    made->claim.frames = 1500;
    g_ptr_array_add(made->notes, g_strdup("lost: chapters"));
    struct event event = {EVENT_TASK_FINISHED, .task = 1, .attempt = 1, .output = -1,
                          .result = result};
    must(ledger_record(ledger, plan, &event, NULL));
}

enum { RENDERED, RENDERED_UNVERIFIED, ENDED };

static void one_render(const char *folder, int moment)
{
    struct plan *plan = made_plan(folder, 1);
    struct plan_output *output = plan->outputs->pdata[0];
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    output->verify = moment == RENDERED_UNVERIFIED ? -1 : 2;
    must(ledger && begin_run(ledger, "r1", &command, plan));
    write_file(output->part, "film");
    record_render(ledger, plan);
    struct event event = {EVENT_OUTPUT_ENDED, .task = -1, .output = 0, .status = OUTPUT_FAILED};
    must(moment != ENDED || ledger_record(ledger, plan, &event, NULL));
    must(ledger_flush(ledger, NULL));
}

/* What a killed run had rendered, as the next one finds it. */
static bool is_found(const char *folder, const struct plan *plan, struct result **result)
{
    const struct plan_output *output = made_output(plan, 0);
    g_autofree char *part = NULL;
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    *result = ledger_finished(ledger, output, &part);
    g_assert_cmpstr(part, ==, *result ? output->part : NULL);
    g_assert_true(!*result || g_file_test(output->part, G_FILE_TEST_EXISTS));
    ledger_close(ledger);
    return *result;
}

static void what_was_rendered_is_kept_with_what_was_said_of_it(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct result *result;
    killed_after(one_render, folder, RENDERED);
    for (int recoveries = 0; recoveries < 2; recoveries++) {
        g_assert_true(is_found(folder, plan, &result));
        const struct output_result *made = result->outputs->pdata[0];
        g_assert_cmpint(made->claim.frames, ==, 1500);
        g_assert_cmpstr(made->notes->pdata[0], ==, "lost: chapters");
        result_destroy(result);
    }
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void what_will_not_be_verified_or_has_ended_is_not_kept(void)
{
    for (int moment = RENDERED_UNVERIFIED; moment <= ENDED; moment++) {
        char *folder = temp_folder();
        struct plan *plan = made_plan(folder, 1);
        struct result *result;
        killed_after(one_render, folder, moment);
        g_assert_false(is_found(folder, plan, &result));
        made_plan_destroy(plan);
        remove_folder(folder);
    }
}

/* To the byte and to the tick of the clock: whatever wrote it since, it isn't what was synced. */
static void a_part_that_was_touched_since_is_removed(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct result *result;
    killed_after(one_render, folder, RENDERED);
    write_file(made_output(plan, 0)->part, "film");
    g_assert_false(is_found(folder, plan, &result));
    g_assert_false(g_file_test(made_output(plan, 0)->part, G_FILE_TEST_EXISTS));
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void what_was_rendered_of_something_else_is_not_found(void)
{
    static const size_t texts[] = {offsetof(struct plan_output, input_hash),
                                   offsetof(struct plan_output, parameters),
                                   offsetof(struct plan_output, software)};
    char *folder = temp_folder();
    killed_after(one_render, folder, RENDERED);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct plan *plan = made_plan(folder, 1);
        struct result *result;
        char **text = (char **)(void *)((char *)plan->outputs->pdata[0] + texts[i]);
        g_free(*text);
        *text = g_strdup("another");
        g_assert_false(is_found(folder, plan, &result));
        made_plan_destroy(plan);
    }
    remove_folder(folder);
}

/* The next run takes it over, and has it still when it is killed as well; or it is removed. */
static void next_run(const char *folder, int takes)
{
    struct plan *plan = made_plan(folder, 1);
    struct plan_output *output = plan->outputs->pdata[0];
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    g_free(output->part);
    output->part = part_path(output->final, "next");
    char *part = NULL;
    struct result *found = ledger_finished(ledger, output, &part);
    must(found);
    if (takes) {
        output->part = part;
        output->finished = found;
    }
    must(begin_run(ledger, "r2", &command, plan));
}

static void a_run_takes_over_what_was_rendered_or_removes_it(void)
{
    for (int takes = 0; takes <= 1; takes++) {
        char *folder = temp_folder();
        struct plan *plan = made_plan(folder, 1);
        struct result *result;
        killed_after(one_render, folder, RENDERED);
        killed_after(next_run, folder, takes);
        g_assert_true(g_file_test(made_output(plan, 0)->part, G_FILE_TEST_EXISTS) == takes);
        g_assert_true(is_found(folder, plan, &result) == takes);
        result_destroy(result);
        made_plan_destroy(plan);
        remove_folder(folder);
    }
}

static void change_file(const char *folder, const char *sql)
{
    sqlite3 *handle;
    g_autofree char *path = g_build_filename(folder, ".rushes", "ledger.sqlite", NULL);
    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(handle);
}

/* As SQLite leaves a file that it was making: half of it, and a journal to undo that. */
static void half_made(const char *folder, int unused)
{
    sqlite3 *handle = NULL;
    g_autofree char *path = g_build_filename(folder, ".rushes", "ledger.sqlite", NULL);
    ledger_close(ledger_open(folder, LEDGER_WRITE, NULL));
    must(g_unlink(path) == 0 && sqlite3_open(path, &handle) == SQLITE_OK);
    must(sqlite3_exec(handle,
                      "CREATE TABLE filler (text); PRAGMA cache_size = 1; BEGIN;"
                      "INSERT INTO filler WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                      "FROM n WHERE i < 100) SELECT zeroblob(4000) FROM n",
                      NULL, NULL, NULL) == SQLITE_OK);
}

static void a_ledger_that_was_being_made_holds_no_run(void)
{
    char *folder = temp_folder();
    g_autoptr(GError) error = NULL;
    killed_after(half_made, folder, 0);
    g_assert_null(ledger_open(folder, LEDGER_READ, &error));
    g_assert_nonnull(strstr(error->message, "holds no run"));
    struct ledger *ledger = ledger_open(folder, LEDGER_WRITE, NULL);
    g_assert_nonnull(ledger);
    ledger_close(ledger);
    remove_folder(folder);
}

static void recovery_removes_nothing_but_part_files(void)
{
    static const char *const rows[] = {
        "path = '../kept.txt', part = '.rushes-x.part'",
        "path = 'web/x.mp4', part = '../kept.txt'",
        "path = 'x.mp4', part = 'kept.txt'",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *folder = temp_folder();
        g_autofree char *kept = g_build_filename(folder, "kept.txt", NULL);
        g_autofree char *beside = g_strconcat(folder, "/../.rushes-x.part", NULL);
        g_autofree char *sql = g_strdup_printf("UPDATE run_outputs SET %s", rows[i]);
        killed_after(one_output, folder, BEFORE_PART);
        change_file(folder, sql);
        write_file(kept, "mine");
        write_file(beside, "mine");
        ledger_close(ledger_open(folder, LEDGER_WRITE, NULL));
        g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
        g_assert_true(g_file_test(beside, G_FILE_TEST_EXISTS));
        g_unlink(beside);
        remove_folder(folder);
    }
}

int main(int argc, char **arguments)
{
    g_test_init(&argc, &arguments, NULL);
#define TEST(name) g_test_add_func("/ledger-crash/" #name, name)
    TEST(final_file_exists_exactly_when_it_is_known);
    TEST(killed_run_says_so);
    TEST(somebody_elses_file_is_not_taken_for_ours);
    TEST(flushed_records_survive_and_gathered_ones_leave_no_halves);
    TEST(recovered_output_keeps_its_verdict);
    TEST(a_ledger_that_was_being_made_holds_no_run);
    TEST(recovery_removes_nothing_but_part_files);
    TEST(what_was_rendered_is_kept_with_what_was_said_of_it);
    TEST(what_will_not_be_verified_or_has_ended_is_not_kept);
    TEST(a_part_that_was_touched_since_is_removed);
    TEST(what_was_rendered_of_something_else_is_not_found);
    TEST(a_run_takes_over_what_was_rendered_or_removes_it);
    return g_test_run();
}
