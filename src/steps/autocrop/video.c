/* SPDX-License-Identifier: GPL-3.0-or-later
 * `autocrop`: moving picture, its measuring half and the other. */
#include "autocrop.h"
#include "media/chain_picture.h"
#include "steps/faces.h"

#include <stdio.h>

video_face autocrop_video;
look_face autocrop_look;

bool autocrop_look(struct chain *chain, const void *params, const struct face_env *env, char **seen,
                   struct failure *failure)
{
    const struct autocrop *autocrop = params;
    return chain_find_bars(chain, failure, autocrop->threshold_percent / 100, seen);
}

/* What was found, along one axis. */
struct side {
    int at, length;
};

/* Inside what was found: begins on a multiple of `step`, as long as a multiple of `grid`. */
static struct side inside(struct side found, int step, int grid)
{
    const int at = (found.at + step - 1) / step * step;
    const int length = (found.at + found.length - at) / grid * grid;
    return (struct side){at, length};
}

/* A multiple of both. */
static int common(int a, int b)
{
    int all = a;
    while (all % b)
        all += a;
    return all;
}

static bool crop(struct chain *chain, struct side across, struct side down, struct failure *failure)
{
    g_autofree char *x = g_strdup_printf("%d", across.at), *y = g_strdup_printf("%d", down.at),
                    *width = g_strdup_printf("%d", across.length),
                    *height = g_strdup_printf("%d", down.length);
    return chain_filter(chain, failure, "crop", "out_w", width, "out_h", height, "x", x, "y", y,
                        "exact", "1", NULL);
}

bool autocrop_video(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct autocrop *autocrop = params;
    const struct video_shape *shape = chain_video(chain);
    const char *text = env->measured ? node_get_text(env->measured, FACTS_SEEN) : NULL;
    struct side across, down;
    int width, height;
    long long frames;
    if (!text || sscanf(text, "%d %d %d %d %lld %d %d", &across.length, &down.length, &across.at,
                        &down.at, &frames, &width, &height) != 7)
        return fail(failure, FAIL_INTERNAL, "autocrop wasn't told what its measuring half saw");
    if (width != shape->width || height != shape->height)
        return fail(failure, FAIL_INTERNAL,
                    "autocrop measured a picture of %dx%d, and is given one of %dx%d", width,
                    height, shape->width, shape->height);
    if (across.length == width && down.length == height) {
        chain_note(chain, "autocrop: no black bars in %lld frames", frames);
        return true;
    }
    const int step_x = 1 << shape->chroma_w,
              step_y = (1 << shape->chroma_h) * (shape->interlaced ? 2 : 1);
    across = inside(across, step_x, common(step_x, autocrop->round));
    down = inside(down, step_y, common(step_y, autocrop->round));
    if (across.length <= 0 || down.length <= 0) {
        chain_note(chain, "autocrop: nothing brighter than %g %% in %lld frames: not cropped",
                   autocrop->threshold_percent, frames);
        return true;
    }
    chain_note(chain, "autocrop: %dx%d to %dx%d at %d,%d, after %lld frames", width, height,
               across.length, down.length, across.at, down.at, frames);
    return crop(chain, across, down, failure);
}
