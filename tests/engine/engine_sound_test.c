/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two workers: which tasks go to the sound worker, and what becomes of them. */
#include "pool.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The fake worker under another name, which it goes by. */
static void open_both(struct pool *pool)
{
    pool_open(pool);
    engine_destroy(pool->engine);
    g_autofree char *sound = pool_path(pool, "sound_worker");
    g_assert_cmpint(symlink(FAKE_WORKER, sound), ==, 0);
    const struct local_params params = {.worker = FAKE_WORKER, .sound_worker = sound};
    g_autoptr(GError) error = NULL;
    pool->engine = engine_local(&params, &error);
    g_assert_no_error(error);
}

static struct task *made(const char *act, enum task_kind kind, const char *container)
{
    struct task *task = task_create(kind);
    task->id = 1;
    task->threads = 1;
    task->media = KIND_AUDIO;
    g_free(task->label);
    task->label = g_strdup(act);
    task->source = facts_create();
    task->source->kind = KIND_AUDIO;
    task->source->container = g_strdup(container);
    task->source->codec = g_strdup(strcmp(container, "flac") == 0 ? "flac" : "pcm_s16le");
    return task;
}

static struct task_output *add_output(const struct pool *pool, struct task *task,
                                      const char *container)
{
    g_autofree char *name = g_strdup_printf(".%s.part", container);
    pool_add_part(pool, task, name);
    struct task_output *output = task_add_output(task, (int)task->files->len - 1);
    output->encode = encode_create();
    output->encode->container = g_strdup(container);
    return output;
}

static void expect_by(const struct pool *pool, struct task *task, const char *worker)
{
    g_auto(result_ptr) result = pool_run(pool, task);
    g_assert_cmpint(result->failure.class, ==, FAIL_NONE);
    const struct output_result *first = result->outputs->pdata[0];
    g_assert_cmpstr(first->notes->pdata[0], ==, worker);
}

static struct task *render(const struct pool *pool, const char *from, const char *to,
                           const char *step)
{
    struct task *task = made("name", TASK_RENDER, from);
    pool_add_input(pool, task, "in", "x");
    struct task_output *output = add_output(pool, task, to);
    if (step)
        g_ptr_array_add(output->steps, step_call_create(step, NULL));
    return task;
}

static void sound_files_are_rendered_by_the_sound_worker(void)
{
    struct pool pool;
    open_both(&pool);
    expect_by(&pool, render(&pool, "wav", "wav", "loudness"), "sound_worker");
    expect_by(&pool, render(&pool, "flac", "aiff", "gain"), "sound_worker");
    expect_by(&pool, render(&pool, "w64", "flac", NULL), "sound_worker");
    pool_close(&pool);
}

static void what_takes_a_codec_or_a_filter_is_not(void)
{
    struct pool pool;
    open_both(&pool);
    expect_by(&pool, render(&pool, "mp3", "wav", NULL), "fake_worker");
    expect_by(&pool, render(&pool, "wav", "m4a", NULL), "fake_worker");
    expect_by(&pool, render(&pool, "wav", "wav", "fade"), "fake_worker");
    struct task *shared = render(&pool, "wav", "wav", NULL);
    g_ptr_array_add(shared->steps, step_call_create("denoise", NULL));
    expect_by(&pool, shared, "fake_worker");
    struct task *both = render(&pool, "wav", "wav", NULL);
    add_output(&pool, both, "mp3");
    expect_by(&pool, both, "fake_worker");
    struct task *film = render(&pool, "mov", "wav", NULL);
    film->media = film->source->kind = KIND_VIDEO;
    expect_by(&pool, film, "fake_worker");
    pool_close(&pool);
}

/* DTS on a compact disc is in a WAVE file that says PCM. */
static void what_libsndfile_would_take_for_samples_is_not(void)
{
    struct pool pool;
    open_both(&pool);
    static const char *const others[] = {"dts", "ac3", "adpcm_ms", NULL};
    for (const char *const *codec = others; *codec; codec++) {
        struct task *task = render(&pool, "wav", "wav", NULL);
        g_free(task->source->codec);
        task->source->codec = g_strdup(*codec);
        expect_by(&pool, task, "fake_worker");
    }
    pool_close(&pool);
}

static struct task *probe(const struct pool *pool, const char *one, const char *other)
{
    struct task *task = task_create(TASK_PROBE);
    task->id = 1;
    task->threads = 1;
    g_free(task->label);
    task->label = g_strdup("name");
    pool_add_input(pool, task, one, "x");
    pool_add_input(pool, task, other, "x");
    return task;
}

static void waves_are_probed_by_the_sound_worker_and_all_else_is_not(void)
{
    struct pool pool;
    open_both(&pool);
    expect_by(&pool, probe(&pool, "a.wav", "b.WAV"), "sound_worker");
    expect_by(&pool, probe(&pool, "a.wav", "b.mov"), "fake_worker");
    struct task *measured = probe(&pool, "a.wav", "b.wav");
    measured->measure = true;
    expect_by(&pool, measured, "fake_worker");
    pool_close(&pool);
}

static void what_the_sound_worker_lacks_the_full_one_does_from_the_start(void)
{
    struct pool pool;
    open_both(&pool);
    struct task *task = made("elsewhere", TASK_RENDER, "wav");
    pool_add_input(&pool, task, "in", "x");
    add_output(&pool, task, "wav");
    expect_by(&pool, task, "fake_worker");
    g_autofree char *part = pool_path(&pool, ".wav.part"), *text = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(part, &text, &length, NULL));
    g_assert_cmpuint(length, ==, 0); /* not half of the first attempt */
    pool_close(&pool);
}

