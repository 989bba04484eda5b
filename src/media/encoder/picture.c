/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening encoders of moving picture. */
#include "../chain/private.h"
#include "base/timecode.h"
#include "media/frame.h"
#include "model/holds.h"
#include "model/pixel_format.h"
#include "private.h"

#include <libavutil/cpu.h>
#include <math.h>
#include <stdlib.h>

/* clang-format off */
static const struct codec_traits traits[] = {
    /*  codec      bitrate control gop    b      limited even   min_width min_height max_fps */
    {"h264",       true,  true,  true,  true,  true, true, 2, 2, 0},
    {"hevc",       true,  true,  true,  true,  true, true, 16, 16, 0},
    {"av1",        true,  true,  true,  false, true, true, 64, 64, 240},
    {"vp9",        true,  true,  true,  false, true, false, 2, 2, 0},
    {"prores",     false, false, false, false, true, true, 2, 2, 0},
    {"dnxhd",      true,  false, false, false, true, true, 256, 120, 0},
    {"mpeg2video", true,  true,  true,  true,  true, true, 16, 16, 60},
    {"ffv1",       false, false, true,  false, false, false, 2, 2, 0},
    {"mjpeg",      true,  false, false, false, false, false, 2, 2, 0},
    {"gif",        false, false, false, false, false, false, 1, 1, 50},
    {"webp_anim",  false, false, false, false, true, false, 2, 2, 1000},
    {"rawvideo",   false, false, false, false, false, false, 2, 2, 0},
    {"dpx",        false, false, false, false, false, false, 1, 1, 0},
    {"exr",        false, false, false, false, false, false, 1, 1, 0},
    {"png",        false, false, false, false, false, false, 1, 1, 0},
    {"tiff",       false, false, false, false, false, false, 1, 1, 0},
};
/* clang-format on */

const struct codec_traits *codec_traits(const char *codec)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(traits); i++)
        if (!strcmp(traits[i].codec, codec))
            return &traits[i];
    return &traits[0];
}

static bool takes(const AVCodec *codec, const char *pix_fmt)
{
    enum AVPixelFormat format = av_get_pix_fmt(pix_fmt);
    if (format == AV_PIX_FMT_NONE)
        return false;
    for (const enum AVPixelFormat *one = codec->pix_fmts; one && *one != AV_PIX_FMT_NONE; one++)
        if (*one == format)
            return true;
    return !codec->pix_fmts;
}

static bool has_alpha(const char *pix_fmt)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(av_get_pix_fmt(pix_fmt));
    return row && row->flags & AV_PIX_FMT_FLAG_ALPHA;
}

/* Those of the codec that its encoder takes here. */
static char *takes_of(const AVCodec *codec, const struct codec *row)
{
    g_auto(GStrv) names = g_strsplit(row && row->pix_fmts ? row->pix_fmts : "", " ", -1);
    GString *list = g_string_new(NULL);
    for (char **name = names; *name; name++)
        if (takes(codec, *name))
            g_string_append_printf(list, "%s%s", list->len ? " " : "", *name);
    return g_string_free(list, FALSE);
}

/* `alpha`: it may have some. */
static const char *nearest_format(const AVCodec *codec, const struct codec *row, bool alpha,
                                  const struct video_shape *shape)
{
    const struct pixel_format flows = {.depth = shape->depth,
                                       .chroma_w = shape->chroma_w,
                                       .chroma_h = shape->chroma_h,
                                       .rgb = shape->rgb,
                                       .alpha = shape->alpha,
                                       .grey = strstr(shape->pix_fmt, "gray")};
    g_autofree char *list = takes_of(codec, row);
    const char *best = pixel_format_nearest(list, &flows, alpha);
    if (!best && codec->pix_fmts)
        best = av_get_pix_fmt_name(codec->pix_fmts[0]);
    return best ? best : shape->pix_fmt;
}

