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
/* What flows from here on: 8-bit sRGB of this size. */
void drawn_shape(struct chain *chain, int width, int height);
