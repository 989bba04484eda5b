/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an output is held to because of its steps. */
#include "build.h"

#include "model/expect.h"

/* Of the last step that promises something about an output; NULL: none does. */
static struct node *promises_of(const struct work *work, const struct draft *draft)
{
    const GPtrArray *lists[] = {draft->calls, work->shared};
    const struct codec *audio = draft->written->audio;
    for (guint l = 0; l < G_N_ELEMENTS(lists); l++)
        for (guint i = lists[l]->len; i-- > 0;) {
            const struct call *call = lists[l]->pdata[i];
            if (!call->step->promises || !(call->step->faces & draft->need))
                continue;
            void *params = params_new(&call->step->params);
            g_auto(diag_ptr) ignored = diag_create();
            struct node *expect = node_map((struct mark){0});
            params_parse(&call->step->params, call->params, call->step->name, false, params,
                         ignored);
            call->step->promises(params, audio && audio->lossy, expect);
            params_free(&call->step->params, params);
            return expect;
        }
    return NULL;
}

/* What the pipeline says, and what its steps promise where it says nothing. */
GPtrArray *promise_expectations(const struct work *work, const struct draft *draft, GPtrArray *said)
{
    g_auto(node_ptr) promised = promises_of(work, draft);
    if (!promised)
        return g_ptr_array_ref(said);
    g_auto(node_ptr) all = expect_print(said);
    for (guint i = 0; i < node_length(promised); i++)
        if (!node_get(all, node_key_at(promised, i)))
            node_put(all, node_key_at(promised, i), (struct mark){0},
                     node_ref(node_item(promised, i)));
    g_auto(diag_ptr) ignored = diag_create();
    return expect_parse(all, ignored);
}
