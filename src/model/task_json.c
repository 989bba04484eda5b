/* SPDX-License-Identifier: GPL-3.0-or-later
 * task.json, both ways. Reading trusts nothing: a task that comes out has files, indexes that are
 * in its table, and settings that the tables accept. */
#include "model/task.h"

#include "claim.h"
#include "json_read.h"
#include "model/expect.h"
#include "model/trust.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_THREADS 1024

static const char *const verify_names[] = {
    [VERIFY_FULL] = "full", [VERIFY_QUICK] = "quick", [VERIFY_OFF] = "off"};

static void put_node(JsonObject *json, const char *name, const struct node *node)
{
    if (node)
        json_object_set_member(json, name, node_to_json(node));
}

static void put_sequence(JsonObject *json, const struct sequence_rule *rule)
{
    if (!sequence_rule_is_set(rule))
        return;
    g_autofree char *fps = rational_text(rule->fps);
    json_put_text(json, "fps", fps);
    if (rule->still_s > 0)
        json_object_set_double_member(json, "still_s", rule->still_s);
    else
        json_put_text(json, "on_gap", rule->hold ? "hold" : "fail");
}

static JsonObject *file_to_json(const struct task_file *file)
{
    JsonObject *json = json_object_new();
    if (g_utf8_validate(file->path, -1, NULL)) {
        json_object_set_string_member(json, "path", file->path);
    } else {
        g_autofree char *bytes = g_base64_encode((const guchar *)file->path, strlen(file->path));
        json_object_set_string_member(json, "path_base64", bytes);
    }
    json_object_set_boolean_member(json, "write", file->write);
    json_put_text(json, "used_by", file->used_by);
    put_sequence(json, &file->sequence);
    return json;
}

static JsonArray *calls_to_json(const GPtrArray *calls)
{
    JsonArray *list = json_array_new();
    for (guint i = 0; i < calls->len; i++) {
        const struct step_call *call = calls->pdata[i];
        JsonObject *json = json_object_new();
        json_put_text(json, "name", call->name);
        put_node(json, "params", call->params);
        put_node(json, "measured", call->measured);
        json_array_add_object_element(list, json);
    }
    return list;
}

static JsonObject *output_to_json(const struct task_output *output)
{
    JsonObject *json = json_object_new();
    json_object_set_int_member(json, "file", output->file);
    json_put_text(json, "job", output->job);
    json_put_text(json, "output", output->output);
    json_put_text(json, "kind", kind_name(output->kind));
    if (output->leads)
        json_object_set_boolean_member(json, "leads", true);
    if (output->blocks)
        json_object_set_boolean_member(json, "blocks", true);
    json_put_text(json, "files", output->files);
    json_object_set_array_member(json, "steps", calls_to_json(output->steps));
    if (output->encode) {
        g_auto(node_ptr) encode = encode_print(output->encode);
        put_node(json, "encode", encode);
    }
    return json;
}

static void put_parts(JsonObject *json, const GPtrArray *parts)
{
    JsonArray *list = json_array_new();
    for (guint i = 0; i < parts->len; i++)
        json_array_add_object_element(list, facts_to_json(parts->pdata[i]));
    json_object_set_array_member(json, "parts", list);
}

static void put_lists(JsonObject *json, const struct task *task)
{
    JsonArray *files = json_array_new(), *outputs = json_array_new();
    for (guint i = 0; i < task->files->len; i++)
        json_array_add_object_element(files, file_to_json(task->files->pdata[i]));
    for (guint i = 0; i < task->outputs->len; i++)
        json_array_add_object_element(outputs, output_to_json(task->outputs->pdata[i]));
    json_object_set_array_member(json, "files", files);
    json_object_set_array_member(json, "steps", calls_to_json(task->steps));
    json_object_set_array_member(json, "outputs", outputs);
}

char *task_to_text(const struct task *task)
{
    JsonObject *json = json_object_new();
    json_object_set_int_member(json, "id", task->id);
    json_put_text(json, "kind", task_kind_name(task->kind));
    json_put_text(json, "media", kind_name(task->media));
    json_put_text(json, "label", task->label);
    json_object_set_int_member(json, "threads", task->threads);
    json_object_set_boolean_member(json, "tail", task->tail);
    json_object_set_boolean_member(json, "damaged_allow", task->damaged_allow);
    json_object_set_boolean_member(json, "changes_conform", task->changes_conform);
    if (task->trust) {
        g_autofree char *trust = trust_text(task->trust);
        json_put_text(json, "trust", trust);
    }
    if (task->max_megapixels)
        json_object_set_int_member(json, "max_megapixels", task->max_megapixels);
    json_object_set_boolean_member(json, "measure", task->measure);
    json_object_set_boolean_member(json, "hash", task->hash);
    json_put_text(json, "verify", verify_names[task->verify]);
    json_put_text(json, "source_name", task->source_name);
    if (task->source)
        json_object_set_object_member(json, "source", facts_to_json(task->source));
    if (task->parts->len)
        put_parts(json, task->parts);
    put_lists(json, task);
    g_auto(node_ptr) expect = expect_print(task->expect);
    put_node(json, "expect", expect);
    if (task->keep) {
        g_autofree char *keep = keep_text(task->keep);
        json_put_text(json, "keep", keep);
    }
    json_object_set_object_member(json, "claim", claim_to_json(&task->claim));
    return json_write_object(json);
}

