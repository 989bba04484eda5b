/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows for people (one line) and for editors (JSON Schema). */
#include "model/param.h"

#include "json_read.h"
#include "param_private.h"

static const char *type_noun(const struct param *row)
{
    static const char *const nouns[] = {
        [PARAM_NUMBER] = "number",
        [PARAM_INT] = "whole number",
        [PARAM_BOOL] = "yes or no",
        [PARAM_TEXT] = "text",
        [PARAM_CHOICE] = "one of",
        [PARAM_POSITION] = "time (2s, 12f, -12f, 25%, 01:00:10:05)",
        [PARAM_RATE] = "rate or ratio (25, 23.976, 30000/1001, 16:9)",
        [PARAM_EXTENT] = "pixels or percent",
        [PARAM_COLOR] = "colour",
        [PARAM_FILE] = "file",
        [PARAM_TRIPLE] = "number, or a list of three",
        [PARAM_FOCAL] = "list of two numbers",
        [PARAM_INTS] = "whole number, or a list of them",
        [PARAM_WORDS] = "one, or a list, of",
        [PARAM_DICT] = "map of names to values",
    };
    return nouns[row->type];
}

char *param_type_text(const struct param *row)
{
    GString *text = g_string_new(type_noun(row));
    if (row->choices) {
        g_autofree char *list = g_strjoinv(", ", (char **)row->choices);
        g_string_append_printf(text, " %s", list);
    }
    if (row->type == PARAM_COLOR)
        g_string_append_printf(text, ": #rrggbb, #rrggbbaa or %s", color_names);
    if (row->unit != UNIT_NONE)
        g_string_append_printf(text, " in %s", unit_name(row->unit));
    if (param_limited(row)) {
        g_autofree char *min = number_text(row->min), *max = number_text(row->max);
        g_string_append_printf(text, ", %s to %s", min, max);
    }
    return g_string_free(text, FALSE);
}

static JsonObject *typed(const char *type)
{
    JsonObject *schema = json_object_new();
    json_object_set_string_member(schema, "type", type);
    return schema;
}

/* One more form that a value may have. */
static void either(JsonArray *list, JsonObject *schema)
{
    json_array_add_object_element(list, schema);
}

static JsonObject *template_text(void)
{
    JsonObject *schema = typed("string");
    json_object_set_string_member(schema, "pattern", "\\$\\{");
    return schema;
}

static JsonObject *number_schema(const struct param *row)
{
    JsonObject *schema =
        typed(row->type == PARAM_INT || row->type == PARAM_INTS ? "integer" : "number");
    if (param_limited(row)) {
        json_object_set_double_member(schema, "minimum", row->min);
        json_object_set_double_member(schema, "maximum", row->max);
    }
    return schema;
}

static JsonObject *words_schema(const char *const *words)
{
    JsonObject *schema = json_object_new();
    JsonArray *list = json_array_new();
    for (; *words; words++) {
        double number;
        json_array_add_string_element(list, *words);
        if (number_parse(*words, &number))
            json_array_add_double_element(list, number);
    }
    json_object_set_array_member(schema, "enum", list);
    return schema;
}

static JsonObject *list_schema(const struct param *row, int least, int most)
{
    JsonObject *schema = typed("array"), *item = json_object_new();
    JsonArray *any = json_array_new();
    either(any, number_schema(row));
    either(any, typed("string"));
    json_object_set_array_member(item, "anyOf", any);
    json_object_set_object_member(schema, "items", item);
    json_object_set_int_member(schema, "minItems", least);
    json_object_set_int_member(schema, "maxItems", most);
    return schema;
}

static JsonObject *list_of_words(const char *const *words)
{
    JsonObject *schema = typed("array");
    json_object_set_object_member(schema, "items", words_schema(words));
    json_object_set_int_member(schema, "minItems", 1);
    return schema;
}

static JsonObject *dict_schema(void)
{
    JsonObject *schema = typed("object"), *value = json_object_new();
    JsonArray *types = json_array_new();
    json_array_add_string_element(types, "string");
    json_array_add_string_element(types, "number");
    json_array_add_string_element(types, "boolean");
    json_object_set_array_member(value, "type", types);
    json_object_set_object_member(schema, "additionalProperties", value);
    return schema;
}

static JsonArray *alternatives(const struct param *row)
{
    static const char *const switches[] = {"yes", "no", "on", "off", "true", "false", NULL};
    JsonArray *any = json_array_new();
    switch (row->type) {
    case PARAM_BOOL:
        either(any, typed("boolean"));
        either(any, words_schema(switches));
        either(any, template_text());
        return any;
    case PARAM_CHOICE:
        either(any, words_schema(row->choices));
        either(any, template_text());
        return any;
    case PARAM_WORDS:
        either(any, words_schema(row->choices));
        either(any, list_of_words(row->choices));
        either(any, template_text());
        return any;
    case PARAM_DICT:
        either(any, dict_schema());
        return any;
    case PARAM_TRIPLE:
        either(any, list_schema(row, 3, 3));
        either(any, number_schema(row));
        break;
    case PARAM_FOCAL:
        either(any, list_schema(row, 2, 2));
        break;
    case PARAM_INTS:
        either(any, list_schema(row, 1, INTS_MAX));
        either(any, number_schema(row));
        break;
    case PARAM_NUMBER:
    case PARAM_INT:
    case PARAM_EXTENT:
        either(any, number_schema(row));
        break;
    case PARAM_POSITION:
    case PARAM_RATE:
    case PARAM_TEXT:
    case PARAM_FILE:
        either(any, typed("number"));
        break;
    case PARAM_COLOR:
        break;
    }
    either(any, typed("string"));
    return any;
}

static JsonObject *row_schema(const struct param *row)
{
    g_autofree char *type = param_type_text(row);
    g_autofree char *text = g_strdup_printf("%s (%s)", row->help, type);
    JsonObject *schema = json_object_new();
    JsonArray *any = alternatives(row);
    either(any, typed("null"));
    json_object_set_array_member(schema, "anyOf", any);
    json_put_text(schema, "description", text);
    return schema;
}

static JsonNode *schema_node(JsonObject *schema)
{
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, schema);
    return node;
}

JsonNode *param_schema(const struct param *row)
{
    return schema_node(row_schema(row));
}

static JsonObject *map_schema(const struct params *table)
{
    JsonObject *schema = typed("object"), *properties = json_object_new();
    JsonArray *required = json_array_new();
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        JsonObject *property = row_schema(row);
        g_autofree char *normal = param_value_text(row, table->defaults);
        json_put_text(property, "default", normal);
        json_object_set_object_member(properties, row->name, property);
        if (row->required)
            json_array_add_string_element(required, row->name);
    }
    json_object_set_object_member(schema, "properties", properties);
    json_object_set_boolean_member(schema, "additionalProperties", FALSE);
    if (json_array_get_length(required))
        json_object_set_array_member(schema, "required", required);
    else
        json_array_unref(required);
    return schema;
}

JsonNode *params_schema(const struct params *table)
{
    const struct param *shorthand = param_find(table, table->shorthand);
    bool needs = false;
    for (unsigned i = 0; i < table->count; i++)
        needs = needs || table->rows[i].required;
    JsonObject *schema = json_object_new();
    JsonArray *any = json_array_new();
    either(any, map_schema(table));
    if (shorthand)
        either(any, row_schema(shorthand));
    if (!needs)
        either(any, typed("null"));
    json_object_set_array_member(schema, "anyOf", any);
    return schema_node(schema);
}
