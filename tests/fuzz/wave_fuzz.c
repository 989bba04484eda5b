/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a WAVE file: every chunk that is found lies within it, and so does the view. */
#include "sound/wave_chunks.h"

#include "on_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_chunk(int fd, const struct wave_chunk *chunk, size_t size)
{
    g_assert(chunk->at >= 0 && chunk->length >= 0);
    g_assert((uint64_t)chunk->at + (uint64_t)chunk->length <= size);
    g_autoptr(GBytes) content = wave_chunk_load(fd, chunk);
    g_assert(content && g_bytes_get_size(content) == (gsize)chunk->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = on_file(data, size);
    struct wave_view view;
    g_autoptr(GArray) chunks = wave_chunks_read(fd, (int64_t)size);
    for (guint i = 0; i < chunks->len; i++)
        check_chunk(fd, &g_array_index(chunks, struct wave_chunk, i), size);
    if (!wave_view_open(&view, fd, (int64_t)size))
        return 0;
    g_assert(view.head_length <= sizeof view.head && view.data_at >= 0 && view.data_length >= 0);
    g_assert((uint64_t)view.data_at + (uint64_t)view.data_length <= size);
    return 0;
}
