/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim` that moves to where the picture can be cut. */
#include "steps/snap.h"

#include "steps/programme.h"
#include "trim.h"

#include <math.h>

static bool is_trim(const struct step_call *call)
{
    return strcmp(call->name, trim_step.name) == 0;
}

static void *params_of(const struct step_call *call)
{
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(&trim_step.params);
    params_parse(&trim_step.params, call->params, call->name, false, params, diag);
    return params;
}

double snap_most_s(const struct step_call *call)
{
    if (!is_trim(call))
        return 0;
    struct trim *trim = params_of(call);
    double most_s = trim->snap_s;
    params_free(&trim_step.params, trim);
    return most_s;
}

bool snap_is_smart(const struct step_call *call)
{
    if (!is_trim(call))
        return false;
    struct trim *trim = params_of(call);
    bool smart = trim->smart;
    params_free(&trim_step.params, trim);
    return smart;
}

bool snap_asked(const struct face_env *env, double *from_s, double *to_s, struct failure *failure)
{
    struct programme programme = programme_before(env);
    struct trim *trim = params_of(env->call);
    bool clipped,
        known = programme_trim(&programme, trim, env->measured, from_s, to_s, &clipped, failure);
    params_free(&trim_step.params, trim);
    return known;
}

double snap_begins_s(const struct face_env *env)
{
    struct failure ignored = {FAIL_NONE, NULL};
    double from_s = 0, to_s;
    if (!is_trim(env->call) || !snap_asked(env, &from_s, &to_s, &ignored))
        from_s = 0;
    failure_clear(&ignored);
    return from_s;
}

static void put(struct node *map, const char *key, const char *text)
{
    node_put(map, key, (struct mark){0}, node_scalar(text, (struct mark){0}));
}

static void put_seconds(struct node *map, const char *key, double seconds)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isnan(seconds))
        put(map, key, g_ascii_formatd(text, sizeof text, "%.9f", seconds));
}

void snap_tell(struct step_call *call, double from_s, double to_s)
{
    call->measured = node_map((struct mark){0});
    put_seconds(call->measured, TRIM_FROM_S, from_s);
    put_seconds(call->measured, TRIM_TO_S, to_s);
}

void snap_refuse(struct step_call *call, const char *why)
{
    call->measured = node_map((struct mark){0});
    put(call->measured, TRIM_REFUSED, why);
}

bool snap_is_too_late(const struct step_call *before)
{
    const struct faces *faces = faces_find(before->name);
    return faces && faces->step->faces & KIND_VIDEO && !is_trim(before);
}
