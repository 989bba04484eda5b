/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chunks of PNG. */
#include "png_chunks.h"

#include "base/file.h"
#include "png_text.h"

#include <errno.h>
#include <libavutil/crc.h>
#include <string.h>
#include <unistd.h>

enum {
    SIGNATURE = 8,
    HEAD = 8, /* of a chunk: length and type */
    SUM = 4,
    CHUNKS_MAX = 1 << 20,
    CHUNK_MAX = 16 << 20,
    TEXTS_MAX = 256,
};

static const guint8 signature[SIGNATURE] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

static guint32 number(const guint8 *at)
{
    return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static void keep(GBytes **place, GBytes *bytes)
{
    if (*place)
        g_bytes_unref(bytes);
    else
        *place = bytes;
}

static void text_free(void *data)
{
    struct png_text *text = data;
    g_free(text->keyword);
    g_free(text->text);
    g_free(text);
}

static void add_text(struct png_said *said, const char *keyword, const char *words)
{
    for (guint i = 0; i < said->texts->len; i++) {
        struct png_text *text = said->texts->pdata[i];
        if (strcmp(text->keyword, keyword) != 0)
            continue;
        g_autofree char *before = text->text;
        text->text = g_strconcat(before, "\n", words, NULL);
        return;
    }
    struct png_text *text = g_new(struct png_text, 1);
    *text = (struct png_text){g_strdup(keyword), g_strdup(words)};
    g_ptr_array_add(said->texts, text);
}

static void take_profile(struct png_said *said, const char *kind, const char *words)
{
    static const char adobe[] = "http://ns.adobe.com/xap/1.0/"; /* with its 0 */
    GBytes *bytes = png_raw_profile(words);
    gsize size = 0;
    const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    if (!bytes)
        return;
    if (strcmp(kind, "iptc") == 0)
        keep(&said->iptc, bytes);
    else if (strcmp(kind, "xmp") == 0)
        keep(&said->xmp, bytes);
    else if (size > sizeof adobe && memcmp(data, adobe, sizeof adobe) == 0) {
        keep(&said->xmp, g_bytes_new(data + sizeof adobe, size - sizeof adobe));
        g_bytes_unref(bytes);
    } else if (strcmp(kind, "exif") == 0 || strcmp(kind, "APP1") == 0)
        keep(&said->exif, bytes);
    else
        g_bytes_unref(bytes);
}

static void take_text(struct png_said *said, const char *type, const guint8 *data, gsize size)
{
    static const char raw[] = "Raw profile type ";
    g_autofree char *keyword = NULL;
    g_autofree char *words = png_text_read(type, data, size, &keyword);
    if (!words)
        return;
    if (strcmp(keyword, "XML:com.adobe.xmp") == 0)
        keep(&said->xmp, g_bytes_new(words, strlen(words)));
    else if (g_str_has_prefix(keyword, raw))
        take_profile(said, keyword + strlen(raw), words);
    else
        add_text(said, keyword, words);
}

static void take_chromaticities(struct png_said *said, const guint8 *data)
{
    for (int i = 0; i < 4; i++)
        for (int axis = 0; axis < 2; axis++)
            said->coding.xy[i][axis] = number(data + 8 * i + 4 * axis) / 1e5;
}

struct walk {
    struct png_said *said;
    unsigned texts;
    gsize bytes;
};

static void take(struct walk *walk, const char *type, const guint8 *data, gsize size)
{
    struct png_said *said = walk->said;
    if (strcmp(type, "eXIf") == 0 && size > 0)
        keep(&said->exif, g_bytes_new(data, size));
    else if (strcmp(type, "acTL") == 0 && size == 8)
        said->frames = (int)MIN(number(data), (guint32)G_MAXINT);
    else if (strcmp(type, "cICP") == 0 && size == 4) {
        said->coding.primaries = data[0];
        said->coding.transfer = data[1];
        said->coded = true;
    } else if (strcmp(type, "gAMA") == 0 && size == 4)
        said->coding.gamma = number(data) / 1e5;
    else if (strcmp(type, "cHRM") == 0 && size == 32)
        take_chromaticities(said, data);
    else if (strcmp(type, "sRGB") == 0)
        said->srgb = true;
    else if (strcmp(type + 1, "TXt") == 0 || strcmp(type, "tEXt") == 0)
        if (walk->texts++ < TEXTS_MAX)
            take_text(said, type, data, size);
}

static bool is_read(const char *type)
{
    static const char *const types[] = {"eXIf", "acTL", "cICP", "gAMA", "cHRM",
                                        "sRGB", "tEXt", "zTXt", "iTXt"};
    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

/* Of that at *at, which goes on to the next. False: it is the last, or can't be understood; *cut:
 * it isn't there. */
static bool next_chunk(int fd, off_t *at, char type[5], guint32 *size, bool *cut)
{
    guint8 head[HEAD];
    *cut = pread(fd, head, HEAD, *at) != HEAD;
    if (*cut)
        return false;
    *size = number(head);
    *at += HEAD + (off_t)*size + SUM;
    memcpy(type, head + 4, 4);
    type[4] = 0;
    return strcmp(type, "IEND") != 0 && *size <= G_MAXINT32;
}

static void walk_chunks(int fd, struct walk *walk)
{
    char type[5];
    guint32 size;
    bool cut;
    off_t next = SIGNATURE;
    for (unsigned i = 0; i < CHUNKS_MAX; i++) {
        const off_t at = next;
        if (!next_chunk(fd, &next, type, &size, &cut))
            return;
        if (is_read(type) && size <= CHUNK_MAX - walk->bytes) {
            g_autofree guint8 *data = g_malloc(size + 1);
            if (pread(fd, data, size, at + HEAD) != (ssize_t)size)
                return;
            walk->bytes += size;
            take(walk, type, data, size);
        }
    }
}

bool png_is_cut(int fd)
{
    char type[5];
    guint32 size;
    bool cut = false;
    off_t next = SIGNATURE;
    for (unsigned i = 0; i < CHUNKS_MAX && next_chunk(fd, &next, type, &size, &cut); i++)
        ;
    return cut;
}

bool png_read(int fd, struct png_said *said)
{
    guint8 begins[SIGNATURE];
    *said = (struct png_said){.texts = g_ptr_array_new_with_free_func(text_free)};
    if (pread(fd, begins, SIGNATURE, 0) != SIGNATURE || memcmp(begins, signature, SIGNATURE) != 0)
        return false;
    struct walk walk = {.said = said};
    walk_chunks(fd, &walk);
    if (said->coded || said->srgb) {
        said->coding.gamma = 0;
        memset(said->coding.xy, 0, sizeof said->coding.xy);
    }
    return true;
}

void png_said_clear(struct png_said *said)
{
    g_clear_pointer(&said->exif, g_bytes_unref);
    g_clear_pointer(&said->xmp, g_bytes_unref);
    g_clear_pointer(&said->iptc, g_bytes_unref);
    g_clear_pointer(&said->texts, g_ptr_array_unref);
}

static void put_number(GByteArray *out, guint32 value)
{
    value = GUINT32_TO_BE(value);
    g_byte_array_append(out, (const guint8 *)&value, 4);
}

/* A keyword, so many zeros behind it, and the rest. */
static void put_chunk(GByteArray *out, const char *type, const char *keyword, guint zeros,
                      const void *rest, guint size)
{
    static const guint8 none[8] = {0};
    const guint begin = out->len, length = (guint)strlen(keyword);
    put_number(out, length + zeros + size);
    g_byte_array_append(out, (const guint8 *)type, 4);
    g_byte_array_append(out, (const guint8 *)keyword, length);
    g_byte_array_append(out, none, zeros);
    g_byte_array_append(out, rest, size);
    put_number(out, av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), ~0u, out->data + begin + 4,
                           out->len - begin - 4) ^
                        ~0u);
}

