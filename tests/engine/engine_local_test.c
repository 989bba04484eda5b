/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the local pool promises, whatever its tasks do. Real processes, no media. */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_task_reads_its_inputs_and_writes_its_parts(void)
{
    struct pool pool;
    pool_open(&pool);
    struct task *task = pool_task(1, "files");
    pool_add_input(&pool, task, "a", "0");
    pool_add_part(&pool, task, "new/folder/.p.part");
    g_auto(result_ptr) result = pool_run(&pool, task);
    g_assert_cmpstr(result->failure.message, ==, NULL);
    g_autofree char *path = pool_path(&pool, "new/folder/.p.part"), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "1");
    g_assert_cmpfloat(result->seconds, >, 0);
    g_assert_cmpint(result->peak_bytes, >, 0);
    pool_close(&pool);
}

static void a_part_of_an_earlier_attempt_is_made_anew(void)
{
    struct pool pool;
    pool_open(&pool);
    struct task *task = pool_task(1, "files");
    g_autofree char *path = pool_path(&pool, ".p.part"), *text = NULL;
    g_assert_true(g_file_set_contents(path, "what was left", -1, NULL));
    pool_add_part(&pool, task, ".p.part");
    result_destroy(pool_run(&pool, task));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "0");
    pool_close(&pool);
}

/* "speak" takes its time. */
static struct task *reading_task(const struct pool *pool)
{
    struct task *task = pool_task(1, "speak");
    pool_add_input(pool, task, "source", "0");
    return task;
}

