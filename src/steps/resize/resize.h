/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `resize` takes: another size of picture. */
#pragma once

#include "model/step.h"

enum resize_fit { FIT_INSIDE, FIT_OUTSIDE, FIT_FILL, FIT_STRETCH };

struct resize {
    struct extent width, height;
    int fit, kernel;
    bool upscale;
};

extern const struct step resize_step;
