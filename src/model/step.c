/* SPDX-License-Identifier: GPL-3.0-or-later
 * Life cycle of steps as written and as called. */
#include "model/step.h"

#include "model/facts.h"

#include <glib.h>
#include <math.h>

double step_moment_s(const struct position *moment, const struct facts *facts)
{
    g_autofree char *why = NULL;
    double at_s;
    const bool counted = moment->kind != POSITION_NONE && moment->kind != POSITION_PERCENT;
    return counted && !moment->from_end && !facts->vfr &&
                   position_resolve(moment, facts->duration_s, facts->fps, facts->timecode, &at_s,
                                    &why)
               ? at_s
               : NAN;
}

/* Whether `to` can't be behind `from`: both are counted alike, from the same end. */
static bool holds_nothing(const struct position *from, const struct position *to)
{
    const bool begin = to->kind != POSITION_TIMECODE && to->kind != POSITION_NONE &&
                       !to->from_end && to->value == 0;
    if (from->kind != to->kind || from->from_end != to->from_end)
        return begin;
    if (from->kind == POSITION_NONE || from->kind == POSITION_TIMECODE)
        return false;
    return from->from_end ? to->value >= from->value : to->value <= from->value;
}

bool step_span_check(const char *name, const struct position *from, const struct position *to,
                     struct mark at, struct diag *diag)
{
    if (!holds_nothing(from, to))
        return true;
    g_autofree char *begin = from->kind ? position_text(from) : g_strdup("the beginning");
    g_autofree char *end = position_text(to);
    diag_error(diag, at, "`to` is the first moment behind it: give one later than `from`",
               "%s: nothing lies between %s and %s", name, begin, end);
    return false;
}

void step_use_destroy(struct step_use *use)
{
    if (!use)
        return;
    node_unref(use->params);
    g_free(use);
}

struct step_call *step_call_create(const char *name, struct node *params)
{
    struct step_call *call = g_new0(struct step_call, 1);
    call->name = g_strdup(name);
    call->params = params;
    return call;
}

void step_call_destroy(struct step_call *call)
{
    if (!call)
        return;
    g_free(call->name);
    node_unref(call->params);
    node_unref(call->measured);
    g_free(call);
}
