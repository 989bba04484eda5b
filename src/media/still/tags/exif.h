/* SPDX-License-Identifier: GPL-3.0-or-later
 * EXIF as the bytes it is in a file: a TIFF structure (Exif 2.32, 4.5; TIFF 6.0, 2). libexif, which
 * libvips writes with, lays all of it anew: what the maker note points to is then elsewhere, and
 * the notes of some makers are dropped. What is to be kept whole is changed here where it stands,
 * or behind its end, so that nothing else moves. Bytes come from strangers: whatever points outside
 * is taken as not there. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What fits in a segment of JPEG, as libvips lays it out. */
enum { EXIF_BYTES_MAX = 65526 };

enum exif_tag {
    EXIF_DOCUMENT_NAME = 0x10d,
    EXIF_IMAGE_DESCRIPTION = 0x10e,
    EXIF_ARTIST = 0x13b,
    EXIF_COPYRIGHT = 0x8298,
    /* In the Exif IFD; the others are in the 0th. */
    EXIF_DATE_TIME_ORIGINAL = 0x9003,
    EXIF_OFFSET_TIME_ORIGINAL = 0x9011,
    EXIF_SUB_SEC_TIME_ORIGINAL = 0x9291,
};

/* The text of a tag, or NULL. A copyright's two halves, photographer and editor (4.6.4), are joined
 * by "; ". Caller frees. */
char *exif_text(GBytes *exif, enum exif_tag tag);

/* Whether its 0th IFD has one of those that libvips makes no field of. */
bool exif_has_unnamed(GBytes *exif);

/* text: NULL leaves the tag, "" removes it. Of the 0th IFD. */
struct exif_edit {
    enum exif_tag tag;
    const char *text;
};
/* With these texts, upright, of that size and in sRGB or not, and without the thumbnail, which
 * would show the picture as it was. NULL where `exif` isn't understood. */
GBytes *exif_edited(GBytes *exif, const struct exif_edit *edits, unsigned count, int width,
                    int height, bool srgb);
