/* SPDX-License-Identifier: GPL-3.0-or-later
 * Explicit conversions of pictures. Packed formats are only reordered, by swscale, into the planar
 * format with the same samples; everything that changes values is zscale's, which is told matrix,
 * range, primaries and transfer of both sides. */
#include "private.h"

/* Formats that hold the same samples in another order; and with 10 or 12 bits and alpha, which
 * zscale doesn't take, in more bits, all of which come back as they were. */
static const struct twin {
    const char *packed, *planar;
} twins[] = {
    {"nv12", "yuv420p"},
    {"nv21", "yuv420p"},
    {"nv16", "yuv422p"},
    {"nv24", "yuv444p"},
    {"p010le", "yuv420p10le"},
    {"p016le", "yuv420p16le"},
    {"p210le", "yuv422p10le"},
    {"nv20le", "yuv422p10le"},
    {"yuyv422", "yuv422p"},
    {"uyvy422", "yuv422p"},
    {"yvyu422", "yuv422p"},
    {"y210le", "yuv422p10le"},
    {"uyyvyy411", "yuv411p"},
    {"ayuv64le", "yuva444p16le"},
    {"yuva422p12le", "yuva422p16le"},
    {"yuva444p12le", "yuva444p16le"},
    {"rgb24", "gbrp"},
    {"bgr24", "gbrp"},
    {"rgb0", "gbrp"},
    {"bgr0", "gbrp"},
    {"0rgb", "gbrp"},
    {"0bgr", "gbrp"},
    {"rgb555le", "gbrp"},
    {"rgb565le", "gbrp"},
    {"bgr8", "gbrp"},
    {"rgba", "gbrap"},
    {"bgra", "gbrap"},
    {"argb", "gbrap"},
    {"abgr", "gbrap"},
    {"pal8", "gbrap"},
    {"gbrap10le", "gbrap16le"},
    {"gbrap12le", "gbrap16le"},
    {"ya8", "gbrap"},
    {"rgb48le", "gbrp16le"},
    {"rgb48be", "gbrp16le"},
    {"bgr48le", "gbrp16le"},
    {"x2rgb10le", "gbrp10le"},
    {"rgba64le", "gbrap16le"},
    {"rgba64be", "gbrap16le"},
    {"bgra64le", "gbrap16le"},
    {"ya16le", "gbrap16le"},
    {"ya16be", "gbrap16le"},
    {"monob", "yuv444p"},
    {"monow", "yuv444p"},
    {"gray", "yuv444p"},
    {"gray9le", "yuv444p9le"},
    {"gray10le", "yuv444p10le"},
    {"gray10be", "yuv444p10le"},
    {"gray12le", "yuv444p12le"},
    {"gray12be", "yuv444p12le"},
    {"gray16le", "yuv444p16le"},
    {"gray16be", "yuv444p16le"},
    {"yuv420p10be", "yuv420p10le"},
    {"yuv422p10be", "yuv422p10le"},
    {"yuv444p10be", "yuv444p10le"},
    {"gbrp10be", "gbrp10le"},
    {"gbrp12be", "gbrp12le"},
    {"gbrp16be", "gbrp16le"},
    {"gbrap16be", "gbrap16le"},
};

static const char *planar_twin(const char *pix_fmt)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(twins); i++)
        if (!strcmp(twins[i].packed, pix_fmt))
            return twins[i].planar;
    return NULL;
}

static const AVPixFmtDescriptor *describe(const char *pix_fmt)
{
    return av_pix_fmt_desc_get(av_get_pix_fmt(pix_fmt));
}

/* To another depth, swscale shifts the luma of limited range, and stretches that of full. Alpha is
 * full in both. */
static const char *reorder_range(const struct video_shape *shape, const char *pix_fmt)
{
    const bool same = describe(pix_fmt)->comp[0].depth == shape->depth;
    return same || shape->rgb || shape->depth <= 8 ? "full" : zscale_range(shape->range);
}

/* From planes of RGB to those of another depth swscale goes by YUV, which rounds; to and from
 * packed RGB of 16 bits it shifts. */
static const char *way(const struct video_shape *shape, const char *pix_fmt)
{
    const AVPixFmtDescriptor *from = describe(shape->pix_fmt), *to = describe(pix_fmt);
    const uint64_t planes = AV_PIX_FMT_FLAG_PLANAR | AV_PIX_FMT_FLAG_RGB;
    const bool both = (from->flags & to->flags & planes) == planes;
    return both && from->comp[0].depth != to->comp[0].depth ? "rgba64le" : NULL;
}

static bool reorder(struct chain *chain, struct failure *failure, const char *pix_fmt)
{
    const char *packed = way(&chain->video, pix_fmt);
    if (packed && !reorder(chain, failure, packed))
        return false;
    const char *range = reorder_range(&chain->video, pix_fmt);
    return graph_addf(chain, failure, "scale", "flags",
                      "accurate_rnd+full_chroma_int+full_chroma_inp+bitexact", "in_range", range,
                      "out_range", range, NULL) &&
           graph_addf(chain, failure, "format", "pix_fmts", pix_fmt, NULL);
}

