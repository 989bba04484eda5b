/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dates in the forms that stills have them in. Each is for the caller to free; NULL of what isn't a
 * date. */
#pragma once

#include <glib.h>

/* "Sat, 28 Nov 2026 12:00:00 GMT", which PNG advises (RFC 1123, 5.2.14), as XMP writes it, dates of
 * XMP and EXIF as they are. */
char *date_of_png(const char *words);
/* EXIF's "2026:11:27 08:30:00", its fractions and zone (of `exif`, which may be NULL), as XMP
 * writes them; and the way back, to the second. */
char *date_for_xmp(GBytes *exif, const char *date);
char *date_for_exif(const char *date);