static bool wrong(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool wrong(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a task: %s", text);
    return false;
}

static char *path_from_json(JsonObject *json)
{
    const char *bytes = json_read_text(json, "path_base64");
    if (!bytes)
        return g_strdup(json_read_text(json, "path"));
    gsize length;
    g_autofree char *raw = (char *)g_base64_decode(bytes, &length);
    return raw && !memchr(raw, '\0', length) ? g_strndup(raw, length) : NULL;
}

static bool take_sequence(JsonObject *json, struct task_file *file)
{
    const char *fps = json_read_text(json, "fps");
    if (!fps)
        return true;
    file->sequence.hold = g_strcmp0(json_read_text(json, "on_gap"), "hold") == 0;
    file->sequence.still_s = json_read_number(json, "still_s", 0);
    bool pictures = file->sequence.still_s > 0 || sequence_width(file->path);
    return rational_parse(fps, &file->sequence.fps) && file->sequence.fps.num > 0 && !file->write &&
           pictures;
}

static bool take_files(struct task *task, JsonArray *list, GError **error)
{
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonObject *json = json_read_element(list, i);
        g_autofree char *path = path_from_json(json);
        if (!path || *path != '/')
            return wrong(error, "files[%u] has no absolute path", i);
        int index = task_add_file(task, path, json_read_bool(json, "write"));
        struct task_file *file = task->files->pdata[index];
        file->used_by = g_strdup(json_read_text(json, "used_by"));
        if (!take_sequence(json, file))
            return wrong(error, "files[%u] has an fps, but is no sequence", i);
    }
    const guint least = task->kind == TASK_GATHER        ? 0
                        : task->kind == TASK_COMPARE     ? 2
                        : task->kind == TASK_FINGERPRINT ? 3
                                                         : 1;
    return task->files->len >= least ||
           wrong(error, least > 1 ? "it names too few files" : "it names no file");
}

/* After the files. */
static bool take_parts(struct task *task, JsonArray *list, GError **error)
{
    guint count = list ? json_array_get_length(list) : 0;
    bool joins = task->kind == TASK_RENDER || task->kind == TASK_MEASURE;
    if (!count)
        return true;
    if (!joins || !task->source || count > TASK_PARTS_MAX || count > task->files->len)
        return wrong(error, "parts are at most %d files of a render or measure that has a source",
                     TASK_PARTS_MAX);
    for (guint i = 0; i < count; i++) {
        const struct task_file *file = task->files->pdata[i];
        JsonObject *json = json_read_element(list, i);
        if (!json || file->write || file->used_by)
            return wrong(error, "parts[%u] is not of a source", i);
        g_ptr_array_add(task->parts, facts_from_json(json));
    }
    return true;
}

/* A map, or NULL when it is absent; false when it is something else. */
static bool take_map(JsonObject *json, const char *name, struct node **out)
{
    JsonNode *member = json_object_get_member(json, name);
    if (!member || JSON_NODE_HOLDS_NULL(member))
        return true;
    *out = node_from_json(member);
    return *out && (*out)->kind == NODE_MAP;
}

static bool take_calls(GPtrArray *calls, JsonArray *list, GError **error)
{
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonObject *json = json_read_element(list, i);
        const char *name = json_read_text(json, "name");
        if (!name)
            return wrong(error, "steps[%u] has no name", i);
        struct step_call *call = step_call_create(name, NULL);
        g_ptr_array_add(calls, call);
        if (!take_map(json, "params", &call->params) ||
            !take_map(json, "measured", &call->measured))
            return wrong(error, "parameters of the step \"%s\" are not a map", name);
        if (!call->params)
            call->params = node_map((struct mark){0});
    }
    return true;
}

static bool diag_is_clear(const struct diag *diag, GError **error)
{
    if (!diag_errors(diag))
        return true;
    g_autofree char *text = diag_text(diag, false);
    return wrong(error, "%s", g_strchomp(text));
}

static bool take_encode(struct task_output *output, JsonObject *json, GError **error)
{
    g_auto(node_ptr) map = NULL;
    if (!take_map(json, "encode", &map))
        return wrong(error, "encode is not a map");
    if (!map)
        return true;
    g_auto(diag_ptr) diag = diag_create();
    output->encode = encode_create();
    encode_parse(map, false, output->encode, diag);
    return diag_is_clear(diag, error);
}

