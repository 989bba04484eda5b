/* SPDX-License-Identifier: GPL-3.0-or-later
 * The containers we write, and the file names that belong to each kind. */
#include "model/kind.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned writing;
} kinds[] = {
    [KIND_VIDEO] = {"video", 16}, [KIND_AUDIO] = {"audio", 12}, [KIND_IMAGE] = {"image", 8}};

const struct container containers[] = {
    {"mp4", "mp4 m4v", KIND_VIDEO, "mp4", "h264 hevc av1 vp9 mjpeg",
     "aac ac3 eac3 mp3 opus flac alac", "MPEG-4: delivery to the web, phones and televisions",
     false, "mp4", 0},
    {"mov", "mov qt", KIND_VIDEO, "mov", "prores h264 hevc dnxhd mpeg2video mjpeg",
     "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_s16be pcm_s24be aac alac ac3 eac3 mp3",
     "QuickTime: masters and exchange between editors", false, "mov", 0},
    {"mkv", "mkv", KIND_VIDEO, "matroska",
     "h264 hevc av1 vp9 ffv1 prores mpeg2video mjpeg rawvideo",
     "aac flac opus vorbis mp3 ac3 eac3 alac pcm_s24le pcm_s16le pcm_s32le pcm_f32le",
     "Matroska: archives (FFV1 and FLAC, RFC 9043 and 9639) and delivery", false, "matroska", 0},
    {"webm", "webm", KIND_VIDEO, "webm", "vp9 av1", "opus vorbis", "WebM: delivery to browsers",
     false, "matroska", 0},
    {"mxf", "mxf", KIND_VIDEO, "mxf", "dnxhd prores h264 mpeg2video", "pcm_s24le pcm_s16le",
     "MXF OP1a (SMPTE ST 378): broadcast and Avid; sound of 48 kHz", false, "mxf", 48000},
    {"mxf_opatom", "mxf", KIND_VIDEO, "mxf_opatom", "dnxhd h264", "pcm_s24le pcm_s16le",
     "MXF OP-Atom (SMPTE ST 390) for Avid: one picture, or with video: none one sound of one "
     "channel",
     true, "mxf", 48000},
    {"gif", "gif", KIND_VIDEO, "gif", "gif", "",
     "GIF, 256 colours a frame: of a film an animation of at most 50 fps, of a still all its "
     "frames",
     false, "gif", 0},
    {"m4a", "m4a m4b", KIND_AUDIO, "ipod", "", "aac alac ac3", "MPEG-4 with sound only", false,
     "mp4", 0},
    {"wav", "wav wave bwf", KIND_AUDIO, NULL, "",
     "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_f64le",
     "WAVE, RF64 above 4 GB; with a Broadcast Wave chunk (EBU Tech 3285 v2) where it says "
     "something",
     false, "wav", 0},
    {"w64", "w64", KIND_AUDIO, NULL, "", "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_f64le",
     "Sony Wave64, of any length", false, "w64", 0},
    {"aiff", "aiff aif", KIND_AUDIO, NULL, "", "pcm_s24be pcm_s16be pcm_s32be pcm_f32be",
     "AIFF, up to 4 GB", false, "aiff", 0},
    {"caf", "caf", KIND_AUDIO, NULL, "", "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_f64le",
     "Apple's Core Audio Format, of any length", false, "caf", 0},
    {"flac", "flac", KIND_AUDIO, NULL, "", "flac", "FLAC: lossless, about half the size of WAVE",
     false, "flac", 0},
    {"mp3", "mp3", KIND_AUDIO, "mp3", "", "mp3", "MPEG audio layer 3", false, "mp3", 0},
    {"ogg", "ogg oga", KIND_AUDIO, "ogg", "", "vorbis opus flac", "Ogg with sound", false, "ogg",
     0},
    {"opus", "opus", KIND_AUDIO, "opus", "", "opus", "Ogg with Opus (RFC 7845)", false, "ogg", 0},
    {"mka", "mka", KIND_AUDIO, "matroska", "",
     "flac aac opus vorbis mp3 ac3 eac3 alac pcm_s24le pcm_s16le pcm_s32le pcm_f32le",
     "Matroska with sound only", false, "matroska", 0},
    {"weba", "weba", KIND_AUDIO, "webm", "", "opus vorbis", "WebM with sound only", false,
     "matroska", 0},
    {"jpeg", "jpg jpeg jpe", KIND_IMAGE, NULL, "jpeg", "", "JPEG: 8 bits, lossy, read everywhere",
     false, "jpeg", 0},
    {"png", "png", KIND_IMAGE, NULL, "png", "", "PNG: 8 or 16 bits, lossless, with alpha", false,
     "png", 0},
    {"webp", "webp", KIND_IMAGE, NULL, "webp", "", "WebP: 8 bits, for the web", false, "webp", 0},
    {"avif", "avif", KIND_IMAGE, NULL, "avif", "", "AVIF: 8 to 12 bits, smaller than JPEG, slow",
     false, "avif", 0},
    {"jxl", "jxl", KIND_IMAGE, NULL, "jxl", "",
     "JPEG XL: 8 or 16 bits, lossy or lossless; read here where it is trusted", false, "jxl", 0},
    {"tiff", "tif tiff", KIND_IMAGE, NULL, "tiff", "", "TIFF: 8 or 16 bits, for print and archives",
     false, "tiff", 0},
    {"webp_anim", "webp", KIND_VIDEO, "webp", "webp_anim", "",
     "WebP animation: `container: webp_anim`, since .webp alone is a still", false, "webp", 0},
    {"sequence", "dpx exr png tif tiff", KIND_VIDEO, "image2", "dpx exr png tiff", "",
     "a folder of numbered pictures, frames/${stem}/${stem}.####.dpx: for compositing and film "
     "scanning",
     false, NULL, 0},
    {"hls", "m3u8", KIND_VIDEO, "mp4", "h264", "aac",
     "a folder to stream from, web/${stem}/master.m3u8: rungs, which are other outputs (`from: [a, "
     "b]`), in segments of CMAF",
     false, NULL, 0},
    {"dash", "mpd", KIND_VIDEO, "mp4", "h264", "aac",
     "the same with MPEG-DASH's manifest, web/${stem}/manifest.mpd", false, NULL, 0},
    {"srt", "srt", KIND_VIDEO, "srt", "", "", "SubRip: a film's text subtitles, one track", false,
     NULL, 0},
    {"vtt", "vtt", KIND_VIDEO, "webvtt", "", "", "WebVTT: a film's text subtitles, for browsers",
     false, NULL, 0},
    {"thumbnails", "vtt", KIND_IMAGE, NULL, "jpeg png webp", "",
     "a folder of a sheet of thumbnails and its WebVTT track for a player, "
     "thumbs/${stem}/${stem}.vtt: "
     "of an output whose last step is `sprite`",
     false, NULL, 0},
};
const unsigned container_count = G_N_ELEMENTS(containers);

