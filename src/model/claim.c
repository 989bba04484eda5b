/* SPDX-License-Identifier: GPL-3.0-or-later
 * Claims: one row a field, for clearing, copying and JSON. */
#include "claim.h"

#include "carried_json.h"
#include "json_read.h"

#include <math.h>

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_INT64, FIELD_NUMBER };

static const struct {
    const char *name;
    enum field_type type;
    size_t offset;
    int unknown; /* of whole numbers */
} fields[] = {
#define FIELD(f, type, unknown)                      \
    {                                                \
#f, type, offsetof(struct claim, f), unknown \
    }
    FIELD(frames, FIELD_INT64, -1),
    FIELD(samples, FIELD_INT64, -1),
    FIELD(video_s, FIELD_NUMBER, 0),
    FIELD(audio_s, FIELD_NUMBER, 0),
    FIELD(width, FIELD_INT, 0),
    FIELD(height, FIELD_INT, 0),
    FIELD(video_streams, FIELD_INT, -1),
    FIELD(audio_streams, FIELD_INT, -1),
    FIELD(video_codec, FIELD_TEXT, 0),
    FIELD(audio_codec, FIELD_TEXT, 0),
    FIELD(pix_fmt, FIELD_TEXT, 0),
    FIELD(color_range, FIELD_TEXT, 0),
    FIELD(color_matrix, FIELD_TEXT, 0),
    FIELD(color_primaries, FIELD_TEXT, 0),
    FIELD(color_transfer, FIELD_TEXT, 0),
    FIELD(timecode, FIELD_TEXT, 0),
    FIELD(fields, FIELD_TEXT, 0),
    FIELD(edit_rate, FIELD_TEXT, 0),
    FIELD(sample_rate, FIELD_INT, 0),
    FIELD(channels, FIELD_INT, 0),
    FIELD(copied, FIELD_INT, 0),
    FIELD(programme_s, FIELD_NUMBER, 0),
    FIELD(subtitles, FIELD_INT, -1),
    FIELD(chapters, FIELD_INT, -1),
    FIELD(cues, FIELD_INT, -1),
    FIELD(cues_s, FIELD_NUMBER, 0),
    FIELD(moment_s, FIELD_NUMBER, 0),
    FIELD(damaged, FIELD_INT, 0),
    FIELD(icc, FIELD_TEXT, 0),
#undef FIELD
};

#define AT(claim, i, T) ((T *)((char *)(claim) + fields[i].offset))
#define OF(claim, i, T) (*(const T *)((const char *)(claim) + fields[i].offset))

void claim_clear(struct claim *claim)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        switch (fields[i].type) {
        case FIELD_TEXT:
            g_clear_pointer(AT(claim, i, char *), g_free);
            break;
        case FIELD_INT:
            *AT(claim, i, int) = fields[i].unknown;
            break;
        case FIELD_INT64:
            *AT(claim, i, int64_t) = fields[i].unknown;
            break;
        case FIELD_NUMBER:
            *AT(claim, i, double) = NAN;
            break;
        }
    }
    g_clear_pointer(&claim->carried, g_ptr_array_unref);
}

void claim_copy(struct claim *to, const struct claim *from)
{
    claim_clear(to);
    *to = *from;
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].type == FIELD_TEXT)
            *AT(to, i, char *) = g_strdup(OF(from, i, char *));
    to->carried = carried_copy_all(from->carried);
}

JsonObject *claim_to_json(const struct claim *claim)
{
    JsonObject *json = json_object_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        bool wide = fields[i].type == FIELD_INT64;
        if (fields[i].type == FIELD_TEXT) {
            json_put_text(json, fields[i].name, OF(claim, i, char *));
        } else if (fields[i].type == FIELD_NUMBER) {
            json_put_number(json, fields[i].name, OF(claim, i, double));
        } else {
            int64_t number = wide ? OF(claim, i, int64_t) : OF(claim, i, int);
            if (number != fields[i].unknown)
                json_object_set_int_member(json, fields[i].name, number);
        }
    }
    if (claim->carried)
        json_object_set_array_member(json, "carried", carried_to_json(claim->carried));
    return json;
}

void claim_from_json(struct claim *claim, JsonObject *json)
{
    claim_clear(claim);
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *name = fields[i].name;
        switch (fields[i].type) {
        case FIELD_TEXT:
            *AT(claim, i, char *) = g_strdup(json_read_text(json, name));
            break;
        case FIELD_INT:
            *AT(claim, i, int) = json_read_int(json, name, fields[i].unknown);
            break;
        case FIELD_INT64:
            *AT(claim, i, int64_t) = json_read_int64(json, name, fields[i].unknown);
            break;
        case FIELD_NUMBER:
            *AT(claim, i, double) = json_read_number(json, name, NAN);
            break;
        }
    }
    claim->carried = carried_from_json(json ? json_read_array(json, "carried") : NULL);
}
