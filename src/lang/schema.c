/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON Schema (draft 2020-12) of pipeline and preset files, from the table of keys. Parts that
 * stand in several places are in $defs. */
#include "keys.h"
#include "lang/manual.h"
#include "model/carried.h"
#include "model/encode.h"
#include "model/trust.h"

#include <string.h>

static JsonNode *object_node(JsonObject *object)
{
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    return node;
}

static JsonObject *typed(const char *type)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "type", type);
    return object;
}

static JsonObject *reference(const char *name)
{
    JsonObject *object = json_object_new();
    g_autofree char *path = g_strdup_printf("#/$defs/%s", name);
    json_object_set_string_member(object, "$ref", path);
    return object;
}

/* A scalar: YAML may read "2" as a number and "yes" as a bool where a text is meant. */
static JsonObject *scalar(void)
{
    JsonObject *object = json_object_new();
    JsonArray *types = json_array_new();
    json_array_add_string_element(types, "string");
    json_array_add_string_element(types, "number");
    json_array_add_string_element(types, "boolean");
    json_object_set_array_member(object, "type", types);
    return object;
}

static JsonObject *map_of(JsonObject *values)
{
    JsonObject *object = typed("object");
    json_object_set_object_member(object, "additionalProperties", values);
    return object;
}

static JsonObject *any_of(JsonObject *a, JsonObject *b)
{
    JsonObject *object = json_object_new();
    JsonArray *list = json_array_new();
    json_array_add_object_element(list, a);
    json_array_add_object_element(list, b);
    json_object_set_array_member(object, "anyOf", list);
    return object;
}

static JsonObject *list_of(JsonObject *items)
{
    JsonObject *object = typed("array");
    json_object_set_object_member(object, "items", items);
    return object;
}

static JsonObject *choice(const char *const *names)
{
    JsonObject *object = json_object_new();
    JsonArray *list = json_array_new();
    for (; *names; names++)
        json_array_add_string_element(list, *names);
    json_object_set_array_member(object, "enum", list);
    return object;
}

static JsonObject *version(void)
{
    JsonObject *object = json_object_new();
    json_object_set_int_member(object, "const", 1);
    return object;
}

static JsonObject *type_schema(enum key_type type)
{
    if (key_choices(type))
        return choice(key_choices(type));
    switch (type) {
    case KEY_VERSION:
        return version();
    case KEY_GLOBS:
    case KEY_NAMES:
    case KEY_HOOK:
    case KEY_PRESETS:
        return any_of(typed("string"), list_of(typed("string")));
    case KEY_KEEP:
        return any_of(choice(keep_names()), list_of(choice(keep_names())));
    case KEY_TRUST:
        return any_of(choice(trust_words()), list_of(choice(trust_words())));
    case KEY_STEPS:
        return list_of(reference("step"));
    case KEY_VARS:
        return map_of(scalar());
    case KEY_HOOKS:
        return reference("hooks");
    case KEY_JOIN:
        return reference("join");
    case KEY_INPUTS:
        return reference("inputs");
    case KEY_JOBS:
        return map_of(reference("job"));
    case KEY_OUTPUTS:
        return map_of(reference("output"));
    case KEY_ENCODE:
        return reference("encode");
    case KEY_EXPECT:
        return reference("expect");
    case KEY_FILES:
        return map_of(reference("expect"));
    default:
        return scalar();
    }
}

/* A key without a value counts as absent. */
static JsonObject *or_null(JsonObject *schema)
{
    return any_of(schema, typed("null"));
}

static void add_properties(JsonObject *schema, unsigned places)
{
    JsonObject *properties = json_object_new();
    for (unsigned i = 0; i < key_count; i++) {
        const struct key *key = &key_table[i];
        if (!(key->places & places))
            continue;
        bool required = key->type == KEY_VERSION;
        JsonObject *value = type_schema(key->type);
        value = required ? value : or_null(value);
        json_object_set_string_member(value, "description", key->help);
        json_object_set_object_member(properties, key->name, value);
    }
    json_object_set_object_member(schema, "properties", properties);
    json_object_set_boolean_member(schema, "additionalProperties", FALSE);
}

static JsonObject *map_schema(unsigned places)
{
    JsonObject *schema = typed("object");
    add_properties(schema, places);
    return schema;
}

/* {"trim": {…}}: a map of exactly one step. */
static JsonObject *one_step(const struct step *step)
{
    JsonObject *schema = typed("object"), *properties = json_object_new();
    JsonArray *required = json_array_new();
    JsonObject *params = json_object_new();
    JsonArray *forms = json_array_new();
    json_array_add_element(forms, params_schema(&step->params));
    json_array_add_object_element(forms, typed("null"));
    json_object_set_array_member(params, "anyOf", forms);
    json_object_set_string_member(params, "description", step->summary);
    json_object_set_object_member(properties, step->name, params);
    json_object_set_object_member(schema, "properties", properties);
    json_array_add_string_element(required, step->name);
    json_object_set_array_member(schema, "required", required);
    json_object_set_boolean_member(schema, "additionalProperties", FALSE);
    return schema;
}

static JsonObject *step_schema(const struct pipeline_options *options)
{
    JsonObject *schema = json_object_new();
    JsonArray *forms = json_array_new();
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < options->step_count; i++)
        g_ptr_array_add(names, (gpointer)options->steps[i]->name);
    g_ptr_array_add(names, NULL);
    json_array_add_object_element(forms, choice((const char *const *)names->pdata));
    for (unsigned i = 0; i < options->step_count; i++)
        json_array_add_object_element(forms, one_step(options->steps[i]));
    json_object_set_array_member(schema, "anyOf", forms);
    return schema;
}

static JsonObject *definitions(const struct pipeline_options *options)
{
    JsonObject *defs = json_object_new();
    json_object_set_object_member(defs, "step", step_schema(options));
    json_object_set_object_member(defs, "hooks", map_schema(IN_HOOKS));
    json_object_set_object_member(defs, "inputs", map_schema(IN_INPUTS));
    json_object_set_object_member(defs, "join", map_schema(IN_JOIN));
    json_object_set_object_member(defs, "job", or_null(map_schema(IN_JOB)));
    json_object_set_object_member(defs, "output", or_null(map_schema(IN_OUTPUT)));
    json_object_set_member(defs, "encode", encode_schema());
    json_object_set_member(defs, "expect", expect_schema());
    return defs;
}

/* Of a kind of file; `defs` becomes the schema's. */
static char *file_schema(const char *title, unsigned places, JsonObject *defs)
{
    JsonObject *schema = json_object_new();
    JsonArray *required = json_array_new();
    json_object_set_string_member(schema, "$schema",
                                  "https://json-schema.org/draft/2020-12/schema");
    json_object_set_string_member(schema, "title", title);
    json_object_set_string_member(schema, "type", "object");
    add_properties(schema, places);
    json_array_add_string_element(required, "rushes");
    json_object_set_array_member(schema, "required", required);
    json_object_set_object_member(schema, "$defs", defs);
    g_autoptr(JsonNode) root = object_node(schema);
    return json_to_string(root, TRUE);
}

char *schema_text(const struct pipeline_options *options)
{
    return file_schema("rushes pipeline or preset", IN_FILE | IN_SHORT | IN_SINGLE | IN_PRESET,
                       definitions(options));
}

char *schema_spec_text(void)
{
    JsonObject *defs = json_object_new();
    json_object_set_member(defs, "expect", expect_schema());
    return file_schema("rushes spec", IN_SPEC, defs);
}
