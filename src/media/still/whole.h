/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the coded picture in a file is all there, where no decoder says so: libjpeg reads zeros
 * as codes and doesn't ask for the end mark; dav1d, libde265 and libwebp take what they get for a
 * picture, libnsgif the frames that it finds, and libpng doesn't ask what is behind the pixels.
 * Bytes come from strangers. */
#pragma once

#include "../bytes/jpeg_scan.h"

/* What is lost of the picture behind fd (borrowed) by what its reader warned of in `words`, NULL:
 * nothing. Of a JPEG all warnings are heard, for which it is decoded once more. Caller frees. */
char *still_lost(int fd, const char *words);

/* What isn't there of the JPEG, WebP, HEIF, AVIF, GIF, PNG or TIFF behind fd (borrowed), in words.
 * Of a JPEG, whose scan it is and of which its reader read as far as `reached`: no end mark (EOI,
 * ISO/IEC 10918-1, B.2.1), zeros that no picture has and no filling before that mark is, or coded
 * data that is left over behind the last pixel: where some is lost, what follows is read as more
 * pixels than it is, or fewer, and of those libjpeg warns. Of others a run of zeros in coded data,
 * as a copy or download with a hole leaves it; of WebP (still/webp_whole.h) where codes are left
 * over; of GIF and PNG their end mark. What stands behind the picture isn't looked at. NULL:
 * nothing is missing, or it's another format. Caller frees. */
char *still_missing(int fd, const struct jpeg_scan *scan, int64_t reached);
