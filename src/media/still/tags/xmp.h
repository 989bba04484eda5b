/* SPDX-License-Identifier: GPL-3.0-or-later
 * XMP packets (XMP Specification Part 1), read and changed by Exempi. What a packet says that isn't
 * named here stays. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum xmp_name { XMP_TITLE, XMP_DESCRIPTION, XMP_CREATOR, XMP_RIGHTS, XMP_DATE_CREATED, XMP_NAMES };

/* The text by that name (of a list, its items joined by "; "), or NULL. Caller frees. */
char *xmp_text(GBytes *xmp, enum xmp_name name);

/* Its tiff:Orientation (TIFF 6.0, 274), 1 to 8; 0: it says none. */
int xmp_orientation(GBytes *xmp);

/* What people don't publish, by names that still/tags/xmp.c has a table of: where it was (GPS, and
 * places by name, also within what it says of places shown and created), and whose camera it was.
 */
enum xmp_private { XMP_COORDINATES = 1, XMP_PLACES = 2 /* by name */, XMP_SERIALS = 4 };

/* Whether it says any of XMP_COORDINATES. */
bool xmp_has_coordinates(GBytes *xmp);

/* Of a name that was added to `gone` below, whether it is one of XMP_SERIALS. */
bool xmp_is_serial(const char *gone);

/* The packet, or a new one (NULL), with these texts: NULL leaves one, "" removes it. Orientation
 * and size become those of an upright picture of width x height, thumbnails go, and so do the
 * mark of extended XMP (XMP Specification Part 3, 1.1.3.1), which isn't carried, and what `without`
 * (xmp_private) names, in any schema, whose names are added to `gone` (owned), each once.
 * NULL: there's nothing in it, or it isn't a packet. */
GBytes *xmp_edited(GBytes *xmp, char *const texts[XMP_NAMES], int width, int height,
                   unsigned without, GPtrArray *gone);
