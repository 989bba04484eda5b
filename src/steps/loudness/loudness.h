/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `loudness` takes: programme loudness. */
#pragma once

#include "model/step.h"

struct loudness {
    double target_lufs, true_peak_dbtp;
    int on_peak;
    bool dual_mono;
};

extern const struct step loudness_step;
