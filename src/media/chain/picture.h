/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stages that are our own code on pictures: one frame in, one frame out. Planar formats, whole
 * numbers of 8 to 16 bits. */
#pragma once

#include "base/slices.h"
#include "private.h"

/* `run` takes the frame over, and gives it or another one (own times and tags: frame_like); NULL
 * and `failure` where it can't. `free` frees the state with the chain. */
struct picture_work {
    const char *name;
    AVFrame *(*run)(void *state, AVFrame *frame, double time_s, struct failure *failure);
    void (*free)(void *state);
};

/* Takes the state over, also on failure. What flows is made plain first. */
bool chain_picture(struct chain *chain, struct failure *failure, const struct picture_work *work,
                   void *state);
/* A frame of another size with the properties of one; no pixels yet. NULL without memory. */
AVFrame *frame_like(const AVFrame *frame, int width, int height, struct failure *failure);
bool frame_own(AVFrame *frame, struct failure *failure); /* may be written to */

/* How many planes hold colour or luma, so not alpha. */
int frame_colors(const AVFrame *frame);
/* One field of a plane, or all of it: `field` -1. */
struct plane plane_field(struct plane plane, int field);
/* How solid a sample of a plane is: the mean alpha of the pixels it stands for, rounded. */
unsigned plane_solidity(const struct plane *plane, const struct plane *alpha, int bytes, int x,
                        int y);

static inline unsigned sample_at(const uint8_t *line, int bytes, int x)
{
    return bytes == 2 ? ((const uint16_t *)line)[x] : line[x];
}

static inline void put_sample(uint8_t *line, int bytes, int x, unsigned value)
{
    if (bytes == 2)
        ((uint16_t *)line)[x] = (uint16_t)value;
    else
        line[x] = (uint8_t)value;
}

/* Code values of luma, or of R'G'B': black, and the way to white. */
struct levels_of {
    double black, span, top;
};
struct levels_of levels_of_shape(const struct video_shape *shape);