bool chain_unpack(struct chain *chain, struct failure *failure)
{
    const char *planar = planar_twin(chain->video.pix_fmt);
    return !planar || reorder(chain, failure, planar);
}

static bool fits(const struct video_shape *shape, const char *pix_fmt)
{
    const AVPixFmtDescriptor *row = describe(pix_fmt);
    return !(shape->width % (1 << row->log2_chroma_w) || shape->height % (1 << row->log2_chroma_h));
}

/* zimg has no 4:4:0 but of 8 bits. */
static bool is_deep_440(const struct video_shape *shape)
{
    return shape->depth > 8 && shape->chroma_h && !shape->chroma_w;
}

bool chain_even(struct chain *chain, struct failure *failure)
{
    const struct video_shape *shape = &chain->video;
    if (fits(shape, shape->pix_fmt) && !is_deep_440(shape))
        return true;
    const char *full = shape->depth > 12   ? "yuv444p16le"
                       : shape->depth > 10 ? "yuv444p12le"
                       : shape->depth > 8  ? "yuv444p10le"
                                           : "yuv444p";
    return reorder(chain, failure, full);
}

static bool is_rgb(const char *pix_fmt)
{
    const AVPixFmtDescriptor *row = describe(pix_fmt);
    return row && (row->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL));
}

static bool is_float(const char *pix_fmt)
{
    const AVPixFmtDescriptor *row = describe(pix_fmt);
    return row && (row->flags & AV_PIX_FMT_FLAG_FLOAT);
}

int chain_depth(const struct chain *chain, const struct video_shape *shape)
{
    const char *home = chain->home.pix_fmt;
    return is_float(shape->pix_fmt) && home ? describe(home)->comp[0].depth : shape->depth;
}

/* Dither where precision is given up. */
static bool loses_depth(const struct chain *chain, const char *to)
{
    return describe(to)->comp[0].depth < chain_depth(chain, &chain->video);
}

/* Where the colour samples of 4:2:0 go that is made of RGB. */
static const char *siting(const struct video_shape *shape, const char *pix_fmt)
{
    return shape->rgb && describe(pix_fmt)->log2_chroma_h ? shape_siting(shape) : "input";
}

static bool refuse_size(const struct video_shape *shape, const char *pix_fmt,
                        struct failure *failure)
{
    const AVPixFmtDescriptor *row = describe(pix_fmt);
    const int across = 1 << row->log2_chroma_w, down = 1 << row->log2_chroma_h;
    return fail(failure, FAIL_CONFIG,
                "a picture of %dx%d doesn't go into %s, which has one colour for %dx%d pixels: add "
                "a `crop` or `resize` step to multiples of these, for example %dx%d",
                shape->width, shape->height, pix_fmt, across, down,
                MAX(shape->width / across, 1) * across, MAX(shape->height / down, 1) * down);
}

static bool zscale(struct chain *chain, struct failure *failure, const char *pix_fmt,
                   const char *range, const char *matrix)
{
    const struct video_shape *shape = &chain->video;
    bool rgb = is_rgb(pix_fmt);
    if (rgb)
        matrix = "gbr";
    else if (!matrix)
        matrix = shape->rgb ? chain->home.matrix : shape->matrix;
    if (rgb)
        range = "pc";
    else if (!range)
        range = shape->rgb ? chain->home.range : shape->range;
    bool same = !strcmp(pix_fmt, shape->pix_fmt);
    if (same && !strcmp(matrix, shape->matrix) && !strcmp(range, shape->range))
        return true;
    if (chain_color_convert(chain, pix_fmt, range, matrix))
        return true;
    if (!fits(shape, pix_fmt))
        return refuse_size(shape, pix_fmt, failure);
    if (!chain_even(chain, failure))
        return false;
    g_autofree char *in = g_strdup_printf("%d", av_color_space_from_name(shape->matrix));
    g_autofree char *out = g_strdup_printf("%d", av_color_space_from_name(matrix));
    bool built = graph_addf(chain, failure, "zscale", "matrixin", in, "matrix", out, "rangein",
                            zscale_range(shape->range), "range", zscale_range(range), "filter",
                            "bicubic", "chromal", siting(shape, pix_fmt), "dither",
                            loses_depth(chain, pix_fmt) ? "ordered" : "none", NULL);
    if (built && !same)
        built = graph_addf(chain, failure, "format", "pix_fmts", pix_fmt, NULL);
    if (!built)
        return false;
    chain->video.matrix = matrix;
    chain->video.range = range;
    return true;
}

