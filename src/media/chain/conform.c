/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures that become as others are: colours, size, fields, format, rate. */
#include "private.h"

#include "color/convert.h"

#include <math.h>

static bool same_colors(const struct video_shape *a, const struct video_shape *b)
{
    const struct space *one = space_of_tags(a->primaries, a->transfer);
    return (!g_strcmp0(a->primaries, b->primaries) && !g_strcmp0(a->transfer, b->transfer)) ||
           (one && one == space_of_tags(b->primaries, b->transfer));
}

static bool conform_colors(struct chain *chain, const struct video_shape *to,
                           struct failure *failure)
{
    const struct video_shape *from = &chain->video;
    if (same_colors(from, to))
        return true;
    const struct space *one = space_of_tags(from->primaries, from->transfer);
    const struct space *other = space_of_tags(to->primaries, to->transfer);
    if (!one || !other)
        return fail(failure, FAIL_CONFIG,
                    "colours of %s primaries and %s transfer can't be made those of %s and %s: say "
                    "with a `color` step what they are",
                    from->primaries, from->transfer, to->primaries, to->transfer);
    const struct convert_options options = {.source_peak_nit = from->mastering_nit};
    const struct color_tags tags = {to->matrix, to->primaries, to->transfer};
    g_auto(look_ptr) look = color_convert(one, other, &options);
    struct grade *grade = grade_create();
    grade_add(grade, look);
    chain_note(chain, "colours converted: %s to %s", one->name, other->name);
    if (!chain_grade(chain, failure, grade))
        return false;
    chain_color_tags(chain, &tags);
    return true;
}

static double sar_of(const struct video_shape *shape)
{
    return shape->sar.num > 0 ? rational_value(shape->sar) : 1;
}

/* The largest size in the frame of `to`, in its pixels, that shows all of the picture unbent. */
static void fit_inside(const struct video_shape *from, const struct video_shape *to, int *width,
                       int *height)
{
    double wide = from->width * sar_of(from) / sar_of(to);
    double scale = MIN(to->width / wide, (double)to->height / from->height);
    int step_x = 1 << to->chroma_w, step_y = 1 << to->chroma_h;
    *width = MIN((int)lround(wide * scale / step_x) * step_x, to->width);
    *height = MIN((int)lround(from->height * scale / step_y) * step_y, to->height);
}

static bool scale(struct chain *chain, int width, int height, struct failure *failure)
{
    char across[16], down[16];
    g_snprintf(across, sizeof across, "%d", width);
    g_snprintf(down, sizeof down, "%d", height);
    return (width == chain->video.width && height == chain->video.height) ||
           chain_filter(chain, failure, "zscale", "width", across, "height", down, "filter",
                        "lanczos", "dither", "ordered", NULL);
}

static bool center(struct chain *chain, const struct video_shape *to, struct failure *failure)
{
    const struct video_shape *shape = &chain->video;
    int step_x = 1 << shape->chroma_w, step_y = 1 << shape->chroma_h;
    const struct canvas_place place = {to->width, to->height,
                                       (to->width - shape->width) / 2 / step_x * step_x,
                                       (to->height - shape->height) / 2 / step_y * step_y};
    return (shape->width == to->width && shape->height == to->height) ||
           chain_pad(chain, failure, &place, (struct rgba){0, 0, 0, 255});
}

static bool conform_size(struct chain *chain, const struct video_shape *to, struct failure *failure)
{
    const struct video_shape *from = &chain->video;
    bool same_sar = fabs(sar_of(from) - sar_of(to)) < 1e-9;
    if (from->width == to->width && from->height == to->height && same_sar)
        return true;
    char sar[48];
    int width, height;
    fit_inside(from, to, &width, &height);
    chain_note(chain, "%dx%d fitted into %dx%d", from->width, from->height, to->width, to->height);
    g_snprintf(sar, sizeof sar, "%" PRId64 "/%" PRId64, to->sar.num > 0 ? to->sar.num : 1,
               to->sar.num > 0 ? to->sar.den : 1);
    return scale(chain, width, height, failure) &&
           chain_filter(chain, failure, "setsar", "sar", sar, NULL) && center(chain, to, failure);
}

/* Fields that would be mixed, or would come out in an order that isn't told. */
static bool conform_fields(struct chain *chain, const struct video_shape *to,
                           struct failure *failure)
{
    const struct video_shape *from = &chain->video;
    bool keeps = to->interlaced && from->top_field_first == to->top_field_first &&
                 from->height == to->height;
    if (!from->interlaced || keeps)
        return true;
    chain_note(chain, "deinterlaced");
    return chain_plain(chain, failure) &&
           chain_filter(chain, failure, "bwdif", "mode", "send_frame", NULL);
}

static bool conform_rate(struct chain *chain, struct rational to, struct failure *failure)
{
    const struct rational from = chain->video.fps;
    g_autofree char *before = rational_text(from), *after = rational_text(to);
    if (!to.num)
        return true;
    if (!from.num)
        chain_note(chain, "variable frame rate conformed to %s fps", after);
    else if (!rational_equal(from, to))
        chain_note(chain, "%s fps conformed to %s fps", before, after);
    return chain_constant_rate(chain, failure, to);
}

bool chain_conform(struct chain *chain, const struct video_shape *to, struct failure *failure)
{
    return conform_fields(chain, to, failure) && conform_colors(chain, to, failure) &&
           conform_size(chain, to, failure) &&
           chain_deliver_picture(chain, failure, to->pix_fmt, to->rgb ? NULL : to->range,
                                 to->rgb ? NULL : to->matrix) &&
           conform_rate(chain, to->fps, failure);
}
