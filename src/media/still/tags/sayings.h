/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still's source and the steps say, on the way to its file. */
#pragma once

#include "../private.h"
#include "words.h"

#include "model/still_format.h"

struct sayings {
    VipsImage *image;
    const struct still_format *format;
    unsigned kept; /* enum still_metadata; ~0: all */
    GBytes *exif, *xmp;
    struct text texts[XMP_NAMES];
    GPtrArray *told; /* struct carried_row */
};

/* A text in the form of EXIF or of XMP; NULL: there's none. Caller frees. */
char *sayings_text(const struct sayings *sayings, enum xmp_name name, bool exif);

/* All of EXIF as it is but for what the steps changed; NULL where that can't be. */
GBytes *sayings_whole_exif(const struct sayings *sayings);
/* What is kept of EXIF, and the texts in it: libexif knows no form for some of them. NULL with
 * `failure`. */
GBytes *sayings_new_exif(const struct sayings *sayings, struct failure *failure);
/* Removes libvips' fields of EXIF. */
void sayings_remove_exif(VipsImage *image);

/* The source's XMP, with what the steps changed; a new one where readers look there first. */
void sayings_put_xmp(const struct sayings *sayings);
/* Of IPTC, as of XMP, what `metadata` leaves out goes. */
void sayings_thin_iptc(const struct sayings *sayings);
