/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts as JSON, both ways, driven by the table. Unmeasurable is null: it reads back as NAN. */
#include "model/facts.h"

#include "facts_private.h"
#include "json_read.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static JsonArray *spans_to_json(const GArray *spans)
{
    JsonArray *list = json_array_new();
    for (guint i = 0; i < spans->len; i++) {
        struct span span = g_array_index(spans, struct span, i);
        JsonArray *pair = json_array_new();
        json_array_add_double_element(pair, span.start_s);
        json_array_add_double_element(pair, span.end_s);
        json_array_add_array_element(list, pair);
    }
    return list;
}

static bool span_from_json(JsonNode *node, struct span *span)
{
    JsonArray *pair = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    return pair && json_array_get_length(pair) == 2 &&
           json_read_node_number(json_array_get_element(pair, 0), &span->start_s) &&
           json_read_node_number(json_array_get_element(pair, 1), &span->end_s);
}

static GArray *spans_from_json(JsonArray *list)
{
    if (!list)
        return NULL;
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    for (guint i = 0; i < json_array_get_length(list); i++) {
        struct span span;
        if (span_from_json(json_array_get_element(list, i), &span))
            g_array_append_val(spans, span);
    }
    return spans;
}

static void put_number(JsonObject *json, const struct fact *fact, const struct facts *facts)
{
    double number;
    if (fact_number(fact, facts, &number))
        json_object_set_double_member(json, fact->name, number);
    else if (fact->measured && facts->measured && fact_applies(fact, facts) &&
             !fact_is_beside(fact))
        json_object_set_null_member(json, fact->name);
}

static char *ratio_name(const struct fact *fact)
{
    return g_strconcat(fact->name, "_ratio", NULL);
}

static void put_ratio(JsonObject *json, const struct fact *fact, struct rational ratio)
{
    if (!ratio.num)
        return;
    if (ratio.den == 1) {
        json_object_set_int_member(json, fact->name, ratio.num);
        return;
    }
    g_autofree char *name = ratio_name(fact), *text = rational_text(ratio);
    json_object_set_double_member(json, fact->name, rational_value(ratio));
    json_object_set_string_member(json, name, text);
}

static void put_list(JsonObject *json, const char *name, const char *list)
{
    if (!list)
        return;
    g_auto(GStrv) words = g_strsplit(list, LIST_JOINT, -1);
    JsonArray *array = json_array_new();
    for (guint i = 0; words[i]; i++)
        json_array_add_string_element(array, words[i]);
    json_object_set_array_member(json, name, array);
}

static char *list_from_json(JsonArray *array)
{
    if (!array)
        return NULL;
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
            g_string_append_printf(list, "%s%s", list->len ? LIST_JOINT : "",
                                   json_node_get_string(node));
    }
    return g_string_free(list, FALSE);
}

static void put_fact(JsonObject *json, const struct fact *fact, const struct facts *facts)
{
    g_autofree char *text = fact->type == FACT_SPANS ? NULL : fact_text(fact, facts);
    switch (fact->type) {
    case FACT_TEXT:
    case FACT_KIND:
        json_put_text(json, fact->name, text);
        break;
    case FACT_LIST:
        put_list(json, fact->name, *FACT_OF(fact, facts, char *));
        break;
    case FACT_INT:
    case FACT_COUNT:
    case FACT_INT64:
        if (text)
            json_object_set_int_member(json, fact->name, g_ascii_strtoll(text, NULL, 10));
        break;
    case FACT_BOOL:
        if (text)
            json_object_set_boolean_member(json, fact->name, *FACT_OF(fact, facts, bool));
        break;
    case FACT_NUMBER:
        put_number(json, fact, facts);
        break;
    case FACT_RATIONAL:
        put_ratio(json, fact, *FACT_OF(fact, facts, struct rational));
        break;
    case FACT_SPANS:
        if (*FACT_OF(fact, facts, GArray *))
            json_object_set_array_member(json, fact->name,
                                         spans_to_json(*FACT_OF(fact, facts, GArray *)));
        break;
    }
}

static JsonObject *stream_to_json(const struct stream_facts *stream)
{
    JsonObject *json = json_object_new();
    json_object_set_int_member(json, "index", stream->index);
    json_put_text(json, "kind", stream->kind);
    json_put_text(json, "codec", stream->codec);
    json_put_text(json, "language", stream->language);
    json_put_text(json, "title", stream->title);
    json_put_text(json, "disposition", stream->disposition);
    if (stream->left_out)
        json_put_text(json, "left_out", stream->left_out);
    json_put_number(json, "start_s", stream->start_s);
    json_put_number(json, "duration_s", stream->duration_s);
    return json;
}

static struct stream_facts *stream_from_json(JsonObject *json)
{
    struct stream_facts *stream = g_new0(struct stream_facts, 1);
    stream->index = json_read_int(json, "index", 0);
    stream->kind = g_strdup(json_read_text(json, "kind"));
    stream->codec = g_strdup(json_read_text(json, "codec"));
    stream->language = g_strdup(json_read_text(json, "language"));
    stream->title = g_strdup(json_read_text(json, "title"));
    stream->disposition = g_strdup(json_read_text(json, "disposition"));
    stream->left_out = g_strdup(json_read_text(json, "left_out"));
    stream->start_s = json_read_number(json, "start_s", NAN);
    stream->duration_s = json_read_number(json, "duration_s", NAN);
    return stream;
}

