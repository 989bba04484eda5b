/* SPDX-License-Identifier: GPL-3.0-or-later
 * The colour difference CIEDE2000 by libvips (CIE 142-2001; Sharma, Wu and Dalal, "The CIEDE2000
 * color-difference formula: implementation notes, supplementary test data, and mathematical
 * observations", Color Research and Application 30-1, 2005). */
#pragma once

#include <vips/vips.h>

/* Of each pixel of two pictures in CIE L*a*b*, of one size. NULL with libvips' error. */
VipsImage *delta_e_of(VipsImage *a, VipsImage *b);
