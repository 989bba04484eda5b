/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libvips passes over, by format. */
#include "said.h"

#include "../../bytes/gif_blocks.h"
#include "../../bytes/jpeg_segments.h"
#include "../heif.h"
#include "../png_chunks.h"
#include "../private.h"
#include "../tiff_tags.h"
#include "exif.h"
#include "iptc.h"
#include "xmp.h"

#include <string.h>

/* A JPEG of a pixel's picture with this EXIF, which libvips makes its fields of. */
static VipsImage *carrier_of(GBytes *exif, void **file)
{
    static const char prefix[] = "Exif\0"; /* with its second 0 */
    g_autoptr(VipsImage) black = NULL;
    void *bare = NULL;
    gsize bare_size = 0, size;
    const guint8 *data = g_bytes_get_data(exif, &size);
    const gsize skipped =
        size > sizeof prefix && memcmp(data, prefix, sizeof prefix) == 0 ? sizeof prefix : 0;
    if (size > EXIF_BYTES_MAX || vips_black(&black, 8, 8, NULL) ||
        vips_jpegsave_buffer(black, &bare, &bare_size, "strip", TRUE, NULL))
        return NULL;
    const gsize length = 2 + sizeof prefix + size - skipped;
    const guint8 head[] = {0xff, 0xe1, (guint8)(length >> 8), (guint8)length};
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_byte_array_append(out, bare, 2);
    g_byte_array_append(out, head, sizeof head);
    g_byte_array_append(out, (const guint8 *)prefix, sizeof prefix);
    g_byte_array_append(out, data + skipped, (guint)(size - skipped));
    g_byte_array_append(out, (guint8 *)bare + 2, (guint)bare_size - 2);
    g_free(bare);
    gsize all;
    VipsImage *carrier = NULL;
    *file = g_byte_array_steal(out, &all);
    return vips_jpegload_buffer(*file, all, &carrier, NULL) == 0 ? carrier : NULL;
}

static void put_exif(VipsImage *image, GBytes *exif)
{
    g_autofree void *file = NULL;
    g_autoptr(VipsImage) carrier = carrier_of(exif, &file);
    vips_error_clear();
    if (!carrier)
        return;
    g_auto(GStrv) fields = vips_image_get_fields(carrier);
    for (char **field = fields; *field; field++) {
        GValue value = {0};
        const bool orientation = strcmp(*field, VIPS_META_ORIENTATION) == 0;
        if (!g_str_has_prefix(*field, "exif-") && !orientation)
            continue;
        if (orientation && vips_image_get_typeof(image, *field))
            continue;
        if (vips_image_get(carrier, *field, &value) == 0)
            vips_image_set(image, *field, &value);
        g_value_unset(&value);
    }
}

static void put_blob(VipsImage *image, const char *field, GBytes *bytes)
{
    if (!bytes || vips_image_get_typeof(image, field))
        return;
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    vips_image_set_blob_copy(image, field, data, size);
    if (strcmp(field, VIPS_META_EXIF_NAME) == 0)
        put_exif(image, bytes);
}

static void put_profile(VipsImage *image, const struct still_coding *coding)
{
    if (coding_is_srgb(coding))
        vips_image_set_int(image, SAID_SRGB, 1);
    GBytes *profile = coding_profile(coding, image->Bands < 3);
    put_blob(image, VIPS_META_ICC_NAME, profile);
    g_clear_pointer(&profile, g_bytes_unref);
}

/* Those before the pixels alone, and by the first word of their keyword. */
static void remove_comments(VipsImage *image)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++)
        if (g_str_has_prefix(*field, "png-comment-"))
            vips_image_remove(image, *field);
}

