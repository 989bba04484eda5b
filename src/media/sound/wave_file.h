/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing the frame of a WAVE file: its head, chunks, samples, and sizes that are right whatever
 * the length turns out to be. Ours and not libsndfile's, because that one pads chunks to multiples
 * of four bytes, adds a line of its own to coding histories, refuses chunks of more than 50 kB and
 * cue points in RF64, and has to know before the first sample which of the two a file will be.
 *
 * Sources: Multimedia Programming Interface 1.0 (RIFF, WAVE), EBU Tech 3306 v1.1 (RF64: a JUNK
 * chunk of 28 bytes becomes ds64 when the file has grown beyond 32 bits), Microsoft's
 * WAVEFORMATEXTENSIBLE. One thread at a time. Failures are FAIL_DISK. */
#pragma once

#include "model/failure.h"

#include <stddef.h>
#include <stdint.h>

struct wave_format {
    int rate, channels, bits; /* bits: 16 24 32, of floats 32 64 */
    bool floats;
    bool extensible; /* WAVEFORMATEXTENSIBLE with this mask; 0: channels without places */
    uint32_t mask;
};

struct wave_file {
    int fd; /* borrowed; written from offset 0 */
    struct wave_format format;
    int64_t fact_at;     /* of the count of samples; 0 none (whole numbers) */
    int64_t data_at, at; /* of the first sample, and of the next byte to write */
    int64_t data_bytes;
};

/* The head, up to the format. Then chunks, samples after wave_file_data(), more chunks, end. */
bool wave_file_begin(struct wave_file *file, int fd, const struct wave_format *format,
                     struct failure *failure);
/* A chunk with its pad byte. *at (may be NULL): where its content is. */
bool wave_file_chunk(struct wave_file *file, const char id[4], const void *data, size_t length,
                     int64_t *at, struct failure *failure);
bool wave_file_data(struct wave_file *file, struct failure *failure);
/* Whole samples of all channels, as they are stored: little-endian, interleaved. */
bool wave_file_samples(struct wave_file *file, const void *data, size_t length,
                       struct failure *failure);
/* The samples are all there: their pad byte. Chunks may follow. */
bool wave_file_data_end(struct wave_file *file, struct failure *failure);
/* Writes over the content of a chunk, which keeps its length. */
bool wave_file_over(struct wave_file *file, int64_t at, const void *data, size_t length,
                    struct failure *failure);
/* All sizes: RIFF when they fit into 32 bits, else RF64. */
bool wave_file_end(struct wave_file *file, struct failure *failure);
int64_t wave_file_frames(const struct wave_file *file);
