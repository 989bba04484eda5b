/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders a still to its outputs: decoded once, shared steps once, then a fork for each output. */
#include "steps.h"

#include "media/glance.h"

static bool wants_frames(const struct task *task)
{
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        const struct encode *encode = output->encode;
        if (!g_strcmp0(encode->image.format ? encode->image.format : encode->container, "webp"))
            return true;
    }
    return false;
}

/* Whether a picture of half that size, upright, is enough for the first of these steps. Each output
 * answers for itself: its pixels don't depend on what else is made of its source. */
static bool half_will_do(const GPtrArray *steps, int width, int height)
{
    const struct step_call *call = steps->len ? steps->pdata[0] : NULL;
    const struct faces *faces = call ? faces_find(call->name) : NULL;
    half_face *half = faces ? faces_half(faces->step) : NULL;
    if (!half)
        return false;
    g_auto(diag_ptr) diag = diag_create();
    const struct params *table = &faces->step->params;
    void *params = params_new(table);
    bool will_do = params_parse(table, call->params, call->name, false, params, diag) &&
                   half(params, width, height);
    params_free(table, params);
    return will_do;
}

static struct still *open_source(const struct job *job, bool half,
                                 const struct still_listener *listener, struct failure *failure)
{
    const struct image_job shared = {job, NULL};
    const struct still_opts opts = {.damaged_allow = job->task->damaged_allow,
                                    .animated = wants_frames(job->task),
                                    .threads = job->task->threads,
                                    .half = half,
                                    .listener = listener};
    g_auto(still_ptr) still = still_open(job->fds[0], &opts, failure);
    if (!still)
        return NULL;
    if (!image_steps(&shared, still, job->task->steps, 0, job->task->steps->len, failure))
        return NULL;
    if (job->task->outputs->len > 1 && job->task->steps->len && !still_settle(still, failure))
        return NULL;
    return g_steal_pointer(&still);
}

static void render(const struct job *job, const struct still *source,
                   const struct task_output *output, struct output_result *result)
{
    g_auto(still_ptr) still = still_fork(source);
    const struct image_job own = {job, output};
    if (image_steps(&own, still, output->steps, 0, output->steps->len, &result->failure))
        image_write(job, still, output, result);
    else
        image_take_notes(result, still);
}

/* Of the work on the first output. */
static const double DECODE_SHARE = 0.3;

/* Those outputs for which half of the source's size will do, or those for which it won't. */
static void render_those(const struct job *job, const bool *halves, bool half,
                         struct result *result)
{
    const GPtrArray *outputs = job->task->outputs;
    struct image_hearing hearing;
    g_auto(still_ptr) source = NULL;
    struct failure failure = {FAIL_NONE, NULL};
    image_hear(&hearing, job);
    for (guint i = 0; i < outputs->len; i++) {
        struct output_result *one = result->outputs->pdata[i];
        if (halves[i] != half)
            continue;
        image_say(job, "decode", (double)i / outputs->len);
        image_hear_share(&hearing, (double)i / outputs->len, (i + DECODE_SHARE) / outputs->len);
        if (!source && failure.class == FAIL_NONE)
            source = open_source(job, half, &hearing.listener, &failure);
        image_hear_share(&hearing, hearing.most, (i + 1.0) / outputs->len);
        if (source)
            render(job, source, outputs->pdata[i], one);
        else
            fail(&one->failure, failure.class, "%s", failure.message);
    }
    failure_clear(&failure);
}

static bool any_good(const struct result *result)
{
    for (guint i = 0; i < result->outputs->len; i++)
        if (((struct output_result *)result->outputs->pdata[i])->failure.class == FAIL_NONE)
            return true;
    return false;
}

/* Decoding a photograph once more takes a third of what its outputs take. */
enum { SMALL_PIXELS = 4000000 };

static bool is_small(const struct facts *source)
{
    return source && (int64_t)source->width * source->height <= SMALL_PIXELS;
}

/* What was refused is not opened again. */
static void look_at_source(const struct job *job, struct result *result)
{
    g_autoptr(GBytes) before = !any_good(result)             ? NULL
                               : is_small(job->task->source) ? glimpse_of_still(job->fds[0])
                                                             : glimpse_at_hand(job->fds[0]);
    for (guint i = 0; before && i < result->outputs->len; i++) {
        struct output_result *output = result->outputs->pdata[i];
        if (output->failure.class != FAIL_NONE)
            continue;
        output->glance = glance_create();
        output->glance->before = g_bytes_ref(before);
    }
}

static bool *all_halves(const struct job *job)
{
    const struct task *task = job->task;
    const struct facts *source = task->source;
    bool *halves = g_new0(bool, task->outputs->len);
    for (guint i = 0; source && i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        halves[i] = half_will_do(task->steps->len ? task->steps : output->steps, source->width,
                                 source->height);
    }
    return halves;
}

void worker_render_image(const struct job *job, struct result *result)
{
    for (guint i = 0; i < job->task->outputs->len; i++)
        result_add_output(result);
    if (task_joins(job->task)) {
        image_render_sheets(job, result);
        return;
    }
    g_autofree bool *halves = all_halves(job);
    render_those(job, halves, false, result);
    render_those(job, halves, true, result);
    look_at_source(job, result);
}
