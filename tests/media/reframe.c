/* SPDX-License-Identifier: GPL-3.0-or-later
 * `reframe`: sizes, places, what stays, and what is before what. */
#include "picture_help.h"
#include "stills_support.h"

#include <math.h>

static AVFrame *reframed(const struct video_shape *shape, AVFrame *frame, const char *aspect,
                         const char *fill, const char *place)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(shape);
    g_assert_true(picture_step(chain, &failure, NULL, "reframe", "aspect", aspect, "fill", fill,
                               "place", place, NULL));
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpint(chain_video(chain)->width, ==, ((AVFrame *)out->pdata[0])->width);
    g_assert_cmpint(chain_video(chain)->height, ==, ((AVFrame *)out->pdata[0])->height);
    return av_frame_clone(out->pdata[0]);
}

static void has_the_shape(void)
{
    static const struct {
        const char *aspect, *fill;
        int width, height, sar_num, sar_den, from_width, from_height;
    } rows[] = {
        {"9:16", "crop", 100, 180, 1, 1, 320, 180},    {"1:1", "crop", 180, 180, 1, 1, 320, 180},
        {"4:5", "crop", 144, 180, 1, 1, 320, 180},     {"9:16", "blur", 180, 320, 1, 1, 320, 180},
        {"1:1", "color", 180, 180, 1, 1, 320, 180},    {"4:5", "blur", 180, 226, 1, 1, 320, 180},
        {"16:9", "blur", 320, 180, 1, 1, 180, 320},    {"16:9", "crop", 320, 180, 1, 1, 320, 180},
        {"16:9", "crop", 1024, 576, 64, 45, 720, 576}, {"1:1", "color", 576, 576, 64, 45, 720, 576},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct video_shape shape =
            picture_shape("yuv420p", rows[i].from_width, rows[i].from_height);
        shape.sar = (struct rational){rows[i].sar_num, rows[i].sar_den};
        AVFrame *out =
            reframed(&shape, picture_frame(&shape, 0, 90), rows[i].aspect, rows[i].fill, "center");
        g_assert_cmpint(out->width, ==, rows[i].width);
        g_assert_cmpint(out->height, ==, rows[i].height);
        g_assert_cmpint(out->sample_aspect_ratio.num, ==, out->sample_aspect_ratio.den);
        av_frame_free(&out);
    }
}

/* The right part is kept, with its chroma, untouched. */
static void crop_keeps_the_place(void)
{
    const struct video_shape shape = picture_shape("yuv422p10le", 320, 180);
    AVFrame *in = picture_frame(&shape, 0, 60);
    picture_fill(in, 0, 220, 0, 320, 180, 200);
    picture_fill(in, 2, 110, 0, 160, 180, 40);
    AVFrame *out = reframed(&shape, in, "9:16", "crop", "right");
    for (int x = 0; x < out->width; x++) {
        g_assert_cmpuint(picture_sample(out, 0, x, 90), ==, 800);
        g_assert_cmpuint(picture_sample(out, 2, x / 2, 90), ==, 160);
    }
    av_frame_free(&out);
}

/* The part about three quarters of the width, 100 wide, begins at 240 - 50. */
static void crop_is_about_a_focal_point(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", 320, 180);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    AVFrame *in = picture_frame(&shape, 0, 60);
    for (int x = 0; x < 320; x++)
        picture_fill(in, 0, x, 0, x + 1, 180, (unsigned)x / 2);
    g_assert_true(picture_step(chain, &failure, NULL, "crop", "width", "100", "height", "180",
                               "focal", "0.75, 0.5", NULL));
    picture_push(chain, in);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(picture_sample(out->pdata[0], 0, 0, 90), ==, 190 / 2);
    g_assert_cmpint(((AVFrame *)out->pdata[0])->width, ==, 100);
}

