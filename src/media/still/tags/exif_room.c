/* SPDX-License-Identifier: GPL-3.0-or-later
 * EXIF put into a finished file as it is. */
#include "../write_private.h"

#include <errno.h>
#include <libavutil/crc.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, FILLER = 32, LEAST = 99, BEFORE = 256, PREFIX = 6 }; /* "Exif", 0, 0 */

/* A word that no file knows beforehand. */
static const char *filler(void)
{
    static char word[FILLER + 1];
    while (strlen(word) < FILLER)
        word[strlen(word)] = (char)('a' + g_random_int_range(0, 26));
    return word;
}

/* What libvips starts from: a TIFF structure whose 0th IFD has no entry. */
static const guint8 empty[] = {'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0,
                               8,   0,   0,   0,   0, 0, 0,   0,   0,   0};

static void fill(VipsImage *image, gsize length)
{
    g_autoptr(GString) text = g_string_sized_new(length);
    while (text->len < length)
        g_string_append(text, filler());
    g_string_truncate(text, length);
    g_string_append(text, " (text)"); /* libvips cuts this */
    vips_image_set_blob_copy(image, VIPS_META_EXIF_NAME, empty, sizeof empty);
    vips_image_set_string(image, "exif-ifd0-ImageDescription", text->str);
}

/* How long libvips' EXIF is around a text of LEAST; 0 with its error set. */
static gsize around(void)
{
    static gsize known;
    g_autoptr(VipsImage) black = NULL, image = NULL, back = NULL;
    g_autofree void *file = NULL;
    const void *exif;
    size_t size = 0, length = 0;
    if (known || vips_black(&black, 8, 8, NULL) || vips_copy(black, &image, NULL))
        return known;
    fill(image, LEAST);
    if (vips_jpegsave_buffer(image, &file, &size, NULL) ||
        vips_jpegload_buffer(file, size, &back, NULL) ||
        vips_image_get_blob(back, VIPS_META_EXIF_NAME, &exif, &length))
        return 0;
    return known = length - PREFIX - LEAST;
}

GBytes *exif_of_fields(VipsImage *from, struct failure *failure)
{
    g_autoptr(VipsImage) black = NULL, image = NULL, back = NULL;
    g_autofree void *file = NULL;
    size_t size = 0, length = 0;
    const void *exif;
    g_auto(GStrv) fields = vips_image_get_fields(from);
    if (vips_black(&black, 8, 8, NULL) == 0 &&
        vips_copy(black, &image, "xres", from->Xres, "yres", from->Yres, NULL) == 0)
        for (char **field = fields; *field; field++)
            if (g_str_has_prefix(*field, "exif-") ||
                strcmp(*field, VIPS_META_RESOLUTION_UNIT) == 0) {
                GValue value = {0};
                if (vips_image_get(from, *field, &value) == 0)
                    vips_image_set(image, *field, &value);
                g_value_unset(&value);
            }
    if (!image || vips_jpegsave_buffer(image, &file, &size, NULL) ||
        vips_jpegload_buffer(file, size, &back, NULL) ||
        vips_image_get_blob(back, VIPS_META_EXIF_NAME, &exif, &length)) {
        fail_vips(failure, FAIL_INTERNAL, "EXIF can't be made");
        return NULL;
    }
    return g_bytes_new(exif, length);
}

/* How long a text takes as much room as `exif` with what is around it. libexif begins each value at
 * an even place, and a text has a 0 behind. */
static gsize length_for(gsize size, gsize own)
{
    return size > own + LEAST ? (size - own) | 1 : LEAST;
}

bool exif_leave_room(VipsImage *image, GBytes *exif, struct failure *failure)
{
    gsize own = around();
    if (own == 0)
        return fail_vips(failure, FAIL_INTERNAL, "EXIF can't be laid out");
    fill(image, length_for(g_bytes_get_size(exif), own));
    return true;
}

