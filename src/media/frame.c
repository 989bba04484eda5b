/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames and packets that are there. */
#include "media/frame.h"

#include "model/wire.h"

#include <stdio.h>
#include <unistd.h>

static void *there(void *allocated)
{
    if (allocated)
        return allocated;
    fputs("no memory for a frame or a packet\n", stderr);
    _exit(WIRE_EXIT_NO_MEMORY);
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
