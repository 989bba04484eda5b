/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still picture laid over a moving one: read by libvips, brought once to the picture's own
 * samples, laid on every frame. libavfilter's overlay has no depth above 8 bits for most formats.
 */
#include "private.h"

#include "media/still.h"

#include <math.h>
#include <vips/vips.h>

static void vips_failed(struct failure *failure, const char *what)
{
    g_autofree char *text = g_strdup(vips_error_buffer());
    vips_error_clear();
    fail(failure, FAIL_CONFIG, "%s: %s", what, g_strstrip(text));
}

/* sRGB with 8-bit straight alpha, `width` wide (0: as it is). */
static VipsImage *load(int fd, int width, struct failure *failure)
{
    int own_width, own_height;
    if (!still_size(fd, &own_width, &own_height, failure))
        return NULL;
    VipsSource *source = vips_source_new_from_descriptor(fd);
    VipsImage *at[5] = {NULL};
    VipsImage *out = NULL;
    if (source && (at[0] = vips_image_new_from_source(source, "", "memory", TRUE, NULL)) &&
        !vips_colourspace(at[0], &at[1], VIPS_INTERPRETATION_sRGB, NULL) &&
        (vips_image_hasalpha(at[1]) ? !vips_copy(at[1], &at[2], NULL)
                                    : !vips_addalpha(at[1], &at[2], NULL)) &&
        !vips_thumbnail_image(at[2], &at[3], width ? width : at[2]->Xsize, "height", VIPS_MAX_COORD,
                              NULL) &&
        !vips_cast_uchar(at[3], &at[4], NULL) && at[4]->Bands == 4)
        out = vips_image_copy_memory(at[4]);
    g_clear_object(&source);
    if (!out)
        vips_failed(failure, "the picture to lay over can't be read");
    for (unsigned i = 0; i < G_N_ELEMENTS(at); i++)
        g_clear_object(&at[i]);
    return out;
}

/* The samples of one plane that it lays over the picture's, and how solid each is in 65535ths. */
struct sheet {
    int width, height, step_x, step_y; /* in samples; pixels from one to the next */
    guint16 *value, *alpha;
};

struct overlay_stage {
    struct stage stage;
    struct slot slot;
    struct laid laid;
    int width, height, bytes, planes;
    struct sheet sheet[4];
};

/* The mean of the pixels that share a sample, by how solid they are. */
static void mix_sample(const VipsImage *image, const struct solid *solid, double opacity, int plane,
                       struct sheet *sheet, int x, int y)
{
    double alpha = 0, value = 0;
    int right = MIN((x + 1) * sheet->step_x, image->Xsize);
    int below = MIN((y + 1) * sheet->step_y, image->Ysize);
    for (int j = y * sheet->step_y; j < below; j++)
        for (int i = x * sheet->step_x; i < right; i++) {
            double solidity = VIPS_IMAGE_ADDR(image, i, j)[3] / 255.;
            alpha += solidity;
            value += solidity * solid[(ptrdiff_t)j * image->Xsize + i].plane[plane];
        }
    size_t at = (size_t)y * sheet->width + x;
    sheet->value[at] = alpha > 0 ? (guint16)lround(value / alpha) : 0;
    sheet->alpha[at] = (guint16)lround(65535 * opacity * alpha / (sheet->step_x * sheet->step_y));
}

static struct sheet make_sheet(const VipsImage *image, const struct solid *solid, double opacity,
                               int plane, int step_x, int step_y)
{
    struct sheet sheet = {.width = (image->Xsize + step_x - 1) / step_x,
                          .height = (image->Ysize + step_y - 1) / step_y,
                          .step_x = step_x,
                          .step_y = step_y};
    size_t samples = (size_t)sheet.width * sheet.height;
    sheet.value = g_new(guint16, samples);
    sheet.alpha = g_new(guint16, samples);
    for (int y = 0; y < sheet.height; y++)
        for (int x = 0; x < sheet.width; x++)
            mix_sample(image, solid, opacity, plane, &sheet, x, y);
    return sheet;
}

