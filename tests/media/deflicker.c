/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deflicker`: light that flickers comes out even; what only changes stays. */
#include "picture_help.h"
#include "signal/flicker.h"

#include <math.h>

enum { WIDTH = 64, HEIGHT = 36, FRAMES = 75 };

/* A ramp whose codes above black are multiplied by `light`, and chroma about neutral. */
static AVFrame *lit(const struct video_shape *shape, int n, double light)
{
    AVFrame *frame = picture_frame(shape, n, 16);
    const int unit = 1 << (shape->depth - 8);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            picture_set(frame, 0, x, y, (unsigned)lround(unit * (16 + (20 + 2.0 * x) * light)));
    picture_fill(frame, 1, 0, 0, WIDTH / 2, HEIGHT / 2, (unsigned)lround(128 - 40 * light));
    return frame;
}

static double mean_above_black(const AVFrame *frame, int depth)
{
    double sum = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            sum += picture_sample(frame, 0, x, y);
    return sum / WIDTH / HEIGHT - (16 << (depth - 8));
}

typedef double light_of(int n);

static GPtrArray *deflickered(const struct video_shape *shape, light_of *light, char **notes)
{
    struct failure failure = {0};
    g_auto(chain_ptr) looking = picture_chain(shape);
    g_autofree char *seen = NULL;
    picture_look(looking, &seen, "deflicker", NULL);
    g_auto(chain_ptr) chain = picture_chain(shape);
    for (int n = 0; n < FRAMES; n++)
        picture_push(looking, lit(shape, n, light(n)));
    g_ptr_array_unref(picture_end(looking));
    g_assert_true(picture_step(chain, &failure, seen, "deflicker", NULL));
    for (int n = 0; n < FRAMES; n++)
        picture_push(chain, lit(shape, n, light(n)));
    GPtrArray *out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, FRAMES);
    *notes = picture_notes(chain);
    return out;
}

/* ±10 %, the worst of lamps: 3.57 Hz at 25 frames a second. */
static double lamp(int n)
{
    return 1 + 0.1 * sin(2 * G_PI * n / 7);
}

static void a_lamp_is_even_within_a_hundredth(void)
{
    static const char *const formats[] = {"yuv420p", "yuv420p10le"};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        const struct video_shape shape = picture_shape(formats[f], WIDTH, HEIGHT);
        g_autofree char *notes = NULL;
        g_autoptr(GPtrArray) out = deflickered(&shape, lamp, &notes);
        AVFrame *even = lit(&shape, 0, 1);
        const double wanted = mean_above_black(even, shape.depth);
        for (int n = 0; n < FRAMES; n++) {
            const double level = mean_above_black(out->pdata[n], shape.depth);
            g_assert_cmpfloat(fabs(level / wanted - 1), <, 0.01);
        }
        /* Colours go with it: blue is 40 codes from neutral. */
        g_assert_cmpfloat_with_epsilon(
            picture_sample(out->pdata[2], 1, 3, 3) / (double)(1 << (shape.depth - 8)), 88, 1);
        g_assert_nonnull(strstr(notes, "deflickered: levels of "));
        av_frame_free(&even);
    }
}

static double steady(int n)
{
    return 1;
}

/* Even light, a fade out of a second, black, and a cut to full light. */
static double fade_and_cut(int n)
{
    return n < 25 ? 1 : n < 50 ? (50 - n) / 25. : n < 60 ? 0 : 0.8;
}

static double flash(int n)
{
    return n == 40 ? 1.6 : 1;
}

static void what_doesnt_flicker_stays_to_the_bit(void)
{
    static light_of *const lights[] = {steady, fade_and_cut, flash};
    const struct video_shape shape = picture_shape("yuv420p10le", WIDTH, HEIGHT);
    for (unsigned i = 0; i < G_N_ELEMENTS(lights); i++) {
        g_autofree char *notes = NULL;
        g_autoptr(GPtrArray) out = deflickered(&shape, lights[i], &notes);
        for (int n = 0; n < FRAMES; n++) {
            AVFrame *as_was = lit(&shape, n, lights[i](n));
            g_assert_true(picture_same(out->pdata[n], as_was));
            av_frame_free(&as_was);
        }
        g_assert_cmpstr(notes, ==, "deflicker: the light is even in all 75 frames: not touched");
    }
}

/* The lamp goes on while the light falls to a third: the fall stays, the lamp goes. */
static double falling_lamp(int n)
{
    return lamp(n) * (1 - n / 112.5);
}

static void a_slow_change_stays_under_the_lamp(void)
{
    const struct video_shape shape = picture_shape("yuv420p10le", WIDTH, HEIGHT);
    g_autofree char *notes = NULL;
    g_autoptr(GPtrArray) out = deflickered(&shape, falling_lamp, &notes);
    AVFrame *full = lit(&shape, 0, 1);
    const double white = mean_above_black(full, shape.depth);
    for (int n = 25; n < FRAMES - 25; n++)
        g_assert_cmpfloat(
            fabs(mean_above_black(out->pdata[n], shape.depth) / white / (1 - n / 112.5) - 1), <,
            0.02);
    av_frame_free(&full);
}

/* Two shots under the lamp, the second twice as bright: neither takes of the other's light. */
static double two_shots(int n)
{
    return (n < 37 ? 0.5 : 1) * lamp(n);
}

static void shots_keep_their_own_light(void)
{
    const struct video_shape shape = picture_shape("yuv420p10le", WIDTH, HEIGHT);
    g_autofree char *notes = NULL;
    g_autoptr(GPtrArray) out = deflickered(&shape, two_shots, &notes);
    AVFrame *full = lit(&shape, 0, 1);
    const double white = mean_above_black(full, shape.depth);
    for (int n = 0; n < FRAMES; n++)
        g_assert_cmpfloat(
            fabs(mean_above_black(out->pdata[n], shape.depth) / white / (n < 37 ? 0.5 : 1) - 1), <,
            0.02);
    av_frame_free(&full);
}

/* --- levels with grain, in codes of 8 bits: how far from what is wanted, at most --- */

enum { LEVELS = 200, CUT = 100 };

typedef double code_of(int n);

static double farthest(code_of *given, code_of *wanted, double grain)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(double));
    double most = 0;
    for (int n = 0; n < LEVELS; n++) {
        const double code = given(n),
                     level = code > 0 ? code + g_rand_double_range(rand, -grain, grain) : 0;
        const double share = level / 219;
        g_array_append_val(levels, share);
    }
    g_autoptr(GArray) gains = flicker_gains(levels, 12.5, 0.3);
    for (guint n = 0; n < LEVELS; n++) {
        const double even =
            g_array_index(levels, double, n) * g_array_index(gains, double, n) * 219;
        most = MAX(most, fabs(even - wanted((int)n)));
    }
    return most;
}

static double gray(int n)
{
    return 84;
}

static double brighter_by_a_fifth(int n)
{
    return n < CUT ? 84 : 84 * 1.2;
}

static double in_and_out_of_black(int n)
{
    return 134 * CLAMP(MIN(n - 10, 190 - n) / 25., 0, 1);
}

static double eighth(int n)
{
    return 0.08 * sin(2 * G_PI * n / 7);
}

static double gray_in_a_lamp(int n)
{
    return gray(n) * (1 + eighth(n));
}

static double brighter_in_a_lamp(int n)
{
    return brighter_by_a_fifth(n) * (1 + eighth(n) / 4);
}

static double fades_in_a_lamp(int n)
{
    return in_and_out_of_black(n) * (1 + eighth(n) / 4);
}

static void grain_is_no_flicker(void)
{
    g_assert_cmpfloat(farthest(gray, gray, 0.2), <, 0.2 + 0.1);
}

static void a_cut_stays_a_cut_under_grain(void)
{
    g_assert_cmpfloat(farthest(brighter_by_a_fifth, brighter_by_a_fifth, 0.2), <, 1);
}

static void fades_stay_fades_under_grain(void)
{
    g_assert_cmpfloat(farthest(in_and_out_of_black, in_and_out_of_black, 0.2), <, 1);
}

static void a_lamp_goes_under_grain(void)
{
    g_assert_cmpfloat(farthest(gray_in_a_lamp, gray, 0.2), <, 1);
}

static void a_cut_stays_where_a_lamp_goes(void)
{
    g_assert_cmpfloat(farthest(brighter_in_a_lamp, brighter_by_a_fifth, 0.2), <, 1);
}

/* Smoothed by half a second, a fade of a second would be off by 26 codes at its ends. What is done
 * to it is at most what the lamp does from its darkest to its brightest. */
static void fades_in_a_lamp_are_bent_by_no_more_than_it(void)
{
    g_assert_cmpfloat(farthest(fades_in_a_lamp, in_and_out_of_black, 0.2), <, 3 * 0.02 * 134);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/deflicker/lamp", a_lamp_is_even_within_a_hundredth);
    g_test_add_func("/deflicker/untouched", what_doesnt_flicker_stays_to_the_bit);
    g_test_add_func("/deflicker/slow", a_slow_change_stays_under_the_lamp);
    g_test_add_func("/deflicker/shots", shots_keep_their_own_light);
    g_test_add_func("/deflicker/grain/steady", grain_is_no_flicker);
    g_test_add_func("/deflicker/grain/cut", a_cut_stays_a_cut_under_grain);
    g_test_add_func("/deflicker/grain/fades", fades_stay_fades_under_grain);
    g_test_add_func("/deflicker/grain/lamp", a_lamp_goes_under_grain);
    g_test_add_func("/deflicker/grain/lamp-cut", a_cut_stays_where_a_lamp_goes);
    g_test_add_func("/deflicker/grain/lamp-fades", fades_in_a_lamp_are_bent_by_no_more_than_it);
    return g_test_run();
}
