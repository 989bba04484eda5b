/* SPDX-License-Identifier: GPL-3.0-or-later
 * Presets: where they are found, and what they are built upon. */
#include "lang/template.h"
#include "lang/yaml.h"
#include "load.h"

#include <string.h>

static bool is_yaml_name(const char *name)
{
    return g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml");
}

/* "h264.yaml" → "h264"; NULL for other files. */
static char *preset_name_of(const char *file)
{
    if (!is_yaml_name(file) || *file == '.')
        return NULL;
    return g_strndup(file, (gsize)(strrchr(file, '.') - file));
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    const char *const *one = a, *const *other = b;
    return strcmp(*one, *other);
}

static GPtrArray *sorted_files(const char *dir)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    GDir *folder = g_dir_open(dir, 0, NULL);
    for (const char *file; folder && (file = g_dir_read_name(folder));)
        g_ptr_array_add(files, g_strdup(file));
    if (folder)
        g_dir_close(folder);
    g_ptr_array_sort(files, by_text);
    return files;
}

/* DIR/share/rushes/presets of a program in DIR/bin: an installation may be moved. */
static char *installed_beside(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *bin = g_path_get_dirname(self ? self : ".");
    g_autofree char *prefix = g_path_get_dirname(bin);
    return g_build_filename(prefix, "share", "rushes", "presets", NULL);
}

char **preset_dirs_default(void)
{
    GPtrArray *dirs = g_ptr_array_new();
    g_ptr_array_add(dirs, g_strdup("presets"));
    g_ptr_array_add(dirs, g_build_filename(g_get_user_config_dir(), "rushes", "presets", NULL));
    g_ptr_array_add(dirs, installed_beside());
    g_ptr_array_add(dirs, g_build_filename(RUSHES_DATADIR, "presets", NULL));
    g_ptr_array_add(dirs, g_build_filename(RUSHES_SOURCE_DATADIR, "presets", NULL));
    g_ptr_array_add(dirs, NULL);
    return (char **)g_ptr_array_free(dirs, FALSE);
}

/* The file of a name in one folder: exactly so before in other case. */
static char *find_in(const char *dir, const char *name)
{
    g_autoptr(GPtrArray) files = sorted_files(dir);
    const char *best = NULL;
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *stem = preset_name_of(files->pdata[i]);
        if (stem && strcmp(stem, name) == 0)
            return g_build_filename(dir, files->pdata[i], NULL);
        if (stem && !best && g_ascii_strcasecmp(stem, name) == 0)
            best = files->pdata[i];
    }
    return best ? g_build_filename(dir, best, NULL) : NULL;
}

static char *find_path(const char *path, const char *from_file)
{
    g_autofree char *dir = from_file ? g_path_get_dirname(from_file) : NULL;
    g_autofree char *full = dir && strcmp(dir, ".") != 0 && !g_path_is_absolute(path)
                                ? g_build_filename(dir, path, NULL)
                                : g_strdup(path);
    return g_file_test(full, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&full) : NULL;
}

char *preset_find(const struct pipeline_options *options, const char *name, const char *from_file,
                  bool from_preset)
{
    if (is_yaml_name(name))
        return find_path(name, from_file);
    g_autofree char *dir = from_file ? g_path_get_dirname(from_file) : NULL;
    g_autofree char *beside = !dir || from_preset     ? g_strdup(dir)
                              : strcmp(dir, ".") == 0 ? g_strdup("presets")
                                                      : g_build_filename(dir, "presets", NULL);
    char *found = beside ? find_in(beside, name) : NULL;
    for (const char *const *d = options->preset_dirs; !found && d && *d; d++)
        found = find_in(*d, name);
    return found;
}

void preset_unknown(const struct pipeline_options *options, const char *name, struct mark at,
                    struct diag *diag)
{
    g_autoptr(GPtrArray) known = preset_list(options), names = g_ptr_array_new();
    for (guint i = 0; i < known->len; i++)
        g_ptr_array_add(names, ((struct preset_info *)known->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(name, (const char *const *)names->pdata);
    diag_error(diag, at, is_yaml_name(name) ? NULL : hint, "there is no %s \"%s\"",
               is_yaml_name(name) ? "preset file" : "preset", name);
}

/* One file of a chain, as a tree of our own. */
static struct node *load_layer(struct loader *loader, const char *path)
{
    const struct node *tree = loader_file(loader, path);
    g_auto(node_ptr) copy = node_copy(tree);
    if (!copy || !keys_check(copy, IN_PRESET, "a preset", loader->diag))
        return NULL;
    return g_steal_pointer(&copy);
}

/* A preset of the house may have the name of the one that it extends: that is the next one where
 * presets are looked for. Caller frees; NULL: there is none. */
static char *find_behind(const struct pipeline_options *options, const char *name,
                         const char *itself)
{
    for (const char *const *d = options->preset_dirs; !is_yaml_name(name) && d && *d; d++) {
        g_autofree char *found = find_in(*d, name);
        if (found && !file_is_same(found, itself))
            return g_steal_pointer(&found);
    }
    return NULL;
}

/* "a" extends "b", "b" extends "a". */
static void report_circle(struct loader *loader, const GPtrArray *paths, guint first,
                          struct mark at)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = first; i < paths->len; i++) {
        g_autofree char *file = g_path_get_basename(paths->pdata[i]);
        g_autofree char *next =
            g_path_get_basename(paths->pdata[i + 1 < paths->len ? i + 1 : first]);
        g_autofree char *name = preset_name_of(file), *of = preset_name_of(next);
        g_string_append_printf(text, "%s\"%s\" extends \"%s\"", i > first ? ", " : "", name, of);
    }
    diag_error(loader->diag, at, "take `extends` out of one of them", "%s: they extend each other",
               text->str);
}

