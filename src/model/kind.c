/* SPDX-License-Identifier: GPL-3.0-or-later
 * The containers we write, and the file names that belong to each kind. */
#include "model/kind.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned writing;
} kinds[] = {[KIND_VIDEO] = {"video", 4}, [KIND_AUDIO] = {"audio", 4}, [KIND_IMAGE] = {"image", 4}};

const struct container containers[] = {
    {"mp4", "mp4 m4v", KIND_VIDEO, "mp4", "h264 hevc av1 vp9 mjpeg",
     "aac ac3 eac3 mp3 opus flac alac", "MPEG-4: delivery to the web, phones and televisions",
     false, "mp4"},
    {"mov", "mov qt", KIND_VIDEO, "mov", "prores h264 hevc dnxhd mpeg2video mjpeg",
     "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_s16be pcm_s24be aac alac ac3 eac3 mp3",
     "QuickTime: masters and exchange between editors", false, "mov"},
    {"mkv", "mkv", KIND_VIDEO, "matroska",
     "h264 hevc av1 vp9 ffv1 prores mpeg2video mjpeg rawvideo",
     "aac flac opus vorbis mp3 ac3 eac3 alac pcm_s24le pcm_s16le pcm_s32le pcm_f32le",
     "Matroska: archives (FFV1 and FLAC, RFC 9043 and 9639) and delivery", false, "matroska"},
    {"webm", "webm", KIND_VIDEO, "webm", "vp9 av1", "opus vorbis", "WebM: delivery to browsers",
     false, "matroska"},
    {"mxf", "mxf", KIND_VIDEO, "mxf", "dnxhd prores h264 mpeg2video", "pcm_s24le pcm_s16le",
     "MXF OP1a (SMPTE ST 378): broadcast and Avid", false, "mxf"},
    {"mxf_opatom", "mxf", KIND_VIDEO, "mxf_opatom", "dnxhd h264", "pcm_s24le pcm_s16le",
     "MXF OP-Atom (SMPTE ST 390) for Avid: one picture, or with video: none one sound of one "
     "channel",
     true, "mxf"},
    {"gif", "gif", KIND_VIDEO, "gif", "gif", "",
     "GIF, 256 colours a frame: of a film an animation of at most 50 fps, of a still all its "
     "frames",
     false, "gif"},
    {"m4a", "m4a", KIND_AUDIO, "ipod", "", "aac alac ac3", "MPEG-4 with sound only", false, "mp4"},
    {"wav", "wav bwf", KIND_AUDIO, NULL, "", "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_f64le",
     "WAVE, RF64 above 4 GB; with a Broadcast Wave chunk (EBU Tech 3285 v2) where it says "
     "something",
     false, "wav"},
    {"w64", "w64", KIND_AUDIO, NULL, "", "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_f64le",
     "Sony Wave64, of any length", false, "w64"},
    {"aiff", "aiff aif", KIND_AUDIO, NULL, "", "pcm_s24be pcm_s16be pcm_s32be pcm_f32be",
     "AIFF, up to 4 GB", false, "aiff"},
    {"caf", "caf", KIND_AUDIO, NULL, "", "pcm_s24le pcm_s16le pcm_s32le pcm_f32le pcm_f64le",
     "Apple's Core Audio Format, of any length", false, "caf"},
    {"flac", "flac", KIND_AUDIO, NULL, "", "flac", "FLAC: lossless, about half the size of WAVE",
     false, "flac"},
    {"mp3", "mp3", KIND_AUDIO, "mp3", "", "mp3", "MPEG audio layer 3", false, "mp3"},
    {"ogg", "ogg oga", KIND_AUDIO, "ogg", "", "vorbis opus flac", "Ogg with sound", false, "ogg"},
    {"opus", "opus", KIND_AUDIO, "opus", "", "opus", "Ogg with Opus (RFC 7845)", false, "ogg"},
    {"jpeg", "jpg jpeg", KIND_IMAGE, NULL, "jpeg", "", "JPEG: 8 bits, lossy, read everywhere",
     false, "jpeg"},
    {"png", "png", KIND_IMAGE, NULL, "png", "", "PNG: 8 or 16 bits, lossless, with alpha", false,
     "png"},
    {"webp", "webp", KIND_IMAGE, NULL, "webp", "", "WebP: 8 bits, for the web", false, "webp"},
    {"avif", "avif", KIND_IMAGE, NULL, "avif", "", "AVIF: 8 to 12 bits, smaller than JPEG, slow",
     false, "avif"},
    {"jxl", "jxl", KIND_IMAGE, NULL, "jxl", "",
     "JPEG XL: 8 or 16 bits, lossy or lossless; read here where it is trusted", false, "jxl"},
    {"tiff", "tif tiff", KIND_IMAGE, NULL, "tiff", "", "TIFF: 8 or 16 bits, for print and archives",
     false, "tiff"},
    {"webp_anim", "webp", KIND_VIDEO, "webp", "webp_anim", "",
     "WebP animation: `container: webp_anim`, since .webp alone is a still", false, "webp"},
    {"sequence", "dpx exr png tif tiff", KIND_VIDEO, "image2", "dpx exr png tiff", "",
     "a folder of numbered pictures, frames/${stem}/${stem}.####.dpx: for compositing and film "
     "scanning",
     false, NULL},
    {"hls", "m3u8", KIND_VIDEO, "mp4", "h264", "aac",
     "a folder to stream from, web/${stem}/master.m3u8: rungs, which are other outputs (`from: [a, "
     "b]`), in segments of CMAF",
     false, NULL},
    {"dash", "mpd", KIND_VIDEO, "mp4", "h264", "aac",
     "the same with MPEG-DASH's manifest, web/${stem}/manifest.mpd", false, NULL},
    {"srt", "srt", KIND_VIDEO, "srt", "", "", "SubRip: a film's text subtitles, one track", false,
     NULL},
    {"vtt", "vtt", KIND_VIDEO, "webvtt", "", "", "WebVTT: a film's text subtitles, for browsers",
     false, NULL},
    {"thumbnails", "vtt", KIND_IMAGE, NULL, "jpeg png webp", "",
     "a folder of a sheet of thumbnails and its WebVTT track for a player, "
     "thumbs/${stem}/${stem}.vtt: "
     "of an output whose last step is `sprite`",
     false, NULL},
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
