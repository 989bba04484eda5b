/* SPDX-License-Identifier: GPL-3.0-or-later
 * The texts of a still, while its tags are those of a VipsImage. */
#pragma once

#include "xmp.h"

#include <vips/vips.h>

/* A text of the picture; "" where a step removed it. */
struct text {
    char *value;
    bool set; /* by a step */
    bool png; /* a PNG's chunk alone says it */
};
/* What EXIF says (NULL: there is none); else XMP (likewise); else a PNG. */
struct text text_of_source(VipsImage *image, enum xmp_name name, GBytes *exif, GBytes *xmp);
/* What a step set; NULL: none did. */
char *text_of_step(VipsImage *image, enum xmp_name name);
/* Sets a field of libvips' EXIF. */
void text_set(VipsImage *image, const char *field, const char *value);
/* Whether a field is a text that is understood. */
bool text_is_field(VipsImage *image, const char *field);
