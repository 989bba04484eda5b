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
    struct canvas canvas = pad_canvas(pad, shape->width, shape->height, shape->sar,
                                      1 << shape->chroma_w, 1 << shape->chroma_h);
    if (canvas.width == shape->width && canvas.height == shape->height)
        return true;
    chain_note(chain, "padded %dx%d to %dx%d", shape->width, shape->height, canvas.width,
               canvas.height);
    char width[16], height[16], x[16], y[16], color[16];
    g_snprintf(width, sizeof width, "%d", canvas.width);
    g_snprintf(height, sizeof height, "%d", canvas.height);
    g_snprintf(x, sizeof x, "%d", canvas.x);
    g_snprintf(y, sizeof y, "%d", canvas.y);
    g_snprintf(color, sizeof color, "0x%02x%02x%02x%02x", pad->color.r, pad->color.g, pad->color.b,
               pad->color.a);
    return chain_plain(chain, failure) &&
           chain_filter(chain, failure, "pad", "width", width, "height", height, "x", x, "y", y,
                        "color", color, NULL);
}
