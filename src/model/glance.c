/* SPDX-License-Identifier: GPL-3.0-or-later
 * Glances, and their JSON. */
#include "model/glance.h"

#include "base/hash.h"
#include "json_read.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t at;
    int least, most;
} curves[] = {
    {"low", offsetof(struct glance, low), -100, 100},
    {"high", offsetof(struct glance, high), -100, 100},
    {"loudness", offsetof(struct glance, loudness), GLANCE_SILENT, 300},
    {"bitrate", offsetof(struct glance, bitrate), 0, G_MAXINT},
    {"ssim", offsetof(struct glance, ssim), -1000, 1000},
};

static struct curve *curve_at(const struct glance *glance, unsigned index)
{
    return (struct curve *)((char *)glance + curves[index].at);
}

struct glance *glance_create(void)
{
    struct glance *glance = g_new0(struct glance, 1);
    glance->moment_s = NAN;
    return glance;
}

void glance_destroy(struct glance *glance)
{
    if (!glance)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(curves); i++)
        g_clear_pointer(&curve_at(glance, i)->values, g_array_unref);
    g_clear_pointer(&glance->before, g_bytes_unref);
    g_clear_pointer(&glance->after, g_bytes_unref);
    g_free(glance->hash);
    g_free(glance);
}

bool glance_has_pictures(const struct glance *glance)
{
    return glance && (glance->before || glance->after);
}

bool glance_has_curves(const struct glance *glance)
{
    bool any = false;
    for (unsigned i = 0; glance && i < G_N_ELEMENTS(curves); i++)
        any |= curve_at(glance, i)->values != NULL;
    return any;
}

void curve_add(struct curve *curve, int value)
{
    if (!curve->values)
        curve->values = g_array_new(FALSE, FALSE, sizeof(int));
    if (curve->values->len < GLANCE_COLUMNS)
        g_array_append_val(curve->values, value);
}

/* --- JSON --- */

static void put_curve(JsonObject *json, const char *name, const struct curve *curve)
{
    if (!curve->values)
        return;
    JsonObject *object = json_object_new();
    JsonArray *values = json_array_new();
    for (guint i = 0; i < curve->values->len; i++)
        json_array_add_int_element(values, g_array_index(curve->values, int, i));
    json_put_number(object, "from_s", curve->from_s);
    json_put_number(object, "step_s", curve->step_s);
    json_object_set_array_member(object, "values", values);
    json_object_set_object_member(json, name, object);
}

static void put_picture(JsonObject *json, const char *name, GBytes *picture)
{
    if (!picture)
        return;
    gsize size;
    const guchar *bytes = g_bytes_get_data(picture, &size);
    g_autofree char *text = g_base64_encode(bytes, size);
    json_object_set_string_member(json, name, text);
}

JsonObject *glance_to_json(const struct glance *glance)
{
    JsonObject *json = json_object_new();
    json_put_text(json, "hash", glance->hash);
    json_put_number(json, "duration_s", glance->duration_s);
    json_put_number(json, "moment_s", glance->moment_s);
    put_picture(json, "before", glance->before);
    put_picture(json, "after", glance->after);
    for (unsigned i = 0; i < G_N_ELEMENTS(curves); i++)
        put_curve(json, curves[i].name, curve_at(glance, i));
    return json;
}

static void take_curve(JsonObject *json, unsigned index, struct curve *curve)
{
    JsonObject *object = json_read_member(json, curves[index].name);
    JsonArray *values = object ? json_read_array(object, "values") : NULL;
    curve->from_s = object ? json_read_number(object, "from_s", 0) : 0;
    curve->step_s = object ? json_read_number(object, "step_s", 0) : 0;
    for (guint i = 0; curve->step_s > 0 && values && i < json_array_get_length(values); i++) {
        double value = 0;
        json_read_node_number(json_array_get_element(values, i), &value);
        curve_add(curve, (int)CLAMP(value, curves[index].least, curves[index].most));
    }
}

static unsigned two_bytes(const guchar *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* SOF0 to SOF15, without DHT, JPG and DAC, which lie among them. */
static bool is_frame_header(guchar marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* ITU-T T.81, B.2: segments of a marker and a length, up to the header of the frame, which has the
 * lines and the samples of a line. */
static bool is_small_jpeg(const guchar *bytes, gsize size)
{
    enum { MARKER = 2, FRAME_HEADER = 9 };
    if (size < MARKER || bytes[0] != 0xff || bytes[1] != 0xd8)
        return false;
    for (gsize at = MARKER; at + FRAME_HEADER <= size && bytes[at] == 0xff;
         at += MARKER + two_bytes(bytes + at + 2)) {
        if (!is_frame_header(bytes[at + 1]))
            continue;
        unsigned height = two_bytes(bytes + at + 5), width = two_bytes(bytes + at + 7);
        return height > 0 && height <= GLANCE_SIDE && width > 0 && width <= GLANCE_SIDE;
    }
    return false;
}

static GBytes *take_picture(JsonObject *json, const char *name)
{
    const char *text = json_read_text(json, name);
    gsize size = 0;
    g_autofree guchar *bytes = text ? g_base64_decode(text, &size) : NULL;
    return bytes && size <= GLANCE_PICTURE_BYTES && is_small_jpeg(bytes, size)
               ? g_bytes_new_take(g_steal_pointer(&bytes), size)
               : NULL;
}

static char *take_hash(JsonObject *json)
{
    const char *hash = json_read_text(json, "hash");
    return hash && strlen(hash) < HASH_TEXT_SIZE ? g_strdup(hash) : NULL;
}

struct glance *glance_from_json(JsonObject *json)
{
    struct glance *glance = glance_create();
    glance->hash = take_hash(json);
    glance->duration_s = json_read_number(json, "duration_s", 0);
    glance->moment_s = json_read_number(json, "moment_s", NAN);
    glance->before = take_picture(json, "before");
    glance->after = take_picture(json, "after");
    for (unsigned i = 0; i < G_N_ELEMENTS(curves); i++)
        take_curve(json, i, curve_at(glance, i));
    return glance;
}

char *glance_to_text(const struct glance *glance)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, glance_to_json(glance));
    return json_to_string(node, FALSE);
}

struct glance *glance_from_text(const char *text)
{
    g_autoptr(JsonObject) json = text ? json_read_object(text, -1, NULL) : NULL;
    return json ? glance_from_json(json) : NULL;
}
