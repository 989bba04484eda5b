/* SPDX-License-Identifier: GPL-3.0-or-later
 * Encoder settings: their tables, and `encode` as a map of three parts. */
#include "model/encode.h"

#include "model/holds.h"
#include "param_private.h"

#include <math.h>
#include <string.h>

static const char *const subsamplings[] = {"auto", "420", "444", NULL};
static const char *const track_choices[] = {"auto", "all", "one", NULL}; /* enum tracks */
static const char *const fields_choices[] = {"auto", "progressive", "top", "bottom", NULL};
static const char *const bext_modes[] = {"auto", "always", "never", NULL};
static const char *const exactness[] = {"normal", "strict", NULL};
/* enum still_metadata, a bit each */
static const char *const metadata_words[] = {"web",    "archive",   "none", "title",  "description",
                                             "artist", "copyright", "date", "camera", "gps",
                                             "xmp",    "iptc",      NULL};

static const struct encode_video video_defaults = {
    .crf = NAN, .bitrate = NAN, .maxrate = NAN, .bufsize = NAN, .b_frames = -1};
static const struct encode_audio audio_defaults = {.bitrate = NAN};
static const struct encode_image image_defaults = {.effort = -1, .metadata = META_WEB};
static const struct encode encode_defaults = {
    .faststart = true, .edit_lists = true, .first_frame = 1001};

/* clang-format off */
static const struct param video_rows[] = {
    {"codec", "codec of the picture; copy takes the source's as it is, none leaves it out", P_TEXT(struct encode_video, codec)},
    {"encoder", "a certain encoder of libavcodec instead of ours for the codec", P_TEXT(struct encode_video, encoder)},
    {"pix_fmt", "pixel format; else the codec's nearest to the source", P_TEXT(struct encode_video, pix_fmt)},
    {"profile", "profile of the codec", P_TEXT(struct encode_video, profile)},
    {"level", "level of the codec", P_TEXT(struct encode_video, level)},
    {"preset", "speed against size, as the encoder names it", P_TEXT(struct encode_video, preset)},
    {"tune", "what the encoder should favour", P_TEXT(struct encode_video, tune)},
    {"crf", "constant quality on the codec's own scale: lower is better and larger", P_NUMBER(struct encode_video, crf, UNIT_NONE), P_RANGE(0, 63)},
    {"bitrate", "average bit rate", P_NUMBER(struct encode_video, bitrate, UNIT_BITRATE), P_RANGE(1e3, 1e10)},
    {"maxrate", "highest bit rate, over bufsize", P_NUMBER(struct encode_video, maxrate, UNIT_BITRATE), P_RANGE(1e3, 1e10)},
    {"bufsize", "bits that maxrate is held over", P_NUMBER(struct encode_video, bufsize, UNIT_BITRATE), P_RANGE(1e3, 1e10)},
    {"gop", "frames from key frame to key frame, at most; 0 is the encoder's own", P_INT(struct encode_video, gop, UNIT_NONE), P_RANGE(0, 100000)},
    {"keyint", "the same as a length of time, instead of gop", P_POSITION(struct encode_video, keyint)},
    {"b_frames", "B frames in a row, at most; -1 is the encoder's own", P_INT(struct encode_video, b_frames, UNIT_NONE), P_RANGE(-1, 16)},
    {"fields", "as whole frames, or as two fields with this one first; auto is as the picture comes", P_CHOICE(struct encode_video, fields, fields_choices)},
    {"tag", "four-character code in MP4 and MOV: hvc1", P_TEXT(struct encode_video, tag)},
    {"options", "the encoder's own options, by name", P_DICT(struct encode_video, options)},
};
static const struct param audio_rows[] = {
    {"codec", "codec of the sound; copy takes the source's as it is, none leaves it out", P_TEXT(struct encode_audio, codec)},
    {"bitrate", "bit rate of all channels together", P_NUMBER(struct encode_audio, bitrate, UNIT_BITRATE), P_RANGE(6e3, 1e7)},
    {"sample_rate", "samples a second; 0 is as it comes", P_INT(struct encode_audio, sample_rate, UNIT_HZ), P_RANGE(0, 384000)},
    {"channels", "number of channels; 0 is as they come", P_INT(struct encode_audio, channels, UNIT_NONE), P_RANGE(0, 64)},
    {"tracks", "sound tracks of a film to keep: all, or the one that players take; auto is all in MOV, MKV and MXF, and where the picture is copied", P_CHOICE(struct encode_audio, tracks, track_choices)},
    {"mono_tracks", "MXF, MOV, MKV: each channel in a track of its own, so many tracks in all; those without a channel are silent", P_INT(struct encode_audio, mono_tracks, UNIT_NONE), P_RANGE(0, 32)},
    {"sample_format", "sample format; else the best that the codec takes", P_TEXT(struct encode_audio, sample_format)},
    {"bext", "WAV: a Broadcast Wave chunk with the loudness that was written; auto: when the source has one or a timecode, or a step set the loudness", P_CHOICE(struct encode_audio, bext, bext_modes)},
    {"options", "the encoder's own options, by name", P_DICT(struct encode_audio, options)},
};
static const struct param image_rows[] = {
    {"format", "format of the still; else by the extension", P_TEXT(struct encode_image, format)},
    {"quality", "1 is worst, 100 best; 0 is the format's default", P_INT(struct encode_image, quality, UNIT_NONE), P_RANGE(0, 100)},
    {"max_bytes", "the file is at most so large, 200kB: the quality is lowered until it is (quality: where that begins); 0 is no limit", P_NUMBER(struct encode_image, max_bytes, UNIT_BYTES), P_RANGE(0, 1e12)},
    {"ssim", "the lowest quality is taken whose picture, decoded again, is so much like the one before (SSIM of luma, 0.98); quality is the highest tried; 0 is no aim", P_NUMBER(struct encode_image, ssim, UNIT_NONE), P_RANGE(0, 1)},
    {"bit_depth", "bits of a component: 8, 12 (AVIF), 16; 0 is as it comes, of which AVIF holds 12", P_INT(struct encode_image, bit_depth, UNIT_NONE), P_RANGE(0, 16)},
    {"compression", "TIFF: none lzw deflate zstd, or jpeg, which has a quality; PNG: 0 to 9", P_TEXT(struct encode_image, compression)},
    {"tile", "TIFF: in tiles of so many pixels a side, a multiple of 16, for readers that want a part; 0 is in strips", P_INT(struct encode_image, tile, UNIT_PIXELS), P_RANGE(0, 4096)},
    {"pyramid", "TIFF: with halves of it, down to one tile, as further pages; tiles are of 256 unless tile says", P_BOOL(struct encode_image, pyramid)},
    {"subsampling", "of the colour of JPEG, WebP and AVIF", P_CHOICE(struct encode_image, subsampling, subsamplings)},
    {"progressive", "JPEG and PNG that show coarse, then fine", P_BOOL(struct encode_image, progressive)},
    {"lossless", "WebP and JPEG XL without loss", P_BOOL(struct encode_image, lossless)},
    {"effort", "WebP, GIF, AVIF, JPEG XL: time spent to be smaller, 0 to 9 (WebP to 6, GIF from 1, JPEG XL from 3); -1 is the format's default", P_INT(struct encode_image, effort, UNIT_NONE), P_RANGE(-1, 9)},
    {"profile", "colours are converted to this profile, which is embedded: srgb, display-p3, adobe-rgb, grey, a file of a printer or a display (coated.icc; CMYK in JPEG and TIFF), or keep, the source's as it is; without it sRGB, which is not embedded", P_TEXT(struct encode_image, profile)},
    {"metadata", "what is kept beside colour: web is [title, description, artist, copyright, date], archive all, none nothing; or a list, where camera is make, lens and exposure, and without gps neither XMP nor IPTC says where; serial numbers and owners' names are in archive alone", P_WORDS(struct encode_image, metadata, metadata_words)},
};
static const struct param encode_rows[] = {
    {"container", "container format; else by the extension", P_TEXT(struct encode, container)},
    {"faststart", "MP4, MOV: index at the start, so that playing starts while loading", P_BOOL(struct encode, faststart)},
    {"subtitles", "which subtitle track: a number from 1, a language (deu), all (a film without this), none; an .srt or .vtt without this has the default one", P_TEXT(struct encode, subtitles)},
    {"edit_lists", "MP4, MOV: start of sound and picture exact by edit lists; without, the sound's first 5 to 25 ms "
     "give way to its codec's priming", P_BOOL(struct encode, edit_lists)},
    {"fragment", "MP4, MOV: in fragments that last so long at least, each from a key frame, so that a file that was never finished plays up to its last one", P_POSITION(struct encode, fragment)},
    {"segment", "HLS, DASH: how long segments are, a multiple of the rungs' keyint; else 6s", P_POSITION(struct encode, segment)},
    {"loop", "GIF and WebP animations: times that they are played; 0 is for ever", P_INT(struct encode, loop, UNIT_NONE), P_RANGE(0, 65535)},
    {"first_frame", "sequence: number of the first picture", P_INT(struct encode, first_frame, UNIT_NONE), P_RANGE(0, 99999999)},
    {"reproducible", "strict: the same bytes on each run, whatever the machine's cores: an encoder and what is before it have one thread, and the file no date, and no name of a library but what x264 and x265 write into the picture", P_CHOICE(struct encode, reproducible, exactness)},
};
/* clang-format on */

