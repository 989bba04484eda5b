/* SPDX-License-Identifier: GPL-3.0-or-later
 * Measures the picture of a source as it is after some steps: one pass, any number of steps that
 * look at it. */
#include "media/frame.h"
#include "render.h"
#include "steps/faces.h"

#include "base/diag.h"

#include <math.h>

/* A step that looks, at the end of its own chain. */
struct looker {
    struct output_result *result;
    struct chain *chain; /* NULL: it looks no more */
    GHashTable *tags;    /* nobody's */
    char *seen;
};

static bool look(struct looker *looker, const struct job *job, const struct step_call *call)
{
    struct failure *failure = &looker->result->failure;
    const struct faces *faces = faces_find(call->name);
    look_face *face = faces ? faces_look(faces->step) : NULL;
    if (!face)
        return fail(failure, FAIL_INTERNAL, "step %s doesn't look at pictures", call->name);
    const struct face_env env = {
        .source = job->task->source, .task = job->task, .call = call, .tags = looker->tags};
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(&faces->step->params);
    params_parse(&faces->step->params, call->params, call->name, false, params, diag);
    bool done = face(looker->chain, params, &env, &looker->seen, failure);
    params_free(&faces->step->params, params);
    return done;
}

static void open_looker(struct looker *looker, const struct job *job, const struct chain *trunk,
                        const struct task_output *output)
{
    struct failure *failure = &looker->result->failure;
    g_autoptr(GPtrArray) before = g_ptr_array_new();
    for (guint i = 0; i + 1 < output->steps->len; i++)
        g_ptr_array_add(before, output->steps->pdata[i]);
    looker->tags = tags_new();
    looker->chain = chain_branch(trunk, failure);
    if (!looker->chain || !output->steps->len ||
        !apply_steps(looker->chain, job, before, looker->tags, failure) ||
        !look(looker, job, output->steps->pdata[output->steps->len - 1]))
        g_clear_pointer(&looker->chain, chain_destroy);
}

static void drain(struct looker *looker)
{
    AVFrame *out = frame_new();
    enum chain_got got;
    while ((got = chain_pull(looker->chain, out, &looker->result->failure)) == CHAIN_FRAME)
        av_frame_unref(out);
    av_frame_free(&out);
    if (got == CHAIN_FAILED)
        g_clear_pointer(&looker->chain, chain_destroy);
}

/* NULL: the end. */
static void show(struct looker *lookers, guint count, const AVFrame *frame)
{
    for (guint i = 0; i < count; i++) {
        struct looker *looker = &lookers[i];
        if (!looker->chain || (frame && chain_satisfied(looker->chain)))
            continue;
        chain_push(looker->chain, frame, &looker->result->failure);
        drain(looker);
    }
}

static bool pass_on(struct chain *trunk, const AVFrame *frame, struct looker *lookers, guint count,
                    struct failure *failure)
{
    AVFrame *out = frame_new();
    bool fine = chain_push(trunk, frame, failure);
    enum chain_got got = CHAIN_MORE;
    while (fine && (got = chain_pull(trunk, out, failure)) == CHAIN_FRAME) {
        show(lookers, count, out);
        av_frame_unref(out);
    }
    av_frame_free(&out);
    return fine && got != CHAIN_FAILED;
}

static bool finished(const struct looker *lookers, guint count)
{
    for (guint i = 0; i < count; i++)
        if (lookers[i].chain && !chain_satisfied(lookers[i].chain))
            return false;
    return true;
}

static void tell(const struct render *render)
{
    const struct progress progress = {.fraction = MIN(source_progress(render->source), 0.999),
                                      .stage = "measure"};
    if (render->job->speaker)
        speak_progress(render->job->speaker, &progress);
}

