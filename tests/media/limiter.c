/* SPDX-License-Identifier: GPL-3.0-or-later
 * The limiter: under its ceiling by the meter and by a sinc that knows nothing of it, and nowhere
 * else at work. */
#include "media/limiter.h"
#include "signal/true_peak.h"
#include "sound_help.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const double CEILING_DBTP = -1, RELEASE_MS = 50, SLACK_DB = 0.05;

static double decibels(double value)
{
    return 20 * log10(value);
}

/* --- an independent reading: 16 times the rate, 128 taps (Kaiser, beta 9), in double --- */

enum { TIMES = 16, HALF = 64 };
static double sinc[TIMES][2 * HALF];

static double bessel_i0(double x)
{
    double term = 1, sum = 1;
    for (int k = 1; term > 1e-14 * sum; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

static void make_sinc(void)
{
    for (int phase = 1; phase < TIMES; phase++)
        for (int k = 0; k < 2 * HALF; k++) {
            double x = k - (HALF - 1) - (double)phase / TIMES, at = x / HALF;
            sinc[phase][k] = sin(G_PI * x) / (G_PI * x) *
                             bessel_i0(9 * sqrt(fmax(0, 1 - at * at))) / bessel_i0(9);
        }
}

/* `samples` has HALF values of silence before and after it. Where both neighbours are below half
 * of the greatest sample nothing is looked for. */
static double peak_by_sinc(const float *samples, int frames)
{
    double most = 0;
    for (int i = 0; i < frames; i++)
        most = fmax(most, fabsf(samples[i]));
    for (int i = 0; i < frames; i++)
        for (int phase = 1;
             phase < TIMES && fmax(fabsf(samples[i]), fabsf(samples[i + 1])) > most / 2; phase++) {
            double sum = 0;
            for (int k = 0; k < 2 * HALF; k++)
                sum += sinc[phase][k] * (double)samples[i - (HALF - 1) + k];
            most = fmax(most, fabs(sum));
        }
    return most;
}

static double peak_by_meter(const float *samples, int frames)
{
    struct true_peak *meter = true_peak_create(1);
    true_peak_feed(meter, &samples, frames);
    struct peaks peaks = true_peak_read(meter);
    true_peak_destroy(meter);
    return peaks.true_peak;
}

/* --- signals --- */

/* A signal with silence before, for the taps, and after, for the taps and the latency. */
enum { BEFORE = 100, AFTER = 1000 };
struct signal {
    float *samples, *all;
    int frames;
};

static struct signal signal_make(int frames)
{
    float *all = g_new0(float, (gsize)(BEFORE + frames + AFTER));
    return (struct signal){all + BEFORE, all, frames};
}

/* In place, taking the latency back; what is left in it ends in silence. */
static struct limited limit(struct signal *signal, int rate)
{
    struct limiter *limiter = limiter_create(rate, 1, CEILING_DBTP, RELEASE_MS);
    int latency = limiter_latency(limiter), all = signal->frames + AFTER;
    g_assert_cmpint(latency + 2 * HALF, <, AFTER);
    limiter_run(limiter, &signal->samples, all);
    memmove(signal->samples, signal->samples + latency, (gsize)(all - latency) * sizeof(float));
    memset(signal->samples + all - latency, 0, (gsize)latency * sizeof(float));
    struct limited limited = limiter_read(limiter);
    limiter_destroy(limiter);
    return limited;
}

static void check_under(const struct signal *signal)
{
    double meter = decibels(peak_by_meter(signal->samples, signal->frames));
    g_assert_cmpfloat(meter, <=, CEILING_DBTP);
}

/* `parts` sines up to 20 kHz, faded in and out over a millisecond, so that nothing lies beyond. */
static struct signal burst(GRand *rand, int parts, int rate)
{
    int edge = rate / 1000, length = 2 * edge + g_rand_int_range(rand, 0, 400);
    double amplitude = pow(10, g_rand_double_range(rand, -3, 18) / 20) / sqrt(parts);
    struct signal signal = signal_make(length);
    for (int p = 0; p < parts; p++) {
        double cycles = g_rand_double_range(rand, 20, 20000) / rate;
        double phase = g_rand_double_range(rand, 0, 2 * G_PI);
        for (int i = 0; i < length; i++) {
            double at = fmin(1, (double)MIN(i, length - 1 - i) / edge);
            signal.samples[i] += (float)(amplitude * (0.5 - 0.5 * cos(G_PI * at)) *
                                         sin(2 * G_PI * cycles * i + phase));
        }
    }
    return signal;
}

static void a_thousand_bursts_stay_under_the_ceiling(void)
{
    static const int parts[] = {1, 3, 24}, rates[] = {48000, 96000};
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    double meter = 0, by_sinc = 0;
    make_sinc();
    for (int n = 0; n < 1000; n++) {
        struct signal signal = burst(rand, parts[n % 3], rates[n % 2]);
        limit(&signal, rates[n % 2]);
        meter = fmax(meter, peak_by_meter(signal.samples, signal.frames));
        by_sinc = fmax(by_sinc, peak_by_sinc(signal.samples, signal.frames));
        g_free(signal.all);
    }
    g_test_message("by the meter %.4f dBTP, by 16 times %.4f dBTP", decibels(meter),
                   decibels(by_sinc));
    g_assert_cmpfloat(decibels(meter), <=, CEILING_DBTP);
    g_assert_cmpfloat(decibels(by_sinc), <=, CEILING_DBTP + SLACK_DB);
    g_assert_cmpfloat(decibels(by_sinc), >, CEILING_DBTP - SLACK_DB);
}

/* The worst case for sample peaks: 3 dB between the samples. */
static void a_quarter_of_the_rate_stays_under_the_ceiling(void)
{
    static const int rates[] = {8000, 22050, 44100, 48000, 192000};
    for (size_t r = 0; r < G_N_ELEMENTS(rates); r++) {
        struct signal signal = signal_make(rates[r]);
        for (int i = 0; i < signal.frames; i++)
            signal.samples[i] = (float)sin(G_PI / 2 * i + G_PI / 4);
        struct limited limited = limit(&signal, rates[r]);
        check_under(&signal);
        double steady = peak_by_meter(signal.samples + signal.frames / 2, signal.frames / 4);
        g_assert_cmpfloat(decibels(steady), >=, CEILING_DBTP - SLACK_DB);
        g_assert_cmpfloat(limited.reduction_db, >=, 1);
        g_free(signal.all);
    }
}

/* What has no place in a band of 20 kHz: hard edges, full-band noise, clipped waves. */
static void rough_signals_stay_under_the_ceiling(void)
{
    static const int rates[] = {44100, 8000};
    g_autoptr(GRand) rand = g_rand_new_with_seed(12);
    for (int n = 0; n < 600; n++) {
        struct signal signal = signal_make(2000);
        double cycles = g_rand_double_range(rand, 0.001, 0.45);
        double level = pow(10, g_rand_double_range(rand, -3, 24) / 20);
        int from = g_rand_int_range(rand, 100, 900), to = g_rand_int_range(rand, 910, 1900);
        for (int i = from; i < to; i++) {
            double value =
                n % 3 == 0 ? g_rand_double_range(rand, -1, 1) : sin(2 * G_PI * cycles * i);
            signal.samples[i] = (float)(level * (n % 3 == 2 ? copysign(1, value) : value));
        }
        limit(&signal, rates[n % 2]);
        double meter = decibels(peak_by_meter(signal.samples, signal.frames));
        g_assert_cmpfloat(meter, <=, CEILING_DBTP + 0.005);
        g_free(signal.all);
    }
}

/* --- where nothing is to be done --- */

static float soft(int i)
{
    return (float)(0.3 * sin(0.05 * i) + 0.2 * sin(0.31 * i));
}

/* A plateau just under the ceiling, where neighbours differ by their rounding only. */
static float plateau(int i)
{
    double at = fmin(1, fmin(i, 20000 - i) / 2000.0);
    return (float)(0.888 * (0.5 - 0.5 * cos(G_PI * at)));
}

static void check_untouched(float (*signal_at)(int i))
{
    struct signal signal = signal_make(20000);
    for (int i = 0; i < signal.frames; i++)
        signal.samples[i] = signal_at(i);
    struct limited limited = limit(&signal, 48000);
    for (int i = 0; i < signal.frames; i++)
        g_assert_true(signal.samples[i] == signal_at(i));
    g_assert_true(limited.reduction_db == 0 && limited.share == 0);
    g_free(signal.all);
}

static void what_is_under_the_ceiling_is_untouched(void)
{
    check_untouched(soft);
    check_untouched(plateau);
}

/* The gain is 1 until 3 ms before a peak, and again when its release has run out: 12 times the
 * release are 100 dB. */
static void samples_away_from_a_peak_are_untouched(void)
{
    enum { LOUD = 10000, RATE = 48000 };
    struct signal signal = signal_make(60000);
    for (int i = 0; i < signal.frames; i++)
        signal.samples[i] = soft(i) * (i >= LOUD && i < LOUD + 200 ? 3 : 1);
    struct limited limited = limit(&signal, RATE);
    int start = LOUD - 3 * RATE / 1000, end = LOUD + 200 + 12 * RATE / 20;
    int changed = 0;
    for (int i = 0; i < signal.frames; i++) {
        bool same = signal.samples[i] == soft(i) * (i >= LOUD && i < LOUD + 200 ? 3 : 1);
        g_assert_true(same || (i >= start && i < end));
        changed += !same;
    }
    g_assert_cmpint(changed, >, 200);
    g_assert_cmpfloat_with_epsilon(limited.share * (60000 + AFTER), changed, 100);
    g_free(signal.all);
}

static void all_channels_have_one_gain(void)
{
    enum { FRAMES = 8000 };
    g_autofree float *loud = g_new(float, FRAMES), *half = g_new(float, FRAMES),
                     *inverse = g_new(float, FRAMES);
    for (int i = 0; i < FRAMES; i++) {
        loud[i] = soft(i) * (i % 1500 < 100 ? 4 : 1);
        half[i] = loud[i] / 2;
        inverse[i] = -loud[i] / 16;
    }
    struct limiter *limiter = limiter_create(48000, 3, CEILING_DBTP, RELEASE_MS);
    limiter_run(limiter, (float *[]){half, inverse, loud}, FRAMES);
    g_assert_cmpfloat(limiter_read(limiter).reduction_db, >, 3);
    limiter_destroy(limiter);
    for (int i = 0; i < FRAMES; i++)
        g_assert_true(half[i] == loud[i] / 2 && inverse[i] == -loud[i] / 16);
}

static float *run_in_slices(int slice, int frames)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);
    float *samples = g_new(float, (gsize)frames);
    struct limiter *limiter = limiter_create(48000, 1, CEILING_DBTP, RELEASE_MS);
    for (int i = 0; i < frames; i++)
        samples[i] = (float)(g_rand_double_range(rand, -1, 1) * (i % 7000 < 900 ? 5 : 0.5));
    for (int done = 0; done < frames; done += slice)
        limiter_run(limiter, (float *[]){samples + done}, MIN(slice, frames - done));
    limiter_destroy(limiter);
    return samples;
}

