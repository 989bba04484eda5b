/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the coded pictures of a WebP (RFC 9649) are all there. libwebp takes zeros for codes, as
 * its coders write them of what is flat: a white half of 4000 x 4000 pixels made 3 kB of them, and
 * 22 kB at the least effort. So a run of them makes a picture no more than suspect. Codes behind a
 * hole are read as others, more or fewer than they are; more of them than there are fail in the
 * decoder, and of fewer the end is left over: then the picture can be decoded without it, which no
 * whole one can. Bytes come from strangers. */
#pragma once

#include <stdint.h>

/* What isn't there of the file of `end` bytes behind fd (borrowed), whose decoder was content, in
 * words: 256 zeros or more in coded data whose end isn't needed. Such as stand at the end and
 * of which none is needed are filling. Lossless codes may be in step again behind a hole: then
 * nothing tells of it. A picture with zeros is decoded once or twice more, to a small size. NULL:
 * nothing is missing, or it can't be told. Caller frees. */
char *webp_missing(int fd, int64_t end);
