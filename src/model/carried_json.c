/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation as JSON. */
#include "carried_json.h"

#include "json_read.h"

JsonArray *carried_to_json(const GPtrArray *rows)
{
    JsonArray *list = json_array_new();
    for (guint i = 0; rows && i < rows->len; i++) {
        const struct carried_row *row = rows->pdata[i];
        JsonObject *json = json_object_new();
        json_put_text(json, "keep", keep_words[row->keep].word);
        if (row->stream >= 0)
            json_object_set_int_member(json, "stream", row->stream);
        json_put_text(json, "what", row->what);
        json_put_text(json, "before", row->before);
        json_put_text(json, "after", row->after);
        json_put_text(json, "fate", fate_name(row->fate));
        json_put_text(json, "why", row->why);
        json_array_add_object_element(list, json);
    }
    return list;
}

GPtrArray *carried_from_json(JsonArray *list)
{
    GPtrArray *rows = list ? carried_new() : NULL;
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonObject *json = json_read_element(list, i);
        enum keep keep = json ? keep_from_word(json_read_text(json, "keep")) : KEEP_COUNT;
        if (keep == KEEP_COUNT || !json_read_text(json, "what"))
            continue;
        const struct carried_row row = {
            .keep = keep,
            .stream = json_read_int(json, "stream", -1),
            .what = (char *)json_read_text(json, "what"),
            .before = (char *)json_read_text(json, "before"),
            .after = (char *)json_read_text(json, "after"),
            .fate = fate_from_name(json_read_text(json, "fate")),
            .why = (char *)json_read_text(json, "why"),
        };
        g_ptr_array_add(rows, carried_copy(&row));
    }
    return rows;
}
