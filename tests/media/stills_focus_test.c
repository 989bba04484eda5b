/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which part of a still is kept: by place, about a focal point, by what draws the eye. */
#include "stills_step.h"
#include "stills_support.h"

#include <unistd.h>

/* Grey, with a red and yellow checker where a face might be: 240 to 280, 30 to 70. */
static void scene(int x, int y, double *out)
{
    const bool face = x >= 240 && x < 280 && y >= 30 && y < 70;
    out[0] = face ? 230 : 110;
    out[1] = face ? ((x / 4 + y / 4) % 2 ? 200 : 20) : 110;
    out[2] = face ? 20 : 110;
    out[3] = 255;
}

/* What stands where: red its column, green its row. */
static void grid(int x, int y, double *out)
{
    out[0] = x % 256;
    out[1] = y % 256;
    out[2] = 0;
}

static struct still *opened(int width, int height, int bands, stills_paint *paint)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(width, height, bands, false, paint));
    const int fd = stills_file(VIPS_IMAGE(image), "png");
    struct still *still = stills_open(fd);
    close(fd);
    return still;
}

static void a_box_is_about_its_focal_point(void)
{
    static const struct {
        const char *params;
        int x, y;
    } rows[] = {
        {"{'width': 40, 'height': 20, 'focal': [0.5, 0.5]}", 80, 40},
        {"{'width': 40, 'height': 20, 'focal': [0.4, 0.3]}", 60, 20},
        {"{'width': 40, 'height': 20, 'focal': [0, 0]}", 0, 0},
        {"{'width': 40, 'height': 20, 'focal': [1, 0.95]}", 160, 80},
        {"{'aspect': '1/1', 'focal': [0.9, 0.5]}", 100, 0},
        {"{'aspect': '4/5', 'place': 'right'}", 120, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = opened(200, 100, 3, grid);
        g_assert_true(stills_step(still, &failure, "crop", rows[i].params));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, 0), ==, rows[i].x);
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(out), 0, 0, 1), ==, rows[i].y);
    }
}

static void attention_keeps_what_draws_the_eye(void)
{
    static const char *const steps[][2] = {
        {"crop", "{'width': 80, 'height': 80, 'place': 'attention'}"},
        {"crop", "{'width': 80, 'height': 80, 'place': 'entropy'}"},
        {"crop", "{'aspect': '4/5', 'place': 'attention'}"},
        {"reframe", "{'aspect': '1/1', 'place': 'attention'}"},
        {"resize", "{'width': 100, 'height': 200, 'fit': 'fill', 'place': 'attention'}"},
    };
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(steps); i++) {
        struct failure failure = {0};
        const char *const *step = steps[i / 2];
        g_auto(still_ptr) still = opened(400, 200, 3 + i % 2, scene);
        g_assert_true(stills_step(still, &failure, step[0], step[1]));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        g_autoptr(GObject) memory = G_OBJECT(vips_image_copy_memory(VIPS_IMAGE(out)));
        VipsImage *image = VIPS_IMAGE(memory);
        int reds = 0;
        for (int y = 0; y < image->Ysize; y++)
            for (int x = 0; x < image->Xsize; x++)
                reds += *VIPS_IMAGE_ADDR(image, x, y) > 200;
        g_assert_cmpint(reds, ==, 1600);
    }
}

/* The whole would be 1.8 thousand million pixels, more than the limit: none of it is made. */
static void a_strip_that_fills_a_box_is_made_for_the_box_alone(void)
{
    static const char *const places[] = {"center", "attention", "entropy"};
    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = opened(2000, 2, 3, grid);
        g_autofree char *params = g_strdup_printf(
            "{'width': 1080, 'height': 1350, 'fit': 'fill', 'upscale': true, 'place': '%s'}",
            places[i]);
        g_assert_true(stills_step(still, &failure, "resize", params));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", NULL));
        g_assert_cmpint(VIPS_IMAGE(out)->Xsize, ==, 1080);
        g_assert_cmpint(VIPS_IMAGE(out)->Ysize, ==, 1350);
    }
}

/* 12.5 % of 301 x 203 are 37.6 x 25.4, of 3 x 1000 ten are 0.3 x 100. */
static void a_percentage_keeps_the_shape_of_small_sides(void)
{
    static const struct {
        int width, height;
        const char *params;
        int to_width, to_height;
    } rows[] = {
        {301, 203, "{'width': '12.5%'}", 38, 25},
        {3, 1000, "{'width': '10%'}", 1, 100},
        {3, 1000, "{'width': '10%', 'height': '50%', 'fit': 'stretch'}", 1, 500},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = opened(rows[i].width, rows[i].height, 3, grid);
        g_assert_true(stills_step(still, &failure, "resize", rows[i].params));
        g_assert_cmpint(still_shape(still).width, ==, rows[i].to_width);
        g_assert_cmpint(still_shape(still).height, ==, rows[i].to_height);
    }
}

static void the_report_gives_the_box(void)
{
    struct failure failure = {0};
    g_auto(still_ptr) by_point = opened(200, 100, 3, grid);
    g_assert_true(stills_step(by_point, &failure, "crop",
                              "{'width': 40, 'height': 20, 'focal': [0.4, 0.3]}"));
    g_assert_cmpstr(stills_note(by_point), ==, "cropped 200x100 to 40x20 at 60,20, about 0.4, 0.3");
    g_auto(still_ptr) by_eye = opened(400, 200, 3, scene);
    g_assert_true(stills_step(by_eye, &failure, "crop", "{'aspect': '1/1', 'place': 'attention'}"));
    g_assert_true(g_str_has_prefix(stills_note(by_eye), "cropped 400x200 to 200x200 at "));
    g_assert_true(g_str_has_suffix(stills_note(by_eye), ",0, by attention"));
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/focus/focal", a_box_is_about_its_focal_point);
    g_test_add_func("/stills/focus/attention", attention_keeps_what_draws_the_eye);
    g_test_add_func("/stills/focus/strip", a_strip_that_fills_a_box_is_made_for_the_box_alone);
    g_test_add_func("/stills/resize/percent", a_percentage_keeps_the_shape_of_small_sides);
    g_test_add_func("/stills/focus/report", the_report_gives_the_box);
    return g_test_run();
}
