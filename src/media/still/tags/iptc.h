/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture's IPTC, in libvips' field of it. Bare, as TIFF and PNG may have it, it is datasets
 * (IPTC-IIM 4.2); else it is one of Photoshop's image resources, as JPEG has them (Photoshop File
 * Formats Specification, Image Resources): "Photoshop 3.0", its 0, and all of them. */
#pragma once

#include "model/still_format.h"

#include <vips/vips.h>

/* TIFF has datasets and resources in tags of their own (33723, 34377): to the form of JPEG, where
 * there are resources. Theirs is the IPTC then, if they have one. */
void iptc_from_tiff(VipsImage *image);
/* Leaves of it its own datasets alone, not what else Photoshop has beside them (*others then), and
 * no places unless they are kept, whose names are added to `gone` (owned). False: some of it can't
 * be read, and is gone; where nothing is left, so is the field. Without IPTC: true. */
bool iptc_thin(VipsImage *image, bool places, GPtrArray *gone, bool *others);
/* Brings it into the form of JPEG or TIFF. */
void iptc_fit(VipsImage *image, const struct still_format *format);
/* It takes more than one segment of JPEG, which libvips won't write. */
bool iptc_is_long(VipsImage *image);
