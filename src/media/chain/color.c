/* SPDX-License-Identifier: GPL-3.0-or-later
 * Grades of moving picture: a stage of ours (color/render.h) from the samples that flow to those
 * that are wanted. Which are wanted may turn out later: until another stage follows, the stage is
 * open, and takes further grades and a conversion into itself. */
#include "base/slices.h"
#include "color/render.h"
#include "media/frame.h"
#include "private.h"

#include <libavutil/imgutils.h>

struct color_stage {
    struct stage stage;
    struct slot slot;
    struct grade *grade;
    struct video_shape before, after; /* what flows in, and out */
    struct raster from, to;
    enum AVPixelFormat format; /* that it gives */
    int width, height;
    bool fields, dither, fed;
    struct render *render[2]; /* made with the first frame; of the fields where there are two */
    AVBufferPool *frames;
    struct slices *slices;
};

/* A frame, or one of its fields, on its way. */
struct passage {
    const struct render *render;
    struct raster_planes in, out;
    gint failed; /* atomic */
};

/* --- rasters --- */

/* H.273, figure 8 and table 2. */
static void set_siting(const char *siting, struct raster *raster)
{
    static const char *const between[] = {"center", "top", "bottom", NULL};
    raster->across = g_strv_contains(between, siting) ? SITED_BETWEEN : SITED_ON;
    raster->down = g_str_has_prefix(siting, "top") ? SITED_ON : SITED_BETWEEN;
}

/* Planar, in the machine's order, with three colours, in whole bytes or pairs of them. */
static bool is_covered(const AVPixFmtDescriptor *row)
{
    const uint64_t never = AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                           AV_PIX_FMT_FLAG_HWACCEL;
    const bool real = row->flags & AV_PIX_FMT_FLAG_FLOAT, rgb = row->flags & AV_PIX_FMT_FLAG_RGB;
    const AVComponentDescriptor *const comp = row->comp;
    const int bytes = real ? 4 : comp[0].depth > 8 ? 2 : 1;
    for (int i = 0; i < 3; i++)
        if (comp[i].step != bytes || comp[i].shift || comp[i].plane == comp[(i + 1) % 3].plane)
            return false;
    return (row->flags & AV_PIX_FMT_FLAG_PLANAR) && !(row->flags & never) &&
           row->nb_components >= 3 && row->log2_chroma_w <= 1 && row->log2_chroma_h <= 1 &&
           comp[0].depth <= (real ? 32 : 16) && (!real || rgb);
}

static bool raster_of(const struct video_shape *shape, const char *pix_fmt, const char *matrix,
                      const char *range, struct raster *raster)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(av_get_pix_fmt(pix_fmt));
    if (!row || !is_covered(row))
        return false;
    *raster =
        (struct raster){.bits = row->comp[0].depth,
                        .chroma_w = row->log2_chroma_w,
                        .chroma_h = row->log2_chroma_h,
                        .rgb = row->flags & AV_PIX_FMT_FLAG_RGB,
                        .full_range = (row->flags & AV_PIX_FMT_FLAG_RGB) || !strcmp(range, "pc")};
    set_siting(shape_siting(shape), raster);
    return raster->rgb || matrix_luma(matrix, &raster->red_weight, &raster->blue_weight);
}

/* Of so many rows; of two fields every other one. */
static int rows_of(int rows, bool fields, int field)
{
    return fields ? (rows - field + 1) / 2 : rows;
}

/* libav keeps the planes of RGB as G, B, R. */
static struct raster_planes planes_of(const AVFrame *frame, bool rgb, bool fields, int field)
{
    struct raster_planes planes = {.chroma_rows = rows_of((frame->height + 1) / 2, fields, field)};
    for (int p = 0; p < 4; p++) {
        const int from = rgb && p < 3 ? (p + 2) % 3 : p;
        if (!frame->data[from])
            continue;
        planes.plane[p] = frame->data[from] + field * frame->linesize[from];
        planes.stride[p] = (ptrdiff_t)frame->linesize[from] * (1 + fields);
    }
    return planes;
}

/* --- running --- */

static void pass_rows(void *data, int top, int bottom)
{
    struct passage *passage = data;
    if (!render_rows(passage->render, &passage->in, &passage->out, top, bottom))
        g_atomic_int_set(&passage->failed, 1);
}

static bool render_field(struct color_stage *color, const AVFrame *in, const AVFrame *out,
                         int field)
{
    struct passage passage = {color->render[field],
                              planes_of(in, color->from.rgb, color->fields, field),
                              planes_of(out, color->to.rgb, color->fields, field), 0};
    slices_run(color->slices, rows_of(color->height, color->fields, field), pass_rows, &passage);
    return !passage.failed;
}

static bool allocate(struct color_stage *color, AVFrame *out, struct failure *failure)
{
    const int size = av_image_get_buffer_size(color->format, color->width, color->height, 64);
    if (!color->frames && size > 0)
        color->frames = av_buffer_pool_init((size_t)size + 64, av_buffer_alloc);
    out->buf[0] = color->frames ? av_buffer_pool_get(color->frames) : NULL;
    out->format = color->format;
    out->width = color->width;
    out->height = color->height;
    return (out->buf[0] && av_image_fill_arrays(out->data, out->linesize, out->buf[0]->data,
                                                color->format, out->width, out->height, 64) >= 0) ||
           fail(failure, FAIL_MEMORY, "no memory for a frame");
}

static bool check_frame(struct color_stage *color, const AVFrame *frame, struct failure *failure)
{
    const bool first = !color->fed;
    color->fed = true;
    if (frame_is(frame, av_get_pix_fmt(color->before.pix_fmt), color->width, color->height))
        return true;
    return first ? fail(failure, FAIL_INPUT_DAMAGED, FRAME_IS_ANOTHER)
                 : fail(failure, FAIL_UNSUPPORTED, PICTURE_CHANGES,
                        frame->pts * av_q2d(color->stage.time_base));
}

