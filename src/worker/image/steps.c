/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps on a still, and the file that it becomes. */
#include "steps.h"

#include "../still_alpha.h"
#include "model/still_format.h"

#include <math.h>

static int param_file(const struct face_env *env, const char *param)
{
    const struct job job = {.task = env->task, .fds = env->fds};
    return job_param_fd(&job, env->call, param);
}

void *image_params(const struct step_call *call, struct failure *failure)
{
    const struct params *table = &faces_find(call->name)->step->params;
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(table);
    if (params_parse(table, call->params, call->name, false, params, diag))
        return params;
    g_autofree char *text = diag_text(diag, false);
    fail(failure, FAIL_CONFIG, "%s", g_strchomp(text));
    params_free(table, params);
    return NULL;
}

struct face_env image_env(const struct image_job *on, const struct step_call *call)
{
    return (struct face_env){.source = on->job->task->source,
                             .measured = call->measured,
                             .file = param_file,
                             .task = on->job->task,
                             .call = call,
                             .output = on->output,
                             .fds = on->job->fds};
}

static bool apply(const struct image_job *on, struct still *still, const struct step_call *call,
                  struct failure *failure)
{
    const struct faces *faces = faces_find(call->name);
    if (!faces)
        return fail(failure, FAIL_INTERNAL, "there is no step %s", call->name);
    if (!faces->image) {
        still_note(still, "%s means nothing to a still: passed over", call->name);
        return true;
    }
    void *params = image_params(call, failure);
    if (!params)
        return false;
    const struct face_env env = image_env(on, call);
    const bool fine = faces->image(still, params, &env, failure);
    params_free(&faces->step->params, params);
    return fine;
}

bool image_steps(const struct image_job *on, struct still *still, const GPtrArray *calls,
                 guint from, guint end, struct failure *failure)
{
    for (guint i = from; i < end; i++)
        if (!apply(on, still, calls->pdata[i], failure))
            return false;
    return true;
}

static bool take_profile(const struct job *job, struct still *still, const struct encode *encode,
                         struct failure *failure)
{
    int fd = job_profile_fd(job, encode);
    return fd < 0 || still_take_profile(still, fd, failure);
}

void image_take_notes(struct output_result *result, const struct still *still)
{
    const GPtrArray *notes = still_notes(still);
    for (guint i = 0; i < notes->len; i++)
        g_ptr_array_add(result->notes, g_strdup(notes->pdata[i]));
}

static bool had_alpha(const struct task *task)
{
    bool any = task->source && task->source->alpha;
    for (guint i = 0; i < task_sources(task) && task_joins(task); i++)
        any |= ((const struct facts *)task->parts->pdata[i])->alpha;
    return any;
}

/* As it came out of the steps. */
struct alpha {
    bool has, half_solid;
};

static void add_alpha(const struct job *job, const struct alpha *alpha, const char *format,
                      const struct encode_image *encode, struct output_result *result)
{
    const bool has = alpha->has;
    if (!had_alpha(job->task))
        return;
    const bool sheet = task_joins(job->task);
    g_autofree char *why = has     ? NULL
                           : sheet ? g_strdup("a sheet has none: it was laid on a colour")
                                   : g_strdup("the steps leave none");
    const enum carried_fate fate = has ? still_alpha_fate(format, encode, alpha->half_solid, &why)
                                   : sheet ? FATE_DROPPED
                                           : FATE_CHANGED;
    const struct carried_row row = {.keep = KEEP_ALPHA,
                                    .stream = -1,
                                    .what = (char *)"transparency",
                                    .after = fate == FATE_KEPT ? result->claim.pix_fmt : NULL,
                                    .fate = fate,
                                    .why = why};
    if (!result->claim.carried)
        result->claim.carried = carried_new();
    g_ptr_array_add(result->claim.carried, carried_copy(&row));
    if (fate == FATE_DROPPED)
        g_ptr_array_add(result->notes, g_strdup_printf("dropped: transparency: %s", why));
}

void image_write(const struct job *job, struct still *still, const struct task_output *output,
                 struct output_result *result)
{
    const struct encode *encode = output->encode;
    const char *format = encode->image.format ? encode->image.format : encode->container;
    const struct still_format *known = still_format_find(format, &encode->image);
    struct alpha alpha = {.has = still_shape(still).alpha};
    alpha.half_solid = alpha.has && known && known->palette && still_half_solid(still);
    if (take_profile(job, still, encode, &result->failure) &&
        still_write(still, format, &encode->image, job->fds[output->file], &result->claim,
                    &result->failure)) {
        result->claim.carried = carried_copy_all(still_carried(still));
        add_alpha(job, &alpha, format, &encode->image, result);
    }
    image_take_notes(result, still);
}

static void say(const struct job *job, const char *stage, double fraction, int64_t pieces)
{
    struct progress progress = {.fraction = fraction, .frames = pieces, .fps = NAN, .speed = NAN};
    g_strlcpy(progress.stage, stage, sizeof progress.stage);
    if (job->speaker)
        speak_progress(job->speaker, &progress);
}

static void heard(void *data, double fraction)
{
    struct image_hearing *hearing = data;
    const double share = hearing->from + fraction * (hearing->to - hearing->from);
    hearing->most = fmax(hearing->most, fmin(share, 0.999));
    hearing->pieces++;
    say(hearing->job, "picture", hearing->most, hearing->pieces);
}

void image_hear(struct image_hearing *hearing, const struct job *job)
{
    *hearing = (struct image_hearing){.listener = {heard, hearing}, .job = job};
}

void image_hear_share(struct image_hearing *hearing, double from, double to)
{
    hearing->from = from;
    hearing->to = to;
}

void image_say(const struct job *job, const char *stage, double fraction)
{
    say(job, stage, fraction, 0);
}
