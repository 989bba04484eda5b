/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `fade` takes: a soft beginning and end. */
#pragma once

#include "model/step.h"

struct fade {
    struct position in, out;
    struct rgba color;
    int curve; /* of the sound */
};

extern const struct step fade_step;
