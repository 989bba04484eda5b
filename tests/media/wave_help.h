/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of WAVE files: made and taken apart byte by byte, by code that shares nothing with
 * ours. After Multimedia Programming Interface 1.0 and EBU Tech 3285 v2. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A file in memory: 24 bits, its sample `i` of every channel is the number i. Chunks stand before
 * the samples until wave_samples, then behind them. */
struct wave {
    GByteArray *bytes;
    int rate, channels;
};
struct wave *wave_begin(int rate, int channels);
void wave_chunk(struct wave *wave, const char *id, const void *data, gsize length);
void wave_samples(struct wave *wave, int frames);
int wave_end(struct wave *wave); /* a descriptor; frees */

/* The content of a chunk, by its four letters, or of a list ("LISTadtl"), by eight; NULL when there
 * is none. *at (may be NULL): where its head is. */
GBytes *wave_find(int fd, const char *id, goffset *at);
goffset wave_place(int fd, const char *id); /* of its head; fails where there is none */
guint64 wave_number(GBytes *chunk, gsize at, gsize bytes); /* little-endian */
/* Number of the first and of the last sample of a file of 24 bits, as they were made. */
void wave_ends(int fd, int channels, int *first, int *last);

/* Where bext has its fields. */
enum {
    BEXT_DESCRIPTION = 0,
    BEXT_ORIGINATOR = 256,
    BEXT_REFERENCE = 288,
    BEXT_DATE = 320,
    BEXT_TIME = 330,
    BEXT_TIME_REFERENCE = 338,
    BEXT_VERSION = 346,
    BEXT_UMID = 348,
    BEXT_LOUDNESS = 412,
    BEXT_HISTORY = 602
};
/* A chunk of version 1 with all its fields; `history` follows. */
GByteArray *wave_bext(guint64 time_reference, const char *history);
