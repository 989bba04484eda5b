/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments of a moving picture beside what they were made of, drawn as one picture by code of ours:
 * the end of a chain, as a still is. What was decoded travels with each frame from the start of
 * the chain, through trims, speeds and rates, so that the two are the same moment. */
#pragma once

#include "media/chain.h"
#include "media/still.h"

/* Float RGB, both upright; sizes may differ, and of what is interlaced these are the rows of the
 * first field. Valid during the call. */
struct compare_pair {
    int index;                             /* of the moment, from 0 */
    const struct rgb_rows *before, *after; /* as decoded, and as it flows here */
};

struct compare_maker {
    int width, height; /* of the picture it draws: 8-bit sRGB */
    void *state;
    /* Every moment in order, at most once; fewer when the programme ends sooner. */
    bool (*take)(void *state, const struct compare_pair *pair, struct failure *failure);
    /* After the last. Rows of R, G, B, `stride` bytes apart. */
    bool (*draw)(void *state, uint8_t *pixels, size_t stride, struct failure *failure);
    void (*free)(void *state);
};

/* `count` ascending moments of the programme in seconds; of each the frame that is shown then.
 * Takes the maker's state over, also when it fails. */
bool chain_compare(struct chain *chain, struct failure *failure, const double *at_s, int count,
                   const struct compare_maker *maker);

/* The same of a still, of which there is one moment: it becomes the picture that is drawn, in its
 * own colours. `before` is the source as it was opened; both are looked at in 16 bits, large ones
 * at a half, a third … of their size. */
bool still_compare(struct still *still, struct failure *failure, const struct still *before,
                   const struct compare_maker *maker);

/* What was decoded, upright. */
bool chain_decoded_shape(const struct chain *chain, struct video_shape *shape,
                         struct failure *failure);
/* What the steps noted so far, also before the chain branched off: "a; b". Caller frees. */
char *chain_story(const struct chain *chain);
