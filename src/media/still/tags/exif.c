/* SPDX-License-Identifier: GPL-3.0-or-later
 * EXIF read and changed in place. */
#include "exif.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 8,
    ENTRY = 12,
    EXIF_IFD = 0x8769,
    IMAGE_WIDTH = 0x100,
    IMAGE_HEIGHT = 0x101,
    ORIENTATION = 0x112,
    THUMBNAIL_AT = 0x201,
    THUMBNAIL_BYTES = 0x202,
    COLOR_SPACE = 0xa001,
    PIXEL_X = 0xa002,
    PIXEL_Y = 0xa003,
    ASCII = 2,
    SHORT = 3,
    LONG = 4,
};

static const char prefix[] = "Exif\0"; /* JPEG's, with its second 0; some readers keep it */

struct exif {
    guint8 *data; /* from the TIFF header on */
    gsize size;
    bool big;
};

struct ifd {
    gsize at; /* of the first entry; 0: there is none */
    unsigned count;
};

static unsigned get(const struct exif *exif, gsize at, unsigned bytes)
{
    unsigned value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (unsigned)exif->data[at + i] << 8 * (exif->big ? bytes - 1 - i : i);
    return value;
}

static void put(const struct exif *exif, gsize at, unsigned bytes, unsigned value)
{
    for (unsigned i = 0; i < bytes; i++)
        exif->data[at + i] = (guint8)(value >> 8 * (exif->big ? bytes - 1 - i : i));
}

static struct ifd ifd_at(const struct exif *exif, gsize at)
{
    if (at < HEADER || at + 2 > exif->size)
        return (struct ifd){0};
    unsigned count = get(exif, at, 2);
    return at + 2 + (gsize)count * ENTRY > exif->size ? (struct ifd){0}
                                                      : (struct ifd){at + 2, count};
}

static bool open_exif(struct exif *exif, guint8 *data, gsize size)
{
    if (size > sizeof prefix && memcmp(data, prefix, sizeof prefix) == 0) {
        data += sizeof prefix;
        size -= sizeof prefix;
    }
    *exif = (struct exif){data, size, size > 0 && data[0] == 'M'};
    return size >= HEADER && (memcmp(data, "II*\0", 4) == 0 || memcmp(data, "MM\0*", 4) == 0);
}

static gsize find(const struct exif *exif, struct ifd ifd, unsigned tag)
{
    for (unsigned i = 0; i < ifd.count; i++)
        if (get(exif, ifd.at + i * ENTRY, 2) == tag)
            return ifd.at + i * ENTRY;
    return 0;
}

static struct ifd first(const struct exif *exif)
{
    return ifd_at(exif, get(exif, 4, 4));
}

static struct ifd below(const struct exif *exif, struct ifd ifd)
{
    gsize entry = find(exif, ifd, EXIF_IFD);
    return entry ? ifd_at(exif, get(exif, entry + 8, 4)) : (struct ifd){0};
}

/* The bytes of an entry of texts. */
static const char *ascii(const struct exif *exif, gsize entry, gsize *length)
{
    if (!entry || get(exif, entry + 2, 2) != ASCII)
        return NULL;
    *length = get(exif, entry + 4, 4);
    gsize at = *length <= 4 ? entry + 8 : get(exif, entry + 8, 4);
    return at > exif->size || *length > exif->size - at ? NULL : (const char *)exif->data + at;
}

char *exif_text(GBytes *bytes, enum exif_tag tag)
{
    struct exif exif;
    gsize size, length;
    gconstpointer data = g_bytes_get_data(bytes, &size);
    if (!open_exif(&exif, (guint8 *)data, size))
        return NULL;
    struct ifd ifd = first(&exif);
    if (tag >= EXIF_DATE_TIME_ORIGINAL)
        ifd = below(&exif, ifd);
    const char *text = ascii(&exif, find(&exif, ifd, tag), &length);
    if (!text)
        return NULL;
    g_autofree char *one = g_strndup(text, length);
    gsize half = strlen(one);
    g_autofree char *two = tag == EXIF_COPYRIGHT && half < length
                               ? g_strndup(text + half + 1, length - half - 1)
                               : NULL;
    g_strstrip(one);
    if (two && *g_strstrip(two))
        return *one ? g_strdup_printf("%s; %s", one, two) : g_steal_pointer(&two);
    return *one ? g_steal_pointer(&one) : NULL;
}

/* PageName, XPosition, YPosition, PageNumber, HostComputer, TargetPrinter: libexif has no names for
 * these of TIFF 6.0. */
bool exif_has_unnamed(GBytes *bytes)
{
    static const unsigned tags[] = {0x11d, 0x11e, 0x11f, 0x129, 0x13c, 0x151};
    struct exif exif;
    gsize size;
    gconstpointer data = g_bytes_get_data(bytes, &size);
    bool has = false;
    if (!open_exif(&exif, (guint8 *)data, size))
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
        has |= find(&exif, first(&exif), tags[i]) != 0;
    return has;
}

static void set_number(const struct exif *exif, gsize entry, int value)
{
    unsigned type = entry ? get(exif, entry + 2, 2) : 0;
    if (type == SHORT)
        put(exif, entry + 8, 2, (unsigned)value);
    else if (type == LONG)
        put(exif, entry + 8, 4, (unsigned)value);
}

static bool overlaps(struct ifd ifd, gsize at, gsize size)
{
    return ifd.at && at < ifd.at + (gsize)ifd.count * ENTRY && ifd.at - 2 < at + size;
}

