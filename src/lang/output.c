/* SPDX-License-Identifier: GPL-3.0-or-later
 * One output: its preset and what it says itself, merged and checked. */
#include "base/file.h"
#include "lang/template.h"
#include "load.h"
#include "model/still_format.h"
#include "pieces.h"

void output_destroy(struct pipeline_output *output)
{
    g_free(output->name);
    g_free(output->to);
    g_free(output->preset);
    g_free(output->container);
    g_free(output->extension);
    g_free(output->files);
    g_array_unref(output->others);
    when_destroy(output->when);
    g_clear_pointer(&output->steps, g_ptr_array_unref);
    node_unref(output->encode);
    node_unref(output->expect);
    g_clear_pointer(&output->expectations, g_ptr_array_unref);
    g_clear_pointer(&output->likenesses, g_ptr_array_unref);
    g_free(output);
}

struct when *condition_load(struct loader *loader, const struct node *map)
{
    const struct node *node = node_get(map, "when");
    struct when *when = node ? when_parse(node->text, node->at, loader->diag) : NULL;
    loader->pipeline->needs_measuring |= when && when_needs_measuring(when);
    return when;
}

/* What the output is made of: chains of presets, each with the most basic first, its own map last.
 * `gives_steps` says of each layer whether its steps count. */
struct layers {
    GPtrArray *nodes;
    GArray *gives_steps; /* bool */
};

/* Of presets that extend one another, the last that has steps gives them: a smaller size replaces
 * the larger one, it doesn't scale twice. */
static void end_chain(struct layers *layers, guint start)
{
    bool given = false;
    g_array_set_size(layers->gives_steps, layers->nodes->len);
    for (guint i = layers->nodes->len; i-- > start;) {
        bool gives = !given && node_get(layers->nodes->pdata[i], "steps");
        g_array_index(layers->gives_steps, bool, i) = gives;
        given |= gives;
    }
}

static void add_chain(struct loader *loader, const struct node *preset, struct layers *layers)
{
    guint start = layers->nodes->len;
    preset_layers(loader, preset->text, preset->at, layers->nodes);
    end_chain(layers, start);
}

/* One preset or a list of them, each put upon those before. */
static void add_presets(struct loader *loader, const struct node *preset, struct layers *layers)
{
    if (preset->kind == NODE_SCALAR)
        add_chain(loader, preset, layers);
    if (preset->kind == NODE_LIST && !node_length(preset))
        diag_error(loader->diag, preset->at, "for example [r128-wav, prores-422-hq]",
                   "a list of presets names one at least");
    for (guint i = 0; preset->kind == NODE_LIST && i < node_length(preset); i++) {
        const struct node *one = node_item(preset, i);
        if (one->kind == NODE_SCALAR && !node_is_null(one))
            add_chain(loader, one, layers);
        else
            diag_error(loader->diag, one->at, "for example [r128-wav, prores-422-hq]",
                       "each of a list of presets is one name");
    }
}

static char *preset_names(const struct node *preset)
{
    if (!preset || preset->kind == NODE_SCALAR)
        return preset ? g_strdup(preset->text) : NULL;
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < node_length(preset); i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", node_item(preset, i)->text);
    return g_string_free(names, FALSE);
}

static struct layers find_layers(struct loader *loader, struct pipeline_output *output,
                                 const struct node *map)
{
    struct layers layers = {g_ptr_array_new_with_free_func((GDestroyNotify)node_unref),
                            g_array_new(FALSE, TRUE, sizeof(bool))};
    const struct node *extends = node_get(map, "extends"), *preset = node_get(map, "preset");
    if (preset)
        add_presets(loader, preset, &layers);
    guint own = layers.nodes->len;
    if (extends)
        preset_layers(loader, extends->text, extends->at, layers.nodes);
    output->preset = preset_names(preset ? preset : extends);
    g_ptr_array_add(layers.nodes, node_ref(map));
    end_chain(&layers, own);
    return layers;
}

static void layers_clear(struct layers *layers)
{
    g_ptr_array_unref(layers->nodes);
    g_array_unref(layers->gives_steps);
}

static void merge_into(struct node **whole, const struct node *part)
{
    if (!part)
        return;
    struct node *merged = nodes_merge(*whole, part);
    node_unref(*whole);
    *whole = merged;
}

