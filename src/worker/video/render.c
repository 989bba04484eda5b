/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders a source through libav to all of its outputs: the reader, which decides what is decoded,
 * starts the threads, and passes judgement on the source at the end. */
#include "join.h"
#include "media/frame.h"

#include "worker/branch.h"

#include <errno.h>
#include <unistd.h>

#include <math.h>

enum { PRIMING = 2000 }; /* packets and frames read in search of the first picture */

/* The first picture is decoded before anything is decided; what was read meanwhile is kept. */
static bool prime(struct render *render, struct failure *failure)
{
    struct source_item item;
    bool pictured = shared_of(render, render->picture) != NULL;
    for (int i = 0; i < PRIMING && pictured && !render->first; i++) {
        enum source_got got = source_next(render->source, &item, failure);
        if (got == SOURCE_FAILED)
            return false;
        render->primed_ended = got == SOURCE_END;
        if (render->primed_ended)
            break;
        g_queue_push_tail(&render->primed, message_of_item(&item, got));
        if (got == SOURCE_FRAME && item.stream == render->picture)
            render->first = frame_copy(item.frame);
    }
    if (render->primed_ended && !render->first)
        return fail(failure, FAIL_INPUT_DAMAGED, "nothing of the picture can be decoded");
    if (render->first)
        hdr_from_frame(&render->hdr, render->first);
    if (render->picture >= 0)
        hdr_from_stream(&render->hdr, source_stream(render->source, render->picture)->av);
    return true;
}

static bool open_branches(struct render *render, const bool *wanted)
{
    bool open = false;
    for (guint i = 0; i < render->job->task->outputs->len; i++) {
        if (wanted && !wanted[i])
            continue;
        struct branch *branch = branch_open(render, i);
        g_ptr_array_add(render->branches, branch);
        open |= !branch->failed;
    }
    return open;
}

/* --- threads --- */

static gpointer branch_thread(gpointer data)
{
    struct branch *branch = data;
    for (bool going = true; going;) {
        struct message *message = inbox_take(branch->inbox);
        going = message->kind != MESSAGE_FINISH;
        branch_take(branch, message);
    }
    return NULL;
}

static gpointer shared_thread(gpointer data)
{
    struct render *render = data;
    for (bool going = true; going;) {
        struct message *message = inbox_take(render->inbox);
        going = message->kind != MESSAGE_FINISH;
        shared_take(render, message);
    }
    return NULL;
}

static void start_threads(struct render *render)
{
    bool work = false;
    if (!render->threaded)
        return;
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        branch->inbox = inbox_create();
        branch->thread = g_thread_new("branch", branch_thread, branch);
    }
    for (guint i = 0; i < render->shared->len; i++)
        work |= !chain_is_empty(g_array_index(render->shared, struct shared, i).chain);
    if (!work || render->joining)
        return;
    render->inbox = inbox_create();
    render->thread = g_thread_new("steps", shared_thread, render);
}

static void note_joined(const struct render *render)
{
    const GPtrArray *notes = joining_notes(render->joining);
    for (guint i = 0; i < render->branches->len; i++)
        for (guint n = 0; n < notes->len; n++)
            branch_note(render->branches->pdata[i], "%s", (const char *)notes->pdata[n]);
}

static void join_threads(struct render *render)
{
    if (render->thread)
        g_thread_join(render->thread);
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        if (branch->thread)
            g_thread_join(branch->thread);
        /* What damaged data does to the steps is damage in the first place. */
        bool judged = render->verdict.class != FAIL_NONE;
        const struct failure *cause = judged ? &render->verdict : &branch->lost;
        if (branch->lost.class != FAIL_NONE)
            fail(&branch->result->failure, cause->class, "%s", cause->message);
    }
    if (render->joining)
        note_joined(render);
}

static void submit(struct render *render, struct message *message)
{
    before_see(render, message);
    if (render->inbox)
        inbox_put(render->inbox, message);
    else
        shared_take(render, message);
}

/* --- reading --- */

struct pace {
    int64_t began_us, frames;
    double time_s;
};

static void tell(const struct render *render, const struct pace *pace)
{
    double wall = (g_get_monotonic_time() - pace->began_us) / 1e6;
    unsigned parts = task_sources(render->job->task);
    struct progress progress = {
        .fraction = MIN((render->part + source_progress(render->source)) / parts, 0.999),
        .frames = pace->frames,
        .fps = wall > 0 ? pace->frames / wall : NAN,
        .speed = wall > 0 ? pace->time_s / wall : NAN,
    };
    g_strlcpy(progress.stage, render->again ? "encode again" : "encode", sizeof progress.stage);
    if (render->job->speaker)
        speak_progress(render->job->speaker, &progress);
}