static void slices_make_no_difference(void)
{
    enum { FRAMES = 50000 };
    static const int slices[] = {1, 64, 1024, 48000};
    g_autofree float *whole = run_in_slices(FRAMES, FRAMES);
    for (size_t s = 0; s < G_N_ELEMENTS(slices); s++) {
        g_autofree float *cut = run_in_slices(slices[s], FRAMES);
        g_assert_cmpmem(cut, FRAMES * sizeof *cut, whole, FRAMES * sizeof *whole);
    }
}

static void silence_stays_silence(void)
{
    struct signal signal = signal_make(5000);
    struct limited limited = limit(&signal, 48000);
    for (int i = 0; i < signal.frames; i++)
        g_assert_true(signal.samples[i] == 0);
    g_assert_true(limited.reduction_db == 0 && limited.share == 0);
    g_free(signal.all);
}

/* They are taken as silence, and harm no other sample. */
static void what_is_no_number_harms_nobody(void)
{
    static const float strange[] = {NAN, INFINITY, -INFINITY};
    struct signal signal = signal_make(9000), without = signal_make(9000);
    for (int i = 0; i < signal.frames; i++)
        signal.samples[i] = without.samples[i] = soft(i) * (i % 1000 < 50 ? 3 : 1);
    for (int i = 0; i < 3; i++) {
        signal.samples[2000 + 1500 * i] = strange[i];
        without.samples[2000 + 1500 * i] = 0;
    }
    limit(&signal, 48000);
    limit(&without, 48000);
    g_assert_cmpmem(signal.samples, 9000 * sizeof(float), without.samples, 9000 * sizeof(float));
    g_free(signal.all);
    g_free(without.all);
}

