/* SPDX-License-Identifier: GPL-3.0-or-later
 * CIEDE2000 of two pictures. */
#include "delta_e.h"

#include "../compare/private.h"
#include "private.h"

#include <math.h>
#include <string.h>

enum { STRIP = 64 /* rows */, HALF_TURN = 180, TURN = 360 };

static const double opposite = HALF_TURN + 1e-9; /* hues, but for rounding */

static double cosine(double degrees)
{
    return cos(degrees * G_PI / HALF_TURN);
}

/* sqrt(C^7 / (C^7 + 25^7)) */
static double chroma_share(double chroma)
{
    const double seventh = pow(chroma, 7);
    return sqrt(seventh / (seventh + 6103515625.0));
}

static double hue(double a, double b)
{
    const double degrees = a == 0 && b == 0 ? 0 : atan2(b, a) * HALF_TURN / G_PI;
    return degrees < 0 ? degrees + TURN : degrees;
}

static double hue_difference(double from, double to)
{
    const double off = to - from;
    return fabs(off) <= opposite ? off : off > 0 ? off - TURN : off + TURN;
}

static double hue_mean(double one, double other)
{
    const double sum = one + other;
    if (fabs(one - other) <= opposite)
        return sum / 2;
    return (sum < TURN ? sum + TURN : sum - TURN) / 2;
}

double delta_e_of(const float a[3], const float b[3])
{
    const double stretch = 1.5 - 0.5 * chroma_share((hypot(a[1], a[2]) + hypot(b[1], b[2])) / 2);
    const double c1 = hypot(stretch * a[1], a[2]), c2 = hypot(stretch * b[1], b[2]);
    const double h1 = hue(stretch * a[1], a[2]), h2 = hue(stretch * b[1], b[2]);
    const bool grey = c1 == 0 || c2 == 0;
    const double turned = grey ? 0 : hue_difference(h1, h2);
    const double h = grey ? h1 + h2 : hue_mean(h1, h2), c = (c1 + c2) / 2;
    const double from_middle = pow(((double)a[0] + b[0]) / 2 - 50, 2);
    const double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) -
                     0.20 * cosine(4 * h - 63);
    const double lightness =
        ((double)b[0] - a[0]) / (1 + 0.015 * from_middle / sqrt(20 + from_middle));
    const double chroma = (c2 - c1) / (1 + 0.045 * c);
    const double tone =
        2 * sqrt(c1 * c2) * cosine(turned / 2 - HALF_TURN / 2) / (1 + 0.015 * c * t);
    const double rotation =
        -2 * chroma_share(c) * cosine(60 * exp(-pow((h - 275) / 25, 2)) - HALF_TURN / 2);
    return sqrt(
        fmax(0, lightness * lightness + chroma * chroma + tone * tone + rotation * chroma * tone));
}

/* CIE L*a*b* as its profile says, or of what its numbers are without one. */
static VipsImage *to_lab(VipsImage *page)
{
    g_autoptr(VipsImage) plain = NULL;
    g_autoptr(VipsImage) in_lab = NULL;
    VipsImage *lab = NULL;
    if (vips_image_hasalpha(page) &&
        vips_extract_band(page, &plain, 0, "n", page->Bands - 1, NULL) != 0)
        return NULL;
    VipsImage *in = plain ? plain : page;
    const bool tagged = vips_image_get_typeof(in, VIPS_META_ICC_NAME);
    if ((!tagged ||
         vips_icc_import(in, &in_lab, "embedded", TRUE, "pcs", VIPS_PCS_LAB, NULL) != 0) &&
        vips_colourspace(in, &in_lab, VIPS_INTERPRETATION_LAB, NULL) != 0)
        return NULL;
    return vips_cast_float(in_lab, &lab, NULL) == 0 ? lab : NULL;
}

struct sum {
    double all, most;
};

static bool add_strip(VipsRegion *a, VipsRegion *b, const VipsRect *strip, struct sum *sum)
{
    if (vips_region_prepare(a, strip) != 0 || vips_region_prepare(b, strip) != 0)
        return false;
    for (int y = strip->top; y < strip->top + strip->height; y++) {
        const float *one = (const float *)(const void *)VIPS_REGION_ADDR(a, 0, y);
        const float *other = (const float *)(const void *)VIPS_REGION_ADDR(b, 0, y);
        for (int x = 0; x < 3 * strip->width; x += 3) {
            const bool same = memcmp(one + x, other + x, 3 * sizeof *one) == 0;
            const double off = same ? 0 : delta_e_of(one + x, other + x);
            sum->all += off;
            sum->most = fmax(sum->most, off);
        }
    }
    return true;
}

static bool add_all(VipsImage *a, VipsImage *b, struct sum *sum)
{
    VipsRegion *of_a = vips_region_new(a), *of_b = vips_region_new(b);
    bool fine = true;
    for (int y = 0; fine && y < a->Ysize; y += STRIP)
        fine = add_strip(of_a, of_b, &(VipsRect){0, y, a->Xsize, MIN(STRIP, a->Ysize - y)}, sum);
    g_object_unref(of_a);
    g_object_unref(of_b);
    return fine;
}

bool still_delta_e(const struct still *reference, const struct still *made, int page, double *mean,
                   double *most)
{
    struct sum sum = {0, 0};
    g_autoptr(VipsImage) a = to_lab(reference->pages->pdata[page]);
    g_autoptr(VipsImage) b = a ? to_lab(made->pages->pdata[page]) : NULL;
    if (!b || a->Bands != 3 || b->Bands != 3 || a->Xsize != b->Xsize || a->Ysize != b->Ysize ||
        !add_all(a, b, &sum)) {
        vips_error_clear();
        return false;
    }
    *mean = sum.all / ((double)a->Xsize * a->Ysize);
    *most = sum.most;
    return true;
}