bool anybody_left(const struct render *render)
{
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        if (!g_atomic_int_get(&branch->failed) && !g_atomic_int_get(&branch->enough))
            return true;
    }
    return false;
}

static void tell_over(struct render *render, double time_s)
{
    for (int stream; (stream = next_over(render, time_s)) >= 0;)
        submit(render, message_plain(MESSAGE_STREAM_END, stream));
}

static void tell_late(struct render *render, double time_s)
{
    double silent_s;
    for (int stream; (stream = next_late(render, time_s, &silent_s)) >= 0;)
        submit(render, message_silence(stream, silent_s));
}

static bool is_read_already(const struct render *render, const struct source_item *item)
{
    return item->time_s < render->cues_from_s &&
           stream_is_cues(source_stream(render->source, item->stream));
}

static void read_all(struct render *render, struct failure *failure)
{
    struct source_item item;
    struct pace pace = {.began_us = g_get_monotonic_time()};
    enum source_got got = render->primed_ended ? SOURCE_END : SOURCE_FRAME;
    for (struct message *message; (message = g_queue_pop_head(&render->primed));)
        submit(render, message);
    while (got != SOURCE_END && anybody_left(render)) {
        got = source_next(render->source, &item, failure);
        if (got == SOURCE_END || got == SOURCE_FAILED)
            break;
        if (is_read_already(render, &item))
            continue;
        if (!over_holds(render, item.stream, failure))
            break;
        submit(render, message_of_item(&item, got));
        if (item.stream == render->picture) {
            tell_late(render, item.time_s);
            tell_over(render, item.time_s);
        }
        if (got == SOURCE_FRAME && (item.stream == render->picture || render->picture < 0)) {
            pace.frames++;
            pace.time_s = item.time_s - render->start_s;
            tell(render, &pace);
        }
    }
}

static bool accepted(const struct render *render, char **damage, struct failure *failure)
{
    struct source_health health;
    source_health(render->source, &health);
    return job_accepts(render->job, 0, &health, damage, failure);
}

/* Nothing is noted of what is behind the first part where that alone is used. */
static void note_times(const struct render *render)
{
    struct source_health health;
    source_health(render->source, &health);
    const bool within = health.restarts && !render->job->task->changes_conform;
    const char *left_out = source_parts(render->source)->left_out;
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        if (left_out)
            branch_note(branch, "%s: left out", left_out);
        if (health.unseen_s > 1.5 * health.frame_s)
            branch_note(branch,
                        "the first %.3f s of the picture can't be decoded: it doesn't begin with a "
                        "key picture, as recordings don't",
                        health.unseen_s);
        if (health.restarts && !within)
            branch_note(branch,
                        "%.3f s: the times of the transport stream begin anew%s: what follows "
                        "goes on from there",
                        health.first_restart_s, health.restarts > 1 ? ", and again later" : "");
        if (health.sound_twice_s > 0 && !within)
            branch_note(branch,
                        "%.3f s of sound that two parts of the transport stream have: cut where "
                        "it is encoded",
                        health.sound_twice_s);
        if (health.mended_times)
            branch_note(branch,
                        "%" PRId64 " packet%s of the source %s a time far from those beside: "
                        "put between them",
                        health.mended_times, health.mended_times == 1 ? "" : "s",
                        health.mended_times == 1 ? "has" : "have");
    }
}

/* A source that isn't whole gives nothing, unless the pipeline says so. */
static void judge(struct render *render)
{
    g_autofree char *damage = NULL;
    if (render->verdict.class != FAIL_NONE || !accepted(render, &damage, &render->verdict))
        return;
    note_times(render);
    for (guint i = 0; i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        branch->damage = g_strdup(damage);
    }
}

bool render_prepare(struct render *render, const bool *wanted, struct failure *failure)
{
    g_autofree char *known = NULL;
    return accepted(render, &known, failure) && render_choose(render, wanted, failure) &&
           prime(render, failure) && shared_build(render, failure);
}

bool render_read(struct render *render, char **damage, struct failure *failure)
{
    read_all(render, failure);
    if (failure->class != FAIL_NONE || !accepted(render, damage, failure))
        return false;
    shared_end(render);
    return true;
}

