/* SPDX-License-Identifier: GPL-3.0-or-later
 * The codecs we offer. Costs and sizes are for predicting time and disk before anything was
 * rendered. Measured on one core at 1080p: prores, dnxhd, h264; every other one is a guess. */
#include "model/encode.h"

#include <math.h>
#include <string.h>

#define NO_CRF NAN, NAN, NAN

const struct codec codecs[] = {
    {"h264", KIND_VIDEO, "libx264", "yuv420p yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le",
     true, 23, 0, 51, 1 / 49., 0.08,
     "H.264: plays everywhere; profile: avc-intra-50 avc-intra-100 as well", 0},
    {"hevc", KIND_VIDEO, "libx265",
     "yuv420p yuv420p10le yuv422p10le yuv444p10le yuv422p yuv444p yuv420p12le yuv422p12le "
     "yuv444p12le gbrp gbrp10le gbrp12le gray gray10le gray12le",
     true, 28, 0, 51, 1 / 12., 0.05, "H.265: smaller than H.264, HDR; slower", 0},
    {"av1", KIND_VIDEO, "libsvtav1", "yuv420p yuv420p10le", true, 35, 0, 63, 1 / 15., 0.04,
     "AV1: the smallest; for current browsers and televisions", 0},
    {"vp9", KIND_VIDEO, "libvpx-vp9",
     "yuv420p yuv420p10le yuv422p yuv444p yuv422p10le yuv444p10le yuva420p gbrp gbrp10le", true, 31,
     0, 63, 1 / 8., 0.05, "VP9: WebM for browsers, with alpha", 0},
    {"prores", KIND_VIDEO, "prores_ks", "yuv422p10le yuv444p10le yuva444p10le", true, NO_CRF,
     1 / 35., 3.5, "Apple ProRes: masters and editing; profile: proxy lt standard hq 4444 4444xq",
     0},
    {"dnxhd", KIND_VIDEO, "dnxhd", "yuv422p10le yuv422p yuv444p10le gbrp10le", true, NO_CRF,
     1 / 59., 3.5,
     "Avid DNxHD and DNxHR: masters and editing; profile: dnxhr_lb sq hq hqx 444, or a bitrate", 0},
    {"mpeg2video", KIND_VIDEO, "mpeg2video", "yuv422p yuv420p", true, NO_CRF, 1 / 60., 0.9,
     "MPEG-2: broadcast (XDCAM HD422) and DVD; a bitrate is needed", 0},
    {"gif", KIND_VIDEO | KIND_IMAGE, "gif", "pal8", true, NO_CRF, 1 / 15., 2,
     "GIF: a palette for each frame", 0},
    {"webp_anim", KIND_VIDEO, "libwebp_anim", "yuv420p yuva420p", true, NO_CRF, 1 / 5., 0.3,
     "WebP with moving picture", 0},
    {"ffv1", KIND_VIDEO, "ffv1",
     "yuv422p10le yuv420p yuv422p yuv444p yuv420p10le yuv444p10le yuv422p16le yuv444p16le "
     "yuv420p16le yuv420p12le yuv422p12le yuv444p12le yuv410p yuv411p yuv440p yuv440p10le "
     "yuv440p12le yuva444p10le yuva444p16le yuva420p yuva422p yuva444p yuva420p10le yuva422p10le "
     "yuva420p16le yuva422p16le gbrp10le gbrp12le gbrp16le gbrap10le gbrap12le gbrap16le bgr0 bgra "
     "gray gray10le gray12le gray16le",
     false, NO_CRF, 1 / 40., 9, "FFV1: lossless, for archives", 0},
    {"mjpeg", KIND_VIDEO, "mjpeg", "yuvj422p yuvj420p yuvj444p", true, NO_CRF, 1 / 150., 1.5,
     "Motion JPEG: a picture a frame", 0},
    {"rawvideo", KIND_VIDEO, "rawvideo", "uyvy422 yuyv422 rgb24 yuv420p yuv422p10le", false, NO_CRF,
     1 / 1000., 16, "uncompressed picture", 0},

    {"aac", KIND_AUDIO, "aac", "fltp", true, NO_CRF, 0.05, 64000, "AAC-LC", 0},
    {"opus", KIND_AUDIO, "libopus", "flt s16", true, NO_CRF, 0.05, 48000, "Opus: 48 kHz only", 8},
    {"mp3", KIND_AUDIO, "libmp3lame", "fltp s32p s16p", true, NO_CRF, 0.04, 96000,
     "MPEG audio layer 3: mono or stereo", 2},
    {"ac3", KIND_AUDIO, "ac3", "fltp", true, NO_CRF, 0.03, 96000,
     "Dolby Digital: up to 5.1, 48 kHz", 6},
    {"eac3", KIND_AUDIO, "eac3", "fltp", true, NO_CRF, 0.03, 64000,
     "Dolby Digital Plus: up to 5.1, 48 kHz", 6},
    {"flac", KIND_AUDIO, "flac", "s32 s16", false, NO_CRF, 0.02, 700000,
     "FLAC: lossless, up to 24 bits", 8},
    {"alac", KIND_AUDIO, "alac", "s32p s16p", false, NO_CRF, 0.02, 700000,
     "Apple lossless, up to 24 bits", 8},
    {"vorbis", KIND_AUDIO, "libvorbis", "fltp", true, NO_CRF, 0.05, 64000,
     "Vorbis: above 50 kHz of its own quality, without a bitrate", 0},
    {"pcm_s16le", KIND_AUDIO, "pcm_s16le", "s16", false, NO_CRF, 0.001, 768000,
     "uncompressed, 16 bits", 0},
    {"pcm_s24le", KIND_AUDIO, "pcm_s24le", "s32", false, NO_CRF, 0.001, 1152000,
     "uncompressed, 24 bits", 0},
    {"pcm_s32le", KIND_AUDIO, "pcm_s32le", "s32", false, NO_CRF, 0.001, 1536000,
     "uncompressed, 32 bits", 0},
    {"pcm_f32le", KIND_AUDIO, "pcm_f32le", "flt", false, NO_CRF, 0.001, 1536000,
     "uncompressed, 32-bit float", 0},
    {"pcm_s16be", KIND_AUDIO, "pcm_s16be", "s16", false, NO_CRF, 0.001, 768000,
     "uncompressed, 16 bits, big-endian", 0},
    {"pcm_s24be", KIND_AUDIO, "pcm_s24be", "s32", false, NO_CRF, 0.001, 1152000,
     "uncompressed, 24 bits, big-endian", 0},
    {"pcm_f64le", KIND_AUDIO, "pcm_f64le", "dbl", false, NO_CRF, 0.001, 3072000,
     "uncompressed, 64-bit float", 0},
    {"pcm_s32be", KIND_AUDIO, "pcm_s32be", "s32", false, NO_CRF, 0.001, 1536000,
     "uncompressed, 32 bits, big-endian", 0},
    {"pcm_f32be", KIND_AUDIO, "pcm_f32be", "flt", false, NO_CRF, 0.001, 1536000,
     "uncompressed, 32-bit float, big-endian", 0},

    {"dpx", KIND_VIDEO, "dpx", "gbrp10be gbrp12be rgb48be rgba64be", false, NO_CRF, 1 / 400., 32,
     "DPX (SMPTE ST 268): film scans and masters, 10 bits; in a sequence", 0},
    {"exr", KIND_VIDEO, "exr", "gbrpf32le gbrapf32le", false, NO_CRF, 1 / 30., 30,
     "OpenEXR: half floats, ZIP; for compositing, in a sequence", 0},

    {"jpeg", KIND_IMAGE, NULL, "rgb8 gray8", true, NO_CRF, 1 / 60., 2, "JPEG", 0},
    {"png", KIND_IMAGE | KIND_VIDEO, "png", "rgb24 rgb48be rgba rgba64be gray gray16be", false,
     NO_CRF, 1 / 15., 12, "PNG", 0},
    {"webp", KIND_IMAGE, NULL, "rgb8 rgba8", true, NO_CRF, 1 / 10., 0.8, "WebP", 0},
    {"avif", KIND_IMAGE, NULL, "rgb8 rgb10 rgb12 rgba8", true, NO_CRF, 1 / 2., 0.5, "AVIF", 0},
    {"jxl", KIND_IMAGE, NULL, "rgb8 rgb16 rgba8 rgba16 gray8 gray16", true, NO_CRF, 1 / 6., 1.6,
     "JPEG XL", 0},
    {"tiff", KIND_IMAGE | KIND_VIDEO, "tiff", "rgb24 rgb48le rgba rgba64le gray gray16le", false,
     NO_CRF, 1 / 100., 24, "TIFF; both also in a sequence", 0},
};
const unsigned codec_count = G_N_ELEMENTS(codecs);

