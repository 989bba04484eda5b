/* SPDX-License-Identifier: GPL-3.0-or-later
 * The programme as it stands before a step. */
#include "steps/programme.h"

#include "base/timecode.h"
#include "deinterlace/deinterlace.h"
#include "fps/fps.h"
#include "freeze/freeze.h"
#include "silence/silence.h"
#include "speed/speed.h"
#include "trim/trim.h"

#include <math.h>
#include <string.h>

static struct fields fields_of_source(const struct facts *source)
{
    return (struct fields){.interlaced = source->interlaced,
                           .width = source->width,
                           .height = source->height,
                           .sar = source->sar,
                           .fps = source->fps};
}

static struct programme programme_of(const struct facts *source)
{
    struct programme programme = {.duration_s = NAN, .picture_s = NAN, .fps = {0, 1}};
    if (!source)
        return programme;
    const struct timeline timeline = timeline_of(source);
    programme.duration_s = timeline.duration_s;
    programme.picture_s = timeline.picture_s;
    programme.fps = timeline.fps;
    programme.flows = fields_of_source(source);
    if (timeline.timecode)
        g_strlcpy(programme.timecode, timeline.timecode, sizeof programme.timecode);
    return programme;
}

static struct timeline timeline_in(const struct programme *programme)
{
    return (struct timeline){.duration_s = programme->duration_s,
                             .picture_s = programme->picture_s,
                             .fps = programme->fps,
                             .timecode = programme->timecode[0] ? programme->timecode : NULL};
}

double programme_seen_s(const struct programme *programme)
{
    const struct timeline timeline = timeline_in(programme);
    return timeline_seen_s(&timeline);
}

bool programme_resolve(const struct programme *programme, const struct position *position,
                       double otherwise, const char *what, double *seconds, struct failure *failure)
{
    *seconds = otherwise;
    const struct timeline timeline = timeline_in(programme);
    g_autofree char *why = timeline_find(&timeline, position, what, seconds);
    return !why || fail(failure, FAIL_CONFIG, "%s", why);
}

static const double rounding = 0.05; /* frames */

double programme_last_s(const struct programme *programme)
{
    const double fps = rational_value(programme->fps), seen_s = programme_seen_s(programme);
    return programme->fps.num && !isnan(seen_s) ? fmax(ceil(seen_s * fps - rounding) - 1, 0) / fps
                                                : NAN;
}

bool programme_span(const struct programme *programme, const struct position *from,
                    const struct position *to, const char *step, double *from_s, double *to_s,
                    struct failure *failure)
{
    g_autofree char *of_from = g_strconcat(step, ".from", NULL);
    g_autofree char *of_to = g_strconcat(step, ".to", NULL);
    if (!programme_resolve(programme, from, NAN, of_from, from_s, failure) ||
        !programme_resolve(programme, to, NAN, of_to, to_s, failure))
        return false;
    return !(*to_s <= *from_s) ||
           fail(failure, FAIL_CONFIG,
                "%s is never seen: it begins at %.3f s and ends at %.3f s; give a `to` that is "
                "later than `from`",
                step, seconds_shown(*from_s), seconds_shown(*to_s));
}

/* Moves a timecode on by whole frames; false leaves it. */
static void shift_timecode(struct programme *programme, double seconds)
{
    struct timecode timecode;
    if (!timecode_parse(programme->timecode, programme->fps, &timecode) || !timecode.rate)
        return;
    timecode.frame += llround(seconds * rational_value(programme->fps));
    g_autofree char *text = timecode_text(timecode);
    g_strlcpy(programme->timecode, text, sizeof programme->timecode);
}

static double measured_s(const struct node *measured, const char *key)
{
    const char *text = node_get_text(measured, key);
    return text ? g_ascii_strtod(text, NULL) : NAN;
}

