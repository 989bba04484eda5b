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
                        guint first, struct failure *failure)
{
    for (guint i = first; i < steps->len; i++)
        if (!apply_step(job, still, steps->pdata[i], failure))
            return false;
    return true;
}

/* What the first of these steps needs of a picture of that size. */
static struct least least_of(const GPtrArray *steps, int width, int height)
{
    struct least all = {width, height, false};
    const struct step_call *call = steps->len ? steps->pdata[0] : NULL;
    const struct faces *faces = call ? faces_find(call->name) : NULL;
    least_face *least = faces ? faces_least(faces->step) : NULL;
    if (!least)
        return all;
    g_auto(diag_ptr) diag = diag_create();
    const struct params *table = &faces->step->params;
    void *params = params_new(table);
    if (params_parse(table, call->params, call->name, false, params, diag))
        all = least(params, width, height);
    all.whole = all.whole && all.width <= width && all.height <= height;
    params_free(table, params);
    return all;
}

static void say(const struct job *job, const char *stage, double fraction)
{
    struct progress progress = {.fraction = fraction, .fps = NAN, .speed = NAN};
    g_strlcpy(progress.stage, stage, sizeof progress.stage);
    if (job->speaker)
        speak_progress(job->speaker, &progress);
}

/* What all that is made of the source needs of it. */
static void ask_least(const struct job *job, struct still_opts *opts)
{
    struct failure unread = {FAIL_NONE, NULL}; /* it will be said on opening */
    int width, height;
    if (!still_size(job->fds[0], &width, &height, &unread)) {
        failure_clear(&unread);
        return;
    }
    const struct task *task = job->task;
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        struct least least =
            least_of(task->steps->len ? task->steps : output->steps, width, height);
        opts->least_width = MAX(opts->least_width, least.width);
        opts->least_height = MAX(opts->least_height, least.height);
    }
}

static struct still *open_source(const struct job *job, struct failure *failure)
{
    struct still_opts opts = {.damaged_allow = job->task->damaged_allow,
                              .animated = wants_frames(job->task),
                              .threads = job->task->threads};
    ask_least(job, &opts);
    g_auto(still_ptr) still = still_open(job->fds[0], &opts, failure);
    if (!still || !apply_steps(job, still, job->task->steps, 0, failure))
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

/* An output to be made, and the picture after its first step where smaller ones can be made of
 * it. */
struct making {
    const struct task_output *output;
    struct output_result *result;
    struct least least;
    struct still *scaled;
};

static void making_clear(void *data)
{
    still_close(((struct making *)data)->scaled);
}

static int larger_first(const void *a, const void *b)
{
    const struct making *one = a, *other = b;
    const double pixels = (double)one->least.width * one->least.height,
                 others = (double)other->least.width * other->least.height;
    return (pixels < others) - (pixels > others);
}

enum { ENOUGH = 2 /* times as large: what is mixed twice differs little then */ };

/* The smallest picture made so far that is enough for the next, else the source. */
static struct still *source_of(const struct still *source, const GArray *makings, guint next)
{
    const struct least *least = &g_array_index(makings, struct making, next).least;
    for (guint i = next; i-- > 0;) {
        const struct making *made = &g_array_index(makings, struct making, i);
        if (made->scaled && made->least.width >= ENOUGH * least->width &&
            made->least.height >= ENOUGH * least->height)
            return still_smaller(source, made->scaled);
    }
    return still_fork(source);
}

static bool apply_own(const struct job *job, struct still *still, struct making *making,
                      struct failure *failure)
{
    const GPtrArray *steps = making->output->steps;
    if (!making->least.whole)
        return apply_steps(job, still, steps, 0, failure);
    if (!apply_step(job, still, steps->pdata[0], failure))
        return false;
    making->scaled = still_fork(still);
    return apply_steps(job, still, steps, 1, failure);
}

static void render(const struct job *job, struct still *still, struct making *making)
{
    const struct encode *encode = making->output->encode;
    const char *format = encode->image.format ? encode->image.format : encode->container;
    struct output_result *result = making->result;
    if (apply_own(job, still, making, &result->failure) &&
        take_profile(job, still, encode, &result->failure))
        still_write(still, format, &encode->image, job->fds[making->output->file], &result->claim,
                    &result->failure);
    take_notes(result, still);
}

static GArray *all_of(const struct job *job, const struct still *source, struct result *result)
{
    const GPtrArray *outputs = job->task->outputs;
    const struct still_shape shape = still_shape(source);
    GArray *makings = g_array_new(FALSE, TRUE, sizeof(struct making));
    g_array_set_clear_func(makings, making_clear);
    for (guint i = 0; i < outputs->len; i++) {
        const struct task_output *output = outputs->pdata[i];
        const struct making making = {output, result->outputs->pdata[i],
                                      least_of(output->steps, shape.width, shape.height), NULL};
        g_array_append_val(makings, making);
    }
    g_array_sort(makings, larger_first);
    return makings;
}

static void render_all(const struct job *job, const struct still *source, struct result *result)
{
    g_autoptr(GArray) makings = all_of(job, source, result);
    for (guint i = 0; i < makings->len; i++) {
        say(job, "encode", (i + 1.0) / (makings->len + 1));
        g_auto(still_ptr) still = source_of(source, makings, i);
        render(job, still, &g_array_index(makings, struct making, i));
    }
}

void worker_render_image(const struct job *job, struct result *result)
{
    say(job, "decode", 0);
    g_auto(still_ptr) source = open_source(job, &result->failure);
    for (guint i = 0; i < job->task->outputs->len; i++) {
        struct output_result *one = result_add_output(result);
        if (!source)
            fail(&one->failure, result->failure.class, "%s", result->failure.message);
    }
    if (source)
        render_all(job, source, result);
}
