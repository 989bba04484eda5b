/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every processor gives the same values: each operation, and what is between samples and
 * float, by its plain path and by every better one that this machine has. */
#include "coarse.h"
#include "color/render.h"
#include "cpu.h"

#include <math.h>
#include <string.h>

enum { COUNT = 1003, SIZE = 17 };

static void fill(float *values, guint32 seed)
{
    static const float odd[] = {NAN, INFINITY, -INFINITY, 0, -0.0f, 1, 0.5f, 1e30f, -1e30f, 1e-40f};
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    for (int i = 0; i < COUNT; i++) {
        bool on_a_point = g_rand_int_range(dice, 0, 4) == 0; /* ties between the parts */
        values[i] = on_a_point ? (float)g_rand_int_range(dice, 0, SIZE) / (SIZE - 1)
                               : (float)g_rand_double_range(dice, -0.1, 1.1);
        if (i % 7 == 0)
            values[i] = odd[g_rand_int_range(dice, 0, G_N_ELEMENTS(odd))];
    }
}

static void apply(enum cpu_path path, const struct look *look, bool coarse, float rgb[3][COUNT])
{
    cpu_limit(path);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    for (guint c = 0; c < 3; c++)
        fill(rgb[c], 20261127 + c);
    (coarse ? grade_apply_coarse : grade_apply)(grade, rgb[0], rgb[1], rgb[2], COUNT);
    cpu_limit(CPU_BEST);
}

static void same_by_every(const struct look *look, bool coarse)
{
    static float a[3][COUNT], b[3][COUNT];
    apply(CPU_PLAIN, look, coarse, a);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < COUNT; i++)
            g_assert_true(isfinite(a[c][i]));
    for (enum cpu_path path = cpu_path(); path > CPU_PLAIN; path--) {
        apply(path, look, coarse, b);
        g_assert_cmpmem(a, sizeof a, b, sizeof b);
    }
}

static void same_by_every_path(const struct look *look)
{
    same_by_every(look, false);
    same_by_every(look, true);
}

static struct look_table *table(struct look *look, enum look_kind kind)
{
    struct look_table *made = look_add_table(look, kind, SIZE);
    made->domain = (struct look_domain){{0, 0.01f, -0.02f}, {1, 0.99f, 1.1f}};
    const int points = kind == LOOK_CUBE ? SIZE * SIZE * SIZE : SIZE;
    for (int i = 0; i < points; i++)
        for (int c = 0; c < 3; c++)
            made->points[i][c] = sinf((float)(i * (c + 2)));
    return made;
}

static void clamped_cdl_is_the_same(void)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look,
                 &(struct cdl){{1.1, 1, 0.9}, {0.1, 0, -0.1}, {0.8, 1, 2.4}, 1.2, CDL_CLAMP_ASC});
    same_by_every_path(look);
}

static void cube_of_a_saturation_is_the_same(void)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look,
                 &(struct cdl){{1.1, 1, 0.9}, {0.1, 0, -0.1}, {0.8, 1, 2.4}, 1.2, CDL_CLAMP_NONE});
    table(look, LOOK_CUBE);
    same_by_every_path(look);
}

/* Of one domain for all three, of which there are pairs. */
static void coarse_cube_is_the_same(void)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    table(look, LOOK_CUBE)->domain = (struct look_domain){{-0.02f, -0.02f, -0.02f}, {1, 1, 1}};
    same_by_every_path(look);
}

static void coarse_cube_of_a_saturation_is_the_same(void)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look,
                 &(struct cdl){{1.1, 1, 0.9}, {0.1, 0, -0.1}, {0.8, 1, 2.4}, 1.2, CDL_CLAMP_NONE});
    table(look, LOOK_CUBE)->domain = (struct look_domain){{-0.02f, -0.02f, -0.02f}, {1, 1, 1}};
    same_by_every_path(look);
}

enum { WIDTH = 75, HEIGHT = 9, PLANE = WIDTH * HEIGHT * 4 };

static void render_by(enum cpu_path path, const struct raster *raster, char *in, char *out)
{
    cpu_limit(path);
    g_auto(grade_ptr) grade = grade_create();
    g_auto(render_ptr) render = render_create(raster, raster, WIDTH, HEIGHT, grade, true);
    cpu_limit(CPU_BEST);
    struct raster_planes planes[2] = {{.chroma_rows = 0}};
    for (int p = 0; p < 4; p++)
        for (int i = 0; i < 2; i++) {
            planes[i].plane[p] = (i ? out : in) + p * PLANE;
            planes[i].stride[p] = (ptrdiff_t)WIDTH * 4;
        }
    g_assert_true(render_rows(render, &planes[0], &planes[1], 0, HEIGHT));
}

