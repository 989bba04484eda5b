/* SPDX-License-Identifier: GPL-3.0-or-later
 * `silence` and `delay`: samples are taken off, put on and moved, and none of them changes. */
#include "media/chain_run.h"
#include "media/frame.h"
#include "sound_help.h"

#include <malloc.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s16le\"}}"
#define RATE 48000

/* Where a programme of 10 s is loud: from..to; `hum` is the level of the rest. */
static int64_t loud_from, loud_to, gap_from, gap_to; /* the gap is quiet */
static double hum;

static float noise_at(int c, int64_t i)
{
    guint32 x = ((guint32)i * 2 + (guint32)c) * 2654435761u;
    x = (x ^ x >> 15) * 2246822519u;
    x ^= x >> 13;
    return (float)((double)x / 2147483648.0 - 1);
}

/* Begins and ends with a sample that is loud for certain. */
static float programme(int c, int64_t i, double amplitude)
{
    bool edge = i == loud_from || i == loud_to - 1;
    bool loud = i >= loud_from && i < loud_to && !(i >= gap_from && i < gap_to);
    return edge ? 0.5f : (float)((loud ? amplitude : hum) * (double)noise_at(c, i));
}

static struct bench *bench_of(int64_t from, int64_t to, double level, const char *steps)
{
    loud_from = from;
    loud_to = to;
    hum = level;
    struct bench *bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, RATE, 2, 10, programme, 0.5));
    bench->task->source->duration_s = 10;
    bench_output(bench, WAV, steps);
    bench_render(bench);
    return bench;
}

/* The output is `before` samples of nothing, then the source from `first` on, then nothing. */
static void check_span(const struct bench *bench, int64_t before, int64_t first, int64_t count,
                       int64_t behind)
{
    g_auto(heard_ptr) out = heard_of(bench, 0);
    SF_INFO info;
    SNDFILE *file = sound_open(bench->fds[0], &info);
    g_autofree int *in = g_new(int, (gsize)(info.frames * 2));
    sf_readf_int(file, in, info.frames);
    sf_close(file);
    g_assert_cmpint(out->info.frames, ==, before + count + behind);
    g_assert_cmpint(bench_result(bench, 0)->claim.samples, ==, before + count + behind);
    for (int64_t i = 0; i < out->info.frames; i++)
        for (int c = 0; c < 2; c++) {
            bool inside = i >= before && i < before + count;
            g_assert_cmpint(out->whole[i * 2 + c], ==,
                            inside ? in[(i - before + first) * 2 + c] : 0);
        }
    g_assert_false(bench_noted(bench, 0, "dither"));
}

static void silence_is_cut_to_the_sample(void)
{
    static const struct {
        int64_t from, to;
        double hum;
    } rows[] = {{100000, 300001, 0},
                {100000, 300001, 0.0005},
                {0, 480000, 0},
                {8192, 16384, 0},
                {477777, 479999, 0.0005}};
    for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_auto(bench_ptr) bench = bench_of(rows[r].from, rows[r].to, rows[r].hum,
                                           "[{\"silence\": {\"trim\": \"both\"}}]");
        check_span(bench, 0, rows[r].from, rows[r].to - rows[r].from, 0);
        g_assert_cmpfloat_with_epsilon(bench_result(bench, 0)->claim.programme_s,
                                       (double)(rows[r].to - rows[r].from) / RATE, 1e-6);
    }
}

static void each_end_is_trimmed_for_itself(void)
{
    g_auto(bench_ptr) start =
        bench_of(100000, 300000, 0.0005, "[{\"silence\": {\"trim\": \"start\"}}]");
    check_span(start, 0, 100000, 380000, 0);
    g_auto(bench_ptr) end =
        bench_of(100000, 300000, 0.0005, "[{\"silence\": {\"trim\": \"end\"}}]");
    check_span(end, 0, 0, 300000, 0);
}

static void some_silence_is_kept(void)
{
    g_auto(bench_ptr) bench = bench_of(100000, 300000, 0.0005,
                                       "[{\"silence\": {\"trim\": \"both\", \"keep\": \"0.5s\"}}]");
    check_span(bench, 0, 76000, 248000, 0);
    g_auto(bench_ptr) all =
        bench_of(1000, 479000, 0.0005, "[{\"silence\": {\"trim\": \"both\", \"keep\": \"0.5s\"}}]");
    check_span(all, 0, 0, 480000, 0);
}

static void silence_in_the_middle_stays(void)
{
    static const double hums[] = {0, 0.0005};
    gap_from = 110000;
    gap_to = 290000;
    for (unsigned h = 0; h < G_N_ELEMENTS(hums); h++) {
        g_auto(bench_ptr) bench =
            bench_of(100000, 300000, hums[h], "[{\"silence\": {\"trim\": \"both\"}}]");
        check_span(bench, 0, 100000, 200000, 0);
    }
    gap_from = gap_to = 0;
}

