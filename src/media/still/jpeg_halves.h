/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture whose planes come row by row, half as wide and as high: each sample the mean of four.
 * Luma and chroma become red, green and blue before they are mixed, as those of the whole picture
 * do: chroma between its samples by the triangle filter of libjpeg's "fancy upsampling", and each
 * pixel cut off at black and white. Noise on a saturated colour would come out paler or darker. */
#pragma once

#include "jpeg_planes.h"

struct jpeg_halves;
/* Of planes (borrowed) that outlive it and come in even numbers of rows. NULL where their sides are
 * odd, or chroma hasn't as many samples as luma or half of them, or a colour as many as the others.
 */
struct jpeg_halves *jpeg_halves_open(const struct jpeg_planes *of);
/* What jpeg_halves_make() made last; never `ycc`. */
const struct jpeg_planes *jpeg_halves_planes(const struct jpeg_halves *halves);
/* Of the rows that came last, but for those that wait for what is below them. */
void jpeg_halves_make(struct jpeg_halves *halves);
void jpeg_halves_close(struct jpeg_halves *halves); /* accepts NULL */
