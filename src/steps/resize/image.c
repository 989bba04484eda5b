/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resize`: stills. */
#include "../focus_find.h"
#include "fit.h"
#include "steps/faces.h"

#include <math.h>

image_face resize_image;
scaling_face resize_scaling;

static bool cuts(const struct fitted *to)
{
    return to->keep_width != to->width || to->keep_height != to->height;
}

/* Where what is kept begins; looked for in the picture as it is, larger or smaller. */
static bool find(struct still *still, const struct fitted *to, struct focus part, int *x, int *y,
                 struct failure *failure)
{
    const struct still_shape shape = still_shape(still);
    const int width = (int)lround((double)to->keep_width * shape.width / to->width);
    const int height = (int)lround((double)to->keep_height * shape.height / to->height);
    g_autofree char *words = focus_words(&part);
    if (!focus_find(still, &part, MAX(width, 1), MAX(height, 1), failure))
        return false;
    focus_box(&part, to->width, to->height, to->keep_width, to->keep_height, x, y);
    if (*words)
        still_note(still, "kept %dx%d of %dx%d at %d,%d%s", to->keep_width, to->keep_height,
                   to->width, to->height, *x, *y, words);
    return true;
}

/* What is smaller than its source is made whole, as it is where a file is decoded to it. */
static bool shrink(struct still *still, const struct fitted *to, const struct resize *resize,
                   bool linear, struct failure *failure)
{
    int x, y;
    if (!still_resize(still, failure, to->width, to->height, resize_kernels[resize->kernel],
                      linear))
        return false;
    return !cuts(to) || (find(still, to, resize->focus, &x, &y, failure) &&
                         still_crop(still, failure, x, y, to->keep_width, to->keep_height));
}

static bool enlarge(struct still *still, const struct fitted *to, const struct resize *resize,
                    bool linear, struct failure *failure)
{
    struct still_part part = {to->width, to->height, 0, 0, to->keep_width, to->keep_height};
    return (!cuts(to) || find(still, to, resize->focus, &part.x, &part.y, failure)) &&
           still_resize_part(still, failure, &part, resize_kernels[resize->kernel], linear);
}

bool resize_image(struct still *still, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct resize *resize = params;
    struct still_shape shape = still_shape(still);
    struct fitted fitted = resize_fit(resize, shape.width, shape.height, 1, 1);
    if (fitted.width == shape.width && fitted.height == shape.height && !cuts(&fitted))
        return true;
    bool linear = resize->light == LIGHT_LINEAR || (resize->light == LIGHT_AUTO && shape.depth > 8);
    still_note(still, "resized %dx%d to %dx%d (%s, %s)", shape.width, shape.height,
               fitted.keep_width, fitted.keep_height, resize_kernels[resize->kernel],
               linear ? "linear light" : "gamma");
    bool larger = fitted.width > shape.width || fitted.height > shape.height;
    return (larger ? enlarge : shrink)(still, &fitted, resize, linear, failure);
}

bool resize_scaling(const void *params, int width, int height, struct still_scaling *to)
{
    const struct resize *resize = params;
    struct fitted fitted = resize_fit(resize, width, height, 1, 1);
    *to = (struct still_scaling){fitted.width, fitted.height, resize_kernels[resize->kernel]};
    return resize->light != LIGHT_LINEAR && resize->kernel != KERNEL_NEAREST &&
           fitted.width <= width && fitted.height <= height &&
           (fitted.width != width || fitted.height != height);
}
