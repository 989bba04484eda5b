/* SPDX-License-Identifier: GPL-3.0-or-later
 * SSIM (still/likeness.h) of stills: of luma (BT.601's weights), with transparency on white. */
#pragma once

#include "private.h"

/* Of two pictures of one size, in the same colours, of 8 or 16 bits. 1: no difference. -1 with
 * libvips' error set. */
int image_ssim(VipsImage *a, VipsImage *b, double *ssim);
