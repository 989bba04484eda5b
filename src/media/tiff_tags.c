/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags in and out of a TIFF. */
#include "tiff_tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ENTRY = 12,
    ENTRY_WIDE = 20,
    ENTRIES_MAX = 4096,
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
    TYPES = 19,
};

/* TIFF 6.0; Exif 2.32; TIFF Technical Note 1 (SubIFDs); Adobe Photoshop TIFF Technical Notes 1 and
 * 2; Microsoft's tags of Windows. TOLD tells of the picture. STORED tells how pixels are stored, or
 * is carried by others (XMP, IPTC, ICC), or made anew. What is neither nobody here reads. */
enum sort { TOLD, STORED, UNREAD };
static const struct known {
    guint16 tag;
    enum sort sort;
    const char *name; /* of UNREAD */
} known[] = {
    {0x0fe, STORED, NULL},
    {0x0ff, STORED, NULL},
    {0x100, STORED, NULL},
    {0x101, STORED, NULL},
    {0x102, STORED, NULL},
    {0x103, STORED, NULL},
    {0x106, STORED, NULL},
    {0x107, UNREAD, "Thresholding"},
    {0x108, UNREAD, "CellWidth"},
    {0x109, UNREAD, "CellLength"},
    {0x10a, STORED, NULL},
    {0x10d, TOLD, NULL}, /* DocumentName */
    {0x10e, TOLD, NULL}, /* ImageDescription */
    {0x10f, TOLD, NULL}, /* Make */
    {0x110, TOLD, NULL}, /* Model */
    {0x111, STORED, NULL},
    {0x112, STORED, NULL},
    {0x115, STORED, NULL},
    {0x116, STORED, NULL},
    {0x117, STORED, NULL},
    {0x118, STORED, NULL},
    {0x119, STORED, NULL},
    {0x11a, STORED, NULL},
    {0x11b, STORED, NULL},
    {0x11c, STORED, NULL},
    {0x11d, TOLD, NULL}, /* PageName */
    {0x11e, TOLD, NULL}, /* XPosition */
    {0x11f, TOLD, NULL}, /* YPosition */
    {0x120, STORED, NULL},
    {0x121, STORED, NULL},
    {0x122, UNREAD, "GrayResponseUnit"},
    {0x123, UNREAD, "GrayResponseCurve"},
    {0x124, STORED, NULL},
    {0x125, STORED, NULL},
    {0x128, STORED, NULL},
    {0x129, TOLD, NULL}, /* PageNumber */
    {0x12d, UNREAD, "TransferFunction"},
    {0x131, TOLD, NULL}, /* Software */
    {0x132, TOLD, NULL}, /* DateTime */
    {0x13b, TOLD, NULL}, /* Artist */
    {0x13c, TOLD, NULL}, /* HostComputer */
    {0x13d, STORED, NULL},
    {0x13e, UNREAD, "WhitePoint"},
    {0x13f, UNREAD, "PrimaryChromaticities"},
    {0x140, STORED, NULL},
    {0x141, UNREAD, "HalftoneHints"},
    {0x142, STORED, NULL},
    {0x143, STORED, NULL},
    {0x144, STORED, NULL},
    {0x145, STORED, NULL},
    {0x146, STORED, NULL},
    {0x147, STORED, NULL},
    {0x148, STORED, NULL},
    {0x14a, UNREAD, "SubIFDs (further pictures)"},
    {0x14c, STORED, NULL},
    {0x14d, UNREAD, "InkNames"},
    {0x14e, STORED, NULL},
    {0x150, UNREAD, "DotRange"},
    {0x151, TOLD, NULL}, /* TargetPrinter */
    {0x152, STORED, NULL},
    {0x153, STORED, NULL},
    {0x154, STORED, NULL},
    {0x155, STORED, NULL},
    {0x156, UNREAD, "TransferRange"},
    {0x157, UNREAD, "ClipPath"},
    {0x15b, STORED, NULL},
    {0x200, STORED, NULL},
    {0x201, STORED, NULL},
    {0x202, STORED, NULL},
    {0x203, STORED, NULL},
    {0x205, STORED, NULL},
    {0x206, STORED, NULL},
    {0x207, STORED, NULL},
    {0x208, STORED, NULL},
    {0x209, STORED, NULL},
    {0x211, STORED, NULL},
    {0x212, STORED, NULL},
    {0x213, STORED, NULL},
    {0x214, STORED, NULL},
    {XMP, STORED, NULL},
    {0x4746, TOLD, NULL}, /* Rating */
    {0x4749, TOLD, NULL}, /* RatingPercent */
    {0x80e3, STORED, NULL},
    {0x80e4, STORED, NULL},
    {0x80e5, STORED, NULL},
    {0x80e6, STORED, NULL},
    {0x8298, TOLD, NULL}, /* Copyright */
    {0x83bb, STORED, NULL},
    {RESOURCES, STORED, NULL},
    {EXIF_IFD, TOLD, NULL},
    {0x8773, STORED, NULL},
    {GPS_IFD, TOLD, NULL},
    {0x935c, UNREAD, "ImageSourceData (Photoshop's layers)"},
    {0x9c9b, TOLD, NULL}, /* Windows' title, comment, author, keywords, subject */
    {0x9c9c, TOLD, NULL},
    {0x9c9d, TOLD, NULL},
    {0x9c9e, TOLD, NULL},
    {0x9c9f, TOLD, NULL},
};