/* Where the filler begins, or -1. */
static off_t find(int fd)
{
    g_autofree char *block = g_malloc(BLOCK);
    off_t at = 0;
    for (ssize_t got; (got = pread(fd, block, BLOCK, at)) > FILLER; at += got - FILLER) {
        const char *found = memmem(block, (size_t)got, filler(), FILLER);
        if (found)
            return at + (found - block);
    }
    return -1;
}

/* Where the TIFF header before `at` begins, or -1. */
static off_t header_before(int fd, off_t at)
{
    guint8 bytes[BEFORE];
    off_t from = MAX(at - BEFORE, 0);
    ssize_t got = pread(fd, bytes, (size_t)(at - from), from);
    for (ssize_t i = got - 8; i >= 0; i--)
        if (memcmp(bytes + i, empty + PREFIX, 8) == 0)
            return from + i;
    return -1;
}

/* A chunk of PNG (PNG Third Edition, 5.3): length and name before, a check sum behind. */
static bool chunk_at(int fd, off_t at, guint32 *length, char name[4])
{
    guint8 head[8];
    if (pread(fd, head, 8, at) != 8)
        return false;
    *length = (guint32)head[0] << 24 | (guint32)head[1] << 16 | (guint32)head[2] << 8 | head[3];
    memcpy(name, head + 4, 4);
    return true;
}

static bool sum_again(int fd, off_t at)
{
    guint32 length;
    char name[4];
    if (!chunk_at(fd, at - 8, &length, name) || memcmp(name, "eXIf", 4) != 0)
        return true;
    g_autofree guint8 *chunk = g_malloc(4 + (gsize)length);
    if (pread(fd, chunk, 4 + (gsize)length, at - 4) != (ssize_t)length + 4)
        return false;
    guint32 sum = av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), ~0u, chunk, 4 + (gsize)length) ^ ~0u;
    sum = GUINT32_TO_BE(sum);
    return pwrite(fd, &sum, 4, at + (off_t)length) == 4;
}

/* libpng 1.6.39 writes the chunk before the pixels, and once more behind them; one is allowed. */
static bool cut_second(int fd, off_t first)
{
    guint32 length, behind;
    char name[4];
    guint8 end[12];
    off_t size = lseek(fd, 0, SEEK_END);
    if (!chunk_at(fd, first - 8, &length, name) || memcmp(name, "eXIf", 4) != 0)
        return true;
    off_t second = size - 12 - (12 + (off_t)length);
    if (second <= first || !chunk_at(fd, second, &behind, name) || memcmp(name, "eXIf", 4) != 0 ||
        behind != length)
        return true;
    return pread(fd, end, 12, size - 12) == 12 && pwrite(fd, end, 12, second) == 12 &&
           ftruncate(fd, second + 12) == 0;
}

/* WebP's chunk holds the TIFF structure alone (WebP Container Specification, Metadata);
 * libvips 8.14 writes JPEG's prefix before it. */
static off_t without_prefix(int fd, off_t at)
{
    guint8 before[8 + PREFIX];
    const bool webp =
        pread(fd, before, sizeof before, at - (off_t)sizeof before) == (ssize_t)sizeof before &&
        memcmp(before, "EXIF", 4) == 0 && memcmp(before + 8, empty, PREFIX) == 0;
    return webp ? at - PREFIX : at;
}

bool exif_fill(int fd, GBytes *exif, struct failure *failure)
{
    gsize size, own = around();
    const guint8 *data = g_bytes_get_data(exif, &size);
    off_t text = find(fd), at = text < 0 ? -1 : header_before(fd, text);
    if (at < 0)
        return fail(failure, FAIL_INTERNAL, "EXIF has found no place in the file");
    at = without_prefix(fd, at);
    gsize room = (gsize)(text - at) + length_for(size, own);
    g_autofree guint8 *whole = g_malloc0(MAX(room, size));
    memcpy(whole, data, size);
    if (pwrite(fd, whole, MAX(room, size), at) == (ssize_t)MAX(room, size) && sum_again(fd, at) &&
        cut_second(fd, at))
        return true;
    return fail(failure, FAIL_DISK, "EXIF can't be written: %s", g_strerror(errno));
}