static void without_a_sound_worker_the_full_one_does_all(void)
{
    struct pool pool;
    pool_open(&pool);
    expect_by(&pool, render(&pool, "wav", "wav", "gain"), "fake_worker");
    engine_destroy(pool.engine);
    const struct local_params params = {.worker = FAKE_WORKER, .sound_worker = "/bin/false"};
    pool.engine = engine_local(&params, NULL);
    expect_by(&pool, render(&pool, "wav", "wav", "gain"), "fake_worker");
    pool_close(&pool);
}

static struct task *labelled(struct task *task, int id, const char *act)
{
    task->id = id;
    g_free(task->label);
    task->label = g_strdup(act);
    return task;
}

static void the_death_of_one_worker_is_not_that_of_the_other(void)
{
    struct pool pool;
    struct failure failure = {FAIL_NONE, NULL}, why = {FAIL_TIMEOUT, (char *)"enough"};
    open_both(&pool);
    g_auto(result_ptr) who =
        pool_run(&pool, labelled(render(&pool, "wav", "wav", NULL), 3, "leave"));
    const struct output_result *first = who->outputs->pdata[0];
    g_auto(task_ptr) sound = labelled(render(&pool, "wav", "wav", NULL), 1, "hang");
    g_auto(task_ptr) full = pool_task(2, "hang");
    g_assert_true(pool_start(&pool, full, &failure) && pool_start(&pool, sound, &failure));
    kill(atoi(first->notes->pdata[1]), SIGKILL); /* the parent of that task */
    int ended;
    g_auto(result_ptr) died = pool_ended(&pool, &ended);
    g_assert_cmpint(ended, ==, 1);
    g_assert_cmpint(died->failure.class, ==, FAIL_CRASH);
    pool.engine->ops->kill(pool.engine, 2, &why);
    g_auto(result_ptr) killed = pool_ended(&pool, &ended);
    g_assert_cmpint(ended, ==, 2);
    g_assert_cmpint(killed->failure.class, ==, FAIL_TIMEOUT);
    pool_close(&pool);
}

/* Not again and again. */
static void what_the_full_worker_lacks_nobody_has(void)
{
    struct pool pool;
    open_both(&pool);
    g_auto(result_ptr) full = pool_run(&pool, pool_task(1, "lack"));
    g_assert_cmpint(full->failure.class, ==, FAIL_CRASH);
    g_auto(result_ptr) both =
        pool_run(&pool, labelled(render(&pool, "wav", "wav", NULL), 2, "lack"));
    g_assert_cmpint(both->failure.class, ==, FAIL_CRASH);
    pool_close(&pool);
}

static void a_kill_is_told_of_also_where_the_worker_was_lacking_something(void)
{
    struct pool pool;
    int ended;
    struct failure failure = {FAIL_NONE, NULL}, why = {FAIL_TIMEOUT, (char *)"enough"};
    open_both(&pool);
    g_auto(task_ptr) task = labelled(render(&pool, "wav", "wav", NULL), 1, "elsewhere");
    g_assert_true(pool_start(&pool, task, &failure));
    g_usleep(300000); /* it has ended, and nobody has heard of it */
    pool.engine->ops->kill(pool.engine, 1, &why);
    g_auto(result_ptr) killed = pool_ended(&pool, &ended);
    g_assert_cmpint(killed->failure.class, ==, FAIL_TIMEOUT);
    g_assert_cmpstr(killed->failure.message, ==, "enough");
    pool_close(&pool);
}

static void a_sound_worker_that_died_and_is_gone_is_not_missed(void)
{
    struct pool pool;
    siginfo_t about;
    open_both(&pool);
    g_auto(result_ptr) who =
        pool_run(&pool, labelled(render(&pool, "wav", "wav", NULL), 1, "leave"));
    const struct output_result *first = who->outputs->pdata[0];
    pid_t worker = atoi(first->notes->pdata[1]);
    g_autofree char *path = pool_path(&pool, "sound_worker");
    g_assert_cmpint(unlink(path), ==, 0);
    kill(worker, SIGKILL);
    g_assert_cmpint(waitid(P_PID, (id_t)worker, &about, WEXITED | WNOWAIT), ==, 0);
    expect_by(&pool, render(&pool, "wav", "wav", NULL), "fake_worker");
    expect_by(&pool, render(&pool, "wav", "wav", NULL), "fake_worker");
    pool_close(&pool);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(sound_files_are_rendered_by_the_sound_worker);
    TEST(what_takes_a_codec_or_a_filter_is_not);
    TEST(waves_are_probed_by_the_sound_worker_and_all_else_is_not);
    TEST(what_the_sound_worker_lacks_the_full_one_does_from_the_start);
    TEST(without_a_sound_worker_the_full_one_does_all);
    TEST(what_libsndfile_would_take_for_samples_is_not);
    TEST(what_the_full_worker_lacks_nobody_has);
    TEST(a_kill_is_told_of_also_where_the_worker_was_lacking_something);
    TEST(a_sound_worker_that_died_and_is_gone_is_not_missed);
    TEST(the_death_of_one_worker_is_not_that_of_the_other);
    return g_test_run();
}
