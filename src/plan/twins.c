/* SPDX-License-Identifier: GPL-3.0-or-later
 * Duplicates: inputs that arrive one after another, and whose outputs would be the same files again
 * under other names. */
#include "build.h"

#include <string.h>

/* What would be the same file in the same folder. */
static char *key_of(const struct plan_output *planned)
{
    g_autofree char *folder = g_path_get_dirname(planned->path);
    return g_strdup_printf("%s\n%s\n%s", planned->input_hash, planned->parameters, folder);
}

static bool is_as_published(const struct builder *b, const char *path,
                            const struct known_output *known)
{
    struct file_stamp stamp;
    return b->world->place(b->world->self, path, &stamp) && file_stamp_equal(&stamp, &known->stamp);
}

static char *words(const char *path, const char *source)
{
    g_autofree char *output = path_display(path);
    g_autofree char *input = source ? path_display(source) : g_strdup("another file");
    return g_strdup_printf("a duplicate: the same content as %s, from which %s was made", input,
                           output);
}

static char *twin_in_ledger(const struct builder *b, const struct plan_output *planned)
{
    struct known_output known = {0};
    g_autofree char *path = b->world->twin(b->world->self, planned);
    if (!path || !b->world->known(b->world->self, path, &known))
        return NULL;
    char *why = is_as_published(b, path, &known) ? words(path, known.source) : NULL;
    known_output_clear(&known);
    return why;
}

/* Why this output needn't be made, or NULL. Caller frees. */
static char *twin_of(const struct builder *b, const struct plan_output *planned)
{
    g_autofree char *key = key_of(planned);
    const struct plan_output *made = g_hash_table_lookup(b->made, key);
    if (planned->stale != STALE_NEVER || planned->blocked || b->params->fresh)
        return NULL;
    return made ? words(made->path, input_at(b->plan, made->input)->path)
                : twin_in_ledger(b, planned);
}

/* One text an output, NULL for those that are there already. NULL when one has to be made: then
 * the input is no duplicate. */
static GPtrArray *twins(const struct builder *b, const struct group *group)
{
    g_autoptr(GPtrArray) whys = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < group->drafts->len; i++) {
        const struct draft *draft = draft_at(group, i);
        char *why = draft_has_work(draft) ? twin_of(b, draft->to) : NULL;
        if (!why && (draft_has_work(draft) || draft->to->blocked))
            return NULL;
        g_ptr_array_add(whys, why);
    }
    return g_steal_pointer(&whys);
}

static void pass_over(const struct builder *b, struct plan_output *planned, const char *why)
{
    planned->reason = text_shared(b->plan, why);
    planned->skipped = true;
}

void twins_of_group(struct builder *b, const struct group *group)
{
    g_autoptr(GPtrArray) whys = twins(b, group);
    for (guint i = 0; i < group->drafts->len; i++) {
        struct plan_output *planned = draft_at(group, i)->to;
        if (whys && whys->pdata[i])
            pass_over(b, planned, whys->pdata[i]);
        else
            g_hash_table_insert(b->made, key_of(planned), planned);
    }
}
