/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still as the picture of a film: upright, in sRGB, its first page or frame. */
#pragma once

#include "model/failure.h"

#include <libavutil/buffer.h>
#include <libavutil/pixfmt.h>

struct still_picture {
    int width, height;
    enum AVPixelFormat format; /* RGB24, RGBA, RGB48LE or RGBA64LE: whole numbers, with its alpha */
    AVBufferRef *pixels;       /* rows without gaps */
};
/* Reads the file behind fd (borrowed); failures are those of still_open(). The pixels are the
 * caller's, for av_buffer_unref(). */
bool still_picture_read(int fd, struct still_picture *picture, struct failure *failure);