/* The keyword's end, no compression, no language, no translation; 11.3.3.4. */
static void put_text(GByteArray *out, const struct png_text *text)
{
    put_chunk(out, "iTXt", text->keyword, 5, text->text, (guint)strlen(text->text));
}

bool png_add_texts(int fd, const GPtrArray *texts)
{
    enum { END = HEAD + SUM };
    guint8 end[END];
    const off_t at = lseek(fd, 0, SEEK_END) - END;
    if (texts->len == 0)
        return true;
    if (at < SIGNATURE || pread(fd, end, END, at) != END)
        return false;
    g_autoptr(GByteArray) out = g_byte_array_new();
    for (guint i = 0; i < texts->len; i++)
        put_text(out, texts->pdata[i]);
    g_byte_array_append(out, end, END);
    return pwrite(fd, out->data, out->len, at) == (ssize_t)out->len;
}

static bool has_profile(int fd)
{
    char type[5];
    guint32 size;
    bool cut;
    off_t next = SIGNATURE;
    while (next_chunk(fd, &next, type, &size, &cut) && strcmp(type, "IDAT") != 0)
        if (strcmp(type, "iCCP") == 0)
            return true;
    return false;
}

/* The name's end, and deflate; 11.3.2.3. It comes before a palette. */
bool png_add_profile(int fd, GBytes *profile)
{
    enum { BEHIND_IHDR = SIGNATURE + HEAD + 13 + SUM };
    gsize size;
    const guint8 *data = g_bytes_get_data(profile, &size);
    if (has_profile(fd))
        return true;
    g_autoptr(GByteArray) deflated = png_deflated(data, size);
    g_autoptr(GByteArray) out = g_byte_array_new();
    errno = EFBIG;
    if (!deflated)
        return false;
    put_chunk(out, "iCCP", "icc", 2, deflated->data, deflated->len);
    return file_insert(fd, BEHIND_IHDR, out->data, out->len);
}
