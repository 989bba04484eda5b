/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a file, or the name of a preset, to a checked pipeline. */
#include "lang/pipeline.h"

#include "lang/template.h"
#include "lang/yaml.h"
#include "load.h"
#include "text.h"

#include <string.h>

void pipeline_destroy(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    g_free(pipeline->name);
    g_free(pipeline->description);
    g_free(pipeline->file);
    g_free(pipeline->checksums);
    for (unsigned i = 0; i < HOOK_COUNT; i++)
        g_strfreev(pipeline->hooks[i]);
    g_clear_pointer(&pipeline->jobs, g_ptr_array_unref);
    g_clear_pointer(&pipeline->vars, g_hash_table_unref);
    g_free(pipeline);
}

void version_check(const struct node *tree, struct diag *diag)
{
    const struct node *version = node_get(tree, "rushes");
    if (!version || node_is_null(version))
        diag_error(diag, tree->at, "write \"rushes: 1\" as its first line",
                   "this file doesn't say which version of the language it is in");
    else if (version->kind == NODE_SCALAR && strcmp(version->text, "1") != 0)
        diag_error(diag, version->at, "allowed: 1",
                   "this version of the language is not known here");
}

const struct node *loader_file(struct loader *loader, const char *path)
{
    struct node *tree = NULL;
    if (g_hash_table_lookup_extended(loader->files, path, NULL, (gpointer *)&tree))
        return tree;
    tree = yaml_load(path, loader->diag);
    g_hash_table_insert(loader->files, g_strdup(path), tree);
    if (!tree)
        return NULL;
    if (tree->kind == NODE_MAP)
        version_check(tree, loader->diag);
    return tree;
}

static void load_jobs(struct loader *loader, const struct node *jobs, struct mark at)
{
    for (guint i = 0; i < node_length(jobs); i++) {
        const struct node *key = jobs->keys->pdata[i];
        g_auto(node_ptr) map =
            node_is_null(node_item(jobs, i)) ? node_map(key->at) : node_copy(node_item(jobs, i));
        g_autofree char *what = g_strdup_printf("the job \"%s\"", key->text);
        if (!is_part_name(key->text))
            diag_error(loader->diag, key->at,
                       "use letters (a to z), digits, \"-\", \"_\" and \".\"",
                       "\"%s\" can't be the name of a job", key->text);
        else if (keys_check(map, IN_JOB, what, loader->diag))
            job_load(loader, key->text, key->at, map);
    }
    if (!node_length(jobs))
        diag_error(loader->diag, at, "add one: jobs: {clips: {outputs: …}}", "there are no jobs");
}

static unsigned places_of(const struct node *tree)
{
    if (node_get(tree, "jobs"))
        return IN_FILE;
    return node_get(tree, "outputs") ? IN_FILE | IN_SHORT : IN_FILE | IN_SHORT | IN_SINGLE;
}

static bool says_nothing(const struct node *tree)
{
    static const char *const any[] = {"steps",  "preset", "extends", "to",
                                      "encode", "expect", "keep"};
    for (size_t i = 0; i < G_N_ELEMENTS(any); i++)
        if (node_get(tree, any[i]))
            return false;
    return true;
}

/* The one output is called after its preset, which says more than "main". */
static char *single_name(const struct loader *loader, const struct node *tree)
{
    const char *preset = node_get_text(tree, "preset");
    g_autofree char *base = g_path_get_basename(loader->pipeline->is_preset ? loader->pipeline->file
                                                : preset                    ? preset
                                                                            : "main");
    char *dot = strrchr(base, '.');
    if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
        *dot = '\0';
    return is_part_name(base) ? g_steal_pointer(&base) : g_strdup("main");
}

static void load_tree(struct loader *loader, struct node *tree)
{
    unsigned places = places_of(tree);
    const struct node *key = node_key(tree, places == IN_FILE ? "jobs" : "outputs");
    struct mark at = key ? key->at : tree->at;
    const char *what = places == IN_FILE    ? "a pipeline with jobs"
                       : places & IN_SINGLE ? "a pipeline"
                                            : "a pipeline with outputs";
    if (!keys_check(tree, places, what, loader->diag))
        return;
    struct pipeline *pipeline = loader->pipeline;
    pipeline->name = g_strdup(node_get_text(tree, "name"));
    pipeline->description = g_strdup(node_get_text(tree, "description"));
    pipeline->strict = g_strcmp0(node_get_text(tree, "reproducible"), "strict") == 0;
    pipeline->provenance = node_get(tree, "provenance");
    pipeline->checksums = g_strdup(node_get_text(tree, "checksums"));
    vars_declare(loader->vars, node_get(tree, "vars"), pipeline->vars, loader->diag);
    if (!template_fill_vars(tree, pipeline->vars)) {
        diag_error(loader->diag, tree->at, NULL, "variables make this file too large");
        return;
    }
    window_load(loader, tree);
    hooks_load(loader, node_get(tree, "hooks"));
    g_autofree char *single = single_name(loader, tree);
    if (places == IN_FILE)
        load_jobs(loader, node_get(tree, "jobs"), at);
    else if (!(places & IN_SINGLE))
        job_load(loader, "main", at, tree);
    else if (says_nothing(tree))
        diag_error(loader->diag, tree->at, "add jobs, outputs, steps or a preset",
                   "this pipeline does nothing");
    if (places & IN_SINGLE)
        single_load(loader, single, tree);
}

/* A preset's variables are the pipeline's when it is run as one; else they follow its own. */
static void add_preset_values(struct loader *loader)
{
    GHashTableIter iter;
    gpointer name, text;
    g_hash_table_iter_init(&iter, loader->preset_values);
    while (g_hash_table_iter_next(&iter, &name, &text))
        if (!g_hash_table_contains(loader->pipeline->vars, name))
            g_hash_table_insert(loader->pipeline->vars, g_strdup(name), g_strdup(text));
}

static void load_file(struct loader *loader)
{
    loader->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)node_unref);
    loader->preset_values = values_new(NULL);
    loader->vars = vars_create(loader->options->set, loader->diag);
    g_auto(node_ptr) tree = node_copy(loader_file(loader, loader->pipeline->file));
    if (tree) {
        load_tree(loader, tree);
        vars_finish(loader->vars, loader->diag);
        add_preset_values(loader);
    }
    vars_destroy(loader->vars);
    g_hash_table_unref(loader->preset_values);
    g_hash_table_unref(loader->files);
}

static char *find_file(const char *what, const struct pipeline_options *options, bool *is_preset)
{
    bool looks_like_file =
        strchr(what, '/') || g_str_has_suffix(what, ".yaml") || g_str_has_suffix(what, ".yml");
    if (looks_like_file || g_file_test(what, G_FILE_TEST_IS_REGULAR))
        return g_strdup(what);
    *is_preset = true;
    return preset_find(options, what, NULL, false);
}

struct pipeline *pipeline_load(const char *what, const struct pipeline_options *options,
                               struct diag *diag)
{
    unsigned before = diag_errors(diag);
    bool is_preset = false;
    g_autofree char *file = find_file(what, options, &is_preset);
    if (!file) {
        preset_unknown(options, what, (struct mark){0}, diag);
        return NULL;
    }
    g_auto(pipeline_ptr) pipeline = g_new0(struct pipeline, 1);
    pipeline->file = g_steal_pointer(&file);
    pipeline->is_preset = is_preset;
    pipeline->vars = values_new(NULL);
    struct loader loader = {.options = options, .diag = diag, .pipeline = pipeline};
    load_file(&loader);
    return diag_errors(diag) == before ? g_steal_pointer(&pipeline) : NULL;
}
