/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps` and `speed`: which frames are given, and when. Frame n has luma 16 + n. */
#include "picture_help.h"

/* The numbers of the frames that come out, in a row; caller frees. */
static char *given(struct rational from, int frames, const char *step, const char *key,
                   const char *value)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.fps = from;
    g_auto(chain_ptr) chain = picture_chain_in(&shape, (int)from.num);
    g_assert_true(picture_step(chain, &failure, NULL, step, key, value, NULL));
    for (int n = 0; n < frames; n++)
        picture_push(chain, picture_frame(&shape, n, (unsigned)(16 + n)));
    g_autoptr(GPtrArray) out = picture_end(chain);
    GString *numbers = g_string_new(NULL);
    for (guint k = 0; k < out->len; k++)
        g_string_append_printf(numbers, "%s%u", k ? " " : "",
                               picture_sample(out->pdata[k], 0, 0, 0) - 16);
    return g_string_free(numbers, FALSE);
}

/* Moment k of the new rate is at frame k * from / to; a tie is the earlier's. */
static void of_the_frames_for_one_moment_the_nearest_is_given(void)
{
    const struct {
        struct rational from;
        const char *rate, *numbers;
    } rows[] = {{{60, 1}, "15", "0 4 8 12 16"},
                {{60, 1}, "24", "0 2 5 7 10 12 15 17"},
                {{50, 1}, "25", "0 2 4 6 8 10 12 14 16 18"},
                {{20, 1}, "1", "0"},
                {{24, 1}, "60", "0 0 0 1 1 2 2 2 3 3"},
                {{25, 1}, "25", "0 1 2 3 4"}};
    const int frames[] = {20, 20, 20, 20, 4, 5};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *numbers = given(rows[i].from, frames[i], "fps", "rate", rows[i].rate);
        g_assert_cmpstr(numbers, ==, rows[i].numbers);
    }
}

static void three_times_as_fast_is_every_third_frame(void)
{
    g_autofree char *numbers = given((struct rational){60, 1}, 18, "speed", "factor", "3");
    g_assert_cmpstr(numbers, ==, "0 3 6 9 12 15");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nearest/fps", of_the_frames_for_one_moment_the_nearest_is_given);
    g_test_add_func("/nearest/speed", three_times_as_fast_is_every_third_frame);
    return g_test_run();
}
