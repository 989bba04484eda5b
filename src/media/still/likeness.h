/* SPDX-License-Identifier: GPL-3.0-or-later
 * How alike two pictures are to the eye, on planes of floats.
 *
 * SSIM of Wang, Bovik, Sheikh and Simoncelli ("Image quality assessment: from error visibility to
 * structural similarity", IEEE TIP 13-4, 2004): a Gaussian window of sigma 1.5, 11 wide, K1 = 0.01,
 * K2 = 0.03, at full size, the mean over all pixels, edges repeated. MS-SSIM of Wang, Simoncelli
 * and Bovik ("Multiscale structural similarity for image quality assessment", Asilomar 2003): five
 * scales, each the mean of 2 by 2 pixels of the one before, with the weights 0.0448, 0.2856,
 * 0.3001, 0.2363 and 0.1333 of contrast and structure, and luminance at the last. */
#pragma once

#include "base/slices.h"

/* Rows without gaps; `peak` is white, from 0. */
struct likeness_planes {
    const float *a, *b;
    int width, height;
    double peak;
};
/* 1: no difference. `slices` may be NULL; the result doesn't depend on it. */
double likeness_ssim(const struct likeness_planes *planes, struct slices *slices);
/* With SSIM, of which it is the first scale, for nothing: *ssim. NAN where the window doesn't fit
 * into the last scale: fewer than 176 columns or rows. */
double likeness_ms_ssim(const struct likeness_planes *planes, struct slices *slices, double *ssim);
