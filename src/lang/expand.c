/* SPDX-License-Identifier: GPL-3.0-or-later
 * Templates filled in: variables at load time, facts when an input is known. */
#include "lang/template.h"

#include "base/file.h"
#include "base/sequence.h"
#include "pieces.h"

#include <string.h>

static char *dir_of(const char *relative)
{
    const char *slash = strrchr(relative, '/');
    return slash ? g_strndup(relative, (gsize)(slash - relative)) : g_strdup("");
}

static const char *name_of(const char *relative)
{
    const char *slash = strrchr(relative, '/');
    return slash ? slash + 1 : relative;
}

/* The dot before the extension, or the end: ".hidden" has none. */
static const char *dot_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : name + strlen(name);
}

static char *own_value(const char *name, const struct template_env *env)
{
    const char *file = name_of(env->relative), *dot = dot_of(file);
    if (strcmp(name, "stem") == 0)
        return g_strndup(file,
                         sequence_width(file) ? sequence_stem_length(file) : (gsize)(dot - file));
    if (strcmp(name, "name") == 0)
        return g_strdup(file);
    if (strcmp(name, "ext") == 0)
        return g_strdup(*dot ? dot + 1 : dot);
    if (strcmp(name, "dir") == 0)
        return dir_of(env->relative);
    if (strcmp(name, "output") == 0)
        return g_strdup(env->output);
    if (strcmp(name, "job") == 0)
        return g_strdup(env->job);
    if (strcmp(name, "index") == 0)
        return g_strdup_printf("%u", env->index);
    if (strcmp(name, "page") == 0)
        return g_strdup_printf("%u", env->page);
    return strcmp(name, "date") == 0 ? g_strdup(env->date) : NULL;
}

static char *value_of(const char *name, const struct template_env *env)
{
    char *value = own_value(name, env);
    const struct fact *fact = value ? NULL : fact_find(name);
    return fact && env->facts ? fact_text(fact, env->facts) : value;
}

static bool is_unsafe(const char *value)
{
    for (; *value; value++)
        if (*value == '/' || g_ascii_iscntrl(*value))
            return true;
    return false;
}

/* What one ${name} stands for; NULL with *why. */
static char *expand_name(const struct piece *piece, const struct template_env *env, bool path,
                         bool last, char **why)
{
    g_autofree char *value = path && last && strcmp(piece->name, "ext") == 0 && env->extension
                                 ? g_strdup(env->extension)
                                 : value_of(piece->name, env);
    if (!value) {
        *why = g_strdup_printf("${%s} is unknown for this input", piece->name);
        return NULL;
    }
    g_autofree char *text = filters_apply(piece, value);
    if (path && strcmp(piece->name, "dir") != 0 && is_unsafe(text)) {
        g_autofree char *shown = path_display(text);
        *why = g_strdup_printf("${%s} is \"%s\" for this input, which can't be part of a file "
                               "name; ${%s|slug} can",
                               piece->name, shown, piece->name);
        return NULL;
    }
    return g_steal_pointer(&text);
}

static bool expand_piece(GString *out, const char *text, const struct piece *piece, size_t *offset,
                         const struct template_env *env, bool path, char **why)
{
    if (piece->kind == PIECE_DOLLAR) {
        g_string_append(out, "${");
        return true;
    }
    if (piece->kind != PIECE_NAME) {
        g_string_append_len(out, text + piece->start, (gssize)piece->length);
        return true;
    }
    bool last = !text[*offset] && piece->start > 0 && text[piece->start - 1] == '.';
    g_autofree char *value = expand_name(piece, env, path, last, why);
    if (!value)
        return false;
    g_string_append(out, value);
    *offset += !*value && strcmp(piece->name, "dir") == 0 && text[*offset] == '/';
    return true;
}

char *template_expand(const char *text, const struct template_env *env, bool path, char **why)
{
    g_autoptr(GString) out = g_string_new(NULL);
    struct piece piece;
    bool fine = true;
    for (size_t offset = 0; fine && piece_next(text, &offset, &piece); piece_clear(&piece))
        fine = expand_piece(out, text, &piece, &offset, env, path, why);
    if (!fine)
        return NULL;
    if (path && !path_is_inside(out->str)) {
        g_autofree char *shown = path_display(out->str);
        *why = g_strdup_printf("\"%s\" is not a path below the output folder", shown);
        return NULL;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static bool expand_children(const struct node *node, struct node *copy,
                            const struct template_env *env, char **why)
{
    for (guint i = 0; i < node_length(node); i++) {
        struct node *child = template_expand_tree(node_item(node, i), env, why);
        if (!child)
            return false;
        g_ptr_array_add(copy->items, child);
        if (node->kind == NODE_MAP)
            g_ptr_array_add(copy->keys, node_copy(g_ptr_array_index(node->keys, i)));
    }
    return true;
}

struct node *template_expand_tree(const struct node *node, const struct template_env *env,
                                  char **why)
{
    if (node->kind != NODE_SCALAR) {
        g_auto(node_ptr) copy = node->kind == NODE_MAP ? node_map(node->at) : node_list(node->at);
        return expand_children(node, copy, env, why) ? g_steal_pointer(&copy) : NULL;
    }
    struct node *copy = node_copy(node);
    if (!template_is(node->text))
        return copy;
    g_free(copy->text);
    copy->text = template_expand(node->text, env, false, why);
    if (!copy->text)
        g_clear_pointer(&copy, node_unref);
    return copy;
}

static char *fill_text(const char *text, GHashTable *vars)
{
    GString *out = g_string_new(NULL);
    struct piece piece;
    for (size_t offset = 0; piece_next(text, &offset, &piece); piece_clear(&piece)) {
        const char *value = piece.kind == PIECE_NAME ? g_hash_table_lookup(vars, piece.name) : NULL;
        bool filters = value != NULL;
        for (char **filter = piece.filters; filters && *filter; filter++)
            filters = filter_known(*filter);
        g_autofree char *filled = filters ? filters_apply(&piece, value) : NULL;
        if (filled)
            g_string_append(out, filled);
        else
            g_string_append_len(out, text + piece.start, (gssize)piece.length);
        if (out->len > TEMPLATE_MAX_BYTES) {
            piece_clear(&piece);
            break;
        }
    }
    return g_string_free(out, FALSE);
}

static bool fill(struct node *node, GHashTable *vars, gsize *bytes)
{
    bool fine = true;
    if (node->kind == NODE_SCALAR && template_is(node->text)) {
        char *filled = fill_text(node->text, vars);
        g_free(node->text);
        node->text = filled;
        *bytes += strlen(filled);
    }
    for (guint i = 0; fine && i < node_length(node); i++)
        fine = fill(node_item(node, i), vars, bytes);
    return fine && *bytes <= TEMPLATE_MAX_BYTES;
}

bool template_fill_vars(struct node *node, GHashTable *vars)
{
    gsize bytes = 0;
    return fill(node, vars, &bytes);
}
