/* SPDX-License-Identifier: GPL-3.0-or-later
 * Properties of HEIF's primary item, and places of its coded ones. */
#include "heif.h"

#include "../bytes/box.h"

#include <string.h>
#include <unistd.h>

enum { VERSION_AND_FLAGS = 4, PROPERTIES_MAX = 32, ASSOCIATIONS_MAX = 1 << 20, BYTES = 20 };

/* Numbers of a box, in order; past its end they are 0. */
struct reading {
    const guint8 *data;
    gsize size, at;
};

static guint32 next(struct reading *reading, unsigned bytes)
{
    guint32 value = 0;
    for (unsigned i = 0; i < bytes; i++, reading->at++)
        value = value << 8 | (reading->at < reading->size ? reading->data[reading->at] : 0);
    return value;
}

static GBytes *body_of(int fd, const struct box *box)
{
    const gsize size = (gsize)(box->end - box->start);
    g_autofree guint8 *data = size <= ASSOCIATIONS_MAX ? g_malloc(size + 1) : NULL;
    return data && file_read_at(fd, box->start, data, size)
               ? g_bytes_new_take(g_steal_pointer(&data), size)
               : NULL;
}

static guint32 primary_item(int fd, const struct box *meta)
{
    struct box box;
    if (!box_find(fd, meta->start + VERSION_AND_FLAGS, meta->end, "pitm", &box))
        return 0;
    g_autoptr(GBytes) body = body_of(fd, &box);
    if (!body)
        return 0;
    struct reading reading = {0};
    reading.data = g_bytes_get_data(body, &reading.size);
    const bool wide = next(&reading, 4) >> 24;
    return next(&reading, wide ? 4 : 2);
}

/* Adds the item's properties, by their places from 1 on (23008-12, 9.3.1). */
static unsigned associations(GBytes *body, guint32 item, guint32 *places)
{
    struct reading reading = {0};
    reading.data = g_bytes_get_data(body, &reading.size);
    const guint32 head = next(&reading, 4), entries = next(&reading, 4);
    const bool wide_item = head >> 24, wide_place = head & 1;
    unsigned count = 0;
    for (guint32 i = 0; i < entries && reading.at < reading.size; i++) {
        const bool wanted = next(&reading, wide_item ? 4 : 2) == item;
        for (unsigned left = next(&reading, 1); left > 0; left--) {
            const guint32 place = next(&reading, wide_place ? 2 : 1);
            if (wanted && count < PROPERTIES_MAX)
                places[count++] = place & (wide_place ? 0x7fff : 0x7f);
        }
    }
    return count;
}

static void read_property(int fd, const struct box *box, struct still_coding *coding, int *depth,
                          int *codec_depth)
{
    guint8 data[BYTES] = {0};
    const gsize size = MIN((gsize)(box->end - box->start), BYTES);
    if (!file_read_at(fd, box->start, data, size))
        return;
    if (strcmp(box->type, "colr") == 0 && size >= 8 && memcmp(data, "nclx", 4) == 0) {
        coding->primaries = data[4] << 8 | data[5];
        coding->transfer = data[6] << 8 | data[7];
    } else if (strcmp(box->type, "pixi") == 0 && size > 5 && data[4] > 0) {
        *depth = data[5];
    } else if (strcmp(box->type, "av1C") == 0 && size > 2) {
        *codec_depth = data[2] & 0x40 ? (data[2] & 0x20 ? 12 : 10) : 8;
    } else if (strcmp(box->type, "hvcC") == 0 && size > 17) {
        *codec_depth = (data[17] & 7) + 8;
    }
}

static void read_properties(int fd, struct box ipco, const guint32 *places, unsigned count,
                            struct still_coding *coding, int *depth)
{
    int codec_depth = 0;
    struct box box;
    int64_t at = ipco.start;
    for (guint32 place = 1; place <= 0x7fff && box_read(fd, at, ipco.end, &box);
         place++, at = box.end)
        for (unsigned i = 0; i < count; i++)
            if (places[i] == place)
                read_property(fd, &box, coding, depth, &codec_depth);
    if (*depth == 0)
        *depth = codec_depth;
}

void heif_read(int fd, struct still_coding *coding, int *depth)
{
    struct box meta, iprp, ipco, ipma;
    if (!box_find(fd, 0, lseek(fd, 0, SEEK_END), "meta", &meta) ||
        !box_find(fd, meta.start + VERSION_AND_FLAGS, meta.end, "iprp", &iprp) ||
        !box_find(fd, iprp.start, iprp.end, "ipco", &ipco))
        return;
    const guint32 item = primary_item(fd, &meta);
    guint32 places[PROPERTIES_MAX];
    unsigned count = 0;
    for (int64_t at = iprp.start; count == 0 && box_find(fd, at, iprp.end, "ipma", &ipma);
         at = ipma.end) {
        g_autoptr(GBytes) body = body_of(fd, &ipma);
        count = body ? associations(body, item, places) : 0;
    }
    read_properties(fd, ipco, places, count, coding, depth);
}