static void an_input_that_changes_while_it_is_read_fails_as_damaged(void)
{
    struct pool pool;
    int ended;
    struct failure failure = {0};
    pool_open(&pool);
    g_auto(task_ptr) task = reading_task(&pool);
    const struct task_file *source = task->files->pdata[1];
    g_assert_true(pool_start(&pool, task, &failure));
    g_assert_true(g_file_set_contents(source->path, "longer", -1, NULL));
    g_auto(result_ptr) result = pool_ended(&pool, &ended);
    g_assert_cmpint(result->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_nonnull(strstr(result->failure.message, "changed while it was read"));
    pool_close(&pool);
}

static void an_input_that_is_not_what_was_planned_is_not_read(void)
{
    struct pool pool;
    pool_open(&pool);
    g_auto(task_ptr) task = reading_task(&pool);
    struct task_file *source = task->files->pdata[1];
    struct failure failure = {0};
    g_assert_true(file_stamp_of(source->path, &source->stamp));
    source->stamp.size++;
    g_assert_false(pool_start(&pool, task, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_INPUT_DAMAGED);
    failure_clear(&failure);
    pool_close(&pool);
}

static void six_hundred_files_arrive_in_order(void)
{
    struct pool pool;
    pool_open(&pool);
    struct task *task = pool_task(1, "files");
    for (int i = 0; i < 600; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);
        pool_add_input(&pool, task, text, text);
    }
    g_auto(result_ptr) result = pool_run(&pool, task);
    g_assert_cmpstr(result->failure.message, ==, NULL);
    pool_close(&pool);
}

static void each_death_has_its_class(void)
{
    static const struct {
        const char *act;
        enum failure_class class;
        const char *says;
    } deaths[] = {
        {"segfault", FAIL_CRASH, "signal 11"},
        {"exit", FAIL_CRASH, "status 3"},
        {"oom", FAIL_MEMORY, "killed from outside"},
        {"starve", FAIL_MEMORY, "no memory for a frame"},
    };
    struct pool pool;
    pool_open(&pool);
    for (unsigned i = 0; i < G_N_ELEMENTS(deaths); i++) {
        g_auto(result_ptr) result = pool_run(&pool, pool_task((int)i, deaths[i].act));
        g_assert_cmpint(result->failure.class, ==, deaths[i].class);
        g_assert_nonnull(strstr(result->failure.message, deaths[i].says));
        g_assert_nonnull(strstr(result->failure.message, "/log"));
    }
    g_autofree char *log = pool_path(&pool, "tasks/0/log"), *text = NULL;
    g_assert_true(g_file_get_contents(log, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "about to die"));
    pool_close(&pool);
}

static void a_killed_task_ends_with_the_given_reason(void)
{
    struct pool pool;
    pool_open(&pool);
    int ended;
    g_auto(task_ptr) task = pool_task(4, "hang");
    struct failure failure = {0}, why = {FAIL_TIMEOUT, (char *)"too slow"};
    g_assert_true(pool_start(&pool, task, &failure));
    pool.engine->ops->kill(pool.engine, 4, &why);
    g_auto(result_ptr) result = pool_ended(&pool, &ended);
    g_assert_cmpint(result->failure.class, ==, FAIL_TIMEOUT);
    g_assert_cmpstr(result->failure.message, ==, "too slow");
    pool_close(&pool);
}

static void refuse(const struct pool *pool, struct task *task, enum failure_class class)
{
    g_auto(task_ptr) owned = task;
    struct failure failure = {0};
    g_assert_false(pool_start(pool, owned, &failure));
    g_assert_cmpint(failure.class, ==, class);
    g_assert_nonnull(failure.message);
    failure_clear(&failure);
}

static void files_that_cannot_be_opened_have_their_class(void)
{
    struct pool pool;
    pool_open(&pool);
    struct task *task = pool_task(1, "files");
    task_add_file(task, "/nowhere/to/be/found", false);
    refuse(&pool, task, FAIL_INPUT_DAMAGED);

    g_autofree char *fifo = pool_path(&pool, "fifo");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    task = pool_task(2, "files");
    task_add_file(task, fifo, false);
    refuse(&pool, task, FAIL_INPUT_DAMAGED);

    task = pool_task(3, "files");
    pool_add_input(&pool, task, "a", "0");
    pool_add_part(&pool, task, "a/.p.part"); /* below a file */
    refuse(&pool, task, FAIL_DISK);

    task = pool_task(4, "files");
    int index = task_add_file(task, "/nowhere/look.cube", false);
    ((struct task_file *)task->files->pdata[index])->used_by = g_strdup("grade/lut");
    refuse(&pool, task, FAIL_CONFIG);

    /* What was sent of the refused tasks is not given to the next one. */
    task = pool_task(5, "files");
    pool_add_input(&pool, task, "b", "0");
    g_auto(result_ptr) result = pool_run(&pool, task);
    g_assert_cmpint(result->failure.class, ==, FAIL_NONE);
    pool_close(&pool);
}

static void progress_is_heard_but_not_too_often(void)
{
    struct pool pool;
    pool_open(&pool);
    g_auto(task_ptr) task = pool_task(1, "speak");
    struct failure failure = {0};
    unsigned heard = 0;
    g_assert_true(pool_start(&pool, task, &failure));
    for (struct engine_event event = {0}; event.news != NEWS_ENDED;) {
        pool.engine->ops->wait(pool.engine, 1000000, &event);
        if (event.news == NEWS_ENDED)
            result_destroy(event.result);
        if (event.news != NEWS_PROGRESS)
            continue;
        heard++;
        g_assert_cmpint(event.task, ==, 1);
        g_assert_cmpfloat(event.progress.fraction, ==, 0.25);
        g_assert_cmpint(event.progress.frames, ==, 7);
        g_assert_cmpstr(event.progress.stage, ==, "encode");
        g_assert_cmpfloat(event.progress.fps, ==, 50);
    }
    g_assert_cmpuint(heard, >=, 1);
    g_assert_cmpuint(heard, <=, 5);
    pool_close(&pool);
}

static pid_t note_pid(const struct result *result, unsigned index)
{
    const struct output_result *output = result->outputs->pdata[0];
    return atoi(output->notes->pdata[index]);
}

/* Gone, or a zombie that nobody has buried yet. */
static bool is_dead(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return true;
    const char *state = strrchr(text, ')');
    return state && state[1] == ' ' && state[2] == 'Z';
}

static bool dies(pid_t pid)
{
    for (int i = 0; i < 200 && !is_dead(pid); i++)
        g_usleep(10000);
    return is_dead(pid);
}

static void what_a_task_leaves_behind_is_killed(void)
{
    struct pool pool;
    g_setenv("RUSHES_SANDBOX", "off", TRUE); /* in it a task can't leave anything */
    pool_open(&pool);
    g_auto(result_ptr) result = pool_run(&pool, pool_task(1, "leave"));
    g_assert_true(dies(note_pid(result, 2)));
    pool_close(&pool);
    g_unsetenv("RUSHES_SANDBOX");
}

static void a_dead_worker_ends_its_tasks_and_is_replaced(void)
{
    struct pool pool;
    pool_open(&pool);
    g_auto(result_ptr) who = pool_run(&pool, pool_task(1, "leave"));
    struct failure failure = {0};
    for (int id = 2; id < 5; id++) {
        g_auto(task_ptr) task = pool_task(id, "hang");
        g_assert_true(pool_start(&pool, task, &failure));
    }
    kill(note_pid(who, 1), SIGKILL);
    int seen = 0, ended;
    for (int i = 0; i < 3; i++) {
        g_auto(result_ptr) result = pool_ended(&pool, &ended);
        g_assert_cmpint(result->failure.class, ==, FAIL_CRASH);
        seen |= 1 << ended;
    }
    g_assert_cmpint(seen, ==, 1 << 2 | 1 << 3 | 1 << 4);
    g_auto(result_ptr) result = pool_run(&pool, pool_task(5, "nothing"));
    g_assert_cmpint(result->failure.class, ==, FAIL_NONE);
    pool_close(&pool);
}

/* It answers no kill, so after a while it is killed itself. */
static void a_stopped_worker_is_replaced(void)
{
    struct pool pool;
    pool_open(&pool);
    g_auto(result_ptr) who = pool_run(&pool, pool_task(1, "leave"));
    g_auto(task_ptr) task = pool_task(2, "hang");
    struct failure failure = {0}, why = {FAIL_TIMEOUT, (char *)"too slow"};
    int ended;
    g_assert_true(pool_start(&pool, task, &failure));
    kill(note_pid(who, 1), SIGSTOP);
    pool.engine->ops->kill(pool.engine, 2, &why);
    g_auto(result_ptr) result = pool_ended(&pool, &ended);
    g_assert_cmpint(result->failure.class, ==, FAIL_TIMEOUT);
    g_auto(result_ptr) next = pool_run(&pool, pool_task(3, "nothing"));
    g_assert_cmpint(next->failure.class, ==, FAIL_NONE);
    pool_close(&pool);
}

/* The worker died without our having heard of it yet. */
static void a_start_survives_the_death_of_the_worker(void)
{
    struct pool pool;
    pool_open(&pool);
    g_auto(result_ptr) who = pool_run(&pool, pool_task(1, "leave"));
    kill(note_pid(who, 1), SIGKILL);
    g_assert_true(dies(note_pid(who, 1)));
    g_auto(result_ptr) result = pool_run(&pool, pool_task(2, "nothing"));
    g_assert_cmpint(result->failure.class, ==, FAIL_NONE);
    pool_close(&pool);
}

/* Another supervisor, killed as soon as it has said who works for it. */
static _Noreturn void be_killed(const struct pool *pool, int say)
{
    struct failure failure = {0};
    g_auto(result_ptr) who = pool_run(pool, pool_task(1, "leave"));
    g_auto(task_ptr) task = pool_task(2, "hang");
    g_assert_true(pool_start(pool, task, &failure));
    pid_t worker = note_pid(who, 1);
    if (write(say, &worker, sizeof worker) == sizeof worker)
        kill(getpid(), SIGKILL);
    _exit(1);
}

static void everything_dies_with_the_supervisor(void)
{
    int ends[2];
    pid_t worker;
    struct pool pool;
    pool_open(&pool); /* no worker runs before the first task */
    g_assert_cmpint(pipe(ends), ==, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans come to us */
    pid_t supervisor = fork();
    if (supervisor == 0)
        be_killed(&pool, ends[1]);
    g_assert_cmpint(read(ends[0], &worker, sizeof worker), ==, sizeof worker);
    g_assert_true(dies(worker));
    int left = 0; /* the supervisor, the worker, the task and what a task left */
    for (int i = 0; i < 500 && (left = waitpid(-1, NULL, WNOHANG)) >= 0; i++)
        if (left == 0)
            g_usleep(10000);
    g_assert_cmpint(left, ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    close(ends[0]);
    close(ends[1]);
    pool_close(&pool);
}

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Pages of this process's one child (proc(5), statm). */
static int worker_pages(void)
{
    int pid = 0, all = 0, resident = 0;
    g_autofree char *name = g_strdup_printf("/proc/self/task/%d/children", getpid());
    g_autofree char *children = NULL, *text = NULL;
    g_assert_true(g_file_get_contents(name, &children, NULL, NULL));
    g_assert_cmpint(sscanf(children, "%d", &pid), ==, 1);
    g_autofree char *statm = g_strdup_printf("/proc/%d/statm", pid);
    g_assert_true(g_file_get_contents(statm, &text, NULL, NULL));
    g_assert_cmpint(sscanf(text, "%d %d", &all, &resident), ==, 2);
    return resident;
}

/* Each task is a fork of its own, so what could grow is what the worker knows of them. */
static void many_tasks_leave_a_worker_as_large_as_few(void)
{
    enum { FEW = 40, MANY = 400 };
    struct pool pool;
    int first = 0;
    pool_open(&pool);
    for (int id = 1; id <= MANY; id++) {
        result_destroy(pool_run(&pool, pool_task(id, "nothing")));
        if (id == FEW)
            first = worker_pages();
    }
    g_assert_cmpint(worker_pages() * 10, <=, first * 11);
    pool_close(&pool);
}

static void tasks_cost_little(void)
{
    enum { TASKS = 200, WIDTH = 2 };
    struct pool pool;
    int ended, running = 0;
    struct failure failure = {0};
    pool_open(&pool);
    result_destroy(pool_run(&pool, pool_task(0, "nothing")));
    double cpu = cpu_s();
    int64_t start_us = g_get_monotonic_time();
    for (int id = 1; id <= TASKS || running > 0;) {
        if (id <= TASKS && running < WIDTH) {
            g_auto(task_ptr) task = pool_task(id++, "nothing");
            g_assert_true(pool_start(&pool, task, &failure));
            running++;
        } else {
            result_destroy(pool_ended(&pool, &ended));
            running--;
        }
    }
    double wall_ms = (double)(g_get_monotonic_time() - start_us) / 1e3 / TASKS;
    double cpu_ms = (cpu_s() - cpu) * 1e3 / TASKS;
    g_test_message("%.2f ms a task, %.2f ms of it the supervisor's", wall_ms, cpu_ms);
    pool_close(&pool);
}

static void a_worker_that_is_not_there_is_an_error_in_words(void)
{
    g_autoptr(GError) error = NULL;
    struct local_params params = {.worker = "/nowhere/rushes-worker"};
    g_assert_null(engine_local(&params, &error));
    g_assert_nonnull(strstr(error->message, "/nowhere/rushes-worker"));
}

static void a_worker_that_does_not_greet_is_a_failure(void)
{
    struct pool pool;
    pool_open(&pool);
    g_autoptr(GError) error = NULL;
    struct local_params params = {.worker = "/bin/false"};
    struct engine *engine = engine_local(&params, &error);
    g_auto(task_ptr) task = pool_task(1, "nothing");
    struct failure failure = {0};
    g_assert_false(engine->ops->start(engine, task, pool.dir, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_INTERNAL);
    failure_clear(&failure);
    engine_destroy(engine);
    pool_close(&pool);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_task_reads_its_inputs_and_writes_its_parts);
    TEST(a_part_of_an_earlier_attempt_is_made_anew);
    TEST(an_input_that_changes_while_it_is_read_fails_as_damaged);
    TEST(an_input_that_is_not_what_was_planned_is_not_read);
    TEST(six_hundred_files_arrive_in_order);
    TEST(each_death_has_its_class);
    TEST(a_killed_task_ends_with_the_given_reason);
    TEST(files_that_cannot_be_opened_have_their_class);
    TEST(progress_is_heard_but_not_too_often);
    TEST(what_a_task_leaves_behind_is_killed);
    TEST(a_dead_worker_ends_its_tasks_and_is_replaced);
    if (g_test_slow()) /* some seconds */
        TEST(a_stopped_worker_is_replaced);
    TEST(a_start_survives_the_death_of_the_worker);
    TEST(everything_dies_with_the_supervisor);
    TEST(many_tasks_leave_a_worker_as_large_as_few);
    TEST(tasks_cost_little);
    TEST(a_worker_that_is_not_there_is_an_error_in_words);
    TEST(a_worker_that_does_not_greet_is_a_failure);
    return g_test_run();
}
