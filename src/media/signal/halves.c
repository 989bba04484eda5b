/* SPDX-License-Identifier: GPL-3.0-or-later
 * Floats of pictures as half floats have them. */
#include "halves.h"

#include "media/frame.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* A float around 0.75 has steps of 2^-24, as halves below 2^-14. */
#define NORMAL_MIN 0x1p-14f
#define STEPS_OF_2_24 0.75f

/* A float's fraction has 13 bits more than a half's. */
enum { MORE_BITS = 13 };

static float nearest_half(float value)
{
    guint32 bits;
    if (!isfinite(value))
        return value;
    if (fabsf(value) < NORMAL_MIN)
        return copysignf((value + STEPS_OF_2_24) - STEPS_OF_2_24, value);
    memcpy(&bits, &value, sizeof bits);
    bits += (1u << (MORE_BITS - 1)) - 1 + (bits >> MORE_BITS & 1);
    bits &= ~0u << MORE_BITS;
    memcpy(&value, &bits, sizeof value);
    return value;
}

AVFrame *halves_of(const AVFrame *frame)
{
    AVFrame *halves = frame_copy(frame);
    frame_there(av_frame_make_writable(halves) < 0 ? NULL : halves);
    for (int plane = 0; plane < AV_NUM_DATA_POINTERS && halves->data[plane]; plane++)
        for (int y = 0; y < halves->height; y++) {
            float *row = (float *)(halves->data[plane] + (ptrdiff_t)y * halves->linesize[plane]);
            for (int x = 0; x < halves->width; x++)
                row[x] = nearest_half(row[x]);
        }
    return halves;
}
