/* SPDX-License-Identifier: GPL-3.0-or-later
 * What two files say of themselves. */
#include "private.h"

#include <math.h>
#include <string.h>

void say_unlike(GPtrArray *unlike, const char *fact, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(unlike, check_make(fact ? fact : "form", "as the reference", text, false));
}

/* Codes of ITU-T H.273 (tables 2 to 4) that mean the same. */
static const char *const matrices[] = {"smpte170m", "bt470bg", NULL};
static const char *const primaries[] = {"smpte170m", "smpte240m", NULL};
static const char *const transfers[] = {"bt709", "smpte170m", "bt2020-10", "bt2020-12", NULL};
static const char *const none[] = {NULL};

static void say_color(const char *fact, const char *was, const char *is, const char *const *same,
                      GPtrArray *unlike)
{
    if (g_strcmp0(was, is) == 0 || (g_strv_contains(same, was) && g_strv_contains(same, is)))
        return;
    say_unlike(unlike, fact, "%s, the reference has %s, and codes are compared", is, was);
}

/* RGB has a matrix and a range of its own. */
static void say_colors(const struct video_shape *was, const struct video_shape *is,
                       GPtrArray *unlike)
{
    if (!was->pix_fmt || !is->pix_fmt)
        return;
    say_color("color_primaries", was->primaries, is->primaries, primaries, unlike);
    say_color("color_transfer", was->transfer, is->transfer, transfers, unlike);
    if (was->rgb || is->rgb)
        return;
    say_color("color_range", was->range, is->range, none, unlike);
    say_color("color_matrix", was->matrix, is->matrix, matrices, unlike);
}

static double shape_of_pixel(const struct video_shape *shape)
{
    return shape->sar.num > 0 ? rational_value(shape->sar) : 1;
}

void say_meaning(const struct video_shape *was, const struct video_shape *is, GPtrArray *unlike)
{
    const double rate = rational_value(was->fps), now = rational_value(is->fps);
    const double before = shape_of_pixel(was), after = shape_of_pixel(is);
    if (rate > 0 && now > 0 && fabs(rate - now) > rate / 2000)
        say_unlike(unlike, "fps", "it has %.3f pictures a second, the reference %.3f", now, rate);
    if (fabs(before - after) > fact_find("sar")->tolerance)
        say_unlike(unlike, "sar", "its pixels are %.4g times as wide as high, the reference's %.4g",
                   after, before);
    if (was->alpha != is->alpha)
        say_unlike(unlike, "alpha", "%s",
                   was->alpha ? "it has no transparency, the reference has some"
                              : "it has transparency, the reference has none");
    else if (was->alpha && g_strcmp0(was->pix_fmt, is->pix_fmt) != 0)
        say_unlike(unlike, "alpha", "its transparency isn't compared: it is %s, the reference %s",
                   is->pix_fmt, was->pix_fmt);
    say_colors(was, is, unlike);
}

void say_besides(const struct facts *reference, const struct facts *made, GPtrArray *unlike)
{
    static const char *const names[] = {"subtitle_tracks", "captions", "chapters", "timecode"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const struct fact *fact = fact_find(names[i]);
        g_autofree char *was = fact_text(fact, reference), *is = fact_text(fact, made);
        if (g_strcmp0(was, is) != 0)
            say_unlike(unlike, fact->name, "%s, the reference has %s", is ? is : "none",
                       was ? was : "none");
    }
}
