/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `eq` takes: one band of an equaliser. */
#pragma once

#include "model/step.h"

enum eq_type { EQ_BELL, EQ_LOW_SHELF, EQ_HIGH_SHELF, EQ_HIGH_PASS, EQ_LOW_PASS };

struct eq {
    int type; /* enum eq_type */
    double at_hz, gain_db, q;
    int slope; /* 12, 24, 48 dB/oct: half the order of the filter is 1 << slope */
};

extern const struct step eq_step;
