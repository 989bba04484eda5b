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
/* "3 private tags (33550, 33922, 34735)": what the first page has of tags that somebody registered
 * for a use of his own (from 32768 on, TIFF 6.0, 8) and nobody here carries. NULL: none. Caller
 * frees. */
char *tiff_private_tags(int fd);
/* Puts the tags of a block into the 0th IFD of a finished TIFF, where they come before its own, and
 * the IFDs below it behind the file's end. False of BigTIFF, or where `exif` isn't understood: the
 * file is as before; or with FAIL_DISK. */
bool tiff_exif_add(int fd, GBytes *exif, struct failure *failure);
