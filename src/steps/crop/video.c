/* SPDX-License-Identifier: GPL-3.0-or-later
 * `crop`: moving picture. */
#include "../focus_find.h"
#include "box.h"
#include "steps/faces.h"

#include <inttypes.h>

video_face crop_video;

static bool cut(struct chain *chain, const struct box *box, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    chain_note(chain, "cropped %dx%d to %dx%d at %d,%d", shape->width, shape->height, box->width,
               box->height, box->x, box->y);
    g_autofree char *x = g_strdup_printf("%d", box->x), *y = g_strdup_printf("%d", box->y),
                    *width = g_strdup_printf("%d", box->width),
                    *height = g_strdup_printf("%d", box->height);
    return chain_filter(chain, failure, "crop", "out_w", width, "out_h", height, "x", x, "y", y,
                        "exact", "1", NULL);
}

static bool cut_vbi(struct chain *chain, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    struct rational sar = shape->sar;
    struct box box;
    if (!crop_vbi(shape->width, shape->height, &box, &sar))
        return true;
    if (!cut(chain, &box, failure))
        return false;
    if (sar.num <= 0)
        return true;
    g_autofree char *text = g_strdup_printf("%" PRId64 "/%" PRId64, sar.num, sar.den);
    return chain_filter(chain, failure, "setsar", "sar", text, NULL);
}

bool crop_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    const struct crop *crop = params;
    if (crop->vbi)
        return cut_vbi(chain, failure);
    struct box box = crop_box(crop, shape->width, shape->height, shape->sar, 1 << shape->chroma_w,
                              (1 << shape->chroma_h) * (shape->interlaced ? 2 : 1));
    if (box.width == shape->width && box.height == shape->height)
        return true;
    focus_note_film(chain, &crop->focus);
    return cut(chain, &box, failure);
}
