/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixes of channels (A15): the factors of ITU-R BS.775-3 and ATSC A/52, the same in every sample
 * format; nothing clips in silence; copies are copies. */
#include "sound_help.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define WAV(codec) "{\"container\": \"wav\", \"audio\": {\"codec\": \"" codec "\"}}"
#define CHANNELS(rest) "[{\"channels\": {" rest "}}]"
#define M3 0.70710678

enum { STRETCH = 1000 }; /* samples for which one channel sounds alone */

/* All channels, one after the other. */
static float one_by_one(int c, int64_t i, double amplitude)
{
    return i / STRETCH == c ? (float)amplitude : 0;
}

static float steady(int c, int64_t i, double amplitude)
{
    return (float)amplitude;
}

static float noise(int c, int64_t i, double amplitude)
{
    guint32 x = ((guint32)i * 8 + (guint32)c) * 2654435761u;
    x = (x ^ x >> 15) * 2246822519u;
    x ^= x >> 13;
    return (float)(amplitude * ((double)x / 2147483648.0 - 1));
}

static struct bench *bench_of(int format, int channels, signal_of *signal, double amplitude)
{
    return bench_create(
        sound_make(format, 48000, channels, channels * STRETCH / 48000.0, signal, amplitude));
}

/* What an output holds of each source channel: `expected` has a row a source channel. */
static void check_factors(const struct heard *heard, int inputs, int outputs,
                          const double *expected, double amplitude)
{
    g_assert_cmpint(heard->info.channels, ==, outputs);
    for (int i = 0; i < inputs; i++)
        for (int o = 0; o < outputs; o++) {
            double found = heard->samples[(i * STRETCH + STRETCH / 2) * outputs + o] / amplitude;
            double wanted = expected[i * outputs + o];
            if (wanted == 0)
                g_assert_cmpfloat_with_epsilon(found, 0, 1.5 / 32768 / amplitude);
            else /* a hundredth of a dB */
                g_assert_cmpfloat_with_epsilon(20 * log10(found / wanted), 0, 0.01);
        }
}

static void a15_stereo_is_lo_ro_in_every_format(void)
{
    static const double lo_ro[] = {1, 0, 0, 1, M3, M3, 0, 0, M3, 0, 0, M3};
    static const char *const encodes[] = {WAV("pcm_s16le"), WAV("pcm_s24le"), WAV("pcm_s32le"),
                                          WAV("pcm_f32le")};
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 6, one_by_one, 0.5);
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++)
        bench_output(bench, encodes[i], CHANNELS("\"layout\": \"stereo\""));
    bench_render(bench);
    for (unsigned i = 0; i < G_N_ELEMENTS(encodes); i++) {
        g_auto(heard_ptr) out = heard_of(bench, i);
        check_factors(out, 6, 2, lo_ro, 0.5);
    }
    g_assert_true(bench_noted(bench, 0, "centre -3.01 dB, surrounds -3.01 dB, LFE left out"));
}

/* What `encode` asks for is mixed by the same factors, or not at all. */
static void a15_encode_mixes_by_the_same_matrix(void)
{
    static const double lo_ro[] = {1, 0, 0, 1, M3, M3, 0, 0, M3, 0, 0, M3};
    static const char encode[] =
        "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s16le\", \"channels\": \"2\"}}";
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 6, one_by_one, 0.5);
    bench_output(bench, encode, NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    check_factors(out, 6, 2, lo_ro, 0.5);
    g_auto(bench_ptr) many = bench_of(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 12, one_by_one, 0.5);
    bench_output(many, encode, NULL);
    bench_render(many);
    g_assert_cmpint(bench_result(many, 0)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(many, 0)->failure.message, "no rule for mixing"));
}

