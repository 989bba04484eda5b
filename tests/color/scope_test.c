/* SPDX-License-Identifier: GPL-3.0-or-later
 * Scopes on pictures whose values are known. */
#include "color/scope.h"

#include <math.h>

static const struct luma_weights bt709 = {0.2126, 0.0722};

static guint64 sum(const struct scope *scope, int width, int height)
{
    guint64 all = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            all += scope_count(scope, x, y);
    return all;
}

static void a_ramp_is_a_diagonal(void)
{
    enum { COUNT = 1200, SIZE = 121 };
    float ramp[COUNT];
    for (int i = 0; i < COUNT; i++)
        ramp[i] = (float)(-0.1 + 1.2 * i / (COUNT - 1));
    g_auto(scope_ptr) scope = scope_create(SCOPE_WAVEFORM, SIZE, SIZE, bt709);
    scope_add(scope, ramp, ramp, ramp, COUNT);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            if (scope_count(scope, x, y))
                g_assert_cmpint(ABS(x - (SIZE - 1 - y)), <=, 1);
    g_assert_cmpint(sum(scope, SIZE, SIZE), ==, COUNT);
    g_assert_cmpint(scope_row(scope, 1.1), ==, 0);
    g_assert_cmpint(scope_row(scope, 1), ==, 10);
    g_assert_cmpint(scope_row(scope, 0), ==, 110);
    g_assert_cmpint(scope_row(scope, -0.1), ==, 120);
}

/* BT.709's luma of full green is 0.7152. */
static void a_waveform_is_of_luma(void)
{
    const float none = 0, full = 1;
    g_auto(scope_ptr) scope = scope_create(SCOPE_WAVEFORM, 1, 1201, bt709);
    scope_add(scope, &none, &full, &none, 1);
    g_assert_cmpint(scope_count(scope, 0, 385), ==, 1); /* (1.1 - 0.7152) * 1000 */
}

static void what_is_beyond_counts_at_the_edge(void)
{
    const float wild[] = {-5, 7, NAN, INFINITY, -INFINITY};
    g_auto(scope_ptr) scope = scope_create(SCOPE_WAVEFORM, 5, 121, bt709);
    scope_add(scope, wild, wild, wild, 5);
    g_assert_cmpint(scope_count(scope, 0, 120), ==, 1);
    g_assert_cmpint(scope_count(scope, 1, 0), ==, 1);
    g_assert_cmpint(scope_count(scope, 2, 110), ==, 1);
    g_assert_cmpint(sum(scope, 5, 121), ==, 5);
    g_auto(scope_ptr) vectors = scope_create(SCOPE_VECTORSCOPE, 11, 11, bt709);
    scope_add(vectors, wild, wild, wild, 5);
    g_assert_cmpint(sum(vectors, 11, 11), ==, 5);
}

static void a_parade_is_a_waveform_a_channel(void)
{
    const float r[] = {0, 0}, g[] = {0.5, 0.5}, b[] = {1, 1};
    g_auto(scope_ptr) scope = scope_create(SCOPE_PARADE, 6, 121, bt709);
    scope_add(scope, r, g, b, 2);
    scope_add(scope, r, g, b, 2);
    for (int x = 0; x < 2; x++) {
        g_assert_cmpint(scope_count(scope, x, 110), ==, 2);
        g_assert_cmpint(scope_count(scope, 2 + x, 60), ==, 2);
        g_assert_cmpint(scope_count(scope, 4 + x, 10), ==, 2);
    }
    g_assert_cmpint(sum(scope, 6, 121), ==, 3 * 4);
}

/* 10-bit Cb and Cr of the 75 % bars of SMPTE RP 219, which are BT.709's. */
static void bars_land_where_they_belong(void)
{
    enum { SIZE = 1101 }; /* a pixel is 0.001 */
    const struct {
        float r, g, b;
        int cb, cr;
    } bars[] = {
        {.75, 0, 0, 435, 848},     {0, .75, 0, 253, 207},   {0, 0, .75, 848, 481},
        {.75, .75, 0, 176, 543},   {0, .75, .75, 589, 176}, {.75, 0, .75, 771, 817},
        {.75, .75, .75, 512, 512}, {0, 0, 0, 512, 512},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bars); i++) {
        g_auto(scope_ptr) scope = scope_create(SCOPE_VECTORSCOPE, SIZE, SIZE, bt709);
        scope_add(scope, &bars[i].r, &bars[i].g, &bars[i].b, 1);
        int x, y;
        guint32 near = 0;
        scope_place(scope, (bars[i].cb - 512) / 896.0, (bars[i].cr - 512) / 896.0, &x, &y);
        for (int dy = -1; dy <= 1; dy++)
            for (int dx = -1; dx <= 1; dx++)
                near += scope_count(scope, x + dx, y + dy);
        g_assert_cmpint(near, ==, 1);
    }
}

/* Light is where something was counted, and the graticule where it belongs. */
static void counts_are_light(void)
{
    enum { SIZE = 121 };
    guint8 pixels[SIZE][SIZE][3];
    const float grey[] = {0.6f};
    g_auto(scope_ptr) scope = scope_create(SCOPE_WAVEFORM, SIZE, SIZE, bt709);
    scope_add(scope, grey, grey, grey, 1);
    scope_draw(scope, pixels[0][0], sizeof pixels[0]);
    g_assert_cmpint(pixels[50][0][1], >, 180);
    g_assert_cmpint(pixels[52][0][1], <, 40);
    g_assert_cmpint(pixels[10][60][1], >, pixels[11][60][1]);
    g_assert_cmpint(pixels[110][60][1], >, pixels[60][60][1]);
    g_assert_cmpint(pixels[60][60][1], >, pixels[61][60][1]);
    g_auto(scope_ptr) empty = scope_create(SCOPE_VECTORSCOPE, SIZE, SIZE, bt709);
    scope_draw(empty, pixels[0][0], sizeof pixels[0]);
    g_assert_cmpint(pixels[60][60 + 54][1], >, pixels[60 + 40][60 + 46][1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/scope/ramp", a_ramp_is_a_diagonal);
    g_test_add_func("/color/scope/luma", a_waveform_is_of_luma);
    g_test_add_func("/color/scope/beyond", what_is_beyond_counts_at_the_edge);
    g_test_add_func("/color/scope/parade", a_parade_is_a_waveform_a_channel);
    g_test_add_func("/color/scope/bars", bars_land_where_they_belong);
    g_test_add_func("/color/scope/light", counts_are_light);
    return g_test_run();
}
