/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour tags. */
#include "tags.h"

#include <stdio.h>

enum { UNSAID = AVCOL_PRI_UNSPECIFIED };

void tags_meter_init(struct tags_meter *meter, const AVCodecParameters *stream,
                     const struct facts *facts)
{
    *meter = (struct tags_meter){{UNSAID, UNSAID, UNSAID}, stream, false};
    const char *own = facts->container_colors;
    if (own &&
        sscanf(own, "%d-%d-%d", &meter->colors[0], &meter->colors[1], &meter->colors[2]) == 3)
        return;
    meter->colors[0] = stream->color_primaries;
    meter->colors[1] = stream->color_trc;
    meter->colors[2] = stream->color_space;
}

static bool has_word(enum AVCodecID codec)
{
    return codec != AV_CODEC_ID_MJPEG && codec != AV_CODEC_ID_MJPEGB;
}

static int one_curve(int transfer)
{
    const bool same = transfer == AVCOL_TRC_SMPTE170M || transfer == AVCOL_TRC_BT2020_10 ||
                      transfer == AVCOL_TRC_BT2020_12;
    return same ? AVCOL_TRC_BT709 : transfer;
}

static int one_matrix(int matrix)
{
    return matrix == AVCOL_SPC_BT470BG ? AVCOL_SPC_SMPTE170M : matrix;
}

static bool agree(int a, int b, int unsaid)
{
    return a == b || a == unsaid || b == unsaid;
}

void tags_meter_feed(struct tags_meter *meter, const AVFrame *frame)
{
    const int *said = meter->colors;
    if (!has_word(meter->stream->codec_id))
        return;
    meter->differ |=
        !agree(said[0], frame->color_primaries, UNSAID) ||
        !agree(one_curve(said[1]), one_curve(frame->color_trc), UNSAID) ||
        !agree(one_matrix(said[2]), one_matrix(frame->colorspace), UNSAID) ||
        !agree(meter->stream->color_range, frame->color_range, AVCOL_RANGE_UNSPECIFIED);
}

void tags_meter_read(const struct tags_meter *meter, struct facts *facts)
{
    facts->tags_agree = !meter->differ;
}