/* ATSC A/52, 7.8.2. */
static void a15_lt_rt_has_surrounds_in_opposite_phase(void)
{
    static const double lt_rt[] = {1, 0, 0, 1, M3, M3, 0, 0, -M3, M3, -M3, M3};
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 6, one_by_one, 0.5);
    bench_output(bench, WAV("pcm_f32le"),
                 CHANNELS("\"layout\": \"stereo\", \"downmix\": \"lt_rt\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    check_factors(out, 6, 2, lt_rt, 0.5);
}

static void a15_levels_are_what_was_asked(void)
{
    static const double asked[] = {1,         0,         0,         1, 0.5011872, 0.5011872,
                                   0.3162278, 0.3162278, 0.7943282, 0, 0,         0.7943282};
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 6, one_by_one, 0.5);
    bench_output(bench, WAV("pcm_f32le"),
                 CHANNELS("\"layout\": \"stereo\", \"center\": \"-6 dB\", \"surround\": \"-2 dB\", "
                          "\"lfe\": \"-10 dB\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    check_factors(out, 6, 2, asked, 0.5);
}

/* 5.1 at full scale in all channels: 1 + 0.707 + 0.707 on each side. */
static void a15_correlated_full_scale_never_clips_in_silence(void)
{
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_FLOAT, 6, steady, 1);
    bench_output(bench, WAV("pcm_f32le"), CHANNELS("\"layout\": \"stereo\""));
    bench_output(bench, WAV("pcm_s24le"), CHANNELS("\"layout\": \"stereo\""));
    bench_output(bench, WAV("pcm_s24le"),
                 CHANNELS("\"layout\": \"stereo\", \"headroom\": \"safe\""));
    bench_render(bench);
    g_auto(heard_ptr) open = heard_of(bench, 0);
    g_auto(heard_ptr) safe = heard_of(bench, 2);
    for (int i = 0; i < 12 * STRETCH; i++) {
        g_assert_cmpfloat_with_epsilon(open->samples[i], 1 + 2 * M3, 1e-6);
        g_assert_cmpfloat_with_epsilon(safe->samples[i], 1, 1e-6);
    }
    g_assert_true(bench_noted(bench, 0, "up to 7.66 dB above"));
    g_assert_true(bench_noted(bench, 1, "clipped: 12000 samples"));
    g_assert_false(bench_noted(bench, 2, "clipped"));
    g_assert_true(bench_noted(bench, 2, "lowered by 7.66 dB"));
}

/* The whole numbers of output channel `o` are those of source channel `i`. */
static void check_copied(const struct bench *bench, unsigned output, int o, int i)
{
    g_auto(heard_ptr) out = heard_of(bench, output);
    SF_INFO info;
    SNDFILE *file = sound_open(bench->fds[0], &info);
    g_autofree int *in = g_new(int, (gsize)(info.frames * info.channels));
    sf_readf_int(file, in, info.frames);
    sf_close(file);
    g_assert_cmpint(out->info.frames, ==, info.frames);
    for (int64_t s = 0; s < info.frames; s++)
        g_assert_cmpint(out->whole[s * out->info.channels + o], ==,
                        i < 0 ? 0 : in[s * info.channels + i]);
}

static void a15_mono_to_stereo_is_a_copy(void)
{
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, noise, 0.9);
    bench_output(bench, WAV("pcm_s16le"), CHANNELS("\"layout\": \"stereo\""));
    bench_render(bench);
    check_copied(bench, 0, 0, 0);
    check_copied(bench, 0, 1, 0);
    g_assert_false(bench_noted(bench, 0, "dither"));
}

static void a_map_picks_channels_bit_by_bit(void)
{
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 6, noise, 0.9);
    bench_output(bench, WAV("pcm_s16le"), CHANNELS("\"map\": [2, 1]"));
    bench_output(bench, WAV("pcm_s16le"), CHANNELS("\"map\": 4"));
    bench_output(bench, WAV("pcm_s16le"),
                 CHANNELS("\"layout\": \"5.1\", \"map\": \"6, 0, 1, 1, 2, 3\""));
    bench_output(bench, WAV("pcm_s16le"), CHANNELS("\"map\": [1, 7]"));
    bench_render(bench);
    check_copied(bench, 0, 0, 1);
    check_copied(bench, 0, 1, 0);
    check_copied(bench, 1, 0, 3);
    check_copied(bench, 2, 0, 5);
    check_copied(bench, 2, 1, -1);
    check_copied(bench, 2, 5, 2);
    g_assert_cmpint(bench_result(bench, 3)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(bench, 3)->failure.message, "there is no channel 7"));
}

/* As a recorder writes it: ten tracks without names. */
static void a_map_takes_tracks_without_a_layout(void)
{
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAV | SF_FORMAT_PCM_24, 10, noise, 0.9);
    bench_output(bench, WAV("pcm_s24le"), CHANNELS("\"map\": 9"));
    bench_output(bench, WAV("pcm_s24le"), CHANNELS("\"map\": [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]"));
    bench_render(bench);
    check_copied(bench, 0, 0, 8);
    check_copied(bench, 1, 0, 9);
    check_copied(bench, 1, 9, 0);
}

static void the_surrounds_of_5_1_are_the_sides_of_7_1(void)
{
    static const int from[] = {0, 1, 2, 3, -1, -1, 4, 5}; /* FL FR FC LFE BL BR SL SR */
    g_auto(bench_ptr) bench = bench_of(SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 6, noise, 0.9);
    bench_output(bench, WAV("pcm_s16le"), CHANNELS("\"layout\": \"7.1\""));
    bench_render(bench);
    for (int o = 0; o < 8; o++)
        check_copied(bench, 0, o, from[o]);
}

/* 7.1 with two pairs of surrounds, and, as libsndfile's WAVE says by itself, with five loudspeakers
 * in front. */
