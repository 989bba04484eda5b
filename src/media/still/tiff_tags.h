/* SPDX-License-Identifier: GPL-3.0-or-later
 * EXIF in a TIFF is no block of its own: its tags stand in the file's 0th IFD and in IFDs below it
 * (TIFF 6.0; Exif 2.32, 4.6; BigTIFF). Here they become a block, or the tags of a block become
 * those of a file. Tags that tell how pixels are stored stay with each. Bytes come from strangers:
 * what points outside or is larger than 64 kB is taken as not there. */
#pragma once

#include "model/failure.h"

#include <glib.h>
#include <stdbool.h>

/* The first page's; NULL: there is none, or it isn't a TIFF. The maker note, which points to places
 * of the file as it was, is left out, and *maker_note says so. Caller unrefs. */
GBytes *tiff_exif_read(int fd, bool *maker_note);
/* What a finished TIFF gets beside its pixels; NULL: nothing. XMP stands in tag 700, image
 * resources of Photoshop in 34377, as bytes (XMP Specification Part 3, 3.3; Photoshop TIFF
 * Technical Notes). */
struct tiff_blocks {
    GBytes *exif, *xmp, *resources;
};
/* Puts them into the 0th IFD, where they come before the file's own tags, and what they point to
 * behind the file's end: libvips would write them into every page. The file is little-endian, of
 * either width. False with FAIL_DISK, or FAIL_INTERNAL where it, or `exif`, isn't understood. */
bool tiff_add(int fd, const struct tiff_blocks *blocks, struct failure *failure);
