/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames that are there. */
#include "media/frame.h"

#include "model/wire.h"

#include <glib.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void *frame_there(void *allocated)
{
    if (allocated)
        return allocated;
    fputs("no memory for a frame or a packet\n", stderr);
    _exit(WIRE_EXIT_NO_MEMORY);
}

AVFrame *frame_new(void)
{
    return frame_there(av_frame_alloc());
}

AVFrame *frame_copy(const AVFrame *frame)
{
    return frame_there(av_frame_clone(frame));
}

static bool is_same_format(enum AVPixelFormat one, enum AVPixelFormat other)
{
    const char *const a = av_get_pix_fmt_name(one), *const b = av_get_pix_fmt_name(other);
    if (one == other || !a || !b || !g_str_has_prefix(a, "yuv") || !g_str_has_prefix(b, "yuv"))
        return one == other;
    return !strcmp(a + 3 + (a[3] == 'j'), b + 3 + (b[3] == 'j'));
}

bool frame_is(const AVFrame *frame, enum AVPixelFormat format, int width, int height)
{
    return frame->width == width && frame->height == height &&
           is_same_format(frame->format, format);
}
