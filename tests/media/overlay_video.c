/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay` of a video: which of its frames is seen when, where, how solid, and in whose colours.
 */
#include "made.h"
#include "media/chain_picture.h"
#include "picture_help.h"

#include <math.h>
#include <unistd.h>

/* made_source: 256 by 192, frame n of it has luma 20 + 2n in limited range. */
static GPtrArray *laid_over(const struct video_shape *shape, int fd, const struct video_over *over,
                            const struct laid *laid, int frames)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(shape);
    chain_overlay_video(chain, &failure, fd, over, laid);
    g_assert_cmpstr(failure.message, ==, NULL);
    for (int n = 0; n < frames; n++)
        picture_push(chain, picture_frame(shape, n, 200));
    return picture_end(chain);
}

static int frame_at(const GPtrArray *out, int index, int depth)
{
    const unsigned value = picture_sample(out->pdata[index], 0, 20, 20) >> (depth - 8);
    return value == 200 ? -1 : ((int)value - 20) / 2;
}

static const struct laid top_left = {.from_s = NAN, .to_s = NAN};

/* 10 frames of 50 fps under 25: every second one, then the end. */
static void keeps_its_pace(void)
{
    const int fd = made_source(10, (struct rational){50, 1}, false);
    static const struct {
        enum over_end end;
        int frames[9];
    } rows[] = {
        {OVER_HOLD, {0, 2, 4, 6, 8, 9, 9, 9, 9}},
        {OVER_LOOP, {0, 2, 4, 6, 8, 0, 2, 4, 6}},
        {OVER_STOP, {0, 2, 4, 6, 8, -1, -1, -1, -1}},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct video_shape shape = picture_shape("yuv420p", 320, 240);
        const struct video_over over = {.opacity = 1, .at_end = rows[i].end};
        g_autoptr(GPtrArray) out = laid_over(&shape, fd, &over, &top_left, 9);
        for (int n = 0; n < 9; n++)
            g_assert_cmpint(frame_at(out, n, 8), ==, rows[i].frames[n]);
    }
    close(fd);
}

/* From 0.12 s, which is frame 3, to 0.2 s: its own first frames. */
static void begins_at_from(void)
{
    const int fd = made_source(10, (struct rational){25, 1}, false);
    const struct video_shape shape = picture_shape("yuv422p10le", 320, 240);
    const struct video_over over = {.opacity = 1};
    const struct laid laid = {.from_s = 0.12, .to_s = 0.2};
    g_autoptr(GPtrArray) out = laid_over(&shape, fd, &over, &laid, 7);
    static const int frames[] = {-1, -1, -1, 0, 1, -1, -1};
    for (int n = 0; n < 7; n++)
        g_assert_cmpint(frame_at(out, n, 10), ==, frames[n]);
    close(fd);
}

/* Scaled to 128 by 96 at the bottom right, half solid; the rest is as it was, to the bit. */
static void stands_where_it_should(void)
{
    const int fd = made_source(2, (struct rational){25, 1}, false);
    const struct video_shape shape = picture_shape("yuv420p", 320, 240);
    const struct video_over over = {.opacity = 0.5, .width = 128};
    const struct laid laid = {.across = 1, .down = 1, .margin = 10, .from_s = NAN, .to_s = NAN};
    g_autoptr(GPtrArray) out = laid_over(&shape, fd, &over, &laid, 1);
    for (int y = 0; y < 240; y++)
        for (int x = 0; x < 320; x++) {
            const bool inside = x >= 182 && x < 310 && y >= 134 && y < 230;
            g_assert_cmpuint(picture_sample(out->pdata[0], 0, x, y), ==, inside ? 110 : 200);
        }
    close(fd);
}

/* Grey 20 of limited range is 4.66 of full range, and of R'G'B'. */
static void comes_in_the_range_below(void)
{
    const int fd = made_source(1, (struct rational){25, 1}, false);
    struct video_shape full = picture_shape("yuv444p", 320, 240),
                       rgb = picture_shape("gbrp", 320, 240);
    full.range = "pc";
    const struct video_over over = {.opacity = 1};
    g_autoptr(GPtrArray) one = laid_over(&full, fd, &over, &top_left, 1),
                         other = laid_over(&rgb, fd, &over, &top_left, 1);
    g_assert_cmpint(abs((int)picture_sample(one->pdata[0], 0, 20, 20) - 5), <=, 1);
    g_assert_cmpint(abs((int)picture_sample(other->pdata[0], 2, 20, 20) - 5), <=, 1);
    close(fd);
}

/* Below nothing: the upper one's colour alone; alpha is what covers. */
static void alpha_below_is_kept(void)
{
    struct failure failure = {0};
    const int fd = made_source(1, (struct rational){25, 1}, false);
    const struct video_shape shape = picture_shape("yuva444p", 320, 240);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    const struct video_over over = {.opacity = 0.5};
    g_assert_true(chain_overlay_video(chain, &failure, fd, &over, &top_left));
    AVFrame *frame = picture_frame(&shape, 0, 200);
    picture_fill(frame, 3, 0, 0, 100, 240, 0);
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpint(abs((int)picture_sample(out->pdata[0], 0, 20, 20) - 20), <=, 1);
    g_assert_cmpint(abs((int)picture_sample(out->pdata[0], 3, 20, 20) - 128), <=, 1);
    g_assert_cmpuint(picture_sample(out->pdata[0], 0, 150, 20), ==, 110);
    g_assert_cmpuint(picture_sample(out->pdata[0], 3, 150, 20), ==, 255);
    close(fd);
}

static void a_sound_file_is_refused(void)
{
    struct failure failure = {0};
    const int fd = made_file();
    const struct video_shape shape = picture_shape("yuv420p", 320, 240);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    const struct video_over over = {.opacity = 1};
    g_assert_false(chain_overlay_video(chain, &failure, fd, &over, &top_left));
    g_assert_nonnull(failure.message);
    failure_clear(&failure);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/overlay-video/pace", keeps_its_pace);
    g_test_add_func("/overlay-video/from", begins_at_from);
    g_test_add_func("/overlay-video/place", stands_where_it_should);
    g_test_add_func("/overlay-video/range", comes_in_the_range_below);
    g_test_add_func("/overlay-video/alpha", alpha_below_is_kept);
    g_test_add_func("/overlay-video/refused", a_sound_file_is_refused);
    return g_test_run();
}
