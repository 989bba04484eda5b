/* SPDX-License-Identifier: GPL-3.0-or-later
 * Groups of pictures. */
#include "gop.h"

void gop_meter_packet(struct gop_meter *meter, const AVPacket *packet)
{
    if (packet->flags & AV_PKT_FLAG_KEY) {
        meter->begun = true;
        meter->since_key = 0;
        meter->key_pts = packet->pts;
    } else if (meter->begun && packet->pts < meter->key_pts) {
        meter->open = true;
    }
    meter->timeless |= packet->pts == AV_NOPTS_VALUE;
    meter->since_key++;
    meter->longest = MAX(meter->longest, meter->since_key);
}

void gop_meter_frame(struct gop_meter *meter, const AVFrame *frame)
{
    bool b = frame->pict_type == AV_PICTURE_TYPE_B;
    meter->b_run = b ? meter->b_run + 1 : 0;
    meter->b_most = MAX(meter->b_most, meter->b_run);
    meter->placeless |= frame->pkt_pos < 0;
    meter->early |= frame->key_frame && frame->pkt_pos < meter->far;
    meter->far = MAX(meter->far, frame->pkt_pos);
}

void gop_meter_read(const struct gop_meter *meter, struct facts *facts)
{
    facts->gop = meter->longest;
    facts->closed_gop =
        meter->begun && (meter->timeless ? !meter->early && !meter->placeless : !meter->open);
    facts->b_frames = meter->b_most;
}
