/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of an OpenEXR file's chunks, held against its length. */
#include "exr_file.h"

#include "base/names.h"

#include <glib.h>
#include <libavutil/intreadwrite.h>
#include <stdbool.h>
#include <string.h>

enum { FLAGS_OF_SEVERAL = 0x1800, NAME_MAX_BYTES = 256 };

struct header {
    uint32_t flags;
    int64_t width, height;           /* of the data */
    int64_t tile_width, tile_height; /* 0: it is made of lines */
    int lines;                       /* in a chunk */
    GPtrArray *others; /* names, in the data, of attributes that aren't told apart here; or NULL */
    size_t end;
};

/* Predefined attributes of every file, of tiles and of parts (3.1, "Predefined attributes"), and
 * the rate of a film, which its pipeline says ("Standard Optional Attributes"). */
static bool is_needed(const char *name)
{
    static const char *const needed[] = {"channels",
                                         "compression",
                                         "dataWindow",
                                         "displayWindow",
                                         "lineOrder",
                                         "pixelAspectRatio",
                                         "screenWindowWidth",
                                         "screenWindowCenter",
                                         "tiles",
                                         "name",
                                         "type",
                                         "version",
                                         "chunkCount",
                                         "framesPerSecond"};
    for (unsigned i = 0; i < G_N_ELEMENTS(needed); i++)
        if (strcmp(name, needed[i]) == 0)
            return true;
    return false;
}

/* By the number of the compression: none RLE ZIPS ZIP PIZ PXR24 B44 B44A DWAA DWAB. */
static int lines_of(unsigned compression)
{
    static const int lines[] = {1, 1, 1, 16, 32, 16, 32, 32, 32, 256};
    return compression < G_N_ELEMENTS(lines) ? lines[compression] : 1;
}

static void take_attribute(struct header *header, const char *name, const uint8_t *value,
                           size_t size)
{
    if (strcmp(name, "dataWindow") == 0 && size >= 16) {
        header->width = (int64_t)(int32_t)AV_RL32(value + 8) - (int32_t)AV_RL32(value) + 1;
        header->height = (int64_t)(int32_t)AV_RL32(value + 12) - (int32_t)AV_RL32(value + 4) + 1;
    } else if (strcmp(name, "compression") == 0 && size >= 1) {
        header->lines = lines_of(value[0]);
    } else if (strcmp(name, "tiles") == 0 && size >= 8) {
        header->tile_width = AV_RL32(value);
        header->tile_height = AV_RL32(value + 4);
    } else if (header->others && !is_needed(name)) {
        g_ptr_array_add(header->others, (char *)name);
    }
}

/* One text that ends with 0 at *at; NULL: there is none. */
static const char *text_at(const uint8_t *data, size_t length, size_t *at)
{
    const uint8_t *text = data + *at;
    const uint8_t *end = *at < length ? memchr(text, 0, MIN(length - *at, NAME_MAX_BYTES)) : NULL;
    if (!end)
        return NULL;
    *at += (size_t)(end - text) + 1;
    return (const char *)text;
}

static bool read_header(const uint8_t *data, size_t length, struct header *header)
{
    *header = (struct header){.lines = 1, .others = header->others};
    if (length < 8)
        return false;
    header->flags = AV_RL32(data + 4);
    for (size_t at = 8; at < length;) {
        const char *name = text_at(data, length, &at);
        if (name && !*name) {
            header->end = at;
            return header->width > 0 && header->height > 0;
        }
        if (!name || !text_at(data, length, &at) || length - at < 4)
            return false;
        size_t size = AV_RL32(data + at);
        at += 4;
        if (size > length - at)
            return false;
        take_attribute(header, name, data + at, size);
        at += size;
    }
    return false;
}

static int64_t parts(int64_t whole, int64_t part)
{
    return (whole + part - 1) / part;
}

static int64_t chunks_of(const struct header *header)
{
    if (header->tile_width > 0 && header->tile_height > 0)
        return parts(header->width, header->tile_width) *
               parts(header->height, header->tile_height);
    return parts(header->height, header->lines);
}

/* A chunk begins with its place (one number of a line, four of a tile) and its size. */
static bool is_within(const struct header *header, const uint8_t *data, size_t length,
                      uint64_t offset)
{
    size_t head = header->tile_width > 0 ? 20 : 8;
    if (offset < header->end || offset > length || length - offset < head)
        return false;
    return AV_RL32(data + offset + head - 4) <= length - offset - head;
}

char *exr_damage(const uint8_t *data, size_t length)
{
    struct header header = {0};
    if (!read_header(data, length, &header))
        return g_strdup("its header is cut off or damaged");
    if (header.flags & FLAGS_OF_SEVERAL)
        return NULL;
    int64_t count = chunks_of(&header), missing = 0;
    if (count > (int64_t)((length - header.end) / 8))
        return g_strdup("its table of offsets is cut off");
    for (int64_t i = 0; i < count; i++)
        missing += !is_within(&header, data, length, AV_RL64(data + header.end + 8 * (size_t)i));
    return missing ? g_strdup_printf("%" G_GINT64_FORMAT " of its %" G_GINT64_FORMAT
                                     " blocks are not in the file",
                                     missing, count)
                   : NULL;
}

char *exr_attributes(const uint8_t *data, size_t length)
{
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    struct header header = {.others = others};
    read_header(data, length, &header);
    return others->len ? names_text_of(others) : NULL;
}
