/* SPDX-License-Identifier: GPL-3.0-or-later
 * A WebP decoded without its end. */
#include "webp_whole.h"

#include "../bytes/box.h"
#include "../bytes/zeros.h"
#include "private.h"

#include <string.h>

/* Bytes that no whole picture can do without, many more than a decoder reads ahead (8) or a coder
 * flushes (4); and so many of filling that it may have read. */
enum { END = 64, AHEAD = 16, HEAD = 8, FRAME_HEAD = 16, FIRST = 12 };

struct chunk {
    char name[4];
    int64_t from, size; /* of its content; 0: there is none */
};

/* Of one frame. */
struct picture {
    struct chunk alpha, codes;
};

static void put(GByteArray *out, unsigned bytes, guint32 value)
{
    for (unsigned i = 0; i < bytes; i++)
        g_byte_array_append(out, &(guint8){(guint8)(value >> 8 * i)}, 1);
}

static void put_head(GByteArray *out, const char *name, int64_t size)
{
    g_byte_array_append(out, (const guint8 *)name, 4);
    put(out, 4, (guint32)size);
}

static bool put_chunk(GByteArray *out, int fd, const struct chunk *chunk)
{
    put_head(out, chunk->name, chunk->size);
    const guint at = out->len;
    g_byte_array_set_size(out, at + (guint)chunk->size);
    if (!file_read_at(fd, chunk->from, out->data + at, (size_t)chunk->size))
        return false;
    put(out, chunk->size % 2, 0);
    return true;
}

/* The size of a picture whose transparency stands apart is in its first key frame (RFC 6386, 9.1),
 * and again in the chunk that announces it. */
static bool put_canvas(GByteArray *out, int fd, const struct chunk *codes)
{
    enum { AT = 6, BITS = 0x3fff, BYTES = 10, HAS_ALPHA = 0x10 };
    guint16 size[2];
    if (!file_read_at(fd, codes->from + AT, size, sizeof size))
        return false;
    put_head(out, "VP8X", BYTES);
    put(out, 4, HAS_ALPHA);
    for (unsigned i = 0; i < 2; i++)
        put(out, 3, (guint32)(GUINT16_FROM_LE(size[i]) & BITS) - 1);
    return true;
}

/* A file of this picture alone; NULL: it can't be read. */
static GByteArray *file_of(int fd, const struct picture *picture)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    const bool alpha = picture->alpha.size;
    put_head(out, "RIFF", 0);
    g_byte_array_append(out, (const guint8 *)"WEBP", 4);
    if ((alpha && !(put_canvas(out, fd, &picture->codes) && put_chunk(out, fd, &picture->alpha))) ||
        !put_chunk(out, fd, &picture->codes))
        return NULL;
    const guint32 size = GUINT32_TO_LE(out->len - HEAD);
    memcpy(out->data + 4, &size, sizeof size);
    return g_steal_pointer(&out);
}

static bool is_decoded(int fd, const struct picture *picture)
{
    static const double enough = 256; /* pixels of the shorter side */
    g_autoptr(GByteArray) file = file_of(fd, picture);
    g_autoptr(VipsImage) header = NULL, small = NULL;
    g_autofree double *pixel = NULL;
    int bands;
    const bool decoded =
        file && vips_webpload_buffer(file->data, file->len, &header, NULL) == 0 &&
        vips_webpload_buffer(file->data, file->len, &small, "scale",
                             MIN(1, enough / MIN(header->Xsize, header->Ysize)), NULL) == 0 &&
        vips_getpoint(small, &pixel, &bands, 0, 0, NULL) == 0; /* libvips decodes all for it */
    vips_error_clear();
    return decoded;
}

/* `chunk` is one of the picture's. */
static bool does_without(int fd, const struct picture *picture, struct chunk *chunk, int64_t bytes)
{
    chunk->size -= bytes;
    const bool decoded = is_decoded(fd, picture);
    chunk->size += bytes;
    return decoded;
}

static char *hole_in(int fd, const struct picture *picture, struct chunk *chunk)
{
    int64_t at;
    const int64_t end = chunk->from + chunk->size, zeros = zeros_find(fd, chunk->from, end, &at);
    if (!zeros || !does_without(fd, picture, chunk, END))
        return NULL;
    if (at + zeros < end)
        return zeros_hole_text(zeros, at);
    return does_without(fd, picture, chunk, zeros - AHEAD) ? NULL : zeros_end_text(zeros);
}

/* Transparency may stand there as plain bytes (RFC 9649, 2.7.1.2: C). */
static bool is_plain(int fd, const struct chunk *alpha)
{
    guint8 how;
    return file_read_at(fd, alpha->from, &how, 1) && !(how & 3);
}

static char *missing_of(int fd, struct picture *picture)
{
    char *missing = hole_in(fd, picture, &picture->codes);
    if (!missing && picture->alpha.size && !is_plain(fd, &picture->alpha))
        missing = hole_in(fd, picture, &picture->alpha);
    return missing;
}

/* Chunks are of even lengths (2.3); a frame's has its own behind a head (2.7.1.1). */
char *webp_missing(int fd, int64_t end)
{
    struct picture picture = {0};
    guint8 head[HEAD];
    char *missing = NULL;
    for (int64_t at = FIRST; !missing && at < end && file_read_at(fd, at, head, HEAD);) {
        guint32 size;
        memcpy(&size, head + 4, sizeof size);
        struct chunk chunk = {.from = at + HEAD, .size = GUINT32_FROM_LE(size)};
        memcpy(chunk.name, head, sizeof chunk.name);
        at = chunk.from + chunk.size + chunk.size % 2;
        if (chunk.from + chunk.size > end)
            break;
        if (memcmp(chunk.name, "ANMF", 4) == 0) {
            at = chunk.from + FRAME_HEAD;
        } else if (memcmp(chunk.name, "ALPH", 4) == 0) {
            picture.alpha = chunk;
        } else if (memcmp(chunk.name, "VP8", 3) == 0 && chunk.name[3] != 'X') {
            picture.codes = chunk;
            missing = missing_of(fd, &picture);
            picture = (struct picture){0};
        }
    }
    return missing;
}
