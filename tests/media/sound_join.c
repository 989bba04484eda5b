/* SPDX-License-Identifier: GPL-3.0-or-later
 * Several recordings joined into one: no sample is lost, added or changed at the seams, and steps
 * see the whole. */
#include "sound_help.h"
#include "wave_help.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define WAV24 "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\"}}"
#define FLOATS "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}"
#define STEREO24 (SF_FORMAT_WAV | SF_FORMAT_PCM_24)

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

static float tone_at_44100(int c, int64_t i, double amplitude)
{
    return (float)(amplitude * sin(2 * G_PI * 1000 * (double)i / 44100));
}

static void add_part(struct bench *bench, double duration_s)
{
    struct facts *facts = facts_create();
    facts->kind = KIND_AUDIO;
    facts->duration_s = duration_s;
    bench->task->source->duration_s =
        MAX(bench->task->source->duration_s, 0) + (isnan(duration_s) ? 0 : duration_s);
    g_ptr_array_add(bench->task->parts, facts);
}

/* Takes the descriptor. */
static void join(struct bench *bench, const char *path, int fd, double duration_s)
{
    bench->fds[task_add_file(bench->task, path, false)] = fd;
    add_part(bench, duration_s);
}

static struct bench *bench_of(int fd, double duration_s)
{
    struct bench *bench = bench_create(fd);
    bench->task->source->duration_s = 0;
    add_part(bench, duration_s);
    return bench;
}

/* The whole numbers of a file, as libsndfile reads them. */
static int *whole_of(int fd, SF_INFO *info)
{
    SNDFILE *file = sound_open(fd, info);
    int *whole = g_new(int, info->frames * info->channels);
    g_assert_cmpint(sf_readf_int(file, whole, info->frames), ==, info->frames);
    sf_close(file);
    return whole;
}

static void check_seam(const struct heard *out, int64_t at, int fd)
{
    SF_INFO info;
    g_autofree int *part = whole_of(fd, &info);
    gsize bytes = (gsize)(info.frames * info.channels) * sizeof *part;
    g_assert_cmpint(out->info.channels, ==, info.channels);
    g_assert_cmpmem(out->whole + at * info.channels, bytes, part, bytes);
}

/* Lengths that no frame of a decoder divides; the third is mono of 44.1 kHz. */
static void the_parts_follow_sample_by_sample(void)
{
    g_auto(bench_ptr) bench = bench_of(sound_make(STEREO24, 48000, 2, 1.00002, noise, 0.9), 1);
    join(bench, "/part2.wav", sound_make(STEREO24, 48000, 2, 0.50002, noise, 0.5), 0.5);
    join(bench, "/part10.wav", sound_make(STEREO24, 44100, 1, 0.75, tone_at_44100, 0.25), 0.75);
    bench_output(bench, WAV24, NULL);
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    const int64_t first = 48001, second = 24001, third = 36000;
    g_assert_cmpint(out->info.frames, ==, first + second + third);
    g_assert_cmpint(out->info.samplerate, ==, 48000);
    check_seam(out, 0, bench->fds[0]);
    check_seam(out, first, bench->fds[1]);
    for (int64_t i = 500; i < third - 500; i++)
        for (int c = 0; c < 2; c++)
            g_assert_cmpfloat_with_epsilon(out->samples[(first + second + i) * 2 + c],
                                           sound_tone(c, i, 0.25), 1e-5);
    g_assert_cmpint(bench_result(bench, 0)->claim.samples, ==, first + second + third);
    g_assert_true(bench_noted(bench, 0, "joined: source, part2.wav, part10.wav"));
    g_assert_true(bench_noted(bench, 0, "part10.wav: sound resampled from 44100 to 48000 Hz"));
    g_assert_true(bench_noted(bench, 0, "part10.wav: channels mixed from mono to stereo"));
    g_assert_false(bench_noted(bench, 0, "part2.wav: "));
}

static void add_shared(struct bench *bench, const char *name, const char *key, const char *value)
{
    struct node *params = node_map((struct mark){0});
    node_put(params, key, (struct mark){0}, node_scalar(value, (struct mark){0}));
    g_ptr_array_add(bench->task->steps, step_call_create(name, params));
}

/* Ten percent off each, then the whole fades out in its last second. */
static void job_steps_are_done_to_each_and_own_steps_to_the_whole(void)
{
    g_auto(bench_ptr) bench =
        bench_of(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, steady, 0.25), 1);
    join(bench, "/b.wav", sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 2, steady, 0.5), 2);
    add_shared(bench, "trim", "from", "10%");
    bench_output(bench, FLOATS, "[{\"fade\": {\"out\": \"1s\"}}]");
    bench_output(bench, FLOATS, "[{\"trim\": {\"to\": \"50%\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) whole = heard_of(bench, 0);
    g_assert_cmpint(whole->info.frames, ==, 43200 + 86400);
    g_assert_cmpfloat(whole->samples[43199], ==, 0.25);
    g_assert_cmpfloat(whole->samples[43200], ==, 0.5);
    g_assert_cmpfloat(whole->samples[43200 + 86400 - 48001], ==, 0.5);
    g_assert_cmpfloat(whole->samples[43200 + 86400 - 24000], <, 0.5);
    g_assert_cmpfloat(fabsf(whole->samples[43200 + 86400 - 1]), <, 1e-3);
    g_assert_cmpfloat_with_epsilon(bench_result(bench, 0)->claim.programme_s, 2.7, 1e-9);
    g_auto(heard_ptr) half = heard_of(bench, 1);
    g_assert_cmpint(half->info.frames, ==, (43200 + 86400) / 2);
    check_seam(half, 0, bench_fd(bench, 1));
}