/* Odd sizes of all rasters, of any samples; of floats, any that are numbers. */
static void rasters_are_the_same(void)
{
    static const int bits[] = {8, 10, 16, 32};
    static char in[4 * PLANE], a[4 * PLANE], b[4 * PLANE];
    g_autoptr(GRand) dice = g_rand_new_with_seed(20261127);
    for (unsigned n = 0; n < 4 * 64; n++) {
        const struct raster raster = {.bits = bits[n % 4],
                                      .chroma_w = n >> 2 & 1,
                                      .chroma_h = n >> 3 & 1,
                                      .across = n >> 4 & 1,
                                      .down = n >> 5 & 1,
                                      .rgb = (n >> 6 & 1) && !(n >> 2 & 3),
                                      .full_range = n >> 7 & 1,
                                      .red_weight = 0.2126,
                                      .blue_weight = 0.0722};
        for (int i = 0; i < PLANE; i++) {
            const float value = (float)g_rand_double_range(dice, -0.5, 1.5);
            const guint16 code = (guint16)g_rand_int_range(dice, 0, 1 << MIN(raster.bits, 16));
            if (raster.bits > 16)
                memcpy(in + 4 * i, &value, sizeof value);
            else if (raster.bits > 8)
                memcpy(in + 2 * i, &code, sizeof code);
            else
                in[i] = (char)code;
        }
        memset(a, 0, sizeof a);
        render_by(CPU_PLAIN, &raster, in, a);
        for (enum cpu_path path = cpu_path(); path > CPU_PLAIN; path--) {
            memset(b, 0, sizeof b);
            render_by(path, &raster, in, b);
            g_assert_cmpmem(a, sizeof a, b, sizeof b);
        }
    }
}

static double bent(const double *p, double x)
{
    return x > p[0] ? log2(x + 1) : x * p[1];
}

static void one_kind(gconstpointer data)
{
    const enum look_kind kind = GPOINTER_TO_INT(data);
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    const struct look_function function = {bent, {0.1, 1.3}, {0.1}};
    struct look_stage stage = {.kind = kind};
    switch (kind) {
    case LOOK_CDL:
        stage.cdl = (struct cdl){{1.1, 1, 0.9}, {0.1, 0, -0.1}, {0.8, 1, 2.4}, 1.2, CDL_CLAMP_NONE};
        break;
    case LOOK_MATRIX:
        stage.matrix = (struct look_matrix){{{0.6, 0.3, 0.1}, {-0.2, 1.3, -0.1}, {0.01, 0.1, 0.9}},
                                            {0.01, 0, -0.02}};
        break;
    case LOOK_CLAMP:
        stage.clamp.high = 1;
        break;
    case LOOK_FUNCTIONS:
        stage.functions[0] = stage.functions[2] = function;
        stage.functions[1] = (struct look_function){bent, {0.2, -0.5}, {0.2}};
        break;
    case LOOK_TONE:
        stage.tone = (struct look_tone){function, {0.3, 0.6, 0.1}};
        break;
    case LOOK_CURVES:
    case LOOK_CUBE:
        table(look, kind);
        break;
    }
    if (!look->stages->len)
        look_add(look, &stage);
    same_by_every_path(look);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {
        [LOOK_CDL] = "cdl",       [LOOK_CURVES] = "curves", [LOOK_CUBE] = "cube",
        [LOOK_MATRIX] = "matrix", [LOOK_CLAMP] = "clamp",   [LOOK_FUNCTIONS] = "functions",
        [LOOK_TONE] = "tone"};
    g_test_init(&argc, &argv, NULL);
    for (guint kind = 0; kind < G_N_ELEMENTS(names); kind++) {
        g_autofree char *path = g_strconcat("/color/paths/", names[kind], NULL);
        g_test_add_data_func(path, GUINT_TO_POINTER(kind), one_kind);
    }
    g_test_add_func("/color/paths/rasters", rasters_are_the_same);
    g_test_add_func("/color/paths/cdl-clamped", clamped_cdl_is_the_same);
    g_test_add_func("/color/paths/cdl-and-cube", cube_of_a_saturation_is_the_same);
    g_test_add_func("/color/paths/coarse-cube", coarse_cube_is_the_same);
    g_test_add_func("/color/paths/cdl-and-coarse-cube", coarse_cube_of_a_saturation_is_the_same);
    return g_test_run();
}
