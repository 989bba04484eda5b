/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tree as JSON, and the one text identities are made of. */
#include "base/node.h"

#include "base/json_out.h"
#include "base/unit.h"

#include <string.h>

static struct node *scalar_from_json(JsonNode *json)
{
    const struct mark nowhere = {0};
    g_autofree char *number = NULL;
    switch (json_node_get_value_type(json)) {
    case G_TYPE_BOOLEAN:
        return node_scalar(json_node_get_boolean(json) ? "true" : "false", nowhere);
    case G_TYPE_INT64:
        number = g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(json));
        return node_scalar(number, nowhere);
    case G_TYPE_DOUBLE:
        number = number_text(json_node_get_double(json));
        return node_scalar(number, nowhere);
    }
    struct node *text = node_scalar(json_node_get_string(json), nowhere);
    text->quoted = true;
    return text;
}

static struct node *list_from_json(JsonArray *array)
{
    struct node *list = node_list((struct mark){0});
    for (guint i = 0; i < json_array_get_length(array); i++)
        node_append(list, node_from_json(json_array_get_element(array, i)));
    return list;
}

static struct node *map_from_json(JsonObject *object)
{
    struct node *map = node_map((struct mark){0});
    JsonObjectIter iter;
    const char *key;
    JsonNode *value;
    json_object_iter_init_ordered(&iter, object);
    while (json_object_iter_next_ordered(&iter, &key, &value))
        node_put(map, key, (struct mark){0}, node_from_json(value));
    return map;
}

struct node *node_from_json(JsonNode *json)
{
    if (!json || JSON_NODE_HOLDS_NULL(json))
        return node_scalar("", (struct mark){0});
    if (JSON_NODE_HOLDS_OBJECT(json))
        return map_from_json(json_node_get_object(json));
    if (JSON_NODE_HOLDS_ARRAY(json))
        return list_from_json(json_node_get_array(json));
    return scalar_from_json(json);
}

static JsonNode *list_to_json(const struct node *list)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; i < node_length(list); i++)
        json_array_add_element(array, node_to_json(node_item(list, i)));
    JsonNode *json = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(json, array);
    return json;
}

static JsonNode *map_to_json(const struct node *map)
{
    JsonObject *object = json_object_new();
    for (guint i = 0; i < node_length(map); i++)
        json_object_set_member(object, node_key_at(map, i), node_to_json(node_item(map, i)));
    JsonNode *json = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(json, object);
    return json;
}

JsonNode *node_to_json(const struct node *node)
{
    if (node_is_null(node))
        return json_node_new(JSON_NODE_NULL);
    if (node->kind == NODE_LIST)
        return list_to_json(node);
    if (node->kind == NODE_MAP)
        return map_to_json(node);
    return json_node_init_string(json_node_alloc(), node->text);
}

static int by_name(gconstpointer a, gconstpointer b, gpointer map)
{
    return strcmp(node_key_at(map, *(const guint *)a), node_key_at(map, *(const guint *)b));
}

/* The places of the items: as they stand in a list, by key in a map. */
static GArray *canonical_order(const struct node *node)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < node_length(node); i++)
        g_array_append_val(order, i);
    if (node->kind == NODE_MAP)
        g_array_sort_with_data(order, by_name, (gpointer)node);
    return order;
}

static void append_canonical(GString *out, const struct node *node)
{
    if (node_is_null(node)) {
        g_string_append(out, "null");
        return;
    }
    if (node->kind == NODE_SCALAR) {
        json_quote(out, node->text);
        return;
    }
    bool map = node->kind == NODE_MAP;
    g_autoptr(GArray) order = canonical_order(node);
    g_string_append_c(out, map ? '{' : '[');
    for (guint i = 0; i < order->len; i++) {
        guint at = g_array_index(order, guint, i);
        if (i > 0)
            g_string_append_c(out, ',');
        if (map) {
            json_quote(out, node_key_at(node, at));
            g_string_append_c(out, ':');
        }
        append_canonical(out, node_item(node, at));
    }
    g_string_append_c(out, map ? '}' : ']');
}

char *node_canonical(const struct node *node)
{
    GString *out = g_string_new(NULL);
    append_canonical(out, node);
    return g_string_free(out, FALSE);
}