/* A second of sound as MP3. */
static int mp3_of_a_second(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, 1, sound_tone, 0.5));
    bench_output(bench, "{\"container\": \"mp3\", \"audio\": {\"codec\": \"mp3\"}}", NULL);
    bench_render(bench);
    g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
    return dup(bench_fd(bench, 0));
}

/* Their containers are wrong by a tenth, as guesses from bit rates are. */
static void own_steps_count_on_what_the_parts_really_last(void)
{
    g_auto(bench_ptr) bench = bench_of(mp3_of_a_second(), 1.1);
    for (unsigned i = 1; i < 4; i++)
        join(bench, "/b.mp3", mp3_of_a_second(), 1.1);
    bench_output(bench, FLOATS, "[{\"fade\": {\"out\": \"1s\"}}]");
    bench_output(bench, FLOATS, "[{\"trim\": {\"from\": \"-0.5s\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    g_auto(heard_ptr) end = heard_of(bench, 1);
    g_assert_cmpint(out->info.frames, ==, 4 * 48000);
    g_assert_cmpint(end->info.frames, ==, 24000);
    for (int64_t i = out->info.frames - 48; i < out->info.frames; i++)
        g_assert_cmpfloat(fabsf(out->samples[i]), <, 2e-3);
    g_assert_cmpfloat_with_epsilon(bench_result(bench, 0)->claim.programme_s, 4, 1e-9);
}

static double lufs_of(int fd)
{
    g_auto(bench_ptr) meter = bench_create(dup(fd));
    bench_output(meter, NULL, NULL);
    bench_measure(meter);
    return bench_result(meter, 0)->measured->integrated_lufs;
}

/* Tones of as many LUFS as dBFS (EBU Tech 3341, case 1); their mean, by energy, is -22.6 LUFS: both
 * are above the relative gate. */
static struct bench *two_levels(void)
{
    g_auto(bench_ptr) bench = bench_of(
        sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 30, sound_tone, pow(10, -20 / 20.)),
        30);
    join(bench, "/b.wav",
         sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 30, sound_tone, pow(10, -30 / 20.)),
         30);
    return g_steal_pointer(&bench);
}

static void a13_what_is_measured_is_the_whole(void)
{
    g_auto(bench_ptr) bench = two_levels();
    bench->task->kind = TASK_MEASURE;
    bench_output(bench, NULL, NULL);
    bench_measure(bench);
    const struct facts *measured = bench_result(bench, 0)->measured;
    g_assert_cmpfloat_with_epsilon(measured->integrated_lufs, -22.6, 0.1);
}

static void a8_the_whole_lands_on_its_target_and_so_does_mp3(void)
{
    g_auto(bench_ptr) bench = two_levels();
    g_auto(node_ptr) known = node_map((struct mark){0});
    node_put(known, "integrated_lufs", (struct mark){0}, node_scalar("-22.6", (struct mark){0}));
    node_put(known, "true_peak_dbtp", (struct mark){0}, node_scalar("-20", (struct mark){0}));
    bench_output(bench, FLOATS, "[{\"loudness\": {\"target\": \"-16 LUFS\"}}]");
    bench_output(bench, "{\"container\": \"mp3\", \"audio\": {\"codec\": \"mp3\"}}",
                 "[{\"loudness\": {\"target\": \"-16 LUFS\"}}]");
    for (unsigned i = 0; i < 2; i++) {
        const struct task_output *output = bench->task->outputs->pdata[i];
        ((struct step_call *)output->steps->pdata[0])->measured = node_copy(known);
    }
    bench_render(bench);
    g_assert_cmpfloat_with_epsilon(lufs_of(bench_fd(bench, 0)), -16, 0.1);
    g_assert_cmpfloat_with_epsilon(lufs_of(bench_fd(bench, 1)), -16, 0.3);
    g_assert_cmpint(bench_result(bench, 1)->claim.samples, ==, 60 * 48000);
    g_assert_cmpstr(bench_result(bench, 1)->claim.audio_codec, ==, "mp3");
}

