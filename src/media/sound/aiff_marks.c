/* SPDX-License-Identifier: GPL-3.0-or-later
 * Markers of AIFF files. libsndfile writes them before the samples, when it isn't known how much
 * silence is cut off the start, and fails where their names are long. */
#include "aiff_marks.h"

#include "sndfile_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 8, FORM = 12, ID = 2, MARK_HEAD = 7, NAME_MAX_LENGTH = 255, CHUNK_MAX = 16 << 20 };

static uint32_t big(const uint8_t *from, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | from[i];
    return value;
}

static void add_big(GByteArray *to, uint32_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        g_byte_array_append(to, &(uint8_t){(uint8_t)(value >> 8 * i)}, 1);
}

static bool is_aiff(int fd)
{
    char head[FORM];
    return pread(fd, head, FORM, 0) == FORM && memcmp(head, "FORM", 4) == 0 &&
           memcmp(head + HEAD, "AIF", 3) == 0;
}

/* Names of chunks are printable (EA IFF 85); space that was only allocated has none. */
static bool read_head(int fd, int64_t at, uint8_t head[HEAD])
{
    return pread(fd, head, HEAD, at) == HEAD && g_ascii_isprint((char)head[0]);
}

bool aiff_find(int fd, const char *id, int64_t *at, uint32_t *size)
{
    uint8_t head[HEAD];
    if (!is_aiff(fd))
        return false;
    for (*at = FORM; read_head(fd, *at, head); *at += *size + (*size & 1)) {
        *size = big(head + 4, 4);
        *at += HEAD;
        if (memcmp(head, id, 4) == 0)
            return true;
    }
    return false;
}

/* The name of so many bytes, in any letters. */
static void add_mark(GArray *marks, const uint8_t *head, int length)
{
    g_autofree char *text = g_strndup((const char *)head + MARK_HEAD, (gsize)length);
    g_autofree char *name = g_utf8_make_valid(text, -1);
    sound_marks_add(marks, big(head + ID, 4), name);
}

GArray *aiff_marks_read(int fd)
{
    GArray *marks = sound_marks_new();
    uint32_t size;
    int64_t at;
    if (!aiff_find(fd, "MARK", &at, &size) || size > CHUNK_MAX)
        return marks;
    g_autofree uint8_t *chunk = g_malloc0(size);
    const uint32_t got = (uint32_t)MAX(pread(fd, chunk, size, at), 0);
    for (uint32_t i = 2; i + MARK_HEAD <= got; i += MARK_HEAD + (chunk[i + MARK_HEAD - 1] | 1)) {
        const uint8_t length = chunk[i + MARK_HEAD - 1];
        if (i + MARK_HEAD + length <= got)
            add_mark(marks, chunk + i, length);
    }
    return marks;
}

/* Its length, its letters, and a zero where that makes the number of bytes even. */
static void add_name(GByteArray *to, const char *name)
{
    char text[NAME_MAX_LENGTH + 1] = "";
    bext_text(text, NAME_MAX_LENGTH, name);
    const guint length = (guint)strlen(text);
    add_big(to, length, 1);
    g_byte_array_append(to, (const uint8_t *)text, length);
    if (length % 2 == 0)
        add_big(to, 0, 1);
}

static GByteArray *chunk_of(const GArray *marks)
{
    GByteArray *chunk = g_byte_array_new();
    const guint count = MIN(marks->len, AIFF_MARKS_MAX);
    g_byte_array_append(chunk, (const uint8_t *)"MARK\0\0\0\0", HEAD);
    add_big(chunk, count, 2);
    for (guint i = 0; i < count; i++) {
        const struct sound_mark *mark = &g_array_index(marks, struct sound_mark, i);
        add_big(chunk, i + 1, 2);
        add_big(chunk, mark->sample, 4);
        add_name(chunk, mark->name);
    }
    const uint32_t size = GUINT32_TO_BE(chunk->len - HEAD);
    memcpy(chunk->data + 4, &size, sizeof size);
    return chunk;
}

static bool put(int fd, const void *bytes, size_t length, int64_t at, struct failure *failure)
{
    return pwrite(fd, bytes, length, at) == (ssize_t)length ||
           fail(failure, FAIL_DISK, "writing the markers: %s", g_strerror(errno));
}

bool aiff_marks_add(int fd, const GArray *marks, struct failure *failure)
{
    g_autoptr(GByteArray) chunk = chunk_of(marks);
    int64_t end = lseek(fd, 0, SEEK_END);
    end += end & 1;
    if (end + chunk->len - HEAD > UINT32_MAX)
        return fail(failure, FAIL_CONFIG,
                    "an AIFF file holds 4 GiB, and the markers of this one would be beyond: "
                    "write wav, w64 or caf");
    const uint32_t size = GUINT32_TO_BE((uint32_t)(end + chunk->len - HEAD));
    return put(fd, chunk->data, chunk->len, end, failure) &&
           put(fd, &size, sizeof size, 4, failure);
}
