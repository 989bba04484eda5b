/* SPDX-License-Identifier: GPL-3.0-or-later
 * `stabilise`: a known shake is measured, and taken out; a camera that stands still leaves every
 * bit as it was. */
#include "picture_help.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 160, HEIGHT = 120, FRAMES = 50 };

/* A scene that is smooth enough to be sampled anywhere. */
static double scene(double x, double y)
{
    return 120 + 30 * sin(x * 0.21 + 0.05 * y) + 25 * cos(y * 0.17 - 0.03 * x) +
           20 * sin(0.09 * x) * cos(0.11 * y + 1);
}

static AVFrame *seen_at(const struct video_shape *shape, int n, double dx, double dy)
{
    AVFrame *frame = picture_frame(shape, n, 0);
    const double scale = 1 << (shape->depth - 8);
    for (int y = 0; y < shape->height; y++)
        for (int x = 0; x < shape->width; x++)
            picture_set(frame, 0, x, y, (unsigned)lrint(scale * scene(x - dx, y - dy)));
    return frame;
}

/* Whole and half pixels, -3 to 3. */
static void shake(int n, double *x, double *y)
{
    static guint32 state;
    state = n ? state : 7;
    state = state * 1664525 + 1013904223;
    *x = ((int)(state >> 16) % 13 - 6) / 2.0;
    *y = ((int)(state >> 8 & 255) % 13 - 6) / 2.0;
}

static char *look(const struct video_shape *shape, GPtrArray *frames)
{
    char *seen = NULL;
    g_auto(chain_ptr) chain = picture_chain(shape);
    picture_look(chain, &seen, "stabilise", NULL);
    for (guint i = 0; i < frames->len; i++)
        picture_push(chain, av_frame_clone(frames->pdata[i]));
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, frames->len);
    return seen;
}

static void free_frame(gpointer data)
{
    AVFrame *frame = data;
    av_frame_free(&frame);
}

static GPtrArray *shaky(const struct video_shape *shape)
{
    GPtrArray *frames = g_ptr_array_new_with_free_func(free_frame);
    for (int n = 0; n < FRAMES; n++) {
        double x, y;
        shake(n, &x, &y);
        g_ptr_array_add(frames, seen_at(shape, n, x, y));
    }
    return frames;
}

/* The motion of frame n in the text; false: a cut. */
static bool motion_of(const char *text, int n, double *x, double *y)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    g_assert_cmpuint(g_strv_length(parts), >, n);
    *x = *y = 0;
    if (sscanf(parts[n], "%lf,%lf", x, y) != 2)
        return false;
    *x /= 100;
    *y /= 100;
    return true;
}

/* Root of the mean square of what moves from frame to frame. */
static double unrest(const char *text)
{
    double sum = 0;
    for (int n = 1; n < FRAMES; n++) {
        double x, y;
        g_assert_true(motion_of(text, n, &x, &y));
        sum += x * x + y * y;
    }
    return sqrt(sum / (FRAMES - 1));
}

static void shake_is_measured(void)
{
    const struct video_shape shape = picture_shape("yuv420p10le", WIDTH, HEIGHT);
    g_autoptr(GPtrArray) frames = shaky(&shape);
    g_autofree char *text = look(&shape, frames);
    double was_x, was_y;
    shake(0, &was_x, &was_y);
    for (int n = 1; n < FRAMES; n++) {
        double x, y, is_x, is_y;
        shake(n, &is_x, &is_y);
        g_assert_true(motion_of(text, n, &x, &y));
        g_assert_cmpfloat(fabs(x - (is_x - was_x)), <, 0.1);
        g_assert_cmpfloat(fabs(y - (is_y - was_y)), <, 0.1);
        was_x = is_x;
        was_y = is_y;
    }
}

/* Measured again on what comes out, a tenth of the shake is left at most; crop shows no border. */
static void shake_is_taken_out(void)
{
    static const char *const borders[] = {"crop", "mirror", "black"};
    const struct video_shape shape = picture_shape("yuv420p", WIDTH, HEIGHT);
    g_autoptr(GPtrArray) frames = shaky(&shape);
    g_autofree char *before = look(&shape, frames);
    for (unsigned i = 0; i < G_N_ELEMENTS(borders); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = picture_chain(&shape);
        g_assert_true(picture_step(chain, &failure, before, "stabilise", "smooth", "1s", "border",
                                   borders[i], NULL));
        for (guint n = 0; n < frames->len; n++)
            picture_push(chain, av_frame_clone(frames->pdata[n]));
        g_autoptr(GPtrArray) out = picture_end(chain);
        g_autofree char *after = look(&shape, out);
        g_test_message("%s: %.3f before, %.3f after", borders[i], unrest(before), unrest(after));
        g_assert_cmpfloat(unrest(after), <, unrest(before) / (i == 2 ? 4 : 10));
    }
}