static bool refuse_format(const AVCodec *codec, const char *asked, struct failure *failure)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (const enum AVPixelFormat *one = codec->pix_fmts; one && *one != AV_PIX_FMT_NONE; one++)
        g_string_append_printf(list, "%s%s", list->len ? ", " : "", av_get_pix_fmt_name(*one));
    return fail(failure, FAIL_CONFIG, "encoder %s doesn't take pixel format %s (allowed: %s)",
                codec->name, asked, list->str);
}

/* "yuv422p10" is what people write, "yuv422p10le" what libav calls it. */
static const char *native_name(const char *pix_fmt)
{
    enum AVPixelFormat format = av_get_pix_fmt(pix_fmt);
    return format == AV_PIX_FMT_NONE ? pix_fmt : av_get_pix_fmt_name(format);
}

/* Odd sizes lose a line or column where chroma is subsampled. */
static bool fit_size(const struct codec_traits *trait, const struct video_shape *shape,
                     const char *codec, struct encoder_wants *wants, struct failure *failure)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(av_get_pix_fmt(wants->pix_fmt));
    bool stays = !trait->even && !strcmp(wants->pix_fmt, shape->pix_fmt);
    wants->width =
        stays ? shape->width : shape->width >> format->log2_chroma_w << format->log2_chroma_w;
    wants->height =
        stays ? shape->height : shape->height >> format->log2_chroma_h << format->log2_chroma_h;
    if (wants->width >= trait->min_width && wants->height >= trait->min_height)
        return true;
    return fail(failure, FAIL_CONFIG,
                "a picture of %dx%d is too small for %s in %s, which begins at %dx%d: enlarge it "
                "with a `resize` step and `upscale: true`, or take another codec",
                shape->width, shape->height, codec, wants->pix_fmt, trait->min_width,
                trait->min_height);
}

static bool fits_fields(const struct encode_video *encode, const struct video_shape *shape,
                        const char *codec, struct failure *failure)
{
    if (shape->interlaced && encode->fields == FIELDS_PROGRESSIVE)
        return fail(failure, FAIL_CONFIG,
                    "the picture is made of fields, but `fields: progressive` is asked: add a "
                    "`deinterlace` step");
    if (!shape->interlaced || encode_holds_fields(codec_find(codec), encode))
        return true;
    return fail(failure, FAIL_CONFIG,
                "the picture is interlaced, which %s can't hold here: add a `deinterlace` step",
                encode->profile ? encode->profile : codec);
}

static bool holds_alpha(const char *container, const char *codec, const char *pix_fmt,
                        struct failure *failure)
{
    if (!has_alpha(pix_fmt) || container_holds_alpha(container, codec))
        return true;
    g_autofree char *able = holders(HOLDS_ALPHA);
    return fail(failure, FAIL_CONFIG,
                "a %s file has no place for the transparency of %s that `pix_fmt: %s` asks for: "
                "write one of %s, or take another format",
                container, codec, pix_fmt, able);
}

static bool holds_light(const struct video_shape *shape, const char *codec, struct failure *failure)
{
    if (codec_colors(codec_find(codec)) != CODEC_IS_LINEAR || !strcmp(shape->transfer, "linear"))
        return true;
    return fail(failure, FAIL_CONFIG,
                "%s holds linear light, and the picture has the transfer %s: put a `color` step to "
                "linear light before it, for example color: {to: linear-rec709}",
                codec, shape->transfer);
}

