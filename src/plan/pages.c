/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages that an earlier run made of more stills than there are now. */
#include "build.h"

static bool is_last(const struct plan *plan, guint index)
{
    const struct plan_output *planned = plan->outputs->pdata[index];
    for (guint i = index + 1; i < plan->outputs->len; i++) {
        const struct plan_output *other = plan->outputs->pdata[i];
        if (other->job == planned->job && other->output == planned->output)
            return false;
    }
    return true;
}

/* Whether the ledger knows a file of this name, that no output has now; *there: it still exists. */
static bool was_made(const struct builder *b, const char *path, bool *there)
{
    struct known_output known = {.hash = NULL};
    struct file_stamp stamp;
    bool ours =
        !g_hash_table_contains(b->paths, path) && b->world->known(b->world->self, path, &known);
    known_output_clear(&known);
    *there = ours && b->world->place(b->world->self, path, &stamp);
    return ours;
}

/* "sheet-3.png sheet-4.png"; NULL: none. Caller frees. */
static char *names_after(struct builder *b, const struct plan_output *last)
{
    GString *names = g_string_new(NULL);
    bool known = true;
    for (unsigned page = last->joined->page + 1; known; page++) {
        g_autofree char *path = output_page_path(b->plan, last, page);
        bool there = false;
        known = path && was_made(b, path, &there);
        g_autofree char *shown = there ? path_display(path) : NULL;
        if (shown)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", shown);
    }
    return g_string_free(names, !names->len);
}

static void say(struct builder *b, const struct plan_output *last, const char *names)
{
    const struct pipeline_output *output = output_at(b->plan, last->job, last->output);
    char *text = g_strdup_printf("%s/%s: of an earlier run, whose stills were more than %u page%s: "
                                 "%s",
                                 job_at(b->plan, last->job)->name, output->name, last->joined->page,
                                 last->joined->page == 1 ? "" : "s", names);
    diag_warning(b->diag, output->at, "remove what nobody needs: rushes deletes no output", "%s",
                 text);
    g_ptr_array_add(b->plan->notes, text);
}

void pages_left(struct builder *b)
{
    for (guint i = 0; i < b->plan->outputs->len && !b->params->arriving; i++) {
        const struct plan_output *planned = b->plan->outputs->pdata[i];
        if (!planned->joined || planned->joined->kind != KIND_IMAGE || !is_last(b->plan, i))
            continue;
        g_autofree char *names = names_after(b, planned);
        if (names)
            say(b, planned, names);
    }
}
