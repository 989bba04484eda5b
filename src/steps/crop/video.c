/* SPDX-License-Identifier: GPL-3.0-or-later
 * `crop`: moving picture. */
#include "../focus_find.h"
#include "box.h"
#include "steps/faces.h"

video_face crop_video;

bool crop_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    const struct crop *crop = params;
    struct box box = crop_box(crop, shape->width, shape->height, shape->sar, 1 << shape->chroma_w,
                              (1 << shape->chroma_h) * (shape->interlaced ? 2 : 1));
    if (box.width == shape->width && box.height == shape->height)
        return true;
    focus_note_film(chain, &crop->focus);
    chain_note(chain, "cropped %dx%d to %dx%d at %d,%d", shape->width, shape->height, box.width,
               box.height, box.x, box.y);
    char x[16], y[16], width[16], height[16];
    g_snprintf(x, sizeof x, "%d", box.x);
    g_snprintf(y, sizeof y, "%d", box.y);
    g_snprintf(width, sizeof width, "%d", box.width);
    g_snprintf(height, sizeof height, "%d", box.height);
    return chain_filter(chain, failure, "crop", "out_w", width, "out_h", height, "x", x, "y", y,
                        "exact", "1", NULL);
}
