/* SPDX-License-Identifier: GPL-3.0-or-later
 * Walking through the chunks of a WAVE file. */
#include "wave_chunks.h"

#include "../bytes/little.h"
#include "../bytes/wave_size.h"

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

/* What a file says of its own sizes: of all behind the first eight bytes, and of the samples. */
struct sizes {
    bool large; /* in ds64 */
    uint64_t riff, data;
};

static bool is_wave(int fd, struct sizes *sizes)
{
    char head[HEAD];
    if (!read_at(fd, 0, head, sizeof head) || memcmp(head + 8, "WAVE", 4) != 0)
        return false;
    const bool large = memcmp(head, "RF64", 4) == 0 || memcmp(head, "BW64", 4) == 0;
    *sizes = (struct sizes){.large = large, .riff = little_get((uint8_t *)head + 4, 4)};
    return large || memcmp(head, "RIFF", 4) == 0;
}

static void read_ds64(int fd, const struct wave_chunk *chunk, struct sizes *sizes)
{
    uint8_t ds64[DS64];
    if (strcmp(chunk->id, "ds64") != 0 || !read_at(fd, chunk->at, ds64, DS64))
        return;
    sizes->riff = little_get(ds64, 8);
    sizes->data = little_get(ds64 + 8, 8);
}

/* None are told, or none yet where they are the last of what is; or a count of 32 bits has run
 * over, once or more, and nothing is behind them. */
static bool is_endless(const struct sizes *sizes, const struct wave_chunk *data, int64_t size)
{
    const uint64_t length = sizes->data, begins = (uint64_t)data->at, end = sizes->riff + 8;
    if (wave_size_is_untold(length))
        return true;
    if (length == 0)
        return wave_size_is_untold(sizes->riff) || end <= begins;
    return !sizes->large && end == begins + length + (length & 1) && (uint64_t)size > end &&
           (uint32_t)((uint64_t)size - end) == 0;
}

/* The end of one within the file; a length of more than that is none. */
static bool measure(int fd, struct wave_chunk *chunk, struct sizes *sizes, int64_t size)
{
    uint8_t head[4];
    if (!read_at(fd, chunk->at - 4, head, sizeof head))
        return false;
    uint64_t length = little_get(head, 4);
    read_ds64(fd, chunk, sizes);
    if (strcmp(chunk->id, "data") == 0) {
        sizes->data = sizes->large && length == UINT32_MAX ? sizes->data : length;
        chunk->endless = is_endless(sizes, chunk, size);
        length = chunk->endless ? (uint64_t)(size - chunk->at) : sizes->data;
    }
    chunk->length = (int64_t)length;
    return length <= (uint64_t)(size - chunk->at);
}

/* Four letters of ASCII (Multimedia Programming Interface 1.0): of zeros, or samples, there are no
 * chunks. */
static bool read_id(int fd, int64_t at, char id[5])
{
    bool letters = read_at(fd, at, id, 4);
    for (int i = 0; i < 4; i++)
        letters &= id[i] >= ' ' && id[i] <= '~';
    return letters;
}

GArray *wave_chunks_all(int fd, int64_t size)
{
    GArray *chunks = g_array_new(FALSE, FALSE, sizeof(struct wave_chunk));
    struct sizes sizes;
    bool behind = false;
    if (!is_wave(fd, &sizes))
        return chunks;
    for (int64_t at = HEAD; chunks->len < CHUNKS_MAX && at + 8 <= size;) {
        struct wave_chunk chunk = {.at = at + 8, .behind = behind};
        if (!read_id(fd, at, chunk.id) || !measure(fd, &chunk, &sizes, size))
            break;
        g_array_append_val(chunks, chunk);
        behind |= strcmp(chunk.id, "data") == 0;
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
    struct sizes sizes;
    if (!is_wave(fd, &sizes))
        return false;
    g_autoptr(GArray) chunks = wave_chunks_all(fd, size);
    const struct wave_chunk *fmt = wave_chunks_find(chunks, "fmt ");
    const struct wave_chunk *data = wave_chunks_find(chunks, "data");
    if (!fmt || !data || !(sizes.large || data->endless) || fmt->length < FORMAT_MIN ||
        fmt->length > FORMAT_MAX || !read_at(fd, fmt->at, format, (size_t)fmt->length) ||
        little_get(format + FRAME_AT, 2) == 0)
        return false;
    *view = (struct wave_view){
        .data_at = data->at, .data_length = data->length, .endless = data->endless};
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
