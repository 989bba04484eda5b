/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs of zero bytes in a file, as downloads with holes, bad sectors and copies that broke off
 * leave them. */
#pragma once

#include <stdint.h>

/* Half a sector. The codes of a flat picture made no run of 48 in AVIF; HEVC has no three in a row
 * (H.265, 7.4.2). */
enum { ZEROS_LEAST = 256 };

/* How long the first run of ZEROS_LEAST zeros or more in [from, end) is, and where; 0: there is
 * none. */
int64_t zeros_find(int fd, int64_t from, int64_t end, int64_t *at);
/* How many stand at the end of it. */
int64_t zeros_at_end(int fd, int64_t from, int64_t end);

/* "512 bytes of its coded picture are zeros (from byte 4096 on), as …", and of those at its end.
 * Caller frees. */
char *zeros_hole_text(int64_t zeros, int64_t at);
char *zeros_end_text(int64_t zeros);
