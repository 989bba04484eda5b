/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which tags of stills there are: how libvips calls them, what people do, and which sets of
 * `metadata` keep them. */
#pragma once

#include "exif.h"
#include "model/carried.h"
#include "model/encode.h"
#include "xmp.h"

/* The texts, as the Metadata Working Group pairs EXIF and XMP (Guidelines 2.0, 5), with PNG's
 * keywords for them (PNG Third Edition, 11.3.3.1). The date, which no step sets, has no name. */
struct still_text {
    const char *name, *field, *png;
    enum exif_tag exif;
    unsigned kept_by; /* enum still_metadata */
    const char *what;
    enum keep keep;
};
extern const struct still_text still_texts[XMP_NAMES];

/* What else there is. `what` is NULL where it tells of the file, and is made anew with it. */
struct still_field {
    const char *field; /* how libvips' names of it begin */
    unsigned kept_by;
    const char *what;
    enum keep keep;
    const char *why; /* of what no set keeps */
};
extern const char still_note_moved[]; /* of a maker note */
/* That of one of libvips' names; of an unknown one a row without a word. */
const struct still_field *still_field(const char *field);
/* It belongs to the picture, and stays. */
bool still_field_is_picture(const char *field);
/* What a field of a PNG's text is called: ImageMagick's "exif:Make" and the like by their kind.
 * NULL of others. Caller frees. */
char *still_field_keyword(const char *field);
