/* SPDX-License-Identifier: GPL-3.0-or-later
 * Running an operation over a block, a vector of pixels at a time. */
#pragma once

#include "op.h"
#include "vec.h"

INLINED void load_pixels(float *const rgb[3], gsize at, vec v[3])
{
    for (int c = 0; c < 3; c++)
        v[c] = vec_load(rgb[c] + at);
}

INLINED void store_pixels(float *const rgb[3], gsize at, const vec v[3])
{
    for (int c = 0; c < 3; c++)
        vec_store(rgb[c] + at, v[c]);
}

/* Maps a vector of pixels, R, G, B. */
typedef void pixels_step(const struct op *op, vec rgb[3]);

/* The copies say that what is written is neither the operation nor the pointers. */
INLINED void for_pixels(const struct op *op, float *const rgb[3], gsize count, pixels_step *step)
{
    const struct op own = *op;
    float *const planes[3] = {rgb[0], rgb[1], rgb[2]};
    vec v[3];
    for (gsize i = 0; i < count; i += LANES) {
        load_pixels(planes, i, v);
        step(&own, v);
        store_pixels(planes, i, v);
    }
}

/* An operation's function, of its step. */
#define OP_LOOP(name)                                                      \
    void PATH(name)(const struct op *op, float *const rgb[3], gsize count) \
    {                                                                      \
        for_pixels(op, rgb, count, name##_step);                           \
    }
