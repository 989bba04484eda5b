/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rates and depths (A9, A16, A17): a gain is one factor, a resampled programme keeps its band, its
 * length and its place, fewer bits keep what they can, the same in every writer. */
#include "sound_help.h"

#include <math.h>
#include <unistd.h>

#define WAV(codec) "{\"container\": \"wav\", \"audio\": {\"codec\": \"" codec "\"}}"
#define ALAC "{\"container\": \"m4a\", \"audio\": {\"codec\": \"alac\"%s}}"

static int rate; /* of the source of the signals below */
static double frequency;

static float tone(int c, int64_t i, double amplitude)
{
    return (float)(amplitude * sin(2 * G_PI * frequency * (double)i / rate));
}

static float steady(int c, int64_t i, double amplitude)
{
    return (float)amplitude;
}

static float noise(int c, int64_t i, double amplitude)
{
    guint32 x = ((guint32)i * 2 + (guint32)c) * 2654435761u;
    x = (x ^ x >> 15) * 2246822519u;
    x ^= x >> 13;
    return (float)(amplitude * ((double)x / 2147483648.0 - 1));
}

static void a9_gain_is_one_factor(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 1, noise, 0.7));
    bench_output(bench, WAV("pcm_f32le"), "[{\"gain\": {\"gain\": \"-3.7 dB\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    for (int i = 0; i < 48000; i++)
        for (int c = 0; c < 2; c++)
            g_assert_cmpfloat_with_epsilon(out->samples[i * 2 + c],
                                           noise(c, i, 0.7) * pow(10, -3.7 / 20), 1e-7);
}

static struct heard *resampled(int from, int64_t samples, signal_of *signal, double amplitude,
                               const char *to)
{
    g_autofree char *steps = g_strdup_printf("[{\"resample\": {\"rate\": \"%s\"}}]", to);
    rate = from;
    g_auto(bench_ptr) bench = bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, from, 1,
                                                      (double)samples / from, signal, amplitude));
    bench_output(bench, WAV("pcm_f32le"), steps);
    bench_render(bench);
    return heard_of(bench, 0);
}

static void a16_aliases_are_below_120_db(void)
{
    static const double tones[] = {25000, 30000, 40000, 47000};
    for (unsigned t = 0; t < G_N_ELEMENTS(tones); t++) {
        frequency = tones[t];
        g_auto(heard_ptr) out = resampled(96000, 96000, tone, 0.9, "48 kHz");
        double sum = 0;
        for (int i = 4800; i < 43200; i++)
            sum += (double)out->samples[i] * (double)out->samples[i];
        /* against the tone's own power */
        g_assert_cmpfloat(10 * log10(sum / 38400 / (0.9 * 0.9 / 2) + 1e-30), <, -120);
    }
}

/* Amplitude of the tone in what came out, over whole periods (all are multiples of 10 Hz). */
static double amplitude_of(const struct heard *heard)
{
    int out = heard->info.samplerate, from = out / 5, count = out / 10 * 5;
    double in = 0, quadrature = 0;
    for (int i = from; i < from + count; i++) {
        double angle = 2 * G_PI * frequency * i / out;
        in += heard->samples[i] * sin(angle);
        quadrature += heard->samples[i] * cos(angle);
    }
    return 2 * hypot(in, quadrature) / count;
}

static void a16_the_band_is_flat(void)
{
    static const double high[] = {20, 1000, 10000, 20000, 21500};
    static const double low[] = {20, 1000, 10000, 19800}; /* 0.45 of 44.1 kHz */
    for (unsigned t = 0; t < G_N_ELEMENTS(high); t++) {
        frequency = high[t];
        g_auto(heard_ptr) out = resampled(96000, 96000, tone, 0.5, "48 kHz");
        g_assert_cmpfloat_with_epsilon(20 * log10(amplitude_of(out) / 0.5), 0, 0.05);
    }
    for (unsigned t = 0; t < G_N_ELEMENTS(low); t++) {
        frequency = low[t];
        g_auto(heard_ptr) down = resampled(48000, 48000, tone, 0.5, "44100");
        g_auto(heard_ptr) up = resampled(44100, 44100, tone, 0.5, "48 kHz");
        g_assert_cmpfloat_with_epsilon(20 * log10(amplitude_of(down) / 0.5), 0, 0.05);
        g_assert_cmpfloat_with_epsilon(20 * log10(amplitude_of(up) / 0.5), 0, 0.05);
    }
}

static void a16_lengths_are_rounded_ratios(void)
{
    static const struct {
        int from, to;
    } rates[] = {{96000, 48000}, {48000, 44100}, {44100, 48000},
                 {48000, 96000}, {48000, 8000},  {192000, 44100}};
    static const int64_t lengths[] = {1, 7, 1001, 4095, 48001, 99999};
    for (unsigned r = 0; r < G_N_ELEMENTS(rates); r++)
        for (unsigned l = 0; l < G_N_ELEMENTS(lengths); l++) {
            g_autofree char *to = g_strdup_printf("%d", rates[r].to);
            g_auto(heard_ptr) out = resampled(rates[r].from, lengths[l], noise, 0.5, to);
            double ideal = (double)lengths[l] * rates[r].to / rates[r].from;
            g_assert_cmpint(out->info.frames, ==, llround(ideal));
        }
}

