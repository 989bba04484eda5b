/* SPDX-License-Identifier: GPL-3.0-or-later
 * Properties of HEIF's primary item. */
#include "still_heif.h"

#include "box.h"

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
