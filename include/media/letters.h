/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for pictures that code of ours draws, set by Pango. */
#pragma once

#include "model/failure.h"

#include <stdint.h>

/* How solid the letters are, 0 to 255, rows of `width`. All words of one size are equally high and
 * stand on the same line. */
struct letters {
    int width, height;
    uint8_t *cover; /* owned */
};

/* `size_px` is the font's; words wider than `most_px` lose their end to "…". */
bool letters_set(struct letters *letters, const char *text, int size_px, int most_px,
                 struct failure *failure);
void letters_finish(struct letters *letters);
