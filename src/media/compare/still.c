/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two stills: decoded into a frame each, and compared as frames are. */
#include "private.h"

#include "../still/private.h"
#include "media/frame.h"

#include <math.h>
#include <string.h>

static void take_pair(const struct pair *pair, struct alike *alike)
{
    alike->psnr_db = pair->psnr_db[0];
    alike->psnr_u_db = pair->psnr_db[1];
    alike->psnr_v_db = pair->psnr_db[2];
    alike->ssim = pair->ssim[0];
    alike->ssim_u = pair->ssim[1];
    alike->ssim_v = pair->ssim[2];
    alike->ms_ssim = pair->ms_ssim;
    alike->max_difference = pair->max_difference;
    alike->changed_share = pair->changed_share;
    alike->different_frame = pair->same ? -1 : 0;
    g_free(alike->frame_hashes);
    alike->frame_hashes = g_strdup(pair->same ? "equal" : "different");
}

static enum AVPixelFormat format_of(int bands, int depth)
{
    static const enum AVPixelFormat small[] = {AV_PIX_FMT_GRAY8, AV_PIX_FMT_YA8, AV_PIX_FMT_RGB24,
                                               AV_PIX_FMT_RGBA};
    static const enum AVPixelFormat deep[] = {AV_PIX_FMT_GRAY16LE, AV_PIX_FMT_YA16LE,
                                              AV_PIX_FMT_RGB48LE, AV_PIX_FMT_RGBA64LE};
    if (bands < 1 || bands > 4)
        return AV_PIX_FMT_NONE;
    return (depth == 8 ? small : deep)[bands - 1];
}

static void free_memory(void *opaque, uint8_t *data)
{
    g_free(data);
}

AVFrame *still_frame(const struct still *still, int page, int depth, struct failure *failure)
{
    g_autoptr(VipsImage) whole = NULL;
    VipsImage *first = still->pages->pdata[page];
    size_t size;
    void *memory =
        image_to_depth(first, &whole, depth) == 0 ? vips_image_write_to_memory(whole, &size) : NULL;
    if (!memory) {
        fail_vips(failure, FAIL_MEMORY, "a still can't be compared");
        return NULL;
    }
    AVFrame *frame = frame_new();
    frame->format = format_of(whole->Bands, depth);
    frame->width = whole->Xsize;
    frame->height = whole->Ysize;
    frame->color_range = AVCOL_RANGE_JPEG;
    frame->linesize[0] = whole->Xsize * whole->Bands * depth / 8;
    frame->buf[0] = frame_there(av_buffer_create(memory, size, free_memory, NULL, 0));
    frame->data[0] = frame->buf[0]->data;
    return frame;
}

/* Two pages; of all the figures of the one that is least alike are kept. */
static bool compare_frames(const struct comparison *how, const AVFrame *a, const AVFrame *b,
                           struct alike *alike, GPtrArray *unlike, struct failure *failure)
{
    struct components was, is;
    struct pair pair;
    if (!components_of(a, &was) || !components_of(b, &is) || !components_match(&was, &is)) {
        say_unlike(unlike, NULL, "it is %dx%d of %d components, the reference %dx%d of %d",
                   b->width, b->height, is.count, a->width, a->height, was.count);
        return true;
    }
    g_auto(slices_ptr) slices = slices_create(how->threads);
    pair_compare(a, b, slices, &pair);
    if (alike->frame_hashes && pair.psnr_db[0] >= alike->psnr_db)
        return true;
    take_pair(&pair, alike);
    return how->strip_fd < 0 || pair_draw(a, b, how->strip_fd, failure);
}

/* Float is compared as 16 bits of sRGB, clamped: what differs beyond that is only known here. */
static bool same_floats(VipsImage *a, VipsImage *b)
{
    size_t size_a, size_b;
    g_autofree void *of_a = vips_image_write_to_memory(a, &size_a);
    g_autofree void *of_b = vips_image_write_to_memory(b, &size_b);
    return of_a && of_b && size_a == size_b && memcmp(of_a, of_b, size_a) == 0;
}

static void hold_floats(const struct still *reference, const struct still *made, guint page,
                        struct alike *alike)
{
    VipsImage *a = reference->pages->pdata[page], *b = made->pages->pdata[page];
    if (image_depth(a) < 32 && image_depth(b) < 32)
        return;
    if (g_strcmp0(alike->frame_hashes, "equal") != 0 || same_floats(a, b))
        return;
    g_free(alike->frame_hashes);
    alike->frame_hashes = g_strdup("different");
    alike->different_frame = page;
}

/* Of an animation those of the page where they are largest. */
static void hold_colors(const struct still *reference, const struct still *made, guint page,
                        struct alike *alike)
{
    double mean, most;
    if (!still_delta_e(reference, made, (int)page, &mean, &most))
        return;
    alike->delta_e = fmax(alike->delta_e, mean);
    alike->delta_e_max = fmax(alike->delta_e_max, most);
}

static bool compare_page(const struct comparison *how, const struct still *reference,
                         const struct still *made, guint page, struct alike *alike,
                         GPtrArray *unlike, struct failure *failure)
{
    const bool small =
        image_depth(still_first(reference)) == 8 && image_depth(still_first(made)) == 8;
    AVFrame *a = still_frame(reference, (int)page, small ? 8 : 16, failure);
    AVFrame *b = a ? still_frame(made, (int)page, small ? 8 : 16, failure) : NULL;
    const bool compared = b && compare_frames(how, a, b, alike, unlike, failure);
    av_frame_free(&a);
    av_frame_free(&b);
    if (compared) {
        hold_floats(reference, made, page, alike);
        hold_colors(reference, made, page, alike);
    }
    return compared;
}

/* Of an animated PNG, and of TIFFs, the first is read. */
static void say_unread(guint read, int pages, const char *whose, GPtrArray *unlike)
{
    if (pages > (int)read)
        say_unlike(unlike, "pages", "of %s %d pictures only the first is compared", whose, pages);
}

bool compare_stills(const struct comparison *comparison, const struct facts *of_reference,
                    struct facts *facts, GPtrArray *unlike, struct failure *failure)
{
    struct alike *alike = &facts->alike;
    const struct still_opts opts = {.animated = true, .threads = comparison->threads};
    g_auto(still_ptr) reference = still_open(comparison->reference_fd, &opts, failure);
    if (!reference)
        return blame(failure, OF_REFERENCE);
    g_auto(still_ptr) made = still_open(comparison->fd, &opts, failure);
    if (!made)
        return false;
    const guint was = reference->pages->len, is = made->pages->len;
    for (guint i = 0; i < MIN(was, is); i++)
        if (!compare_page(comparison, reference, made, i, alike, unlike, failure))
            return false;
    if (was != is)
        say_unlike(unlike, NULL, "it has %u pictures, the reference %u", is, was);
    say_unread(is, facts->pages, "its", unlike);
    say_unread(was, of_reference->pages, "the reference's", unlike);
    return true;
}
