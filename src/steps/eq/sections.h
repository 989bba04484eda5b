/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a band of `eq` is made of. */
#pragma once

#include "eq.h"

#include "media/biquad.h"

enum { BIQUADS_MAX = 4 };

/* The sections of a band at a sample rate above 2 · at_hz; how many there are. */
int eq_sections(const struct eq *eq, int rate_hz, struct biquad sections[BIQUADS_MAX]);
