/* SPDX-License-Identifier: GPL-3.0-or-later
 * A grade for pictures of few bits. */
#pragma once

#include "color/grade.h"

enum { COARSE_BITS = 12 };

/* Grades as grade_apply does, for what becomes Y'CbCr of COARSE_BITS at most, and costs less:
 * powers from 0 to 1 and a cube's values may be off by a little, for which see tables.h. RGB is
 * given the numbers that stills have. */
void grade_apply_coarse(const struct grade *grade, float *r, float *g, float *b, gsize count);
