/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transport streams that are put one behind another, and aren't taken so. */
#include "build.h"

#include "model/splice.h"

#include <math.h>

/* How much of the source the first of the steps leaves; NAN: that isn't known, or all of it. */
static double needs_s(const struct group *group, const struct draft *draft,
                      const struct facts *facts)
{
    const struct call *call = draft_first(group, draft);
    if (!call || !call->step->needs_s || (draft->written && draft->written->copies_video))
        return NAN;
    void *params = call_params(call);
    const double needs = call->step->needs_s(params, facts);
    params_free(&call->step->params, params);
    return needs;
}

static void refuse(struct draft *draft, const char *name, const struct failure *why)
{
    if (draft->to->blocked)
        return;
    draft->to->blocked = true;
    fail(&draft->to->failure, why->class, "%s%s%s", name ? name : "", name ? ": " : "",
         why->message);
}

/* `name`: of one of several. */
static void judge(const struct builder *b, const struct group *group, struct draft *draft,
                  const struct facts *facts, const char *name)
{
    struct failure why = {0};
    const double needs = name ? NAN : needs_s(group, draft, facts);
    if (!splice_fits(facts, job_at(b->plan, group->job)->changes_conform, needs, &why))
        refuse(draft, name, &why);
    failure_clear(&why);
}

void splices_of_draft(const struct builder *b, const struct group *group, struct draft *draft)
{
    const struct plan_joined *joined = group->joined;
    const struct facts *facts = group_facts(b->plan, group);
    if (!draft->to || draft_source(group, draft) || !facts)
        return;
    if (!joined)
        judge(b, group, draft, facts, NULL);
    for (guint i = 0; joined && i < joined->inputs->len; i++) {
        const struct plan_input *input = input_at(b->plan, g_array_index(joined->inputs, int, i));
        g_autofree char *name = path_display(input->relative);
        judge(b, group, draft, input->facts, name);
    }
}
