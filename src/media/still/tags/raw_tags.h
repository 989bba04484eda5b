/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a camera raw file says about itself, as LibRaw has read it. */
#pragma once

#include "../private.h"
#include "model/facts.h"

#include <libraw/libraw.h>

void raw_tell(const libraw_data_t *lib, struct facts *facts);
/* As EXIF and XMP of the picture; its EXIF is laid out, so that policies see it as any other. */
bool raw_tag(const libraw_data_t *lib, VipsImage *image, struct failure *failure);
