/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which tags of a TIFF tell of its picture, which only of how pixels are stored, and which nobody
 * here reads. */
#pragma once

#include <stdbool.h>

/* Of the 0th IFD: it tells of the picture, and isn't carried by XMP, IPTC or a profile. */
bool tiff_tag_is_told(unsigned tag);
/* "WhitePoint, 3 unknown tags (33550, 33922, 34735)": what the first page has of tags that nobody
 * here reads; NULL: none, or it isn't a TIFF. Caller frees. */
char *tiff_unread_tags(int fd);