/* Cue points 1 and 2 of the first, at 100 and 47000, and of the second one at 10. */
static int recording(guint64 time_reference, guint8 cue_at, guint8 high)
{
    struct wave *wave = wave_begin(48000, 2);
    g_autoptr(GByteArray) bext = wave_bext(time_reference, "A=PCM,F=48000\r\n");
    guint8 cue[4 + 24] = {1, 0, 0, 0, 1, 0, 0, 0, cue_at, high, 0, 0, 'd', 'a', 't', 'a'};
    cue[24] = cue_at;
    cue[25] = high;
    wave_chunk(wave, "bext", bext->data, bext->len);
    wave_chunk(wave, "junx", "its own", 7);
    wave_samples(wave, 48000);
    wave_chunk(wave, "cue ", cue, sizeof cue);
    return wave_end(wave);
}

static void a21_the_first_recording_says_when_it_was(void)
{
    g_auto(bench_ptr) bench = bench_of(recording(172800000, 100, 0), 1);
    join(bench, "/b.wav", recording(172848000, 10, 0), 1);
    bench_output(bench, WAV24, NULL);
    bench_render(bench);
    g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
    g_autoptr(GBytes) bext = wave_find(bench_fd(bench, 0), "bext", NULL);
    g_assert_cmpuint(wave_number(bext, BEXT_TIME_REFERENCE, 8), ==, 172800000);
    g_autoptr(GBytes) cues = wave_find(bench_fd(bench, 0), "cue ", NULL);
    g_assert_cmpuint(wave_number(cues, 0, 4), ==, 1);
    g_assert_cmpuint(wave_number(cues, 24, 4), ==, 100);
    g_autoptr(GBytes) own = wave_find(bench_fd(bench, 0), "junx", NULL);
    g_assert_null(own);
    g_assert_true(bench_noted(bench, 0, "dropped: the junx chunk: it is about the whole"));
    g_assert_true(bench_noted(bench, 0, "dropped: b.wav: the chunks bext, junx, cue"));
}

/* At 47104: the first recording ends at 24000. */
static void a21_no_cue_point_lands_in_another_recording(void)
{
    g_auto(bench_ptr) bench = bench_of(recording(0, 0, 184), 1);
    join(bench, "/b.wav", recording(0, 10, 0), 1);
    add_shared(bench, "trim", "to", "0.5s");
    bench_output(bench, WAV24, NULL);
    bench_render(bench);
    g_autoptr(GBytes) cues = wave_find(bench_fd(bench, 0), "cue ", NULL);
    g_assert_null(cues);
    g_assert_true(bench_noted(bench, 0, "dropped: 1 cue points outside of the part"));
}

static struct bench *with_a_cut_part(void)
{
    int whole = sound_make(STEREO24, 48000, 2, 1, noise, 0.5);
    struct bench *bench = bench_of(sound_make(STEREO24, 48000, 2, 1, noise, 0.5), 1);
    join(bench, "/b.wav", sound_cut_at(whole, 0.5), 1);
    bench_output(bench, WAV24, NULL);
    close(whole);
    return bench;
}

static void a_damaged_part_fails_the_whole_and_is_named(void)
{
    g_auto(bench_ptr) bench = with_a_cut_part();
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_true(g_str_has_prefix(bench_result(bench, 0)->failure.message, "b.wav: "));
    g_auto(bench_ptr) allowed = with_a_cut_part();
    allowed->task->damaged_allow = true;
    bench_render(allowed);
    g_auto(heard_ptr) out = heard_of(allowed, 0);
    g_assert_cmpint(out->info.frames, >, 48000);
    g_assert_cmpint(out->info.frames, <, 96000);
    g_assert_true(bench_noted(allowed, 0, NOTE_DAMAGED "b.wav: "));
}

static void what_isnt_sound_is_named(void)
{
    int text = sound_empty();
    g_assert_cmpint(write(text, "nothing to hear", 15), ==, 15);
    g_auto(bench_ptr) bench = bench_of(sound_make(STEREO24, 48000, 2, 1, noise, 0.5), 1);
    join(bench, "/notes.wav", text, NAN);
    bench_output(bench, WAV24, NULL);
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_UNSUPPORTED);
    g_assert_true(g_str_has_prefix(bench_result(bench, 0)->failure.message, "notes.wav: "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/join/seams", the_parts_follow_sample_by_sample);
    g_test_add_func("/join/steps", job_steps_are_done_to_each_and_own_steps_to_the_whole);
    g_test_add_func("/join/lengths", own_steps_count_on_what_the_parts_really_last);
    g_test_add_func("/join/A13 measured whole", a13_what_is_measured_is_the_whole);
    g_test_add_func("/join/A8 A12 loudness", a8_the_whole_lands_on_its_target_and_so_does_mp3);
    g_test_add_func("/join/A21 first recording", a21_the_first_recording_says_when_it_was);
    g_test_add_func("/join/A21 cue points", a21_no_cue_point_lands_in_another_recording);
    g_test_add_func("/join/damaged", a_damaged_part_fails_the_whole_and_is_named);
    g_test_add_func("/join/no-sound", what_isnt_sound_is_named);
    return g_test_run();
}
