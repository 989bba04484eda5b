/* SPDX-License-Identifier: GPL-3.0-or-later
 * One output: its preset and what it says itself, merged and checked. */
#include "base/file.h"
#include "lang/template.h"
#include "load.h"
#include "pieces.h"

void output_destroy(struct pipeline_output *output)
{
    g_free(output->name);
    g_free(output->to);
    g_free(output->preset);
    g_free(output->container);
    g_free(output->extension);
    when_destroy(output->when);
    g_clear_pointer(&output->steps, g_ptr_array_unref);
    node_unref(output->encode);
    node_unref(output->expect);
    g_clear_pointer(&output->expectations, g_ptr_array_unref);
    g_free(output);
}

struct when *condition_load(struct loader *loader, const struct node *map)
{
    const struct node *node = node_get(map, "when");
    struct when *when = node ? when_parse(node->text, node->at, loader->diag) : NULL;
    loader->pipeline->needs_measuring |= when && when_needs_measuring(when);
    return when;
}

/* What the output is made of, the most basic first, its own map last. */
static GPtrArray *find_layers(struct loader *loader, struct pipeline_output *output,
                              const struct node *map)
{
    GPtrArray *layers = g_ptr_array_new_with_free_func((GDestroyNotify)node_unref);
    const struct node *extends = node_get(map, "extends"), *preset = node_get(map, "preset");
    if (extends)
        preset_layers(loader, extends->text, extends->at, layers);
    if (preset)
        preset_layers(loader, preset->text, preset->at, layers);
    output->preset = g_strdup(preset ? preset->text : extends ? extends->text : NULL);
    g_ptr_array_add(layers, node_ref(map));
    return layers;
}

static void merge_into(struct node **whole, const struct node *part)
{
    if (!part)
        return;
    struct node *merged = nodes_merge(*whole, part);
    node_unref(*whole);
    *whole = merged;
}

/* Of presets that extend one another, the last that has steps gives them: a smaller size replaces
 * the larger one, it doesn't scale twice. */
static guint layer_with_steps(const GPtrArray *layers, guint chain)
{
    while (chain > 0 && !node_get(layers->pdata[chain - 1], "steps"))
        chain--;
    return chain - 1;
}

static void merge_layers(struct loader *loader, struct pipeline_output *output,
                         const GPtrArray *layers)
{
    const struct node *own = layers->pdata[layers->len - 1];
    guint chain = node_get(own, "extends") ? layers->len : layers->len - 1;
    guint with_steps = layer_with_steps(layers, chain);
    output->encode = node_map(output->at);
    output->expect = node_map(output->at);
    for (guint i = 0; i < layers->len; i++) {
        const struct node *layer = layers->pdata[i];
        merge_into(&output->encode, node_get(layer, "encode"));
        merge_into(&output->expect, node_get(layer, "expect"));
        if (i == with_steps || i >= chain)
            steps_load(loader, node_get(layer, "steps"), output->steps);
        struct when *when = condition_load(loader, layer);
        if (when) {
            when_destroy(output->when);
            output->when = when;
        }
    }
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
    if (encode_parse(output->encode, true, encode, loader->diag) && resolved &&
        loader->options->catalogue)
        encoders_check(output, encode, loader->options->catalogue, loader->diag);
}

struct pipeline_output *output_load(struct loader *loader, const char *name, struct mark at,
                                    const struct node *map, enum kind inputs)
{
    struct pipeline_output *output = g_new0(struct pipeline_output, 1);
    output->name = g_strdup(name);
    output->at = at;
    output->from = -1;
    output->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_use_destroy);
    g_autoptr(GPtrArray) layers = find_layers(loader, output, map);
    merge_layers(loader, output, layers);
    load_path(loader, output, map);
    load_encode(loader, output, map, inputs);
    output->expectations = expect_parse(output->expect, loader->diag);
    return output;
}
