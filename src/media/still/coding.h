/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still's code values mean where its file says it without an ICC profile: by codes of ITU-T
 * H.273 (AVIF, HEIF, PNG's cICP), or by PNG's gAMA and cHRM. */
#pragma once

#include "color/space.h"

#include <glib.h>

struct still_coding {
    int primaries, transfer; /* of H.273; 0 or 2: nothing is said */
    double gamma;            /* of light to codes, as 1 / 2.2; 0: nothing is said */
    double xy[4][2];         /* white, red, green, blue; [0][1] of 0: nothing is said */
};

/* Names of H.273's codes as libav has them; NULL: nothing is said. */
const char *coding_primaries(const struct still_coding *coding);
const char *coding_transfer(const struct still_coding *coding);
/* "pq", "hlg"; NULL: of no high dynamic range. */
const char *coding_hdr(const struct still_coding *coding);
/* Something is said, and it is sRGB, but for what writers round. */
bool coding_is_srgb(const struct still_coding *coding);
/* The space of HDR; NULL: of no high dynamic range. */
const struct space *coding_hdr_space(const struct still_coding *coding);
/* An ICC profile of what isn't HDR, of RGB or grey; NULL: it is sRGB, or nothing is said, or it's
 * unknown. Television's transfers (bt709 and those with its curve) are taken as sRGB's, as
 * browsers show them. */
GBytes *coding_profile(const struct still_coding *coding, bool grey);