static void a_monstrous_sample_ends_finite(void)
{
    struct signal signal = signal_make(9000);
    for (int i = 0; i < signal.frames; i++)
        signal.samples[i] = i % 3000 < 40 ? G_MAXFLOAT * (i % 2 ? 1 : -1) : soft(i);
    struct limited limited = limit(&signal, 48000);
    g_assert_true(isfinite(limited.reduction_db));
    for (int i = 0; i < signal.frames; i++)
        g_assert_cmpfloat(fabsf(signal.samples[i]), <=, 1);
    g_free(signal.all);
}

/* --- in a chain --- */

static float spiky(int c, int64_t i, double amplitude)
{
    return sound_tone(c, i, i % 24000 < 480 ? amplitude : amplitude / 8);
}

static void a_step_keeps_count_and_place_of_samples(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 2, spiky, 0.8));
    static const char wav[] = "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}";
    bench_output(bench, wav, "[{\"limit\": {\"ceiling\": \"-6 dBTP\", \"release\": \"10ms\"}}]");
    bench_output(bench, wav, "[{\"limit\": {}}]");
    bench_output(bench, wav, "[{\"limit\": {\"gain\": \"-6.5 dB\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) low = heard_of(bench, 0);
    g_auto(heard_ptr) same = heard_of(bench, 1);
    g_auto(heard_ptr) softer = heard_of(bench, 2);
    g_assert_cmpint(low->info.frames, ==, 96000);
    g_assert_true(
        bench_noted(bench, 0, "limited: true peaks kept under -6.0 dBTP, by up to 4.1 dB"));
    g_assert_true(bench_noted(bench, 1, "limited: nothing, no true peak was above -1.0 dBTP"));
    for (int i = 0; i < 96000; i++) {
        g_assert_cmpfloat(fabsf(low->samples[i * 2]), <=, 0.5013);
        g_assert_true(i % 24000 < 20000 || i % 24000 > 23800 ||
                      low->samples[i * 2] == spiky(0, i, 0.8));
        g_assert_true(same->samples[i * 2 + 1] == spiky(1, i, 0.8));
        g_assert_cmpfloat_with_epsilon(softer->samples[i * 2],
                                       spiky(0, i, 0.8) * pow(10, -6.5 / 20), 1e-7);
    }
}

