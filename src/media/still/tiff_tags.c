/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags in and out of a TIFF. */
#include "tiff_tags.h"

#include "../bytes/tiff_ifd.h"
#include "tiff_known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    VALUE_MAX = 1 << 16,
    BLOCK_MAX = 1 << 20, /* of EXIF that is read: more than any file of ours can hold */
    EXIF_IFD = 0x8769,
    GPS_IFD = 0x8825,
    INTEROPERABILITY_IFD = 0xa005,
    MAKER_NOTE = 0x927c,
    XMP = 700,
    RESOURCES = 34377,
    BYTE = 1,
    LONG = 4,
    LONG8 = 16,
};

static void put(GByteArray *out, unsigned bytes, guint64 value)
{
    for (unsigned i = 0; i < bytes; i++)
        g_byte_array_append(out, &(guint8){(guint8)(value >> 8 * i)}, 1);
}

static void make_even(GByteArray *out)
{
    if (out->len & 1)
        put(out, 1, 0);
}

/* What is written, little-endian; `base` is where `out` begins in the file. */
struct writing {
    GByteArray *out;
    guint64 base;
    bool wide;
    bool *maker_note;
};

static void put_head(const struct writing *to, GByteArray *record, const struct tiff_entry *entry)
{
    put(record, 2, entry->tag);
    put(record, 2, entry->type);
    put(record, tiff_word(to->wide), entry->count);
}

/* The entry to the records of its IFD, and a long value to what is written. */
static void put_entry(struct writing *to, GByteArray *records, const struct tiff_entry *entry,
                      const guint8 *value, gsize size)
{
    static const guint8 zeros[8] = {0};
    put_head(to, records, entry);
    if (size <= tiff_word(to->wide)) {
        g_byte_array_append(records, value, (guint)size);
        g_byte_array_append(records, zeros, tiff_word(to->wide) - (guint)size);
        return;
    }
    make_even(to->out);
    put(records, tiff_word(to->wide), to->base + to->out->len);
    g_byte_array_append(to->out, value, (guint)size);
}

static void swap_units(guint8 *data, gsize size, unsigned unit)
{
    for (gsize at = 0; at + unit <= size; at += unit)
        for (unsigned i = 0; i < unit / 2; i++) {
            const guint8 byte = data[at + i];
            data[at + i] = data[at + unit - 1 - i];
            data[at + unit - 1 - i] = byte;
        }
}

static void copy_entry(struct writing *to, GByteArray *records, const struct tiff *from,
                       const struct tiff_entry *entry)
{
    const gsize size = entry->count <= VALUE_MAX ? entry->count * tiff_type_size(entry->type) : 0;
    g_autofree guint8 *value = size > 0 && size <= VALUE_MAX ? g_malloc(size) : NULL;
    if (!value || to->out->len > BLOCK_MAX || !tiff_bytes(from, entry->at, value, size))
        return;
    if (from->big)
        swap_units(value, size, tiff_type_unit(entry->type));
    put_entry(to, records, entry, value, size);
}

static void put_block(struct writing *to, GByteArray *records, guint16 tag, GBytes *block)
{
    gsize size = 0;
    const guint8 *data = block ? g_bytes_get_data(block, &size) : NULL;
    if (data)
        put_entry(to, records, &(struct tiff_entry){tag, BYTE, size, 0}, data, size);
}

static int by_tag(const void *a, const void *b)
{
    const guint8 *x = a, *y = b;
    return (x[0] | x[1] << 8) - (y[0] | y[1] << 8);
}

/* Where it is. */
static guint64 put_ifd(struct writing *to, GByteArray *records, guint64 next)
{
    const guint size = tiff_entry_size(to->wide);
    if (records->len > 0)
        qsort(records->data, records->len / size, size, by_tag);
    make_even(to->out);
    const guint64 at = to->base + to->out->len;
    put(to->out, to->wide ? 8 : 2, records->len / size);
    g_byte_array_append(to->out, records->data, records->len);
    put(to->out, tiff_word(to->wide), next);
    return at;
}

/* Records of the IFD at `at`, of each tag the first; those below it are written at once. */
static GByteArray *copy_records(struct writing *to, const struct tiff *from, guint64 at,
                                unsigned parent)
{
    guint64 below;
    GByteArray *records = g_byte_array_new();
    g_autoptr(GArray) entries = tiff_entries(from, at, NULL);
    for (guint i = 0; i < entries->len; i++) {
        const struct tiff_entry *entry = &g_array_index(entries, struct tiff_entry, i);
        const bool leads = parent == 0          ? entry->tag == EXIF_IFD || entry->tag == GPS_IFD
                           : parent == EXIF_IFD ? entry->tag == INTEROPERABILITY_IFD
                                                : false;
        if ((parent == 0 && !tiff_tag_is_told(entry->tag)) ||
            tiff_find(entries, entry->tag) != entry)
            continue;
        if (parent == EXIF_IFD && entry->tag == MAKER_NOTE) {
            *to->maker_note = true;
        } else if (!leads) {
            copy_entry(to, records, from, entry);
        } else if (tiff_number(from, entry->at, tiff_type_size(entry->type) == 8 ? 8 : 4, &below)) {
            g_autoptr(GByteArray) sub = copy_records(to, from, below, entry->tag);
            if (sub->len == 0)
                continue;
            below = put_ifd(to, sub, 0);
            put_head(to, records, &(struct tiff_entry){entry->tag, to->wide ? LONG8 : LONG, 1, 0});
            put(records, tiff_word(to->wide), below);
        }
    }
    return records;
}

