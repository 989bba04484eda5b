/* SPDX-License-Identifier: GPL-3.0-or-later
 * What flows: pixel formats taken apart, colour tags in words and on frames, and which filters
 * change them. */
#include "private.h"

#include <libavfilter/avfilter.h>
#include <libavutil/opt.h>

void shape_set_format(struct video_shape *shape, enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(format);
    if (!row)
        return;
    shape->pix_fmt = row->name;
    shape->depth = row->comp[0].depth;
    shape->alpha = row->flags & AV_PIX_FMT_FLAG_ALPHA;
    shape->rgb = (row->flags & AV_PIX_FMT_FLAG_RGB) || (row->flags & AV_PIX_FMT_FLAG_PAL);
    shape->chroma_w = row->log2_chroma_w;
    shape->chroma_h = row->log2_chroma_h;
}

static int known(int value, int unspecified)
{
    return value < 0 ? unspecified : value;
}

void shape_tag(const struct video_shape *shape, AVFrame *frame)
{
    frame->color_range = !strcmp(shape->range, "pc") ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    frame->colorspace = known(av_color_space_from_name(shape->matrix), AVCOL_SPC_UNSPECIFIED);
    frame->color_primaries =
        known(av_color_primaries_from_name(shape->primaries), AVCOL_PRI_UNSPECIFIED);
    frame->color_trc = known(av_color_transfer_from_name(shape->transfer), AVCOL_TRC_UNSPECIFIED);
    frame->sample_aspect_ratio = av_make_q(shape->sar.num, shape->sar.den);
    frame->interlaced_frame = shape->interlaced;
    frame->top_field_first = shape->interlaced && shape->top_field_first;
    frame->pict_type = AV_PICTURE_TYPE_NONE;
}

bool matrix_luma(const char *matrix, double *red, double *blue)
{
    static const struct {
        const char *matrix;
        double red, blue;
    } rows[] = {
        {"bt709", 0.2126, 0.0722},    {"bt470bg", 0.299, 0.114},   {"smpte170m", 0.299, 0.114},
        {"bt2020nc", 0.2627, 0.0593}, {"smpte240m", 0.212, 0.087}, {"fcc", 0.30, 0.11},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].matrix, matrix)) {
            *red = rows[i].red;
            *blue = rows[i].blue;
            return true;
        }
    return false;
}

const char *shape_siting(const struct video_shape *shape)
{
    if (shape->siting)
        return shape->siting;
    return g_str_has_prefix(shape->primaries, "bt2020") ? "topleft" : "left";
}

static const char *tag_or_unknown(const char *tag)
{
    return tag ? tag : "unknown";
}

void chain_color_tags(struct chain *chain, const struct color_tags *tags)
{
    struct video_shape *shape = &chain->video;
    if (shape->rgb)
        chain->home.matrix = tag_or_unknown(tags->matrix);
    shape->primaries = tag_or_unknown(tags->primaries);
    shape->transfer = tag_or_unknown(tags->transfer);
    shape->mastering_nit = shape->light_nit = 0;
    shape->siting = NULL;
    chain->respaced = true;
    chain->stepped = true;
}

void chain_light_changed(struct chain *chain)
{
    chain->graded = true;
    chain->video.light_nit = 0;
}

const char *zscale_range(const char *range)
{
    return !strcmp(range, "pc") ? "full" : "limited";
}

/* Options that set a colour tag: the value is libav's own number, negative or unspecified when it
 * stays. */
static int option(const AVFilterContext *filter, const char *name, int unset)
{
    int64_t value = unset;
    if (av_opt_get_int(filter->priv, name, 0, &value) < 0 || value < 0)
        return unset;
    return value;
}

static const struct tag_row {
    const char *filter, *matrix, *primaries, *transfer, *range;
    int full; /* the value of `range` that means full range */
} tag_rows[] = {
    {"zscale", "matrix", "primaries", "transfer", "range", 1},
    {"setparams", "colorspace", "color_primaries", "color_trc", "range", AVCOL_RANGE_JPEG},
};

static void take_tags(struct video_shape *shape, const AVFilterContext *filter)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tag_rows); i++) {
        const struct tag_row *row = &tag_rows[i];
        if (strcmp(filter->filter->name, row->filter))
            continue;
        int matrix = option(filter, row->matrix, AVCOL_SPC_UNSPECIFIED);
        int primaries = option(filter, row->primaries, AVCOL_PRI_UNSPECIFIED);
        int transfer = option(filter, row->transfer, AVCOL_TRC_UNSPECIFIED);
        int range = option(filter, row->range, -1);
        if (matrix != AVCOL_SPC_UNSPECIFIED)
            shape->matrix = av_color_space_name(matrix);
        if (primaries != AVCOL_PRI_UNSPECIFIED)
            shape->primaries = av_color_primaries_name(primaries);
        if (transfer != AVCOL_TRC_UNSPECIFIED)
            shape->transfer = av_color_transfer_name(transfer);
        if (range >= 0)
            shape->range = range == row->full ? "pc" : "tv";
    }
}

enum { BOTTOM_FIRST, TOP_FIRST, WHOLE_FRAMES }; /* vf_setparams.c, modes of setfield */

static void take_fields(struct video_shape *shape, int mode)
{
    shape->interlaced = mode != WHOLE_FRAMES;
    shape->top_field_first = mode == TOP_FIRST;
}

void shape_after_graph(struct chain *chain, const AVFilterContext *filter)
{
    static const char *const deinterlacers[] = {"bwdif", NULL};
    struct video_shape *shape = &chain->video;
    const char *name = filter->filter->name;
    bool was_rgb = !strcmp(shape->matrix, "gbr");
    take_tags(shape, filter);
    if (shape->rgb && !was_rgb) {
        shape->matrix = "gbr";
        shape->range = "pc";
    }
    if (!strcmp(name, "setfield"))
        take_fields(shape, option(filter, "mode", WHOLE_FRAMES));
    if (g_strv_contains(deinterlacers, name)) {
        shape->interlaced = false;
        chain->filtered = true;
    }
}
