/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes probe`: the facts of files. */
#include "commands.h"
#include "exit.h"
#include "look.h"
#include "print.h"

#include <stdio.h>
#include <string.h>

static JsonObject *input_json(const struct plan_input *input)
{
    JsonObject *json = input->facts ? facts_to_json(input->facts) : json_object_new();
    g_autofree char *path = path_display(input->path);
    json_object_set_string_member(json, "path", path);
    if (input->failure.class != FAIL_NONE) {
        JsonObject *error = json_object_new();
        json_object_set_string_member(error, "class", failure_name(input->failure.class));
        json_object_set_string_member(error, "message", input->failure.message);
        json_object_set_object_member(json, "error", error);
    }
    return json;
}

static void print_all(const GPtrArray *inputs)
{
    JsonArray *array = json_array_new();
    for (unsigned i = 0; i < inputs->len; i++)
        json_array_add_object_element(array, input_json(inputs->pdata[i]));
    JsonNode *node = json_node_init_array(json_node_alloc(), array);
    json_array_unref(array);
    print_json(node);
}

static void print_streams(const struct facts *facts)
{
    for (unsigned i = 0; facts->streams && i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        printf("  stream %-12d %s: %s%s%s%s%s%s%s\n", stream->index, stream->kind, stream->codec,
               stream->language ? ", " : "", stream->language ? stream->language : "",
               stream->disposition && *stream->disposition ? ", " : "",
               stream->disposition ? stream->disposition : "",
               stream->left_out ? "; left out: " : "", stream->left_out ? stream->left_out : "");
    }
}

/* What decoding tells of a level is good for two decimals; silence, and what is too short, has
 * none. */
static char *level_text(const struct fact *fact, const struct facts *facts)
{
    double level;
    bool asked = facts->measured && facts->kind & fact->kinds && (facts->channels || !fact->sound);
    if (fact_number(fact, facts, &level))
        return g_strdup_printf("%.2f %s", level, fact->unit);
    return asked ? g_strdup("unmeasurable (silence, or too short)") : NULL;
}

static char *shown(const struct fact *fact, const struct facts *facts)
{
    if (fact->measured && fact->type == FACT_NUMBER && strcmp(fact->unit, "s"))
        return level_text(fact, facts);
    g_autofree char *text = fact_said(fact, facts);
    return text && *text ? g_steal_pointer(&text) : NULL;
}

static void print_facts(const struct plan_input *input)
{
    g_autofree char *path = path_display(input->path);
    if (!input->facts) {
        printf("%s\n  %s: %s\n", path, failure_name(input->failure.class), input->failure.message);
        return;
    }
    printf("%s\n", path);
    for (unsigned i = 0; i < fact_count; i++) {
        if (fact_is_beside(&fact_table[i]))
            continue;
        g_autofree char *text = shown(&fact_table[i], input->facts);
        if (text)
            printf("  %-19s %s\n", fact_table[i].name, text);
    }
    print_streams(input->facts);
}

static bool any_failed(const GPtrArray *inputs)
{
    for (unsigned i = 0; i < inputs->len; i++)
        if (((struct plan_input *)inputs->pdata[i])->failure.class != FAIL_NONE)
            return true;
    return false;
}

int command_probe(struct args *args)
{
    struct look look = {.engine = NULL};
    int code = look_open(&look, args, args->measure);
    look_settle(&look);
    if (code == EXIT_DONE) {
        if (args->json)
            print_all(look.inputs);
        else
            for (unsigned i = 0; i < look.inputs->len; i++)
                print_facts(look.inputs->pdata[i]);
        code = any_failed(look.inputs) ? EXIT_FAILED : EXIT_DONE;
    }
    look_close(&look);
    return code;
}
