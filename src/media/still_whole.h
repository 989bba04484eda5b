/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the coded picture in a file is all there, where no decoder says so: libjpeg reads zeros
 * as codes and doesn't ask for the end mark; dav1d and libwebp take what they get for a picture.
 * Bytes come from strangers. */
#pragma once

/* What isn't there of the JPEG, WebP, HEIF or AVIF behind fd (borrowed), in words: no end mark
 * (EOI, ISO/IEC 10918-1, B.2.1), or 1 KiB of zeros or more at the end of coded data, as a copy
 * leaves that broke off. HEVC has no three zeros in a row, and AV1 no such run for a flat picture.
 * WebP's lossy coder may (tokens of flat blocks, RFC 6386, 13: far less than the modes before them
 * take), so that there they are a quarter of the data at least; JPEG's may, too, and has an end
 * mark behind it. What stands behind the picture isn't looked at. NULL: nothing is missing, or it's
 * another format. Caller frees. */
char *still_missing(int fd);