static void start(struct color_stage *color)
{
    for (int field = 0; field <= color->fields; field++)
        color->render[field] = render_create(&color->from, &color->to, color->width,
                                             rows_of(color->height, color->fields, field),
                                             color->grade, color->dither);
    color->slices = slices_create(color->stage.chain->threads);
}

static bool run(struct color_stage *color, const AVFrame *in, AVFrame *out, struct failure *failure)
{
    if (!allocate(color, out, failure))
        return false;
    if (av_frame_copy_props(out, in) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    shape_tag(&color->after, out);
    out->chroma_location = color->to.chroma_w
                               ? av_chroma_location_from_name(shape_siting(&color->after))
                               : AVCHROMA_LOC_UNSPECIFIED;
    if (!color->slices)
        start(color);
    for (int field = 0; field <= color->fields; field++)
        if (!render_field(color, in, out, field))
            return fail(failure, FAIL_MEMORY, "no memory to grade a frame");
    return true;
}

static bool color_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct color_stage *color = (struct color_stage *)stage;
    if (!frame) {
        color->slot.ended = true;
        return true;
    }
    color->slot.frame = frame_new();
    const bool done =
        check_frame(color, frame, failure) && run(color, frame, color->slot.frame, failure);
    av_frame_free(&frame);
    return done;
}

static enum chain_got color_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct color_stage *)stage)->slot, out);
}

static void color_destroy(struct stage *stage)
{
    struct color_stage *color = (struct color_stage *)stage;
    slices_destroy(color->slices);
    av_frame_free(&color->slot.frame);
    av_buffer_pool_uninit(&color->frames);
    render_destroy(color->render[0]);
    render_destroy(color->render[1]);
    grade_destroy(color->grade);
}

static const struct stage_class color_class = {"color", color_put, color_get, NULL, color_destroy};

/* --- building --- */

/* The stage at the end, where it is one of these and gives float still. */
static struct color_stage *open_stage(const struct chain *chain)
{
    struct color_stage *color =
        chain->stages->len ? chain->stages->pdata[chain->stages->len - 1] : NULL;
    return color && color->stage.class == &color_class && color->to.bits > 16 ? color : NULL;
}

static void set_float(struct chain *chain, struct color_stage *color)
{
    color->format = chain->video.alpha ? AV_PIX_FMT_GBRAPF32 : AV_PIX_FMT_GBRPF32;
    color->to = (struct raster){.bits = 32, .rgb = true, .full_range = true};
    shape_set_format(&chain->video, color->format);
    chain->video.matrix = "gbr";
    chain->video.range = "pc";
    color->after = chain->video;
}

static bool starts(struct chain *chain, struct raster *from, struct failure *failure)
{
    const struct video_shape *shape = &chain->video;
    return chain_unpack(chain, failure) &&
           (raster_of(shape, shape->pix_fmt, shape->matrix, shape->range, from) ||
            (chain_format(chain, failure, shape->alpha ? "gbrapf32le" : "gbrpf32le") &&
             raster_of(shape, shape->pix_fmt, shape->matrix, shape->range, from)));
}

static struct color_stage *add_stage(struct chain *chain, const struct raster *from,
                                     struct grade *grade)
{
    const struct video_shape before = chain->video;
    struct color_stage *color = chain_add(chain, &color_class, sizeof *color, chain->time_base);
    color->grade = grade;
    color->before = before;
    color->from = *from;
    color->width = before.width;
    color->height = before.height;
    color->fields = before.interlaced && before.height > 2;
    set_float(chain, color);
    return color;
}

bool chain_grade(struct chain *chain, struct failure *failure, struct grade *grade)
{
    struct color_stage *color = open_stage(chain);
    struct raster from;
    chain->graded = chain->stepped = true;
    chain->video.light_nit = 0;
    if (color) {
        grade_join(color->grade, grade);
        return true;
    }
    if (!starts(chain, &from, failure)) {
        grade_destroy(grade);
        return false;
    }
    add_stage(chain, &from, grade);
    return true;
}

bool chain_color_convert(struct chain *chain, const char *pix_fmt, const char *range,
                         const char *matrix)
{
    struct color_stage *color = open_stage(chain);
    struct raster from, to;
    const struct video_shape *shape = &chain->video;
    if (!raster_of(shape, shape->pix_fmt, shape->matrix, shape->range, &from) ||
        !raster_of(shape, pix_fmt, matrix, range, &to) || to.bits > 16)
        return false;
    const bool by_fields = shape->interlaced && from.chroma_h != to.chroma_h;
    const bool odd = shape->width % (1 << to.chroma_w) || shape->height % (1 << to.chroma_h);
    if (from.bits <= 16 && !by_fields && !odd)
        return false;
    if (!color)
        color = add_stage(chain, &from, grade_create());
    color->to = to;
    color->format = av_get_pix_fmt(pix_fmt);
    color->dither = chain_depth(chain, &color->before) > to.bits;
    shape_set_format(&chain->video, color->format);
    chain->video.matrix = to.rgb ? "gbr" : matrix;
    chain->video.range = to.rgb ? "pc" : range;
    color->after = chain->video;
    return true;
}

void chain_take_color(struct chain *branch, struct chain *trunk)
{
    struct color_stage *color = open_stage(trunk);
    if (!color || branch->stages->len)
        return;
    g_ptr_array_set_size(trunk->stages, (int)trunk->stages->len - 1);
    trunk->video = color->before;
    color->stage.chain = branch;
    g_ptr_array_add(branch->stages, color);
}
