/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `autocrop` takes: how black bars are told, and how the box is rounded. */
#pragma once

#include "model/step.h"

struct autocrop {
    double threshold_percent;
    int round;
};

extern const struct step autocrop_step;
