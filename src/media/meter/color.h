/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour of sampled pictures: Y'CbCr to R'G'B', and to light. */
#pragma once

#include "picture.h"

/* For samples of 16 bits: v = scale (Y - black), b and r = chroma (C - 32768); then R' = v + red r,
 * B' = v + blue b, G' = v + green_r r + green_b b, of which 0 is black and 1 is white. */
struct color_matrix {
    float scale, black, chroma, red, blue, green_r, green_b;
};
/* The picture's own (ITU-T H.273); untagged: BT.709 from 1280 columns or 720 rows on, else BT.601.
 * False where there are no colours, or not by such a matrix. */
bool color_matrix_of(const struct picture *picture, struct color_matrix *matrix);

/* How bright a display shows a level, cd/m2. Television of standard range after ITU-R BT.1702 on a
 * display of 200 cd/m2, 413.435 (0.002745 V + 0.0189623)^2.2, with V of 0 to 255 from black to
 * white; PQ and HLG as ITU-R BT.2100 has them, HLG on a display of 1000 cd/m2. */
double color_nit(const AVFrame *frame, double level);
bool color_is_hdr(const AVFrame *frame);
