/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames and packets of libav. Where there is no memory for one, the process ends with
 * WIRE_EXIT_NO_MEMORY: a task that goes on without it would write a file that lacks it. */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

AVFrame *frame_new(void);
AVFrame *frame_copy(const AVFrame *frame); /* another reference to the same data */
/* Whether it is a picture of this size and format; libav's yuvj formats are yuv of full range. */
bool frame_is(const AVFrame *frame, enum AVPixelFormat format, int width, int height);
AVPacket *packet_new(void);
AVPacket *packet_copy(const AVPacket *packet); /* likewise */
/* What they all go through: the same pointer, never NULL. */
void *frame_there(void *allocated);