static bool join(struct render *render, struct failure *failure)
{
    if (!task_joins(render->job->task))
        return true;
    render->joining = joining_create(render, shared_give, failure);
    return render->joining;
}

/* Reads all there is, and passes judgement. */
static void go_through(struct render *render)
{
    start_threads(render);
    read_all(render, &render->verdict);
    if (render->joining && render->verdict.class == FAIL_NONE)
        joining_run(render->joining, &render->verdict);
    g_atomic_int_set(&render->all_read, true);
    judge(render);
    submit(render, message_plain(MESSAGE_FINISH, -1));
    join_threads(render);
}

static bool run(struct render *render, const bool *wanted, struct failure *failure)
{
    bool ready = render_prepare(render, wanted, failure) && join(render, failure);
    if (ready && open_branches(render, wanted)) {
        ready = render_settle(render, failure);
        before_settle(render);
        if (ready)
            go_through(render);
        before_give(render);
    }
    return ready;
}

void render_clear_source(struct render *render)
{
    render_drop_primed(render);
    for (guint i = 0; i < render->shared->len; i++)
        chain_destroy(g_array_index(render->shared, struct shared, i).chain);
    g_array_unref(render->shared);
    g_hash_table_unref(render->tags);
    av_frame_free(&render->first);
    av_frame_free(&render->before);
    source_close(render->source);
}

static void clear(struct render *render)
{
    g_ptr_array_unref(render->branches);
    joining_destroy(render->joining);
    inbox_destroy(render->inbox);
    failure_clear(&render->verdict);
    render_clear_source(render);
}

static void fail_outputs(struct result *result, const bool *wanted, const struct failure *failure)
{
    for (guint i = 0; i < result->outputs->len; i++) {
        struct output_result *output = result->outputs->pdata[i];
        if (!wanted || wanted[i])
            fail(&output->failure, failure->class, "%s", failure->message);
    }
}

static void destroy_branch(gpointer branch)
{
    branch_destroy(branch);
}

static bool is_anew(const struct anew *anew)
{
    return anew->cut || anew->copy;
}

static bool any_of(const struct anew *anew, guint count)
{
    bool any = false;
    for (guint i = 0; i < count; i++)
        any |= is_anew(&anew[i]);
    return any;
}

static bool render_once(const struct job *job, const bool *wanted, struct anew *anew,
                        struct result *result)
{
    struct render render = {
        .job = job,
        .result = result,
        .anew = anew,
        .picture = -1,
        .shared = g_array_new(FALSE, TRUE, sizeof(struct shared)),
        .branches = g_ptr_array_new_with_free_func(destroy_branch),
        .tags = tags_new(),
        .primed = G_QUEUE_INIT,
        .cues_from_s = -INFINITY,
        .again = any_of(anew, job->task->outputs->len),
        .threaded = job->task->threads > 1 || job->task->tail,
    };
    struct failure failure = {0};
    const struct source_opts how = job_source_opts(job, 0, job->task->threads);
    render.source = source_open(job->fds[0], &how, &failure);
    bool ran = render.source && run(&render, wanted, &failure);
    if (!ran) {
        fail(&failure, FAIL_INTERNAL, "rendering failed without a reason");
        fail_outputs(result, wanted, &failure);
        fail(&result->failure, failure.class, "%s", failure.message);
    }
    clear(&render);
    failure_clear(&failure);
    return ran;
}

/* Of the outputs that are rendered again nothing stays. */
static bool start_again(const struct job *job, const struct anew *anew, bool *again,
                        struct failure *failure)
{
    const guint count = job->task->outputs->len;
    for (guint i = 0; i < count; i++) {
        const struct task_output *output = job->task->outputs->pdata[i];
        again[i] = is_anew(&anew[i]);
        if (again[i] && ftruncate(job->fds[output->file], 0))
            return fail(failure, FAIL_DISK, "can't write: %s", g_strerror(errno));
    }
    return any_of(anew, count);
}

bool render_branches(const struct job *job, const bool *wanted, struct result *result)
{
    const guint count = job->task->outputs->len;
    g_autofree struct anew *anew = g_new0(struct anew, count);
    g_autofree bool *again = g_new0(bool, count);
    while (result->outputs->len < count)
        result_add_output(result);
    const bool rendered =
        render_once(job, wanted, anew, result) &&
        (!start_again(job, anew, again, &result->failure) || render_once(job, again, anew, result));
    for (guint i = 0; i < count; i++) {
        g_free(anew[i].cut);
        g_free(anew[i].copy);
    }
    return rendered;
}