#define PARAMS(list, T, normal, bare)                      \
    {                                                      \
        list, G_N_ELEMENTS(list), sizeof(T), &normal, bare \
    }
const struct params encode_video_params =
    PARAMS(video_rows, struct encode_video, video_defaults, "codec");
const struct params encode_audio_params =
    PARAMS(audio_rows, struct encode_audio, audio_defaults, "codec");
const struct params encode_image_params =
    PARAMS(image_rows, struct encode_image, image_defaults, "format");
const struct params encode_params =
    PARAMS(encode_rows, struct encode, encode_defaults, "container");

struct encode *encode_create(void)
{
    struct encode *encode = params_new(&encode_params);
    params_init(&encode_video_params, &encode->video);
    params_init(&encode_audio_params, &encode->audio);
    params_init(&encode_image_params, &encode->image);
    return encode;
}

void encode_destroy(struct encode *encode)
{
    if (!encode)
        return;
    params_finish(&encode_video_params, &encode->video);
    params_finish(&encode_audio_params, &encode->audio);
    params_finish(&encode_image_params, &encode->image);
    params_free(&encode_params, encode);
}

static void put_part(struct node *map, const char *name, const struct params *table,
                     const void *data)
{
    g_auto(node_ptr) part = params_print(table, data);
    if (node_length(part))
        node_put(map, name, (struct mark){0}, g_steal_pointer(&part));
}

struct node *encode_print(const struct encode *encode)
{
    struct node *map = params_print(&encode_params, encode);
    put_part(map, "video", &encode_video_params, &encode->video);
    put_part(map, "audio", &encode_audio_params, &encode->audio);
    put_part(map, "image", &encode_image_params, &encode->image);
    return map;
}

bool encode_is_bare(const struct encode *encode, const char *container)
{
    return !encode->edit_lists && container_holds(container) & HOLDS_EDITS;
}
