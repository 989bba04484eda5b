/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `sprite` takes: thumbnails every so often. */
#pragma once

#include "model/step.h"

struct sprite {
    double every_s;
    int width, columns;
};

extern const struct step sprite_step;
