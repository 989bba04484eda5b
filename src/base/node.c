/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tree of values: life, children, look-up. */
#include "base/node.h"

#include <string.h>

static struct node *node_new(enum node_kind kind, struct mark at)
{
    struct node *node = g_new0(struct node, 1);
    g_atomic_ref_count_init(&node->refs);
    node->kind = kind;
    node->at = at;
    if (kind != NODE_SCALAR)
        node->items = g_ptr_array_new_with_free_func((GDestroyNotify)node_unref);
    if (kind == NODE_MAP)
        node->keys = g_ptr_array_new_with_free_func((GDestroyNotify)node_unref);
    return node;
}

struct node *node_scalar(const char *text, struct mark at)
{
    struct node *node = node_new(NODE_SCALAR, at);
    node->text = g_strdup(text ? text : "");
    return node;
}

struct node *node_list(struct mark at)
{
    return node_new(NODE_LIST, at);
}

struct node *node_map(struct mark at)
{
    return node_new(NODE_MAP, at);
}

struct node *node_ref(const struct node *node)
{
    struct node *shared = (struct node *)node;
    if (shared)
        g_atomic_ref_count_inc(&shared->refs);
    return shared;
}

void node_unref(struct node *node)
{
    if (!node || !g_atomic_ref_count_dec(&node->refs))
        return;
    g_clear_pointer(&node->items, g_ptr_array_unref);
    g_clear_pointer(&node->keys, g_ptr_array_unref);
    g_free(node->text);
    g_free(node);
}

void node_append(struct node *list, struct node *value)
{
    g_ptr_array_add(list->items, value);
}

static bool find_key(const struct node *map, const char *key, guint *index)
{
    if (!map || map->kind != NODE_MAP)
        return false;
    for (guint i = 0; i < map->keys->len; i++) {
        if (strcmp(node_key_at(map, i), key) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

void node_put(struct node *map, const char *key, struct mark key_at, struct node *value)
{
    guint index;
    if (!find_key(map, key, &index)) {
        g_ptr_array_add(map->keys, node_scalar(key, key_at));
        g_ptr_array_add(map->items, value);
        return;
    }
    struct node *known = g_ptr_array_index(map->keys, index);
    known->at = key_at;
    node_unref(map->items->pdata[index]);
    map->items->pdata[index] = value;
}

struct node *node_get(const struct node *map, const char *key)
{
    guint index;
    return find_key(map, key, &index) ? g_ptr_array_index(map->items, index) : NULL;
}

const struct node *node_key(const struct node *map, const char *key)
{
    guint index;
    return find_key(map, key, &index) ? g_ptr_array_index(map->keys, index) : NULL;
}

const char *node_get_text(const struct node *map, const char *key)
{
    const struct node *value = node_get(map, key);
    return value && value->kind == NODE_SCALAR ? value->text : NULL;
}

bool node_is_null(const struct node *node)
{
    if (!node)
        return true;
    return node->kind == NODE_SCALAR && !node->quoted &&
           (!*node->text || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

guint node_length(const struct node *node)
{
    return node && node->items ? node->items->len : 0;
}

struct node *node_item(const struct node *node, guint index)
{
    return index < node_length(node) ? g_ptr_array_index(node->items, index) : NULL;
}

const char *node_key_at(const struct node *map, guint index)
{
    if (!map || map->kind != NODE_MAP || index >= map->keys->len)
        return NULL;
    const struct node *key = g_ptr_array_index(map->keys, index);
    return key->text;
}

struct node *node_copy(const struct node *node)
{
    if (!node)
        return NULL;
    struct node *copy = node_new(node->kind, node->at);
    copy->quoted = node->quoted;
    copy->text = g_strdup(node->text);
    for (guint i = 0; i < node_length(node); i++)
        g_ptr_array_add(copy->items, node_copy(node_item(node, i)));
    for (guint i = 0; node->keys && i < node->keys->len; i++)
        g_ptr_array_add(copy->keys, node_copy(g_ptr_array_index(node->keys, i)));
    return copy;
}