bool programme_trim(const struct programme *programme, const struct trim *trim,
                    const struct node *measured, double *from_s, double *to_s, bool *clipped,
                    struct failure *failure)
{
    const char *refused = measured ? node_get_text(measured, TRIM_REFUSED) : NULL;
    const struct timeline timeline = timeline_in(programme);
    g_autofree char *why = trim_find(trim, &timeline, from_s, to_s, clipped);
    if (why)
        return fail(failure, FAIL_CONFIG, "%s", why);
    if (refused)
        return fail(failure, FAIL_CONFIG, "%s", refused);
    if (measured) {
        *from_s = measured_s(measured, TRIM_FROM_S);
        *to_s = measured_s(measured, TRIM_TO_S);
    }
    return true;
}

static void after_trim(struct programme *programme, const struct trim *trim,
                       const struct node *measured)
{
    double from_s, to_s;
    bool clipped;
    struct failure ignored = {FAIL_NONE, NULL}; /* the step itself reports it */
    if (programme_trim(programme, trim, measured, &from_s, &to_s, &clipped, &ignored)) {
        programme->duration_s = (isnan(to_s) ? programme->duration_s : to_s) - from_s;
        if (programme->picture_s > to_s)
            programme->picture_s = trim_on_frame(to_s, programme->fps);
        programme->picture_s -= trim_on_frame(fmax(from_s, 0), programme->fps);
        shift_timecode(programme, from_s);
    }
    failure_clear(&ignored);
}

bool programme_freeze(const struct programme *programme, const struct freeze *freeze, double *at_s,
                      double *length_s, struct failure *failure)
{
    const double fps = rational_value(programme->fps);
    struct programme endless = *programme;
    endless.duration_s = NAN;
    if (!programme_resolve(programme, &freeze->at, 0, "freeze.at", at_s, failure) ||
        !programme_resolve(&endless, &freeze->length, 0, "freeze.length", length_s, failure))
        return false;
    if (!programme->fps.num)
        return true;
    *at_s = fmin(floor(*at_s * fps + rounding) / fps, programme_last_s(programme));
    *length_s = fmax(round(*length_s * fps), 1) / fps;
    return true;
}

static void after_freeze(struct programme *programme, const struct freeze *freeze)
{
    double at_s, length_s;
    struct failure ignored = {FAIL_NONE, NULL}; /* the step itself reports it */
    if (freeze->sound == FREEZE_SILENCE &&
        programme_freeze(programme, freeze, &at_s, &length_s, &ignored)) {
        programme->duration_s += length_s;
        programme->picture_s += length_s;
    }
    failure_clear(&ignored);
}

static void after_speed(struct programme *programme, const struct speed *speed)
{
    programme->duration_s /= speed->factor;
    programme->picture_s /= speed->factor;
}

/* How much silence there is to trim is only known when all is heard. */
static void after_silence(struct programme *programme, const struct silence *silence)
{
    if (silence->trim != SILENCE_KEPT)
        programme->duration_s = programme->picture_s = NAN;
    programme->duration_s += silence->head_s + silence->tail_s;
    programme->picture_s += silence->head_s + silence->tail_s;
}

/* The first frame's label is of the same moment, counted at the new rate. */
static void change_rate(struct programme *programme, struct rational fps)
{
    struct timecode timecode;
    if (timecode_parse(programme->timecode, programme->fps, &timecode) && timecode.rate) {
        timecode = timecode_at_rate(timecode, programme->fps, fps);
        g_autofree char *text = timecode_text(timecode);
        g_strlcpy(programme->timecode, text, sizeof programme->timecode);
    }
    programme->fps = fps;
}

/* What steps make of fields; the plan itself says what they mustn't. */
static void after_fields(struct programme *programme, const struct step *step, const void *params)
{
    struct fields *flows = &programme->flows;
    if (!step->fields || !(flows->interlaced || step == &deinterlace_step))
        return;
    g_auto(diag_ptr) said = diag_create();
    flows->fps = programme->fps;
    step->fields(params, flows, (struct mark){0}, said);
    if (!rational_equal(flows->fps, programme->fps))
        change_rate(programme, flows->fps);
}