const struct codec *codec_find(const char *name)
{
    for (unsigned i = 0; name && i < codec_count; i++)
        if (!strcmp(codecs[i].name, name))
            return &codecs[i];
    return NULL;
}

bool encode_holds_fields(const struct codec *codec, const struct encode_video *encode)
{
    static const char *const with_fields[] = {"h264", "mpeg2video", "prores", "dnxhd",
                                              "ffv1", "rawvideo",   NULL};
    /* Without a profile, a bitrate makes DNxHD of it; what isn't named may be copied. */
    bool dnxhr = encode->profile ? !g_ascii_strncasecmp(encode->profile, "dnxhr", 5)
                                 : encode->codec && !(encode->bitrate > 0);
    return codec && g_strv_contains(with_fields, codec->name) &&
           !(dnxhr && !strcmp(codec->name, "dnxhd"));
}

char *encode_profile(const char *codec, const char *profile)
{
    if (!profile || strcmp(codec, "dnxhd"))
        return g_strdup(profile);
    return g_strdelimit(g_ascii_strdown(profile, -1), "- ", '_');
}

bool codec_is_steady(const struct codec *codec)
{
    static const char *const steady[] = {"prores", "dnxhd", "mpeg2video", NULL};
    return codec && g_strv_contains(steady, codec->name);
}

