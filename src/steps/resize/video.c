/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resize`: moving picture. */
#include "../focus_find.h"
#include "fit.h"
#include "steps/faces.h"

#include <math.h>

video_face resize_video;

static bool scale(struct chain *chain, const struct resize *resize, int width, int height,
                  struct failure *failure)
{
    static const char *const kernels[] = {"lanczos", "bicubic", "bilinear", "spline36", "point"};
    char across[16], down[16];
    g_snprintf(across, sizeof across, "%d", width);
    g_snprintf(down, sizeof down, "%d", height);
    return chain_filter(chain, failure, "zscale", "width", across, "height", down, "filter",
                        kernels[resize->kernel], "dither", "ordered", NULL) &&
           chain_filter(chain, failure, "setsar", "sar", "1", NULL);
}

static bool keep(struct chain *chain, const struct fitted *fitted, const struct focus *part,
                 struct failure *failure)
{
    int left, top;
    if (fitted->keep_width == fitted->width && fitted->keep_height == fitted->height)
        return true;
    focus_note_film(chain, part);
    focus_box(part, fitted->width, fitted->height, fitted->keep_width, fitted->keep_height, &left,
              &top);
    g_autofree char *x = g_strdup_printf("%d", left), *y = g_strdup_printf("%d", top),
                    *width = g_strdup_printf("%d", fitted->keep_width),
                    *height = g_strdup_printf("%d", fitted->keep_height);
    return chain_filter(chain, failure, "crop", "out_w", width, "out_h", height, "x", x, "y", y,
                        NULL);
}

/* Even, which every encoder takes, where no odd number of pixels is asked for: a proxy is as large
 * whatever its source's chroma is. */
static int grid(struct extent side, int chroma_shift)
{
    const bool odd = side.set && !side.percent && lround(side.value) % 2 != 0;
    return MAX(odd ? 1 : 2, 1 << chroma_shift);
}

/* What keeps its size keeps an odd one, too. */
static struct fitted fit(const struct chain *chain, const struct resize *resize, int square_width)
{
    const struct video_shape *shape = chain_video(chain);
    struct video_shape stored; /* after a grade, what flows has no subsampled chroma */
    chain_stored_shape(chain, &stored);
    const struct fitted plain =
        resize_fit(resize, square_width, shape->height, 1 << stored.chroma_w, 1 << stored.chroma_h);
    if (plain.width == shape->width && plain.height == shape->height)
        return plain;
    return resize_fit(resize, square_width, shape->height, grid(resize->width, stored.chroma_w),
                      grid(resize->height, stored.chroma_h));
}

bool resize_video(struct chain *chain, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct resize *resize = params;
    const struct video_shape *shape = chain_video(chain);
    double sar = shape->sar.num ? rational_value(shape->sar) : 1;
    struct fitted fitted = fit(chain, resize, (int)lround(shape->width * sar));
    bool same = fitted.width == shape->width && fitted.height == shape->height;
    if (same && sar == 1)
        return keep(chain, &fitted, &resize->focus, failure);
    if (shape->interlaced && fitted.height != shape->height)
        return fail(failure, FAIL_CONFIG,
                    "the source is interlaced and resize would mix its fields: put deinterlace "
                    "before resize");
    chain_note(chain, "resized %dx%d to %dx%d", shape->width, shape->height, fitted.keep_width,
               fitted.keep_height);
    return scale(chain, resize, fitted.width, fitted.height, failure) &&
           keep(chain, &fitted, &resize->focus, failure);
}
