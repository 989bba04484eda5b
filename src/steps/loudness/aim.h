/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which gain, and which ceiling for a limiter, bring a programme to its loudness. Pure: levels in,
 * an aim out.
 *
 * The first aim is worked out from the source: levels move as the gain does. Where a limiter, later
 * steps or a lossy codec stand between the gain and the listener they don't quite; then the output
 * is made as a trial, heard, and the aim corrected, a few times at most. */
#pragma once

#include "loudness.h"
#include "model/failure.h"

enum { AIM_ENCODES = 4, AIM_TRIES = 8 }; /* through a lossy codec; at all */

/* Of a programme, as its listeners hear it: a mono file with `dual_mono` 3.01 LU higher. NAN can't
 * be measured. */
struct levels {
    double level; /* what the target is of: LUFS, or dBFS RMS */
    double true_peak_dbtp, max_short_term_lufs, max_momentary_lufs;
};
/* `measured`: facts by name. */
struct levels levels_of(const struct loudness *loudness, const struct node *measured);

struct aim {
    double gain_db;
    double ceiling_dbtp; /* of the limiter after the gain; NAN none */
};
/* False with FAIL_CONFIG, saying why, where `on_peak: fail` forbids the gain. */
bool aim_first(const struct loudness *loudness, const struct levels *source, struct aim *aim,
               struct failure *failure);

struct aim_try {
    struct aim aim;
    struct levels heard;
};
enum aim_verdict { AIM_HIT, AIM_AGAIN, AIM_MISSED };
/* What to do after the last of `tries`: HIT, with `next` the aim of the try that will do; AGAIN
 * with another aim; MISSED with the history in `failure`. Limits are kept strictly; after the last
 * try the target is met when it is met within the tolerance. `lower` takes what keeps the
 * limits, and misses only when no try does. The gain of a group stays what it is. */
enum aim_verdict aim_next(const struct loudness *loudness, const struct levels *source,
                          const struct aim_try *tries, unsigned count, bool lossy, struct aim *next,
                          struct failure *failure);

/* Which limit a gain would pass, in words; NULL: none. Caller frees. */
char *aim_passed(const struct loudness *loudness, const struct levels *at, double gain_db);
double aim_target(const struct loudness *loudness);
double aim_tolerance(const struct loudness *loudness, bool lossy);
const char *aim_unit(const struct loudness *loudness); /* "LUFS" "dBFS RMS" */
/* "try 1: gain +6.20 dB: -23.41 LUFS, -0.30 dBTP; try 2: …". Caller frees. */
char *aim_history(const struct loudness *loudness, const struct aim_try *tries, unsigned count);
