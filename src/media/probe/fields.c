/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields that only the pictures themselves tell of: DNxHD in MOV, ProRes in Matroska, DV. */
#include "fields.h"

enum { TRIES = 200 /* packets and frames until there is a picture */ };

/* libav's parser takes AVC-Intra without picture timing for progressive. */
static bool is_guess(const AVCodecParameters *par)
{
    return par->codec_id == AV_CODEC_ID_H264 && par->field_order == AV_FIELD_PROGRESSIVE &&
           par->profile > 0 && par->profile & FF_PROFILE_H264_INTRA;
}

static bool tells_alone(const struct source *source, const struct facts *facts)
{
    const AVCodecParameters *par = source_stream(source, source_picture(source))->av->codecpar;
    const AVCodecDescriptor *codec = avcodec_descriptor_get(par->codec_id);
    if (is_guess(par))
        return true;
    return !facts->field_order && codec && codec->props & AV_CODEC_PROP_INTRA_ONLY &&
           par->codec_id != AV_CODEC_ID_RAWVIDEO;
}

const char *frame_fields(const AVFrame *frame)
{
    return !frame->interlaced_frame ? "progressive" : frame->top_field_first ? "top" : "bottom";
}

void probe_fields(struct source *source, struct facts *facts)
{
    struct failure ignored = {0};
    struct source_item item;
    if (!tells_alone(source, facts) ||
        !source_use(source, source_picture(source), SOURCE_DECODE, &ignored)) {
        failure_clear(&ignored);
        return;
    }
    enum source_got got = SOURCE_PACKET;
    for (int i = 0; i < TRIES && got == SOURCE_PACKET; i++)
        got = source_next(source, &item, &ignored);
    if (got == SOURCE_FRAME && item.frame->interlaced_frame) {
        facts->interlaced = true;
        g_free(facts->field_order);
        facts->field_order = g_strdup(item.frame->top_field_first ? "tb" : "bt");
    }
    failure_clear(&ignored);
}
