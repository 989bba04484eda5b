/* SPDX-License-Identifier: GPL-3.0-or-later
 * Less noise in stills, by the filter that film has: what it takes from the picture's Y'CbCr
 * (BT.709, 16 bits) is taken from the still, so that what it leaves alone stays as it is to the
 * bit. */
#include "media/chain_picture.h"
#include "media/chain_run.h"
#include "media/frame.h"
#include "private.h"

#include <libavutil/pixdesc.h>

static const double RED = 0.2126, GREEN = 0.7152, BLUE = 0.0722;

static const struct video_shape film = {.sar = {1, 1},
                                        .fps = {25, 1},
                                        .duration_s = 0.04,
                                        .depth = 16,
                                        .pix_fmt = "yuv444p16le",
                                        .range = "pc",
                                        .matrix = "bt709",
                                        .primaries = "bt709",
                                        .transfer = "bt709"};

/* Three bands of float, of 65535, to Y', Cb and Cr in as many bands of 16 bits, in memory. */
static VipsImage *to_ycc(VipsImage *rgb)
{
    const double matrix[] = {RED,
                             GREEN,
                             BLUE,
                             -RED / (2 - 2 * BLUE),
                             -GREEN / (2 - 2 * BLUE),
                             0.5,
                             0.5,
                             -GREEN / (2 - 2 * RED),
                             -BLUE / (2 - 2 * RED)};
    double ones[] = {1, 1, 1}, middle[] = {0, 32768, 32768};
    g_autoptr(VipsImage) weights = vips_image_new_matrix_from_array(3, 3, matrix, 9), mixed = NULL,
                         moved = NULL, whole = NULL, cast = NULL;
    if (!weights || vips_recomb(rgb, &mixed, weights, NULL) ||
        vips_linear(mixed, &moved, ones, middle, 3, NULL) || vips_rint(moved, &whole, NULL) ||
        vips_cast(whole, &cast, VIPS_FORMAT_USHORT, NULL))
        return NULL;
    return vips_image_copy_memory(cast);
}

/* Differences of Y', Cb and Cr to those of R, G and B. */
static int to_rgb(VipsImage *ycc, VipsImage **out)
{
    const double red = 2 - 2 * RED, blue = 2 - 2 * BLUE;
    const double matrix[] = {1, 0, red, 1, -BLUE * blue / GREEN, -RED * red / GREEN, 1, blue, 0};
    g_autoptr(VipsImage) weights = vips_image_new_matrix_from_array(3, 3, matrix, 9);
    return weights ? vips_recomb(ycc, out, weights, NULL) : -1;
}

static guint16 *line_of(const AVFrame *frame, int plane, int y)
{
    return (guint16 *)(frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane]);
}

static AVFrame *frame_of(VipsImage *ycc, struct failure *failure)
{
    AVFrame *frame = frame_new();
    frame->format = AV_PIX_FMT_YUV444P16LE;
    frame->width = ycc->Xsize;
    frame->height = ycc->Ysize;
    if (av_frame_get_buffer(frame, 0) < 0) {
        av_frame_free(&frame);
        fail(failure, FAIL_MEMORY, "no memory for the picture");
        return NULL;
    }
    for (int y = 0; y < ycc->Ysize; y++) {
        const guint16 *from = (const guint16 *)VIPS_IMAGE_ADDR(ycc, 0, y);
        for (int p = 0; p < 3; p++)
            for (int x = 0; x < ycc->Xsize; x++)
                line_of(frame, p, y)[x] = from[3 * x + p];
    }
    return frame;
}

static bool filter(AVFrame *in, double strength, AVFrame *out, struct failure *failure)
{
    struct video_shape shape = film;
    shape.width = in->width;
    shape.height = in->height;
    const struct chain_input input = {.time_base = {1, 25}, .threads = 1, .video = &shape};
    g_auto(chain_ptr) chain = chain_create_video(&input, failure);
    in->pts = 0;
    in->color_range = AVCOL_RANGE_JPEG;
    in->colorspace = AVCOL_SPC_BT709;
    return chain && chain_denoise_picture(chain, failure, strength) &&
           chain_push(chain, in, failure) && chain_push(chain, NULL, failure) &&
           (chain_pull(chain, out, failure) == CHAIN_FRAME ||
            fail(failure, FAIL_INTERNAL, "hqdn3d gives no picture"));
}