static void put_tracks(JsonObject *json, const GPtrArray *tracks)
{
    JsonArray *list = tracks ? json_array_new() : NULL;
    for (guint i = 0; tracks && i < tracks->len; i++)
        json_array_add_object_element(list, facts_to_json(tracks->pdata[i]));
    if (list)
        json_object_set_array_member(json, FACTS_TRACKS, list);
}

static void take_tracks(JsonArray *list, struct facts *facts)
{
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonObject *track = json_read_element(list, i);
        if (track)
            facts_add_track(facts, facts_from_json(track));
    }
}

JsonObject *facts_to_json(const struct facts *facts)
{
    JsonObject *json = json_object_new();
    for (unsigned i = 0; i < fact_count; i++)
        put_fact(json, &fact_table[i], facts);
    json_object_set_boolean_member(json, "measured", facts->measured);
    if (facts->alike.known)
        json_object_set_boolean_member(json, FACTS_ALIKE, true);
    json_put_text(json, GATED_BLOCKS, facts->gated_blocks);
    json_put_text(json, FACTS_SEEN, facts->seen);
    put_tracks(json, facts->tracks);
    if (!facts->streams->len)
        return json;
    JsonArray *streams = json_array_new();
    for (guint i = 0; i < facts->streams->len; i++)
        json_array_add_object_element(streams, stream_to_json(facts->streams->pdata[i]));
    json_object_set_array_member(json, "streams", streams);
    return json;
}

static struct rational ratio_from_json(JsonObject *json, const struct fact *fact)
{
    g_autofree char *name = ratio_name(fact);
    const char *text = json_read_text(json, name);
    struct rational ratio;
    if (text && rational_parse(text, &ratio))
        return ratio;
    return rational_make(json_read_int64(json, fact->name, 0), 1);
}

static void take_fact(JsonObject *json, const struct fact *fact, struct facts *facts)
{
    switch (fact->type) {
    case FACT_TEXT:
        *FACT_AT(fact, facts, char *) = g_strdup(json_read_text(json, fact->name));
        break;
    case FACT_LIST:
        *FACT_AT(fact, facts, char *) = list_from_json(json_read_array(json, fact->name));
        break;
    case FACT_INT:
    case FACT_COUNT:
        *FACT_AT(fact, facts, int) = json_read_int(json, fact->name, 0);
        break;
    case FACT_INT64:
        *FACT_AT(fact, facts, int64_t) = json_read_int64(json, fact->name, 0);
        break;
    case FACT_NUMBER:
        *FACT_AT(fact, facts, double) =
            json_read_number(json, fact->name, fact->measured ? NAN : 0);
        break;
    case FACT_BOOL:
        *FACT_AT(fact, facts, bool) = json_read_bool(json, fact->name);
        break;
    case FACT_RATIONAL:
        *FACT_AT(fact, facts, struct rational) = ratio_from_json(json, fact);
        break;
    case FACT_KIND:
        *FACT_AT(fact, facts, enum kind) = kind_from_name(json_read_text(json, fact->name));
        break;
    case FACT_SPANS:
        *FACT_AT(fact, facts, GArray *) = spans_from_json(json_read_array(json, fact->name));
        break;
    }
}

struct facts *facts_from_json(JsonObject *json)
{
    struct facts *facts = facts_create();
    facts->measured = json_read_bool(json, "measured");
    facts->alike.known = json_read_bool(json, FACTS_ALIKE);
    facts->gated_blocks = g_strdup(json_read_text(json, GATED_BLOCKS));
    facts->seen = g_strdup(json_read_text(json, FACTS_SEEN));
    for (unsigned i = 0; i < fact_count; i++)
        take_fact(json, &fact_table[i], facts);
    take_tracks(json_read_array(json, FACTS_TRACKS), facts);
    JsonArray *streams = json_read_array(json, "streams");
    for (guint i = 0; streams && i < json_array_get_length(streams); i++) {
        JsonObject *stream = json_read_element(streams, i);
        if (stream)
            g_ptr_array_add(facts->streams, stream_from_json(stream));
    }
    return facts;
}

struct facts *facts_copy(const struct facts *facts)
{
    g_autoptr(JsonObject) json = facts_to_json(facts);
    return facts_from_json(json);
}

struct node *facts_measured(const struct facts *facts)
{
    struct node *map = node_map((struct mark){0});
    g_autoptr(JsonObject) json = facts_to_json(facts);
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;
    json_object_iter_init(&iter, json);
    while (json_object_iter_next(&iter, &name, &value)) {
        const struct fact *fact = fact_find(name);
        bool told = fact && (fact->measured || strcmp(name, "channels") == 0);
        if (told || strcmp(name, GATED_BLOCKS) == 0 || strcmp(name, FACTS_SEEN) == 0)
            node_put(map, name, (struct mark){0}, node_from_json(value));
    }
    return map;
}
