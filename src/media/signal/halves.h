/* SPDX-License-Identifier: GPL-3.0-or-later
 * Floats of pictures as half floats (IEEE 754 binary16) have them. libavcodec 5.1's encoder of
 * OpenEXR cuts off what a half has no room for; of what was rounded before there is nothing. */
#pragma once

#include <libavutil/frame.h>

/* The same picture of planar floats, each of them the nearest half, the even one of two; infinite
 * from 65520 on. Caller frees. */
AVFrame *halves_of(const AVFrame *frame);
