/* SPDX-License-Identifier: GPL-3.0-or-later
 * `reframe`: moving picture. */
#include "../focus_find.h"
#include "media/chain_picture.h"
#include "shape.h"
#include "steps/faces.h"

video_face reframe_video;

static bool crop(struct chain *chain, const struct reshaped *to, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    if (to->keep_width == shape->width && to->keep_height == shape->height)
        return true;
    g_autofree char *x = g_strdup_printf("%d", to->keep_x), *y = g_strdup_printf("%d", to->keep_y),
                    *width = g_strdup_printf("%d", to->keep_width),
                    *height = g_strdup_printf("%d", to->keep_height);
    return chain_filter(chain, failure, "crop", "out_w", width, "out_h", height, "x", x, "y", y,
                        "exact", "1", NULL);
}

static bool scale(struct chain *chain, const struct reshaped *to, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    const bool square = !shape->sar.num || shape->sar.num == shape->sar.den;
    if (to->inner_width == shape->width && to->inner_height == shape->height && square)
        return true;
    if (shape->interlaced && to->inner_height != shape->height)
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and reframe would mix its fields: put deinterlace "
                    "before reframe");
    g_autofree char *width = g_strdup_printf("%d", to->inner_width),
                    *height = g_strdup_printf("%d", to->inner_height);
    return chain_filter(chain, failure, "zscale", "width", width, "height", height, "filter",
                        "lanczos", "dither", "ordered", NULL) &&
           chain_filter(chain, failure, "setsar", "sar", "1", NULL);
}

static bool fill(struct chain *chain, const struct reframe *reframe, const struct reshaped *to,
                 struct failure *failure)
{
    const struct canvas_place place = {to->width, to->height, to->x, to->y};
    if (reframe->fill == FILL_CROP ||
        (to->width == to->inner_width && to->height == to->inner_height))
        return true;
    if (reframe->fill == FILL_COLOR)
        return chain_pad(chain, failure, &place, reframe->color);
    if (chain_video(chain)->interlaced)
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and reframe would blur its fields into one another: "
                    "put deinterlace before reframe");
    return chain_backdrop(chain, failure, &place, reframe->blur_percent / 100);
}

bool reframe_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct reframe *reframe = params;
    const struct video_shape *shape = chain_video(chain);
    struct video_shape stored; /* after a grade, what flows has no subsampled chroma */
    chain_stored_shape(chain, &stored);
    const int step_x = 1 << stored.chroma_w,
              step_y = (1 << stored.chroma_h) * (shape->interlaced ? 2 : 1);
    const struct reshaped to =
        reframe_shape(reframe, shape->width, shape->height, shape->sar, step_x, step_y, step_y);
    if (reframe_is_shape(&to, shape->width, shape->height, shape->sar))
        return true;
    g_autofree char *words = reframe_words(reframe, &to, shape->width, shape->height);
    focus_note_film(chain, &reframe->focus);
    chain_note(chain, "reframed %s", words);
    return crop(chain, &to, failure) && scale(chain, &to, failure) &&
           fill(chain, reframe, &to, failure);
}
