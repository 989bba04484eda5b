/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fade` of sound: its curve begins and ends at the sample. */
#include "sound_help.h"

#include <math.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}"

static float steady(int c, int64_t i, double amplitude)
{
    return (float)amplitude;
}

static double quarter_sine(double way)
{
    return sin(G_PI_2 * way);
}

static double half_cosine(double way)
{
    return (1 - cos(G_PI * way)) / 2;
}

static double line(double way)
{
    return way;
}

static void a_fade_follows_its_curve_to_the_sample(void)
{
    static const struct {
        const char *steps;
        double (*gain)(double way); /* of 0 to 1, the share of the fade */
    } rows[] = {
        {"[{\"fade\": {\"in\": \"0.1s\", \"out\": \"0.25s\"}}]", quarter_sine},
        {"[{\"fade\": {\"in\": \"0.1s\", \"out\": \"0.25s\", \"curve\": \"hsin\"}}]", half_cosine},
        {"[{\"fade\": {\"in\": \"0.1s\", \"out\": \"0.25s\", \"curve\": \"linear\"}}]", line}};
    static const int rates[] = {44100, 48000};
    for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++)
        for (unsigned k = 0; k < G_N_ELEMENTS(rates); k++) {
            int rate = rates[k], in = rate / 10, out = rate / 4;
            g_auto(bench_ptr) bench =
                bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate, 2, 1, steady, 0.5));
            bench->task->source->duration_s = 1;
            bench_output(bench, WAV, rows[r].steps);
            bench_render(bench);
            g_auto(heard_ptr) heard = heard_of(bench, 0);
            for (int i = 0; i < rate; i++) {
                double way = i < in           ? (double)i / in
                             : i > rate - out ? (double)(rate - i) / out
                                              : 1;
                g_assert_cmpfloat_with_epsilon(heard->samples[i * 2 + 1], 0.5 * rows[r].gain(way),
                                               1e-6);
            }
        }
}

static void a_fade_below_one_sample_is_none(void)
{
    static const char *const steps[] = {"[{\"fade\": {\"in\": \"0.00001s\"}}]",
                                        "[{\"fade\": {\"out\": \"0.00001s\"}}]"};
    for (unsigned s = 0; s < G_N_ELEMENTS(steps); s++) {
        g_auto(bench_ptr) bench =
            bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, steady, 0.5));
        bench->task->source->duration_s = 1;
        bench_output(bench, WAV, steps[s]);
        bench_render(bench);
        g_auto(heard_ptr) heard = heard_of(bench, 0);
        for (int i = 0; i < 48000; i++)
            g_assert_cmpfloat(heard->samples[i], ==, 0.5f);
    }
}

static void sound_alone_tells_fade_and_speed(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 3, steady, 0.5));
    bench->task->source->duration_s = 3;
    bench_output(bench, WAV,
                 "[{\"fade\": {\"in\": \"0.5s\", \"out\": \"1s\"}}, {\"speed\": \"1.5\"}]");
    bench_output(bench, WAV, "[{\"fade\": {\"out\": \"4s\"}}]");
    bench_render(bench);
    g_assert_true(bench_noted(bench, 0, "faded in over 0.50 s"));
    g_assert_true(bench_noted(bench, 0, "faded out over 1.00 s"));
    g_assert_true(bench_noted(bench, 0, "played 1.5 times as fast"));
    g_assert_true(bench_noted(bench, 1, "no fade: what there is is shorter"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fade/curve", a_fade_follows_its_curve_to_the_sample);
    g_test_add_func("/fade/below-one-sample", a_fade_below_one_sample_is_none);
    g_test_add_func("/fade/sound-alone-tells", sound_alone_tells_fade_and_speed);
    return g_test_run();
}
