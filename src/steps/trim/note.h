/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: what was kept, in words. */
#pragma once

#include "steps/programme.h"

/* Notes in the chain what of the programme [from, to) leaves it: whole frames, where there is a
 * picture; to NAN = the end. `trim` is what was asked for. */
void trim_note(struct chain *chain, const struct programme *programme, const struct trim *trim,
               double from_s, double to_s);
