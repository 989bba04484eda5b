/* SPDX-License-Identifier: GPL-3.0-or-later
 * How bright the frames of a programme are, and what evens out their flicker.
 *
 * A level is the mean luma of a frame above black, as a share of the way to white. More light by a
 * factor g is more of code values above black by g^(1/gamma), as curves of television and sRGB are
 * near powers (ITU-R BT.1886, IEC 61966-2-1): so a factor between levels is what code values are
 * multiplied by, and light is by its power, the same for all of the picture. */
#pragma once

#include <glib.h>

void levels_print(GString *text, double level);
GArray *levels_parse(const char *text); /* double; NULL: not such a text */

/* What each frame's code values above black are to be multiplied by: from its level to the trend
 * of its neighbours, a straight line by least squares, weighted by a Gaussian (Cleveland 1979,
 * without his robust passes): straight fades are their own trend. double, 1: not touched.
 *
 * Levels are taken by shots: at a cut the median of up to 8 frames behind is off that of those
 * before by more than twice the distance of the quartiles of either, and half of it or more comes
 * in one frame. A level off the median of 7 by more than `most` (a share) is a flash: it stays, and
 * is in no trend. Nor is a frame touched around which, within sigma, levels turn less than twice
 * from rising to falling by more than half a code of 8 bits: steady picture with its grain, fades,
 * a shadow that passes, black. How far they go before they turn is how large flicker is there: what
 * is off the trend by more is less and less of flicker, from twice that on it stays. */
GArray *flicker_gains(const GArray *levels, double sigma_frames, double most);
