/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the ledger remembers, and who may write it. */
#include "ledger/ledger.h"

#include "made_plan.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

static char *argv[] = {(char *)"run", (char *)"web.yaml", (char *)"foot age\n/", NULL};
static const struct run_command command = {argv, (char *)"/home/editor"};
static const struct file_stamp stamp = {100, 200, 300, 0xfedcba9876543210u, 5};

static struct ledger *open_ledger(const char *folder, enum ledger_mode mode)
{
    GError *error = NULL;
    struct ledger *ledger = ledger_open(folder, mode, &error);
    g_assert_no_error(error);
    return ledger;
}

static void assert_refused(const char *folder, enum ledger_mode mode, const char *words)
{
    GError *error = NULL;
    g_assert_null(ledger_open(folder, mode, &error));
    g_assert_nonnull(error);
    if (!strstr(error->message, words))
        g_error("\"%s\" lacks \"%s\"", error->message, words);
    g_error_free(error);
}

/* ------------------------------------------------------------------ who may write */

static void second_writer_is_told_who_is_first(void)
{
    char *folder = temp_folder();
    struct ledger *first = open_ledger(folder, LEDGER_WRITE);
    g_autofree char *process = g_strdup_printf("process %d on host", (int)getpid());
    assert_refused(folder, LEDGER_WRITE, process);
    assert_refused(folder, LEDGER_WRITE, g_get_host_name());
    ledger_close(open_ledger(folder, LEDGER_READ));
    ledger_close(first);
    ledger_close(open_ledger(folder, LEDGER_WRITE));
    remove_folder(folder);
}

static void reading_makes_nothing(void)
{
    char *folder = temp_folder();
    assert_refused(folder, LEDGER_READ, "has no ledger");
    g_autofree char *inside = g_build_filename(folder, ".rushes", NULL);
    g_assert_false(g_file_test(inside, G_FILE_TEST_EXISTS));
    struct ledger *ledger = open_ledger(folder, LEDGER_MEMORY);
    g_assert_true(ledger_put_file_hash(ledger, "look.cube", &stamp, "abc", NULL));
    g_autofree char *hash = ledger_file_hash(ledger, "look.cube", &stamp);
    g_assert_cmpstr(hash, ==, "abc");
    ledger_close(ledger);
    g_assert_false(g_file_test(inside, G_FILE_TEST_EXISTS));
    remove_folder(folder);
}

static void as_nobody(bool really)
{
    if (geteuid() == 0 || getuid() == 0)
        g_assert_cmpint(seteuid(really ? 65534 : 0), ==, 0);
}