/* A turn and a zoom, too: 1 degree and 2 %. */
static void turns_and_zooms_are_measured(void)
{
    const struct video_shape shape = picture_shape("yuv444p", WIDTH, HEIGHT);
    const double angle = G_PI / 180, zoom = 1.02;
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func(free_frame);
    g_ptr_array_add(frames, seen_at(&shape, 0, 0, 0));
    AVFrame *turned = picture_frame(&shape, 1, 0);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const double dx = (x - (WIDTH - 1) / 2.0) / zoom, dy = (y - (HEIGHT - 1) / 2.0) / zoom;
            picture_set(
                turned, 0, x, y,
                (unsigned)lrint(scene(cos(angle) * dx + sin(angle) * dy + (WIDTH - 1) / 2.0,
                                      cos(angle) * dy - sin(angle) * dx + (HEIGHT - 1) / 2.0)));
        }
    g_ptr_array_add(frames, turned);
    g_autofree char *text = look(&shape, frames);
    double x, y, is_angle, is_zoom;
    g_assert_cmpint(sscanf(strchr(text, ';') + 1, "%lf,%lf,%lf,%lf", &x, &y, &is_angle, &is_zoom),
                    ==, 4);
    g_assert_cmpfloat(fabs(is_angle / 1e5 - angle), <, 0.0005);
    g_assert_cmpfloat(fabs(is_zoom / 1e5 - log(zoom)), <, 0.0005);
}

static void a_still_camera_leaves_every_bit(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv422p10le", WIDTH, HEIGHT);
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func(free_frame);
    for (int n = 0; n < 10; n++)
        g_ptr_array_add(frames, seen_at(&shape, n, 0, 0));
    g_autofree char *text = look(&shape, frames);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, text, "stabilise", NULL));
    for (guint n = 0; n < frames->len; n++)
        picture_push(chain, av_frame_clone(frames->pdata[n]));
    g_autoptr(GPtrArray) out = picture_end(chain);
    for (guint n = 0; n < out->len; n++)
        g_assert_true(picture_same(frames->pdata[n], out->pdata[n]));
    g_autofree char *notes = picture_notes(chain);
    g_assert_cmpstr(notes, ==, "stabilise: the camera is steady in all 10 frames: not touched");
}

/* Nothing may be enlarged, so nothing can be moved; what isn't moved isn't sampled again. */
static void without_room_every_bit_is_left(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", WIDTH, HEIGHT);
    g_autoptr(GPtrArray) frames = shaky(&shape);
    g_autofree char *text = look(&shape, frames);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, text, "stabilise", "zoom", "0%", NULL));
    g_autofree char *notes = picture_notes(chain);
    g_assert_cmpstr(notes, ==,
                    "stabilise: not touched: zoom of 0 % leaves no room to move the frames in");
    for (guint n = 0; n < frames->len; n++)
        picture_push(chain, av_frame_clone(frames->pdata[n]));
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, frames->len);
    for (guint n = 0; n < out->len; n++) {
        g_assert_true(picture_same(frames->pdata[n], out->pdata[n]));
        g_assert_true(((AVFrame *)frames->pdata[n])->data[0] ==
                      ((AVFrame *)out->pdata[n])->data[0]);
    }
}

static void a_cut_is_no_motion(void)
{
    const struct video_shape shape = picture_shape("yuv420p", WIDTH, HEIGHT);
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func(free_frame);
    for (int n = 0; n < 4; n++) {
        AVFrame *frame = seen_at(&shape, n, 0, 0);
        for (int y = 0; n >= 2 && y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                picture_set(frame, 0, x, y, (x / 9 + y / 7) % 2 ? 40 : 210);
        g_ptr_array_add(frames, frame);
    }
    g_autofree char *text = look(&shape, frames);
    g_assert_cmpstr(text, ==, "0,0;0,0;c;0,0;");
}

/* Upright stripes say nothing of up and down: a bar that falls before them is no camera. */
static void what_is_told_by_little_is_no_motion(void)
{
    const struct video_shape shape = picture_shape("yuv420p", WIDTH, HEIGHT);
    g_autoptr(GPtrArray) frames = g_ptr_array_new_with_free_func(free_frame);
    for (int n = 0; n < 4; n++) {
        AVFrame *frame = picture_frame(&shape, n, 0);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                picture_set(frame, 0, x, y,
                            y >= 30 + 2 * n && y < 40 + 2 * n
                                ? 230
                                : (unsigned)lrint(120 + 60 * sin(x * 0.4)));
        g_ptr_array_add(frames, frame);
    }
    g_autofree char *text = look(&shape, frames);
    for (int n = 0; n < 4; n++) {
        double x, y;
        g_assert_true(motion_of(text, n, &x, &y));
        g_assert_cmpfloat(fabs(x), <, 0.1);
        g_assert_cmpfloat(y, ==, 0);
    }
}

static void refuses_in_words(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", WIDTH, HEIGHT);
    g_auto(chain_ptr) untold = picture_chain(&shape);
    g_assert_false(picture_step(untold, &failure, NULL, "stabilise", NULL));
    g_assert_cmpstr(failure.message, ==, "stabilise wasn't told what its measuring half saw");
    failure_clear(&failure);
    shape.interlaced = true;
    g_auto(chain_ptr) fields = picture_chain(&shape);
    g_assert_false(picture_step(fields, &failure, "0,0;", "stabilise", NULL));
    g_assert_nonnull(strstr(failure.message, "put deinterlace before stabilise"));
    failure_clear(&failure);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stabilise/measured", shake_is_measured);
    g_test_add_func("/stabilise/taken-out", shake_is_taken_out);
    g_test_add_func("/stabilise/turns", turns_and_zooms_are_measured);
    g_test_add_func("/stabilise/still", a_still_camera_leaves_every_bit);
    g_test_add_func("/stabilise/no-room", without_room_every_bit_is_left);
    g_test_add_func("/stabilise/cut", a_cut_is_no_motion);
    g_test_add_func("/stabilise/told", what_is_told_by_little_is_no_motion);
    g_test_add_func("/stabilise/refused", refuses_in_words);
    return g_test_run();
}