static void the_threshold_decides(void)
{
    g_auto(bench_ptr) bench =
        bench_of(200000, 240000, 0.0005,
                 "[{\"silence\": {\"trim\": \"both\", \"threshold\": \"-80 dBFS\"}}]");
    g_auto(heard_ptr) out = heard_of(bench, 0); /* -66 dBFS isn't silent then */
    g_assert_cmpint(out->info.frames, >, 479900);
}

static void silence_is_put_around(void)
{
    g_auto(bench_ptr) bench =
        bench_of(100000, 300000, 0,
                 "[{\"silence\": {\"trim\": \"both\", \"head\": \"0.25s\", \"tail\": \"1.5s\"}}]");
    check_span(bench, 12000, 100000, 200000, 72000);
    g_auto(bench_ptr) only =
        bench_of(0, 480000, 0, "[{\"silence\": {\"head\": \"1s\", \"tail\": \"2s\"}}]");
    check_span(only, 48000, 0, 480000, 96000);
    g_assert_cmpfloat_with_epsilon(bench_result(only, 0)->claim.programme_s, 13, 1e-9);
}

static void a_silent_file_fails_in_words(void)
{
    g_auto(bench_ptr) bench = bench_of(-10, -10, 0, "[{\"silence\": {\"trim\": \"end\"}}]");
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(bench, 0)->failure.message, "nothing would be left"));
}

static void beside_a_picture_it_is_refused(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, RATE, 2, 1, programme, 0));
    bench->task->source->kind = KIND_VIDEO;
    bench_output(bench, WAV, "[{\"silence\": {\"head\": \"1s\"}}]");
    bench_output(bench, WAV, "[{\"silence\": {\"head\": \"1s\"}}]");
    ((struct task_output *)bench->task->outputs->pdata[1])->kind = KIND_VIDEO;
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_NONE);
    g_assert_cmpint(bench_result(bench, 1)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(bench_result(bench, 1)->failure.message, "in step with the picture"));
}

/* Zeros are counted, not kept: an hour and more of them costs nothing. Noise is let go of when it
 * is too much, and said. */
static void a_quiet_end_that_is_too_long_is_told(void)
{
    loud_from = 0;
    loud_to = 4800;
    hum = 0.0005;
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 96000, 8, 30, programme, 0.5));
    bench_output(bench, "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_f32le\"}}",
                 "[{\"silence\": {\"trim\": \"end\"}}]");
    bench_render(bench);
    g_auto(heard_ptr) out = heard_of(bench, 0);
    int64_t held = (64 << 20) / (8 * 4);
    g_assert_cmpint(out->info.frames, >=, 30 * 96000 - held);
    g_assert_cmpint(out->info.frames, <=, 30 * 96000 - held + 8192);
    g_assert_true(bench_noted(bench, 0, "too much to hold back"));
}

static void a_delay_moves_and_keeps_the_length(void)
{
    g_auto(bench_ptr) later = bench_of(0, 480000, 0, "[{\"delay\": {\"samples\": \"480\"}}]");
    check_span(later, 480, 0, 479520, 0);
    g_auto(bench_ptr) sooner = bench_of(0, 480000, 0, "[{\"delay\": {\"samples\": \"-12345\"}}]");
    check_span(sooner, 0, 12345, 467655, 12345);
    g_auto(bench_ptr) timed = bench_of(0, 480000, 0, "[{\"delay\": {\"by\": \"40ms\"}}]");
    check_span(timed, 1920, 0, 478080, 0);
    g_assert_true(bench_noted(timed, 0, "moved by +1920 samples (+40.00 ms)"));
}

static void a_delay_may_be_longer_than_the_sound(void)
{
    g_auto(bench_ptr) later = bench_of(0, 480000, 0, "[{\"delay\": {\"by\": \"11s\"}}]");
    check_span(later, 480000, 0, 0, 0);
    g_auto(bench_ptr) sooner = bench_of(0, 480000, 0, "[{\"delay\": {\"by\": \"-11s\"}}]");
    check_span(sooner, 0, 0, 0, 480000);
}

static void frames_are_the_picture_s(void)
{
    g_auto(bench_ptr) bench =
        bench_create(sound_make(SF_FORMAT_WAV | SF_FORMAT_PCM_16, RATE, 2, 1, programme, 0.5));
    bench_output(bench, WAV, "[{\"delay\": {\"by\": \"-2f\"}}]");
    bench->task->source->fps = rational_make(25, 1);
    bench_render(bench);
    g_assert_true(bench_noted(bench, 0, "moved by -3840 samples"));
}

/* What comes after a delay is cut where it is heard. */
static void a_trim_after_a_delay_is_exact(void)
{
    g_auto(bench_ptr) bench =
        bench_of(0, 480000, 0,
                 "[{\"delay\": {\"samples\": \"-4800\"}}, {\"trim\": {\"from\": "
                 "\"2s\", \"to\": \"3s\"}}]");
    check_span(bench, 0, 96000 + 4800, 48000, 0);
}

/* --- memory --- */

