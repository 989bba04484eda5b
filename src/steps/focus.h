/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which part of a picture is kept of which not all can be: shared by crop, reframe and resize. */
#pragma once

#include "base/diag.h"

#include "place.h"

/* Behind the places: where libvips finds what draws the eye, or the most detail. */
enum { FOCUS_ATTENTION = PLACE_BOTTOM_RIGHT + 1, FOCUS_ENTROPY };
extern const char *const focus_names[];

struct focus {
    int place; /* enum place, or the above */
    struct focal focal;
};

/* Their rows, of a struct with a member `focus`. */
#define FOCUS_ROWS(S, place_help)                                              \
    {"place", place_help, P_CHOICE(S, focus.place, focus_names)},              \
    {                                                                          \
        "focal",                                                               \
            "what is to be in the middle, as far as that goes, from the left " \
            "and from the top: [0.5, 0.33]; instead of place",                 \
            P_FOCAL(S, focus.focal)                                            \
    }

/* For the steps' help. */
#define FOCUS_HELP                                                                              \
    "In stills `attention` finds what draws the eye (edges, skin, saturated colours) and\n"     \
    "`entropy` the most detail, by libvips' smartcrop, for all frames of an animation in its\n" \
    "first; of moving picture the middle is kept instead. The report gives the place."

/* One of the two. */
bool focus_check(const struct focus *focus, const char *step, struct mark at, struct diag *diag);
/* Whether the picture has to be looked at: stills are; of moving picture the middle is kept. */
bool focus_looks(const struct focus *focus);
/* The top left corner of a box of `width` x `height` in a picture of `outer_width` x
 * `outer_height`, inside it. */
void focus_box(const struct focus *focus, int outer_width, int outer_height, int width, int height,
               int *x, int *y);
/* ", by attention", ", about 0.4, 0.3", or "" for a place. Caller frees. */
char *focus_words(const struct focus *focus);
