/* SPDX-License-Identifier: GPL-3.0-or-later
 * IPTC in the form that a format has it in. */
#include "iptc.h"

#include <string.h>

static const char photoshop[] = "Photoshop 3.0"; /* with its 0 */

enum { IPTC_RESOURCE = 0x0404, RESOURCE_HEAD = 12, SEGMENT_MOST = 65000 };

/* Borrowed; NULL: there's none. */
static const guint8 *blob(VipsImage *image, const char *field, size_t *size)
{
    const void *data;
    return vips_image_get_typeof(image, field) && !vips_image_get_blob(image, field, &data, size)
               ? data
               : NULL;
}

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

/* The resources as JPEG has them. */
static void put_wrapped(VipsImage *image, const guint8 *resources, size_t resources_size,
                        const guint8 *datasets, size_t datasets_size)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)photoshop, sizeof photoshop);
    if (resources)
        g_byte_array_append(out, resources, (guint)resources_size);
    if (datasets)
        add_resource(out, datasets, datasets_size);
    vips_image_set_blob_copy(image, VIPS_META_IPTC_NAME, out->data, out->len);
}

void iptc_from_tiff(VipsImage *image)
{
    static const char head[] = {'8', 'B', 'I', 'M', IPTC_RESOURCE >> 8, IPTC_RESOURCE & 0xff};
    size_t resources_size = 0, datasets_size = 0;
    const guint8 *resources = blob(image, VIPS_META_PHOTOSHOP_NAME, &resources_size);
    const guint8 *datasets = blob(image, VIPS_META_IPTC_NAME, &datasets_size);
    if (!resources)
        return;
    if (memmem(resources, resources_size, head, sizeof head))
        datasets = NULL;
    put_wrapped(image, resources, resources_size, datasets, datasets_size);
    vips_image_remove(image, VIPS_META_PHOTOSHOP_NAME);
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

/* What is left of it on the way. */
struct thinning {
    bool places;
    GPtrArray *gone;
    GByteArray *kept;
    bool others, unread;
};

static void skip_filling(struct part *part)
{
    while (part->at < part->size && !part->data[part->at])
        part->at++;
}

/* Its head and data; 0: it is none, or cut off. 1.5(c): a length with its first bit set is that of
 * the length behind it. */
static size_t dataset_size(const guint8 *at, size_t left)
{
    enum { HEAD = 5, MARK = 0x1c, EXTENDED = 0x8000, WIDEST = 4 };
    if (left < HEAD || at[0] != MARK)
        return 0;
    const guint32 length = big_endian(at + 3, 2), width = length & ~(guint32)EXTENDED;
    const bool extended = length & EXTENDED;
    if (extended && (width > WIDEST || width > left - HEAD))
        return 0;
    const size_t size = HEAD + (extended ? width + (size_t)big_endian(at + HEAD, width) : length);
    return size <= left ? size : 0;
}

static void take_dataset(struct thinning *to, const guint8 *at, size_t size)
{
    const char *place = at[1] == 2 && !to->places ? place_name(at[2]) : NULL;
    if (!place)
        g_byte_array_append(to->kept, at, (guint)size);
    else if (!g_ptr_array_find_with_equal_func(to->gone, place, g_str_equal, NULL))
        g_ptr_array_add(to->gone, g_strdup(place));
}

/* Fillings between datasets are none of 1.5's, and passed over. */
static void take_datasets(struct thinning *to, struct part iim)
{
    size_t size = 0;
    for (skip_filling(&iim); iim.at < iim.size; skip_filling(&iim)) {
        size = dataset_size(iim.data + iim.at, iim.size - iim.at);
        if (!size)
            break;
        take_dataset(to, iim.data + iim.at, size);
        iim.at += size;
    }
    to->unread |= iim.at < iim.size;
}

struct resource {
    const guint8 *signature;
    unsigned number;
    struct part data;
    bool whole;
};

/* The next of Photoshop's resources, of any signature (ImageReady's is "MeSa"); false at the end,
 * or at what is none. */
static bool next_resource(struct part *all, struct resource *one)
{
    enum { SIGNATURE = 4, NAME = 6, LENGTH = 4 };
    const size_t left = all->size - all->at;
    const guint8 *at = all->data + all->at;
    for (unsigned i = 0; i < SIGNATURE; i++)
        if (left < RESOURCE_HEAD || !g_ascii_isalnum(at[i]))
            return false;
    const size_t name = (at[NAME] + 2u) / 2 * 2, from = NAME + name + LENGTH;
    if (from > left)
        return false;
    const size_t size = big_endian(at + from - LENGTH, LENGTH), there = MIN(size, left - from);
    *one =
        (struct resource){at, big_endian(at + SIGNATURE, 2), {at + from, there, 0}, size == there};
    all->at += MIN(from + size + size % 2, left);
    return true;
}

static void take_resources(struct thinning *to, struct part all)
{
    for (struct resource one; next_resource(&all, &one);) {
        if (one.number == IPTC_RESOURCE && memcmp(one.signature, "8BIM", 4) == 0)
            take_datasets(to, one.data);
        else
            to->others = true;
        to->unread |= !one.whole;
    }
    skip_filling(&all);
    to->unread |= all.at < all.size;
}

bool iptc_thin(VipsImage *image, bool places, GPtrArray *gone, bool *others)
{
    size_t size;
    const guint8 *data = blob(image, VIPS_META_IPTC_NAME, &size);
    if (!data)
        return true;
    g_autoptr(GByteArray) kept = g_byte_array_new();
    struct thinning to = {.places = places, .gone = gone, .kept = kept};
    if (is_wrapped(data, size))
        take_resources(&to, (struct part){data, size, sizeof photoshop});
    else
        take_datasets(&to, (struct part){data, size, 0});
    if (kept->len)
        vips_image_set_blob_copy(image, VIPS_META_IPTC_NAME, kept->data, kept->len);
    else
        vips_image_remove(image, VIPS_META_IPTC_NAME);
    *others = to.others;
    return !to.unread;
}

/* TIFF's own tag of IPTC, 33723, is read and not written: libvips 8.14 keeps a quarter of it. */
void iptc_fit(VipsImage *image, const struct still_format *format)
{
    size_t size;
    const guint8 *data = blob(image, VIPS_META_IPTC_NAME, &size);
    if (data && !is_wrapped(data, size))
        put_wrapped(image, NULL, 0, data, size);
    if (!data || !format->exif_tags)
        return;
    data = blob(image, VIPS_META_IPTC_NAME, &size);
    vips_image_set_blob_copy(image, VIPS_META_PHOTOSHOP_NAME, data + sizeof photoshop,
                             size - sizeof photoshop);
    vips_image_remove(image, VIPS_META_IPTC_NAME);
}

bool iptc_is_long(VipsImage *image)
{
    size_t size;
    return blob(image, VIPS_META_IPTC_NAME, &size) && size > SEGMENT_MOST;
}
