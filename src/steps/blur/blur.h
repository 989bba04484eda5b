/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `blur` takes: how soft. */
#pragma once

#include "model/step.h"

struct blur {
    struct extent radius;
};

/* Pixels, of a picture so wide. */
double blur_sigma(const struct blur *blur, int width);

extern const struct step blur_step;
