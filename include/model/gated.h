/* SPDX-License-Identifier: GPL-3.0-or-later
 * The gating blocks of programmes (ITU-R BS.1770-4: 400 ms, one every 100 ms), kept so that several
 * programmes can be measured as if they were one: a count and a sum of energy for each tenth of a
 * LU. A block's energy is the weighted mean square of its K-weighted channels; its loudness is
 * -0.691 + 10 log10(energy) LUFS.
 *
 * 16 kB whatever the length; {0} is no programme. Which blocks came first makes no difference but
 * for the rounding of sums in double. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* From the absolute gate on, -70 LUFS; what is above +30 is with the last. */
enum { GATED_BINS = 1000, GATED_BINS_A_LU = 10, GATED_FROM_LUFS = -70 };

struct gated {
    uint64_t count[GATED_BINS];
    double energy[GATED_BINS];
};
/* What is below the absolute gate, or no number, is passed over. */
void gated_add(struct gated *gated, double energy);
void gated_merge(struct gated *gated, const struct gated *from);
/* All of it louder; a tenth stays together, so blocks within it at a gate may be counted or not. */
void gated_louder(struct gated *gated, double lu);
/* Integrated loudness: the mean energy of the blocks that are less than 10 LU below the mean of all
 * (BS.1770-4, equations 5 to 7). Of the one tenth that this gate goes through, the blocks are taken
 * to be spread evenly about their mean. NAN when there are none. */
double gated_lufs(const struct gated *gated);

/* As text: of each tenth that has blocks the distance from the one before, the count, and where
 * between its ends the mean energy lies, in 10000ths (so to within 0.00001 LU). */
char *gated_text(const struct gated *gated);
/* False, and no programme, where the text isn't one. */
bool gated_parse(const char *text, struct gated *gated);
