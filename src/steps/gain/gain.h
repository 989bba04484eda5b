/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `gain` takes: louder or softer. */
#pragma once

#include "model/step.h"

struct gain {
    double gain_db;
};

extern const struct step gain_step;
