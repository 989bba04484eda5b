/* SPDX-License-Identifier: GPL-3.0-or-later
 * Grades of interlaced picture: each field is graded as a picture of its own. */
#include "media/chain_picture.h"
#include "picture_help.h"

enum { WIDTH = 32 };

/* Y', Cb, Cr of the upper field and of the lower one. */
static const unsigned colors[2][3] = {{120, 90, 200}, {90, 170, 90}};

static AVFrame *graded(const struct video_shape *shape, AVFrame *frame)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(shape);
    g_assert_true(picture_step(chain, &failure, NULL, "grade", "power", "1.5", NULL));
    g_assert_true(chain_format(chain, &failure, shape->pix_fmt));
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 1);
    return av_frame_clone(out->pdata[0]);
}

/* All of it of one of the colours. */
static void flat(const char *pix_fmt, int color, unsigned values[3])
{
    const struct video_shape shape = picture_shape(pix_fmt, WIDTH, 8);
    AVFrame *in = picture_frame(&shape, 0, 0);
    for (int plane = 0; plane < 3; plane++)
        picture_fill(in, plane, 0, 0, plane ? WIDTH / 2 : WIDTH,
                     plane && strstr(pix_fmt, "420") ? 4 : 8, colors[color][plane]);
    AVFrame *out = graded(&shape, in);
    for (int plane = 0; plane < 3; plane++)
        values[plane] = picture_sample(out, plane, 4, 2);
    av_frame_free(&out);
}

/* The colours of two flat fields are what each of them becomes alone, to the last row, also where
 * the fields haven't the same number of rows, of luma (33) or of chroma (34). */
static void fields_are_not_mixed(gconstpointer data)
{
    const char *pix_fmt = data;
    const bool tall = strstr(pix_fmt, "420");
    unsigned expected[2][3];
    for (int field = 0; field < 2; field++)
        flat(pix_fmt, field, expected[field]);
    for (int height = tall ? 2 : 31; height <= 36; height += tall ? 2 : 1) {
        struct video_shape shape = picture_shape(pix_fmt, WIDTH, height);
        shape.interlaced = height > 2;
        AVFrame *in = picture_frame(&shape, 0, 0);
        for (int plane = 0; plane < 3; plane++) {
            const int rows = plane && tall ? height / 2 : height;
            for (int y = 0; y < rows; y++)
                picture_fill(in, plane, 0, y, plane ? WIDTH / 2 : WIDTH, y + 1,
                             colors[height > 2 && y % 2][plane]);
        }
        AVFrame *out = graded(&shape, in);
        for (int plane = 0; plane < 3; plane++)
            for (int y = 0; y < (plane && tall ? height / 2 : height); y++)
                g_assert_cmpuint(picture_sample(out, plane, 4, y), ==,
                                 expected[height > 2 && y % 2][plane]);
        av_frame_free(&out);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/media/grade_fields/420", "yuv420p", fields_are_not_mixed);
    g_test_add_data_func("/media/grade_fields/422", "yuv422p", fields_are_not_mixed);
    return g_test_run();
}
