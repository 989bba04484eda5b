/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chunks of a WAVE or RF64 file beside its samples: where they are, and their bytes. Nothing
 * in a file is trusted; what doesn't lie within it isn't there. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct wave_chunk {
    char id[5];
    int64_t at; /* of its content */
    int64_t length;
    bool behind;  /* the samples */
    bool endless; /* the samples, up to the file's end, which no size tells */
};

/* In the file's order, struct wave_chunk; up to one that doesn't lie within the file, or has no
 * name. Samples of no told size, of 0 in a file that wasn't closed, or of one that has run over at
 * 4 GiB, go on to the file's end. Empty for any other file, also for big-endian RIFX. */
GArray *wave_chunks_all(int fd, int64_t size);
/* The same without those that are about how the samples are stored
 * (fmt, fact, data, ds64) and fillers. */
GArray *wave_chunks_read(int fd, int64_t size);
/* NULL when there is none of this id. */
const struct wave_chunk *wave_chunks_find(const GArray *chunks, const char *id);
/* Its content; NULL when it can't be read or has more than 64 MiB. */
GBytes *wave_chunk_load(int fd, const struct wave_chunk *chunk);

/* The same samples as an RF64 file that has nothing else, for readers that can't find their way
 * through the whole one: `head`, then the bytes from `data_at`. */
struct wave_view {
    uint8_t head[256];
    size_t head_length;
    int64_t data_at, data_length;
    bool endless;
};
/* False for a file that isn't RF64 or BW64, and tells its size, or whose samples don't lie within
 * it. */
bool wave_view_open(struct wave_view *view, int fd, int64_t size);
