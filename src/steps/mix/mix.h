/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `mix` takes: another sound over the programme's. */
#pragma once

#include "model/step.h"

struct mix {
    char *file;
    double gain_db, fade_s;
    struct position at;
    bool loop;
};

extern const struct step mix_step;
