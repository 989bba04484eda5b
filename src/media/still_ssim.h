/* SPDX-License-Identifier: GPL-3.0-or-later
 * How alike two pictures are to the eye: SSIM of Wang, Bovik, Sheikh and Simoncelli ("Image quality
 * assessment: from error visibility to structural similarity", IEEE TIP 13-4, 2004): a Gaussian
 * window of sigma 1.5, K1 = 0.01, K2 = 0.03, the mean over all pixels; of luma (BT.601's weights),
 * with transparency on white, at full size. */
#pragma once

#include "still_private.h"

/* Of two pictures of one size, in the same colours, of 8 or 16 bits. 1: no difference. -1 with
 * libvips' error set. */
int image_ssim(VipsImage *a, VipsImage *b, double *ssim);
