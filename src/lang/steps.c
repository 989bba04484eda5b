/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of steps, each checked against its own table. */
#include "lang/template.h"
#include "load.h"
#include "pieces.h"

#include <string.h>

static const struct step *find_step(const struct loader *loader, const struct node *name)
{
    const struct pipeline_options *options = loader->options;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < options->step_count; i++) {
        if (strcmp(options->steps[i]->name, name->text) == 0)
            return options->steps[i];
        g_ptr_array_add(names, (gpointer)options->steps[i]->name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(name->text, (const char *const *)names->pdata);
    diag_error(loader->diag, name->at, hint, "there is no step \"%s\"", name->text);
    return NULL;
}

static bool has_template(const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return template_is(node->text);
    for (guint i = 0; i < node_length(node); i++)
        if (has_template(node_item(node, i)))
            return true;
    return false;
}

/* What stands between several values can only be checked when all are known. */
static void check_params(struct loader *loader, const struct step *step, const struct node *params,
                         struct mark at)
{
    void *data = params_new(&step->params);
    bool fine = params_parse(&step->params, params, step->name, true, data, loader->diag);
    template_check_tree(params, loader->pipeline->vars, loader->diag);
    if (fine && step->check && !has_template(params))
        step->check(data, at, loader->diag);
    params_free(&step->params, data);
}

/* The parameters with those that follow from others; new reference. */
static struct node *with_implied(const struct params *table, const struct node *params)
{
    struct node *all = NULL;
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        const struct node *by =
            row->implied && params->kind == NODE_MAP ? node_get(params, row->implied_by) : NULL;
        if (!by || node_get(params, row->name))
            continue;
        all = all ? all : node_copy(params);
        node_put(all, row->name, by->at, node_scalar(row->implied, by->at));
    }
    return all ? all : node_ref(params);
}

static void add_step(struct loader *loader, const struct node *name, const struct node *params,
                     GPtrArray *steps)
{
    const struct step *step = find_step(loader, name);
    if (!step)
        return;
    struct step_use *use = g_new0(struct step_use, 1);
    use->step = step;
    g_auto(node_ptr) written = params ? node_ref(params) : node_map(name->at);
    use->params = with_implied(&step->params, written);
    use->at = name->at;
    check_params(loader, step, written, name->at);
    g_ptr_array_add(steps, use);
}

void steps_load(struct loader *loader, const struct node *list, GPtrArray *steps)
{
    for (guint i = 0; i < node_length(list); i++) {
        const struct node *item = node_item(list, i);
        if (item->kind == NODE_SCALAR && !node_is_null(item))
            add_step(loader, item, NULL, steps);
        else if (item->kind == NODE_MAP && node_length(item) == 1)
            add_step(loader, g_ptr_array_index(item->keys, 0), node_item(item, 0), steps);
        else if (item->kind == NODE_MAP && node_length(item) > 1)
            diag_error(loader->diag, ((struct node *)g_ptr_array_index(item->keys, 1))->at,
                       "start each step with its own \"- \", and indent its parameters below it",
                       "a step is one name, with its parameters");
        else
            diag_error(loader->diag, item->at, "write \"- trim: {from: 2s}\" or \"- deinterlace\"",
                       "this is not a step");
    }
}