static bool watch(struct render *render, struct looker *lookers, struct failure *failure)
{
    const guint count = render->job->task->outputs->len;
    struct chain *trunk = NULL;
    struct source_item item;
    enum source_got got;
    while ((got = source_next(render->source, &item, failure)) == SOURCE_FRAME) {
        if (!render->first) {
            render->first = frame_copy(item.frame);
            if (!shared_build(render, failure))
                return false;
            trunk = g_array_index(render->shared, struct shared, 0).chain;
            for (guint i = 0; i < count; i++)
                open_looker(&lookers[i], render->job, trunk, render->job->task->outputs->pdata[i]);
        }
        if (!pass_on(trunk, item.frame, lookers, count, failure))
            return false;
        tell(render);
        if (finished(lookers, count))
            break;
    }
    if (got == SOURCE_FAILED || !trunk)
        return got != SOURCE_FAILED ||
               fail(failure, FAIL_INPUT_DAMAGED, "the picture can't be decoded");
    if (!pass_on(trunk, NULL, lookers, count, failure))
        return false;
    show(lookers, count, NULL);
    return true;
}

static bool open_source(struct render *render, struct failure *failure)
{
    if (task_joins(render->job->task))
        return fail(failure, FAIL_UNSUPPORTED,
                    "steps that look at the whole picture first (autocrop, stabilise) can't do so "
                    "over films that are joined: do it to each film, and join what comes out");
    const struct source_opts opts = job_source_opts(render->job, 0, render->job->task->threads);
    render->source = source_open(render->job->fds[0], &opts, failure);
    if (!render->source)
        return false;
    const int stream = render->picture = source_picture(render->source);
    if (stream < 0)
        return fail(failure, FAIL_UNSUPPORTED, "the source has no picture to measure");
    const double start_s = source_stream(render->source, stream)->start_s;
    render->start_s = isfinite(start_s) ? start_s : 0;
    const struct shared shared = {.stream = stream};
    g_array_append_val(render->shared, shared);
    return source_use(render->source, stream, SOURCE_DECODE, failure);
}

/* A damaged source is refused, or noted with all. */
static bool judge(const struct render *render, struct looker *lookers, struct failure *failure)
{
    struct source_health health;
    g_autofree char *damage = NULL;
    source_health(render->source, &health);
    if (!job_accepts(render->job, 0, &health, &damage, failure))
        return false;
    for (guint i = 0; damage && i < render->job->task->outputs->len; i++)
        g_ptr_array_add(lookers[i].result->notes, g_strdup_printf(NOTE_DAMAGED "%s", damage));
    return true;
}

static void clear(struct render *render)
{
    for (guint i = 0; i < render->shared->len; i++)
        chain_destroy(g_array_index(render->shared, struct shared, i).chain);
    g_array_unref(render->shared);
    g_hash_table_unref(render->tags);
    av_frame_free(&render->first);
    source_close(render->source);
}

static void finish(struct looker *looker, bool fine, const struct failure *failure)
{
    if (!fine)
        fail(&looker->result->failure, failure->class, "%s", failure->message);
    if (looker->result->failure.class == FAIL_NONE) {
        looker->result->measured = facts_create();
        looker->result->measured->kind = KIND_VIDEO;
        looker->result->measured->seen = g_steal_pointer(&looker->seen);
    }
    chain_destroy(looker->chain);
    g_free(looker->seen);
    if (looker->tags)
        g_hash_table_unref(looker->tags);
}

void worker_look(const struct job *job, struct result *result)
{
    struct failure failure = {FAIL_NONE, NULL};
    const guint count = job->task->outputs->len;
    g_autofree struct looker *lookers = g_new0(struct looker, count);
    struct render render = {.job = job,
                            .result = result,
                            .picture = -1,
                            .shared = g_array_new(FALSE, TRUE, sizeof(struct shared)),
                            .tags = tags_new()};
    while (result->outputs->len < count)
        result_add_output(result);
    for (guint i = 0; i < count; i++)
        lookers[i].result = result->outputs->pdata[i];
    bool fine = open_source(&render, &failure) && watch(&render, lookers, &failure) &&
                judge(&render, lookers, &failure);
    for (guint i = 0; i < count; i++)
        finish(&lookers[i], fine, &failure);
    if (!fine)
        fail(&result->failure, failure.class, "%s", failure.message);
    clear(&render);
    failure_clear(&failure);
}
