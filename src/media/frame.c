/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames and packets that are there. */
#include "media/frame.h"

#include <glib.h>

static void *there(void *allocated)
{
    if (!allocated)
        g_error("no memory for a frame");
    return allocated;
}

AVFrame *frame_new(void)
{
    return there(av_frame_alloc());
}

AVFrame *frame_copy(const AVFrame *frame)
{
    return there(av_frame_clone(frame));
}

AVPacket *packet_new(void)
{
    return there(av_packet_alloc());
}

AVPacket *packet_copy(const AVPacket *packet)
{
    return there(av_packet_clone(packet));
}
