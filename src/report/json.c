/* SPDX-License-Identifier: GPL-3.0-or-later
 * report.json, written and read back. Names that aren't UTF-8 are written in a readable form,
 * and exactly as "<key>_base64" beside it. */
#include "base/json_out.h"
#include "private.h"

#include "base/file.h"
#include "model/sandbox.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ writing */

static void put_text(struct json_out *to, const char *key, const char *text)
{
    if (!text)
        return;
    if (g_utf8_validate(text, -1, NULL)) {
        json_out_text(to, key, text);
        return;
    }
    g_autofree char *shown = path_display(text);
    g_autofree char *exact_key = g_strconcat(key, "_base64", NULL);
    g_autofree char *exact = g_base64_encode((const guchar *)text, strlen(text));
    json_out_text(to, key, shown);
    json_out_text(to, exact_key, exact);
}

static void put_texts(struct json_out *to, const char *key, const GPtrArray *texts)
{
    json_out_open(to, key, '[');
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *valid = g_utf8_make_valid(texts->pdata[i], -1);
        json_out_text(to, NULL, valid);
    }
    json_out_close(to, ']');
}

static void put_number(struct json_out *to, const char *key, double value)
{
    if (isfinite(value))
        json_out_number(to, key, value);
}

static void put_error(struct json_out *to, const struct failure *failure)
{
    json_out_open(to, "error", '{');
    if (failure->class != FAIL_NONE) /* else it is cancelled for another's sake */
        json_out_text(to, "class", failure_name(failure->class));
    put_text(to, "message", failure->message);
    json_out_close(to, '}');
}

static void put_facts(struct json_out *to, const struct facts *facts)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, facts_to_json(facts));
    json_out_node(to, "facts", node);
}

static void put_checks(struct json_out *to, const GPtrArray *checks)
{
    json_out_open(to, "checks", '[');
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        json_out_open(to, NULL, '{');
        put_text(to, "name", check->name);
        put_text(to, "expected", check->expected);
        put_text(to, "measured", check->measured);
        json_out_bool(to, "pass", check->pass);
        if (check->unjudged)
            json_out_bool(to, CHECK_UNJUDGED, true);
        json_out_close(to, '}');
    }
    json_out_close(to, ']');
}

static void put_carried(struct json_out *to, const GPtrArray *rows)
{
    json_out_open(to, "carried", '[');
    for (guint i = 0; i < rows->len; i++) {
        const struct carried_row *row = rows->pdata[i];
        json_out_open(to, NULL, '{');
        json_out_text(to, "keep", keep_words[row->keep].word);
        if (row->stream >= 0)
            json_out_int(to, "stream", row->stream);
        put_text(to, "what", row->what);
        put_text(to, "before", row->before);
        put_text(to, "after", row->after);
        json_out_text(to, "fate", fate_name(row->fate));
        put_text(to, "why", row->why);
        json_out_close(to, '}');
    }
    json_out_close(to, ']');
}

static void put_output(struct json_out *to, const struct report_output *output)
{
    json_out_open(to, NULL, '{');
    put_text(to, "job", output->job);
    put_text(to, "output", output->output);
    put_text(to, "input", output->input);
    put_text(to, "source", output->source);
    put_text(to, "path", output->path);
    json_out_text(to, "status", output_status_name(output->status));
    put_text(to, "reason", output->reason);
    if (output->failure.message)
        put_error(to, &output->failure);
    if (output->facts)
        put_facts(to, output->facts);
    put_checks(to, output->checks);
    put_texts(to, "steps", output->steps);
    put_texts(to, "lost", output->lost);
    if (output->carried)
        put_carried(to, output->carried);
    put_number(to, "seconds", output->seconds);
    put_text(to, "deliver_by", output->deliver_by);
    if (output->late)
        json_out_bool(to, "late", true);
    if (output->task >= 0)
        json_out_int(to, "task", output->task);
    put_text(to, "rerun", output->rerun);
    json_out_close(to, '}');
}

static void put_unread(struct json_out *to, const struct report_unread *unread)
{
    json_out_open(to, NULL, '{');
    put_text(to, "job", unread->job);
    put_text(to, "output", unread->output);
    put_text(to, "input", unread->input);
    put_text(to, "source", unread->source);
    put_error(to, &unread->failure);
    json_out_close(to, '}');
}

static void put_sandbox(struct json_out *to, int layers)
{
    if (layers < 0)
        return;
    json_out_open(to, "sandbox", '[');
    for (unsigned i = 0; i < sandbox_row_count; i++)
        if ((unsigned)layers & sandbox_rows[i].layer)
            json_out_text(to, NULL, sandbox_rows[i].name);
    json_out_close(to, ']');
}

static void put_settings(struct json_out *to, const GPtrArray *all)
{
    if (all->len == 0)
        return;
    json_out_open(to, "settings", '[');
    for (guint i = 0; i < all->len; i++) {
        const struct report_settings *settings = all->pdata[i];
        json_out_open(to, NULL, '{');
        put_text(to, "job", settings->job);
        put_text(to, "output", settings->output);
        put_text(to, "text", settings->text);
        json_out_close(to, '}');
    }
    json_out_close(to, ']');
}

static void put_totals(struct json_out *to, const struct report *report)
{
    json_out_open(to, "totals", '{');
    for (int i = 0; i <= OUTPUT_CANCELLED; i++)
        json_out_int(to, output_status_name((enum output_status)i), report->totals[i]);
    json_out_close(to, '}');
}

