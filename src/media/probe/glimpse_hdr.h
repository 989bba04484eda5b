/* SPDX-License-Identifier: GPL-3.0-or-later
 * HDR frames on pages of sRGB: brought down as the step `color: {to: srgb}` does it. */
#pragma once

#include "color/space.h"
#include "media/source.h"

/* The space of an HDR frame of that stream, by its tags; NULL: it isn't HDR. */
const struct space *glimpse_hdr_space(const AVFrame *frame, const struct source_stream *stream);
/* `count` pixels of R, G, B, 16 bits, to 8 bits of sRGB; highlights by the frame's and stream's
 * light levels, else from the most that the space can say. */
void glimpse_tone_map(const struct space *space, const AVFrame *frame,
                      const struct source_stream *stream, const uint16_t *from, uint8_t *to,
                      size_t count);