bool encoder_wants_picture(const struct encode_video *encode, const struct video_shape *shape,
                           const char *codec, const char *container, struct encoder_wants *wants,
                           struct failure *failure)
{
    *wants = (struct encoder_wants){0};
    wants->codec = encoder_find(encode->encoder, codec, failure);
    if (!wants->codec)
        return false;
    const struct codec_traits *trait = codec_traits(codec);
    g_autofree char *profile = profile_name(encode, codec, "");
    if (!fits_fields(encode, shape, codec, failure) || !holds_light(shape, codec, failure))
        return false;
    if (trait->max_fps && rational_value(shape->fps) > trait->max_fps)
        return fail(failure, FAIL_CONFIG,
                    "%g frames a second are too many for %s, whose encoder takes %d: add an `fps` "
                    "step, for example fps: %d",
                    rational_value(shape->fps), codec, trait->max_fps, trait->max_fps);
    const struct profile_row *row = encode->profile ? profile_find(codec, profile) : NULL;
    if (encode->pix_fmt)
        wants->pix_fmt = native_name(encode->pix_fmt);
    else if (row)
        wants->pix_fmt = shape->alpha && row->alpha ? row->alpha : row->pix_fmt;
    else
        wants->pix_fmt = nearest_format(wants->codec, codec_find(codec),
                                        container_holds_alpha(container, codec), shape);
    if (!takes(wants->codec, wants->pix_fmt))
        return refuse_format(wants->codec, wants->pix_fmt, failure);
    if (!holds_alpha(container, codec, wants->pix_fmt, failure))
        return false;
    if (!fit_size(trait, shape, codec, wants, failure) ||
        !profile_fits(encode, shape, codec, wants->pix_fmt, failure))
        return false;
    bool full = g_str_has_prefix(wants->pix_fmt, "yuvj");
    wants->range = full ? "pc" : trait->limited_range ? "tv" : NULL;
    static const char *const of_601[] = {"mjpeg", "webp_anim",
                                         NULL}; /* they have no other matrix */
    wants->matrix = g_strv_contains(of_601, codec) ? "bt470bg" : NULL;
    wants->constant_rate = codec_is_steady(codec_find(codec));
    return true;
}

/* A setting that the codec has no use for is a mistake in the pipeline. */
static bool check_settings(const struct encode_video *encode, const struct codec_traits *trait,
                           const AVCodec *codec, struct failure *failure)
{
    const struct {
        bool given, allowed;
        const char *name;
    } rows[] = {
        {encode->bitrate > 0, trait->bitrate, "bitrate"},
        {encode->maxrate > 0, trait->rate_control, "maxrate"},
        {encode->bufsize > 0, trait->rate_control, "bufsize"},
        {encode->gop > 0 || encode->keyint.kind != POSITION_NONE, trait->gop, "gop"},
        {encode->b_frames >= 0, trait->b_frames, "b_frames"},
        {!isnan(encode->crf), encoder_has_option(codec, "crf"), "crf"},
        {encode->preset, encoder_has_option(codec, "preset"), "preset"},
        {encode->tune, encoder_has_option(codec, "tune"), "tune"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].given && !rows[i].allowed)
            return fail(failure, FAIL_CONFIG, "encoder %s has no use for `%s`: remove it",
                        codec->name, rows[i].name);
    return true;
}

static int gop_of(const struct encode_video *encode, struct rational nominal_fps)
{
    if (encode->gop > 0)
        return encode->gop;
    double fps = nominal_fps.num ? rational_value(nominal_fps) : 25;
    if (encode->keyint.kind == POSITION_SECONDS)
        return MAX((int)ceil(encode->keyint.value * fps - 0.5), 1);
    if (encode->keyint.kind == POSITION_FRAMES)
        return MAX((int)lround(encode->keyint.value), 1);
    return 0;
}

static void add_rate(GPtrArray *options, const struct encode_video *encode, const char *codec,
                     AVCodecContext *context)
{
    const struct codec *row = codec_find(codec);
    bool has_crf = encoder_has_option(context->codec, "crf");
    double crf = encode->crf;
    if (isnan(crf) && !(encode->bitrate > 0) && row && !option_is_among(options, "qp"))
        crf = row->crf_default;
    if (has_crf && !isnan(crf)) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        option_add(options, "crf", "%s", g_ascii_dtostr(text, sizeof(text), crf));
        context->bit_rate = 0;
    }
    if (encode->bitrate > 0)
        context->bit_rate = llround(encode->bitrate);
    else if (context->codec_id == AV_CODEC_ID_MJPEG) {
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = 3 * FF_QP2LAMBDA;
    }
    if (encode->maxrate > 0)
        context->rc_max_rate = llround(encode->maxrate);
    if (encode->bufsize > 0)
        context->rc_buffer_size = (int)MIN(llround(encode->bufsize), INT_MAX);
}

