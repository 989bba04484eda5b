/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound whose times run apart from its samples, in frames of AAC at 48 kHz, and sound that is only
 * said to. */
#include "signal/sound_clock.h"

#include <glib.h>
#include <math.h>

enum { RATE = 48000, FRAME = 1024, MILLISECOND = RATE / 1000 };

/* As containers that count in milliseconds have it. */
static int64_t rounded(double samples)
{
    return llround(samples / MILLISECOND) * MILLISECOND;
}

/* Of frames that last `pace` of what they hold. */
static struct sound_clock at_pace(double pace, int frames)
{
    struct sound_clock clock = {.rate = RATE};
    for (int i = 0; i < frames; i++)
        sound_clock_see(&clock, rounded(pace * i * FRAME) - (int64_t)i * FRAME, FRAME);
    return clock;
}

static void another_clock_is_known_before_it_is_heard(void)
{
    static const double paces[] = {0.96, 0.99, 0.999, 1.001, 1.01, 1.04};
    static const double heard_s = 0.02;
    for (unsigned i = 0; i < G_N_ELEMENTS(paces); i++) {
        const int frames = (int)(heard_s / fabs(paces[i] - 1) * RATE / FRAME);
        g_assert_true(at_pace(paces[i], frames + 1).runs_apart);
    }
}

static void it_is_known_by_how_much(void)
{
    static const double paces[] = {0.99, 1.01};
    for (unsigned i = 0; i < G_N_ELEMENTS(paces); i++) {
        const struct sound_clock clock = at_pace(paces[i], 1000);
        const double apart = (paces[i] - 1) * 999 * FRAME;
        g_assert_cmpfloat_with_epsilon(clock.now, apart, MILLISECOND);
        g_assert_cmpfloat_with_epsilon(clock.apart, apart, 4 * MILLISECOND);
    }
}

static void rounding_is_none(void)
{
    g_assert_false(at_pace(1, 100000).runs_apart);
}

/* Or a wrong time: of the first frame, of one, or of all behind one. */
static void what_comes_at_once_is_none(void)
{
    static const int apart[] = {-900, 900, 9000};
    for (unsigned i = 0; i < G_N_ELEMENTS(apart); i++) {
        struct sound_clock clock = {.rate = RATE};
        for (int frame = 0; frame < 1000; frame++)
            sound_clock_see(&clock, frame == 0 || frame == 300 || frame > 600 ? apart[i] : 0,
                            FRAME);
        g_assert_false(clock.runs_apart);
    }
}

/* Frames follow one another until the next real time, 10 ms off. */
static void times_that_are_set_right_are_none(void)
{
    struct sound_clock clock = {.rate = RATE};
    for (int i = 0; i < 10000; i++)
        sound_clock_see(&clock, -(i % 10) * MILLISECOND, FRAME);
    g_assert_false(clock.runs_apart);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sound_clock/another", another_clock_is_known_before_it_is_heard);
    g_test_add_func("/sound_clock/apart", it_is_known_by_how_much);
    g_test_add_func("/sound_clock/rounding", rounding_is_none);
    g_test_add_func("/sound_clock/at_once", what_comes_at_once_is_none);
    g_test_add_func("/sound_clock/set_right", times_that_are_set_right_are_none);
    return g_test_run();
}
