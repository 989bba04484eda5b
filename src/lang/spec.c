/* SPDX-License-Identifier: GPL-3.0-or-later
 * Specs: read and checked. */
#include "lang/spec.h"

#include "lang/yaml.h"
#include "load.h"

#include <string.h>

static void part_destroy(struct spec_part *part)
{
    g_free(part->pattern);
    g_ptr_array_unref(part->expectations);
    g_free(part);
}

void spec_destroy(struct spec *spec)
{
    if (!spec)
        return;
    g_free(spec->name);
    g_ptr_array_unref(spec->parts);
    g_free(spec);
}

bool spec_is(const struct node *tree)
{
    static const char *const of_spec[] = {"rushes", "name",  "description", "source",
                                          "expect", "files", NULL};
    bool expects = false;
    for (guint i = 0; tree->kind == NODE_MAP && i < node_length(tree); i++) {
        const char *key = node_key_at(tree, i);
        if (!g_strv_contains(of_spec, key))
            return false;
        expects |= strcmp(key, "expect") == 0 || strcmp(key, "files") == 0;
    }
    return expects;
}

static void add_part(struct spec *spec, const char *pattern, const struct node *map,
                     struct diag *diag)
{
    struct spec_part *part = g_new0(struct spec_part, 1);
    part->pattern = g_strdup(pattern);
    part->expectations = expect_parse(map, diag);
    g_ptr_array_add(spec->parts, part);
}

static void take_tree(struct spec *spec, struct node *tree, struct diag *diag)
{
    version_check(tree, diag);
    if (!keys_check(tree, IN_SPEC, "a spec", diag))
        return;
    const struct node *expect = node_get(tree, "expect"), *files = node_get(tree, "files");
    if (node_get(tree, "name")) {
        g_free(spec->name);
        spec->name = g_strdup(node_get_text(tree, "name"));
    }
    if (expect)
        add_part(spec, NULL, expect, diag);
    for (guint i = 0; files && i < node_length(files); i++)
        if (glob_check(node_key_at(files, i), node_key(files, node_key_at(files, i))->at, diag))
            add_part(spec, node_key_at(files, i), node_item(files, i), diag);
    if (!spec->parts->len)
        diag_error(diag, tree->at, "add expect: {codec: h264}", "this spec expects nothing");
}

char *spec_find(const struct pipeline_options *options, const char *name)
{
    g_autofree char *file = g_strconcat(name, ".yaml", NULL);
    for (const char *const *dir = options->preset_dirs; *dir && !strchr(name, '.'); dir++) {
        g_autofree char *path = g_build_filename(*dir, "specs", file, NULL);
        if (!strchr(name, G_DIR_SEPARATOR) && g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&path);
    }
    return g_strdup(name);
}

struct spec *spec_load(const char *path, struct diag *diag)
{
    const unsigned before = diag_errors(diag);
    g_auto(node_ptr) tree = yaml_load(path, diag);
    g_auto(spec_ptr) spec = g_new0(struct spec, 1);
    spec->name = g_path_get_basename(path);
    spec->parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_destroy);
    if (tree)
        take_tree(spec, tree, diag);
    return diag_errors(diag) == before ? g_steal_pointer(&spec) : NULL;
}

bool spec_part_takes(const struct spec_part *part, const char *relative)
{
    g_autofree char *name = g_path_get_basename(relative);
    return !part->pattern ||
           glob_match(part->pattern, strchr(part->pattern, '/') ? relative : name);
}