/* The 1st IFD holds the thumbnail alone; one that ends EXIF, as most do, is cut off. */
static void wipe_thumbnail(struct exif *exif, struct ifd ifd)
{
    gsize link = ifd.at + (gsize)ifd.count * ENTRY;
    if (link + 4 > exif->size)
        return;
    struct ifd thumbnail = ifd_at(exif, get(exif, link, 4));
    put(exif, link, 4, 0);
    gsize where = find(exif, thumbnail, THUMBNAIL_AT);
    gsize bytes = find(exif, thumbnail, THUMBNAIL_BYTES);
    if (!where || !bytes)
        return;
    gsize at = get(exif, where + 8, 4), size = get(exif, bytes + 8, 4);
    if (at < HEADER || at > exif->size || size > exif->size - at || overlaps(ifd, at, size) ||
        overlaps(below(exif, ifd), at, size))
        return;
    memset(exif->data + at, 0, size);
    if (at + size == exif->size)
        exif->size = at;
}

static void set_numbers(const struct exif *exif, struct ifd ifd, int width, int height, bool srgb)
{
    struct ifd sub = below(exif, ifd);
    set_number(exif, find(exif, ifd, ORIENTATION), 1);
    set_number(exif, find(exif, ifd, IMAGE_WIDTH), width);
    set_number(exif, find(exif, ifd, IMAGE_HEIGHT), height);
    set_number(exif, find(exif, sub, COLOR_SPACE), srgb ? 1 : 0xffff); /* 4.6.6 */
    set_number(exif, find(exif, sub, PIXEL_X), width);
    set_number(exif, find(exif, sub, PIXEL_Y), height);
}

static const struct exif_edit *edit_of(const struct exif_edit *edits, unsigned count, unsigned tag)
{
    for (unsigned i = 0; i < count; i++)
        if (edits[i].tag == tag && edits[i].text)
            return &edits[i];
    return NULL;
}

static int by_tag(const void *a, const void *b)
{
    const struct exif_edit *x = a, *y = b;
    return (int)x->tag - (int)y->tag;
}

/* One entry of a text whose bytes go to the end of `out`. */
static void add_text(GByteArray *out, bool big, guint8 entry[ENTRY], const struct exif_edit *edit)
{
    gsize length = strlen(edit->text) + 1;
    struct exif own = {entry, ENTRY, big};
    memset(entry, 0, ENTRY);
    put(&own, 0, 2, edit->tag);
    put(&own, 2, 2, ASCII);
    put(&own, 4, 4, (unsigned)length);
    if (length <= 4) {
        memcpy(entry + 8, edit->text, length);
        return;
    }
    put(&own, 8, 4, out->len);
    g_byte_array_append(out, (const guint8 *)edit->text, (guint)length);
    if (out->len & 1)
        g_byte_array_append(out, (const guint8 *)"", 1);
}

/* The entries of `ifd` that stay, and the texts, in the order of their tags. */
static GByteArray *merged(GByteArray *out, const struct exif *exif, struct ifd ifd,
                          const struct exif_edit *edits, unsigned count)
{
    GByteArray *entries = g_byte_array_new();
    unsigned next = 0;
    guint8 entry[ENTRY];
    for (unsigned i = 0; i <= ifd.count; i++) {
        gsize at = ifd.at + (gsize)i * ENTRY;
        unsigned tag = i < ifd.count ? get(exif, at, 2) : 0x10000;
        for (; next < count && edits[next].tag <= tag; next++)
            if (edits[next].text && *edits[next].text) {
                add_text(out, exif->big, entry, &edits[next]);
                g_byte_array_append(entries, entry, ENTRY);
            }
        if (i < ifd.count && !edit_of(edits, count, tag))
            g_byte_array_append(entries, exif->data + at, ENTRY);
    }
    return entries;
}

/* Appends the 0th IFD with its texts changed; the header points to it. */
static GByteArray *with_texts(const struct exif *exif, struct ifd ifd,
                              const struct exif_edit *edits, unsigned count)
{
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, exif->data, (guint)exif->size);
    if (out->len & 1)
        g_byte_array_append(out, (const guint8 *)"", 1);
    g_autofree struct exif_edit *sorted = g_memdup2(edits, count * sizeof *edits);
    qsort(sorted, count, sizeof *sorted, by_tag);
    g_autoptr(GByteArray) entries = merged(out, exif, ifd, sorted, count);
    guint8 number[4];
    struct exif own = {number, sizeof number, exif->big};
    gsize at = out->len;
    put(&own, 0, 2, entries->len / ENTRY);
    g_byte_array_append(out, number, 2);
    g_byte_array_append(out, entries->data, entries->len);
    put(&own, 0, 4, 0);
    g_byte_array_append(out, number, 4);
    put(&(struct exif){out->data, out->len, exif->big}, 4, 4, (unsigned)at);
    return out;
}

GBytes *exif_edited(GBytes *bytes, const struct exif_edit *edits, unsigned count, int width,
                    int height, bool srgb)
{
    struct exif exif;
    gsize size;
    gconstpointer data = g_bytes_get_data(bytes, &size);
    g_autofree guint8 *copy = g_memdup2(data, size);
    if (!open_exif(&exif, copy, size))
        return NULL;
    struct ifd ifd = first(&exif);
    if (!ifd.at)
        return NULL;
    set_numbers(&exif, ifd, width, height, srgb);
    wipe_thumbnail(&exif, ifd);
    for (unsigned i = 0; i < count; i++)
        if (edits[i].text)
            return g_byte_array_free_to_bytes(with_texts(&exif, ifd, edits, count));
    return g_bytes_new(exif.data, exif.size);
}
