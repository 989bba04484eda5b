/* SPDX-License-Identifier: GPL-3.0-or-later
 * Walking through the chunks of a WAVE file. */
#include "wave_chunks.h"

#include "../bytes/little.h"

#include <string.h>
#include <unistd.h>

enum { CHUNKS_MAX = 1000, LENGTH_MAX = 64 << 20, HEAD = 12, DS64 = 28 };

static bool read_at(int fd, int64_t at, void *out, size_t length)
{
    return pread(fd, out, length, at) == (ssize_t)length;
}

/* About the storage of the samples, or nothing at all. */
static bool is_frame(const char *id)
{
    static const char *const ids[] = {"fmt ", "fact", "data", "ds64", "JUNK", "junk",
                                      "PAD ", "FLLR", "fllr", "Fake", NULL};
    return g_strv_contains(ids, id);
}

static bool is_wave(int fd, bool *large)
{
    char head[12];
    if (!read_at(fd, 0, head, sizeof head) || memcmp(head + 8, "WAVE", 4) != 0)
        return false;
    *large = memcmp(head, "RF64", 4) == 0 || memcmp(head, "BW64", 4) == 0;
    return *large || memcmp(head, "RIFF", 4) == 0;
}

GArray *wave_chunks_all(int fd, int64_t size)
{
    GArray *chunks = g_array_new(FALSE, FALSE, sizeof(struct wave_chunk));
    uint64_t data_length = 0;
    bool large, behind = false;
    if (!is_wave(fd, &large))
        return chunks;
    int64_t at = HEAD;
    for (unsigned i = 0; i < CHUNKS_MAX && at + 8 <= size; i++) {
        uint8_t head[8], ds64[DS64];
        if (!read_at(fd, at, head, sizeof head))
            break;
        struct wave_chunk chunk = {.at = at + 8, .behind = behind};
        memcpy(chunk.id, head, 4);
        uint64_t length = little_get(head + 4, 4);
        if (strcmp(chunk.id, "ds64") == 0 && read_at(fd, chunk.at, ds64, DS64))
            data_length = little_get(ds64 + 8, 8);
        if (strcmp(chunk.id, "data") == 0) {
            behind = true;
            length = large && length == UINT32_MAX ? data_length : length;
        }
        if (length > (uint64_t)(size - chunk.at))
            break;
        chunk.length = (int64_t)length;
        g_array_append_val(chunks, chunk);
        at = chunk.at + chunk.length + (chunk.length & 1);
    }
    return chunks;
}

GArray *wave_chunks_read(int fd, int64_t size)
{
    GArray *chunks = wave_chunks_all(fd, size);
    for (guint i = chunks->len; i-- > 0;)
        if (is_frame(g_array_index(chunks, struct wave_chunk, i).id))
            g_array_remove_index(chunks, i);
    return chunks;
}

const struct wave_chunk *wave_chunks_find(const GArray *chunks, const char *id)
{
    for (guint i = 0; i < chunks->len; i++) {
        const struct wave_chunk *chunk = &g_array_index(chunks, struct wave_chunk, i);
        if (strcmp(chunk->id, id) == 0)
            return chunk;
    }
    return NULL;
}

static void add(struct wave_view *view, uint64_t value, int bytes)
{
    little_put(view->head + view->head_length, value, bytes);
    view->head_length += (size_t)bytes;
}

static void add_id(struct wave_view *view, const char *id)
{
    memcpy(view->head + view->head_length, id, 4);
    view->head_length += 4;
}

bool wave_view_open(struct wave_view *view, int fd, int64_t size)
{
    enum { FORMAT_MIN = 16, FORMAT_MAX = 64, FRAME_AT = 12 };
    uint8_t format[FORMAT_MAX];
    bool large;
    if (!is_wave(fd, &large) || !large)
        return false;
    g_autoptr(GArray) chunks = wave_chunks_all(fd, size);
    const struct wave_chunk *fmt = wave_chunks_find(chunks, "fmt ");
    const struct wave_chunk *data = wave_chunks_find(chunks, "data");
    if (!fmt || !data || fmt->length < FORMAT_MIN || fmt->length > FORMAT_MAX ||
        !read_at(fd, fmt->at, format, (size_t)fmt->length) || little_get(format + FRAME_AT, 2) == 0)
        return false;
    *view = (struct wave_view){.data_at = data->at, .data_length = data->length};
    add_id(view, "RF64");
    add(view, UINT32_MAX, 4);
    add_id(view, "WAVE");
    add_id(view, "ds64");
    add(view, DS64, 4);
    add(view, (uint64_t)(HEAD + 8 + DS64 + 8 + fmt->length + 8 + data->length - 8), 8);
    add(view, (uint64_t)data->length, 8);
    add(view, (uint64_t)data->length / little_get(format + FRAME_AT, 2), 8);
    add(view, 0, 4);
    add_id(view, "fmt ");
    add(view, (uint64_t)fmt->length, 4);
    memcpy(view->head + view->head_length, format, (size_t)fmt->length);
    view->head_length += (size_t)fmt->length;
    add_id(view, "data");
    add(view, UINT32_MAX, 4);
    return true;
}

GBytes *wave_chunk_load(int fd, const struct wave_chunk *chunk)
{
    if (chunk->length > LENGTH_MAX)
        return NULL;
    gsize length = (gsize)chunk->length;
    char *data = g_malloc(MAX(length, 1));
    if (read_at(fd, chunk->at, data, length))
        return g_bytes_new_take(data, length);
    g_free(data);
    return NULL;
}
