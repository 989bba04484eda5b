/* SPDX-License-Identifier: GPL-3.0-or-later
 * `resize`: stills. */
#include "fit.h"
#include "steps/faces.h"

image_face resize_image;

static bool keep(struct still *still, const struct fitted *fitted, struct failure *failure)
{
    if (fitted->keep_width == fitted->width && fitted->keep_height == fitted->height)
        return true;
    return still_crop(still, failure, (fitted->width - fitted->keep_width) / 2,
                      (fitted->height - fitted->keep_height) / 2, fitted->keep_width,
                      fitted->keep_height);
}

bool resize_image(struct still *still, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    /* libvips has no spline36; lanczos3 is the nearest in sharpness. */
    static const char *const kernels[] = {"lanczos3", "bicubic", "bilinear", "lanczos3", "nearest"};
    const struct resize *resize = params;
    struct still_shape shape = still_shape(still);
    struct fitted fitted = resize_fit(resize, shape.width, shape.height, 1, 1);
    if (fitted.keep_width == shape.width && fitted.keep_height == shape.height &&
        fitted.width == shape.width && fitted.height == shape.height)
        return true;
    still_note(still, "resized %dx%d to %dx%d (%s)", shape.width, shape.height, fitted.keep_width,
               fitted.keep_height, kernels[resize->kernel]);
    return still_resize(still, failure, fitted.width, fitted.height, kernels[resize->kernel]) &&
           keep(still, &fitted, failure);
}