/* A file, or where fd is -1, memory. */
struct tiff {
    int fd;
    const guint8 *data;
    gsize size;
    bool big, wide;
    guint64 first; /* where the 0th IFD is */
};

struct entry {
    guint16 tag, type;
    guint64 count, at; /* where the value is */
};

static bool bytes_at(const struct tiff *tiff, guint64 at, void *out, gsize size)
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

static bool number_at(const struct tiff *tiff, guint64 at, unsigned bytes, guint64 *value)
{
    guint8 data[8];
    if (!bytes_at(tiff, at, data, bytes))
        return false;
    *value = 0;
    for (unsigned i = 0; i < bytes; i++)
        *value |= (guint64)data[i] << 8 * (tiff->big ? bytes - 1 - i : i);
    return true;
}

static bool open_tiff(struct tiff *tiff)
{
    guint8 head[2];
    guint64 version;
    if (!bytes_at(tiff, 0, head, 2) || head[0] != head[1] || (head[0] != 'I' && head[0] != 'M'))
        return false;
    tiff->big = head[0] == 'M';
    if (!number_at(tiff, 2, 2, &version) || (version != 42 && version != 43))
        return false;
    tiff->wide = version == 43;
    return number_at(tiff, tiff->wide ? 8 : 4, tiff->wide ? 8 : 4, &tiff->first);
}

/* Bytes of a value of each type, and of the numbers in it. */
static unsigned size_of(unsigned type)
{
    static const guint8 sizes[TYPES] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < TYPES ? sizes[type] : 0;
}

static unsigned unit_of(unsigned type)
{
    return type == 5 || type == 10 ? 4 : size_of(type);
}

static bool read_entry(const struct tiff *tiff, guint64 at, struct entry *entry)
{
    const unsigned wide = tiff->wide ? 8 : 4;
    guint64 tag, type, value;
    if (!number_at(tiff, at, 2, &tag) || !number_at(tiff, at + 2, 2, &type) ||
        !number_at(tiff, at + 4, wide, &entry->count) ||
        !number_at(tiff, at + 4 + wide, wide, &value))
        return false;
    entry->tag = (guint16)tag;
    entry->type = (guint16)type;
    const bool inside = entry->count <= VALUE_MAX && entry->count * size_of(entry->type) <= wide;
    entry->at = inside ? at + 4 + wide : value;
    return true;
}

