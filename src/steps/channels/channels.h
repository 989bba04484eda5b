/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `channels` takes: another channel layout. */
#pragma once

#include "model/step.h"

struct channels {
    int layout, downmix, headroom;
    struct ints map;
    double center_db, surround_db, lfe_db;
};

enum { CHANNELS_USUAL }; /* layout, as the table has it: by the number of channels */

extern const struct step channels_step;
