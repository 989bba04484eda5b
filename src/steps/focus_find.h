/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where to look in a picture, for faces. */
#pragma once

#include "media/chain.h"
#include "media/still.h"

#include "focus.h"

/* Where the picture has to be looked at: a focal point for a box of `width` x `height`. Of an
 * animation its first frame is looked at. */
bool focus_find(struct still *still, struct focus *focus, int width, int height,
                struct failure *failure);
/* Says that moving picture isn't looked at. */
void focus_note_film(struct chain *chain, const struct focus *focus);
