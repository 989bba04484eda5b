/* SPDX-License-Identifier: GPL-3.0-or-later
 * The made-up engine and its clock. */
#include "fake.h"

#include "model/expect.h"

#include <math.h>

struct attempt {
    int task;
    struct act act;
    int64_t end_us, speak_us, frames;
    struct failure why;
};

static struct plan_task *planned(const struct fake *fake, int task)
{
    return fake->plan->tasks->pdata[task];
}

static struct act next_act(struct fake *fake, int task)
{
    GArray *acts = fake->acts->pdata[task];
    if (!acts)
        return (struct act){0};
    struct act act = g_array_index(acts, struct act, 0);
    if (acts->len > 1)
        g_array_remove_index(acts, 0);
    return act;
}

static void add_attempt(struct fake *fake, int task, const struct act *act)
{
    struct attempt *a = g_new0(struct attempt, 1);
    double seconds = act->seconds > 0 ? act->seconds : planned(fake, task)->seconds;
    a->task = task;
    a->act = *act;
    a->end_us = act->hangs ? INT64_MAX : fake->now_us + (int64_t)(seconds * 1e6);
    a->speak_us = act->speaks_s > 0 ? fake->now_us + (int64_t)(act->speaks_s * 1e6) : INT64_MAX;
    g_ptr_array_add(fake->running, a);
    fake->running_most = MAX(fake->running_most, fake->running->len);
    fake->memory_used += planned(fake, task)->memory_bytes;
    fake->memory_most = MAX(fake->memory_most, fake->memory_used);
}

static bool start(struct engine *engine, const struct task *task, const char *dir,
                  struct failure *failure)
{
    struct fake *fake = (struct fake *)engine;
    struct act act = next_act(fake, task->id);
    g_string_append_printf(fake->log, "start %d x%d\n", task->id, task->threads);
    if (act.refuses)
        return fail(failure, act.fails, "made to fail");
    add_attempt(fake, task->id, &act);
    return true;
}

static void add_outputs(const struct attempt *a, const struct task *task, struct result *result)
{
    for (guint i = 0; i < task->outputs->len; i++) {
        struct output_result *output = result_add_output(result);
        output->claim.frames = 100 + i;
        if (a->act.failed_output == i + 1)
            fail(&output->failure, FAIL_DISK, "%s", a->act.says ? a->act.says : "made to fail");
        if (task->kind != TASK_MEASURE)
            continue;
        output->measured = facts_create();
        output->measured->integrated_lufs = -19.5;
        output->measured->width = 640;
    }
}

static void add_check(const struct attempt *a, struct result *result)
{
    struct check *check = g_new0(struct check, 1);
    check->name = g_strdup("width");
    check->pass = !a->act.fails_check;
    g_ptr_array_add(result->checks, check);
}

static struct result *result_of(const struct fake *fake, const struct attempt *a)
{
    struct result *result = result_create();
    const struct task *task = planned(fake, a->task)->task;
    if (a->why.class != FAIL_NONE)
        fail(&result->failure, a->why.class, "%s", a->why.message);
    else if (a->act.fails != FAIL_NONE)
        fail(&result->failure, a->act.fails, "%s", a->act.says ? a->act.says : "made to fail");
    else if (task->kind == TASK_VERIFY)
        add_check(a, result);
    else
        add_outputs(a, task, result);
    return result;
}

static struct attempt *earliest(const struct fake *fake, int64_t *at_us)
{
    struct attempt *first = NULL;
    *at_us = INT64_MAX;
    for (guint i = 0; i < fake->running->len; i++) {
        struct attempt *a = fake->running->pdata[i];
        if (MIN(a->end_us, a->speak_us) < *at_us) {
            first = a;
            *at_us = MIN(a->end_us, a->speak_us);
        }
    }
    return first;
}

static void speak(struct attempt *a, struct engine_event *out)
{
    a->speak_us += (int64_t)(a->act.speaks_s * 1e6);
    a->frames += a->act.repeats_itself ? 0 : 1;
    if (a->frames == a->act.speaks_most)
        a->speak_us = INT64_MAX;
    *out = (struct engine_event){
        .news = NEWS_PROGRESS, .task = a->task, .progress = {.frames = a->frames, .fraction = 0.5}};
}

static void end(struct fake *fake, struct attempt *a, struct engine_event *out)
{
    *out = (struct engine_event){.news = NEWS_ENDED, .task = a->task, .result = result_of(fake, a)};
    fake->memory_used -= planned(fake, a->task)->memory_bytes;
    fake->disk_bytes -= a->act.eats_bytes;
    g_ptr_array_remove_fast(fake->running, a);
}

static void wait_for_news(struct engine *engine, int64_t timeout_us, struct engine_event *out)
{
    struct fake *fake = (struct fake *)engine;
    int64_t at_us;
    struct attempt *a = earliest(fake, &at_us);
    *out = (struct engine_event){.news = NEWS_NONE};
    if (!a || at_us > fake->now_us + timeout_us) {
        fake->now_us += timeout_us;
        return;
    }
    fake->now_us = MAX(fake->now_us, at_us);
    if (a->speak_us < a->end_us)
        speak(a, out);
    else
        end(fake, a, out);
}