static void a_lossy_codec_behind_the_limiter_is_told(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 1, spiky, 0.8));
    bench_output(bench, "{\"container\": \"m4a\"}", "[{\"limit\": {}}]");
    bench_output(bench, "{\"container\": \"wav\"}", "[{\"limit\": {}}]");
    bench_render(bench);
    g_assert_true(bench_noted(bench, 0, "the limiter comes before aac"));
    g_assert_false(bench_noted(bench, 1, "the limiter comes before"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limiter/A11 a thousand bursts stay under the ceiling",
                    a_thousand_bursts_stay_under_the_ceiling);
    g_test_add_func("/limiter/A11 a quarter of the rate stays under the ceiling",
                    a_quarter_of_the_rate_stays_under_the_ceiling);
    g_test_add_func("/limiter/A11 rough signals stay under the ceiling",
                    rough_signals_stay_under_the_ceiling);
    g_test_add_func("/limiter/A11 what is under the ceiling is untouched",
                    what_is_under_the_ceiling_is_untouched);
    g_test_add_func("/limiter/A11 samples away from a peak are untouched",
                    samples_away_from_a_peak_are_untouched);
    g_test_add_func("/limiter/A11 all channels have one gain", all_channels_have_one_gain);
    g_test_add_func("/limiter/A11 a step keeps count and place of samples",
                    a_step_keeps_count_and_place_of_samples);
    g_test_add_func("/limiter/slices make no difference", slices_make_no_difference);
    g_test_add_func("/limiter/silence stays silence", silence_stays_silence);
    g_test_add_func("/limiter/what is no number harms nobody", what_is_no_number_harms_nobody);
    g_test_add_func("/limiter/a monstrous sample ends finite", a_monstrous_sample_ends_finite);
    g_test_add_func("/limiter/a lossy codec behind it is told",
                    a_lossy_codec_behind_the_limiter_is_told);
    return g_test_run();
}
