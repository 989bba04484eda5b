/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures through the engine: nothing changes where nothing is asked, slices don't show, and what
 * is asked is what double precision gives. */
#include "color/render.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 70, HEIGHT = 38, PLANE = WIDTH * HEIGHT * 4 };

struct picture {
    char bytes[4][PLANE];
    struct raster_planes planes;
};

static void open_picture(struct picture *picture, bool alpha)
{
    memset(picture, 0, sizeof *picture);
    for (int p = 0; p < 3 + alpha; p++) {
        picture->planes.plane[p] = picture->bytes[p];
        picture->planes.stride[p] = (ptrdiff_t)WIDTH * 4;
    }
}

static int sample_of(const struct picture *picture, const struct raster *raster, int p, int x,
                     int y)
{
    const char *const row = picture->bytes[p] + y * picture->planes.stride[p];
    return raster->bits > 8 ? ((const guint16 *)row)[x] : ((const guint8 *)row)[x];
}

static void set_sample(struct picture *picture, const struct raster *raster, int p, int x, int y,
                       int value)
{
    char *const row = picture->bytes[p] + y * picture->planes.stride[p];
    if (raster->bits > 8)
        ((guint16 *)row)[x] = (guint16)value;
    else
        ((guint8 *)row)[x] = (guint8)value;
}

static int width_of(const struct raster *raster, int p)
{
    return p == 0 || p == 3 ? WIDTH : (WIDTH + raster->chroma_w) >> raster->chroma_w;
}

static int height_of(const struct raster *raster, int p)
{
    return p == 0 || p == 3 ? HEIGHT : (HEIGHT + raster->chroma_h) >> raster->chroma_h;
}

/* Any codes at all: colours that no RGB has, hard edges, forbidden codes. */
static void fill(struct picture *picture, const struct raster *raster)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(20261127);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < height_of(raster, p); y++)
            for (int x = 0; x < width_of(raster, p); x++)
                set_sample(picture, raster, p, x, y, g_rand_int_range(dice, 0, 1 << raster->bits));
}

static int difference(const struct picture *a, const struct picture *b, const struct raster *raster)
{
    int most = 0;
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < height_of(raster, p); y++)
            for (int x = 0; x < width_of(raster, p); x++)
                most =
                    MAX(most, ABS(sample_of(a, raster, p, x, y) - sample_of(b, raster, p, x, y)));
    return most;
}

static const struct {
    double red, blue;
} weights[] = {{0.2126, 0.0722}, {0.299, 0.114}, {0.2627, 0.0593}}; /* BT.709, BT.601, BT.2020 */

/* Each combination of bits, matrix, range, subsampling and siting. */
static struct raster raster_number(int n)
{
    static const int bits[] = {8, 10, 12, 16};
    const int chroma = n / 24 % 3;
    return (struct raster){.bits = bits[n % 4],
                           .red_weight = weights[n / 4 % 3].red,
                           .blue_weight = weights[n / 4 % 3].blue,
                           .full_range = n / 12 % 2,
                           .chroma_w = chroma > 0,
                           .chroma_h = chroma > 1,
                           .across = n / 72 % 2 ? SITED_BETWEEN : SITED_ON,
                           .down = n / 72 % 2 ? SITED_ON : SITED_BETWEEN};
}

static void no_grade_changes_no_code(void)
{
    static struct picture in, out;
    g_auto(grade_ptr) grade = grade_create();
    for (int n = 0; n < 144; n++) {
        const struct raster raster = raster_number(n);
        open_picture(&in, false);
        open_picture(&out, false);
        fill(&in, &raster);
        g_auto(render_ptr) render =
            render_create(&raster, &raster, WIDTH, HEIGHT, grade, raster.bits == 8);
        g_assert_true(render_rows(render, &in.planes, &out.planes, 0, HEIGHT));
        g_assert_cmpint(difference(&in, &out, &raster), ==, 0);
    }
}

static struct grade *some_grade(void)
{
    struct grade *grade = grade_create();
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(
        look,
        &(struct cdl){
            {1.12, 0.98, 0.9}, {0.02, -0.015, 0.03}, {0.85, 1.1, 1.31}, 0.87, CDL_CLAMP_NONE});
    grade_add(grade, look);
    return grade;
}

static void slices_do_not_show(void)
{
    static struct picture in, whole, sliced;
    g_auto(grade_ptr) grade = some_grade();
    for (int n = 0; n < 144; n += 5) {
        const struct raster raster = raster_number(n);
        open_picture(&in, false);
        open_picture(&whole, false);
        open_picture(&sliced, false);
        fill(&in, &raster);
        g_auto(render_ptr) render = render_create(&raster, &raster, WIDTH, HEIGHT, grade, true);
        render_rows(render, &in.planes, &whole.planes, 0, HEIGHT);
        for (int top = 0; top < HEIGHT; top += 6)
            render_rows(render, &in.planes, &sliced.planes, top, MIN(top + 6, HEIGHT));
        g_assert_cmpint(difference(&whole, &sliced, &raster), ==, 0);
    }
}

static double exact_code(const struct raster *raster, const int code[3], const struct cdl *cdl,
                         int p)
{
    const double step = ldexp(1, raster->bits - 8), kr = raster->red_weight,
                 kb = raster->blue_weight, kg = 1 - kr - kb;
    const double y = (code[0] - 16 * step) / (219 * step),
                 cb = (code[1] - 128 * step) / (224 * step),
                 cr = (code[2] - 128 * step) / (224 * step);
    double rgb[3] = {y + 2 * (1 - kr) * cr, 0, y + 2 * (1 - kb) * cb};
    rgb[1] = (y - kr * rgb[0] - kb * rgb[2]) / kg;
    cdl_apply_exact(cdl, rgb);
    const double luma = kr * rgb[0] + kg * rgb[1] + kb * rgb[2];
    const double out[3] = {16 * step + 219 * step * luma,
                           128 * step + 224 * step * (rgb[2] - luma) / (2 * (1 - kb)),
                           128 * step + 224 * step * (rgb[0] - luma) / (2 * (1 - kr))};
    return CLAMP(out[p], 0, ldexp(1, raster->bits) - 1);
}

