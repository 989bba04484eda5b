/* SPDX-License-Identifier: GPL-3.0-or-later
 * Is an OpenEXR file whole? libavcodec leaves black what isn't there, without a word. By "OpenEXR
 * File Layout" (openexr.com, 3.1): header, table of offsets, chunks. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Of the first part's full size: NULL when each of its chunks lies within the file, else a sentence
 * (caller frees). Files of several parts, and of pixels in depth, are not looked into. */
char *exr_damage(const uint8_t *data, size_t length);
/* "owner, capDate": the attributes of its header (of the first part) that tell of more than how
 * pixels are stored and shown, and how fast; NULL: it has none. Caller frees. */
char *exr_attributes(const uint8_t *data, size_t length);
