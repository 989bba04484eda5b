/* SPDX-License-Identifier: GPL-3.0-or-later
 * `sharpen`: the same numbers on frames of every kind and on stills, and luma alone. */
#include "media/chain_picture.h"
#include "picture_help.h"
#include "stills_support.h"

#include <math.h>

enum { SIZE = 48 };

/* A step edge of 80 codes, a ramp and a spot: in 8 bits. */
static unsigned painted(int x, int y)
{
    return (unsigned)(x < 20 ? 60 : 140) + (unsigned)(y / 4) + (x == 30 && y == 30 ? 40 : 0);
}

static AVFrame *frame_of(const struct video_shape *shape)
{
    AVFrame *frame = picture_frame(shape, 0, 100);
    for (int plane = 0; plane < (shape->rgb ? 3 : 1); plane++)
        for (int y = 0; y < shape->height; y++)
            for (int x = 0; x < shape->width; x++)
                picture_set(frame, plane, x, y, painted(x, y) << (shape->depth - 8));
    return frame;
}

static AVFrame *sharpened(const struct video_shape *shape, AVFrame *frame, const char *amount,
                          const char *radius, const char *threshold)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(shape);
    g_assert_true(picture_step(chain, &failure, NULL, "sharpen", "amount", amount, "radius", radius,
                               "threshold", threshold, NULL));
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 1);
    return av_frame_clone(out->pdata[0]);
}

/* The definition, in double: in + amount * (in - Gaussian * in), per row and column. */
static double expected(int x, int y, double amount, double sigma)
{
    double sum = 0, weights = 0;
    const int reach = (int)ceil(3 * sigma);
    for (int j = -reach; j <= reach; j++)
        for (int i = -reach; i <= reach; i++) {
            const double w = exp(-(i * i + j * j) / (2 * sigma * sigma));
            sum += w * painted(CLAMP(x + i, 0, SIZE - 1), CLAMP(y + j, 0, SIZE - 1));
            weights += w;
        }
    return painted(x, y) + amount * (painted(x, y) - sum / weights);
}

static void is_the_definition(void)
{
    static const char *const formats[] = {"yuv420p", "yuv422p10le", "yuv444p12le", "yuva444p"};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        const struct video_shape shape = picture_shape(formats[f], SIZE, SIZE);
        AVFrame *in = frame_of(&shape), *out;
        picture_fill(in, 1, 5, 5, 9, 9, 200);
        AVFrame *before = av_frame_clone(in);
        out = sharpened(&shape, in, "80%", "1.5", "0%");
        for (int y = 0; y < SIZE; y++)
            for (int x = 0; x < SIZE; x++) {
                const double scale = 1 << (shape.depth - 8);
                g_assert_cmpfloat(
                    fabs(picture_sample(out, 0, x, y) / scale - expected(x, y, 0.8, 1.5)), <, 0.51);
            }
        for (int plane = 1; plane < (shape.alpha ? 4 : 3); plane++)
            g_assert_cmpuint(picture_sample(out, plane, 6, 6), ==,
                             picture_sample(before, plane, 6, 6));
        av_frame_free(&before);
        av_frame_free(&out);
    }
}

static void paint(int x, int y, double *out)
{
    out[0] = painted(x, y);
    out[1] = painted(y, x);
    out[2] = painted(x, x);
}

/* The planes of gbrp stand G, B, R. */
static void stills_are_the_same(void)
{
    struct failure failure = {0};
    const struct unsharp unsharp = {1.2, 0.9, 0.01};
    const struct video_shape shape = picture_shape("gbrp", SIZE, SIZE);
    AVFrame *in = picture_frame(&shape, 0, 0);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            double rgb[4];
            paint(x, y, rgb);
            for (int b = 0; b < 3; b++)
                picture_set(in, (b + 2) % 3, x, y, (unsigned)rgb[b]);
        }
    AVFrame *frame = sharpened(&shape, in, "120%", "0.9", "1%");
    g_autoptr(GObject) made = G_OBJECT(stills_make(SIZE, SIZE, 3, false, paint));
    g_auto(still_ptr) still = stills_open(stills_file(VIPS_IMAGE(made), "png"));
    g_assert_true(still_sharpen(still, &failure, &unsharp));
    g_autoptr(GObject) image = G_OBJECT(stills_written(still, "png", NULL));
    bool changed = false;
    for (int y = 0; y < SIZE; y += 3)
        for (int x = 0; x < SIZE; x += 3)
            for (int b = 0; b < 3; b++) {
                const double is = stills_value(VIPS_IMAGE(image), x, y, b);
                g_assert_cmpfloat(fabs(is - picture_sample(frame, (b + 2) % 3, x, y)), <=, 0);
                changed |= is != stills_value(VIPS_IMAGE(made), x, y, b);
            }
    g_assert_true(changed);
    av_frame_free(&frame);
}

/* Two fields of flat grey: an edge between lines, but not within a field. */
static void fields_are_not_mixed(void)
{
    struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    shape.interlaced = true;
    AVFrame *in = picture_frame(&shape, 0, 60);
    for (int y = 1; y < SIZE; y += 2)
        picture_fill(in, 0, 0, y, SIZE, y + 1, 180);
    AVFrame *out = sharpened(&shape, in, "100%", "2", "0%");
    for (int y = 0; y < SIZE; y++)
        g_assert_cmpuint(picture_sample(out, 0, 10, y), ==, y % 2 ? 180 : 60);
    av_frame_free(&out);
}

/* Noise of less than the threshold stays to the bit. */
static void threshold_spares_noise(void)
{
    const struct video_shape shape = picture_shape("yuv420p10le", SIZE, SIZE);
    AVFrame *in = picture_frame(&shape, 0, 100);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            picture_set(in, 0, x, y, 400 + (unsigned)((x * 7 + y * 5) % 5));
    AVFrame *before = av_frame_clone(in), *out = sharpened(&shape, in, "300%", "1", "1%");
    g_assert_true(picture_same(before, out));
    av_frame_free(&before);
    av_frame_free(&out);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sharpen/definition", is_the_definition);
    g_test_add_func("/sharpen/stills", stills_are_the_same);
    g_test_add_func("/sharpen/fields", fields_are_not_mixed);
    g_test_add_func("/sharpen/threshold", threshold_spares_noise);
    return g_test_run();
}