/* The entries of an IFD that aren't cut off, and where the offset of the next IFD stands. */
static GArray *entries_of(const struct tiff *tiff, guint64 at, guint64 *link)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
    guint64 count = 0;
    if (at < 8 || !number_at(tiff, at, tiff->wide ? 8 : 2, &count) || count > ENTRIES_MAX)
        count = 0;
    at += tiff->wide ? 8 : 2;
    for (guint64 i = 0; i < count; i++, at += tiff->wide ? ENTRY_WIDE : ENTRY) {
        struct entry entry;
        if (read_entry(tiff, at, &entry))
            g_array_append_val(entries, entry);
    }
    *link = at;
    return entries;
}

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

/* Of counts, places, and values that stand in their entry. */
static unsigned word(bool wide)
{
    return wide ? 8 : 4;
}

static guint entry_size(bool wide)
{
    return wide ? ENTRY_WIDE : ENTRY;
}

static void put_head(const struct writing *to, GByteArray *record, const struct entry *entry)
{
    put(record, 2, entry->tag);
    put(record, 2, entry->type);
    put(record, word(to->wide), entry->count);
}

/* The entry to the records of its IFD, and a long value to what is written. */
static void put_entry(struct writing *to, GByteArray *records, const struct entry *entry,
                      const guint8 *value, gsize size)
{
    static const guint8 zeros[8] = {0};
    put_head(to, records, entry);
    if (size <= word(to->wide)) {
        g_byte_array_append(records, value, (guint)size);
        g_byte_array_append(records, zeros, word(to->wide) - (guint)size);
        return;
    }
    make_even(to->out);
    put(records, word(to->wide), to->base + to->out->len);
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
                       const struct entry *entry)
{
    const gsize size = entry->count <= VALUE_MAX ? entry->count * size_of(entry->type) : 0;
    g_autofree guint8 *value = size > 0 && size <= VALUE_MAX ? g_malloc(size) : NULL;
    if (!value || to->out->len > BLOCK_MAX || !bytes_at(from, entry->at, value, size))
        return;
    if (from->big)
        swap_units(value, size, unit_of(entry->type));
    put_entry(to, records, entry, value, size);
}

static void put_block(struct writing *to, GByteArray *records, guint16 tag, GBytes *block)
{
    gsize size = 0;
    const guint8 *data = block ? g_bytes_get_data(block, &size) : NULL;
    if (data)
        put_entry(to, records, &(struct entry){tag, BYTE, size, 0}, data, size);
}

static const struct known *known_tag(unsigned tag)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i].tag == tag)
            return &known[i];
    return NULL;
}

static bool is_told(unsigned tag)
{
    const struct known *row = known_tag(tag);
    return row && row->sort == TOLD;
}

char *tiff_unread_tags(int fd)
{
    enum { NAMED = 8 };
    struct tiff tiff = {.fd = fd};
    guint64 link;
    g_autoptr(GArray) entries = open_tiff(&tiff) ? entries_of(&tiff, tiff.first, &link) : NULL;
    g_autoptr(GString) names = g_string_new(NULL), numbers = g_string_new(NULL);
    unsigned count = 0;
    for (guint i = 0; entries && i < entries->len; i++) {
        const unsigned tag = g_array_index(entries, struct entry, i).tag;
        const struct known *row = known_tag(tag);
        if (row && row->sort == UNREAD && !strstr(names->str, row->name))
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", row->name);
        else if (!row && count++ < NAMED)
            g_string_append_printf(numbers, "%s%u", numbers->len ? ", " : "", tag);
    }
    if (count)
        g_string_append_printf(names, "%s%u unknown tag%s (%s%s)", names->len ? ", " : "", count,
                               count == 1 ? "" : "s", numbers->str, count > NAMED ? " …" : "");
    return names->len ? g_string_free(g_steal_pointer(&names), FALSE) : NULL;
}

static int by_tag(const void *a, const void *b)
{
    const guint8 *x = a, *y = b;
    return (x[0] | x[1] << 8) - (y[0] | y[1] << 8);
}