static int64_t impulse_at;

static float impulse(int c, int64_t i, double amplitude)
{
    return i == impulse_at ? (float)amplitude : 0;
}

/* The energy of an impulse at sample k of the source is centred on k · to / from. */
static void a16_what_was_at_k_is_at_k_times_the_ratio(void)
{
    static const int rates[][2] = {{96000, 48000}, {48000, 44100}, {44100, 48000}, {48000, 96000}};
    static const int places[] = {1000, 12345};
    for (unsigned r = 0; r < G_N_ELEMENTS(rates); r++)
        for (unsigned p = 0; p < G_N_ELEMENTS(places); p++) {
            g_autofree char *to = g_strdup_printf("%d", rates[r][1]);
            impulse_at = places[p];
            g_auto(heard_ptr) out = resampled(rates[r][0], 20000, impulse, 0.9, to);
            double energy = 0, moment = 0;
            for (int i = 0; i < (int)out->info.frames; i++) {
                double power = (double)out->samples[i] * (double)out->samples[i];
                energy += power;
                moment += power * i;
            }
            double ideal = (double)places[p] * rates[r][1] / rates[r][0];
            g_assert_cmpfloat_with_epsilon(moment / energy, ideal, 0.01);
        }
}

/* What libav wrote, through one more render that changes nothing. */
static struct heard *through_wav(const struct bench *bench, unsigned output, const char *codec)
{
    g_autofree char *encode = g_strdup_printf(WAV("%s"), codec);
    g_assert_cmpstr(bench_result(bench, output)->failure.message, ==, NULL);
    g_auto(bench_ptr) again = bench_create(dup(bench_fd(bench, output)));
    bench_output(again, encode, NULL);
    bench_render(again);
    return heard_of(again, 0);
}

static void check_mean(const struct heard *heard)
{
    double sum = 0;
    for (int64_t i = 0; i < heard->info.frames; i++)
        sum += heard->whole[i] / 65536;
    g_assert_cmpint(heard->info.frames, ==, 192000);
    g_assert_cmpfloat_with_epsilon(sum / 192000, 0.3, 0.02);
}

static void a17_dither_keeps_a_third_of_a_step_in_every_writer(void)
{
    static const int formats[] = {SF_FORMAT_FLOAT, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32};
    g_autofree char *alac = g_strdup_printf(ALAC, ", \"sample_format\": \"s16p\"");
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        g_auto(bench_ptr) bench =
            bench_create(sound_make(SF_FORMAT_WAV | formats[f], 48000, 1, 4, steady, 0.3 / 32768));
        bench_output(bench, WAV("pcm_s16le"), NULL);
        bench_output(bench, alac, NULL);
        bench_render(bench);
        g_auto(heard_ptr) own = heard_of(bench, 0);
        g_auto(heard_ptr) libav = through_wav(bench, 1, "pcm_s16le");
        check_mean(own);
        check_mean(libav);
        gsize bytes = (gsize)own->info.frames * sizeof *own->whole;
        g_assert_cmpmem(own->whole, bytes, libav->whole, bytes);
        g_assert_true(bench_noted(bench, 0, "triangular dither"));
        g_assert_true(bench_noted(bench, 1, "triangular dither"));
    }
}

/* Triangular, of two steps: its variance is that of rounding and 1/6 of a step² (Vanderkooy and
 * Lipshitz 1984: 1/4 in all, whatever the signal). */
static void a17_dither_is_triangular(void)
{
    static const double levels[] = {0.1, 0.3, 0.5};
    for (unsigned l = 0; l < G_N_ELEMENTS(levels); l++) {
        g_auto(bench_ptr) bench = bench_create(
            sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 4, steady, levels[l] / 32768));
        bench_output(bench, WAV("pcm_s16le"), NULL);
        bench_render(bench);
        g_auto(heard_ptr) out = heard_of(bench, 0);
        double square = 0;
        for (int i = 0; i < 192000; i++) {
            double error = out->whole[i] / 65536 - levels[l];
            square += error * error;
        }
        g_assert_cmpfloat_with_epsilon(square / 192000, 0.25, 0.01);
    }
}

