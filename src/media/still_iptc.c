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