static bool convert(struct chain *chain, struct failure *failure, const char *pix_fmt,
                    const char *range, const char *matrix)
{
    if (!describe(pix_fmt))
        return fail(failure, FAIL_CONFIG, "there is no pixel format \"%s\"", pix_fmt);
    if (g_str_has_prefix(pix_fmt, "yuvj")) {
        g_autofree char *name = g_strdup_printf("yuv%s", pix_fmt + 4);
        return convert(chain, failure, name, "pc", matrix);
    }
    const char *now = planar_twin(chain->video.pix_fmt), *then = planar_twin(pix_fmt);
    bool same_range = !range || is_rgb(pix_fmt) || !strcmp(range, chain->video.range);
    bool same_matrix = !matrix || is_rgb(pix_fmt) || !strcmp(matrix, chain->video.matrix);
    if (!strcmp(chain->video.pix_fmt, pix_fmt) && same_range && same_matrix)
        return true;
    return (!now || reorder(chain, failure, now)) &&
           zscale(chain, failure, then ? then : pix_fmt, range, matrix) &&
           (!then || reorder(chain, failure, pix_fmt));
}

bool chain_format(struct chain *chain, struct failure *failure, const char *pix_fmt)
{
    chain->stepped = true;
    return convert(chain, failure, pix_fmt, NULL, NULL);
}

bool chain_deliver_picture(struct chain *chain, struct failure *failure, const char *pix_fmt,
                           const char *range, const char *matrix)
{
    const char *before = chain->video.range, *matrix_before = chain->video.matrix;
    bool rgb = chain->video.rgb;
    if (!strcmp(pix_fmt, "pal8"))
        return convert(chain, failure, "bgra", NULL, NULL) && chain_palette(chain, failure);
    if (!convert(chain, failure, pix_fmt, range, matrix))
        return false;
    if (!rgb && !chain->video.rgb && strcmp(matrix_before, chain->video.matrix))
        chain_note(chain, "matrix: %s to %s", matrix_before, chain->video.matrix);
    if (!rgb && !chain->video.rgb && strcmp(before, chain->video.range))
        chain_note(chain, "range: %s to %s", zscale_range(before),
                   zscale_range(chain->video.range));
    return true;
}

/* The planar YUV of the source, with the alpha that flows now. */
static const char *home_format(const struct chain *chain)
{
    const char *home = chain->home.pix_fmt;
    const AVPixFmtDescriptor *row = describe(home);
    bool alpha = row->flags & AV_PIX_FMT_FLAG_ALPHA;
    const char *twin = home;
    if (alpha == chain->video.alpha)
        return home;
    for (const AVPixFmtDescriptor *next = NULL; (next = av_pix_fmt_desc_next(next));) {
        bool match = next->log2_chroma_w == row->log2_chroma_w &&
                     next->log2_chroma_h == row->log2_chroma_h &&
                     next->comp[0].depth == row->comp[0].depth &&
                     (next->flags & AV_PIX_FMT_FLAG_PLANAR) &&
                     !(next->flags & (AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_FLOAT)) &&
                     (next->flags & AV_PIX_FMT_FLAG_RGB) == (row->flags & AV_PIX_FMT_FLAG_RGB) &&
                     !!(next->flags & AV_PIX_FMT_FLAG_ALPHA) == chain->video.alpha &&
                     next->nb_components == (chain->video.alpha ? 4 : 3);
        if (match && !planar_twin(next->name))
            return next->name;
        if (match)
            twin = next->name;
    }
    return twin;
}

void chain_stored_shape(const struct chain *chain, struct video_shape *shape)
{
    *shape = chain->video;
    if (!is_float(shape->pix_fmt))
        return;
    shape_set_format(shape, av_get_pix_fmt(home_format(chain)));
    shape->matrix = shape->rgb ? "gbr" : chain->home.matrix;
    shape->range = shape->rgb ? "pc" : chain->home.range;
}

bool chain_plain(struct chain *chain, struct failure *failure)
{
    const struct video_shape *shape = &chain->video;
    const char *target = planar_twin(shape->pix_fmt);
    if (is_float(shape->pix_fmt))
        target = home_format(chain);
    else if (!target)
        target = shape->pix_fmt;
    return chain_format(chain, failure, target);
}

bool chain_deliver_still(struct chain *chain, struct failure *failure, int bit_depth)
{
    const struct video_shape *shape = &chain->video;
    bool deep = bit_depth ? bit_depth > 8 : shape->depth > 8;
    if (shape->sar.num > 0 && shape->sar.num != shape->sar.den) {
        g_autofree char *width =
            g_strdup_printf("%" PRId64, rescale(shape->width, shape->sar.num, shape->sar.den));
        if (!chain_unpack(chain, failure) || !chain_even(chain, failure) ||
            !graph_addf(chain, failure, "zscale", "w", width, "h", "ih", "filter", "lanczos",
                        NULL) ||
            !graph_addf(chain, failure, "setsar", "sar", "1", NULL))
            return false;
    }
    const char *packed = shape->alpha ? (deep ? "rgba64le" : "rgba") : deep ? "rgb48le" : "rgb24";
    return convert(chain, failure, packed, NULL, NULL);
}
