/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders a still to its outputs: decoded once, shared steps once, then a fork for each output. */
#include "worker/run.h"

#include "media/still_file.h"
#include "steps/faces.h"
#include "steps/list.h"

#include <math.h>

static int param_file(const struct face_env *env, const char *param)
{
    const struct job job = {.task = env->task, .fds = env->fds};
    return job_param_fd(&job, env->call, param);
}

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

static bool apply_face(struct still *still, const struct faces *faces, const struct face_env *env,
                       struct failure *failure)
{
    const struct params *table = &faces->step->params;
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(table);
    bool fine = params_parse(table, env->call->params, env->call->name, false, params, diag);
    if (!fine) {
        g_autofree char *text = diag_text(diag, false);
        fail(failure, FAIL_CONFIG, "%s", g_strchomp(text));
    }
    fine = fine && faces->image(still, params, env, failure);
    params_free(table, params);
    return fine;
}

static bool apply_step(const struct job *job, struct still *still, const struct step_call *call,
                       struct failure *failure)
{
    const struct faces *faces = faces_find(call->name);
    if (!faces)
        return fail(failure, FAIL_INTERNAL, "there is no step %s", call->name);
    if (!faces->image) {
        still_note(still, "%s means nothing to a still: passed over", call->name);
        return true;
    }
    const struct face_env env = {.source = job->task->source,
                                 .measured = call->measured,
                                 .file = param_file,
                                 .task = job->task,
                                 .call = call,
                                 .fds = job->fds};
    return apply_face(still, faces, &env, failure);
}

static bool apply_steps(const struct job *job, struct still *still, const GPtrArray *steps,
                        struct failure *failure)
{
    for (guint i = 0; i < steps->len; i++)
        if (!apply_step(job, still, steps->pdata[i], failure))
            return false;
    return true;
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

static void say(const struct job *job, const char *stage, double fraction)
{
    struct progress progress = {.fraction = fraction, .fps = NAN, .speed = NAN};
    g_strlcpy(progress.stage, stage, sizeof progress.stage);
    if (job->speaker)
        speak_progress(job->speaker, &progress);
}

static struct still *open_source(const struct job *job, bool half, struct failure *failure)
{
    const struct still_opts opts = {.damaged_allow = job->task->damaged_allow,
                                    .animated = wants_frames(job->task),
                                    .threads = job->task->threads,
                                    .half = half};
    g_auto(still_ptr) still = still_open(job->fds[0], &opts, failure);
    if (!still || !apply_steps(job, still, job->task->steps, failure))
        return NULL;
    if (job->task->outputs->len > 1 && job->task->steps->len && !still_settle(still, failure))
        return NULL;
    return g_steal_pointer(&still);
}

static void take_notes(struct output_result *result, const struct still *still)
{
    const GPtrArray *notes = still_notes(still);
    for (guint i = 0; i < notes->len; i++)
        g_ptr_array_add(result->notes, g_strdup(notes->pdata[i]));
}

static bool take_profile(const struct job *job, struct still *still, const struct encode *encode,
                         struct failure *failure)
{
    int fd = job_profile_fd(job, encode);
    return fd < 0 || still_take_profile(still, fd, failure);
}

static void render(const struct job *job, const struct still *source,
                   const struct task_output *output, struct output_result *result)
{
    g_auto(still_ptr) still = still_fork(source);
    const struct encode *encode = output->encode;
    const char *format = encode->image.format ? encode->image.format : encode->container;
    if (apply_steps(job, still, output->steps, &result->failure) &&
        take_profile(job, still, encode, &result->failure))
        still_write(still, format, &encode->image, job->fds[output->file], &result->claim,
                    &result->failure);
    take_notes(result, still);
}

/* Those outputs for which half of the source's size will do, or those for which it won't. */
static void render_those(const struct job *job, const bool *halves, bool half,
                         struct result *result)
{
    const GPtrArray *outputs = job->task->outputs;
    g_auto(still_ptr) source = NULL;
    struct failure failure = {FAIL_NONE, NULL};
    for (guint i = 0; i < outputs->len; i++) {
        struct output_result *one = result->outputs->pdata[i];
        if (halves[i] != half)
            continue;
        say(job, "decode", (double)i / outputs->len);
        if (!source && failure.class == FAIL_NONE)
            source = open_source(job, half, &failure);
        if (source)
            render(job, source, outputs->pdata[i], one);
        else
            fail(&one->failure, failure.class, "%s", failure.message);
    }
    failure_clear(&failure);
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
    g_autofree bool *halves = all_halves(job);
    render_those(job, halves, false, result);
    render_those(job, halves, true, result);
}
