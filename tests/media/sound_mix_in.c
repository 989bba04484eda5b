/* SPDX-License-Identifier: GPL-3.0-or-later
 * `mix`: another sound is added at its sample, its level and in its channels; nothing else changes.
 */
#include "sound_help.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}"
#define MIX(rest) "[{\"mix\": {\"file\": \"music.wav\", " rest "}}]"

enum { MUSIC = 30000 }; /* samples of it */

static float noise(int c, int64_t i, double amplitude)
{
    guint32 x = ((guint32)i * 2 + (guint32)c) * 2654435761u;
    x = (x ^ x >> 15) * 2246822519u;
    x ^= x >> 13;
    return (float)(amplitude * ((double)x / 2147483648.0 - 1));
}

static float steady(int c, int64_t i, double amplitude)
{
    return (float)amplitude;
}

/* A programme of a second, which is `amplitude` everywhere, and the file it is mixed with. */
static struct bench *bench_with(int channels, double amplitude, int music)
{
    struct bench *bench = bench_create(
        sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, channels, 1, steady, amplitude));
    int file = task_add_file(bench->task, "/music.wav", false);
    bench->task->source->duration_s = 1;
    ((struct task_file *)bench->task->files->pdata[file])->used_by = g_strdup("mix/file/music.wav");
    bench->fds[file] = music;
    return bench;
}

static int music(int rate, int channels, signal_of *signal, double amplitude)
{
    return sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, rate, channels, MUSIC / 48000.0, signal,
                      amplitude);
}

