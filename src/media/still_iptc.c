/* SPDX-License-Identifier: GPL-3.0-or-later
 * IPTC in the form that a format has it in. */
#include "still_write_private.h"

#include <string.h>

/* JPEG holds image resources of Photoshop behind this, in APP13; TIFF holds them without it, in tag
 * 34377 (Photoshop File Formats Specification, Image Resources). TIFF's own tag of IPTC, 33723, is
 * read here and not written: libvips 8.14 keeps a quarter of it. */
static const char photoshop[] = "Photoshop 3.0"; /* with its 0 */
#define RESOURCES "photoshop-data"

enum { IPTC_RESOURCE = 0x0404, RESOURCE_HEAD = 12, SIZE_MOST = 65000 };

static bool is_wrapped(const guint8 *data, size_t size)
{
    return size > sizeof photoshop && memcmp(data, photoshop, sizeof photoshop) == 0;
}

/* "8BIM", a number, an empty name, the length. */
static void add_resource(GByteArray *out, const guint8 *data, size_t size)
{
    const guint8 head[RESOURCE_HEAD] = {'8',
                                        'B',
                                        'I',
                                        'M',
                                        IPTC_RESOURCE >> 8,
                                        IPTC_RESOURCE & 0xff,
                                        0,
                                        0,
                                        (guint8)(size >> 24),
                                        (guint8)(size >> 16),
                                        (guint8)(size >> 8),
                                        (guint8)size};
    g_byte_array_append(out, head, RESOURCE_HEAD);
    g_byte_array_append(out, data, (guint)size);
    if (size % 2)
        g_byte_array_append(out, (const guint8 *)"", 1);
}

/* The resources that are there, if there are any, have it as a rule. */
static void to_tiff(VipsImage *image, const guint8 *data, size_t size)
{
    static const char head[] = {'8', 'B', 'I', 'M', IPTC_RESOURCE >> 8, IPTC_RESOURCE & 0xff};
    const void *old = NULL;
    size_t length = 0;
    g_autoptr(GByteArray) out = g_byte_array_new();
    if (vips_image_get_typeof(image, RESOURCES) &&
        vips_image_get_blob(image, RESOURCES, &old, &length) == 0)
        g_byte_array_append(out, old, (guint)length);
    if (is_wrapped(data, size))
        g_byte_array_append(out, data + sizeof photoshop, (guint)(size - sizeof photoshop));
    else if (!old || !memmem(old, length, head, sizeof head))
        add_resource(out, data, size);
    vips_image_set_blob_copy(image, RESOURCES, out->data, out->len);
    vips_image_remove(image, VIPS_META_IPTC_NAME);
}

static bool to_jpeg(VipsImage *image, const guint8 *data, size_t size)
{
    if (is_wrapped(data, size))
        return true;
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)photoshop, sizeof photoshop);
    add_resource(out, data, size);
    if (out->len > SIZE_MOST)
        vips_image_remove(image, VIPS_META_IPTC_NAME);
    else
        vips_image_set_blob_copy(image, VIPS_META_IPTC_NAME, out->data, out->len);
    return out->len <= SIZE_MOST;
}

static guint32 big_endian(const guint8 *data, unsigned bytes)
{
    guint32 value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | data[i];
    return value;
}

/* A part of a block; `at` goes on. */
struct part {
    const guint8 *data;
    size_t size, at;
};

/* IPTC-IIM 4.2, 1.5 and 6.1 (record 2). */
static const char *place_name(unsigned dataset)
{
    static const struct {
        unsigned dataset;
        const char *name;
    } rows[] = {{26, "Content Location Code"},
                {27, "Content Location Name"},
                {90, "City"},
                {92, "Sublocation"},
                {95, "Province/State"},
                {100, "Country Code"},
                {101, "Country"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].dataset == dataset)
            return rows[i].name;
    return NULL;
}

/* The next dataset from its mark on; false at the end, or at what is none (a filling, too). */
static bool next_dataset(struct part *iim, struct part *one)
{
    enum { HEAD = 5, MARK = 0x1c, LONG = 0x80 };
    const guint8 *at = iim->data + iim->at;
    const size_t left = iim->size - iim->at;
    if (left < HEAD || at[0] != MARK || at[3] & LONG)
        return false;
    const size_t size = HEAD + big_endian(at + 3, 2);
    *one = (struct part){at, size, 0};
    iim->at += size;
    return size <= left;
}

static GByteArray *datasets(struct part iim, bool places, GPtrArray *gone)
{
    GByteArray *kept = g_byte_array_new();
    for (struct part one; next_dataset(&iim, &one);) {
        const char *place = one.data[1] == 2 && !places ? place_name(one.data[2]) : NULL;
        if (!place)
            g_byte_array_append(kept, one.data, (guint)one.size);
        else if (!g_ptr_array_find_with_equal_func(gone, place, g_str_equal, NULL))
            g_ptr_array_add(gone, g_strdup(place));
    }
    return kept;
}

/* The next of Photoshop's resources; false at the end, or where it is cut off. */
static bool next_resource(struct part *all, unsigned *number, struct part *one)
{
    enum { HEAD = 6, LENGTH = 4 };
    const size_t left = all->size - all->at;
    const guint8 *at = all->data + all->at;
    if (left < RESOURCE_HEAD || memcmp(at, "8BIM", 4) != 0)
        return false;
    const size_t name = (at[HEAD] + 2u) / 2 * 2, from = HEAD + name + LENGTH;
    if (from > left)
        return false;
    const size_t size = big_endian(at + from - LENGTH, 4);
    *number = big_endian(at + 4, 2);
    *one = (struct part){at + from, size, 0};
    all->at += MIN(from + size + size % 2, left);
    return size <= left - from;
}

/* The IPTC among resources; those that are beside it are seen. */
static struct part find_iptc(struct part all, bool *others)
{
    struct part found = {0}, one;
    unsigned number;
    while (next_resource(&all, &number, &one)) {
        if (number == IPTC_RESOURCE && !found.data)
            found = one;
        else
            *others = true;
    }
    return found;
}

bool iptc_thin(VipsImage *image, bool places, GPtrArray *gone, bool *others)
{
    const void *data;
    size_t size;
    if (!vips_image_get_typeof(image, VIPS_META_IPTC_NAME) ||
        vips_image_get_blob(image, VIPS_META_IPTC_NAME, &data, &size))
        return true;
    struct part whole = {data, size, 0};
    if (is_wrapped(data, size)) {
        whole.at = sizeof photoshop;
        whole = find_iptc(whole, others);
    }
    g_autoptr(GByteArray) kept = datasets(whole, places, gone);
    if (kept->len)
        vips_image_set_blob_copy(image, VIPS_META_IPTC_NAME, kept->data, kept->len);
    else
        vips_image_remove(image, VIPS_META_IPTC_NAME);
    return kept->len || gone->len || !whole.size;
}

bool iptc_fit(VipsImage *image, const struct still_format *format)
{
    const void *data;
    size_t size;
    if (!vips_image_get_typeof(image, VIPS_META_IPTC_NAME) ||
        vips_image_get_blob(image, VIPS_META_IPTC_NAME, &data, &size))
        return true;
    if (strcmp(format->name, "tiff") != 0)
        return to_jpeg(image, data, size);
    to_tiff(image, data, size);
    return true;
}
