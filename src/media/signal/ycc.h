/* SPDX-License-Identifier: GPL-3.0-or-later
 * Luma and chroma of a JPEG to red, green and blue: ITU-T T.871 (JFIF), 7. */
#pragma once

#include <glib.h>

/* In parts of 65536. */
enum { RED_CR = 91881, GREEN_CB = -22554, GREEN_CR = -46802, BLUE_CB = 116130 };

/* Luma from 0, chroma from its middle, each in 2^bits parts of a code, of 0 to 7 bits; rounded and
 * clipped. Of whole codes libjpeg's own numbers come out. */
static inline void ycc_to_rgb(int luma, int cb, int cr, int bits, guint8 *red, guint8 *green,
                              guint8 *blue)
{
    const int less = bits ? 3 : 0; /* so that 32 bits hold them */
    const int part = 16 - less + bits, y = luma * (1 << (16 - less)) + (1 << (part - 1));
    *red = (guint8)CLAMP((y + (RED_CR >> less) * cr) >> part, 0, 255);
    *green = (guint8)CLAMP((y + (GREEN_CB >> less) * cb + (GREEN_CR >> less) * cr) >> part, 0, 255);
    *blue = (guint8)CLAMP((y + (BLUE_CB >> less) * cb) >> part, 0, 255);
}

/* What `count` samples of chroma, whole codes, add to their luma; what comes out isn't clipped. */
static inline void ycc_adds(const guint8 *cb, const guint8 *cr, int count, gint16 *red,
                            gint16 *green, gint16 *blue)
{
    for (int x = 0; x < count; x++) {
        const int b = cb[x] - 128, r = cr[x] - 128;
        red[x] = (gint16)((RED_CR * r + 32768) >> 16);
        green[x] = (gint16)((GREEN_CB * b + GREEN_CR * r + 32768) >> 16);
        blue[x] = (gint16)((BLUE_CB * b + 32768) >> 16);
    }
}
