/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames of moving picture as stills. */
#include "media/still_write.h"

#include "write_private.h"

static VipsImage *frame_image(const AVFrame *frame)
{
    bool deep = frame->format == AV_PIX_FMT_RGB48LE || frame->format == AV_PIX_FMT_RGBA64LE;
    bool alpha = frame->format == AV_PIX_FMT_RGBA || frame->format == AV_PIX_FMT_RGBA64LE;
    size_t row = (size_t)frame->width * (alpha ? 4 : 3) * (deep ? 2 : 1);
    g_autofree guint8 *pixels = g_malloc(row * (size_t)frame->height);
    for (int y = 0; y < frame->height; y++)
        memcpy(pixels + row * (size_t)y, frame->data[0] + (ptrdiff_t)frame->linesize[0] * y, row);
    g_autoptr(VipsImage) raw = vips_image_new_from_memory_copy(
        pixels, row * (size_t)frame->height, frame->width, frame->height, alpha ? 4 : 3,
        deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    if (raw)
        vips_copy(raw, &image, "interpretation",
                  deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB, NULL);
    return image;
}

/* libvips brings these two profiles along. */
static const char *profile_of(const AVFrame *frame)
{
    if (frame->color_trc == AVCOL_TRC_SMPTE2084 || frame->color_trc == AVCOL_TRC_ARIB_STD_B67 ||
        frame->color_trc == AVCOL_TRC_LINEAR)
        return NULL;
    return frame->color_primaries == AVCOL_PRI_BT709      ? "srgb"
           : frame->color_primaries == AVCOL_PRI_SMPTE432 ? "p3"
                                                          : NULL;
}

static void embed(VipsImage *image, const AVFrame *frame)
{
    const char *name = profile_of(frame);
    VipsBlob *profile = NULL;
    if (!name || vips_profile_load(name, &profile, NULL) || !profile)
        return;
    size_t length;
    const void *data = vips_blob_get(profile, &length);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, data, length);
    vips_area_unref(VIPS_AREA(profile));
}

static bool write_image(struct still *still, const AVFrame *frame,
                        const struct encode_image *encode, int fd, struct claim *claim,
                        GHashTable *tags, struct failure *failure)
{
    static const char *const names[] = {"title", "artist", "copyright", "description"};
    const struct still_format *format = still_format(encode->format, encode, failure);
    if (!format)
        return false;
    for (unsigned i = 0; tags && i < G_N_ELEMENTS(names); i++) {
        const char *value = g_hash_table_lookup(tags, names[i]);
        if (value && !still_tag(still, failure, names[i], value))
            return false;
    }
    embed(still_first(still), frame);
    if (encode->profile && !vips_image_get_typeof(still_first(still), VIPS_META_ICC_NAME))
        return fail(failure, FAIL_CONFIG,
                    "encode: a frame in these colours has no profile to convert it from: put "
                    "`color: {to: srgb}` before it, or leave `profile` out");
    const int depth = still_shape(still).depth;
    if (!still_apply_profile(still, format, encode, failure) ||
        !still_frame_format(still, format, encode, depth, failure))
        return false;
    return still_save(still, format, encode, fd, claim, failure);
}

bool still_write_frame(const AVFrame *frame, const struct encode_image *encode, int profile_fd,
                       int fd, struct claim *claim, GHashTable *tags, GPtrArray *notes,
                       struct failure *failure)
{
    if (!still_start(failure))
        return false;
    if (frame->format != AV_PIX_FMT_RGB24 && frame->format != AV_PIX_FMT_RGBA &&
        frame->format != AV_PIX_FMT_RGB48LE && frame->format != AV_PIX_FMT_RGBA64LE)
        return fail(failure, FAIL_INTERNAL, "a still is written from packed RGB only");
    VipsImage *image = frame_image(frame);
    if (!image)
        return fail_vips(failure, FAIL_MEMORY, "the frame can't be taken over");
    g_auto(still_ptr) still = g_new0(struct still, 1);
    still->pages = g_ptr_array_new_with_free_func(g_object_unref);
    still->notes = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(still->pages, image);
    if (profile_fd >= 0 && !still_take_profile(still, profile_fd, failure))
        return false;
    if (!write_image(still, frame, encode, fd, claim, tags, failure))
        return false;
    for (guint i = 0; i < still->notes->len; i++)
        g_ptr_array_add(notes, g_strdup(still->notes->pdata[i]));
    return true;
}
