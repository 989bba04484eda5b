/* SPDX-License-Identifier: GPL-3.0-or-later
 * One of two films that are compared. */
#include "private.h"

#include "media/chain_run.h"
#include "media/frame.h"

#include <string.h>

void reel_close(struct reel *reel)
{
    chain_destroy(reel->chain);
    av_frame_free(&reel->decoded);
    av_frame_free(&reel->frame);
}

/* The picture that is compared next. */
bool reel_take(struct reel *reel, const struct source_item *item, struct failure *failure)
{
    av_frame_unref(reel->decoded);
    av_frame_unref(reel->frame);
    if (av_frame_ref(reel->decoded, item->frame) < 0 ||
        (!reel->chain && av_frame_ref(reel->frame, item->frame) < 0))
        return fail(failure, FAIL_MEMORY, "no memory for a picture");
    reel->time_s = item->time_s;
    reel->count++;
    if (!reel->chain || (chain_push(reel->chain, item->frame, failure) &&
                         chain_pull(reel->chain, reel->frame, failure) == CHAIN_FRAME))
        return true;
    if (failure->class == FAIL_NONE)
        fail(failure, FAIL_INTERNAL, "a picture doesn't come out of its conversion");
    return false;
}

enum source_got reel_next(struct reel *reel, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    while ((got = source_next(reel->source, &item, failure)) == SOURCE_PACKET)
        ;
    return got == SOURCE_FRAME && !reel_take(reel, &item, failure) ? SOURCE_FAILED : got;
}

/* Planes of whole numbers of the shape's depth and chroma. */
static char *planar_format(const struct video_shape *shape)
{
    const int depths[] = {8, 10, 12, 14, 16};
    int depth = 16;
    for (unsigned i = G_N_ELEMENTS(depths); i-- > 0;)
        depth = shape->depth <= depths[i] ? depths[i] : depth;
    g_autofree char *end = depth == 8 ? g_strdup("") : g_strdup_printf("%dle", depth);
    if (shape->rgb)
        return g_strdup_printf("gbrp%s", end);
    return g_strdup_printf("yuv4%sp%s",
                           !shape->chroma_w  ? "44"
                           : shape->chroma_h ? "20"
                                             : "22",
                           end);
}

static bool convert_to(struct reel *reel, const char *format, struct failure *failure)
{
    const int stream = source_picture(reel->source);
    struct video_shape shape;
    source_video_shape(reel->source, stream, &shape, NULL);
    const AVRational base = source_stream(reel->source, stream)->av->time_base;
    if (strcmp(shape.pix_fmt, format) == 0)
        return true;
    reel->chain = chain_create_video(
        &(struct chain_input){.time_base = base, .threads = 1, .video = &shape}, failure);
    return reel->chain && chain_format(reel->chain, failure, format);
}

bool reels_match(struct reel *reference, struct reel *made, struct failure *failure)
{
    struct video_shape a, b;
    source_video_shape(reference->source, source_picture(reference->source), &a, NULL);
    source_video_shape(made->source, source_picture(made->source), &b, NULL);
    if (!a.pix_fmt || !b.pix_fmt)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "%sthe picture's format can't be told: nothing of it can be decoded",
                    a.pix_fmt ? "" : OF_REFERENCE);
    const bool plain = !strstr(a.pix_fmt, "f32");
    if (plain && strcmp(a.pix_fmt, b.pix_fmt) == 0)
        return true;
    g_autofree char *format = planar_format(&a);
    return convert_to(reference, format, failure) && convert_to(made, format, failure);
}
