/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `loudness` takes: programme loudness. */
#pragma once

#include "model/step.h"

enum on_peak { PEAK_LOWER, PEAK_FAIL, PEAK_LIMIT };         /* as the table has them */
enum unmeasurable { UNMEASURABLE_KEEP, UNMEASURABLE_FAIL }; /* likewise */

extern const char *const loudness_groups[]; /* their names */
enum group { GROUP_NONE, GROUP_AVERAGE, GROUP_LOUDEST, GROUP_REFERENCE };

struct loudness {
    double target_lufs, tolerance_lu; /* tolerance NAN: 0.1, after a lossy codec 0.3 */
    double rms_dbfs;                  /* NAN, or this is the target */
    double true_peak_dbtp, max_short_term_lufs, max_momentary_lufs; /* the latter NAN: any */
    int on_peak, unmeasurable;
    int group;
    bool dual_mono;
    char *reference; /* pattern of names; NULL none */
    char *profile;
};

extern const struct step loudness_step;