/* Where it is. */
static guint64 put_ifd(struct writing *to, GByteArray *records, guint64 next)
{
    const guint size = entry_size(to->wide);
    if (records->len > 0)
        qsort(records->data, records->len / size, size, by_tag);
    make_even(to->out);
    const guint64 at = to->base + to->out->len;
    put(to->out, to->wide ? 8 : 2, records->len / size);
    g_byte_array_append(to->out, records->data, records->len);
    put(to->out, word(to->wide), next);
    return at;
}

static bool is_repeated(const GArray *entries, guint number)
{
    const unsigned tag = g_array_index(entries, struct entry, number).tag;
    for (guint i = 0; i < number; i++)
        if (g_array_index(entries, struct entry, i).tag == tag)
            return true;
    return false;
}

/* Records of the IFD at `at`, of each tag the first; those below it are written at once. */
static GByteArray *copy_records(struct writing *to, const struct tiff *from, guint64 at,
                                unsigned parent)
{
    guint64 link, below;
    GByteArray *records = g_byte_array_new();
    g_autoptr(GArray) entries = entries_of(from, at, &link);
    for (guint i = 0; i < entries->len; i++) {
        const struct entry *entry = &g_array_index(entries, struct entry, i);
        const bool leads = parent == 0          ? entry->tag == EXIF_IFD || entry->tag == GPS_IFD
                           : parent == EXIF_IFD ? entry->tag == INTEROPERABILITY_IFD
                                                : false;
        if ((parent == 0 && !is_told(entry->tag)) || is_repeated(entries, i))
            continue;
        if (parent == EXIF_IFD && entry->tag == MAKER_NOTE) {
            *to->maker_note = true;
        } else if (!leads) {
            copy_entry(to, records, from, entry);
        } else if (number_at(from, entry->at, size_of(entry->type) == 8 ? 8 : 4, &below)) {
            g_autoptr(GByteArray) sub = copy_records(to, from, below, entry->tag);
            if (sub->len == 0)
                continue;
            below = put_ifd(to, sub, 0);
            put_head(to, records, &(struct entry){entry->tag, to->wide ? LONG8 : LONG, 1, 0});
            put(records, word(to->wide), below);
        }
    }
    return records;
}

GBytes *tiff_exif_read(int fd, bool *maker_note)
{
    static const guint8 head[8] = {'I', 'I', 42, 0};
    struct tiff tiff = {.fd = fd};
    if (!open_tiff(&tiff))
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
    const guint size = entry_size(tiff->wide);
    guint64 link;
    guint8 record[ENTRY_WIDE];
    g_autoptr(GByteArray) own = g_byte_array_new();
    g_autoptr(GArray) entries = entries_of(tiff, tiff->first, &link);
    for (guint i = 0; i < entries->len; i++)
        if (!has_record(records, size, g_array_index(entries, struct entry, i).tag) &&
            bytes_at(tiff, tiff->first + (tiff->wide ? 8 : 2) + (guint64)i * size, record, size))
            g_byte_array_append(own, record, size);
    g_byte_array_append(records, own->data, own->len);
    if (!number_at(tiff, link, word(tiff->wide), next))
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
    return open_tiff(tiff);
}

/* The new IFD and what it points to come first, then the place that leads to it. */
static bool lead_to(const struct tiff *file, const struct writing *to, guint64 ifd)
{
    const guint64 first = GUINT64_TO_LE(ifd);
    const unsigned bytes = word(file->wide);
    return pwrite(file->fd, to->out->data, to->out->len, (off_t)to->base) ==
               (ssize_t)to->out->len &&
           pwrite(file->fd, &first, bytes, bytes) == (ssize_t)bytes;
}

bool tiff_add(int fd, const struct tiff_blocks *blocks, struct failure *failure)
{
    struct tiff from, file = {.fd = fd};
    if (!open_tiff(&file) || file.big || (blocks->exif && !open_block(&from, blocks->exif)))
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
