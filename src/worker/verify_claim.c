/* SPDX-License-Identifier: GPL-3.0-or-later
 * Claims, one by one. A difference is our own mistake, so it is FAIL_INTERNAL. */
#include "verify.h"

#include <inttypes.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

/* Sound of a lossy codec may be longer by its priming and by what fills its last packet. */
enum { LOSSY_FRAME = 1024 };

static const double ROUNDING_S = 0.002; /* Matroska counts in milliseconds */

static bool differ(struct failure *failure, const char *what, const char *claimed,
                   const char *found)
{
    return fail(failure, FAIL_INTERNAL, "the finished file has the wrong %s: %s instead of %s",
                what, found ? found : "none", claimed);
}

static bool same_number(const char *what, int64_t claimed, int64_t found, struct failure *failure)
{
    g_autofree char *want = g_strdup_printf("%" PRId64, claimed);
    g_autofree char *have = g_strdup_printf("%" PRId64, found);
    return claimed == found || differ(failure, what, want, have);
}

static bool same_text(const char *what, const char *claimed, const char *found,
                      struct failure *failure)
{
    return !claimed || g_strcmp0(claimed, found) == 0 || differ(failure, what, claimed, found);
}

/* Where a container or codec has no place for a tag, none is fine; a wrong one never. */
static bool same_tag(const char *what, const char *claimed, const char *found,
                     struct failure *failure)
{
    return !found || same_text(what, claimed, found, failure);
}

/* ITU-T H.273 has two numbers for the matrix of BT.601; containers have one. */
static const char *one_matrix(const char *name)
{
    return g_strcmp0(name, "bt470bg") == 0 ? "smpte170m" : name;
}

/* Nor do all containers tell apart its four numbers for one and the same transfer curve, nor the
 * two of BT.470's. */
static const char *one_curve(const char *name)
{
    static const char *const same[] = {"smpte170m", "bt2020-10", "bt2020-12", NULL};
    return !name                          ? NULL
           : g_strv_contains(same, name)  ? "bt709"
           : strcmp(name, "bt470bg") == 0 ? "bt470m"
                                          : name;
}

static int count(const struct source *source, enum AVMediaType type)
{
    int found = 0;
    for (int i = 0; i < source_streams(source); i++)
        found += source_stream(source, i)->type == type;
    return found;
}

static bool check_streams(const struct claim *claim, const struct source *source,
                          struct failure *failure)
{
    if (claim->video_streams + claim->audio_streams <= 0)
        return true;
    if (claim->subtitles >= 0 && !same_number("number of subtitle tracks", claim->subtitles,
                                              count(source, AVMEDIA_TYPE_SUBTITLE), failure))
        return false;
    return same_number("number of picture streams", claim->video_streams,
                       count(source, AVMEDIA_TYPE_VIDEO), failure) &&
           same_number("number of sound streams", claim->audio_streams,
                       count(source, AVMEDIA_TYPE_AUDIO), failure);
}

/* The decoder of H.264 adds colour to what has none: gray10le comes out as yuv420p10le. */
static bool is_gray_as_decoded(const char *want, const char *have)
{
    return g_str_has_prefix(want, "gray") && g_str_has_prefix(have, "yuv420p") &&
           !strcmp(want + strlen("gray"), have + strlen("yuv420p"));
}

/* yuvj420p is yuv420p with full range; the ProRes decoder widens 4444 to 12 bits; that of DPX gives
 * the machine's byte order. */
