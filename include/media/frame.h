/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames and packets of libav. Like GLib's allocations, these end the process when there is no
 * memory: a task that goes on without one would write a file that lacks it. */
#pragma once

#include <libavcodec/avcodec.h>

AVFrame *frame_new(void);
AVFrame *frame_copy(const AVFrame *frame); /* another reference to the same data */
AVPacket *packet_new(void);
AVPacket *packet_copy(const AVPacket *packet); /* likewise */