/* What became of it, less what it was. */
static VipsImage *change(VipsImage *ycc, const AVFrame *frame)
{
    VipsImage *made = vips_image_new_memory();
    vips_image_init_fields(made, ycc->Xsize, ycc->Ysize, 3, VIPS_FORMAT_FLOAT, VIPS_CODING_NONE,
                           VIPS_INTERPRETATION_MULTIBAND, 1, 1);
    g_autofree float *line = g_new(float, 3 * (gsize)ycc->Xsize);
    for (int y = 0; y < ycc->Ysize; y++) {
        const guint16 *from = (const guint16 *)VIPS_IMAGE_ADDR(ycc, 0, y);
        for (int i = 0; i < 3 * ycc->Xsize; i++)
            line[i] = (float)line_of(frame, i % 3, y)[i / 3] - (float)from[i];
        if (vips_image_write_line(made, y, (VipsPel *)line)) {
            g_object_unref(made);
            return NULL;
        }
    }
    return made;
}

/* R, G and B of 65535 in float, in and out. */
static bool denoise(VipsImage *in, VipsImage **out, double strength, struct failure *failure)
{
    g_autoptr(VipsImage) ycc = to_ycc(in), changed = NULL, added = NULL;
    if (!ycc)
        return fail_vips(failure, FAIL_INTERNAL, "the picture can't be denoised");
    AVFrame *frame = frame_of(ycc, failure), *clean = frame_new();
    if (frame && filter(frame, strength, clean, failure)) {
        changed = change(ycc, clean);
        if (!changed || to_rgb(changed, &added) || vips_add(in, added, out, NULL))
            fail_vips(failure, FAIL_INTERNAL, "the picture can't be denoised");
    }
    av_frame_free(&frame);
    av_frame_free(&clean);
    return *out;
}

/* Its colours as they are seen, three bands of 65535 in float; *alpha: NULL for none. */
static int colors_of(VipsImage *in, VipsImage **out, VipsImage **alpha)
{
    g_autoptr(VipsImage) wide = NULL, mixed = NULL, colors = NULL;
    const double white = image_white(in);
    if (image_to_rgb(in, &wide) ||
        (wide->Bands == 4 ? vips_premultiply(wide, &mixed, "max_alpha", white, NULL) ||
                                vips_extract_band(wide, alpha, 3, NULL)
                          : vips_copy(wide, &mixed, NULL)) ||
        vips_extract_band(mixed, &colors, 0, "n", 3, NULL))
        return -1;
    return vips_linear1(colors, out, 65535 / white, 0, NULL);
}

static int colors_back(VipsImage *colors, VipsImage *alpha, VipsImage *like, VipsImage **out)
{
    g_autoptr(VipsImage) scaled = NULL, few = NULL, joined = NULL, straight = NULL;
    const double white = image_white(like);
    if (vips_linear1(colors, &scaled, white / 65535, 0, NULL) ||
        vips_extract_band(scaled, &few, 0, "n", like->Bands < 3 ? 1 : 3, NULL))
        return -1;
    if (!alpha)
        return image_like(few, out, like);
    return vips_bandjoin2(few, alpha, &joined, NULL) ||
                   vips_unpremultiply(joined, &straight, "max_alpha", white, NULL)
               ? -1
               : image_like(straight, out, like);
}

static VipsImage *denoised(VipsImage *in, double strength, struct failure *failure)
{
    g_autoptr(VipsImage) colors = NULL, alpha = NULL, clean = NULL, out = NULL;
    if (colors_of(in, &colors, &alpha)) {
        fail_vips(failure, FAIL_INTERNAL, "the picture can't be denoised");
        return NULL;
    }
    if (!denoise(colors, &clean, strength, failure))
        return NULL;
    if (colors_back(clean, alpha, in, &out))
        fail_vips(failure, FAIL_INTERNAL, "the picture can't be denoised");
    return g_steal_pointer(&out);
}

bool still_denoise(struct still *still, struct failure *failure, double strength)
{
    g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(g_object_unref);
    if (still_shape(still).depth == 32)
        return fail(failure, FAIL_CONFIG,
                    "denoise works on 8 and 16 bits, and what flows here is float: put it behind "
                    "`color`, or leave it out");
    for (guint i = 0; i < still->pages->len; i++) {
        VipsImage *out = denoised(still->pages->pdata[i], strength, failure);
        if (!out)
            return false;
        g_ptr_array_add(done, out);
    }
    g_ptr_array_unref(still->pages);
    still->pages = g_steal_pointer(&done);
    return true;
}
