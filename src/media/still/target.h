/* SPDX-License-Identifier: GPL-3.0-or-later
 * The quality that meets `max_bytes` and `ssim`, found by trying: bisected, at most 8 encodings. */
#pragma once

#include "write_private.h"

static inline bool still_has_target(const struct encode_image *encode)
{
    return encode->max_bytes > 0 || encode->ssim > 0;
}
/* The encoded file: of `ssim` the lowest quality that reaches it, else the highest whose file is
 * within `max_bytes`; encode->quality is the highest tried. Notes quality and figures. NULL:
 * FAIL_CONFIG with the figures where none will do. Unref the bytes. */
GBytes *still_encode_to_target(struct still *still, VipsImage *image,
                               const struct still_format *format, const struct encode_image *encode,
                               struct failure *failure);