/* Flat grey stays flat grey to the bit, in front and behind, chroma and alpha too. */
static void blur_of_flat_is_flat(void)
{
    static const char *const formats[] = {"yuv420p", "yuv422p10le", "yuva444p", "gbrp"};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        const struct video_shape shape = picture_shape(formats[f], 128, 72);
        AVFrame *out = reframed(&shape, picture_frame(&shape, 0, 77), "1:1", "blur", "center");
        const unsigned grey = 77U << (shape.depth - 8);
        for (int y = 0; y < out->height; y++)
            for (int x = 0; x < out->width; x++)
                g_assert_cmpuint(picture_sample(out, 0, x, y), ==, grey);
        if (shape.alpha)
            g_assert_cmpuint(picture_sample(out, 3, 5, 5), ==, 255);
        av_frame_free(&out);
    }
}

/* A picture, black on the left and white on the right: in front it is scaled and sharp, behind it
 * goes over softly and stays symmetric. */
static void blur_is_behind(void)
{
    const struct video_shape shape = picture_shape("yuv420p", 128, 72);
    AVFrame *in = picture_frame(&shape, 0, 16);
    picture_fill(in, 0, 64, 0, 128, 72, 235);
    AVFrame *out = reframed(&shape, in, "1:1", "blur", "bottom");
    g_assert_cmpint(out->width, ==, 72);
    unsigned before = 0;
    for (int x = 0; x < 72; x++) {
        const unsigned value = picture_sample(out, 0, x, 3);
        g_assert_cmpuint(value + 1, >=, before);
        g_assert_cmpint(abs((int)(value + picture_sample(out, 0, 71 - x, 3)) - 251), <=, 2);
        before = value;
    }
    g_assert_cmpuint(picture_sample(out, 0, 2, 3), <, 20);
    g_assert_cmpuint(picture_sample(out, 0, 36, 3), >, 110);
    g_assert_cmpuint(picture_sample(out, 0, 20, 60), ==, 16);
    g_assert_cmpuint(picture_sample(out, 0, 52, 60), ==, 235);
    av_frame_free(&out);
}

static void fields_are_refused(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 320, 180);
    shape.interlaced = true;
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_false(
        picture_step(chain, &failure, NULL, "reframe", "aspect", "9:16", "fill", "blur", NULL));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, "put deinterlace before reframe"));
    failure_clear(&failure);
    g_auto(chain_ptr) cropped = picture_chain(&shape);
    g_assert_true(picture_step(cropped, &failure, NULL, "reframe", "aspect", "1:1", NULL));
    g_assert_cmpint(chain_video(cropped)->width, ==, 180);
}

static void paint(int x, int y, double *out)
{
    out[0] = x < 64 ? 0 : 255;
    out[1] = out[2] = 100;
    out[3] = 255;
}

static void stills_stand_before_themselves(void)
{
    struct failure failure = {0};
    for (int bands = 3; bands <= 4; bands++) {
        g_autoptr(GObject) made = G_OBJECT(stills_make(128, 72, bands, false, paint));
        g_auto(still_ptr) still = stills_open(stills_file(VIPS_IMAGE(made), "png"));
        g_assert_true(still_backdrop(still, &failure, 128, 128, 0, 28, 0.04));
        g_autoptr(GObject) image = G_OBJECT(stills_written(still, "png", NULL));
        VipsImage *out = VIPS_IMAGE(image);
        g_assert_cmpint(out->Ysize, ==, 128);
        g_assert_cmpfloat(stills_value(out, 63, 64, 0), ==, 0);
        g_assert_cmpfloat(stills_value(out, 64, 64, 0), ==, 255);
        g_assert_cmpfloat(stills_value(out, 63, 10, 0), >, 80);
        g_assert_cmpfloat(stills_value(out, 63, 10, 0), <, 130);
        g_assert_cmpfloat(stills_value(out, 63, 10, 1), ==, 100);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reframe/shape", has_the_shape);
    g_test_add_func("/reframe/crop", crop_keeps_the_place);
    g_test_add_func("/reframe/focal", crop_is_about_a_focal_point);
    g_test_add_func("/reframe/flat", blur_of_flat_is_flat);
    g_test_add_func("/reframe/behind", blur_is_behind);
    g_test_add_func("/reframe/fields", fields_are_refused);
    g_test_add_func("/reframe/stills", stills_stand_before_themselves);
    return g_test_run();
}
