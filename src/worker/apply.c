/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the steps of a task to the stages of a chain. */
#include "apply.h"

#include "base/diag.h"
#include "steps/faces.h"

GHashTable *tags_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static int file_of(const struct face_env *env, const char *param)
{
    const struct job job = {.task = env->task, .fds = env->fds};
    return job_param_fd(&job, env->call, param);
}

static bool apply_step(struct chain *chain, const struct faces *faces, const struct face_env *env,
                       struct failure *failure)
{
    bool video = chain_type(chain) == AVMEDIA_TYPE_VIDEO;
    const struct params *table = &faces->step->params;
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(table);
    bool done = params_parse(table, env->call->params, env->call->name, false, params, diag);
    if (!done) {
        g_autofree char *text = diag_text(diag, false);
        fail(failure, FAIL_CONFIG, "step %s: %s", env->call->name, text);
    } else {
        done = (video ? faces->video : faces->audio)(chain, params, env, failure);
        if (!done)
            fail(failure, FAIL_INTERNAL, "step %s failed without a reason", env->call->name);
    }
    params_free(table, params);
    return done;
}

bool apply_those(struct chain *chain, const struct job *job, const GPtrArray *steps,
                 enum steps_for whom, GHashTable *tags, struct failure *failure)
{
    bool video = chain_type(chain) == AVMEDIA_TYPE_VIDEO;
    for (guint i = 0; steps && i < steps->len; i++) {
        const struct step_call *call = steps->pdata[i];
        const struct faces *faces = faces_find(call->name);
        const struct face_env env = {
            .source = job->task->source,
            .measured = call->measured,
            .file = file_of,
            .task = job->task,
            .call = call,
            .fds = job->fds,
            .tags = tags,
            .aside = whom == STEPS_ASIDE,
        };
        if (!faces)
            return fail(failure, FAIL_CONFIG, "there is no step \"%s\"", call->name);
        if (!(video ? (bool)faces->video : (bool)faces->audio) ||
            (whom == STEPS_ASIDE && faces->step->faces == KIND_AUDIO))
            continue;
        if (!apply_step(chain, faces, &env, failure))
            return false;
    }
    return true;
}

bool apply_steps(struct chain *chain, const struct job *job, const GPtrArray *steps,
                 GHashTable *tags, struct failure *failure)
{
    return apply_those(chain, job, steps, STEPS_ALL, tags, failure);
}
