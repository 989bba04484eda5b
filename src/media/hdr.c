/* SPDX-License-Identifier: GPL-3.0-or-later
 * HDR10's static metadata: SMPTE ST 2086 mastering display and CTA-861.3 light levels. */
#include "encoder_private.h"

#include <libavformat/avformat.h>
#include <libavutil/mastering_display_metadata.h>
#include <math.h>

static void take_mastering(struct hdr_static *hdr, const AVMasteringDisplayMetadata *data)
{
    if (hdr->mastering || !data->has_primaries || !data->has_luminance)
        return;
    hdr->mastering = true;
    memcpy(hdr->primaries, data->display_primaries, sizeof(hdr->primaries));
    memcpy(hdr->white, data->white_point, sizeof(hdr->white));
    hdr->min_nit = data->min_luminance;
    hdr->max_nit = data->max_luminance;
}

static void take_light(struct hdr_static *hdr, const AVContentLightMetadata *data)
{
    if (hdr->light || (!data->MaxCLL && !data->MaxFALL))
        return;
    hdr->light = true;
    hdr->max_cll = data->MaxCLL;
    hdr->max_fall = data->MaxFALL;
}

void hdr_from_frame(struct hdr_static *hdr, const AVFrame *frame)
{
    const AVFrameSideData *data =
        av_frame_get_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
    if (data)
        take_mastering(hdr, (const AVMasteringDisplayMetadata *)data->data);
    data = av_frame_get_side_data(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
    if (data)
        take_light(hdr, (const AVContentLightMetadata *)data->data);
}

void hdr_from_stream(struct hdr_static *hdr, const AVStream *stream)
{
    const void *data =
        av_stream_get_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, NULL);
    if (data)
        take_mastering(hdr, data);
    data = av_stream_get_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, NULL);
    if (data)
        take_light(hdr, data);
}

/* Chromaticities in 0.00002, luminances in 0.0001 cd/m2 (H.265 D.3.28). */
static long xy(AVRational value)
{
    return lround(av_q2d(value) * 50000);
}

static long nit(AVRational value)
{
    return lround(av_q2d(value) * 10000);
}

void hdr_to_x265(const struct hdr_static *hdr, GPtrArray *options)
{
    const AVRational(*p)[2] = hdr->primaries;
    if (hdr->mastering)
        option_join(options, "x265-params",
                    "hdr10=1:repeat-headers=1:master-display=G(%ld,%ld)B(%ld,%ld)R(%ld,%ld)"
                    "WP(%ld,%ld)L(%ld,%ld)",
                    xy(p[1][0]), xy(p[1][1]), xy(p[2][0]), xy(p[2][1]), xy(p[0][0]), xy(p[0][1]),
                    xy(hdr->white[0]), xy(hdr->white[1]), nit(hdr->max_nit), nit(hdr->min_nit));
    if (hdr->light)
        option_join(options, "x265-params", "max-cll=%u,%u", hdr->max_cll, hdr->max_fall);
}
