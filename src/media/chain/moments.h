/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside chains that end in a picture drawn of moments. */
#pragma once

#include "private.h"

/* Only the frames that are shown at these ascending moments go on, each as often as it is one: its
 * pts is the moment's index, reordered_opaque its time, in ticks of the chain before. A time that a
 * container rounded to milliseconds is still the frame that was meant. */
void sift_moments(struct chain *chain, const double *at_s, int count);
/* Of gbrpf32; with `fields` the rows of the first one that is stored. */
struct rgb_rows float_rows(const AVFrame *frame, bool fields);
/* What is drawn of moments has no transparency: what flows is laid on a colour, and noted. */
bool lay_moments(struct chain *chain, struct failure *failure, struct rgba ground);

/* First member of a stage that takes frames and gives one picture at the end, if any came; the
 * three below are its class. */
struct drawn_stage {
    struct stage stage;
    struct slot slot;
    bool (*take)(struct drawn_stage *stage, const AVFrame *frame, struct failure *failure);
    bool (*draw)(void *state, uint8_t *pixels, size_t stride, struct failure *failure);
    void (*free)(void *state);
    void *state; /* of the maker, as the two above */
    bool any;
};
bool drawn_put(struct stage *base, AVFrame *frame, struct failure *failure);
enum chain_got drawn_get(struct stage *base, AVFrame *out, struct failure *failure);
void drawn_destroy(struct stage *base);
/* What flows from here on is this picture: 8-bit sRGB. */
void chain_drawn(struct chain *chain, int width, int height);
