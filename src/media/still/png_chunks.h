/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the chunks of a PNG say (PNG Third Edition, 5 and 11), wherever they stand: libvips 8.14
 * takes those before the pixels alone. Bytes come from strangers: what is damaged or larger than 16
 * MiB says nothing. */
#pragma once

#include "coding.h"

#include <stdbool.h>

struct png_text {
    char *keyword, *text; /* UTF-8; of a keyword that stands twice, the texts are one, in lines */
};

struct png_said {
    /* In eXIf, in iTXt "XML:com.adobe.xmp", or as ImageMagick and old exiftools write them: "Raw
     * profile type exif", "APP1", "xmp", "iptc" in hexadecimal digits. NULL: none. */
    GBytes *exif, *xmp, *iptc;
    GPtrArray *texts; /* struct png_text *; the others of tEXt, zTXt and iTXt */
    int frames;       /* of an animation (acTL); 0: it is none */
    bool coded;       /* cICP says `coding`, which comes before a profile */
    bool srgb;
    /* Of cICP, else gAMA and cHRM, above which sRGB stands. */
    struct still_coding coding;
};

/* False: not a PNG. png_said_clear in any case. */
bool png_read(int fd, struct png_said *said);
void png_said_clear(struct png_said *said);
/* Whether it ends before its last chunk (IEND). */
bool png_is_cut(int fd);

/* Puts these texts before the end of a finished PNG, as iTXt. False with errno. */
bool png_add_texts(int fd, const GPtrArray *texts);
/* Puts this profile into a finished PNG that has none. libpng, as libvips uses it, reads profiles
 * whose white isn't quite D50 and the like, but leaves them out when it writes. False with errno.
 */
bool png_add_profile(int fd, GBytes *profile);