static void a_folder_of_somebody_else_can_be_read(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    ledger_close(ledger);
    g_autofree char *inside = g_build_filename(folder, ".rushes", NULL);
    g_assert_cmpint(g_chmod(folder, 0555), ==, 0);
    g_assert_cmpint(g_chmod(inside, 0555), ==, 0);
    as_nobody(true);
    ledger = open_ledger(folder, LEDGER_READ);
    g_autoptr(GPtrArray) runs = ledger_runs(ledger);
    as_nobody(false);
    g_assert_cmpuint(runs->len, ==, 1);
    ledger_close(ledger);
    g_chmod(folder, 0755);
    g_chmod(inside, 0755);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void change_file(const char *folder, const char *sql)
{
    sqlite3 *handle;
    g_autofree char *path = g_build_filename(folder, ".rushes", "ledger.sqlite", NULL);
    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(handle);
}

static void unknown_format_and_damage_are_explained(void)
{
    char *folder = temp_folder();
    ledger_close(open_ledger(folder, LEDGER_WRITE));
    change_file(folder, "PRAGMA user_version = 7");
    assert_refused(folder, LEDGER_WRITE, "has format 7 and this rushes reads format 4");
    g_autofree char *path = g_build_filename(folder, ".rushes", "ledger.sqlite", NULL);
    write_file(path, "This was a ledger once, and now it is a text of more than a few bytes.\n");
    assert_refused(folder, LEDGER_WRITE, "move it away");
    remove_folder(folder);
}

static void folder_that_cannot_be_made_is_named(void)
{
    char *folder = temp_folder();
    g_autofree char *file = g_build_filename(folder, "film", NULL);
    write_file(file, "not a folder");
    assert_refused(file, LEDGER_WRITE, "film/.rushes");
    remove_folder(folder);
}

/* ------------------------------------------------------------------ what is known of files */

static void facts_hold_as_long_as_the_stamp(void)
{
    char *folder = temp_folder();
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_auto(facts_ptr) facts = facts_create();
    facts->kind = KIND_VIDEO;
    facts->width = 1920;
    const char *path = "/takes/a\xff\n.mov";
    g_assert_true(ledger_put_facts(ledger, path, &stamp, facts, NULL));
    g_assert_null(ledger_facts(ledger, path, &stamp, true));
    facts->measured = true;
    facts->integrated_lufs = -23.02;
    g_assert_true(ledger_put_facts(ledger, path, &stamp, facts, NULL));
    facts->measured = false; /* a quick probe later */
    g_assert_true(ledger_put_facts(ledger, path, &stamp, facts, NULL));
    ledger_close(ledger);

    ledger = open_ledger(folder, LEDGER_READ);
    g_auto(facts_ptr) back = ledger_facts(ledger, path, &stamp, true);
    g_assert_nonnull(back);
    g_assert_cmpint(back->width, ==, 1920);
    g_assert_cmpfloat(back->integrated_lufs, ==, -23.02);
    struct file_stamp later = stamp;
    later.mtime_ns++;
    g_assert_null(ledger_facts(ledger, path, &later, false));
    g_assert_true(ledger_put_facts(ledger, path, &later, facts, NULL)); /* not kept, no error */
    ledger_close(ledger);
    remove_folder(folder);
}

static void record(struct ledger *ledger, const struct plan *plan, struct event event)
{
    GError *error = NULL;
    event.time_us = g_get_real_time();
    if (!ledger_record(ledger, plan, &event, &error))
        g_error("%s", error->message);
}

static void finish(struct ledger *ledger, const struct plan *plan, int task,
                   const struct result *result)
{
    record(ledger, plan,
           (struct event){EVENT_TASK_STARTED, .task = task, .attempt = 1, .output = -1});
    record(ledger, plan,
           (struct event){EVENT_TASK_FINISHED, .task = task, .attempt = 1, .output = -1,
                          .result = result});
}

static void put_glance(struct ledger *ledger, const char *path, bool published)
{
    struct glance *glance = glance_create();
    glance->hash = g_strdup(published ? "aa" : "bb");
    g_assert_true(ledger_put_glance(ledger, path, published, glance, NULL));
    glance_destroy(glance);
}

static bool has_glance(struct ledger *ledger, const char *path, const char *hash)
{
    g_auto(glance_ptr) glance = ledger_glance(ledger, path, hash);
    return glance != NULL;
}

/* Of 60 runs, ten are one too many, and five of these are old as well. */
static void only_runs_that_are_many_and_old_are_forgotten_with_their_glances(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    for (int n = 1; n <= 60; n++) {
        g_autofree char *id = g_strdup_printf("r%d", n);
        g_assert_true(begin_run(ledger, id, &command, plan));
        g_assert_cmpuint(ledger_forgotten(ledger)->len, ==, 0);
        g_assert_true(ledger_run_end(ledger, "done", 0, NULL));
    }
    ledger_close(ledger);
    sqlite3 *handle = NULL;
    g_autofree char *path = g_build_filename(folder, ".rushes", "ledger.sqlite", NULL);
    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    const char *age =
        "UPDATE runs SET started_us = started_us - 15 * 86400000000 WHERE seq <= 5 OR seq > 40";
    g_assert_cmpint(sqlite3_exec(handle, age, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(handle);
    ledger = open_ledger(folder, LEDGER_WRITE);
    write_file(made_output(plan, 0)->final, "film");
    put_glance(ledger, made_output(plan, 0)->path, true);
    put_glance(ledger, made_output(plan, 0)->path, false);
    put_glance(ledger, "web/gone.mp4", true);
    g_assert_true(begin_run(ledger, "r61", &command, plan));
    g_assert_cmpuint(ledger_forgotten(ledger)->len, ==, 5);
    g_assert_cmpstr(ledger_forgotten(ledger)->pdata[4], ==, "r5");
    g_autoptr(GPtrArray) runs = ledger_runs(ledger);
    g_assert_cmpuint(runs->len, ==, 56);
    g_assert_true(has_glance(ledger, made_output(plan, 0)->path, "aa"));
    g_assert_false(has_glance(ledger, made_output(plan, 0)->path, "bb"));
    g_assert_false(has_glance(ledger, "web/gone.mp4", "aa"));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void measurements_and_costs_are_learned_from_results(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(isnan(ledger_learned(ledger, "measure").seconds));
    g_assert_true(begin_run(ledger, "r1", &command, plan));

    g_auto(result_ptr) result = result_create();
    struct output_result *output = result_add_output(result);
    output->measured = facts_create();
    output->measured->measured = true;
    output->measured->integrated_lufs = -19.8;
    result->seconds = 20;
    finish(ledger, plan, 0, result);
    g_assert_cmpfloat(ledger_learned(ledger, "measure").seconds, ==, 2);
    g_assert_true(isnan(ledger_learned(ledger, "measure").memory));
    result->seconds = 30;
    finish(ledger, plan, 0, result);
    g_assert_cmpfloat_with_epsilon(ledger_learned(ledger, "measure").seconds, 2 + 0.3 * (3 - 2),
                                   1e-12);

    g_auto(node_ptr) node = ledger_measurement(ledger, "loudness 0");
    g_assert_cmpstr(node_get_text(node, "integrated_lufs"), ==, "-19.8");
    g_assert_null(ledger_measurement(ledger, "loudness 1"));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

/* It rises at once and sinks slowly: too little promised is worse than too much. */
static void peak_memory_is_learned_from_results(void)
{
    static const struct {
        int64_t peak_bytes;
        double learned;
    } rows[] = {{200000000, 2}, {400000000, 4}, {0, 4}, {300000000, 4 + 0.3 * (3 - 4)}};
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_MEMORY);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    g_auto(result_ptr) result = result_create();
    result_add_output(result);
    result->seconds = 1;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        result->peak_bytes = rows[i].peak_bytes;
        finish(ledger, plan, 1, result);
        g_assert_cmpfloat_with_epsilon(ledger_learned(ledger, "render").memory, rows[i].learned,
                                       1e-12);
    }
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void failed_attempts_teach_nothing(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_MEMORY);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    g_auto(result_ptr) result = result_create();
    result->seconds = 1;
    fail(&result->failure, FAIL_CRASH, "signal 11");
    finish(ledger, plan, 1, result);
    g_assert_true(isnan(ledger_learned(ledger, "render").seconds));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

/* ------------------------------------------------------------------ runs */

static void expect_held(struct ledger *ledger, const char *text)
{
    struct ledger_totals totals;
    g_assert_true(ledger_totals(ledger, NULL, &totals, NULL));
    g_assert_cmpstr(totals.held, ==, text);
    ledger_totals_clear(&totals);
}

static void a_held_run_says_why_until_it_goes_on(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    struct event event = {EVENT_RUN_HELD, .task = -1, .output = -1, .text = "paused: needs 3 GB"};
    expect_held(ledger, NULL);
    record(ledger, plan, event);
    expect_held(ledger, "paused: needs 3 GB");
    record(ledger, plan, (struct event){EVENT_RUN_CONTINUED, .task = -1, .output = -1});
    expect_held(ledger, NULL);
    record(ledger, plan, event);
    g_assert_true(ledger_run_end(ledger, "interrupted", 130, NULL));
    expect_held(ledger, NULL);
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static int64_t expected(struct ledger *ledger)
{
    struct ledger_totals totals;
    g_assert_true(ledger_totals(ledger, NULL, &totals, NULL));
    int64_t time_us = totals.expected_us;
    ledger_totals_clear(&totals);
    return time_us;
}

static void a_running_run_says_when_it_should_end(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    g_assert_cmpint(expected(ledger), ==, 0);
    g_assert_true(ledger_expect_end(ledger, 1764288000000000, NULL));
    g_assert_cmpint(expected(ledger), ==, 1764288000000000);
    g_assert_true(ledger_expect_end(ledger, 0, NULL));
    g_assert_cmpint(expected(ledger), ==, 0);
    g_assert_true(ledger_expect_end(ledger, 1764288000000000, NULL));
    g_assert_true(ledger_run_end(ledger, "done", 0, NULL));
    g_assert_cmpint(expected(ledger), ==, 0);
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void publish(struct ledger *ledger, const struct plan *plan, unsigned index, bool in_spec)
{
    const struct plan_output *output = made_output(plan, index);
    struct file_stamp at;
    GError *error = NULL;
    write_file(output->part, "film");
    g_assert_true(ledger_publishing(ledger, plan, output, &error));
    g_assert_cmpint(g_rename(output->part, output->final), ==, 0);
    g_assert_true(file_stamp_of(output->final, &at));
    g_assert_true(ledger_published(ledger, plan, output, &at, in_spec, &error));
}

static void published_output_is_known_with_its_identity(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 2);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    publish(ledger, plan, 0, true);
    struct known_output known;
    struct file_stamp at;
    g_assert_true(ledger_known_output(ledger, "web/A0000.mp4", &known));
    g_assert_cmpstr(known.input_hash, ==, "hash of A0000");
    g_assert_cmpstr(known.parameters, ==, "crf 19");
    g_assert_cmpstr(known.software, ==, "rushes 1");
    g_assert_true(known.in_spec);
    g_assert_true(file_stamp_of(made_output(plan, 0)->final, &at));
    g_assert_true(file_stamp_equal(&at, &known.stamp));
    known_output_clear(&known);
    g_assert_false(ledger_known_output(ledger, "web/A0001.mp4", &known));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void settling_knows_what_got_its_name(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 2);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    for (unsigned i = 0; i < 2; i++) {
        write_file(made_output(plan, i)->part, "film");
        g_assert_true(ledger_publishing(ledger, plan, made_output(plan, i), NULL));
    }
    g_assert_cmpint(g_rename(made_output(plan, 0)->part, made_output(plan, 0)->final), ==, 0);
    g_assert_true(ledger_run_end(ledger, "disk", 5, NULL));
    g_assert_true(ledger_settle(ledger, NULL));
    struct known_output known;
    g_assert_true(ledger_known_output(ledger, "web/A0000.mp4", &known));
    g_assert_cmpstr(known.source, ==, "/footage/A0000.mov");
    known_output_clear(&known);
    g_assert_false(ledger_known_output(ledger, "web/A0001.mp4", &known));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void end_output(struct ledger *ledger, const struct plan *plan, int output,
                       enum output_status status)
{
    record(ledger, plan,
           (struct event){EVENT_OUTPUT_ENDED, .task = -1, .output = output, .status = status});
}

static void expect_source(struct ledger *ledger, const char *path, const char *source)
{
    struct known_output known;
    g_assert_true(ledger_known_output(ledger, path, &known));
    g_assert_cmpstr(known.source, ==, source);
    known_output_clear(&known);
}

static void source_of_a_published_output_is_known_wherever_it_moves(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 2);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    publish(ledger, plan, 0, true);
    publish(ledger, plan, 1, true);
    expect_source(ledger, "web/A0000.mp4", "/footage/A0000.mov");
    g_assert_true(
        ledger_source_moves(ledger, "/footage/A0000.mov", "/footage/done/A0000.mov", NULL));
    expect_source(ledger, "web/A0000.mp4", "/footage/done/A0000.mov");
    expect_source(ledger, "web/A0001.mp4", "/footage/A0001.mov");
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void twin_is_the_same_identity_in_the_same_folder(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 2);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    publish(ledger, plan, 0, true);
    struct plan_output wanted = *made_output(plan, 0);
    g_assert_null(ledger_twin(ledger, &wanted)); /* itself */
    wanted.path = (char *)"web/copy.mp4";
    g_autofree char *twin = ledger_twin(ledger, &wanted);
    g_assert_cmpstr(twin, ==, "web/A0000.mp4");
    wanted.path = (char *)"other/copy.mp4";
    g_assert_null(ledger_twin(ledger, &wanted));
    wanted.path = (char *)"web/copy.mp4";
    wanted.parameters = (char *)"crf 20";
    g_assert_null(ledger_twin(ledger, &wanted));
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void totals_count_what_ended_and_what_is_left(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 6);
    struct plan_output *fresh = plan->outputs->pdata[5], *refused = plan->outputs->pdata[4];
    g_clear_pointer(&fresh->part, g_free);
    g_clear_pointer(&refused->part, g_free);
    refused->blocked = true;
    fail(&refused->failure, FAIL_INPUT_DAMAGED, "no moov");
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    end_output(ledger, plan, 0, OUTPUT_DONE);
    end_output(ledger, plan, 1, OUTPUT_OUT_OF_SPEC);
    end_output(ledger, plan, 2, OUTPUT_FAILED);
    record(ledger, plan,
           (struct event){EVENT_TASK_STARTED, .task = 10, .attempt = 1, .output = -1});
    g_assert_true(ledger_flush(ledger, NULL));

    struct ledger *reader = open_ledger(folder, LEDGER_READ);
    struct ledger_totals totals;
    g_assert_true(ledger_totals(reader, NULL, &totals, NULL));
    g_assert_cmpstr(totals.run, ==, "r1");
    g_assert_cmpstr(totals.status, ==, "running");
    g_assert_cmpuint(totals.done, ==, 1);
    g_assert_cmpuint(totals.out_of_spec, ==, 1);
    g_assert_cmpuint(totals.failed, ==, 2);
    g_assert_cmpuint(totals.up_to_date, ==, 1);
    g_assert_cmpuint(totals.left, ==, 1);
    g_assert_cmpuint(totals.running, ==, 1);
    ledger_totals_clear(&totals);
    GError *error = NULL;
    g_assert_false(ledger_totals(reader, "r2", &totals, &error));
    g_assert_nonnull(strstr(error->message, "knows no run r2"));
    g_error_free(error);
    ledger_close(reader);

    g_assert_true(ledger_run_end(ledger, "failed", 1, NULL));
    g_assert_true(ledger_totals(ledger, "r1", &totals, NULL));
    g_assert_cmpstr(totals.status, ==, "failed");
    ledger_totals_clear(&totals);
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

static void assert_unfinished(struct ledger *ledger, const char *run)
{
    struct run_command found;
    g_autofree char *id = ledger_unfinished_run(ledger, &found);
    g_assert_cmpstr(id, ==, run);
    if (run) {
        g_assert_cmpuint(g_strv_length(found.argv), ==, 3);
        g_assert_cmpstr(found.argv[2], ==, "foot age\n/");
        g_assert_cmpstr(found.cwd, ==, "/home/editor");
    }
    run_command_clear(&found);
}

static void interrupted_run_can_be_resumed_until_its_command_ran_again(void)
{
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, 1);
    char *other_argv[] = {(char *)"run", (char *)"stills.yaml", NULL};
    const struct run_command other = {other_argv, (char *)"/home/editor"};
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    assert_unfinished(ledger, NULL);
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    g_assert_true(ledger_run_end(ledger, "interrupted", 130, NULL));
    assert_unfinished(ledger, "r1");
    g_assert_true(begin_run(ledger, "r2", &other, plan));
    g_assert_true(ledger_run_end(ledger, "done", 0, NULL));
    assert_unfinished(ledger, "r1");
    g_assert_true(begin_run(ledger, "r3", &command, plan));
    g_assert_true(ledger_run_end(ledger, "done", 0, NULL));
    assert_unfinished(ledger, NULL);
    struct run_command found;
    g_autofree char *last = ledger_last_run(ledger, &found);
    g_assert_cmpstr(last, ==, "r3");
    run_command_clear(&found);
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

/* ------------------------------------------------------------------ size */

static void ten_thousand_outputs_cost_a_blink(void)
{
    enum { OUTPUTS = 10000 };
    char *folder = temp_folder();
    struct plan *plan = made_plan(folder, OUTPUTS);
    struct ledger *ledger = open_ledger(folder, LEDGER_WRITE);
    g_auto(result_ptr) result = result_create();
    result->seconds = 1;
    g_test_timer_start();
    g_assert_true(begin_run(ledger, "r1", &command, plan));
    double begin_s = g_test_timer_elapsed();
    for (int i = 0; i < 3 * OUTPUTS; i++)
        finish(ledger, plan, i, result);
    for (int i = 0; i < OUTPUTS; i++)
        end_output(ledger, plan, i, OUTPUT_FAILED);
    g_assert_true(ledger_flush(ledger, NULL));
    double events_s = g_test_timer_elapsed() - begin_s;
    g_test_message("begin %.3f s, 70,000 events %.3f s", begin_s, events_s);

    for (int i = 0; i < OUTPUTS; i++) /* without waiting for the disk 10,000 times */
        g_assert_true(
            ledger_published(ledger, plan, made_output(plan, (unsigned)i), &stamp, true, NULL));
    ledger_close(ledger);
    ledger = open_ledger(folder, LEDGER_WRITE);
    g_test_timer_start();
    for (unsigned i = 0; i < OUTPUTS; i++) {
        struct known_output known;
        g_assert_true(ledger_known_output(ledger, made_output(plan, i)->path, &known));
        known_output_clear(&known);
    }
    double lookups_s = g_test_timer_elapsed();
    g_test_message("10,000 look-ups %.3f s", lookups_s);
    ledger_close(ledger);
    made_plan_destroy(plan);
    remove_folder(folder);
}

int main(int argc, char **arguments)
{
    g_test_init(&argc, &arguments, NULL);
#define TEST(name) g_test_add_func("/ledger/" #name, name)
    TEST(second_writer_is_told_who_is_first);
    TEST(reading_makes_nothing);
    TEST(a_folder_of_somebody_else_can_be_read);
    TEST(unknown_format_and_damage_are_explained);
    TEST(folder_that_cannot_be_made_is_named);
    TEST(facts_hold_as_long_as_the_stamp);
    TEST(only_runs_that_are_many_and_old_are_forgotten_with_their_glances);
    TEST(measurements_and_costs_are_learned_from_results);
    TEST(peak_memory_is_learned_from_results);
    TEST(failed_attempts_teach_nothing);
    TEST(a_held_run_says_why_until_it_goes_on);
    TEST(a_running_run_says_when_it_should_end);
    TEST(published_output_is_known_with_its_identity);
    TEST(settling_knows_what_got_its_name);
    TEST(source_of_a_published_output_is_known_wherever_it_moves);
    TEST(twin_is_the_same_identity_in_the_same_folder);
    TEST(totals_count_what_ended_and_what_is_left);
    TEST(interrupted_run_can_be_resumed_until_its_command_ran_again);
    TEST(ten_thousand_outputs_cost_a_blink);
    return g_test_run();
}