/* Levels are an option of x264, a parameter of x265 and a number elsewhere. */
static void add_level(GPtrArray *options, const struct encode_video *encode, const AVCodec *codec)
{
    if (!encode->level)
        return;
    if (!strcmp(codec->name, "libx265"))
        option_join(options, "x265-params", "level-idc=%s", encode->level);
    else
        option_add(options, "level", "%s", encode->level);
}

/* Quiet, with the threads that the task may have; what each encoder calls that. */
static void add_manners(GPtrArray *options, const AVCodec *codec, int threads,
                        const struct encode_video *encode)
{
    if (!strcmp(codec->name, "libx265")) {
        option_join(options, "x265-params", "log-level=error:pools=%d%s", threads,
                    threads == 1 ? ":frame-threads=1" : "");
    } else if (!strcmp(codec->name, "libsvtav1")) {
        option_join(options, "svtav1-params", "lp=%d", threads);
    } else if (!strcmp(codec->name, "libvpx-vp9")) {
        option_add(options, "row-mt", "%d", threads > 1);
        if (!(encode->bitrate > 0))
            option_add(options, "b", "0");
    } else if (!strcmp(codec->name, "prores_ks")) {
        option_add(options, "vendor", "apl0");
    }
}

/* What is usual where pictures are numbered. */
static void add_usual(GPtrArray *options, const AVCodec *codec)
{
    static const char *const usual[][3] = {
        {"exr", "format", "half"},
        {"exr", "compression", "zip16"},
        {"tiff", "compression_algo", "lzw"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(usual); i++)
        if (!strcmp(codec->name, usual[i][0]))
            option_add(options, usual[i][1], "%s", usual[i][2]);
}

/* The AVX-512 code of x264 164 for its macroblock tree (rc.mbtree) reads memory that nobody set:
 * filled with other bytes, it gives another file; with AVX2 and below it doesn't, and the file is
 * that of a machine without AVX-512. */
static void avoid_unset_memory(GPtrArray *options)
{
    if (av_get_cpu_flags() & AV_CPU_FLAG_AVX512)
        option_join(options, "x264-params", "asm=avx2");
}

static void add_user(GPtrArray *options, const GPtrArray *user)
{
    for (guint i = 0; user && i + 1 < user->len; i += 2) {
        const char *key = user->pdata[i], *value = user->pdata[i + 1];
        bool list = g_str_has_suffix(key, "-params");
        guint at = 0;
        while (at < options->len && strcmp(options->pdata[at], key))
            at += 2;
        if (list || at >= options->len) {
            option_add(options, key, "%s", value);
        } else {
            g_free(options->pdata[at + 1]);
            options->pdata[at + 1] = g_strdup(value);
        }
    }
}

/* The headers of MPEG-2's groups of pictures count from the first frame's. They hold drop frames at
 * 29.97 alone (ISO/IEC 13818-2, 6.3.8). */
static void add_timecode(GPtrArray *options, const struct video_shape *shape)
{
    struct timecode first;
    if (timecode_parse(shape->timecode, shape->fps, &first) && first.rate &&
        (!first.drop || first.rate == 30))
        option_add(options, "gop_timecode", "%s", shape->timecode);
}

static void set_picture(AVCodecContext *context, const struct video_shape *shape)
{
    AVFrame *tags = frame_new();
    context->width = shape->width;
    context->height = shape->height;
    context->pix_fmt = av_get_pix_fmt(shape->pix_fmt);
    shape_tag(shape, tags);
    context->color_range = tags->color_range;
    context->colorspace = tags->colorspace;
    context->color_primaries = tags->color_primaries;
    context->color_trc = tags->color_trc;
    context->sample_aspect_ratio = tags->sample_aspect_ratio;
    if (shape->chroma_w == 1 && shape->chroma_h == 1)
        context->chroma_sample_location = av_chroma_location_from_name(shape_siting(shape));
    av_frame_free(&tags);
    context->field_order = AV_FIELD_PROGRESSIVE;
    if (shape->interlaced) {
        context->field_order = shape->top_field_first ? AV_FIELD_TT : AV_FIELD_BB;
        context->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    }
}

static unsigned fourcc(const char *tag)
{
    return tag && strlen(tag) == 4 ? MKTAG(tag[0], tag[1], tag[2], tag[3]) : 0;
}

/* RFC 9043: the version with slices, a checksum in each, and pictures that say what their fields
 * are. */
enum { FFV1_VERSION = 3 };

/* libavcodec 5.1 divides the smallest pictures into slices of single pixels, of which it loses
 * some; a picture beyond 352x288 it always divides. */
enum { FFV1_DIVIDED_FROM = 16 };

static void set_ffv1(AVCodecContext *context)
{
    context->level = FFV1_VERSION;
    if (MIN(context->width, context->height) < FFV1_DIVIDED_FROM)
        context->slices = context->width <= 352 && context->height <= 288;
}

struct encoder *encoder_open_picture(const struct encode_video *encode,
                                     const struct video_shape *shape,
                                     const struct encoder_setup *setup, struct failure *failure)
{
    const AVCodec *codec = encoder_find(encode->encoder, setup->codec, failure);
    struct encoder *encoder = codec ? encoder_new(codec, setup, failure) : NULL;
    if (!encoder)
        return NULL;
    AVCodecContext *context = encoder->context;
    g_autoptr(GPtrArray) options = g_ptr_array_new_with_free_func(g_free);
    set_picture(context, shape);
    if (codec->id == AV_CODEC_ID_FFV1)
        set_ffv1(context);
    if (encode->strict)
        encoder_pin(context);
    context->framerate = av_make_q((int)setup->nominal_fps.num, (int)setup->nominal_fps.den);
    bool mov =
        setup->container && (!strcmp(setup->container, "mp4") || !strcmp(setup->container, "mov"));
    if (encode->tag)
        context->codec_tag = fourcc(encode->tag);
    else if (codec->id == AV_CODEC_ID_HEVC && mov)
        context->codec_tag = fourcc("hvc1");
    int gop = gop_of(encode, setup->nominal_fps);
    if (gop)
        context->gop_size = gop;
    if (encode->b_frames >= 0)
        context->max_b_frames = encode->b_frames;
    add_usual(options, codec);
    if (encoder_has_option(codec, "gop_timecode"))
        add_timecode(options, shape);
    add_user(options, encode->options);
    add_rate(options, encode, setup->codec, context);
    g_autofree char *profile = profile_name(encode, setup->codec, shape->pix_fmt);
    profile_add(options, setup->codec, profile);
    if (encode->preset)
        option_add(options, "preset", "%s", encode->preset);
    if (encode->tune)
        option_add(options, "tune", "%s", encode->tune);
    add_level(options, encode, codec);
    add_manners(options, codec, context->thread_count, encode);
    /* x264's frame threads wait for one another: half as many again keep the cores busy, as its own
     * default has it. What it writes doesn't depend on their number at constant quality. */
    if (!strcmp(codec->name, "libx264") && context->thread_count > 1)
        context->thread_count += context->thread_count / 2;
    if (encode->strict && !strcmp(codec->name, "libx264"))
        avoid_unset_memory(options);
    if (shape->interlaced && !shape->top_field_first && !strcmp(codec->name, "libx264"))
        option_join(options, "x264-params", "bff=1");
    if (setup->hdr && codec->id == AV_CODEC_ID_HEVC && !strcmp(codec->name, "libx265"))
        hdr_to_x265(setup->hdr, options);
    if (!check_settings(encode, codec_traits(setup->codec), codec, failure) ||
        !options_apply(context, options, failure) || !encoder_start(encoder, failure)) {
        encoder_close(encoder);
        return NULL;
    }
    return encoder;
}