static bool output_is_sound(const struct task *task, const struct task_output *output, guint index,
                            GError **error)
{
    if (output->file < -1 || output->file >= (int)task->files->len)
        return wrong(error, "outputs[%u].file is not in the table of files", index);
    const struct task_file *file = output->file < 0 ? NULL : task->files->pdata[output->file];
    if (file && !file->write && task->kind != TASK_VERIFY)
        return wrong(error, "outputs[%u].file is not for writing", index);
    if (!file != !output->encode)
        return wrong(error, "outputs[%u] must have both a file and encode, or neither", index);
    if (!file && task->kind == TASK_RENDER)
        return wrong(error, "outputs[%u] of a render has no file", index);
    return true;
}

static bool take_outputs(struct task *task, JsonArray *list, GError **error)
{
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonObject *json = json_read_element(list, i);
        if (!json)
            return wrong(error, "outputs[%u] is not an object", i);
        struct task_output *output = task_add_output(task, json_read_int(json, "file", -1));
        output->job = g_strdup(json_read_text(json, "job"));
        output->output = g_strdup(json_read_text(json, "output"));
        output->kind = kind_from_name(json_read_text(json, "kind"));
        output->leads = json_read_bool(json, "leads");
        output->blocks = json_read_bool(json, "blocks");
        output->files = g_strdup(json_read_text(json, "files"));
        if (!take_calls(output->steps, json_read_array(json, "steps"), error) ||
            !take_encode(output, json, error) || !output_is_sound(task, output, i, error))
            return false;
    }
    return true;
}

static bool take_expect(struct task *task, JsonObject *json, GError **error)
{
    g_auto(node_ptr) map = NULL;
    if (!take_map(json, "expect", &map))
        return wrong(error, "expect is not a map");
    g_auto(diag_ptr) diag = diag_create();
    g_clear_pointer(&task->expect, g_ptr_array_unref);
    task->expect = expect_parse(map, diag);
    return diag_is_clear(diag, error);
}

static int name_index(const char *name, const char *const *names, int count)
{
    for (int i = 0; name && i < count; i++)
        if (!strcmp(names[i], name))
            return i;
    return -1;
}

static bool take_heads(struct task *task, JsonObject *json, GError **error)
{
    const char *verify = json_read_text(json, "verify");
    int mode = verify ? name_index(verify, verify_names, G_N_ELEMENTS(verify_names)) : VERIFY_FULL;
    if (mode < 0)
        return wrong(error, "verify is full, quick or off");
    task->verify = mode;
    task->id = json_read_int(json, "id", 0);
    task->media = kind_from_name(json_read_text(json, "media"));
    task->label = g_strdup(json_read_text(json, "label"));
    task->threads = CLAMP(json_read_int(json, "threads", 1), 1, MAX_THREADS);
    task->tail = json_read_bool(json, "tail");
    task->damaged_allow = json_read_bool(json, "damaged_allow");
    task->changes_conform = json_read_bool(json, "changes_conform");
    task->trust = trust_from_text(json_read_text(json, "trust"));
    task->max_megapixels =
        (unsigned)CLAMP(json_read_int(json, "max_megapixels", 0), 0, MEGAPIXELS_MAX);
    task->measure = json_read_bool(json, "measure");
    task->hash = json_read_bool(json, "hash");
    task->source_name = g_strdup(json_read_text(json, "source_name"));
    JsonObject *source = json_read_member(json, "source");
    task->source = source ? facts_from_json(source) : NULL;
    task->keep = keep_from_text(json_read_text(json, "keep"));
    claim_from_json(&task->claim, json_read_member(json, "claim"));
    return true;
}

struct task *task_from_text(const char *text, gssize length, GError **error)
{
    const char *names[] = {task_kind_name(TASK_PROBE),      task_kind_name(TASK_MEASURE),
                           task_kind_name(TASK_GATHER),     task_kind_name(TASK_RENDER),
                           task_kind_name(TASK_VERIFY),     task_kind_name(TASK_COMPARE),
                           task_kind_name(TASK_FINGERPRINT)};
    g_autoptr(JsonObject) json = json_read_object(text, length, error);
    if (!json)
        return NULL;
    int kind = name_index(json_read_text(json, "kind"), names, G_N_ELEMENTS(names));
    if (kind < 0) {
        wrong(error, "kind is probe, measure, gather, render, verify, compare or fingerprint");
        return NULL;
    }
    g_auto(task_ptr) task = task_create(kind);
    if (!take_heads(task, json, error) ||
        !take_files(task, json_read_array(json, "files"), error) ||
        !take_parts(task, json_read_array(json, "parts"), error) ||
        !take_calls(task->steps, json_read_array(json, "steps"), error) ||
        !take_outputs(task, json_read_array(json, "outputs"), error) ||
        !take_expect(task, json, error))
        return NULL;
    return g_steal_pointer(&task);
}
