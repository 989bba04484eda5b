/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conversions between colour spaces, and tone maps against their formulas. */
#include "color/convert.h"

#include "color/grade.h"

#include <math.h>

static const struct convert_options plain = {0};

static void near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        g_error("%.9f is not %.9f", value, expected);
}

static struct grade *compiled(const char *from, const char *to,
                              const struct convert_options *options)
{
    g_auto(look_ptr) look = color_convert(space_find(from), space_find(to), options);
    struct grade *grade = grade_create();
    grade_add(grade, look);
    return grade;
}

static void convert(const char *from, const char *to, const struct convert_options *options,
                    float rgb[3])
{
    g_auto(grade_ptr) grade = compiled(from, to, options);
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
}

/* What grey of a code becomes; all three channels are to be alike. */
static double grey_in(const struct grade *grade, double code)
{
    float rgb[3] = {(float)code, (float)code, (float)code};
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
    near(rgb[0], rgb[1], 2e-6);
    near(rgb[2], rgb[1], 2e-6);
    return rgb[1];
}

static double grey(const char *from, const char *to, const struct convert_options *options,
                   double code)
{
    g_auto(grade_ptr) grade = compiled(from, to, options);
    return grey_in(grade, code);
}

static void a_space_to_itself_is_nothing(void)
{
    for (unsigned i = 0; i < spaces_count; i++) {
        g_auto(grade_ptr) grade = compiled(spaces[i].name, spaces[i].name, &plain);
        g_assert_true(grade_is_identity(grade));
    }
}

/* White of any display is white of any other, and a camera's full white of 1 is, too. */
static void white_stays_white(void)
{
    const double pq_white = 0.580688881041, hlg_white = 0.749877; /* 203 cd/m2: BT.2408 says 58 %
                                                                     and 75 % */
    const struct convert_options clip = {.tone_map = TONE_CLIP};
    near(grey("srgb", "rec709", &plain, 1), 1, 2e-6);
    near(grey("rec709", "display-p3", &plain, 1), 1, 2e-6);
    near(grey("dci-p3", "rec709", &plain, 1), 1, 2e-6);
    near(grey("rec709", "pq", &plain, 1), pq_white, 2e-6);
    near(grey("rec709", "hlg", &plain, 1), 0.75, 5e-4);
    near(grey("pq", "hlg", &clip, pq_white), hlg_white, 5e-4);
    near(grey("pq", "rec709", &clip, pq_white), 1, 1e-5);
    near(grey("hlg", "rec709", &clip, 0.75), 1, 2e-3);
    near(grey("acescg", "rec709", &clip, 1), 1, 2e-6);
}

static void light_stays_as_it_is(void)
{
    const struct convert_options clip = {.tone_map = TONE_CLIP};
    near(grey("slog3", "rec709", &clip, 0.410557184750733), pow(0.18, 1 / 2.4), 2e-6);
    near(grey("logc3", "acescg", &plain, 0.391006832034084), 0.18, 2e-6);
    near(grey("srgb", "linear-rec709", &plain, 0.5), pow(0.555 / 1.055, 2.4), 2e-6);
    near(grey("pq", "p3-pq", &plain, 0.7), 0.7, 2e-6);
    near(grey("p3-pq", "pq", &plain, 0.1), 0.1, 2e-6);
}

/* BT.2390's formula, written out. `m` is PQ of the aim over PQ of the source. */
static double hermite(double e, double m)
{
    const double ks = 1.5 * m - 0.5, t = (e - ks) / (1 - ks);
    if (e < ks)
        return e;
    return (2 * pow(t, 3) - 3 * pow(t, 2) + 1) * ks + (pow(t, 3) - 2 * pow(t, 2) + t) * (1 - ks) +
           (-2 * pow(t, 3) + 3 * pow(t, 2)) * m;
}

static void bt2390_is_its_formula(void)
{
    const struct space *pq = space_find("pq");
    const struct {
        double from_nit, to_nit;
    } rows[] = {{1000, 203}, {4000, 203}, {10000, 1000}, {10000, 400}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const double from = rows[i].from_nit / REFERENCE_NIT, to = rows[i].to_nit / REFERENCE_NIT;
        const double top = space_encode(pq, rows[i].from_nit);
        for (int n = 1; n <= 128; n++) {
            const double e = n / 128.0, light = space_decode(pq, e * top) / REFERENCE_NIT;
            const double mapped = tone_map_apply(TONE_BT2390, from, to, light);
            near(space_encode(pq, mapped * REFERENCE_NIT) / top,
                 hermite(e, space_encode(pq, rows[i].to_nit) / top), 1e-9);
        }
    }
}

static void tone_maps_rise_to_their_peak(void)
{
    const double peaks[][2] = {{4.93, 1}, {49.3, 1}, {470, 1}, {49.3, 4.93}, {2, 1.9}};
    for (gsize i = 0; i < G_N_ELEMENTS(peaks); i++)
        for (int map = 0; map < TONE_COUNT; map++) {
            const double from = peaks[i][0], to = peaks[i][1];
            double before = 0;
            for (int n = 0; n <= 128; n++) {
                const double light = tone_map_apply(map, from, to, from * pow(n / 128.0, 4));
                g_assert_true(isfinite(light) && light >= before - 1e-12 && light <= to + 1e-9);
                before = light;
            }
            near(tone_map_apply(map, from, to, from), to, 1e-9);
            near(tone_map_apply(map, from, to, 10 * from), to, 1e-9);
            g_assert_cmpfloat(tone_map_apply(map, from, to, -1), ==, -1);
        }
}

