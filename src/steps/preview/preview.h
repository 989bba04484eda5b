/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `preview` takes: a strip of moments before and after. */
#pragma once

#include "model/step.h"

enum { PREVIEW_FRAMES_MAX = 12 };

struct preview_params {
    int frames, width;
};

extern const struct step preview_step;