static void a_grade_is_within_half_a_code_of_double_precision(void)
{
    static struct picture in, out;
    const struct cdl cdl = {
        {1.12, 0.98, 0.9}, {0.02, -0.015, 0.03}, {0.85, 1.1, 1.31}, 0.87, CDL_CLAMP_NONE};
    const struct raster raster = {.bits = 10, .red_weight = 0.2126, .blue_weight = 0.0722};
    g_auto(grade_ptr) grade = some_grade();
    open_picture(&in, false);
    open_picture(&out, false);
    fill(&in, &raster);
    g_auto(render_ptr) render = render_create(&raster, &raster, WIDTH, HEIGHT, grade, false);
    render_rows(render, &in.planes, &out.planes, 0, HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        const int x = i % WIDTH, y = i / WIDTH;
        const int code[3] = {sample_of(&in, &raster, 0, x, y), sample_of(&in, &raster, 1, x, y),
                             sample_of(&in, &raster, 2, x, y)};
        for (int p = 0; p < 3; p++)
            g_assert_cmpfloat(
                fabs(sample_of(&out, &raster, p, x, y) - exact_code(&raster, code, &cdl, p)), <,
                0.501);
    }
}

/* ITU-R BT.709, table of primaries: 75 % red is Y 51, Cb 109, Cr 212 in 8 bits (EBU bars). */
static void ranges_and_matrices_are_converted(void)
{
    static struct picture in, out;
    const struct raster from = {.bits = 10, .rgb = true, .full_range = true},
                        to = {.bits = 8,
                              .chroma_w = 1,
                              .chroma_h = 1,
                              .down = SITED_BETWEEN,
                              .red_weight = 0.2126,
                              .blue_weight = 0.0722};
    g_auto(grade_ptr) grade = grade_create();
    open_picture(&in, true);
    open_picture(&out, true);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            set_sample(&in, &from, 0, x, y, 767);
            set_sample(&in, &from, 3, x, y, 1023);
        }
    g_auto(render_ptr) render = render_create(&from, &to, WIDTH, HEIGHT, grade, false);
    render_rows(render, &in.planes, &out.planes, 0, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
        g_assert_cmpint(sample_of(&out, &to, 0, 3, y), ==, 51);
        g_assert_cmpint(sample_of(&out, &to, 1, 3, y / 2), ==, 109);
        g_assert_cmpint(sample_of(&out, &to, 2, 3, y / 2), ==, 212);
        g_assert_cmpint(sample_of(&out, &to, 3, 3, y), ==, 255);
    }
}

static void alpha_that_the_source_lacks_is_opaque(void)
{
    static struct picture in, out;
    g_auto(grade_ptr) grade = grade_create();
    for (int bits = 8; bits <= 16; bits += 4) {
        const struct raster from = {.bits = 10, .red_weight = 0.2126, .blue_weight = 0.0722},
                            to = {.bits = bits, .red_weight = 0.2126, .blue_weight = 0.0722};
        open_picture(&in, false);
        open_picture(&out, true);
        g_auto(render_ptr) render = render_create(&from, &to, WIDTH, HEIGHT, grade, false);
        render_rows(render, &in.planes, &out.planes, 0, HEIGHT);
        for (int i = 0; i < WIDTH * HEIGHT; i++)
            g_assert_cmpint(sample_of(&out, &to, 3, i % WIDTH, i / WIDTH), ==, (1 << bits) - 1);
    }
}

static void dither_keeps_the_mean_and_the_codes(void)
{
    static struct picture in, out;
    const struct raster from = {.bits = 10, .rgb = true, .full_range = false},
                        to = {.bits = 8, .rgb = true, .full_range = false};
    g_auto(grade_ptr) grade = grade_create();
    for (int quarter = 0; quarter < 4; quarter++) {
        double sum = 0;
        open_picture(&in, false);
        open_picture(&out, false);
        for (int i = 0; i < WIDTH * HEIGHT; i++)
            set_sample(&in, &from, 1, i % WIDTH, i / WIDTH, 400 + quarter);
        g_auto(render_ptr) render = render_create(&from, &to, WIDTH, HEIGHT, grade, true);
        render_rows(render, &in.planes, &out.planes, 0, HEIGHT);
        for (int y = 0; y < 32; y++)
            for (int x = 0; x < 64; x++) {
                const int code = sample_of(&out, &to, 1, x, y);
                g_assert_true(code == 100 || (quarter && code == 101));
                sum += code;
            }
        g_assert_cmpfloat(fabs(sum / (32 * 64) - 100 - quarter / 4.0), <, 0.01);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/render/identity", no_grade_changes_no_code);
    g_test_add_func("/color/render/slices", slices_do_not_show);
    g_test_add_func("/color/render/exact", a_grade_is_within_half_a_code_of_double_precision);
    g_test_add_func("/color/render/convert", ranges_and_matrices_are_converted);
    g_test_add_func("/color/render/alpha", alpha_that_the_source_lacks_is_opaque);
    g_test_add_func("/color/render/dither", dither_keeps_the_mean_and_the_codes);
    return g_test_run();
}
