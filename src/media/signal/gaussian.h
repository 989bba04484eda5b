/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Gaussian, the same numbers for frames and stills. */
#pragma once

struct gaussian {
    int reach;   /* taps before and behind the middle: three standard deviations */
    float *taps; /* 2 reach + 1, adding up to 1 */
};

struct gaussian gaussian_create(double sigma);
void gaussian_finish(struct gaussian *gaussian);
/* Edges go on. In and out are apart. */
void gaussian_row(const struct gaussian *gaussian, const float *in, float *out, int width);
/* Row y of `height` rows of `width` each, along the columns. */
void gaussian_column(const struct gaussian *gaussian, const float *in, float *out, int width,
                     int height, int y);