GBytes *tiff_exif_read(int fd, bool *maker_note)
{
    static const guint8 head[8] = {'I', 'I', 42, 0};
    struct tiff tiff = {.fd = fd};
    if (!tiff_open(&tiff))
        return NULL;
    struct writing to = {.out = g_byte_array_new(), .maker_note = maker_note};
    g_byte_array_append(to.out, head, sizeof head);
    g_autoptr(GByteArray) records = copy_records(&to, &tiff, tiff.first, 0);
    const guint32 first = GUINT32_TO_LE((guint32)put_ifd(&to, records, 0));
    memcpy(to.out->data + 4, &first, sizeof first);
    GBytes *exif = g_byte_array_free_to_bytes(to.out);
    if (records->len == 0)
        g_clear_pointer(&exif, g_bytes_unref);
    return exif;
}

static bool has_record(const GByteArray *records, guint size, unsigned tag)
{
    for (guint at = 0; at < records->len; at += size)
        if ((records->data[at] | records->data[at + 1] << 8) == (int)tag)
            return true;
    return false;
}

/* Those of the file that aren't said yet, as they are: nothing that they point to moves. */
static void keep_own(GByteArray *records, const struct tiff *tiff, guint64 *next)
{
    const guint size = tiff_entry_size(tiff->wide);
    guint64 link;
    guint8 record[20];
    g_autoptr(GByteArray) own = g_byte_array_new();
    g_autoptr(GArray) entries = tiff_entries(tiff, tiff->first, &link);
    for (guint i = 0; i < entries->len; i++)
        if (!has_record(records, size, g_array_index(entries, struct tiff_entry, i).tag) &&
            tiff_bytes(tiff, tiff->first + (tiff->wide ? 8 : 2) + (guint64)i * size, record, size))
            g_byte_array_append(own, record, size);
    g_byte_array_append(records, own->data, own->len);
    if (!tiff_number(tiff, link, tiff_word(tiff->wide), next))
        *next = 0;
}

/* Without what JPEG has before it. */
static bool open_block(struct tiff *tiff, GBytes *exif)
{
    static const char prefix[] = "Exif\0"; /* with its second 0 */
    *tiff = (struct tiff){.fd = -1};
    tiff->data = g_bytes_get_data(exif, &tiff->size);
    if (tiff->size > sizeof prefix && memcmp(tiff->data, prefix, sizeof prefix) == 0) {
        tiff->data += sizeof prefix;
        tiff->size -= sizeof prefix;
    }
    return tiff_open(tiff);
}

/* The new IFD and what it points to come first, then the place that leads to it. */
static bool lead_to(const struct tiff *file, const struct writing *to, guint64 ifd)
{
    const guint64 first = GUINT64_TO_LE(ifd);
    const unsigned bytes = tiff_word(file->wide);
    return pwrite(file->fd, to->out->data, to->out->len, (off_t)to->base) ==
               (ssize_t)to->out->len &&
           pwrite(file->fd, &first, bytes, bytes) == (ssize_t)bytes;
}

bool tiff_add(int fd, const struct tiff_blocks *blocks, struct failure *failure)
{
    struct tiff from, file = {.fd = fd};
    if (!tiff_open(&file) || file.big || (blocks->exif && !open_block(&from, blocks->exif)))
        return fail(failure, FAIL_INTERNAL, "tags can't be added to the TIFF");
    const guint64 end = (guint64)lseek(fd, 0, SEEK_END);
    bool maker_note = false;
    guint64 next;
    g_autoptr(GByteArray) out = g_byte_array_new();
    struct writing to = {out, end + (end & 1), file.wide, &maker_note};
    g_autoptr(GByteArray) records =
        blocks->exif ? copy_records(&to, &from, from.first, 0) : g_byte_array_new();
    put_block(&to, records, XMP, blocks->xmp);
    put_block(&to, records, RESOURCES, blocks->resources);
    keep_own(records, &file, &next);
    const guint64 ifd = put_ifd(&to, records, next);
    if (!file.wide && to.base + out->len > G_MAXUINT32)
        return fail(failure, FAIL_INTERNAL, "with its tags the TIFF is larger than 4 GB");
    return lead_to(&file, &to, ifd) ||
           fail(failure, FAIL_DISK, "tags can't be written: %s", g_strerror(errno));
}
