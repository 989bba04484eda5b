/* SPDX-License-Identifier: GPL-3.0-or-later
 * EXIF put into a finished file as it is. */
#include "still_write_private.h"

#include <errno.h>
#include <libavutil/crc.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, LEAST = 99, BEFORE = 256, PREFIX = 6 }; /* "Exif", 0, 0 */

static const char filler[] = "Here goes the EXIF of the source. ";

/* What libvips starts from: a TIFF structure whose 0th IFD has no entry. */
static const guint8 empty[] = {'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0,
                               8,   0,   0,   0,   0, 0, 0,   0,   0,   0};

void exif_begin(VipsImage *image)
{
    vips_image_set_blob_copy(image, VIPS_META_EXIF_NAME, empty, sizeof empty);
}

static void fill(VipsImage *image, gsize length)
{
    g_autoptr(GString) text = g_string_sized_new(length);
    while (text->len < length)
        g_string_append(text, filler);
    g_string_truncate(text, length);
    g_string_append(text, " (text)"); /* libvips cuts this */
    exif_begin(image);
    vips_image_set_string(image, "exif-ifd0-ImageDescription", text->str);
}

/* How long libvips' EXIF is around a text of LEAST; 0 with its error set. */
static gsize around(void)
{
    g_autoptr(VipsImage) black = NULL, image = NULL, back = NULL;
    g_autofree void *file = NULL;
    const void *exif;
    size_t size = 0, length = 0;
    if (vips_black(&black, 8, 8, NULL) || vips_copy(black, &image, NULL))
        return 0;
    fill(image, LEAST);
    if (vips_jpegsave_buffer(image, &file, &size, NULL) ||
        vips_jpegload_buffer(file, size, &back, NULL) ||
        vips_image_get_blob(back, VIPS_META_EXIF_NAME, &exif, &length))
        return 0;
    return length - PREFIX - LEAST;
}

/* libexif begins each value at an even place, and a text has a 0 behind. */
bool exif_leave_room(VipsImage *image, GBytes *exif, struct failure *failure)
{
    gsize size = g_bytes_get_size(exif), own = around();
    if (own == 0)
        return fail_vips(failure, FAIL_INTERNAL, "EXIF can't be laid out");
    fill(image, size > own + LEAST ? (size - own) | 1 : LEAST);
    return true;
}

/* Where the filler begins, or -1. */
static off_t find(int fd)
{
    enum { OVERLAP = sizeof filler - 1 };
    g_autofree char *block = g_malloc(BLOCK);
    off_t at = 0;
    for (ssize_t got; (got = pread(fd, block, BLOCK, at)) > OVERLAP; at += got - OVERLAP) {
        const char *found = memmem(block, (size_t)got, filler, OVERLAP);
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

/* Of PNG's chunk (PNG Third Edition, 5.3): length and name before, a check sum behind. */
static bool sum_again(int fd, off_t at)
{
    guint8 head[8];
    if (pread(fd, head, 8, at - 8) != 8 || memcmp(head + 4, "eXIf", 4) != 0)
        return true;
    gsize length = GUINT32_FROM_BE(*(guint32 *)(void *)head);
    if (length > 1 << 20)
        return false;
    g_autofree guint8 *chunk = g_malloc(4 + length);
    if (pread(fd, chunk, 4 + length, at - 4) != (ssize_t)(4 + length))
        return false;
    guint32 sum = av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), ~0u, chunk, 4 + length) ^ ~0u;
    sum = GUINT32_TO_BE(sum);
    return pwrite(fd, &sum, 4, at + (off_t)length) == 4;
}

bool exif_fill(int fd, GBytes *exif, struct failure *failure)
{
    gsize size;
    const void *data = g_bytes_get_data(exif, &size);
    off_t text = find(fd), at = text < 0 ? -1 : header_before(fd, text);
    if (at < 0)
        return fail(failure, FAIL_INTERNAL, "EXIF has found no place in the file");
    if (pwrite(fd, data, size, at) == (ssize_t)size && sum_again(fd, at))
        return true;
    return fail(failure, FAIL_DISK, "EXIF can't be written: %s", g_strerror(errno));
}