static void hear_png(VipsImage *image, int fd, struct still_said *said)
{
    struct png_said png;
    if (png_read(fd, &png)) {
        remove_comments(image);
        put_blob(image, VIPS_META_EXIF_NAME, png.exif);
        put_blob(image, VIPS_META_XMP_NAME, png.xmp);
        put_blob(image, VIPS_META_IPTC_NAME, png.iptc);
        for (guint i = 0; i < png.texts->len; i++) {
            const struct png_text *text = png.texts->pdata[i];
            g_autofree char *field = g_strconcat(PNG_TEXT, text->keyword, NULL);
            vips_image_set_string(image, field, text->text);
        }
        if (png.coded)
            vips_image_remove(image, VIPS_META_ICC_NAME);
        put_profile(image, &png.coding);
        if (png.srgb)
            vips_image_set_int(image, SAID_SRGB, 1);
        said->coding = png.coding;
        said->frames = png.frames;
    }
    png_said_clear(&png);
}

/* libvips leaves their XMP by a name of its own ("heif-mime-1"). */
static void name_xmp(VipsImage *image)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++) {
        const void *data;
        size_t size;
        if (!g_str_has_prefix(*field, "heif-mime-") ||
            vips_image_get_blob(image, *field, &data, &size) ||
            !g_strstr_len(data, (gssize)size, "<x:xmpmeta"))
            continue;
        vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, data, size);
        vips_image_remove(image, *field);
        return;
    }
}

/* A profile comes before codes (MIAF, 7.3.6.4). */
static void hear_heif(VipsImage *image, int fd, struct still_said *said)
{
    name_xmp(image);
    heif_read(fd, &said->coding, &said->depth);
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME))
        said->coding = (struct still_coding){0};
    put_profile(image, &said->coding);
}

/* libvips 8.14 takes the first segment of them. */
static void hear_jpeg(VipsImage *image, int fd, struct still_said *said)
{
    g_autoptr(GBytes) resources = jpeg_resources_read(fd);
    if (resources)
        vips_image_remove(image, VIPS_META_IPTC_NAME);
    put_blob(image, VIPS_META_IPTC_NAME, resources);
}

static void hear_tiff(VipsImage *image, int fd, struct still_said *said)
{
    g_autoptr(GBytes) exif = tiff_exif_read(fd, &said->maker_note);
    put_blob(image, VIPS_META_EXIF_NAME, exif);
    iptc_from_tiff(image);
}

static void hear_gif(VipsImage *image, int fd, struct still_said *said)
{
    g_autoptr(GBytes) xmp = gif_xmp_read(fd);
    put_blob(image, VIPS_META_XMP_NAME, xmp);
}

/* Of pictures whose EXIF says nothing of it. */
static void turn_by_xmp(VipsImage *image)
{
    const void *data;
    size_t size;
    if (vips_image_get_typeof(image, VIPS_META_ORIENTATION) ||
        !vips_image_get_typeof(image, VIPS_META_XMP_NAME) ||
        vips_image_get_blob(image, VIPS_META_XMP_NAME, &data, &size))
        return;
    g_autoptr(GBytes) xmp = g_bytes_new_static(data, size);
    const int orientation = xmp_orientation(xmp);
    if (orientation > 1)
        vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
}

void still_hear_said(VipsImage *image, int fd, struct still_said *said)
{
    static const struct {
        const char *loader;
        void (*hear)(VipsImage *image, int fd, struct still_said *said);
        bool turned; /* by its reader */
    } rows[] = {{"png", hear_png, false},
                {"heif", hear_heif, true},
                {"jpeg", hear_jpeg, false},
                {"tiff", hear_tiff, false},
                {"gif", hear_gif, false}};
    const char *loader = "";
    bool turned = false;
    *said = (struct still_said){0};
    if (vips_image_get_typeof(image, VIPS_META_LOADER))
        vips_image_get_string(image, VIPS_META_LOADER, &loader);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_prefix(loader, rows[i].loader)) {
            rows[i].hear(image, fd, said);
            turned = rows[i].turned;
        }
    if (!turned)
        turn_by_xmp(image);
}
