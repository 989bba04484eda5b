/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resize`: stills. */
#include "../focus_find.h"
#include "fit.h"
#include "steps/faces.h"

image_face resize_image;
scaling_face resize_scaling;

static bool keep(struct still *still, const struct fitted *fitted, struct focus part,
                 struct failure *failure)
{
    int x, y;
    if (fitted->keep_width == fitted->width && fitted->keep_height == fitted->height)
        return true;
    g_autofree char *words = focus_words(&part);
    if (!focus_find(still, &part, fitted->keep_width, fitted->keep_height, failure))
        return false;
    focus_box(&part, fitted->width, fitted->height, fitted->keep_width, fitted->keep_height, &x,
              &y);
    if (*words)
        still_note(still, "kept %dx%d of %dx%d at %d,%d%s", fitted->keep_width, fitted->keep_height,
                   fitted->width, fitted->height, x, y, words);
    return still_crop(still, failure, x, y, fitted->keep_width, fitted->keep_height);
}

bool resize_image(struct still *still, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct resize *resize = params;
    struct still_shape shape = still_shape(still);
    struct fitted fitted = resize_fit(resize, shape.width, shape.height, 1, 1);
    if (fitted.keep_width == shape.width && fitted.keep_height == shape.height &&
        fitted.width == shape.width && fitted.height == shape.height)
        return true;
    const char *kernel = resize_kernels[resize->kernel];
    bool linear = resize->light == LIGHT_LINEAR || (resize->light == LIGHT_AUTO && shape.depth > 8);
    still_note(still, "resized %dx%d to %dx%d (%s, %s)", shape.width, shape.height,
               fitted.keep_width, fitted.keep_height, kernel, linear ? "linear light" : "gamma");
    return still_resize(still, failure, fitted.width, fitted.height, kernel, linear) &&
           keep(still, &fitted, resize->focus, failure);
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
