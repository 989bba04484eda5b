/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the file of a still says that libvips 8.14 passes over, put where libvips would have it. */
#pragma once

#include "../coding.h"

#include <vips/vips.h>

struct still_said {
    struct still_coding coding; /* where it isn't a profile: HDR */
    int depth;                  /* bits a component of HEIF and AVIF; 0: libvips says it right */
    int frames;                 /* of an animated PNG, of which the first is read; 0: it is none */
    bool maker_note;            /* of a TIFF, which isn't read */
};

/* A field of what says that it is sRGB without a profile. */
#define SAID_SRGB "said-srgb"
/* A text of a PNG is a field of its keyword behind this. */
#define PNG_TEXT "png-text-"

/* Puts EXIF with its fields and orientation, XMP and IPTC, PNG's texts, and the profile that colour
 * codes mean on the header of an image that was read from fd (borrowed). What libvips found stays,
 * but for IPTC that it read in part. */
void still_hear_said(VipsImage *image, int fd, struct still_said *said);
