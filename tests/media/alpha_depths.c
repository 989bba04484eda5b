/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures with alpha of 12 bits, as ProRes 4444 is decoded: they go through all that scales and
 * converts, opaque stays opaque, and every code value is what BT.2100 (table 9) makes of it. */
#include "picture_help.h"

enum { SIZE = 32, BLACK = 64 << 2, WHITE = 940 << 2, OPAQUE = 4095 };

static AVFrame *frame_of(const struct video_shape *shape)
{
    AVFrame *frame = picture_frame(shape, 0, 0);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            picture_set(frame, 0, x, y, x < SIZE / 2 ? BLACK : WHITE);
            picture_set(frame, 3, x, y, y < SIZE / 2 ? OPAQUE : 0);
        }
    return frame;
}

static AVFrame *only(struct chain *chain, const struct video_shape *shape)
{
    picture_push(chain, frame_of(shape));
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 1);
    return av_frame_clone(out->pdata[0]);
}

/* The formats that outputs ask for: ProRes 4444 and H.264. */
static void codes_are_kept(void)
{
    static const struct {
        const char *from, *to;
        unsigned black, white;
        bool alpha;
    } cases[] = {
        {"yuva444p12le", "yuva444p10le", 64, 940, true},
        {"yuva422p12le", "yuva422p10le", 64, 940, true},
        {"yuva444p12le", "yuv420p", 16, 235, false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct failure failure = {0};
        const struct video_shape shape = picture_shape(cases[i].from, SIZE, SIZE);
        g_auto(chain_ptr) chain = picture_chain(&shape);
        chain_deliver_picture(chain, &failure, cases[i].to, NULL, NULL);
        g_assert_cmpstr(failure.message, ==, NULL);
        AVFrame *out = only(chain, &shape);
        g_assert_cmpuint(picture_sample(out, 0, 3, 3), ==, cases[i].black);
        g_assert_cmpuint(picture_sample(out, 0, SIZE - 3, 3), ==, cases[i].white);
        if (cases[i].alpha) {
            g_assert_cmpuint(picture_sample(out, 3, 3, 3), ==, 1023);
            g_assert_cmpuint(picture_sample(out, 3, 3, SIZE - 3), ==, 0);
        }
        av_frame_free(&out);
    }
}

static void it_is_scaled(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuva444p12le", SIZE, SIZE);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    picture_step(chain, &failure, NULL, "resize", "width", "16", "kernel", "bilinear", NULL);
    g_assert_cmpstr(failure.message, ==, NULL);
    chain_deliver_picture(chain, &failure, "yuva444p12le", NULL, NULL);
    g_assert_cmpstr(failure.message, ==, NULL);
    AVFrame *out = only(chain, &shape);
    g_assert_cmpint(out->width, ==, SIZE / 2);
    g_assert_cmpuint(picture_sample(out, 0, 2, 2), ==, BLACK);
    g_assert_cmpuint(picture_sample(out, 0, SIZE / 2 - 2, 2), ==, WHITE);
    g_assert_cmpuint(picture_sample(out, 3, 2, 2), ==, OPAQUE);
    av_frame_free(&out);
}

/* So an output is made as one of the source is: H.264 of 4:2:0 stays that, which all players take.
 * The chroma that is seen goes on into what isn't. */
static void a_blur_leaves_the_format(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuva420p", SIZE, SIZE);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    picture_step(chain, &failure, NULL, "blur", "radius", "2", NULL);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_assert_cmpstr(chain_video(chain)->pix_fmt, ==, "yuva420p");
    AVFrame *frame = picture_frame(&shape, 0, 100);
    picture_fill(frame, 1, 0, 0, SIZE / 2, SIZE / 4, 60);
    picture_fill(frame, 3, 0, SIZE / 2, SIZE, SIZE, 0);
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(picture_sample(out->pdata[0], 1, 3, 3), ==, 60);
    g_assert_cmpuint(picture_sample(out->pdata[0], 1, 3, SIZE / 4), <, 66);
}

/* Chroma that is halved across alone is made whole to be turned. */
static void it_is_turned(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuva422p12le", SIZE, SIZE);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    picture_step(chain, &failure, NULL, "rotate", "angle", "90", NULL);
    g_assert_cmpstr(failure.message, ==, NULL);
    AVFrame *out = only(chain, &shape);
    g_assert_cmpuint(picture_sample(out, 0, 3, 3), ==, BLACK << 4);
    g_assert_cmpuint(picture_sample(out, 3, SIZE - 3, 3), ==, 65535);
    av_frame_free(&out);
}

static void sizes_that_chroma_has_no_place_for_are_told_in_its_own_numbers(void)
{
    static const char *const rows[][2] = {
        {"yuv411p", "4x1 pixels"}, {"yuv411p", "60x35"}, {"yuv410p", "60x32"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        const struct video_shape shape = picture_shape("yuv444p", 62, 35);
        g_auto(chain_ptr) chain = picture_chain(&shape);
        g_assert_false(chain_format(chain, &failure, rows[i][0]));
        g_assert_nonnull(strstr(failure.message, rows[i][1]));
        failure_clear(&failure);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/alpha-depths/codes", codes_are_kept);
    g_test_add_func("/alpha-depths/scaled", it_is_scaled);
    g_test_add_func("/alpha-depths/turned", it_is_turned);
    g_test_add_func("/alpha-depths/blurred", a_blur_leaves_the_format);
    g_test_add_func("/alpha-depths/sizes",
                    sizes_that_chroma_has_no_place_for_are_told_in_its_own_numbers);
    return g_test_run();
}
