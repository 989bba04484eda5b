/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an output is held to because of its steps. */
#include "build.h"

#include "model/expect.h"

/* The last step that promises something about an output; NULL: none does. Those that do measure, so
 * they fork off, and are the output's own (fork.c). */
static const struct call *promising(const struct draft *draft)
{
    for (guint i = draft->calls->len; i-- > 0;) {
        const struct call *call = draft->calls->pdata[i];
        if (call->step->promises && (call->step->faces & draft->need))
            return call;
    }
    return NULL;
}

static struct node *promises_of(const struct call *call, bool lossy)
{
    struct node *expect = node_map((struct mark){0});
    void *params = call_params(call);
    call->step->promises(params, lossy, expect);
    params_free(&call->step->params, params);
    return expect;
}

static GPtrArray *both(const GPtrArray *said, const struct node *promised)
{
    g_auto(node_ptr) all = expect_print(said);
    g_auto(diag_ptr) ignored = diag_create();
    for (guint i = 0; i < node_length(promised); i++)
        if (!node_get(all, node_key_at(promised, i)))
            node_put(all, node_key_at(promised, i), (struct mark){0},
                     node_ref(node_item(promised, i)));
    return expect_parse(all, ignored);
}

/* Worked out once for all inputs. */
GPtrArray *promise_expectations(struct builder *b, const struct draft *draft, GPtrArray *said)
{
    const struct call *call = promising(draft);
    const struct codec *audio = draft->written->audio;
    bool lossy = audio && audio->lossy;
    if (!call || draft->written->encode->audio.mono_tracks) /* no track has the whole sound */
        return g_ptr_array_ref(said);
    g_autofree char *key = g_strdup_printf("%s %d %p", call->token, lossy, (void *)said);
    GPtrArray *known = g_hash_table_lookup(b->promised, key);
    if (!known) {
        g_auto(node_ptr) promised = promises_of(call, lossy);
        known = both(said, promised);
        g_hash_table_insert(b->promised, g_steal_pointer(&key), known);
    }
    return g_ptr_array_ref(known);
}
