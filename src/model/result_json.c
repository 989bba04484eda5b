/* SPDX-License-Identifier: GPL-3.0-or-later
 * result.json, both ways. What a worker writes is believed no more than the media it read. */
#include "model/task.h"

#include "claim.h"
#include "json_read.h"
#include "model/expect.h"

#include <math.h>

static void put_failure(JsonObject *json, const struct failure *failure)
{
    if (failure->class == FAIL_NONE)
        return;
    JsonObject *error = json_object_new();
    json_put_text(error, "class", failure_name(failure->class));
    json_put_text(error, "message", failure->message);
    json_object_set_object_member(json, "error", error);
}

static void put_glance(JsonObject *json, const struct glance *glance)
{
    if (glance)
        json_object_set_object_member(json, "glance", glance_to_json(glance));
}

static void put_unread(JsonObject *json, const GPtrArray *unread)
{
    JsonArray *parts = unread->len ? json_array_new() : NULL;
    for (guint i = 0; i < unread->len; i++) {
        const struct unread_part *one = unread->pdata[i];
        JsonObject *part = json_object_new();
        json_object_set_int_member(part, "part", one->part);
        put_failure(part, &one->failure);
        json_array_add_object_element(parts, part);
    }
    if (parts)
        json_object_set_array_member(json, "unread", parts);
}

static JsonObject *output_to_json(const struct output_result *output)
{
    JsonObject *json = json_object_new();
    JsonArray *notes = json_array_new();
    put_failure(json, &output->failure);
    json_object_set_object_member(json, "claim", claim_to_json(&output->claim));
    if (output->measured)
        json_object_set_object_member(json, "measured", facts_to_json(output->measured));
    for (guint i = 0; i < output->notes->len; i++) {
        g_autofree char *note = g_utf8_make_valid(output->notes->pdata[i], -1);
        json_array_add_string_element(notes, note);
    }
    json_object_set_array_member(json, "notes", notes);
    put_unread(json, output->unread);
    put_glance(json, output->glance);
    return json;
}

static JsonObject *check_to_json(const struct check *check)
{
    JsonObject *json = json_object_new();
    json_put_text(json, "name", check->name);
    json_put_text(json, "expected", check->expected);
    json_put_text(json, "measured", check->measured);
    json_object_set_boolean_member(json, "pass", check->pass);
    if (check->unjudged)
        json_object_set_boolean_member(json, CHECK_UNJUDGED, true);
    return json;
}

char *result_to_text(const struct result *result)
{
    JsonObject *json = json_object_new();
    JsonArray *outputs = json_array_new(), *checks = json_array_new();
    put_failure(json, &result->failure);
    for (guint i = 0; i < result->outputs->len; i++)
        json_array_add_object_element(outputs, output_to_json(result->outputs->pdata[i]));
    for (guint i = 0; i < result->checks->len; i++)
        json_array_add_object_element(checks, check_to_json(result->checks->pdata[i]));
    json_object_set_array_member(json, "outputs", outputs);
    if (result->facts)
        json_object_set_object_member(json, "facts", facts_to_json(result->facts));
    json_object_set_array_member(json, "checks", checks);
    put_glance(json, result->glance);
    json_put_number(json, "seconds", result->seconds);
    json_put_number(json, "cpu_seconds", result->cpu_seconds);
    json_object_set_int_member(json, "peak_bytes", result->peak_bytes);
    return json_write_object(json);
}

static void take_failure(struct failure *failure, JsonObject *json)
{
    JsonObject *error = json_read_member(json, "error");
    if (!error)
        return;
    const char *message = json_read_text(error, "message");
    failure->class = failure_from_name(json_read_text(error, "class"));
    if (failure->class == FAIL_NONE)
        failure->class = FAIL_INTERNAL;
    failure->message = g_strdup(message ? message : "the worker gave no reason");
}

static struct glance *take_glance(JsonObject *json)
{
    JsonObject *glance = json_read_member(json, "glance");
    return glance ? glance_from_json(glance) : NULL;
}

static void take_unread(struct output_result *output, JsonObject *json)
{
    JsonArray *unread = json_read_array(json, "unread");
    for (guint i = 0; unread && i < json_array_get_length(unread); i++) {
        JsonObject *part = json_read_element(unread, i);
        const int index = part ? json_read_int(part, "part", -1) : -1;
        if (index >= 0)
            take_failure(&output_result_add_unread(output, (unsigned)index)->failure, part);
    }
}

static void take_output(struct result *result, JsonObject *json)
{
    struct output_result *output = result_add_output(result);
    take_failure(&output->failure, json);
    claim_from_json(&output->claim, json_read_member(json, "claim"));
    JsonObject *measured = json_read_member(json, "measured");
    output->measured = measured ? facts_from_json(measured) : NULL;
    output->glance = take_glance(json);
    JsonArray *notes = json_read_array(json, "notes");
    for (guint i = 0; notes && i < json_array_get_length(notes); i++) {
        const char *note = json_read_node_text(json_array_get_element(notes, i));
        if (note)
            g_ptr_array_add(output->notes, g_strdup(note));
    }
    take_unread(output, json);
}

static struct check *check_from_json(JsonObject *json)
{
    struct check *check = g_new0(struct check, 1);
    const char *name = json_read_text(json, "name");
    const char *expected = json_read_text(json, "expected");
    const char *measured = json_read_text(json, "measured");
    check->name = g_strdup(name ? name : "unknown");
    check->expected = g_strdup(expected ? expected : "");
    check->measured = g_strdup(measured ? measured : "unknown");
    check->pass = json_read_bool(json, "pass");
    check->unjudged = json_read_bool(json, CHECK_UNJUDGED);
    return check;
}

struct result *result_from_text(const char *text, gssize length, GError **error)
{
    g_autoptr(JsonObject) json = json_read_object(text, length, error);
    if (!json)
        return NULL;
    struct result *result = result_create();
    take_failure(&result->failure, json);
    JsonArray *outputs = json_read_array(json, "outputs");
    for (guint i = 0; outputs && i < json_array_get_length(outputs); i++)
        take_output(result, json_read_element(outputs, i));
    JsonArray *checks = json_read_array(json, "checks");
    for (guint i = 0; checks && i < json_array_get_length(checks); i++)
        g_ptr_array_add(result->checks, check_from_json(json_read_element(checks, i)));
    JsonObject *facts = json_read_member(json, "facts");
    result->facts = facts ? facts_from_json(facts) : NULL;
    result->glance = take_glance(json);
    result->seconds = json_read_number(json, "seconds", 0);
    result->cpu_seconds = json_read_number(json, "cpu_seconds", 0);
    result->peak_bytes = json_read_int64(json, "peak_bytes", 0);
    return result;
}
