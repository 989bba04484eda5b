/* SPDX-License-Identifier: GPL-3.0-or-later
 * report.json, written and read back. Names that aren't UTF-8 are written in a readable form,
 * and exactly as "<key>_base64" beside it. */
#include "json_text.h"
#include "private.h"

#include "base/file.h"
#include "model/sandbox.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ writing */

static void put_text(JsonObject *to, const char *key, const char *text)
{
    if (!text)
        return;
    if (g_utf8_validate(text, -1, NULL)) {
        json_object_set_string_member(to, key, text);
        return;
    }
    g_autofree char *shown = path_display(text);
    g_autofree char *exact_key = g_strconcat(key, "_base64", NULL);
    g_autofree char *exact = g_base64_encode((const guchar *)text, strlen(text));
    json_object_set_string_member(to, key, shown);
    json_object_set_string_member(to, exact_key, exact);
}

static void put_texts(JsonObject *to, const char *key, const GPtrArray *texts)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *valid = g_utf8_make_valid(texts->pdata[i], -1);
        json_array_add_string_element(array, valid);
    }
    json_object_set_array_member(to, key, array);
}

static void put_number(JsonObject *to, const char *key, double value)
{
    if (isfinite(value))
        json_object_set_double_member(to, key, value);
}

static JsonObject *error_json(const struct failure *failure)
{
    JsonObject *json = json_object_new();
    json_object_set_string_member(json, "class", failure_name(failure->class));
    put_text(json, "message", failure->message);
    return json;
}

static JsonArray *checks_json(const GPtrArray *checks)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        JsonObject *json = json_object_new();
        put_text(json, "name", check->name);
        put_text(json, "expected", check->expected);
        put_text(json, "measured", check->measured);
        json_object_set_boolean_member(json, "pass", check->pass);
        json_array_add_object_element(array, json);
    }
    return array;
}

static JsonObject *output_json(const struct report_output *output)
{
    JsonObject *json = json_object_new();
    put_text(json, "job", output->job);
    put_text(json, "output", output->output);
    put_text(json, "input", output->input);
    put_text(json, "source", output->source);
    put_text(json, "path", output->path);
    json_object_set_string_member(json, "status", output_status_name(output->status));
    put_text(json, "reason", output->reason);
    if (output->failure.class != FAIL_NONE)
        json_object_set_object_member(json, "error", error_json(&output->failure));
    if (output->facts)
        json_object_set_object_member(json, "facts", facts_to_json(output->facts));
    json_object_set_array_member(json, "checks", checks_json(output->checks));
    put_texts(json, "steps", output->steps);
    put_texts(json, "lost", output->lost);
    put_number(json, "seconds", output->seconds);
    if (output->task >= 0)
        json_object_set_int_member(json, "task", output->task);
    put_text(json, "rerun", output->rerun);
    return json;
}

static void put_sandbox(JsonObject *json, int layers)
{
    if (layers < 0)
        return;
    JsonArray *names = json_array_new();
    for (unsigned i = 0; i < sandbox_row_count; i++)
        if ((unsigned)layers & sandbox_rows[i].layer)
            json_array_add_string_element(names, sandbox_rows[i].name);
    json_object_set_array_member(json, "sandbox", names);
}

static JsonObject *totals_json(const struct report *report)
{
    JsonObject *json = json_object_new();
    for (int i = 0; i <= OUTPUT_CANCELLED; i++)
        json_object_set_int_member(json, output_status_name((enum output_status)i),
                                   report->totals[i]);
    return json;
}

char *report_to_json(const struct report *report)
{
    JsonObject *json = json_object_new();
    put_text(json, "rushes", report->version);
    put_text(json, "run", report->run);
    put_text(json, "pipeline", report->pipeline);
    put_text(json, "out_dir", report->out_dir);
    put_text(json, "started", report->started);
    put_number(json, "seconds", report->seconds);
    json_object_set_string_member(json, "status", report_status(report));
    json_object_set_int_member(json, "exit", report->exit_code);
    json_object_set_object_member(json, "totals", totals_json(report));
    JsonArray *outputs = json_array_new();
    for (guint i = 0; i < report->outputs->len; i++)
        json_array_add_object_element(outputs, output_json(output_at(report, i)));
    json_object_set_array_member(json, "outputs", outputs);
    put_sandbox(json, report->sandbox);
    put_texts(json, "notes", report->notes);
    g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(root, json);
    return json_text(root, false);
}

/* ------------------------------------------------------------------ reading */

/* A member of the type asked for, or NULL: the file may have been edited. */
static JsonNode *member(JsonObject *from, const char *key, JsonNodeType type)
{
    JsonNode *node = from ? json_object_get_member(from, key) : NULL;
    return node && json_node_get_node_type(node) == type ? node : NULL;
}

static const char *plain_text(JsonObject *from, const char *key)
{
    JsonNode *node = member(from, key, JSON_NODE_VALUE);
    return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                   : NULL;
}