static void a17_without_a_change_no_bit_changes(void)
{
    static const struct {
        int format;
        const char *wav, *alac;
    } rows[] = {{SF_FORMAT_PCM_16, "pcm_s16le", ""}, {SF_FORMAT_PCM_24, "pcm_s24le", ""}};
    g_autofree char *alac = g_strdup_printf(ALAC, "");
    for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_autofree char *wav = g_strdup_printf(WAV("%s"), rows[r].wav);
        g_auto(bench_ptr) bench =
            bench_create(sound_make(SF_FORMAT_WAV | rows[r].format, 48000, 2, 1, noise, 0.99));
        bench_output(bench, wav, "[{\"gain\": {\"gain\": \"0 dB\"}}]");
        bench_output(bench, alac, "[{\"resample\": {\"rate\": \"48 kHz\"}}]");
        bench_render(bench);
        g_auto(heard_ptr) own = heard_of(bench, 0);
        g_auto(heard_ptr) libav = through_wav(bench, 1, rows[r].wav);
        SF_INFO info;
        SNDFILE *file = sound_open(bench->fds[0], &info);
        g_autofree int *in = g_new(int, 96000);
        g_assert_cmpint(sf_readf_int(file, in, 48000), ==, 48000);
        sf_close(file);
        g_assert_cmpmem(own->whole, 96000 * sizeof *in, in, 96000 * sizeof *in);
        g_assert_cmpmem(libav->whole, 96000 * sizeof *in, in, 96000 * sizeof *in);
        g_assert_false(bench_noted(bench, 0, "dither"));
        g_assert_false(bench_noted(bench, 1, "dither"));
    }
}

/* 24 bits are the nearest ones, not the ones below: the error has no mean, in either writer. */
static void twenty_four_bits_are_rounded(void)
{
    g_autofree char *alac = g_strdup_printf(ALAC, "");
    g_auto(bench_ptr) bench = bench_create(
        sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, steady, 100.75 / 8388608));
    bench_output(bench, WAV("pcm_s24le"), NULL);
    bench_output(bench, alac, NULL);
    bench_render(bench);
    g_auto(heard_ptr) own = heard_of(bench, 0);
    g_auto(heard_ptr) libav = through_wav(bench, 1, "pcm_s24le");
    for (int i = 0; i < 48000; i++) {
        g_assert_cmpint(own->whole[i] >> 8, ==, 101);
        g_assert_cmpint(libav->whole[i] >> 8, ==, 101);
    }
}

/* What `encode` resamples has more than the source's 16 bits, and a file of 24 keeps them. */
static void a_resampled_programme_keeps_its_bits(void)
{
    static const char encode[] = "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\", "
                                 "\"sample_rate\": \"96000\"}}";
    int64_t fine = 0;
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 1, 1, noise, 0.5));
    bench_output(bench, encode, NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpint(out->info.frames, ==, 96000);
    for (int i = 0; i < 96000; i++)
        fine += (out->whole[i] >> 8 & 0xff) != 0;
    g_assert_cmpint(fine, >, 90000);
    g_assert_false(bench_noted(bench, 0, "reduced to 16 bits"));
}

static float broken(int c, int64_t i, double amplitude)
{
    return i == 1000 ? NAN : (float)amplitude;
}

/* A sample that is no number is silence, and harms no other. */
static void a_broken_sample_is_silent(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, broken, 0.5));
    bench_output(bench, WAV("pcm_s24le"), NULL);
    bench_output(bench, WAV("pcm_s24le"),
                 "[{\"eq\": {\"type\": \"low_pass\", \"at\": \"1 kHz\"}}, {\"compress\": "
                 "{\"threshold\": \"0 dBFS\", \"knee\": \"0 dB\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) plain = heard_of(bench, 0);
    g_auto(heard_ptr) filtered = heard_of(bench, 1);
    for (int i = 0; i < 48000; i++)
        g_assert_cmpfloat(plain->samples[i], ==, i == 1000 ? 0 : 0.5);
    g_assert_cmpfloat_with_epsilon(filtered->samples[47000], 0.5, 1e-4);
}

/* Also where libav writes. */
static void a18_what_is_clipped_is_counted(void)
{
    g_autofree char *alac = g_strdup_printf(ALAC, ", \"sample_format\": \"s16p\"");
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 0.1, steady, 1.2));
    bench_output(bench, alac, NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = through_wav(bench, 0, "pcm_s16le");
    for (int i = 0; i < 4800; i++)
        g_assert_cmpint(out->whole[i] >> 16, ==, 32767);
    g_assert_true(bench_noted(bench, 0, "clipped: 4800 samples"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/depths/A9 gain", a9_gain_is_one_factor);
    g_test_add_func("/depths/A16 aliases", a16_aliases_are_below_120_db);
    g_test_add_func("/depths/A16 band", a16_the_band_is_flat);
    g_test_add_func("/depths/A16 lengths", a16_lengths_are_rounded_ratios);
    g_test_add_func("/depths/A16 places", a16_what_was_at_k_is_at_k_times_the_ratio);
    g_test_add_func("/depths/A17 mean", a17_dither_keeps_a_third_of_a_step_in_every_writer);
    g_test_add_func("/depths/A17 triangular", a17_dither_is_triangular);
    g_test_add_func("/depths/A17 exact", a17_without_a_change_no_bit_changes);
    g_test_add_func("/depths/24-bits", twenty_four_bits_are_rounded);
    g_test_add_func("/depths/resampled", a_resampled_programme_keeps_its_bits);
    g_test_add_func("/depths/broken", a_broken_sample_is_silent);
    g_test_add_func("/depths/A18 clipped", a18_what_is_clipped_is_counted);
    return g_test_run();
}