/* FFmpeg's vf_tonemap.c with its defaults: peak 10, param 0.3. Worked out by hand from its
 * formulas: a = -0.09 * 9 / 9.49, b = 4.09 / 9. */
static void mobius_and_hable_are_those_of_ffmpeg(void)
{
    const double a = -0.09 * 9 / 9.49, b = (0.09 - 6 + 10) / 9;
    near(tone_map_apply(TONE_MOBIUS, 10, 1, 0.3), 0.3, 1e-12);
    near(tone_map_apply(TONE_MOBIUS, 10, 1, 2),
         (b * b + 0.6 * b + 0.09) / (b - a) * (2 + a) / (2 + b), 1e-12);
    near(tone_map_apply(TONE_MOBIUS, 10, 1, 2), 0.8225, 1e-4);
    /* h(2) = (2 * 0.35 + 0.004) / (2 * 0.8 + 0.06) - 1/15, h(10) = 15.504 / 20.06 - 1/15 */
    near(tone_map_apply(TONE_HABLE, 10, 1, 2),
         (0.704 / 1.66 - 1 / 15.0) / (15.504 / 20.06 - 1 / 15.0), 1e-12);
}

/* A compiled conversion against the same in double. */
static void compiled_tone_maps_are_the_tone_maps(void)
{
    const struct space *pq = space_find("pq"), *rec709 = space_find("rec709");
    for (int map = 0; map < TONE_COUNT; map++) {
        const struct convert_options options = {.tone_map = map, .source_peak_nit = 1000};
        g_auto(grade_ptr) grade = compiled("pq", "rec709", &options);
        for (int n = 1; n <= 200; n++) {
            const double code = n / 200.0, light = space_decode(pq, (float)code) / REFERENCE_NIT;
            const double mapped = tone_map_apply(map, 1000 / REFERENCE_NIT, 1, light);
            near(grey_in(grade, code), space_encode(rec709, fmin(mapped, 1)), 2e-6);
        }
    }
}

static void a_peak_is_of_the_display(void)
{
    const struct convert_options bright = {.peak_nit = 200, .source_peak_nit = 300},
                                 low = {.peak_nit = 600, .tone_map = TONE_HABLE};
    /* 203 cd/m2 is reference white, and half of what a display of 200 can do. */
    near(pow(grey("pq", "rec709", &bright, space_encode(space_find("pq"), 203)), 2.4), 0.5, 1e-5);
    near(grey("pq", "pq", &low, 1), space_encode(space_find("pq"), 600), 3e-6);
    near(grey("rec709", "srgb", &bright, 1), 1, 2e-6);
}

static void colours_keep_their_hue_and_their_bounds(void)
{
    float bright[3] = {0.75f, 0.6f, 0.45f}, pure[3] = {0, 0.7f, 0}, scene[3] = {0, 0.7f, 0};
    const struct convert_options options = {.source_peak_nit = 1000};
    float light[3] = {0.75f, 0.6f, 0.45f};
    convert("pq", "rec2020", &options, bright);
    convert("pq", "linear-rec2020", &options, light);
    for (int c = 1; c < 3; c++)
        near(pow(bright[c], 2.4) / pow(bright[0], 2.4), light[c] / light[0], 1e-4);
    convert("pq", "rec709", &options, pure);
    for (int c = 0; c < 3; c++)
        g_assert_true(pure[c] >= 0 && pure[c] <= 1);
    convert("pq", "linear-rec709", &options, scene);
    g_assert_cmpfloat(scene[0], <, 0);
}

static void a_look_says_what_it_does(void)
{
    const struct convert_options options = {.source_peak_nit = 1015};
    g_auto(look_ptr) look = color_convert(space_find("pq"), space_find("rec709"), &options);
    g_assert_cmpstr(look->summary, ==,
                    "pq to rec709, light up to 5 times reference white brought down to 1 (bt2390)");
    g_auto(look_ptr) other = color_convert(space_find("slog3"), space_find("acescct"), &options);
    g_assert_cmpstr(other->summary, ==, "slog3 to acescct");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/convert/identity", a_space_to_itself_is_nothing);
    g_test_add_func("/color/convert/white", white_stays_white);
    g_test_add_func("/color/convert/light", light_stays_as_it_is);
    g_test_add_func("/color/convert/bt2390", bt2390_is_its_formula);
    g_test_add_func("/color/convert/tone-maps", tone_maps_rise_to_their_peak);
    g_test_add_func("/color/convert/ffmpeg", mobius_and_hable_are_those_of_ffmpeg);
    g_test_add_func("/color/convert/compiled", compiled_tone_maps_are_the_tone_maps);
    g_test_add_func("/color/convert/peak", a_peak_is_of_the_display);
    g_test_add_func("/color/convert/bounds", colours_keep_their_hue_and_their_bounds);
    g_test_add_func("/color/convert/words", a_look_says_what_it_does);
    return g_test_run();
}
