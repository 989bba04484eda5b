/* SPDX-License-Identifier: GPL-3.0-or-later
 * Untrusted JSON in, valid JSON out. */
#include "json_read.h"

#include <gio/gio.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 64
#define MAX_BYTES (256u << 20)

/* json-glib recurses once a level and reads JavaScript's extras; refuse both beforehand. */
static const char *objection(const char *text, gsize length)
{
    unsigned depth = 0;
    bool quoted = false;
    for (gsize i = 0; i < length; i++) {
        char c = text[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth)
            depth--;
        else if (c == '/' || c == '#' || c == '\'')
            return "it has comments or single quotes, which JSON has not";
        if (depth > MAX_DEPTH)
            return "it is nested too deeply";
    }
    return NULL;
}

JsonObject *json_read_object(const char *text, gssize length, GError **error)
{
    gsize size = length < 0 ? strlen(text) : (gsize)length;
    const char *why = size > MAX_BYTES                     ? "it is too large"
                      : !g_utf8_validate(text, size, NULL) ? "it is not UTF-8 text"
                                                           : objection(text, size);
    if (why) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not readable as JSON: %s", why);
        return NULL;
    }
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, text, (gssize)size, error))
        return NULL;
    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a JSON object");
        return NULL;
    }
    return json_object_ref(json_node_get_object(root));
}

static JsonNode *member(JsonObject *object, const char *name, JsonNodeType type)
{
    JsonNode *node = object && name ? json_object_get_member(object, name) : NULL;
    return node && json_node_get_node_type(node) == type ? node : NULL;
}

const char *json_read_node_text(JsonNode *node)
{
    bool text =
        node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
    return text ? json_node_get_string(node) : NULL;
}

const char *json_read_text(JsonObject *object, const char *name)
{
    return json_read_node_text(member(object, name, JSON_NODE_VALUE));
}

bool json_read_node_number(JsonNode *node, double *out)
{
    if (!node || !JSON_NODE_HOLDS_VALUE(node))
        return false;
    GType type = json_node_get_value_type(node);
    if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return false;
    double number = json_node_get_double(node);
    if (!isfinite(number))
        return false;
    *out = number;
    return true;
}

double json_read_number(JsonObject *object, const char *name, double unknown)
{
    double number;
    JsonNode *node = member(object, name, JSON_NODE_VALUE);
    return json_read_node_number(node, &number) ? number : unknown;
}

int64_t json_read_int64(JsonObject *object, const char *name, int64_t unknown)
{
    JsonNode *node = member(object, name, JSON_NODE_VALUE);
    bool whole = node && json_node_get_value_type(node) == G_TYPE_INT64;
    return whole ? json_node_get_int(node) : unknown;
}

int json_read_int(JsonObject *object, const char *name, int unknown)
{
    return (int)CLAMP(json_read_int64(object, name, unknown), INT_MIN, INT_MAX);
}

bool json_read_bool(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name, JSON_NODE_VALUE);
    return node && json_node_get_value_type(node) == G_TYPE_BOOLEAN && json_node_get_boolean(node);
}

JsonObject *json_read_member(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name, JSON_NODE_OBJECT);
    return node ? json_node_get_object(node) : NULL;
}

JsonArray *json_read_array(JsonObject *object, const char *name)
{
    JsonNode *node = member(object, name, JSON_NODE_ARRAY);
    return node ? json_node_get_array(node) : NULL;
}

JsonObject *json_read_element(JsonArray *array, guint index)
{
    JsonNode *node = json_array_get_element(array, index);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

void json_put_text(JsonObject *object, const char *name, const char *text)
{
    if (!text)
        return;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_object_set_string_member(object, name, valid);
}

void json_put_number(JsonObject *object, const char *name, double number)
{
    if (isfinite(number))
        json_object_set_double_member(object, name, number);
}

char *json_write_object(JsonObject *object)
{
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), object);
    json_object_unref(object);
    return json_to_string(root, TRUE);
}
