/* SPDX-License-Identifier: GPL-3.0-or-later
 * Trims that move to where a picture can be cut. */
#include "snap.h"

#include "media/cut.h"
#include "steps/snap.h"

#include <math.h>

/* --- one moment --- */

/* It moves away from what is kept. */
static bool snap(double *at_s, bool begins, const struct cut_moments *found, double slack_s,
                 double most_s, double zero_s, struct failure *failure)
{
    bool same = fabs(found->before_s - *at_s) <= slack_s;
    double outwards_s = begins || same ? found->before_s : found->after_s;
    double moved_s = fabs(outwards_s - *at_s);
    if (same || moved_s <= most_s + slack_s) {
        *at_s = outwards_s;
        return true;
    }
    g_autofree char *nearest = cut_words(found, zero_s);
    g_autofree char *help = isnan(moved_s) ? g_strdup("trim there")
                                           : g_strdup_printf("trim there, allow it with `snap: "
                                                             "%.1fs`",
                                                             ceil(moved_s * 10 - 0.01) / 10);
    return fail(failure, FAIL_CONFIG,
                "trim: without encoding, the picture can't %s at %.3f s (%s): %s, or name a codec",
                begins ? "begin" : "end", *at_s - zero_s, nearest, help);
}

static bool snap_both(struct source *source, struct cut *cut, double most_s, double zero_s,
                      struct failure *failure)
{
    const double slack_s = cut_slack_s(source);
    struct cut_moments found;
    return cut_begins(source, cut->from_s, &found, failure) &&
           snap(&cut->from_s, true, &found, slack_s, most_s, zero_s, failure) &&
           (isnan(cut->to_s) ||
            (cut_ends(source, cut->to_s, &found, failure) &&
             snap(&cut->to_s, false, &found, slack_s, most_s, zero_s, failure)));
}

bool cut_hides_nothing(const struct source *source, const struct cut *cut, struct failure *failure)
{
    const struct source_stream *picture = source_stream(source, source_picture(source));
    if (!picture->pieced && (!picture->tail || !isnan(cut->to_s)))
        return true;
    return fail(failure, FAIL_CONFIG,
                "trim: copied, the picture would show what the source's edit list hides: %s",
                picture->pieced ? "name a codec" : "give trim a `to`, or name a codec");
}

bool cut_snap(struct source *source, struct cut *cut, double most_s, double zero_s,
              struct failure *failure)
{
    if (source_picture(source) < 0)
        return fail(failure, FAIL_CONFIG, "trim: the source has no picture to cut");
    return cut_hides_nothing(source, cut, failure) &&
           snap_both(source, cut, most_s, zero_s, failure);
}

/* --- the trims of a task --- */

/* The way through the steps of one output. */
struct walk {
    const struct job *job;
    struct source *source;
    double zero_s;    /* where programme time 0 is, in the source */
    const char *late; /* the step that changed the picture; NULL none */
};

/* Containers round the times of frames. */
static double on_frame(const struct source *source, double at_s)
{
    const struct source_stream *picture = source_stream(source, source_picture(source));
    if (picture->variable || picture->fps.num <= 0)
        return at_s;
    return round(at_s * rational_value(picture->fps)) / rational_value(picture->fps);
}

static bool snap_call(const struct walk *walk, const struct face_env *env, struct cut *kept,
                      struct failure *failure)
{
    double from_s, to_s;
    if (task_joins(walk->job->task))
        return fail(failure, FAIL_CONFIG,
                    "trim.snap: films that are joined are encoded: leave it out");
    if (walk->late)
        return fail(
            failure, FAIL_CONFIG,
            "trim.snap: put trim before `%s`: only a picture that no step has changed yet can "
            "be copied",
            walk->late);
    if (!snap_asked(env, &from_s, &to_s, failure))
        return false;
    struct cut cut = {walk->zero_s + from_s, walk->zero_s + to_s};
    if (!cut_snap(walk->source, &cut, snap_most_s(env->call), walk->zero_s, failure))
        return false;
    *kept = (struct cut){on_frame(walk->source, cut.from_s - walk->zero_s),
                         on_frame(walk->source, cut.to_s - walk->zero_s)};
    return true;
}

static void settle(const struct walk *walk, struct step_call *call, const struct face_env *env)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct cut kept = {0, NAN};
    if (snap_call(walk, env, &kept, &failure))
        snap_tell(call, kept.from_s, kept.to_s);
    else
        snap_refuse(call, failure.message);
    failure_clear(&failure);
}

static void walk_list(struct walk *walk, const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        struct step_call *call = steps->pdata[i];
        struct face_env env = {.source = walk->job->task->source,
                               .task = walk->job->task,
                               .call = call,
                               .fds = walk->job->fds};
        if (!call->measured && snap_most_s(call) > 0)
            settle(walk, call, &env);
        env.measured = call->measured;
        walk->zero_s += snap_begins_s(&env);
        if (snap_is_too_late(call))
            walk->late = call->name;
    }
}

static bool any_snaps(const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++)
        if (snap_most_s(steps->pdata[i]) > 0)
            return true;
    return false;
}

static bool task_snaps(const struct task *task)
{
    bool snaps = any_snaps(task->steps);
    for (guint i = 0; i < task->outputs->len; i++)
        snaps |= any_snaps(((struct task_output *)task->outputs->pdata[i])->steps);
    return snaps;
}

/* A source that can't be opened is reported by who renders it. */
void snap_trims(const struct job *job)
{
    const struct task *task = job->task;
    struct failure ignored = {FAIL_NONE, NULL};
    if (!task_snaps(task))
        return;
    const struct source_opts how = job_source_opts(job, 0, 1);
    g_auto(source_ptr) source = source_open(job->fds[0], &how, &ignored);
    failure_clear(&ignored);
    if (!source || source_picture(source) < 0)
        return;
    double start_s = source_stream(source, source_picture(source))->start_s;
    struct walk shared = {.job = job, .source = source, .zero_s = isfinite(start_s) ? start_s : 0};
    walk_list(&shared, task->steps);
    for (guint i = 0; i < task->outputs->len; i++) {
        struct walk own = shared;
        walk_list(&own, ((struct task_output *)task->outputs->pdata[i])->steps);
    }
}
