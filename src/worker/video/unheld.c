/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat writes when it is copied, and nobody can read back: by muxer and codec. */
#include "render.h"

#include <string.h>

static const struct {
    const char *muxer, *codecs, *why;
} rows[] = {
    {"matroska", "tta", "its number of samples has no place there, and players would lose the end"},
    {"matroska", "qtrle", "nothing says how many bits a pixel of QuickTime Animation has"},
    {"mov", "adpcm_ms adpcm_ima_wav adpcm_swf adpcm_g722",
     "its blocks of ADPCM have other sizes than QuickTime's, and can't be told apart"},
    {"mov", "wmav1 wmav2 wmapro wmalossless wmavoice",
     "there is no place for the header that a decoder of Windows Media Audio needs"},
    {"opus", "vorbis flac speex",
     "files of this name are Ogg of Opus alone (RFC 7845, 9): other codecs go into .ogg"},
};

/* ISO/IEC 14496-15's like for VP9 (vpcC) has numbers for 4:2:0, 4:2:2 and 4:4:4 alone. */
static bool is_vp9_of_440(const AVCodecParameters *par)
{
    return par->codec_id == AV_CODEC_ID_VP9 &&
           (par->format == AV_PIX_FMT_YUV440P || par->format == AV_PIX_FMT_YUV440P10 ||
            par->format == AV_PIX_FMT_YUV440P12);
}

const char *unheld(const struct branch *branch, int stream)
{
    const AVCodecParameters *par = source_stream(branch->render->source, stream)->av->codecpar;
    const char *muxer = branch->container->muxer, *codec = avcodec_get_name(par->codec_id);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].muxer, muxer) && list_has(rows[i].codecs, codec))
            return rows[i].why;
    if (!strcmp(muxer, "mp4") && is_vp9_of_440(par))
        return "MP4 has no word for VP9 of 4:4:0";
    if (!strcmp(muxer, "mov") && par->codec_id == AV_CODEC_ID_RAWVIDEO && !writer_raw_tag(par))
        return "of uncompressed pictures QuickTime has no word for this format";
    return NULL;
}
