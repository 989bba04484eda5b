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

/* What each frame's code values above black are to be multiplied by: from its level to the mean of
 * its neighbours', weighted by a Gaussian. Neighbours whose level is off the median of those around
 * by more than `most` (a share) are another shot and don't count, and such a frame is a flash and
 * stays. So does one around which levels turn from rising to falling, or back, less than twice:
 * steady picture, cuts, fades, a shadow that passes. double, 1: not touched. */
GArray *flicker_gains(const GArray *levels, double sigma_frames, double most);
