/* SPDX-License-Identifier: GPL-3.0-or-later
 * Packets that are there. */
#include "media/frame.h"

AVPacket *packet_new(void)
{
    return frame_there(av_packet_alloc());
}

AVPacket *packet_copy(const AVPacket *packet)
{
    return frame_there(av_packet_clone(packet));
}