static bool same_pix_fmt(const struct claim *claim, const struct facts *facts)
{
    const char *want = claim->pix_fmt, *have = facts->pix_fmt ? facts->pix_fmt : "";
    enum AVPixelFormat swapped = av_pix_fmt_swap_endianness(av_get_pix_fmt(want));
    if (swapped != AV_PIX_FMT_NONE && swapped == av_get_pix_fmt(have))
        return true;
    bool want_full = g_str_has_prefix(want, "yuvj"), have_full = g_str_has_prefix(have, "yuvj");
    if (g_strcmp0(facts->codec, "prores") == 0)
        return strcspn(want, "0123456789") == strcspn(have, "0123456789");
    if (g_strcmp0(facts->codec, "h264") == 0 && is_gray_as_decoded(want, have))
        return true;
    return strcmp(want + (want_full ? 4 : 0), have + (have_full ? 4 : 0)) == 0 ||
           (want_full != have_full &&
            strcmp(want + (want_full ? 4 : 3), have + (have_full ? 4 : 3)) == 0);
}

/* Whatever rate the pictures seem to come at: a tick of an MXF's clock is a frame. */
static bool check_edit_rate(const struct claim *claim, const struct source *source,
                            struct failure *failure)
{
    const AVRational tick = source_stream(source, source_picture(source))->av->time_base;
    g_autofree char *found = rational_text(rational_make(tick.den, tick.num));
    return same_text("edit rate", claim->edit_rate, found, failure);
}

static bool check_picture(const struct claim *claim, const struct source *source,
                          const struct facts *facts, struct failure *failure)
{
    const AVCodecParameters *par = source_stream(source, source_picture(source))->av->codecpar;
    if (!same_text("picture codec", claim->video_codec, facts->codec, failure))
        return false;
    if (claim->width > 0 && !same_number("width", claim->width, par->width, failure))
        return false;
    if (claim->height > 0 && !same_number("height", claim->height, par->height, failure))
        return false;
    if (claim->pix_fmt && !same_pix_fmt(claim, facts))
        return differ(failure, "pixel format", claim->pix_fmt, facts->pix_fmt);
    return check_edit_rate(claim, source, failure) &&
           same_tag("field order", claim->fields, field_order_first(facts->field_order), failure) &&
           same_tag("colour range", claim->color_range, facts->color_range, failure) &&
           same_tag("colour matrix", one_matrix(claim->color_matrix),
                    one_matrix(facts->color_matrix), failure) &&
           same_tag("colour primaries", claim->color_primaries, facts->color_primaries, failure) &&
           same_tag("transfer curve", one_curve(claim->color_transfer),
                    one_curve(facts->color_transfer), failure);
}

/* MP4's one number for MPEG-1 audio (ISO/IEC 14496-1, 0x6B) is of all its layers. */
static const char *one_layer(const char *codec, const char *container)
{
    return !g_strcmp0(container, "mp4") && !g_strcmp0(codec, "mp2") ? "mp3" : codec;
}

static bool check_sound(const struct claim *claim, const struct facts *facts,
                        struct failure *failure)
{
    if (!same_text("sound codec", one_layer(claim->audio_codec, facts->container),
                   one_layer(facts->audio_codec, facts->container), failure))
        return false;
    if (claim->sample_rate > 0 &&
        !same_number("sample rate", claim->sample_rate, facts->sample_rate, failure))
        return false;
    return claim->channels <= 0 ||
           same_number("number of channels", claim->channels, facts->channels, failure);
}

bool claim_check_header(const struct claim *claim, const struct source *source,
                        const struct facts *facts, struct failure *failure)
{
    if (!check_streams(claim, source, failure))
        return false;
    if (source_picture(source) >= 0 && !check_picture(claim, source, facts, failure))
        return false;
    if (source_sound(source) >= 0 && !check_sound(claim, facts, failure))
        return false;
    const char *timecode = claim->timecode && *claim->timecode ? claim->timecode : NULL;
    return same_text("timecode", timecode, facts->timecode, failure);
}

static bool check_length(const char *what, double claimed, double found, double tolerance,
                         struct failure *failure)
{
    if (!(claimed > 0) || fabs(claimed - found) <= tolerance + ROUNDING_S)
        return true;
    return fail(failure, FAIL_INTERNAL, "the finished file's %s lasts %.3f s instead of %.3f s",
                what, found, claimed);
}

