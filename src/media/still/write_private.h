/* SPDX-License-Identifier: GPL-3.0-or-later
 * Formats of stills, between the parts that write them. */
#pragma once

#include "private.h"

#include "model/still_format.h"

/* The choices of struct encode_image. */
enum { SUB_AUTO, SUB_420, SUB_444 };

/* NULL with FAIL_CONFIG for an unknown format, or settings it has no use for. */
const struct still_format *still_format(const char *name, const struct encode_image *encode,
                                        struct failure *failure);
/* Brings depth, alpha, number of frames and tags to what the format holds. `from_depth`: before
 * its colours were converted. */
bool still_frame_format(struct still *still, const struct still_format *format,
                        const struct encode_image *encode, int from_depth, struct failure *failure);
/* The profile that `encode` asks for; what it asks nothing of, or to keep, is not changed. */
bool still_apply_profile(struct still *still, const struct still_format *format,
                         const struct encode_image *encode, struct failure *failure);
/* Tags by encode->metadata; notes what was dropped. */
bool still_apply_metadata(struct still *still, const struct encode_image *encode,
                          const struct still_format *format, struct failure *failure);
/* Joins the frames, encodes and writes, checks; changes no pixel. */
bool still_save(struct still *still, const struct still_format *format,
                const struct encode_image *encode, int fd, struct claim *claim,
                struct failure *failure);
/* Runs the encoder; -1 with libvips' error set. */
int format_save(VipsImage *image, VipsTarget *target, const struct still_format *format,
                const struct encode_image *encode, int quality);
/* VipsForeignTiffCompression, or -1. */
int tiff_compression(const char *name);

/* The EXIF that libvips makes of the fields "exif-…" of a picture. */
GBytes *exif_of_fields(VipsImage *from, struct failure *failure);
/* libvips always writes an EXIF of its own, laid out anew (still/tags/exif.h). A picture is saved
 * with room for `exif` instead, without other fields of EXIF... */
bool exif_leave_room(VipsImage *image, GBytes *exif, struct failure *failure);
/* ... and `exif` is put there, into the finished file: JPEG, PNG, WebP or AVIF. */
bool exif_fill(int fd, GBytes *exif, struct failure *failure);

/* Whether so many rows from `top` on of an RGB picture of 8 bits, transparent or not, have more
 * colours than `most`. What can't be computed is left to the writer to say. */
bool has_colours_beyond(VipsImage *image, int top, int height, unsigned most);

/* Of so many frames the delays in ms come to whole hundredths of a second, as GIF has them, none of
 * which is late by more than half of one. Whether any is another now. */
bool delays_to_hundredths(VipsImage *image, int frames);
/* Of so many frames, in their order, the delays in ms, where the writer of WebP would change any:
 * then those in `image` become longer, which it keeps... NULL: none, or it keeps them. Caller
 * unrefs. */
GArray *delays_lengthen(VipsImage *image, int frames);
/* ... and the finished WebP gets the true ones. */
bool delays_fill(int fd, const GArray *delays, struct failure *failure);
