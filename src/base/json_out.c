/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON as text. */
#include "base/json_out.h"

#include "base/unit.h"

#include <math.h>
#include <string.h>

static void new_line(struct json_out *to)
{
    static const char spaces[] = "                                ";
    if (to->depth < 0)
        return;
    g_string_append_c(to->text, '\n');
    g_string_append_len(to->text, spaces, MIN(2 * to->depth, (int)sizeof spaces - 1));
}

static void put_escaped(GString *out, char c)
{
    if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", c);
    else if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else
        g_string_append_printf(out, "\\u%04x", (unsigned char)c);
}

void json_quote(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *from = text;; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\')
            continue;
        g_string_append_len(out, from, text - from);
        if (!c)
            break;
        put_escaped(out, *text);
        from = text + 1;
    }
    g_string_append_c(out, '"');
}

static void begin(struct json_out *to, const char *key)
{
    if (to->after)
        g_string_append_c(to->text, ',');
    if (to->after || to->depth > 0)
        new_line(to);
    to->after = true;
    if (!key)
        return;
    json_quote(to->text, key);
    g_string_append(to->text, to->depth < 0 ? ":" : ": ");
}

void json_out_open(struct json_out *to, const char *key, char bracket)
{
    begin(to, key);
    g_string_append_c(to->text, bracket);
    to->depth += to->depth >= 0;
    to->after = false;
}

void json_out_close(struct json_out *to, char bracket)
{
    bool empty = !to->after;
    to->depth -= to->depth > 0;
    if (!empty)
        new_line(to);
    g_string_append_c(to->text, bracket);
    to->after = true;
}

void json_out_text(struct json_out *to, const char *key, const char *text)
{
    begin(to, key);
    json_quote(to->text, text);
}

void json_out_int(struct json_out *to, const char *key, gint64 value)
{
    char text[24];
    begin(to, key);
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
    g_string_append(to->text, text);
}

void json_out_number(struct json_out *to, const char *key, double value)
{
    begin(to, key);
    g_autofree char *text = isfinite(value) ? number_text(value) : g_strdup("null");
    g_string_append(to->text, text);
}

void json_out_bool(struct json_out *to, const char *key, bool value)
{
    begin(to, key);
    g_string_append(to->text, value ? "true" : "false");
}

static void out_value(struct json_out *to, const char *key, JsonNode *node)
{
    GType type = json_node_get_value_type(node);
    if (type == G_TYPE_STRING)
        json_out_text(to, key, json_node_get_string(node));
    else if (type == G_TYPE_BOOLEAN)
        json_out_bool(to, key, json_node_get_boolean(node));
    else if (type == G_TYPE_INT64)
        json_out_int(to, key, json_node_get_int(node));
    else
        json_out_number(to, key, json_node_get_double(node));
}

static void out_array(struct json_out *to, const char *key, JsonArray *array)
{
    json_out_open(to, key, '[');
    for (guint i = 0; i < json_array_get_length(array); i++)
        json_out_node(to, NULL, json_array_get_element(array, i));
    json_out_close(to, ']');
}

static void out_object(struct json_out *to, const char *key, JsonObject *object)
{
    g_autoptr(GList) names = json_object_get_members(object);
    json_out_open(to, key, '{');
    for (GList *at = names; at; at = at->next)
        json_out_node(to, at->data, json_object_get_member(object, at->data));
    json_out_close(to, '}');
}

void json_out_node(struct json_out *to, const char *key, JsonNode *node)
{
    if (JSON_NODE_HOLDS_OBJECT(node))
        out_object(to, key, json_node_get_object(node));
    else if (JSON_NODE_HOLDS_ARRAY(node))
        out_array(to, key, json_node_get_array(node));
    else if (JSON_NODE_HOLDS_VALUE(node))
        out_value(to, key, node);
    else
        json_out_number(to, key, NAN);
}

char *json_text(JsonNode *node, bool one_line)
{
    struct json_out to = {g_string_new(NULL), one_line ? -1 : 0, false};
    json_out_node(&to, NULL, node);
    g_string_append_c(to.text, '\n');
    return g_string_free(to.text, FALSE);
}
