/* SPDX-License-Identifier: GPL-3.0-or-later
 * Animations: steps are done to each frame, and frames, delays, loop and transparency stay. */
#include "stills_step.h"
#include "stills_support.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 64, HEIGHT = 48, FRAMES = 4 };

static const int delays_ms[FRAMES] = {40, 110, 70, 250};

/* Frame n has a square on a transparent ground whose place tells which it is. */
static void paint(int x, int y, double *out)
{
    const int n = y / HEIGHT, row = y % HEIGHT;
    const bool square = x >= 8 + 12 * n && x < 20 + 12 * n && row >= 16 && row < 32;
    out[0] = square ? 250 : 0;
    out[1] = square ? 250 : 0;
    out[3] = square ? 255 : 0;
}

static int animation_of(const char *format, const int *delays)
{
    g_autoptr(GObject) made = G_OBJECT(stills_make(WIDTH, HEIGHT * FRAMES, 4, false, paint));
    VipsImage *image = VIPS_IMAGE(made);
    vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, HEIGHT);
    vips_image_set_array_int(image, "delay", delays, FRAMES);
    vips_image_set_int(image, "loop", 3);
    return stills_file(image, format);
}

static int animation(const char *format)
{
    return animation_of(format, delays_ms);
}

static VipsImage *stepped_to(const char *format, int fd, const char *step, const char *params)
{
    static const struct encode_image lossless = {.effort = -1, .lossless = true};
    static const struct encode_image plain = {.effort = -1};
    struct failure failure = {0};
    struct claim claim = {0};
    const struct still_opts opts = {.threads = 1, .animated = true};
    g_auto(still_ptr) still = still_open(fd, &opts, &failure);
    g_assert_true(stills_step(still, &failure, step, params));
    const int out = stills_blank();
    still_write(still, format, strcmp(format, "webp") == 0 ? &lossless : &plain, out, &claim,
                &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_assert_cmpint(claim.frames, ==, FRAMES);
    claim_clear(&claim);
    lseek(out, 0, SEEK_SET);
    g_autoptr(GObject) source = G_OBJECT(vips_source_new_from_descriptor(out));
    g_autoptr(GObject) read =
        G_OBJECT(vips_image_new_from_source(VIPS_SOURCE(source), "", "n", -1, NULL));
    VipsImage *memory = vips_image_copy_memory(VIPS_IMAGE(read));
    close(out);
    return memory;
}

static VipsImage *stepped(int fd, const char *step, const char *params)
{
    return stepped_to("webp", fd, step, params);
}

/* As GIFs have them; libvips' own writers make 100 of 10 and less. */
static void short_delays_stay_as_they_are(void)
{
    static const int wanted[][FRAMES] = {{10, 10, 20, 40}, {0, 30, 0, 50}, {0, 0, 0, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        int *delays, count;
        const int fd = animation_of("gif", wanted[i]);
        g_autoptr(GObject) out = G_OBJECT(stepped(fd, "rotate", "{'mirror': 'horizontal'}"));
        g_assert_cmpint(vips_image_get_array_int(VIPS_IMAGE(out), "delay", &delays, &count), ==, 0);
        g_assert_cmpint(count, ==, FRAMES);
        for (int f = 0; f < FRAMES; f++)
            g_assert_cmpint(delays[f], ==, wanted[i][f]);
        close(fd);
    }
}

static void keeps_its_times(VipsImage *image, int loop)
{
    int *delays, count, read_loop;
    g_assert_cmpint(vips_image_get_array_int(image, "delay", &delays, &count), ==, 0);
    g_assert_cmpint(count, ==, FRAMES);
    for (int i = 0; i < FRAMES; i++)
        g_assert_cmpint(delays[i], ==, delays_ms[i]);
    g_assert_cmpint(vips_image_get_int(image, "loop", &read_loop), ==, 0);
    g_assert_cmpint(read_loop, ==, loop);
}

/* The middle of what is solid in a frame; there is something, and something clear. */
static void middle_of(VipsImage *image, int frame, double *x, double *y)
{
    const int height = image->Ysize / FRAMES;
    double solid = 0;
    *x = *y = 0;
    for (int j = 0; j < height; j++)
        for (int i = 0; i < image->Xsize; i++) {
            const VipsPel *pixel = VIPS_IMAGE_ADDR(image, i, frame * height + j);
            if (pixel[3] < 128)
                continue;
            solid++;
            *x += i;
            *y += j;
        }
    g_assert_cmpfloat(solid, >, 0);
    g_assert_cmpfloat(solid, <, 0.8 * height * image->Xsize);
    *x /= solid;
    *y /= solid;
}

static const struct {
    const char *name, *params;
    int width, height;
    double x, y, step_x, step_y; /* of the square's middle, and from frame to frame */
} steps[] = {
    {"resize", "{'width': 32}", 32, 24, 6.5, 11.5, 6, 0},
    {"crop", "{'width': 60, 'height': 40, 'place': 'bottom-right'}", 60, 40, 9.5, 15.5, 12, 0},
    {"rotate", "{'angle': 90}", 48, 64, 23.5, 13.5, 0, 12},
    {"rotate", "{'mirror': 'horizontal'}", 64, 48, 49.5, 23.5, -12, 0},
    {"blur", "{'radius': 1.5}", 64, 48, 13.5, 23.5, 12, 0},
    {"pad", "{'border': 5, 'color': 'transparent'}", 74, 58, 18.5, 28.5, 12, 0},
    {"reframe", "{'aspect': '3:2', 'place': 'top'}", 64, 42, 13.5, 23.5, 12, 0},
    {"denoise", "{'of': 'picture'}", 64, 48, 13.5, 23.5, 12, 0},
};

static void frames_go_through_steps_alone(void)
{
    const int fd = animation("webp");
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(GObject) out = G_OBJECT(stepped(fd, steps[i].name, steps[i].params));
        VipsImage *image = VIPS_IMAGE(out);
        g_assert_cmpint(image->Xsize, ==, steps[i].width);
        g_assert_cmpint(image->Ysize, ==, steps[i].height * FRAMES);
        keeps_its_times(image, 3);
        for (int n = 0; n < FRAMES; n++) {
            double x, y;
            middle_of(image, n, &x, &y);
            g_assert_cmpfloat(fabs(x - steps[i].x - n * steps[i].step_x), <, 0.6);
            g_assert_cmpfloat(fabs(y - steps[i].y - n * steps[i].step_y), <, 0.6);
        }
    }
    close(fd);
}

/* GIF89a, 23: hundredths of a second, of which each frame begins at the nearest. */
static void a_gif_has_all_frames_when_they_were_to_the_hundredth(void)
{
    static const int before[FRAMES] = {33, 33, 33, 41}, after[FRAMES] = {30, 40, 30, 40};
    int *delays, count, loop;
    const int fd = animation_of("webp", before);
    g_autoptr(GObject) out = G_OBJECT(stepped_to("gif", fd, steps[0].name, steps[0].params));
    VipsImage *image = VIPS_IMAGE(out);
    g_assert_cmpint(vips_image_get_array_int(image, "delay", &delays, &count), ==, 0);
    g_assert_cmpint(count, ==, FRAMES);
    g_assert_cmpint(vips_image_get_int(image, "loop", &loop), ==, 0);
    g_assert_cmpint(loop, ==, 3);
    for (int n = 0; n < FRAMES; n++) {
        double x, y;
        g_assert_cmpint(delays[n], ==, after[n]);
        middle_of(image, n, &x, &y);
        g_assert_cmpfloat(fabs(x - steps[0].x - n * steps[0].step_x), <, 0.6);
    }
    close(fd);
}

/* The same corner of each frame, though the square is elsewhere in each. */
static void one_box_is_cut_for_all_frames(void)
{
    const int fd = animation("webp");
    g_autoptr(GObject) out =
        G_OBJECT(stepped(fd, "crop", "{'width': 60, 'height': 48, 'place': 'attention'}"));
    double first, next, y;
    middle_of(VIPS_IMAGE(out), 0, &first, &y);
    for (int n = 1; n < FRAMES; n++) {
        middle_of(VIPS_IMAGE(out), n, &next, &y);
        g_assert_cmpfloat(next - first, ==, 12 * n);
    }
    close(fd);
}

static void words_are_on_every_frame(void)
{
    const int fd = animation("webp");
    g_autoptr(GObject) out =
        G_OBJECT(stepped(fd, "text", "{'text': 'O', 'box': 'transparent', 'place': 'top'}"));
    VipsImage *image = VIPS_IMAGE(out);
    keeps_its_times(image, 3);
    for (int n = 0; n < FRAMES; n++) {
        int white = 0;
        for (int y = 0; y < 14; y++)
            for (int x = 0; x < WIDTH; x++)
                white += VIPS_IMAGE_ADDR(image, x, n * HEIGHT + y)[3] > 0;
        g_assert_cmpint(white, >, 5);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/frames/steps", frames_go_through_steps_alone);
    g_test_add_func("/stills/frames/gif", a_gif_has_all_frames_when_they_were_to_the_hundredth);
    g_test_add_func("/stills/frames/box", one_box_is_cut_for_all_frames);
    g_test_add_func("/stills/frames/words", words_are_on_every_frame);
    g_test_add_func("/stills/frames/short-delays", short_delays_stay_as_they_are);
    return g_test_run();
}
