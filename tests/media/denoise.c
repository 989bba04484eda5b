/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise` of picture: noise goes, edges and flat grey stay. */
#include "picture_help.h"

#include <math.h>

enum { SIZE = 64, FRAMES = 12 };

static guint32 noise;

/* Two greys, and noise of ±6 codes in 8 bits. */
static AVFrame *noisy(const struct video_shape *shape, int n, int by)
{
    AVFrame *frame = picture_frame(shape, n, 80);
    picture_fill(frame, 0, SIZE / 2, 0, SIZE, SIZE, 180);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            noise = noise * 1664525 + 1013904223;
            const int off = (int)(noise >> 16) % (2 * by + 1) - by;
            picture_set(
                frame, 0, x, y,
                (unsigned)((int)picture_sample(frame, 0, x, y) + off * (1 << (shape->depth - 8))));
        }
    return frame;
}

/* Standard deviation of the left half, in codes of 8 bits. */
static double deviation(const AVFrame *frame, int depth)
{
    double sum = 0, squares = 0;
    int count = 0;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE / 2 - 4; x++, count++) {
            const double value = picture_sample(frame, 0, x, y) / (double)(1 << (depth - 8));
            sum += value;
            squares += value * value;
        }
    return sqrt(squares / count - sum * sum / count / count);
}

static void noise_is_less_and_edges_stay(void)
{
    static const char *const formats[] = {"yuv420p", "yuv422p10le", "yuv444p"};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        struct failure failure = {0};
        const struct video_shape shape = picture_shape(formats[f], SIZE, SIZE);
        g_auto(chain_ptr) chain = picture_chain(&shape);
        g_assert_true(picture_step(chain, &failure, NULL, "denoise", "of", "picture", NULL));
        for (int n = 0; n < FRAMES; n++)
            picture_push(chain, noisy(&shape, n, 6));
        g_autoptr(GPtrArray) out = picture_end(chain);
        g_assert_cmpuint(out->len, ==, FRAMES);
        const AVFrame *last = out->pdata[FRAMES - 1];
        g_assert_cmpint(last->pts, ==, FRAMES - 1);
        /* ±6 evenly is a deviation of 3.74: a third of it goes, at least. */
        g_assert_cmpfloat(deviation(last, shape.depth), <, 2.5);
        const double scale = 1 << (shape.depth - 8);
        g_assert_cmpfloat(picture_sample(last, 0, SIZE / 2 - 3, 30) / scale, <, 92);
        g_assert_cmpfloat(picture_sample(last, 0, SIZE / 2 + 3, 30) / scale, >, 168);
    }
}

static void sound_is_the_default(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "denoise", "reduction", "12 dB", NULL));
    g_assert_true(chain_is_empty(chain));
}

static void refuses_in_words(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuva444p", SIZE, SIZE);
    g_auto(chain_ptr) alpha = picture_chain(&shape);
    g_assert_false(picture_step(alpha, &failure, NULL, "denoise", "of", "picture", NULL));
    g_assert_cmpstr(failure.message, ==,
                    "denoise works on YUV without alpha, and what flows here is yuva444p: put it "
                    "where the picture is YUV, or leave it out");
    failure_clear(&failure);
    shape = picture_shape("yuv420p", SIZE, SIZE);
    shape.interlaced = true;
    g_auto(chain_ptr) fields = picture_chain(&shape);
    g_assert_false(picture_step(fields, &failure, NULL, "denoise", "of", "both", NULL));
    g_assert_nonnull(strstr(failure.message, "put deinterlace before denoise"));
    failure_clear(&failure);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/denoise/noise", noise_is_less_and_edges_stay);
    g_test_add_func("/denoise/sound", sound_is_the_default);
    g_test_add_func("/denoise/refused", refuses_in_words);
    return g_test_run();
}