static void make_sheets(struct overlay_stage *stage, const struct video_shape *shape,
                        VipsImage *image, double opacity)
{
    size_t pixels = (size_t)image->Xsize * image->Ysize;
    g_autofree struct solid *solid = g_new(struct solid, pixels);
    for (int y = 0; y < image->Ysize; y++)
        for (int x = 0; x < image->Xsize; x++) {
            const VipsPel *p = VIPS_IMAGE_ADDR(image, x, y);
            solid[(ptrdiff_t)y * image->Xsize + x] =
                solid_of(shape, (struct rgba){p[0], p[1], p[2], 255});
        }
    stage->width = image->Xsize;
    stage->height = image->Ysize;
    stage->planes = av_pix_fmt_count_planes(av_get_pix_fmt(shape->pix_fmt));
    for (int i = 0; i < stage->planes; i++) {
        bool chroma = (i == 1 || i == 2) && !shape->rgb;
        stage->sheet[i] = make_sheet(image, solid, opacity, i, 1 << (chroma ? shape->chroma_w : 0),
                                     1 << (chroma ? shape->chroma_h : 0));
    }
}

static unsigned blend(unsigned below, unsigned value, unsigned alpha)
{
    return (unsigned)(((uint64_t)below * (65535 - alpha) + (uint64_t)value * alpha + 32767) /
                      65535);
}

static void lay(const struct sheet *sheet, struct plane plane, int x, int y, int bytes)
{
    for (int j = MAX(0, -y); j < sheet->height && y + j < plane.height; j++) {
        uint8_t *line = plane.data + (ptrdiff_t)(y + j) * plane.stride;
        const guint16 *value = sheet->value + (size_t)j * sheet->width;
        const guint16 *alpha = sheet->alpha + (size_t)j * sheet->width;
        for (int i = MAX(0, -x); i < sheet->width && x + i < plane.width; i++) {
            if (bytes == 2)
                ((uint16_t *)line)[x + i] = blend(((uint16_t *)line)[x + i], value[i], alpha[i]);
            else
                line[x + i] = blend(line[x + i], value[i], alpha[i]);
        }
    }
}

static void lay_all(const struct overlay_stage *stage, AVFrame *frame)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    const struct laid *laid = &stage->laid;
    int x =
        laid_along(laid->across, frame->width, stage->width, laid->margin, 1 << row->log2_chroma_w);
    int y =
        laid_along(laid->down, frame->height, stage->height, laid->margin, 1 << row->log2_chroma_h);
    for (int i = 0; i < stage->planes; i++)
        lay(&stage->sheet[i], frame_plane(frame, i), x / stage->sheet[i].step_x,
            y / stage->sheet[i].step_y, stage->bytes);
}

static bool overlay_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct overlay_stage *stage = (struct overlay_stage *)base;
    stage->slot.frame = frame;
    stage->slot.ended = !frame;
    if (!frame || !laid_seen(&stage->laid, frame->pts * av_q2d(base->time_base)))
        return true;
    if (av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    lay_all(stage, frame);
    return true;
}

static enum chain_got overlay_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct overlay_stage *)stage)->slot, out);
}

static void overlay_destroy(struct stage *base)
{
    struct overlay_stage *stage = (struct overlay_stage *)base;
    av_frame_free(&stage->slot.frame);
    for (int i = 0; i < stage->planes; i++) {
        g_free(stage->sheet[i].value);
        g_free(stage->sheet[i].alpha);
    }
}

static const struct stage_class overlay_class = {"overlay", overlay_put, overlay_get, NULL,
                                                 overlay_destroy};

bool chain_overlay_image(struct chain *chain, struct failure *failure, int fd, int width,
                         double opacity, const struct laid *laid)
{
    VipsImage *image = chain_plain(chain, failure) ? load(fd, width, failure) : NULL;
    if (!image)
        return false;
    struct overlay_stage *stage =
        chain_add(chain, &overlay_class, sizeof(*stage), chain->time_base);
    stage->laid = *laid;
    stage->bytes = chain->video.depth > 8 ? 2 : 1;
    make_sheets(stage, &chain->video, image, opacity);
    chain_light_changed(chain);
    g_object_unref(image);
    return true;
}