char *report_to_json(const struct report *report)
{
    struct json_out to = {.text = g_string_sized_new(4096 + (gsize)report->outputs->len * 512)};
    json_out_open(&to, NULL, '{');
    put_text(&to, "rushes", report->version);
    put_text(&to, "run", report->run);
    put_text(&to, "pipeline", report->pipeline);
    put_text(&to, "name", report->name);
    put_text(&to, "out_dir", report->out_dir);
    put_text(&to, "started", report->started);
    put_number(&to, "seconds", report->seconds);
    json_out_text(&to, "status", report_status(report));
    json_out_int(&to, "exit", report->exit_code);
    put_totals(&to, report);
    json_out_open(&to, "outputs", '[');
    for (guint i = 0; i < report->outputs->len; i++)
        put_output(&to, output_at(report, i));
    json_out_close(&to, ']');
    json_out_open(&to, "unread", '[');
    for (guint i = 0; i < report->unread->len; i++)
        put_unread(&to, unread_at(report, i));
    json_out_close(&to, ']');
    put_sandbox(&to, report->sandbox);
    put_texts(&to, "notes", report->notes);
    put_settings(&to, report->settings);
    json_out_close(&to, '}');
    g_string_append_c(to.text, '\n');
    return g_string_free(to.text, FALSE);
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
        check->unjudged = member(json, CHECK_UNJUDGED, JSON_NODE_VALUE) != NULL;
        g_ptr_array_add(to, check);
    }
}

static struct carried_row *get_row(JsonObject *from)
{
    struct carried_row *row = g_new0(struct carried_row, 1);
    JsonNode *stream = member(from, "stream", JSON_NODE_VALUE);
    row->keep = keep_from_word(plain_text(from, "keep"));
    row->stream = stream ? (int)json_node_get_int(stream) : -1;
    row->what = get_text(from, "what");
    row->before = get_text(from, "before");
    row->after = get_text(from, "after");
    row->fate = fate_from_name(plain_text(from, "fate"));
    row->why = get_text(from, "why");
    return row;
}

static GPtrArray *get_carried(JsonObject *from)
{
    JsonNode *node = member(from, "carried", JSON_NODE_ARRAY);
    JsonArray *array = node ? json_node_get_array(node) : NULL;
    GPtrArray *rows = array ? carried_new() : NULL;
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        struct carried_row *row = get_row(object_at(array, i));
        if (row->keep < KEEP_COUNT && row->what)
            g_ptr_array_add(rows, row);
        else
            carried_destroy(row);
    }
    return rows;
}

static enum output_status status_from_name(const char *name)
{
    for (int i = 0; name && i <= OUTPUT_CANCELLED; i++)
        if (strcmp(name, output_status_name((enum output_status)i)) == 0)
            return (enum output_status)i;
    return OUTPUT_FAILED;
}

static void get_error(JsonObject *from, struct failure *failure)
{
    JsonNode *error = member(from, "error", JSON_NODE_OBJECT);
    if (!error)
        return;
    const char *class = plain_text(json_node_get_object(error), "class");
    failure->class = class ? failure_from_name(class) : FAIL_NONE;
    failure->message = get_text(json_node_get_object(error), "message");
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
    get_error(from, &output->failure);
    JsonNode *facts = member(from, "facts", JSON_NODE_OBJECT);
    output->facts = facts ? facts_from_json(json_node_get_object(facts)) : NULL;
    get_checks(from, output->checks);
    get_texts(from, "steps", output->steps);
    get_texts(from, "lost", output->lost);
    output->carried = get_carried(from);
    output->seconds = get_number(from, "seconds");
    output->deliver_by = get_text(from, "deliver_by");
    JsonNode *late = member(from, "late", JSON_NODE_VALUE);
    output->late = late && json_node_get_boolean(late);
    JsonNode *task = member(from, "task", JSON_NODE_VALUE);
    output->task = task ? (int)json_node_get_int(task) : -1;
}

static void get_unread(JsonObject *from, struct report_unread *unread)
{
    unread->job = get_text(from, "job");
    unread->output = get_text(from, "output");
    unread->input = get_text(from, "input");
    unread->source = get_text(from, "source");
    get_error(from, &unread->failure);
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

static void get_settings(JsonObject *from, struct report *report)
{
    JsonNode *node = member(from, "settings", JSON_NODE_ARRAY);
    JsonArray *array = node ? json_node_get_array(node) : NULL;
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonObject *json = object_at(array, i);
        g_autofree char *job = get_text(json, "job"), *output = get_text(json, "output"),
                        *text = get_text(json, "text");
        if (job && output && text)
            report_add_settings(report, job, output, text);
    }
}

static struct report *report_read(JsonObject *json)
{
    struct report *report = report_create();
    report->version = get_text(json, "rushes");
    report->run = get_text(json, "run");
    report->pipeline = get_text(json, "pipeline");
    report->name = get_text(json, "name");
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
    JsonNode *unread = member(json, "unread", JSON_NODE_ARRAY);
    length = unread ? json_array_get_length(json_node_get_array(unread)) : 0;
    for (guint i = 0; i < length; i++) {
        JsonObject *row = object_at(json_node_get_array(unread), i);
        if (row)
            get_unread(row, report_add_unread(report));
    }
    report->sandbox = get_sandbox(json);
    get_texts(json, "notes", report->notes);
    get_settings(json, report);
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