static int64_t sound_tolerance(const struct source_stream *stream, const struct facts *facts)
{
    const AVCodecParameters *par = stream->av->codecpar;
    if (!g_strcmp0(facts->container, "mxf") && facts->kind == KIND_AUDIO)
        return par->sample_rate / 23; /* whole units of a frame of picture, silent at the end */
    const AVCodecDescriptor *desc = avcodec_descriptor_get(par->codec_id);
    if (desc && (desc->props & AV_CODEC_PROP_LOSSLESS) && !(desc->props & AV_CODEC_PROP_LOSSY))
        return 0;
    int64_t frame = MAX(par->frame_size, LOSSY_FRAME);
    return frame + MAX(stream->priming, frame);
}

static bool check_sound_length(const struct claim *claim, const struct source_stream *stream,
                               const struct facts *facts, struct failure *failure)
{
    int64_t tolerance = sound_tolerance(stream, facts);
    if (claim->samples > 0 && llabs(claim->samples - facts->decoded_samples) > tolerance)
        return same_number("number of samples", claim->samples, facts->decoded_samples, failure);
    return check_length("sound", claim->audio_s, facts->decoded_audio_s,
                        (double)tolerance / stream->av->codecpar->sample_rate, failure);
}

/* How far off a picture's length may be: a frame. At a variable rate, MOV and MP4 give the last one
 * the length of another, which may well be twice the mean. */
static double frame_seconds(const struct facts *facts)
{
    static const double unknown_s = 0.1;
    if (facts->fps.num > 0 && !facts->vfr)
        return 1 / rational_value(facts->fps);
    return facts->decoded_frames > 1 ? 2 * facts->decoded_video_s / (double)facts->decoded_frames
                                     : unknown_s;
}

/* Or it ends while the last picture is seen, which may be for as long as the one before it. */
static bool check_picture_length(const struct claim *claim, const struct facts *facts,
                                 struct failure *failure)
{
    const double into_last_s = claim->video_s - facts->decoded_last_s;
    return (into_last_s > 0 && into_last_s <= facts->decoded_step_s + ROUNDING_S) ||
           check_length("picture", claim->video_s, facts->decoded_video_s, frame_seconds(facts),
                        failure);
}

bool claim_check_content(const struct claim *claim, const struct source *source,
                         const struct facts *facts, struct failure *failure)
{
    int picture = source_picture(source), sound = source_sound(source);
    if (picture >= 0 && claim->frames > 0 &&
        !same_number("number of frames", claim->frames, facts->decoded_frames, failure))
        return false;
    if (picture >= 0 &&
        !same_tag("fields in its pictures", claim->fields, facts->decoded_fields, failure))
        return false;
    if (picture >= 0 && claim->fields && !facts->tags_agree)
        return fail(failure, FAIL_INTERNAL,
                    "the pictures of the finished file say other colours than its container");
    if (picture >= 0 && !check_picture_length(claim, facts, failure))
        return false;
    return sound < 0 || check_sound_length(claim, source_stream(source, sound), facts, failure);
}

/* An encoder makes one of frames that are alike and follow one another, shown as long as they were;
 * of nothing but such ones it makes a single picture, which has no time. */
static bool check_animation(const struct claim *claim, const struct facts *facts,
                            struct failure *failure)
{
    if (claim->frames < 2 || facts->pages == claim->frames || facts->pages == 1)
        return true;
    if (facts->pages > claim->frames)
        return same_number("number of frames", claim->frames, facts->pages, failure);
    return check_length("animation", claim->video_s, facts->decoded_video_s, 0.001, failure);
}

bool claim_check_still(const struct claim *claim, const struct facts *facts,
                       struct failure *failure)
{
    if (claim->width > 0 && !same_number("width", claim->width, facts->width, failure))
        return false;
    if (claim->height > 0 && !same_number("height", claim->height, facts->height, failure))
        return false;
    return same_text("colour profile", claim->icc, facts->icc, failure) &&
           check_animation(claim, facts, failure);
}
