/* SPDX-License-Identifier: GPL-3.0-or-later
 * Camera raw, developed by LibRaw: with the white balance that the camera chose, its colours by
 * LibRaw's matrix of the camera (a DNG's own), AHD demosaicing, clipped highlights, and as bright
 * as the sensor saw it: no picture is brightened by what is in it, so that those of a series match.
 * A build without LibRaw (still/raw_absent.c) reads none, and says so. */
#pragma once

#include "model/facts.h"
#include "model/trust.h"
#include "private.h"

bool still_raw_takes(const struct trust_row *format); /* may be NULL */

/* What its header tells; nothing is decoded. */
bool still_raw_look(int fd, struct facts *facts, struct failure *failure);

/* The pixels in memory, upright: 16 bits, in ROMM RGB (ISO 22028-2, ProPhoto's primaries) with a
 * gamma of 1.8 and its profile embedded, wide enough for any output; of a sensor without colours
 * grey. With EXIF of camera, lens, exposure, date and place, and XMP. The header is held to the
 * limits first. What is missing of the file is said in *damage (caller frees); NULL: it is whole.
 * NULL with `failure`. */
VipsImage *still_raw_read(int fd, int threads, char **damage, struct failure *failure);