static void merge_layers(struct loader *loader, struct pipeline_output *output,
                         const struct layers *layers)
{
    output->encode = node_map(output->at);
    output->expect = node_map(output->at);
    for (guint i = 0; i < layers->nodes->len; i++) {
        const struct node *layer = layers->nodes->pdata[i];
        merge_into(&output->encode, node_get(layer, "encode"));
        merge_into(&output->expect, node_get(layer, "expect"));
        if (g_array_index(layers->gives_steps, bool, i))
            steps_load(loader, node_get(layer, "steps"), output->steps);
        struct when *when = condition_load(loader, layer);
        if (when) {
            when_destroy(output->when);
            output->when = when;
        }
    }
}

/* A new reference; NULL: none says. */
static struct node *last_keep(const struct layers *layers)
{
    const struct node *keep = NULL;
    for (guint i = 0; i < layers->nodes->len; i++) {
        const struct node *own = node_get(layers->nodes->pdata[i], "keep");
        keep = own ? own : keep;
    }
    return keep ? node_ref(keep) : NULL;
}

static void load_path(struct loader *loader, struct pipeline_output *output, const struct node *map)
{
    const struct node *to = node_get(map, "to");
    if (!to)
        return;
    output->to = g_strdup(to->text);
    if (!path_is_inside(to->text))
        diag_error(loader->diag, to->at, "write a path below the output folder: web/${stem}.mp4",
                   "\"%s\" is not a path below the output folder", to->text);
    else if (path_is_ours(to->text))
        diag_error(loader->diag, to->at, "choose another folder",
                   "\"%s\" is in the folder that rushes keeps its own files in", to->text);
    template_check_vars(to->text, to->at, loader->pipeline->vars, loader->diag);
}

static void load_encode(struct loader *loader, struct pipeline_output *output,
                        const struct node *map, enum kind inputs)
{
    g_auto(encode_ptr) encode = encode_create();
    bool resolved = container_resolve(output, map, inputs, loader->diag);
    template_check_tree(output->encode, loader->pipeline->vars, loader->diag);
    if (resolved)
        container_check(output, loader->diag);
    if (!encode_parse(output->encode, true, encode, loader->diag) || !resolved)
        return;
    const char *still = container_still(container_by_name(output->container));
    if (output->kind == KIND_IMAGE || still)
        still_format_check(still ? still : output->container, encode, output->encode, loader->diag);
    if (loader->options->catalogue)
        encoders_check(output, encode, loader->options->catalogue, loader->diag);
}

/* What is only known beside a reference apart from the rest. */
static void part_expectations(struct loader *loader, struct pipeline_output *output)
{
    GPtrArray *all = output->expectations;
    output->likenesses = g_ptr_array_new_with_free_func((GDestroyNotify)expectation_destroy);
    for (guint i = 0; i < all->len;) {
        const struct expectation *e = all->pdata[i];
        if (!fact_is_beside(e->fact)) {
            i++;
            continue;
        }
        if (loader->options->alone)
            diag_error(loader->diag, e->at,
                       "compare what is made: rushes run … --against REFERENCE; or write it in a "
                       "spec: rushes check --spec FILE --against REFERENCE",
                       "expect.%s is only known beside a reference", e->fact->name);
        g_ptr_array_add(output->likenesses, g_ptr_array_steal_index(all, i));
    }
}

struct pipeline_output *output_load(struct loader *loader, const char *name, struct mark at,
                                    const struct node *map, enum kind inputs)
{
    struct pipeline_output *output = g_new0(struct pipeline_output, 1);
    output->name = g_strdup(name);
    output->at = at;
    output->from = -1;
    output->others = g_array_new(FALSE, FALSE, sizeof(int));
    output->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_use_destroy);
    struct layers layers = find_layers(loader, output, map);
    merge_layers(loader, output, &layers);
    g_auto(node_ptr) keep = last_keep(&layers);
    if (loader->pipeline->strict && !node_get(output->encode, "reproducible"))
        node_put(output->encode, "reproducible", at, node_scalar("strict", at));
    layers_clear(&layers);
    load_path(loader, output, map);
    load_encode(loader, output, map, inputs);
    keep_load(loader, output, keep);
    each_load(loader, output, map);
    output->expectations = expect_parse(output->expect, loader->diag);
    part_expectations(loader, output);
    package_check_expectations(output, loader->diag);
    return output;
}