/* Follows `extends`; layers come out with the most basic first. */
static bool follow(struct loader *loader, const char *name, struct mark at, GPtrArray *layers)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    const char *from = loader->pipeline->file;
    while (name) {
        g_autofree char *path = preset_find(loader->options, name, from, paths->len > 0);
        guint circle;
        if (path && paths->len > 0 && file_is_same(path, from)) {
            g_free(path);
            path = find_behind(loader->options, name, from);
            if (!path) {
                diag_error(loader->diag, at, "give it another name, or leave `extends` out",
                           "\"%s\" extends itself: there is no other preset of this name", name);
                return false;
            }
        }
        if (!path) {
            preset_unknown(loader->options, name, at, loader->diag);
            return false;
        }
        if (g_ptr_array_find_with_equal_func(paths, path, g_str_equal, &circle)) {
            report_circle(loader, paths, circle, at);
            return false;
        }
        if (paths->len == PRESET_MAX_DEPTH) {
            diag_error(loader->diag, at, NULL, "presets extend each other more than %d times",
                       PRESET_MAX_DEPTH);
            return false;
        }
        struct node *layer = load_layer(loader, path);
        if (!layer)
            return false;
        g_ptr_array_insert(layers, 0, layer);
        g_ptr_array_add(paths, g_steal_pointer(&path));
        from = paths->pdata[paths->len - 1];
        const struct node *next = node_get(layer, "extends");
        name = next ? next->text : NULL;
        at = next ? next->at : at;
    }
    return true;
}

/* A preset's own values, those of the pipeline before those of what is extended last. */
static void fill_layers(struct loader *loader, const GPtrArray *layers)
{
    GHashTable *known = loader->pipeline->vars;
    g_autoptr(GHashTable) values = values_new(known);
    for (guint i = layers->len; i-- > 0;)
        vars_declare(loader->vars, node_get(layers->pdata[i], "vars"), values, loader->diag);
    for (guint i = 0; i < layers->len; i++) {
        struct node *layer = layers->pdata[i];
        if (!template_fill_vars(layer, values))
            diag_error(loader->diag, layer->at, NULL, "variables make this file too large");
    }
    GHashTableIter iter;
    gpointer name, text;
    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, &name, &text))
        if (!g_hash_table_contains(loader->preset_values, name))
            g_hash_table_insert(loader->preset_values, g_strdup(name), g_strdup(text));
}

bool preset_layers(struct loader *loader, const char *name, struct mark at, GPtrArray *layers)
{
    g_autoptr(GPtrArray) chain = g_ptr_array_new();
    bool fine = follow(loader, name, at, chain);
    fill_layers(loader, chain);
    for (guint i = 0; i < chain->len; i++)
        g_ptr_array_add(layers, chain->pdata[i]);
    return fine;
}

void preset_info_destroy(struct preset_info *info)
{
    g_free(info->name);
    g_free(info->file);
    g_free(info->description);
    g_free(info->source);
    g_free(info->extends);
    g_free(info);
}

static struct preset_info *info_of(const char *dir, const char *file)
{
    g_auto(diag_ptr) ignored = diag_create();
    g_autofree char *path = g_build_filename(dir, file, NULL);
    g_auto(node_ptr) tree = yaml_load(path, ignored);
    struct preset_info *info = g_new0(struct preset_info, 1);
    info->name = preset_name_of(file);
    info->file = g_steal_pointer(&path);
    if (!tree)
        return info;
    const char *description = node_get_text(tree, "description");
    info->description = g_strdup(description ? description : node_get_text(tree, "name"));
    info->source = g_strdup(node_get_text(tree, "source"));
    info->extends = g_strdup(node_get_text(tree, "extends"));
    return info;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const struct preset_info *const *one = a, *const *other = b;
    return strcmp((*one)->name, (*other)->name);
}

GPtrArray *preset_list(const struct pipeline_options *options)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)preset_info_destroy);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *const *dir = options->preset_dirs; dir && *dir; dir++) {
        g_autoptr(GPtrArray) files = sorted_files(*dir);
        for (guint i = 0; i < files->len; i++) {
            g_autofree char *name = preset_name_of(files->pdata[i]);
            if (!name || g_hash_table_contains(known, name))
                continue;
            g_hash_table_add(known, g_steal_pointer(&name));
            g_ptr_array_add(list, info_of(*dir, files->pdata[i]));
        }
    }
    g_ptr_array_sort(list, by_name);
    return list;
}
