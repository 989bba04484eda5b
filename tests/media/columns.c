/* SPDX-License-Identifier: GPL-3.0-or-later
 * Film that is made a bit less than half as wide, and other sizes that zimg's widest instructions
 * get wrong (src/media/zimg_cpu.c): every column is of its place. */
#include "picture_help.h"

#include <math.h>

enum { HEIGHT = 16, LEAST = 40, MOST = 215 };

static unsigned code_at(double x, int width)
{
    return (unsigned)lrint(LEAST + (MOST - LEAST) * (x + 0.5) / width);
}

/* In `scale`-fold codes of 8 bits, but for the edges: there the kernel reaches beyond. */
static void check(const AVFrame *frame, int scale)
{
    for (int x = 8; x < frame->width - 8; x++)
        for (int y = 2; y < frame->height; y += 5)
            g_assert_cmpint(
                abs((int)picture_sample(frame, 0, x, y) - scale * (int)code_at(x, frame->width)),
                <=, 2 * scale);
}

static void every_column_is_of_its_place(void)
{
    static const char *const formats[] = {"yuv420p", "yuv422p10le"};
    static const struct {
        int from;
        const char *to;
    } widths[] = {{5184, "2560"}, {4288, "2048"}, {3264, "1600"}, {2592, "1280"},
                  {2048, "1000"}, {346, "170"},   {162, "64"}};
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(widths); i++) {
        struct failure failure = {0};
        const struct video_shape shape = picture_shape(formats[i % 2], widths[i / 2].from, HEIGHT);
        g_auto(chain_ptr) chain = picture_chain(&shape);
        picture_step(chain, &failure, NULL, "resize", "width", widths[i / 2].to, "height", "16",
                     "fit", "stretch", NULL);
        g_assert_cmpstr(failure.message, ==, NULL);
        chain_deliver_picture(chain, &failure, formats[i % 2], NULL, NULL);
        AVFrame *frame = picture_frame(&shape, 0, 0);
        for (int x = 0; x < shape.width; x++)
            picture_fill(frame, 0, x, 0, x + 1, HEIGHT, code_at(x, shape.width));
        picture_push(chain, frame);
        g_autoptr(GPtrArray) out = picture_end(chain);
        g_assert_cmpuint(out->len, ==, 1);
        check(out->pdata[0], i % 2 ? 4 : 1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/every-column-is-of-its-place", every_column_is_of_its_place);
    return g_test_run();
}
