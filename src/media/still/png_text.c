/* SPDX-License-Identifier: GPL-3.0-or-later
 * Texts of PNG. */
#include "png_text.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>

enum { KEYWORD_MAX = 79, TEXT_MAX = 16 << 20, BLOCK = 1 << 14 };

/* NULL: it isn't what it should be, or becomes too much. */
static GByteArray *converted(GConverter *converter, const guint8 *data, gsize size)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autofree guint8 *block = g_malloc(BLOCK);
    for (GConverterResult result = G_CONVERTER_CONVERTED; result != G_CONVERTER_FINISHED;) {
        gsize read = 0, wrote = 0;
        result = g_converter_convert(converter, data, size, block, BLOCK, G_CONVERTER_INPUT_AT_END,
                                     &read, &wrote, NULL);
        if (result == G_CONVERTER_ERROR || out->len + wrote > TEXT_MAX)
            return NULL;
        g_byte_array_append(out, block, (guint)wrote);
        data += read;
        size -= read;
    }
    return g_steal_pointer(&out);
}

GByteArray *png_deflated(const guint8 *data, gsize size)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1);
    return converted(G_CONVERTER(zlib), data, size);
}

static char *inflated(const guint8 *data, gsize size, gsize *length)
{
    g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
    g_autoptr(GByteArray) out = converted(G_CONVERTER(zlib), data, size);
    if (!out)
        return NULL;
    *length = out->len;
    g_byte_array_append(out, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&out), FALSE);
}

/* Up to its first 0. */
static char *as_utf8(const char *data, gsize size)
{
    size = strnlen(data, size);
    return g_utf8_validate(data, (gssize)size, NULL)
               ? g_strndup(data, size)
               : g_convert(data, (gssize)size, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

/* What follows the next 0; NULL: there is none. */
static const guint8 *behind_zero(const guint8 *data, const guint8 *end)
{
    const guint8 *zero = data ? memchr(data, 0, (gsize)(end - data)) : NULL;
    return zero ? zero + 1 : NULL;
}

char *png_text_read(const char *type, const guint8 *data, gsize size, char **keyword)
{
    const guint8 *end = data + size, *at = behind_zero(data, end);
    const gsize length = at ? (gsize)(at - data) - 1 : 0;
    bool packed = type[0] == 'z';
    if (length < 1 || length > KEYWORD_MAX)
        return NULL;
    if (type[0] == 'i' && end - at >= 2) {
        packed = at[0];
        at = behind_zero(behind_zero(at + 2, end), end);
    } else if (type[0] == 'i' || (packed && at == end)) {
        return NULL;
    } else if (packed) {
        at++;
    }
    gsize count = at ? (gsize)(end - at) : 0;
    g_autofree char *unpacked = at && packed ? inflated(at, count, &count) : NULL;
    if (!at || (packed && !unpacked))
        return NULL;
    *keyword = as_utf8((const char *)data, length);
    return as_utf8(packed ? unpacked : (const char *)at, count);
}

GBytes *png_raw_profile(const char *text)
{
    while (*text == '\n')
        text++;
    const char *line = strchr(text, '\n'); /* behind the name */
    char *digits;
    const guint64 size = line ? g_ascii_strtoull(line, &digits, 10) : 0;
    if (size < 1 || size > strlen(text) / 2)
        return NULL;
    g_autofree guint8 *data = g_malloc0(size);
    guint64 count = 0;
    for (; *digits && count < 2 * size; digits++) {
        const int value = g_ascii_xdigit_value(*digits);
        if (value >= 0) {
            data[count / 2] = (guint8)(data[count / 2] << 4 | value);
            count++;
        }
    }
    return count == 2 * size ? g_bytes_new_take(g_steal_pointer(&data), size) : NULL;
}
