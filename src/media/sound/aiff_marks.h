/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chunks of AIFF files (Audio Interchange File Format 1.3, Apple 1989), and their markers. */
#pragma once

#include "model/failure.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Where the data of a chunk is, and how long. False when there is none. */
bool aiff_find(int fd, const char *id, int64_t *at, uint32_t *size);
/* The markers, struct sound_mark; none, where it isn't one. */
GArray *aiff_marks_read(int fd);
/* Their numbers have 15 bits, and are above 0. */
enum { AIFF_MARKS_MAX = INT16_MAX };
/* Puts markers (struct sound_mark) at the end of a file that has none, as many as there are numbers
 * for. */
bool aiff_marks_add(int fd, const GArray *marks, struct failure *failure);
