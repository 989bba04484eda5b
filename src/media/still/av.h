/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills that libavcodec reads for us: OpenEXR, which libvips opens by name only, and DPX, which it
 * doesn't know. */
#pragma once

#include "private.h"

#include "model/trust.h"

/* What a header tells, without a pixel decoded. */
struct still_av {
    int width, height, depth; /* bits of a component */
    bool color, alpha;
};

/* Is it one of them? */
bool still_av_takes(const struct trust_row *format); /* may be NULL */
bool still_av_look(int fd, const struct trust_row *format, struct still_av *look,
                   struct failure *failure);
/* The pixels in memory: OpenEXR's as float, linear, with straight alpha (its own is premultiplied:
 * divided, where it isn't 0); DPX's as 8 or 16 bits, as its values stand. The header is held to the
 * limits first. What is missing of an OpenEXR is said in *damage (caller frees), and black; NULL:
 * it is whole. So with what its header tells and nobody reads, in *unread, which may be NULL. NULL
 * with `failure`. */
VipsImage *still_av_read(int fd, const struct trust_row *format, char **damage, char **unread,
                         struct failure *failure);
