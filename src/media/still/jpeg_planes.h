/* SPDX-License-Identifier: GPL-3.0-or-later
 * The planes of a JPEG as they are coded (ISO/IEC 10918-1, A.1.1): chroma in fewer rows and columns
 * than luma; where it isn't, the colours that they are of, clipped, as of the whole picture. They
 * come some rows at a time, from the top; the whole picture is nowhere in memory, but for the
 * coefficients of a progressive one. Bytes come from strangers.
 */
#pragma once

#include <stdbool.h>
#include <vips/vips.h>

enum { PLANES_MOST = 4 };

struct plane_shape {
    int width, height;
    double across, down; /* samples that the picture is wide and high: of the last column and row
                          * of a plane, a part may lie outside of it */
    int rows;            /* that come at once, at most */
};

struct jpeg_planes {
    unsigned count; /* 1: grey; 3: luma, Cb and Cr, or, not `ycc`, red, green and blue; 4: ink */
    bool ycc;       /* of ITU-T T.871, 7 */
    struct plane_shape shape[PLANES_MOST];
    const guint8 *const *rows[PLANES_MOST]; /* what came last, borrowed */
    int came[PLANES_MOST];                  /* how many */
    double fraction;                        /* of the picture that came */
};

/* From the start of `source` (borrowed). What is an error, and how it is worded, is as with
 * libvips' reader; errors and warnings are left in libvips' buffer. NULL where it can't begin. */
struct jpeg_planes *jpeg_planes_open(VipsSource *source, VipsFailOn fail_on);
/* The next rows. False at the end, with `fraction` 1, or where it can't go on, with less. */
bool jpeg_planes_next(struct jpeg_planes *planes);
void jpeg_planes_close(struct jpeg_planes *planes); /* accepts NULL */

/* The first of libjpeg's warnings that tells of lost pixels of the picture behind fd (borrowed),
 * all of which is decoded for it; NULL: none does, or it is no JPEG. Others are about form, as are
 * bytes before its first scan, and readers say the first warning alone. Caller frees. */
char *jpeg_loss(int fd);
/* Whether one of such warnings is among words of others who read by libjpeg, as libtiff does. */
bool jpeg_words_tell_loss(const char *words);