enum codec_colors codec_colors(const struct codec *codec)
{
    static const struct {
        const char *codec;
        enum codec_colors colors;
    } rows[] = {{"dpx", CODEC_HAS_NO_TAGS},   {"png", CODEC_HAS_NO_TAGS},
                {"tiff", CODEC_HAS_NO_TAGS},  {"gif", CODEC_IS_SRGB},
                {"webp_anim", CODEC_IS_SRGB}, {"exr", CODEC_IS_LINEAR}};
    for (unsigned i = 0; codec && i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].codec, codec->name))
            return rows[i].colors;
    return CODEC_TELLS_COLORS;
}

const char *encode_rates(const struct encode_video *encode, bool interlaced)
{
    if (!encode->profile || !g_str_has_prefix(encode->profile, "avc-intra-"))
        return NULL;
    return interlaced ? "25 29.97" : "23.976 25 29.97 50 59.94";
}

bool encode_has_rate(const char *rates, struct rational fps)
{
    g_auto(GStrv) all = g_strsplit(rates, " ", -1);
    bool has = false;
    for (char **rate = all; *rate && !has; rate++) {
        struct rational one;
        has = rational_parse(*rate, &one) && rational_equal(one, fps);
    }
    return has;
}

const struct codec *codec_chosen(const char *name, const char *container_list)
{
    g_autofree char *first = g_strndup(container_list, strcspn(container_list, " "));
    return codec_find(name ? name : first);
}
