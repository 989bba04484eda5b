/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `resize` takes: another size of picture. */
#pragma once

#include "model/step.h"

#include "../focus.h"

enum resize_fit { FIT_INSIDE, FIT_OUTSIDE, FIT_FILL, FIT_STRETCH };

struct resize {
    struct extent width, height;
    int fit, kernel, light;
    bool upscale;
    struct focus focus;
};

enum resize_light { LIGHT_AUTO, LIGHT_GAMMA, LIGHT_LINEAR };
enum resize_kernel {
    KERNEL_LANCZOS,
    KERNEL_BICUBIC,
    KERNEL_BILINEAR,
    KERNEL_SPLINE36,
    KERNEL_NEAREST
};
extern const char *const resize_kernels[];

extern const struct step resize_step;