static void stereo_is_the_same_by_way_of_5_1(void)
{
    static const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                                  SF_FORMAT_WAVEX | SF_FORMAT_FLOAT};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        g_auto(bench_ptr) bench = bench_of(formats[f], 8, noise, 0.5);
        bench_output(bench, WAV("pcm_f32le"), CHANNELS("\"layout\": \"stereo\""));
        bench_output(bench, WAV("pcm_f32le"),
                     "[{\"channels\": {\"layout\": \"5.1\"}}, {\"channels\": {\"layout\": "
                     "\"stereo\"}}]");
        bench_render(bench);
        g_auto(heard_ptr) once = heard_of(bench, 0);
        g_auto(heard_ptr) twice = heard_of(bench, 1);
        g_assert_cmpint(once->info.channels, ==, 2);
        g_assert_true(bench_noted(bench, 0, f ? "from 7.1(wide) to" : "from 7.1 to"));
        for (int64_t i = 0; i < once->info.frames * 2; i++)
            g_assert_cmpfloat_with_epsilon(once->samples[i], twice->samples[i], 1e-6);
    }
}

/* The level of 1 kHz in a channel, which sounds in the centre of the source only. */
static float in_the_centre(int c, int64_t i, double amplitude)
{
    return c == 2 ? sound_tone(c, i, amplitude) : 0;
}

static double tone_level(const struct heard *heard, int channel)
{
    double in = 0, quadrature = 0;
    int64_t from = 9600, count = 24000;
    for (int64_t i = from; i < from + count; i++) {
        double sample = heard->samples[i * heard->info.channels + channel];
        in += sample * sin(2 * G_PI * 1000 * (double)i / 48000);
        quadrature += sample * cos(2 * G_PI * 1000 * (double)i / 48000);
    }
    return 2 * hypot(in, quadrature) / (double)count;
}

/* An AC-3 file that says -6 dB for its centre (ATSC A/52, 5.4.2.4: 0.500) is mixed so, unless the
 * user says otherwise. */
static void an_ac_3_source_is_mixed_as_it_says(void)
{
    g_auto(bench_ptr) maker = bench_create(
        sound_make(SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 48000, 6, 1, in_the_centre, 0.5));
    bench_output(maker,
                 "{\"container\": \"m4a\", \"audio\": {\"codec\": \"ac3\", \"bitrate\": \"640k\", "
                 "\"options\": {\"center_mixlev\": \"0.5\"}}}",
                 NULL);
    bench_render(maker);
    g_assert_cmpstr(bench_result(maker, 0)->failure.message, ==, NULL);
    g_auto(bench_ptr) bench = bench_create(dup(bench_fd(maker, 0)));
    bench_output(bench, WAV("pcm_f32le"), CHANNELS("\"layout\": \"stereo\""));
    bench_output(bench, WAV("pcm_f32le"),
                 CHANNELS("\"layout\": \"stereo\", \"center\": \"-3 dB\""));
    bench_render(bench);
    g_auto(heard_ptr) own = heard_of(bench, 0);
    g_auto(heard_ptr) said = heard_of(bench, 1);
    g_assert_cmpfloat_with_epsilon(20 * log10(tone_level(own, 0) / 0.5), -6.02, 0.1);
    g_assert_cmpfloat_with_epsilon(20 * log10(tone_level(said, 0) / 0.5), -3, 0.1);
    g_assert_false(bench_noted(bench, 0, "-3.01 dB, surrounds")); /* one note, of what was done */
    g_assert_true(bench_noted(bench, 0, "(as the source says itself, Lo/Ro: centre -6.02 dB"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mixes/A15 lo-ro", a15_stereo_is_lo_ro_in_every_format);
    g_test_add_func("/mixes/A15 encode", a15_encode_mixes_by_the_same_matrix);
    g_test_add_func("/mixes/A15 lt-rt", a15_lt_rt_has_surrounds_in_opposite_phase);
    g_test_add_func("/mixes/A15 levels", a15_levels_are_what_was_asked);
    g_test_add_func("/mixes/A15 headroom", a15_correlated_full_scale_never_clips_in_silence);
    g_test_add_func("/mixes/A15 mono", a15_mono_to_stereo_is_a_copy);
    g_test_add_func("/mixes/map", a_map_picks_channels_bit_by_bit);
    g_test_add_func("/mixes/map-unnamed", a_map_takes_tracks_without_a_layout);
    g_test_add_func("/mixes/7.1", the_surrounds_of_5_1_are_the_sides_of_7_1);
    g_test_add_func("/mixes/7.1-stereo", stereo_is_the_same_by_way_of_5_1);
    g_test_add_func("/mixes/ac-3", an_ac_3_source_is_mixed_as_it_says);
    return g_test_run();
}
