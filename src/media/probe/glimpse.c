/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small pictures for pages. */
#include "media/glance.h"

#include "../still/private.h"
#include "../still/vips_start.h"
#include "glimpse_hdr.h"

#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
#include <math.h>

/* Read once: of a file that is read in its order only the first try would have any pixels. */
static GBytes *jpeg(VipsImage *image)
{
    static const int qualities[] = {72, 55, 35, 15};
    g_autoptr(VipsImage) whole = vips_image_copy_memory(image);
    for (unsigned i = 0; whole && i < G_N_ELEMENTS(qualities); i++) {
        void *data;
        size_t size;
        if (vips_jpegsave_buffer(whole, &data, &size, "Q", qualities[i], "optimize_coding", TRUE,
                                 "strip", TRUE, NULL))
            break;
        if (size <= GLANCE_PICTURE_BYTES)
            return g_bytes_new_take(data, size);
        g_free(data);
    }
    vips_error_clear();
    return NULL;
}

/* The one that a camera left in a JPEG's EXIF, upright. NULL: there is none. */
static VipsImage *from_camera(const VipsImage *image)
{
    const void *data;
    size_t size;
    g_autoptr(VipsImage) small = NULL;
    VipsImage *turned = NULL;
    const int orientation = vips_image_get_orientation((VipsImage *)image);
    if (!vips_image_get_typeof(image, "jpeg-thumbnail-data") ||
        vips_image_get_blob(image, "jpeg-thumbnail-data", &data, &size) ||
        vips_thumbnail_buffer((void *)data, size, &small, GLANCE_SIDE, "height", GLANCE_SIDE,
                              "size", VIPS_SIZE_DOWN, NULL))
        return NULL;
    vips_image_set_int(small, "orientation", orientation);
    return vips_autorot(small, &turned, NULL) ? NULL : turned;
}

GBytes *glimpse_at_hand(int fd)
{
    int error = 0;
    if (!vips_start())
        return NULL;
    g_autoptr(VipsSource) source = still_source(fd, &error);
    g_autoptr(VipsImage) image =
        source ? vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL)
               : NULL;
    g_autoptr(VipsImage) small = image ? from_camera(image) : NULL;
    if (small)
        return jpeg(small);
    vips_error_clear();
    return NULL;
}

GBytes *glimpse_of_still(int fd)
{
    int error = 0;
    if (!vips_start())
        return NULL;
    g_autoptr(VipsImage) small = NULL;
    g_autoptr(VipsSource) source = still_source(fd, &error);
    if (source && !vips_thumbnail_source(source, &small, GLANCE_SIDE, "height", GLANCE_SIDE, "size",
                                         VIPS_SIZE_DOWN, "export_profile", "srgb", NULL))
        return jpeg(small);
    vips_error_clear();
    return NULL;
}

/* --- frames --- */

/* As it is seen before it is turned. */
static void size_of(const AVFrame *frame, const struct source_stream *stream, int *width,
                    int *height)
{
    AVRational sar = stream->av->sample_aspect_ratio;
    if (sar.num <= 0 || sar.den <= 0)
        sar = frame->sample_aspect_ratio;
    double across = frame->width * (sar.num > 0 && sar.den > 0 ? av_q2d(sar) : 1);
    double scale = fmin(GLANCE_SIDE / fmax(across, frame->height), 1);
    *width = MAX((int)lround(across * scale), 1);
    *height = MAX((int)lround(frame->height * scale), 1);
}

static void set_colors(struct SwsContext *scaler, const AVFrame *frame)
{
    int space = frame->colorspace;
    if (space == AVCOL_SPC_UNSPECIFIED)
        space = frame->height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    sws_setColorspaceDetails(scaler, sws_getCoefficients(space),
                             frame->color_range == AVCOL_RANGE_JPEG,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
}

/* Rows of R, G, B without gaps, of 8 or 16 bits. */
static uint8_t *scaled(const AVFrame *frame, int width, int height, bool deep)
{
    struct SwsContext *scaler =
        sws_getContext(frame->width, frame->height, frame->format, width, height,
                       deep ? AV_PIX_FMT_RGB48 : AV_PIX_FMT_RGB24, SWS_AREA, NULL, NULL, NULL);
    if (!scaler)
        return NULL;
    const int stride[4] = {(deep ? 6 : 3) * width};
    uint8_t *rows = g_malloc((gsize)stride[0] * height + AV_INPUT_BUFFER_PADDING_SIZE);
    uint8_t *const planes[4] = {rows};
    set_colors(scaler, frame);
    sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height,
              planes, stride);
    sws_freeContext(scaler);
    return rows;
}

/* Such rows of 8 bits of sRGB. */
static uint8_t *shown(const AVFrame *frame, const struct source_stream *stream, int width,
                      int height)
{
    const struct space *hdr = glimpse_hdr_space(frame, stream);
    if (!hdr)
        return scaled(frame, width, height, false);
    g_autofree uint8_t *deep = scaled(frame, width, height, true);
    const size_t count = (size_t)width * (size_t)height;
    uint8_t *rows = deep ? g_malloc(3 * count) : NULL;
    if (rows)
        glimpse_tone_map(hdr, frame, stream, (const uint16_t *)deep, rows, count);
    return rows;
}

static VipsImage *upright(VipsImage *image, const struct source_stream *stream)
{
    g_autoptr(VipsImage) mirrored = NULL;
    VipsImage *turned = NULL;
    const VipsAngle angle = (VipsAngle)(stream->rotation / 90);
    if (stream->flipped ? vips_flip(image, &mirrored, VIPS_DIRECTION_HORIZONTAL, NULL)
                        : vips_copy(image, &mirrored, NULL))
        return NULL;
    return vips_rot(mirrored, &turned, angle, NULL) ? NULL : turned;
}

GBytes *glimpse_of_frame(const AVFrame *frame, const struct source_stream *stream)
{
    int width, height;
    if (!vips_start())
        return NULL;
    size_of(frame, stream, &width, &height);
    g_autofree uint8_t *rows = shown(frame, stream, width, height);
    if (!rows)
        return NULL;
    g_autoptr(VipsImage) image = vips_image_new_from_memory(rows, 3 * (size_t)width * height, width,
                                                            height, 3, VIPS_FORMAT_UCHAR);
    g_autoptr(VipsImage) turned = image ? upright(image, stream) : NULL;
    if (turned)
        return jpeg(turned);
    vips_error_clear();
    return NULL;
}
