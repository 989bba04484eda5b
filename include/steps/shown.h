/* SPDX-License-Identifier: GPL-3.0-or-later
 * The colours of a film's frames in stills and GIF, which have no other way than sRGB to say what
 * HDR means. */
#pragma once

#include "media/chain.h"

/* What is tagged as HDR comes to sRGB, as the step `color: {to: srgb}` brings it there, and that is
 * noted; all else stays as it flows. For the planner: colors_show(). */
bool shown_video(struct chain *chain, struct failure *failure);
