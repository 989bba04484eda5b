/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame rates that film and television record in. */
#pragma once

#include "base/rational.h"

#include <stdbool.h>
#include <stdint.h>

/* A whole number of frames a second, or one over 1.001 (to 2 in 10,000); below 20 also halves. */
bool frame_rate_is_usual(double rate);

/* The usual rate next to an average one, which is kept to a thousandth where it is a tenth from
 * any. 0/1 of what is no rate. */
struct rational frame_rate_nominal(double average);

/* The rate at which all of these times come, one for each picture, in ticks from the first to the
 * last, but for their rounding to a tick: the one that is told (0/1: none) if they come at it; of
 * two usual ones, which are before one that is told and unusual, the one that they are nearer to;
 * else the fraction of the least terms. 0/1: none. */
struct rational frame_rate_of_times(const int64_t *times, unsigned count, double tick_s,
                                    struct rational told);

/* The rate of television (24 to 120) whose steps are within a tick of `step`, and which all of
 * these times are whole steps of apart, but for their rounding to a tick: pictures may be missing
 * between them. 0/1: none, also where a tick is too long to tell. */
struct rational frame_rate_of_raster(const int64_t *times, unsigned count, double tick_s,
                                     int64_t step);

/* The rate of television that a rate is within 1 in 10,000 of, as clocks of milliseconds and
 * decimals (29.97) are; else itself. */
struct rational frame_rate_exact(struct rational rate);

/* The rate of television (24 to 120, whole or over 1.001) that holds one: itself, the least of its
 * multiples, or else the nearest. */
struct rational frame_rate_television(double rate);
