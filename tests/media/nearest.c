/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps` and `speed`: which frames are given, and when. Frame n has luma 16 + n. */
#include "picture_help.h"

/* The numbers of the frames that come out, in a row; caller frees. */
static char *numbers_out(struct chain *chain)
{
    g_autoptr(GPtrArray) out = picture_end(chain);
    GString *numbers = g_string_new(NULL);
    for (guint k = 0; k < out->len; k++)
        g_string_append_printf(numbers, "%s%u", k ? " " : "",
                               picture_sample(out->pdata[k], 0, 0, 0) - 16);
    return g_string_free(numbers, FALSE);
}

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
    return numbers_out(chain);
}

/* Of frames at these milliseconds, ascending, the last of which is the end of all. */
static char *given_at(const char *times_ms, const char *rate, char **fate)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.fps = (struct rational){0, 1};
    g_auto(chain_ptr) chain = picture_chain_in(&shape, 1000);
    g_auto(GStrv) at_ms = g_strsplit(times_ms, " ", 0);
    g_assert_true(picture_step(chain, &failure, NULL, "fps", "rate", rate, NULL));
    for (int n = 0; at_ms[n + 1]; n++) {
        AVFrame *frame = picture_frame(&shape, atoi(at_ms[n]), (unsigned)(16 + n));
        frame->pkt_duration = atoi(at_ms[n + 1]) - atoi(at_ms[n]);
        picture_push(chain, frame);
    }
    char *numbers = numbers_out(chain);
    *fate = chain_rate_text(chain);
    return numbers;
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

/* Ten a second: moment k is at 100 k ms. */
static void one_of_two_for_one_moment_takes_a_free_one_beside_it(void)
{
    static const struct {
        const char *times_ms, *numbers, *fate;
    } rows[] = {
        /* 1 is 60 ms off at the moment before, 2 would be 110 off at the one behind. */
        {"0 160 190 400 500", "0 1 2 2 3", "1 frames repeated, 0 dropped"},
        /* 1 would be 110 ms off at the moment before, 2 is 60 off at the one behind. */
        {"0 210 240 400 500", "0 0 1 2 3", "1 frames repeated, 0 dropped"},
        {"0 160 230 400 500", "0 1 2 2 3", "1 frames repeated, 0 dropped"},
        {"0 170 240 400 500", "0 0 1 2 3", "1 frames repeated, 0 dropped"},
        /* Three for one moment. */
        {"0 160 200 240 400 500", "0 1 2 3 4", NULL},
        /* Those beside it are taken: the nearer stays. */
        {"0 100 160 190 300 400", "0 1 3 4", "0 frames repeated, 1 dropped"},
        /* The one that is free is more than a frame off. */
        {"0 210 240 300 400", "0 0 1 3", "1 frames repeated, 1 dropped"},
        /* The end is the moment behind the last. */
        {"0 100 260 300", "0 1 2", NULL},
        {"0 100 160 190 300", "0 1 3", "0 frames repeated, 1 dropped"},
        {"0 100 200 260 300", "0 1 2", "0 frames repeated, 1 dropped"},
        {"60 140 200 300", "0 1 2", NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *fate = NULL, *numbers = given_at(rows[i].times_ms, "10", &fate);
        g_assert_cmpstr(numbers, ==, rows[i].numbers);
        g_assert_cmpstr(fate, ==, rows[i].fate);
    }
}

/* Soft telecine (ISO/IEC 13818-2, repeat_first_field): pictures last three fields and two by turns;
 * whichever comes first, each is shown, and at its own 24 a second once. */
static void no_picture_of_a_telecine_goes(void)
{
    static const char *const rates[] = {"23.976", "25", "29.97", "59.94"};
    enum { PICTURES = 40 };
    for (unsigned phase = 0; phase < 2; phase++)
        for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
            g_autoptr(GString) times_ms = g_string_new("0");
            for (int n = 1; n <= PICTURES; n++)
                g_string_append_printf(
                    times_ms, " %d",
                    (int)lround((5 * n + (phase ? 0 : n % 2)) / 2 * 1001000. / 60000));
            g_autofree char *fate = NULL, *numbers = given_at(times_ms->str, rates[i], &fate);
            g_assert_true(g_str_has_suffix(numbers, " 39"));
            g_assert_true(i ? g_str_has_suffix(fate, " 0 dropped") : !fate);
        }
}

/* MOV has no length of its own for a picture that isn't decoded in its turn. */
static void the_last_of_a_trim_is_shown_until_its_end(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.fps = (struct rational){0, 1};
    g_auto(chain_ptr) chain = picture_chain_in(&shape, 1000);
    g_assert_true(chain_trim(chain, &failure, 0, 0.3));
    g_assert_true(picture_step(chain, &failure, NULL, "fps", "rate", "10", NULL));
    for (int n = 0; n < 5; n++)
        picture_push(chain, picture_frame(&shape, n * 100, (unsigned)(16 + n)));
    g_autofree char *numbers = numbers_out(chain);
    g_assert_cmpstr(numbers, ==, "0 1 2");
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
    g_test_add_func("/nearest/beside", one_of_two_for_one_moment_takes_a_free_one_beside_it);
    g_test_add_func("/nearest/telecine", no_picture_of_a_telecine_goes);
    g_test_add_func("/nearest/trim", the_last_of_a_trim_is_shown_until_its_end);
    g_test_add_func("/nearest/speed", three_times_as_fast_is_every_third_frame);
    return g_test_run();
}
