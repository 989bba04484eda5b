/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills of a film's moments that would be too large: where its shape and length are still those of
 * the source, which is when the plan knows them. */
#include "build.h"

#include <math.h>

static char *problem_of(const struct call *call, const struct facts *facts)
{
    const double shape = facts->sar.num > 0 ? rational_value(facts->sar) : 1;
    const double picture_s = facts_picture_s(facts);
    const double seen_s = isnan(picture_s) ? facts->duration_s : picture_s;
    void *params = call_params(call);
    char *problem = call->step->too_large(params, seen_s, shape * facts->width / facts->height);
    params_free(&call->step->params, params);
    return problem;
}

/* The first call that makes a still; NULL: something before it may change what the source was. */
static const struct call *sheet_among(const GPtrArray *calls, bool *reshaped)
{
    for (guint i = 0; i < calls->len && !*reshaped; i++) {
        const struct call *call = calls->pdata[i];
        if (call->step->too_large)
            return call;
        *reshaped = call->step->reshapes || call->step->makes_still;
    }
    return NULL;
}

void sheets_of_draft(const struct builder *b, const struct group *group, struct draft *draft)
{
    const struct facts *facts = group_facts(b->plan, group);
    bool reshaped = false;
    if (!facts || facts->kind != KIND_VIDEO || facts->width <= 0 || facts->height <= 0 ||
        group->joined || draft_source(group, draft) || !(draft->need & KIND_VIDEO))
        return;
    const struct call *call = sheet_among(group->shared, &reshaped);
    if (!call && !reshaped)
        call = sheet_among(draft->calls, &reshaped);
    g_autofree char *problem = call ? problem_of(call, facts) : NULL;
    g_autofree char *message =
        problem ? g_strdup_printf("%s: %s", call->step->name, problem) : NULL;
    if (message)
        draft_refuse(draft, call->at, NULL, message);
}
