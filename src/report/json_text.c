/* SPDX-License-Identifier: GPL-3.0-or-later
 * A JSON tree as text. */
#include "json_text.h"

#include "base/unit.h"

#include <math.h>

struct printer {
    GString *out;
    int depth; /* -1: all on one line */
};

static void new_line(struct printer *to, int step)
{
    if (to->depth < 0)
        return;
    to->depth += step;
    g_string_append_printf(to->out, "\n%*s", 2 * to->depth, "");
}

/* Invalid UTF-8 can't come in: whoever builds the tree sees to that. */
static void put_string(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '\t')
            g_string_append(out, "\\t");
        else if (c < 0x20 || c == 0x7f)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void put_value(GString *out, JsonNode *node)
{
    GType type = json_node_get_value_type(node);
    if (type == G_TYPE_STRING) {
        put_string(out, json_node_get_string(node));
    } else if (type == G_TYPE_BOOLEAN) {
        g_string_append(out, json_node_get_boolean(node) ? "true" : "false");
    } else if (type == G_TYPE_INT64) {
        g_string_append_printf(out, "%" G_GINT64_FORMAT, json_node_get_int(node));
    } else {
        double value = json_node_get_double(node);
        g_autofree char *text = number_text(value);
        g_string_append(out, isfinite(value) ? text : "null");
    }
}

static void put(struct printer *to, JsonNode *node);

static void put_array(struct printer *to, JsonArray *array)
{
    guint length = json_array_get_length(array);
    g_string_append_c(to->out, '[');
    for (guint i = 0; i < length; i++) {
        if (i > 0)
            g_string_append_c(to->out, ',');
        new_line(to, i == 0 ? 1 : 0);
        put(to, json_array_get_element(array, i));
    }
    if (length > 0)
        new_line(to, -1);
    g_string_append_c(to->out, ']');
}

static void put_object(struct printer *to, JsonObject *object)
{
    g_autoptr(GList) names = json_object_get_members(object);
    g_string_append_c(to->out, '{');
    for (GList *at = names; at; at = at->next) {
        if (at != names)
            g_string_append_c(to->out, ',');
        new_line(to, at == names ? 1 : 0);
        put_string(to->out, at->data);
        g_string_append(to->out, to->depth < 0 ? ":" : ": ");
        put(to, json_object_get_member(object, at->data));
    }
    if (names)
        new_line(to, -1);
    g_string_append_c(to->out, '}');
}

static void put(struct printer *to, JsonNode *node)
{
    if (JSON_NODE_HOLDS_OBJECT(node))
        put_object(to, json_node_get_object(node));
    else if (JSON_NODE_HOLDS_ARRAY(node))
        put_array(to, json_node_get_array(node));
    else if (JSON_NODE_HOLDS_VALUE(node))
        put_value(to->out, node);
    else
        g_string_append(to->out, "null");
}

char *json_text(JsonNode *node, bool one_line)
{
    struct printer to = {g_string_new(NULL), one_line ? -1 : 0};
    put(&to, node);
    g_string_append_c(to.out, '\n');
    return g_string_free(to.out, FALSE);
}