static void kill_task(struct engine *engine, int task, const struct failure *why)
{
    struct fake *fake = (struct fake *)engine;
    g_string_append_printf(fake->log, "kill %d\n", task);
    for (guint i = 0; i < fake->running->len; i++) {
        struct attempt *a = fake->running->pdata[i];
        if (a->task != task)
            continue;
        fail(&a->why, why->class, "%s", why->message);
        a->end_us = fake->now_us;
        a->speak_us = INT64_MAX;
    }
}

static const struct engine_ops ops = {.start = start, .wait = wait_for_news, .kill = kill_task};

static void attempt_free(void *data)
{
    struct attempt *a = data;
    failure_clear(&a->why);
    g_free(a);
}

static void acts_free(void *data)
{
    if (data)
        g_array_unref(data);
}

static int64_t clock_us(void *self)
{
    return ((struct fake *)self)->now_us;
}

static int64_t wall_us(void *self)
{
    const struct fake *fake = self;
    return fake->wall_us + fake->now_us;
}

static double memory_bytes(void *self)
{
    return 1e12;
}

static double memory_stalled(void *self)
{
    return ((struct fake *)self)->stalled;
}

static double disk_bytes(void *self, const char *folder)
{
    const struct fake *fake = self;
    bool freed = fake->frees_s > 0 && (double)fake->now_us >= fake->frees_s * 1e6;
    return fake->disk_bytes + (freed ? fake->freed_bytes : 0);
}

static double disk_size(void *self, const char *folder)
{
    return ((struct fake *)self)->disk_size;
}

static double load(void *self)
{
    return ((struct fake *)self)->load;
}

static double file_bytes(void *self, const char *path)
{
    return ((struct fake *)self)->part_bytes;
}

struct fake *fake_create(struct plan *plan)
{
    struct fake *fake = g_new0(struct fake, 1);
    fake->engine.ops = &ops;
    fake->plan = plan;
    fake->running = g_ptr_array_new_with_free_func(attempt_free);
    fake->acts = g_ptr_array_new_with_free_func(acts_free);
    g_ptr_array_set_size(fake->acts, (int)plan->tasks->len);
    fake->log = g_string_new(NULL);
    fake->disk_bytes = fake->disk_size = INFINITY;
    fake->machine = (struct machine){.self = fake,
                                     .clock_us = clock_us,
                                     .wall_us = wall_us,
                                     .memory_bytes = memory_bytes,
                                     .memory_stalled = memory_stalled,
                                     .disk_bytes = disk_bytes,
                                     .disk_size = disk_size,
                                     .load = load,
                                     .file_bytes = file_bytes};
    return fake;
}

void fake_destroy(struct fake *fake)
{
    g_ptr_array_unref(fake->running);
    g_ptr_array_unref(fake->acts);
    g_string_free(fake->log, TRUE);
    g_free(fake);
}

void fake_act(struct fake *fake, int task, struct act act)
{
    if (!fake->acts->pdata[task])
        fake->acts->pdata[task] = g_array_new(FALSE, FALSE, sizeof(struct act));
    g_array_append_val((GArray *)fake->acts->pdata[task], act);
}

struct sched *fake_sched(struct fake *fake, struct sched_params params)
{
    params.tasks_dir = "/nowhere";
    params.out_dir = "/out";
    params.machine = &fake->machine;
    params.cores = params.cores ? params.cores : 2;
    return sched_create(fake->plan, &fake->engine, &params);
}

static void write_event(GString *text, const struct event *event)
{
    if (event->kind == EVENT_TASK_FINISHED && event->result->failure.class != FAIL_NONE)
        g_string_append_printf(text, "task %d failed %s\n", event->task,
                               failure_name(event->failure.class));
    else if (event->kind == EVENT_TASK_RETRIED)
        g_string_append_printf(text, "task %d again\n", event->task);
    else if (event->kind == EVENT_RUN_HELD)
        g_string_append_printf(text, "held %s\n", hold_name(event->hold));
    else if (event->kind == EVENT_RUN_CONTINUED)
        g_string_append(text, "continued\n");
    else if (event->kind == EVENT_TASK_CANCELLED)
        g_string_append_printf(text, "task %d cancelled\n", event->task);
    else if (event->kind == EVENT_OUTPUT_ENDED)
        g_string_append_printf(text, "output %d %s\n", event->output,
                               output_status_name(event->status));
}

char *fake_run(struct sched *sched)
{
    GString *text = g_string_new(NULL);
    for (struct event event; sched_next(sched, 1000000, &event);) {
        write_event(text, &event);
        if (event.kind == EVENT_OUTPUT_READY)
            sched_published(sched, event.output, NULL, false);
    }
    return g_string_free(text, FALSE);
}
