/* SPDX-License-Identifier: GPL-3.0-or-later
 * White balance: what makes the light of a scene white, as one factor a channel.
 *
 * The light is a colour temperature on the Planckian locus, by M. Krystek's rational approximation
 * in CIE 1960 u, v ("An algorithm to calculate correlated colour temperature", Color Research and
 * Application 10, 1985; within 8e-5 in u and 9e-5 in v from 1000 K to 15000 K), moved off the locus
 * at a right angle by tint / 3000: the scale of Adobe's DNG SDK, positive for a light too green,
 * whose picture becomes more magenta. */
#pragma once

#define WHITE_NEUTRAL_K 6500.0

/* Factors on linear R, G, B of BT.709 primaries. A grey lit by `temperature_k` (2000 to 15000) and
 * `tint` (-150 to 150) comes out with the colour of WHITE_NEUTRAL_K and its own luminance. For the
 * neutral temperature and no tint they are exactly 1. */
void white_gains(double temperature_k, double tint, double gains[3]);