static void after(struct programme *programme, const struct step_call *call)
{
    const struct faces *faces = faces_find(call->name);
    if (!faces)
        return;
    const struct params *table = &faces->step->params;
    void *params = params_new(table);
    g_auto(diag_ptr) diag = diag_create();
    if (params_parse(table, call->params, call->name, false, params, diag)) {
        if (faces->step == &trim_step)
            after_trim(programme, params, call->measured);
        else if (faces->step == &speed_step)
            after_speed(programme, params);
        else if (faces->step == &freeze_step)
            after_freeze(programme, params);
        else if (faces->step == &silence_step)
            after_silence(programme, params);
        else if (faces->step == &fps_step)
            change_rate(programme, ((const struct fps *)params)->rate);
        after_fields(programme, faces->step, params);
    }
    params_free(table, params);
}

/* Applies a list up to `until`; true when it was found there. */
static bool walk(struct programme *programme, const GPtrArray *steps, const struct step_call *until)
{
    for (unsigned i = 0; steps && i < steps->len; i++) {
        if (steps->pdata[i] == until)
            return true;
        after(programme, steps->pdata[i]);
    }
    return false;
}

static bool holds(const GPtrArray *steps, const struct step_call *call)
{
    for (unsigned i = 0; steps && i < steps->len; i++)
        if (steps->pdata[i] == call)
            return true;
    return false;
}

/* Films are joined by their pictures, whatever their sound lasts, also where that alone is. */
static struct programme programme_of_part(const struct task *task, unsigned part)
{
    struct programme programme = programme_of(task->parts->pdata[part]);
    walk(&programme, task->steps, NULL);
    programme.duration_s = programme_seen_s(&programme);
    if (!task->source || task->source->kind != KIND_VIDEO)
        programme.picture_s = NAN;
    return programme;
}

/* After the shared steps, which are done to each part where several are joined: they begin as the
 * first does. */
static struct programme programme_shared(const struct task *task, const struct facts *source)
{
    bool joins = task_joins(task);
    struct programme programme = joins ? programme_of_part(task, 0) : programme_of(source);
    if (!joins)
        walk(&programme, task->steps, NULL);
    for (unsigned i = 1; joins && i < task->parts->len; i++) {
        const struct programme part = programme_of_part(task, i);
        programme.duration_s += part.duration_s;
        programme.picture_s += part.picture_s;
    }
    return programme;
}

double programme_part_length(const struct task *task, unsigned part)
{
    return programme_of_part(task, part).duration_s;
}

double programme_joined_length(const struct task *task)
{
    return programme_shared(task, task->source).duration_s;
}

static struct programme programme_whole(const struct task *task, const struct task_output *output)
{
    struct programme programme = programme_shared(task, task->source);
    walk(&programme, output->steps, NULL);
    return programme;
}

double programme_length(const struct task *task, const struct task_output *output)
{
    return programme_whole(task, output).duration_s;
}

struct rational programme_rate(const struct task *task, const struct task_output *output)
{
    return programme_whole(task, output).fps;
}

struct programme programme_before(const struct face_env *env)
{
    struct programme programme = programme_of(env->source);
    if (walk(&programme, env->task->steps, env->call))
        return programme;
    programme = programme_shared(env->task, env->source);
    for (unsigned i = 0; i < env->task->outputs->len; i++) {
        const struct task_output *output = env->task->outputs->pdata[i];
        if (holds(output->steps, env->call)) {
            walk(&programme, output->steps, env->call);
            break;
        }
    }
    return programme;
}

bool programme_has_picture(const struct face_env *env)
{
    bool shared = holds(env->task->steps, env->call), has = false;
    for (unsigned i = 0; i < env->task->outputs->len; i++) {
        const struct task_output *output = env->task->outputs->pdata[i];
        has |= output->kind == KIND_VIDEO && (shared || holds(output->steps, env->call));
    }
    return has && env->source && env->source->kind == KIND_VIDEO;
}

char *programme_label(const struct programme *programme, struct rational fps, double at_s)
{
    struct timecode now;
    const int64_t ms = llround(at_s * 1000);
    if (fps.num && timecode_parse(programme->timecode, fps, &now) && now.rate) {
        now.frame += (int64_t)floor(at_s * rational_value(fps) + 1e-3);
        return timecode_text(now);
    }
    return g_strdup_printf("%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                           (int)(ms / 1000 % 60), (int)(ms % 1000));
}