/* Lower-case extensions of what we try to read, by kind. */
static const struct {
    enum kind kind;
    const char *extensions;
} readable[] = {
    {KIND_VIDEO,
     "mov mp4 m4v qt mkv webm mxf avi mts m2ts m2t ts tod mod trp mpg mpeg mpe m1v m2v mpv vob "
     "evo wmv asf flv f4v ogv ogm 3gp 3g2 mj2 dv dif gxf y4m ivf h264 264 avc h265 265 hevc "
     "av1 obu nut rm rmvb wtv dvr-ms divx lrv insv 360 amv mjpg mjpeg nsv roq"},
    {KIND_AUDIO,
     "wav wave bwf aif aiff aifc flac mp3 mp2 mp1 mpa m4a m4b aac adts ogg oga opus spx ac3 "
     "eac3 ec3 dts w64 rf64 caf wma mka amr awb au snd wv ape tta mpc alac weba voc gsm"},
    {KIND_IMAGE,
     "jpg jpeg jpe jfif png apng tif tiff webp avif heic heif hif gif bmp dib tga dpx cin exr "
     "hdr pic ppm pgm pbm pnm pam pfm jp2 j2k j2c jpf jpx jxl psd psb svg ico "
     "nef nrw cr2 cr3 crw arw sr2 srf dng raf orf rw2 pef srw x3f 3fr fff iiq mos rwl erf kdc dcr"},
};

const char *kind_name(enum kind kind)
{
    bool one = kind == KIND_VIDEO || kind == KIND_AUDIO || kind == KIND_IMAGE;
    return one ? kinds[kind].name : kind == KIND_ANY ? "any" : "unknown";
}

enum kind kind_from_name(const char *name)
{
    for (unsigned k = KIND_VIDEO; name && k <= KIND_IMAGE; k <<= 1)
        if (!strcmp(name, kinds[k].name))
            return k;
    return KIND_NONE;
}

unsigned kind_writing(enum kind kind)
{
    return kinds[kind].writing;
}

bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = list; length && *p;) {
        size_t here = strcspn(p, " ");
        if (here == length && !g_ascii_strncasecmp(p, word, length))
            return true;
        p += here + (p[here] == ' ');
    }
    return false;
}

const struct container *container_by_name(const char *name)
{
    for (unsigned i = 0; name && i < container_count; i++)
        if (!strcmp(containers[i].name, name))
            return &containers[i];
    return NULL;
}

const struct container *container_by_extension(const char *extension)
{
    for (unsigned i = 0; extension && i < container_count; i++)
        if (list_has(containers[i].extensions, extension))
            return &containers[i];
    return NULL;
}

bool container_is_subtitles(const struct container *container)
{
    return !container->video[0] && !container->audio[0];
}

bool container_is_folder(const struct container *container)
{
    return !g_strcmp0(container->muxer, "image2");
}

bool container_is_package(const struct container *container)
{
    return list_has("hls dash", container->name);
}

bool container_is_thumbnails(const struct container *container)
{
    return !strcmp(container->name, "thumbnails");
}

const char *container_still(const struct container *container)
{
    return container->kind == KIND_VIDEO && !*container->audio ? container->read_as : NULL;
}

bool container_takes(const struct container *container, const char *codec)
{
    return list_has(container->video, codec) || list_has(container->audio, codec);
}

enum kind kind_of_extension(const char *extension)
{
    for (unsigned i = 0; extension && i < G_N_ELEMENTS(readable); i++)
        if (list_has(readable[i].extensions, extension))
            return readable[i].kind;
    return KIND_NONE;
}
