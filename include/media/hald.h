/* SPDX-License-Identifier: GPL-3.0-or-later
 * HaldCLUT images: a cube of colours laid out as a picture. Level L is a square of L^3 pixels that
 * holds a cube of L^2 points along an edge, red fastest, row by row; level 8 is 512 pixels and 64
 * points. A colour profile in the file says nothing here: pixels are numbers, 0 to 1. */
#pragma once

#include "model/failure.h"

enum { HALD_LEVEL_MAX = 11 }; /* 1331 pixels, 121 points */

struct hald {
    unsigned size;      /* points along an edge */
    int depth;          /* bits of a number: 8, 16, or 32 for float */
    float (*points)[3]; /* size^3, red fastest; freed by the caller with g_free */
};

/* Reads the PNG or TIFF behind fd (borrowed). False and `failure`: FAIL_CONFIG for a picture that
 * can't be opened or is no HaldCLUT (its size, grey, JPEG and other formats that don't keep
 * numbers), of level 1 or above HALD_LEVEL_MAX, or with pixels that are no finite numbers;
 * FAIL_MEMORY. Alpha is passed over. */
bool hald_read(int fd, struct hald *out, struct failure *failure);
