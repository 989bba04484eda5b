/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures made for tests of stills: in memory, as files behind descriptors, and back. */
#pragma once

#include "media/still_file.h"

#include <vips/vips.h>

/* One pixel, in the format's own scale; `out` has four values, as many as bands count. */
typedef void stills_paint(int x, int y, double *out);

/* A picture painted pixel by pixel; `deep` has 16 bits. */
VipsImage *stills_make(int width, int height, int bands, bool deep, stills_paint *paint);
/* The picture as a file ("png", "jpeg", "tiff", "webp") behind a descriptor. */
int stills_file(VipsImage *image, const char *format);
int stills_blank(void); /* an empty file */
/* Opened, and must open. */
struct still *stills_open(int fd);
/* By libvips, as it is stored. */
VipsImage *stills_read(int fd);
/* Written with `encode` (NULL: defaults) and read back by libvips, as it is stored. */
VipsImage *stills_written(struct still *still, const char *format,
                          const struct encode_image *encode);
double stills_value(VipsImage *image, int x, int y, int band);
/* The largest difference of any component. */
double stills_difference(VipsImage *a, VipsImage *b);
