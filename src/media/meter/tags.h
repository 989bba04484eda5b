/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour tags of pictures against those of their container: primaries, transfer, matrix (ITU-T
 * H.273) and range. What either leaves unsaid agrees; so do the numbers of one and the same curve
 * (1, 6, 14 and 15) and of one and the same matrix (5 and 6). Motion JPEG has no word for them:
 * what its decoder tells is what JFIF is always in. */
#pragma once

#include "model/facts.h"

#include <libavcodec/avcodec.h>

struct tags_meter {
    int colors[3]; /* of the container, 2 unsaid */
    const AVCodecParameters *stream;
    bool differ;
};

/* `stream` is borrowed; `facts` tell what a MOV or MP4 says itself. */
void tags_meter_init(struct tags_meter *meter, const AVCodecParameters *stream,
                     const struct facts *facts);
void tags_meter_feed(struct tags_meter *meter, const AVFrame *frame);
void tags_meter_read(const struct tags_meter *meter, struct facts *facts);
