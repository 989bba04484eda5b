/* SPDX-License-Identifier: GPL-3.0-or-later
 * `autocrop`: bars are found to the line whatever happens in front of them. */
#include "picture_help.h"

/* A frame of 320 by 180 whose picture is in [x, end_x) by [y, end_y); noise of ±4 codes on all. */
static AVFrame *barred(const struct video_shape *shape, int n, int x, int y, int end_x, int end_y,
                       unsigned luma)
{
    static guint32 noise = 1;
    AVFrame *frame = picture_frame(shape, n, 16);
    picture_fill(frame, 0, x, y, end_x, end_y, luma);
    for (int j = 0; j < frame->height; j++)
        for (int i = 0; i < frame->width; i++) {
            noise = noise * 1664525 + 1013904223;
            const int by = (int)(noise >> 24) % 9 - 4;
            picture_set(
                frame, 0, i, j,
                (unsigned)((int)picture_sample(frame, 0, i, j) + by * (1 << (shape->depth - 8))));
        }
    return frame;
}

/* Black, a fade up, 40 frames of picture, a white flash of three frames over all of it. */
static char *seen_of(const struct video_shape *shape, int x, int y, int end_x, int end_y)
{
    g_auto(chain_ptr) chain = picture_chain(shape);
    char *seen = NULL;
    int n = 0;
    picture_look(chain, &seen, "autocrop", NULL);
    for (int i = 0; i < 10; i++)
        picture_push(chain, barred(shape, n++, x, y, end_x, end_y, 16));
    for (int i = 0; i < 10; i++)
        picture_push(chain, barred(shape, n++, x, y, end_x, end_y, 16 + (unsigned)i * 12));
    for (int i = 0; i < 40; i++)
        picture_push(chain, barred(shape, n++, x, y, end_x, end_y, 130));
    for (int i = 0; i < 3; i++)
        picture_push(chain, barred(shape, n++, 0, 0, shape->width, shape->height, 235));
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, (guint)n);
    return seen;
}

/* 2.39:1 in 16:9 is 134 lines of 180; and pillars beside it. */
static void finds_bars_to_the_line(void)
{
    static const char *const formats[] = {"yuv420p", "yuv422p10le", "yuv444p", "yuv420p10le"};
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        const struct video_shape shape = picture_shape(formats[i], 320, 180);
        g_autofree char *letterbox = seen_of(&shape, 0, 23, 320, 157),
                        *both = seen_of(&shape, 41, 23, 279, 157);
        g_assert_cmpstr(letterbox, ==, "320 134 0 23 63 320 180");
        g_assert_cmpstr(both, ==, "238 134 41 23 63 320 180");
    }
}

static void finds_bars_in_rgb(void)
{
    const struct video_shape shape = picture_shape("gbrp", 320, 180);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_autofree char *seen = NULL;
    picture_look(chain, &seen, "autocrop", NULL);
    AVFrame *frame = picture_frame(&shape, 0, 0);
    picture_fill(frame, 1, 10, 20, 310, 160, 200); /* only blue */
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 1);
    g_assert_cmpstr(seen, ==, "300 140 10 20 1 320 180");
}

static char *crop(const struct video_shape *shape, const char *seen, const char *round, int *width,
                  int *height)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(shape);
    g_assert_true(picture_step(chain, &failure, seen, "autocrop", "round", round, NULL));
    picture_push(chain, picture_frame(shape, 0, 50));
    g_autoptr(GPtrArray) out = picture_end(chain);
    *width = ((AVFrame *)out->pdata[0])->width;
    *height = ((AVFrame *)out->pdata[0])->height;
    return picture_notes(chain);
}

/* Into the picture, never out of it: chroma keeps its phase, two fields theirs. */
static void rounds_inwards(void)
{
    static const struct {
        const char *pix_fmt, *round, *note;
        bool interlaced;
        int width, height;
    } rows[] = {
        {"yuv420p", "2", "autocrop: 320x180 to 236x132 at 42,24, after 63 frames", false, 236, 132},
        {"yuv420p", "8", "autocrop: 320x180 to 232x128 at 42,24, after 63 frames", false, 232, 128},
        {"yuv420p", "1", "autocrop: 320x180 to 236x132 at 42,24, after 63 frames", true, 236, 132},
        {"yuv422p", "1", "autocrop: 320x180 to 236x134 at 42,23, after 63 frames", false, 236, 134},
        {"yuv444p", "1", "autocrop: 320x180 to 238x134 at 41,23, after 63 frames", false, 238, 134},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int width, height;
        struct video_shape shape = picture_shape(rows[i].pix_fmt, 320, 180);
        shape.interlaced = rows[i].interlaced;
        g_autofree char *notes =
            crop(&shape, "238 134 41 23 63 320 180", rows[i].round, &width, &height);
        g_assert_cmpstr(notes, ==, rows[i].note);
        g_assert_cmpint(width, ==, rows[i].width);
        g_assert_cmpint(height, ==, rows[i].height);
    }
}

static void leaves_what_has_no_bars(void)
{
    int width, height;
    const struct video_shape odd = picture_shape("yuv420p", 101, 77);
    g_autofree char *none = crop(&odd, "101 77 0 0 9 101 77", "2", &width, &height),
                    *black = crop(&odd, "0 0 0 0 9 101 77", "2", &width, &height);
    g_assert_cmpstr(none, ==, "autocrop: no black bars in 9 frames");
    g_assert_cmpstr(black, ==, "autocrop: nothing brighter than 5 % in 9 frames: not cropped");
    g_assert_cmpint(width, ==, 101);
}

static void refuses_without_measurement(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", 320, 180);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_false(picture_step(chain, &failure, NULL, "autocrop", NULL));
    g_assert_cmpstr(failure.message, ==, "autocrop wasn't told what its measuring half saw");
    failure_clear(&failure);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/autocrop/bars", finds_bars_to_the_line);
    g_test_add_func("/autocrop/rgb", finds_bars_in_rgb);
    g_test_add_func("/autocrop/rounds", rounds_inwards);
    g_test_add_func("/autocrop/none", leaves_what_has_no_bars);
    g_test_add_func("/autocrop/untold", refuses_without_measurement);
    return g_test_run();
}