static char *get_text(JsonObject *from, const char *key)
{
    g_autofree char *exact_key = g_strconcat(key, "_base64", NULL);
    const char *exact = plain_text(from, exact_key);
    if (!exact)
        return g_strdup(plain_text(from, key));
    gsize length;
    g_autofree guchar *bytes = g_base64_decode(exact, &length);
    return g_strndup((const char *)bytes, length);
}

static double get_number(JsonObject *from, const char *key)
{
    JsonNode *node = member(from, key, JSON_NODE_VALUE);
    return node ? json_node_get_double(node) : 0;
}

static bool is_text(JsonNode *node)
{
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
}

static void get_texts(JsonObject *from, const char *key, GPtrArray *to)
{
    JsonNode *node = member(from, key, JSON_NODE_ARRAY);
    guint length = node ? json_array_get_length(json_node_get_array(node)) : 0;
    for (guint i = 0; i < length; i++) {
        JsonNode *text = json_array_get_element(json_node_get_array(node), i);
        if (is_text(text))
            g_ptr_array_add(to, json_node_dup_string(text));
    }
}

static JsonObject *object_at(JsonArray *array, guint index)
{
    JsonNode *node = json_array_get_element(array, index);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static void get_checks(JsonObject *from, GPtrArray *to)
{
    JsonNode *node = member(from, "checks", JSON_NODE_ARRAY);
    JsonArray *array = node ? json_node_get_array(node) : NULL;
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonObject *json = object_at(array, i);
        struct check *check = g_new0(struct check, 1);
        check->name = get_text(json, "name");
        check->expected = get_text(json, "expected");
        check->measured = get_text(json, "measured");
        JsonNode *pass = member(json, "pass", JSON_NODE_VALUE);
        check->pass = pass && json_node_get_boolean(pass);
        g_ptr_array_add(to, check);
    }
}

static enum output_status status_from_name(const char *name)
{
    for (int i = 0; name && i <= OUTPUT_CANCELLED; i++)
        if (strcmp(name, output_status_name((enum output_status)i)) == 0)
            return (enum output_status)i;
    return OUTPUT_FAILED;
}

static void get_output(JsonObject *from, struct report_output *output)
{
    output->job = get_text(from, "job");
    output->output = get_text(from, "output");
    output->input = get_text(from, "input");
    output->source = get_text(from, "source");
    output->path = get_text(from, "path");
    output->reason = get_text(from, "reason");
    output->rerun = get_text(from, "rerun");
    output->status = status_from_name(plain_text(from, "status"));
    JsonNode *error = member(from, "error", JSON_NODE_OBJECT);
    if (error) {
        output->failure.class = failure_from_name(plain_text(json_node_get_object(error), "class"));
        output->failure.message = get_text(json_node_get_object(error), "message");
    }
    JsonNode *facts = member(from, "facts", JSON_NODE_OBJECT);
    output->facts = facts ? facts_from_json(json_node_get_object(facts)) : NULL;
    get_checks(from, output->checks);
    get_texts(from, "steps", output->steps);
    get_texts(from, "lost", output->lost);
    output->seconds = get_number(from, "seconds");
    JsonNode *task = member(from, "task", JSON_NODE_VALUE);
    output->task = task ? (int)json_node_get_int(task) : -1;
}

static int get_sandbox(JsonObject *from)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    unsigned layers = 0, one;
    get_texts(from, "sandbox", names);
    for (guint i = 0; i < names->len; i++)
        if (sandbox_from_names(names->pdata[i], &one))
            layers |= one;
    return member(from, "sandbox", JSON_NODE_ARRAY) ? (int)layers : -1;
}

static struct report *report_read(JsonObject *json)
{
    struct report *report = report_create();
    report->version = get_text(json, "rushes");
    report->run = get_text(json, "run");
    report->pipeline = get_text(json, "pipeline");
    report->out_dir = get_text(json, "out_dir");
    report->started = get_text(json, "started");
    report->seconds = get_number(json, "seconds");
    report->exit_code = (int)get_number(json, "exit");
    JsonNode *outputs = member(json, "outputs", JSON_NODE_ARRAY);
    guint length = outputs ? json_array_get_length(json_node_get_array(outputs)) : 0;
    for (guint i = 0; i < length; i++) {
        JsonObject *output = object_at(json_node_get_array(outputs), i);
        if (output)
            get_output(output, report_add(report));
    }
    report->sandbox = get_sandbox(json);
    get_texts(json, "notes", report->notes);
    report_count(report);
    return report;
}

struct report *report_from_json(const char *text, gssize length, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, text, length, error))
        return NULL;
    JsonNode *root = json_parser_get_root(parser);
    JsonObject *json = root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
    if (plain_text(json, "rushes") && member(json, "outputs", JSON_NODE_ARRAY))
        return report_read(json);
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                        "this is not a report of rushes: it has no \"rushes\" and \"outputs\"");
    return NULL;
}
