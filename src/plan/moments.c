/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments that the source doesn't have, of the step that comes first: its length is still that of
 * the source then. */
#include "build.h"

const struct call *draft_first(const struct group *group, const struct draft *draft)
{
    const GPtrArray *calls = group->shared->len ? group->shared : draft->calls;
    return calls->len ? calls->pdata[0] : NULL;
}

static char *missed(const struct call *call, const struct facts *facts)
{
    void *params = call_params(call);
    char *why = call->step->misses(params, facts);
    params_free(&call->step->params, params);
    return why;
}

void moments_of_draft(const struct builder *b, const struct group *group, struct draft *draft)
{
    const struct facts *facts = group_facts(b->plan, group);
    const struct call *call = draft_first(group, draft);
    if (!facts || !call || !call->step->misses || group->joined || draft_source(group, draft))
        return;
    g_autofree char *why = missed(call, facts);
    if (why)
        draft_refuse(draft, call->at, NULL, why);
}
