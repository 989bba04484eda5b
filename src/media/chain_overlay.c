/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still picture laid over a moving one: read by libvips, brought to the picture's own YUV, and
 * given to libavfilter's overlay as a second input that stays. */
#include "chain_private.h"

#include "media/still.h"

#include <vips/vips.h>

static void vips_failed(struct failure *failure, const char *what)
{
    g_autofree char *text = g_strdup(vips_error_buffer());
    vips_error_clear();
    fail(failure, FAIL_CONFIG, "%s: %s", what, g_strstrip(text));
}

/* Sizes that any chroma subsampling takes: a line of nothing is added where they are odd. */
static int to_even(VipsImage *in, VipsImage **out)
{
    return vips_embed(in, out, 0, 0, in->Xsize + in->Xsize % 2, in->Ysize + in->Ysize % 2, NULL);
}

/* sRGB with 8-bit straight alpha, `width` wide (0: as it is), alpha times `opacity`. */
static VipsImage *load(int fd, int width, double opacity, struct failure *failure)
{
    int own_width, own_height;
    if (!still_size(fd, &own_width, &own_height, failure))
        return NULL;
    VipsSource *source = vips_source_new_from_descriptor(fd);
    VipsImage *at[7] = {NULL};
    VipsImage *out = NULL;
    const double scale[] = {1, 1, 1, opacity}, zero[] = {0, 0, 0, 0};
    if (source && (at[0] = vips_image_new_from_source(source, "", "memory", TRUE, NULL)) &&
        !vips_colourspace(at[0], &at[1], VIPS_INTERPRETATION_sRGB, NULL) &&
        (vips_image_hasalpha(at[1]) ? !vips_copy(at[1], &at[2], NULL)
                                    : !vips_addalpha(at[1], &at[2], NULL)) &&
        !vips_thumbnail_image(at[2], &at[3], width ? width : at[2]->Xsize, "height", VIPS_MAX_COORD,
                              NULL) &&
        !vips_linear(at[3], &at[4], scale, zero, 4, NULL) &&
        !vips_cast_uchar(at[4], &at[5], NULL) && at[5]->Bands == 4 && !to_even(at[5], &at[6]))
        out = vips_image_copy_memory(at[6]);
    g_clear_object(&source);
    if (!out)
        vips_failed(failure, "the picture to lay over can't be read");
    for (unsigned i = 0; i < G_N_ELEMENTS(at); i++)
        g_clear_object(&at[i]);
    return out;
}

static AVFrame *to_frame(VipsImage *image, struct failure *failure)
{
    AVFrame *frame = av_frame_alloc();
    if (frame) {
        frame->format = AV_PIX_FMT_RGBA;
        frame->width = image->Xsize;
        frame->height = image->Ysize;
        frame->color_range = AVCOL_RANGE_JPEG;
        frame->colorspace = AVCOL_SPC_RGB;
    }
    if (!frame || av_frame_get_buffer(frame, 0) < 0) {
        av_frame_free(&frame);
        fail(failure, FAIL_MEMORY, "no memory for the picture to lay over");
        return NULL;
    }
    for (int y = 0; y < frame->height; y++)
        memcpy(frame->data[0] + (ptrdiff_t)y * frame->linesize[0], VIPS_IMAGE_ADDR(image, 0, y),
               (size_t)frame->width * 4);
    return frame;
}

/* The formats of overlay, what it wants laid over them, and its own name for the pair. */
static const struct overlay_row {
    const char *base, *over, *format;
} overlay_rows[] = {
    {"yuv420p", "yuva420p", "yuv420"},
    {"yuv422p", "yuva422p", "yuv422"},
    {"yuv444p", "yuva444p", "yuv444"},
    {"yuva420p", "yuva420p", "yuv420"},
    {"yuva422p", "yuva422p", "yuv422"},
    {"yuva444p", "yuva444p", "yuv444"},
    {"yuv420p10le", "yuva420p10le", "yuv420p10"},
    {"yuv422p10le", "yuva422p10le", "yuv422p10"},
    {"gbrp", "gbrap", "gbrp"},
    {"gbrap", "gbrap", "gbrp"},
};

static const struct overlay_row *overlay_row(const struct video_shape *shape)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(overlay_rows); i++)
        if (!strcmp(overlay_rows[i].base, shape->pix_fmt))
            return &overlay_rows[i];
    if (shape->rgb)
        return &overlay_rows[8];
    if (shape->depth > 8)
        return &overlay_rows[shape->chroma_h ? 6 : 7];
    return &overlay_rows[shape->chroma_h ? 0 : shape->chroma_w ? 1 : 2];
}

/* One frame through a chain of its own, so that the conversion is the picture's. */
static AVFrame *match(const struct chain *chain, AVFrame *image, const char *pix_fmt,
                      struct failure *failure)
{
    struct chain *small = chain_new(AVMEDIA_TYPE_VIDEO, 1);
    AVFrame *out = av_frame_alloc();
    small->time_base = (AVRational){1, 1000};
    small->home = chain->home;
    small->video = chain->video;
    small->video.width = image->width;
    small->video.height = image->height;
    small->video.matrix = "gbr";
    small->video.range = "pc";
    shape_set_format(&small->video, image->format);
    if (!chain->video.rgb) {
        small->home.matrix = chain->video.matrix;
        small->home.range = chain->video.range;
    }
    shape_tag(&small->video, image);
    image->pts = 0;
    if (!out || !chain_format(small, failure, pix_fmt) || !chain_push(small, image, failure) ||
        !chain_push(small, NULL, failure) || chain_pull(small, out, failure) != CHAIN_FRAME) {
        fail(failure, FAIL_INTERNAL, "the picture to lay over can't be converted");
        av_frame_free(&out);
    }
    chain_destroy(small);
    return out;
}

bool chain_overlay_image(struct chain *chain, struct failure *failure, int fd, int width,
                         double opacity, const char *x, const char *y, double from_s, double to_s)
{
    VipsImage *image = load(fd, width, opacity, failure);
    AVFrame *rgba = image ? to_frame(image, failure) : NULL;
    g_clear_object(&image);
    const struct overlay_row *row = overlay_row(&chain->video);
    AVFrame *over = NULL;
    bool ready = rgba && chain_format(chain, failure, row->base) &&
                 (over = match(chain, rgba, row->over, failure));
    av_frame_free(&rgba);
    if (!ready)
        return false;
    g_autoptr(GPtrArray) options = g_ptr_array_new_with_free_func(g_free);
    const char *const fixed[] = {"x", x, "y", y, "format", row->format, "eof_action", "repeat"};
    for (unsigned i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_ptr_array_add(options, g_strdup(fixed[i]));
    if (from_s > 0 || to_s < G_MAXDOUBLE) {
        char from[G_ASCII_DTOSTR_BUF_SIZE], to[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_dtostr(from, sizeof(from), from_s > 0 ? from_s : 0);
        g_ascii_dtostr(to, sizeof(to), to_s < G_MAXDOUBLE ? to_s : 1e9);
        g_ptr_array_add(options, g_strdup("enable"));
        g_ptr_array_add(options, g_strdup_printf("gte(t,%s)*lt(t,%s)", from, to));
    }
    return graph_add_image(chain, failure, "overlay", options, over);
}
