/* SPDX-License-Identifier: GPL-3.0-or-later
 * The shape that `reframe` comes to. */
#include "shape.h"

#include <math.h>

static int near(double value, int step)
{
    return MAX((int)lround(value / step) * step, step);
}

static int below(double value, int step, int most)
{
    const int whole = (int)(value + 1e-9) / step * step;
    return CLAMP(whole, MIN(step, most), most);
}

static int on_grid(int value, int step)
{
    return value - value % step;
}

/* The largest box of the shape in what is stored. */
static void keep(struct reshaped *to, const struct reframe *reframe, int width, int height,
                 double sar, int step_x, int step_y)
{
    const double aspect = rational_value(reframe->aspect) / sar;
    to->keep_width = below(fmin(width, height * aspect), step_x, width);
    to->keep_height = below(fmin(height, width / aspect), step_y, height);
    focus_box(&reframe->focus, width, height, to->keep_width, to->keep_height, &to->keep_x,
              &to->keep_y);
    to->keep_x = on_grid(to->keep_x, step_x);
    to->keep_y = on_grid(to->keep_y, step_y);
}

static void cropped(struct reshaped *to, const struct reframe *reframe, double sar, int step_x,
                    int step_y)
{
    const bool scaled = reframe->width.set || sar != 1;
    const double square = to->keep_width * sar;
    to->width =
        scaled
            ? near(extent_pixels(reframe->width, (int)lround(square), (int)lround(square)), step_x)
            : to->keep_width;
    to->height = reframe->width.set ? near(to->width / rational_value(reframe->aspect), step_y)
                                    : to->keep_height;
    to->inner_width = to->width;
    to->inner_height = to->height;
}

/* A canvas whose shorter side is the picture's, unless a width is asked for; the picture is scaled
 * to stand inside it. */
static void filled(struct reshaped *to, const struct reframe *reframe, double square, int height,
                   int step_x, int step_y)
{
    const double aspect = rational_value(reframe->aspect), shorter = fmin(square, height);
    const int whole = (int)lround(aspect < 1 ? shorter : shorter * aspect);
    to->width = near(extent_pixels(reframe->width, (int)lround(square), whole), step_x);
    to->height = near(to->width / aspect, step_y);
    const double scale = fmin(to->width / square, (double)to->height / height);
    to->inner_width = MIN(near(square * scale, step_x), to->width);
    to->inner_height = MIN(near(height * scale, step_y), to->height);
    place_box((enum place)reframe->focus.place, to->width, to->height, to->inner_width,
              to->inner_height, 0, &to->x, &to->y);
    to->x = on_grid(to->x, step_x);
    to->y = on_grid(to->y, step_y);
}

struct reshaped reframe_shape(const struct reframe *reframe, int width, int height,
                              struct rational sar, int step_x, int step_y, int keep_step_y)
{
    const double wide = sar.num ? rational_value(sar) : 1;
    struct reshaped to = {.keep_width = width, .keep_height = height};
    if (reframe->fill == FILL_CROP) {
        keep(&to, reframe, width, height, wide, step_x, keep_step_y);
        cropped(&to, reframe, wide, step_x, step_y);
    } else {
        filled(&to, reframe, width * wide, height, step_x, step_y);
    }
    return to;
}

bool reframe_is_shape(const struct reshaped *to, int width, int height, struct rational sar)
{
    const bool square = !sar.num || sar.num == sar.den;
    return square && to->keep_width == width && to->keep_height == height &&
           to->inner_width == width && to->inner_height == height && to->width == width &&
           to->height == height;
}

char *reframe_words(const struct reframe *reframe, const struct reshaped *to, int width, int height)
{
    static const char *const fills[] = {"cropped", "on itself blurred", "on a canvas of a colour"};
    g_autofree char *part = reframe->fill == FILL_CROP ? focus_words(&reframe->focus) : NULL;
    return g_strdup_printf("%dx%d to %dx%d, %s%s", width, height, to->width, to->height,
                           fills[reframe->fill], part ? part : "");
}
