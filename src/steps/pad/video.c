/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pad`: moving picture. */
#include "canvas.h"
#include "steps/faces.h"

video_face pad_video;

bool pad_video(struct chain *chain, const void *params, const struct face_env *env,
               struct failure *failure)
{
    const struct pad *pad = params;
    const struct video_shape *shape = chain_video(chain);
    struct canvas canvas =
        pad_canvas(pad, shape->width, shape->height, shape->sar, 1 << shape->chroma_w,
                   (1 << shape->chroma_h) * (shape->interlaced ? 2 : 1));
    if (canvas.width == shape->width && canvas.height == shape->height)
        return true;
    chain_note(chain, "padded %dx%d to %dx%d", shape->width, shape->height, canvas.width,
               canvas.height);
    const struct canvas_place place = {canvas.width, canvas.height, canvas.x, canvas.y};
    return chain_pad(chain, failure, &place, pad->color);
}