/* Items by their numbers: those that are coded pictures (14496-12, 8.11.6: "infe" from version 2
 * on). */
static GHashTable *coded_items(int fd, const struct box *iinf)
{
    static const char *const types[] = {"hvc1", "av01", "avc1", "jpeg"};
    enum { INFE_HEAD = 12 };
    GHashTable *coded = g_hash_table_new(NULL, NULL);
    struct box infe;
    guint8 head[INFE_HEAD + 2];
    if (!file_read_at(fd, iinf->start, head, VERSION_AND_FLAGS))
        return coded;
    const int64_t count_size = head[0] ? 4 : 2;
    for (int64_t at = iinf->start + VERSION_AND_FLAGS + count_size;
         box_find(fd, at, iinf->end, "infe", &infe); at = infe.end) {
        const bool wide = file_read_at(fd, infe.start, head, sizeof head) && head[0] > 2;
        struct reading reading = {head, sizeof head, VERSION_AND_FLAGS};
        const guint32 item = next(&reading, wide ? 4 : 2);
        const guint8 *type = head + reading.at + 2; /* behind the protection */
        for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
            if (head[0] >= 2 && memcmp(type, types[i], 4) == 0)
                g_hash_table_add(coded, GUINT_TO_POINTER(item));
    }
    return coded;
}

static guint64 next_wide(struct reading *reading, unsigned bytes)
{
    const guint64 high = bytes > 4 ? next(reading, bytes - 4) : 0;
    return high << 32 | next(reading, MIN(bytes, 4));
}

/* "iloc" (14496-12, 8.11.3). */
struct places {
    struct reading reading;
    guint32 version;
    unsigned number, offset, length, base, index; /* bytes of each */
    unsigned extents;                             /* so many were met */
};

/* More than the items of which libheif reads a file (20000), of a few extents each. */
enum { EXTENTS_MOST = 65536 };

static bool is_left(const struct places *places)
{
    return places->reading.at < places->reading.size && places->extents < EXTENTS_MOST;
}

static struct places places_in(GBytes *iloc)
{
    struct places places = {0};
    places.reading.data = g_bytes_get_data(iloc, &places.reading.size);
    places.version = next(&places.reading, 4) >> 24;
    const guint32 sizes = next(&places.reading, 2);
    places.number = places.version < 2 ? 2 : 4;
    places.offset = sizes >> 12;
    places.length = sizes >> 8 & 15;
    places.base = sizes >> 4 & 15;
    places.index = places.version ? sizes & 15 : 0;
    return places;
}

static void take_item(struct places *places, GHashTable *coded, heif_take *take, void *data)
{
    struct reading *reading = &places->reading;
    const guint32 item = next(reading, places->number);
    const guint32 method = places->version ? next(reading, 2) & 15 : 0;
    const guint32 elsewhere = next(reading, 2);
    const guint64 base = next_wide(reading, places->base);
    const bool told = !method && !elsewhere && g_hash_table_contains(coded, GUINT_TO_POINTER(item));
    for (guint32 left = next(reading, 2); left > 0 && is_left(places); left--) {
        places->extents++;
        next_wide(reading, places->index);
        const guint64 from = base + next_wide(reading, places->offset);
        const guint64 size = next_wide(reading, places->length);
        if (told && from <= G_MAXINT64 / 2 && size <= G_MAXINT64 / 2)
            take((int64_t)from, (int64_t)size, data);
    }
}

void heif_each_extent(int fd, heif_take *take, void *data)
{
    struct box meta, iinf, iloc;
    if (!box_find(fd, 0, lseek(fd, 0, SEEK_END), "meta", &meta) ||
        !box_find(fd, meta.start + VERSION_AND_FLAGS, meta.end, "iinf", &iinf) ||
        !box_find(fd, meta.start + VERSION_AND_FLAGS, meta.end, "iloc", &iloc))
        return;
    g_autoptr(GHashTable) coded = coded_items(fd, &iinf);
    g_autoptr(GBytes) body = body_of(fd, &iloc);
    if (!body)
        return;
    struct places places = places_in(body);
    for (guint32 left = next(&places.reading, places.number); left > 0 && is_left(&places); left--)
        take_item(&places, coded, take, data);
}
