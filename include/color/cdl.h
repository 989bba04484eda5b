/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ASC Color Decision List, version 1.2: ten numbers a set and a grading suite agree on.
 *
 *     v   = clamp(in * slope + offset)      per channel
 *     v   = v ^ power                       per channel
 *     Y   = 0.2126 R + 0.7152 G + 0.0722 B  always these weights, whatever the gamut
 *     out = clamp(Y + saturation * (v - Y))
 *
 * In which space (log, display) it is meant is never part of a CDL: the caller's pipeline says. */
#pragma once

#include "base/diag.h"

#include <stdbool.h>

enum cdl_clamp {
    CDL_CLAMP_ASC,  /* to 0..1 at both places, as the specification has it */
    CDL_CLAMP_NONE, /* nowhere; a negative value goes past the power unchanged */
};

struct cdl {
    double slope[3], offset[3], power[3]; /* R, G, B */
    double saturation;
    enum cdl_clamp clamp;
};

/* The luma weights above. */
extern const double cdl_luma[3];

/* Slope 1, offset 0, power 1, saturation 1, CDL_CLAMP_ASC. */
struct cdl cdl_neutral(void);

/* True when the numbers are neutral, whatever the clamp: such a CDL is no operation at all, and
 * does not clamp either. */
bool cdl_is_neutral(const struct cdl *cdl);

/* Slope and saturation 0 to 1e6, offset -1e6 to 1e6, power above 0 and up to 1000; else reports
 * each number that isn't to diag. */
bool cdl_check(const struct cdl *cdl, struct mark at, struct diag *diag);

/* The definition above on one pixel in double precision, clamping even when neutral. NaN counts as
 * 0. This is what the fast grade (color/grade.h) is tested against. */
void cdl_apply_exact(const struct cdl *cdl, double rgb[3]);
