/* SPDX-License-Identifier: GPL-3.0-or-later
 * How pictures depend on one another, from their packets in order of decoding and their frames in
 * order of showing. */
#pragma once

#include "model/facts.h"

#include <libavcodec/avcodec.h>
#include <stdint.h>

/* Zeroed before the first packet. */
struct gop_meter {
    int since_key, longest; /* packets */
    int64_t key_pts;
    bool begun;
    bool open;     /* a picture was shown before the key picture that it was decoded after */
    bool timeless; /* a packet tells no time of showing: places in the file tell instead, */
    int64_t far;   /* the last of those of the pictures shown so far, */
    bool early;    /* one of which came after the key picture that was shown after it */
    bool placeless;
    int b_run, b_most;
};

void gop_meter_packet(struct gop_meter *meter, const AVPacket *packet);
void gop_meter_frame(struct gop_meter *meter, const AVFrame *frame);
void gop_meter_read(const struct gop_meter *meter, struct facts *facts);
