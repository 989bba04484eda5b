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
