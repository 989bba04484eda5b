/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `gate` takes: soft passages softer. */
#pragma once

#include "model/step.h"

struct gate {
    double threshold_dbfs, ratio, range_db, attack_s, hold_s, release_s;
};

extern const struct step gate_step;