static void it_begins_at_the_sample_and_keeps_its_level(void)
{
    g_auto(bench_ptr) bench = bench_with(2, 0.25, music(48000, 2, noise, 0.5));
    bench_output(bench, WAV, MIX("\"gain\": \"-6 dB\", \"at\": \"0.1s\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpint(out->info.frames, ==, 48000);
    for (int64_t i = 0; i < 48000; i++)
        for (int c = 0; c < 2; c++) {
            bool sounds = i >= 4800 && i < 4800 + MUSIC;
            double added = sounds ? noise(c, i - 4800, 0.5) * pow(10, -6 / 20.0) : 0;
            g_assert_cmpfloat_with_epsilon(out->samples[i * 2 + c], 0.25 + added, 1e-7);
        }
    g_assert_true(bench_noted(bench, 0, "mixed music.wav in from 0.100 s at -6.00 dB"));
}

static void it_is_looped_and_cut_at_the_end(void)
{
    g_auto(bench_ptr) bench = bench_with(1, 0, music(48000, 1, noise, 0.5));
    bench_output(bench, WAV, MIX("\"loop\": \"yes\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpint(out->info.frames, ==, 48000);
    for (int64_t i = 0; i < 48000; i++)
        g_assert_cmpfloat(out->samples[i], ==, noise(0, i % MUSIC, 0.5));
}

/* sin(π/2 · left / fade), at the programme's end or at its own. */
static void its_end_fades(void)
{
    static const struct {
        const char *steps;
        int end;
    } rows[] = {{MIX("\"loop\": \"yes\", \"fade\": \"0.25s\""), 48000},
                {MIX("\"fade\": \"0.25s\""), MUSIC}};
    for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_auto(bench_ptr) bench = bench_with(1, 0, music(48000, 1, steady, 0.5));
        bench_output(bench, WAV, rows[r].steps);
        bench_render(bench);
        g_auto(heard_ptr) out = heard_of(bench, 0);
        for (int i = 0; i < rows[r].end; i++) {
            double left = MIN(rows[r].end - i, 12000) / 12000.0;
            g_assert_cmpfloat_with_epsilon(out->samples[i], 0.5 * sin(G_PI_2 * left), 1e-6);
        }
        for (int i = rows[r].end; i < 48000; i++)
            g_assert_cmpfloat(out->samples[i], ==, 0);
    }
}

/* FLAC whose header leaves out how many samples there are (RFC 9639, 8.2), as through a pipe. */
static void it_fades_where_it_ends_though_its_file_doesn_t_say(void)
{
    enum { TOTAL_AT = 21 };
    uint8_t total[5];
    const int file =
        sound_make(SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 48000, 1, MUSIC / 48000.0, steady, 0.5);
    g_assert_cmpint(pread(file, total, sizeof total, TOTAL_AT), ==, sizeof total);
    total[0] &= 0xf0;
    memset(total + 1, 0, sizeof total - 1);
    g_assert_cmpint(pwrite(file, total, sizeof total, TOTAL_AT), ==, sizeof total);
    g_auto(bench_ptr) bench = bench_with(1, 0, file);
    bench_output(bench, WAV, MIX("\"fade\": \"0.25s\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    for (int i = 0; i < MUSIC; i++) {
        double left = MIN(MUSIC - i, 12000) / 12000.0;
        g_assert_cmpfloat_with_epsilon(out->samples[i], 0.5 * sin(G_PI_2 * left), 1e-6);
    }
}

static float tone_at_44100(int c, int64_t i, double amplitude)
{
    return (float)(amplitude * sin(2 * G_PI * 1000 * (double)i / 44100));
}

/* Mono of 44.1 kHz into 5.1 of 48 kHz: in the centre, in its time. */
static void it_takes_the_programme_s_rate_and_channels(void)
{
    g_auto(bench_ptr) bench = bench_with(6, 0, music(44100, 1, tone_at_44100, 0.5));
    bench_output(bench, WAV, MIX("\"at\": \"0.25s\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    for (int64_t i = 12000 + 500; i < 12000 + MUSIC - 500; i++)
        for (int c = 0; c < 6; c++)
            g_assert_cmpfloat_with_epsilon(out->samples[i * 6 + c],
                                           c == 2 ? sound_tone(c, i - 12000, 0.5) : 0, 1e-4);
}

/* The same sound in another file, which libsndfile doesn't read. */
static int encoded(int music, const char *encode)
{
    g_auto(bench_ptr) bench = bench_create(music);
    bench_output(bench, encode, NULL);
    bench_render(bench);
    g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
    return dup(bench_fd(bench, 0));
}

/* Padding of codecs is no sound: not before it, and not behind. */
static void lossy_files_begin_and_end_at_the_sample(void)
{
    static const char *const encodes[] = {
        "{\"container\": \"mp3\", \"audio\": {\"bitrate\": \"320k\"}}",
        "{\"container\": \"m4a\", \"audio\": {\"codec\": \"aac\", \"bitrate\": \"256k\"}}"};
    enum { AT = 4800, EDGE = 1200 };
    for (unsigned e = 0; e < G_N_ELEMENTS(encodes); e++) {
        int file = encoded(music(48000, 2, sound_tone, 0.5), encodes[e]);
        g_auto(bench_ptr) bench = bench_with(2, 0, file);
        bench_output(bench, WAV, MIX("\"at\": \"0.1s\""));
        bench_render(bench);
        g_auto(heard_ptr) out = heard_of(bench, 0);
        g_assert_cmpint(out->info.frames, ==, 48000);
        g_test_message("%s", encodes[e]);
        for (int i = 0; i < 48000; i++) {
            bool sounds = i >= AT && i < AT + MUSIC;
            bool steady = i >= AT + EDGE && i < AT + MUSIC - EDGE;
            if (steady)
                g_assert_cmpfloat_with_epsilon(out->samples[i * 2 + 1], sound_tone(1, i - AT, 0.5),
                                               0.01);
            if (!sounds)
                g_assert_cmpfloat(out->samples[i * 2 + 1], ==, 0);
        }
    }
}

static void what_libav_reads_is_looped(void)
{
    int file = encoded(music(48000, 1, noise, 0.5),
                       "{\"container\": \"m4a\", \"audio\": {\"codec\": \"alac\"}}");
    g_auto(bench_ptr) bench = bench_with(1, 0, file);
    bench_output(bench, WAV, MIX("\"loop\": \"yes\""));
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_assert_cmpint(out->info.frames, ==, 48000);
    for (int64_t i = 0; i < 48000; i++)
        g_assert_cmpfloat_with_epsilon(out->samples[i], noise(0, i % MUSIC, 0.5), 0x1p-23);
}

static void what_can_t_be_mixed_in_is_a_sentence(void)
{
    int whole = music(48000, 1, noise, 0.5);
    g_auto(bench_ptr) cut = bench_with(1, 0, sound_cut_at(whole, 0.5));
    bench_output(cut, WAV, MIX("\"gain\": \"0 dB\""));
    bench_render(cut);
    g_assert_cmpint(bench_result(cut, 0)->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_nonnull(strstr(bench_result(cut, 0)->failure.message, "to mix in is damaged"));
    int text = sound_empty();
    g_assert_cmpint(write(text, "nothing to hear", 15), ==, 15);
    g_auto(bench_ptr) mute = bench_with(1, 0, text);
    bench_output(mute, WAV, MIX("\"gain\": \"0 dB\""));
    bench_render(mute);
    g_assert_cmpint(bench_result(mute, 0)->failure.class, !=, FAIL_NONE);
    g_assert_nonnull(strstr(bench_result(mute, 0)->failure.message, "mix: music.wav: "));
    close(whole);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mix/place", it_begins_at_the_sample_and_keeps_its_level);
    g_test_add_func("/mix/loop", it_is_looped_and_cut_at_the_end);
    g_test_add_func("/mix/fade", its_end_fades);
    g_test_add_func("/mix/fade-untold", it_fades_where_it_ends_though_its_file_doesn_t_say);
    g_test_add_func("/mix/rate-and-channels", it_takes_the_programme_s_rate_and_channels);
    g_test_add_func("/mix/lossy", lossy_files_begin_and_end_at_the_sample);
    g_test_add_func("/mix/libav-loop", what_libav_reads_is_looped);
    g_test_add_func("/mix/refused", what_can_t_be_mixed_in_is_a_sentence);
    return g_test_run();
}
