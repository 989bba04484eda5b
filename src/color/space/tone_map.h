/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tone maps as functions for a look. */
#pragma once

#include "color/convert.h"

/* As tone_map_apply. Of all but TONE_CLIP, which is a clamp. */
struct look_function tone_map_function(enum tone_map map, double from, double to);
