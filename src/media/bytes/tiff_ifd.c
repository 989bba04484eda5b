/* SPDX-License-Identifier: GPL-3.0-or-later
 * One entry of a directory after the other. */
#include "tiff_ifd.h"

#include <string.h>
#include <unistd.h>

enum { HEAD = 8, ENTRIES_MAX = 4096, COUNTED_MOST = 1 << 16, TYPES = 19 };

bool tiff_bytes(const struct tiff *tiff, guint64 at, void *out, gsize size)
{
    if (at > G_MAXINT64 - size)
        return false;
    if (tiff->fd >= 0)
        return pread(tiff->fd, out, size, (off_t)at) == (ssize_t)size;
    if (at > tiff->size || size > tiff->size - at)
        return false;
    memcpy(out, tiff->data + at, size);
    return true;
}

bool tiff_number(const struct tiff *tiff, guint64 at, unsigned bytes, guint64 *value)
{
    guint8 data[8];
    if (!tiff_bytes(tiff, at, data, bytes))
        return false;
    *value = 0;
    for (unsigned i = 0; i < bytes; i++)
        *value |= (guint64)data[i] << 8 * (tiff->big ? bytes - 1 - i : i);
    return true;
}

bool tiff_open(struct tiff *tiff)
{
    guint8 head[2];
    guint64 version;
    if (!tiff_bytes(tiff, 0, head, 2) || head[0] != head[1] || (head[0] != 'I' && head[0] != 'M'))
        return false;
    tiff->big = head[0] == 'M';
    if (!tiff_number(tiff, 2, 2, &version) || (version != 42 && version != 43))
        return false;
    tiff->wide = version == 43;
    return tiff_number(tiff, tiff_word(tiff->wide), tiff_word(tiff->wide), &tiff->first);
}

unsigned tiff_word(bool wide)
{
    return wide ? 8 : 4;
}

guint tiff_entry_size(bool wide)
{
    return wide ? 20 : 12;
}

unsigned tiff_type_size(unsigned type)
{
    static const guint8 sizes[TYPES] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < TYPES ? sizes[type] : 0;
}

unsigned tiff_type_unit(unsigned type)
{
    return type == 5 || type == 10 ? 4 : tiff_type_size(type);
}

static bool read_entry(const struct tiff *tiff, guint64 at, struct tiff_entry *entry)
{
    const unsigned word = tiff_word(tiff->wide);
    guint64 tag, type, value;
    if (!tiff_number(tiff, at, 2, &tag) || !tiff_number(tiff, at + 2, 2, &type) ||
        !tiff_number(tiff, at + 4, word, &entry->count) ||
        !tiff_number(tiff, at + 4 + word, word, &value))
        return false;
    entry->tag = (guint16)tag;
    entry->type = (guint16)type;
    const bool inside =
        entry->count <= COUNTED_MOST && entry->count * tiff_type_size(entry->type) <= word;
    entry->at = inside ? at + 4 + word : value;
    return true;
}

GArray *tiff_entries(const struct tiff *tiff, guint64 at, guint64 *link)
{
    const unsigned counted = tiff->wide ? 8 : 2;
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct tiff_entry));
    guint64 count = 0;
    if (at < HEAD || !tiff_number(tiff, at, counted, &count) || count > ENTRIES_MAX)
        count = 0;
    at += counted;
    for (guint64 i = 0; i < count; i++, at += tiff_entry_size(tiff->wide)) {
        struct tiff_entry entry;
        if (read_entry(tiff, at, &entry))
            g_array_append_val(entries, entry);
    }
    if (link)
        *link = at;
    return entries;
}

const struct tiff_entry *tiff_find(const GArray *entries, unsigned tag)
{
    for (guint i = 0; i < entries->len; i++)
        if (g_array_index(entries, struct tiff_entry, i).tag == tag)
            return &g_array_index(entries, struct tiff_entry, i);
    return NULL;
}

bool tiff_value(const struct tiff *tiff, const struct tiff_entry *entry, guint64 *value)
{
    const unsigned size = tiff_type_unit(entry->type);
    return entry->count > 0 && size > 0 && tiff_number(tiff, entry->at, size, value);
}

int tiff_photometric(int fd)
{
    enum { PHOTOMETRIC = 0x106 };
    struct tiff tiff = {.fd = fd};
    guint64 value;
    if (!tiff_open(&tiff))
        return -1;
    g_autoptr(GArray) entries = tiff_entries(&tiff, tiff.first, NULL);
    const struct tiff_entry *entry = tiff_find(entries, PHOTOMETRIC);
    return entry && tiff_value(&tiff, entry, &value) && value <= G_MAXUINT16 ? (int)value : -1;
}