enum { HOUR = 3600, SLOW = 8000 /* samples a second */ };

static struct chain *chain_of(double start_s)
{
    struct failure failure = {0};
    const struct sound_shape shape = {.rate = SLOW, .channels = 2, .layout = "stereo"};
    const struct chain_input input = {.time_base = {1, SLOW},
                                      .start_s = start_s,
                                      .threads = 1,
                                      .sound = &shape,
                                      .sample_format = AV_SAMPLE_FMT_FLT};
    struct chain *chain = chain_create_sound(&input, &failure);
    g_assert_nonnull(chain);
    return chain;
}

static gsize bytes_used(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* A frame of full scale, or of nothing; the chain's NULL at the end isn't one. */
static void push(struct chain *chain, int64_t at, float level)
{
    struct failure failure = {0};
    AVFrame *frame = frame_new();
    frame->format = AV_SAMPLE_FMT_FLT;
    frame->sample_rate = SLOW;
    frame->nb_samples = SLOW;
    frame->pts = at;
    frame->ch_layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_STEREO;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int i = 0; i < 2 * SLOW; i++)
        ((float *)frame->data[0])[i] = level;
    g_assert_true(chain_push(chain, frame, &failure));
    av_frame_free(&frame);
}

/* Adds what comes out to `samples`, in no more memory than a few frames take. */
static void pull(struct chain *chain, gsize before, int64_t *samples)
{
    static const gsize most = 8 << 20;
    struct failure failure = {0};
    AVFrame *frame = frame_new();
    while (chain_pull(chain, frame, &failure) == CHAIN_FRAME) {
        g_assert_cmpint(frame->pts, ==, *samples);
        g_assert_cmpuint(bytes_used(), <, before + most);
        *samples += frame->nb_samples;
        av_frame_unref(frame);
    }
    g_assert_cmpuint(bytes_used(), <, before + most);
    av_frame_free(&frame);
}

static int64_t finish(struct chain *chain, gsize before, int64_t samples)
{
    struct failure failure = {0};
    g_assert_true(chain_push(chain, NULL, &failure));
    pull(chain, before, &samples);
    chain_destroy(chain);
    return samples;
}

static void an_hour_put_around_takes_no_memory(void)
{
    struct failure failure = {0};
    gsize before = bytes_used();
    struct chain *chain = chain_of(0);
    g_assert_true(chain_surround(chain, &failure, HOUR, HOUR));
    push(chain, 0, 1);
    g_assert_cmpint(finish(chain, before, 0), ==, (2 * HOUR + 1) * (int64_t)SLOW);
}

static void an_hour_s_hole_takes_no_memory(void)
{
    gsize before = bytes_used();
    struct chain *chain = chain_of(-HOUR);
    push(chain, 0, 1);
    g_assert_cmpint(finish(chain, before, 0), ==, (HOUR + 1) * (int64_t)SLOW);
}

static void an_hour_held_back_takes_no_memory(void)
{
    struct failure failure = {0};
    gsize before = bytes_used();
    struct chain *chain = chain_of(0);
    const struct sound_silence both = {.start = true, .end = true, .threshold_dbfs = -60};
    int64_t samples = 0;
    g_assert_true(chain_trim_silence(chain, &failure, &both));
    for (int s = 0; s < HOUR; s++) {
        push(chain, (int64_t)s * SLOW, s == 0);
        pull(chain, before, &samples);
        g_assert_cmpint(samples, ==, SLOW);
    }
    push(chain, (int64_t)HOUR * SLOW, 1);
    g_assert_cmpint(finish(chain, before, samples), ==, (HOUR + 1) * (int64_t)SLOW);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ends/cut", silence_is_cut_to_the_sample);
    g_test_add_func("/ends/each", each_end_is_trimmed_for_itself);
    g_test_add_func("/ends/keep", some_silence_is_kept);
    g_test_add_func("/ends/middle", silence_in_the_middle_stays);
    g_test_add_func("/ends/threshold", the_threshold_decides);
    g_test_add_func("/ends/around", silence_is_put_around);
    g_test_add_func("/ends/silent", a_silent_file_fails_in_words);
    g_test_add_func("/ends/picture", beside_a_picture_it_is_refused);
    g_test_add_func("/ends/long", a_quiet_end_that_is_too_long_is_told);
    g_test_add_func("/ends/delay", a_delay_moves_and_keeps_the_length);
    g_test_add_func("/ends/delay-long", a_delay_may_be_longer_than_the_sound);
    g_test_add_func("/ends/delay-frames", frames_are_the_picture_s);
    g_test_add_func("/ends/delay-trim", a_trim_after_a_delay_is_exact);
    g_test_add_func("/ends/memory-around", an_hour_put_around_takes_no_memory);
    g_test_add_func("/ends/memory-hole", an_hour_s_hole_takes_no_memory);
    g_test_add_func("/ends/memory-held", an_hour_held_back_takes_no_memory);
    return g_test_run();
}
