/* SPDX-License-Identifier: GPL-3.0-or-later
 * The traps of time that our list numbers: rates, offsets, trims, ends. Every source is told to the
 * frame and to the sample (barcode.h), and what comes out is read by libav alone. */
#include "barcode.h"
#include "made.h"

#include "media/chain_run.h"
#include "media/log.h"
#include "media/probe.h"
#include "media/source.h"
#include "worker/run.h"

#include <math.h>
#include <unistd.h>

static const double ms = 0.001 + 1e-9, sample = 1. / BARCODE_RATE + 1e-9;

/* How one output is asked for, and what became of it. */
struct made {
    int source, output;
    struct task *task;
    struct result *result;
};

/* Takes the source. The worker probes it for itself. */
static struct made made_of(int source, const char *container, const char *video, const char *audio)
{
    struct made made = {source, made_file(), made_task(container, video, audio), result_create()};
    facts_destroy(made.task->source);
    made.task->source = NULL;
    return made;
}

static GPtrArray *steps_of(const struct made *made)
{
    return ((struct task_output *)made->task->outputs->pdata[0])->steps;
}

static const struct output_result *run(const struct made *made)
{
    const int fds[] = {made->source, made->output};
    worker_run(&(struct job){.task = made->task, .fds = fds}, made->result);
    const struct output_result *output =
        made->result->outputs->len ? made->result->outputs->pdata[0] : NULL;
    for (guint i = 0; output && i < output->notes->len; i++)
        g_test_message("%s", (const char *)output->notes->pdata[i]);
    return output;
}

static struct barcode_seen *rendered(const struct made *made)
{
    const struct output_result *output = run(made);
    g_assert_cmpstr(made->result->failure.message, ==, NULL);
    g_assert_cmpstr(output->failure.message, ==, NULL);
    return barcode_read(made->output);
}

static void made_clear(struct made *made)
{
    close(made->source);
    close(made->output);
    result_destroy(made->result);
    task_destroy(made->task);
}

/* A click is where it was, beside the picture. */
static void check_clicks(const struct barcode_seen *seen, const double *at_s, unsigned count,
                         double within_s)
{
    g_assert_cmpuint(seen->clicks_s->len, ==, count);
    for (unsigned i = 0; i < count; i++)
        g_assert_cmpfloat_with_epsilon(
            g_array_index(seen->clicks_s, double, i) - barcode_time(seen, 0), at_s[i], within_s);
}

/* --- 1: variable rates --- */

/* One second of 30 fps, then 10 fps to 4.0 s. */
static int slower_ms(int n)
{
    return n < 30 ? n * 1000 / 30 : 1000 + (n - 30) * 100;
}

static void trap_1_a_variable_rate_becomes_constant_with_its_length(void)
{
    static const char *const outputs[][2] = {{"mkv", "ffv1"}, {"mov", "prores"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(outputs); i++) {
        const struct barcode source = {
            .muxer = "matroska", .frames = 60, .time_ms = slower_ms, .audio = "pcm_s16le"};
        struct made made =
            made_of(barcode_make(&source), outputs[i][0], outputs[i][1], "pcm_s16le");
        made_step(steps_of(&made), "fps", "rate", "30", NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        g_assert_cmpuint(seen->numbers->len, ==, 120);
        for (unsigned n = 0; n < 30; n++)
            g_assert_cmpint(barcode_at(seen, n), ==, (int)n);
        for (unsigned n = 30; n < 120; n++)
            g_assert_cmpint(barcode_at(seen, n), ==, 30 + ((int)n - 30) / 3);
        g_assert_cmpfloat_with_epsilon((double)seen->samples / BARCODE_RATE, 4.0, 1 / 30.);
        made_clear(&made);
    }
}

/* MP4 has the lengths of pictures in the order of decoding: here the last one's is a thirtieth. */
static void trap_1_the_last_picture_lasts_until_the_sound_ends(void)
{
    const struct barcode source = {.muxer = "mp4",
                                   .frames = 60,
                                   .time_ms = slower_ms,
                                   .last_ms = 33,
                                   .audio = "aac",
                                   .samples = 4 * BARCODE_RATE};
    static const struct {
        const char *step, *key, *value;
        double s;
    } rows[] = {{"fps", "rate", "30", 4}, {"speed", "factor", "0.5", 8}};
    const int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct made made = made_of(dup(fd), "mp4", "h264", "aac");
        made_step(steps_of(&made), rows[i].step, rows[i].key, rows[i].value, NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        const struct output_result *output = made.result->outputs->pdata[0];
        g_assert_cmpuint(seen->numbers->len, ==, i ? 60 : 120);
        g_assert_cmpfloat_with_epsilon(output->claim.video_s, rows[i].s, ms);
        made_clear(&made);
    }
    close(fd);
}

static void trap_1_a_variable_rate_is_kept_where_it_can_be(void)
{
    static const char *const outputs[][2] = {{"mkv", "ffv1"}, {"mp4", "h264"}, {"mkv", "h264"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(outputs); i++) {
        const struct barcode source = {.muxer = "matroska", .frames = 60, .time_ms = slower_ms};
        struct made made = made_of(barcode_make(&source), outputs[i][0], outputs[i][1], NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        barcode_check(seen, 0, 60);
        for (unsigned n = 0; n < 60; n++)
            g_assert_cmpfloat_with_epsilon(barcode_time(seen, n), slower_ms((int)n) / 1000., ms);
        made_clear(&made);
    }
}

/* SMPTE ST 377-1 has one edit rate a track. */
static void trap_1_a_variable_rate_is_not_copied_where_rates_are_constant(void)
{
    const struct barcode source = {.muxer = "matroska",
                                   .video = "prores_ks",
                                   .pix_fmt = "yuv422p10le",
                                   .frames = 60,
                                   .time_ms = slower_ms};
    struct made made = made_of(barcode_make(&source), "mxf", "copy", NULL);
    const struct output_result *output = run(&made);
    g_assert_nonnull(strstr(output->failure.message, "name a codec"));
    g_assert_cmpint(output->failure.class, ==, FAIL_CONFIG);
    made_clear(&made);
}

/* 30 fps, where a camera dropped the second of its pictures. */
static int dropped_ms(int n)
{
    return (n ? n + 1 : 0) * 1000 / 30;
}

/* 60 pictures in 61/30 s are 29.5 a second, which is next to 29.97. */
static void trap_1_a_missing_picture_does_not_change_the_rate(void)
{
    const struct barcode source = {
        .muxer = "mp4", .frames = 60, .time_ms = dropped_ms, .last_ms = 33};
    struct facts *facts = facts_create();
    struct failure failure = {0};
    const int fd = barcode_make(&source);
    g_assert_true(media_probe(fd, NULL, facts, &failure));
    g_assert_true(facts->vfr);
    g_assert_true(rational_equal(facts->fps, (struct rational){30, 1}));
    facts_destroy(facts);
    close(fd);
}

/* --- 2: 23.976 is 24000/1001 --- */

static void trap_2_an_hour_at_a_rate_of_ntsc_has_its_frames(void)
{
    static const struct {
        const char *rate;
        struct rational exact;
        int64_t hour; /* round(3600 · rate) */
    } rows[] = {{"23.976", {24000, 1001}, 86314},
                {"29.97", {30000, 1001}, 107892},
                {"59.94", {60000, 1001}, 215784},
                {"47.952", {48000, 1001}, 172627},
                {"119.88", {120000, 1001}, 431568}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rational rate;
        g_assert_true(rational_parse(rows[i].rate, &rate));
        g_assert_true(rational_equal(rate, rows[i].exact));
    }
    const struct video_shape shape = {.width = 16,
                                      .height = 16,
                                      .sar = {1, 1},
                                      .fps = {1, 1},
                                      .depth = 8,
                                      .pix_fmt = "gray",
                                      .range = "tv",
                                      .matrix = "bt709",
                                      .primaries = "bt709",
                                      .transfer = "bt709"};
    struct failure failure = {0};
    g_auto(chain_ptr) chain = chain_create_video(
        &(struct chain_input){.time_base = {1, 1}, .threads = 1, .video = &shape}, &failure);
    g_assert_true(chain_constant_rate(chain, &failure, rows[0].exact));
    AVFrame *frame = av_frame_alloc(), *out = av_frame_alloc();
    frame->format = AV_PIX_FMT_GRAY8;
    frame->width = frame->height = 16;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    int64_t frames = 0;
    for (int second = 0; second <= 3600; second++) {
        frame->pts = second;
        frame->pkt_duration = 1;
        g_assert_true(chain_push(chain, second < 3600 ? frame : NULL, &failure));
        for (; chain_pull(chain, out, &failure) == CHAIN_FRAME; av_frame_unref(out))
            g_assert_cmpint(out->pts, ==, frames++);
    }
    g_assert_cmpint(frames, ==, rows[0].hour);
    av_frame_free(&frame);
    av_frame_free(&out);
}

/* --- 3, 5, 6: where things start --- */

static void trap_3_reordered_pictures_start_with_the_sound(void)
{
    static const char *const muxers[] = {"mp4", "mov", "matroska", "mpegts"};
    static const char *const outputs[][3] = {
        {"mp4", "h264", "aac"}, {"mov", "h264", "pcm_s16le"}, {"mkv", "h264", "flac"}};
    const double clicks[] = {0.5, 1.5};
    for (unsigned i = 0; i < G_N_ELEMENTS(muxers); i++)
        for (unsigned o = 0; o < G_N_ELEMENTS(outputs); o++) {
            const struct barcode source = {
                .muxer = muxers[i], .audio = "aac", .frames = 50, .b_frames = 2};
            struct made made =
                made_of(barcode_make(&source), outputs[o][0], outputs[o][1], outputs[o][2]);
            g_test_message("%s to %s", muxers[i], outputs[o][0]);
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            barcode_check(seen, 0, 50);
            g_assert_cmpfloat_with_epsilon(barcode_time(seen, 0), 0, ms);
            g_assert_cmpfloat_with_epsilon(seen->sound_s, 0, ms);
            check_clicks(seen, clicks, 2, ms);
            made_clear(&made);
        }
}

/* Priming that no edit list hides is heard, and takes the place of the sound's own start. */
static void trap_4_without_edit_lists_sound_is_where_it_was(void)
{
    static const char *const outputs[][2] = {{"mp4", "aac"}, {"mp4", "ac3"},  {"mp4", "eac3"},
                                             {"mp4", "mp3"}, {"mp4", "opus"}, {"mp4", "flac"},
                                             {"mov", "aac"}, {"mp4", "copy"}, {"mov", "copy"}};
    const struct barcode source = {
        .muxer = "mp4", .audio = "aac", .frames = 50, .b_frames = 2, .width = 64, .height = 48};
    const double clicks[] = {0.5, 1.5};
    const int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(outputs); i++) {
        struct made made = made_of(dup(fd), outputs[i][0], "h264", outputs[i][1]);
        ((struct task_output *)made.task->outputs->pdata[0])->encode->edit_lists = false;
        g_test_message("%s in %s", outputs[i][1], outputs[i][0]);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        barcode_check(seen, 0, 50);
        g_assert_cmpfloat_with_epsilon(barcode_time(seen, 0), 0, ms);
        check_clicks(seen, clicks, 2, ms);
        made_clear(&made);
    }
    close(fd);
}

static void trap_5_sound_that_starts_later_stays_later(void)
{
    static const struct {
        const char *muxer;
        double start_s, late_s;
    } rows[] = {{"mov", 0, 0.5}, {"matroska", 0, 0.5}, {"mpegts", 1.4, 0.5}, {"mpegts", 0, 0.123}};
    static const char *const outputs[][3] = {{"mov", "h264", "pcm_s16le"},
                                             {"mkv", "h264", "flac"},
                                             {"mkv", "copy", "flac"},
                                             {"mkv", "copy", "copy"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        for (unsigned o = 0; o < G_N_ELEMENTS(outputs); o++) {
            bool exact = strcmp(rows[i].muxer, "mov") == 0;
            const struct barcode source = {.muxer = rows[i].muxer,
                                           .audio = exact ? "pcm_s16le" : "mp2",
                                           .frames = 50,
                                           .b_frames = 2,
                                           .samples = 2 * BARCODE_RATE - 5000,
                                           .start_s = rows[i].start_s,
                                           .sound_late_s = rows[i].late_s};
            int fd = barcode_make(&source);
            g_auto(barcode_seen_ptr) before = barcode_read(fd);
            struct made made = made_of(fd, outputs[o][0], outputs[o][1], outputs[o][2]);
            g_test_message("%s to %s, %s and %s", rows[i].muxer, outputs[o][0], outputs[o][1],
                           outputs[o][2]);
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            barcode_check(seen, 0, 50);
            double clicks[2];
            g_assert_cmpuint(before->clicks_s->len, ==, 2);
            for (unsigned c = 0; c < 2; c++)
                clicks[c] = g_array_index(before->clicks_s, double, c) - barcode_time(before, 0);
            g_assert_cmpfloat_with_epsilon(clicks[0], rows[i].late_s + 0.5,
                                           exact ? sample : 2 * ms);
            check_clicks(seen, clicks, 2, exact && o == 0 ? sample : ms);
            made_clear(&made);
        }
}

/* The clock of 33 bits at 90 kHz is through after 95443.718 s (ISO/IEC 13818-1, 2.4.3.7). */
static void trap_6_the_clock_of_a_transport_stream_wraps(void)
{
    const struct barcode source = {.muxer = "mpegts",
                                   .audio = "mp2",
                                   .frames = 500,
                                   .b_frames = 2,
                                   .start_s = 95443.717 - 8.34,
                                   .width = 64,
                                   .height = 48};
    struct made made = made_of(barcode_make(&source), "mov", "h264", "pcm_s16le");
    g_auto(barcode_seen_ptr) seen = rendered(&made);
    barcode_check(seen, 0, 500);
    for (unsigned n = 0; n < 500; n++)
        g_assert_cmpfloat_with_epsilon(barcode_time(seen, n), n / 25., ms);
    g_assert_cmpfloat_with_epsilon((double)seen->samples / BARCODE_RATE, 20, 0.04);
    made_clear(&made);
}

/* --- 7, 10: trims --- */

static const struct rational film = {24000, 1001}, pal = {25, 1}, ntsc = {30000, 1001};

static void trap_7_a_trim_is_exact_to_the_frame(void)
{
    static const struct {
        const char *from, *to;
        int first, count;
    } rows[] = {{"50f", "125f", 50, 75},
                {"2s", "5s", 50, 75},
                {"-200f", "-125f", 50, 75},
                {"0.04s", "0.08s", 1, 1},
                {"249f", NULL, 249, 1}};
    static const char *const muxers[] = {"mp4", "matroska", "mpegts", "avi"};
    for (unsigned m = 0; m < G_N_ELEMENTS(muxers); m++) {
        const struct barcode source = {.muxer = muxers[m],
                                       .frames = 250,
                                       .b_frames = 2,
                                       .gop = 30,
                                       .audio = "mp2",
                                       .samples = 10 * BARCODE_RATE - 1500};
        int fd = barcode_make(&source);
        for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
            struct made made = made_of(dup(fd), "mov", "h264", "pcm_s16le");
            g_test_message("%s: %s to %s", muxers[m], rows[i].from, rows[i].to);
            made_step(steps_of(&made), "trim", "from", rows[i].from, rows[i].to ? "to" : NULL,
                      rows[i].to, NULL);
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            barcode_check(seen, rows[i].first, (unsigned)rows[i].count);
            int64_t samples = (int64_t)rows[i].count * BARCODE_RATE / 25;
            g_assert_cmpint(seen->samples, <=, samples);
            g_assert_true(seen->samples == samples || !rows[i].to);
            made_clear(&made);
        }
        close(fd);
    }
}

static bool is_said(const struct made *made, const char *words)
{
    const struct output_result *output = made->result->outputs->pdata[0];
    for (guint i = 0; i < output->notes->len; i++)
        if (strstr(output->notes->pdata[i], words))
            return true;
    return false;
}

static const struct carried_row *sound_row(const struct made *made)
{
    const struct output_result *output = made->result->outputs->pdata[0];
    for (guint i = 0; i < output->claim.carried->len; i++) {
        const struct carried_row *row = output->claim.carried->pdata[i];
        if (row->keep == KEEP_TRACKS && strstr(row->what, "sound"))
            return row;
    }
    g_assert_not_reached();
}

/* 4 s of picture, 2 s of sound. */
static void trap_7_a_trim_behind_the_sound_leaves_the_picture(void)
{
    static const char *const outputs[][3] = {
        {"mov", "prores", "pcm_s16le"}, {"mkv", "ffv1", "flac"}, {"mp4", "h264", "aac"}};
    const struct barcode source = {
        .muxer = "matroska", .frames = 100, .audio = "pcm_s16le", .samples = 2 * BARCODE_RATE};
    int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(outputs); i++) {
        struct made made = made_of(dup(fd), outputs[i][0], outputs[i][1], outputs[i][2]);
        made_step(steps_of(&made), "trim", "from", "3s", NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        barcode_check(seen, 75, 25);
        g_assert_cmpint(seen->samples, ==, 0);
        g_assert_true(is_said(&made, "it ends before the programme begins"));
        g_assert_cmpint(sound_row(&made)->fate, ==, FATE_DROPPED);
        g_assert_cmpstr(sound_row(&made)->why, ==, "it ends before the programme begins");
        made_clear(&made);
    }
    close(fd);
}

static void trap_7_a_hold_makes_no_sound_where_there_is_none(void)
{
    const struct barcode source = {
        .muxer = "matroska", .frames = 100, .audio = "pcm_s16le", .samples = 2 * BARCODE_RATE};
    struct made made = made_of(barcode_make(&source), "mov", "prores", "pcm_s16le");
    made_step(steps_of(&made), "trim", "from", "3s", NULL);
    made_step(steps_of(&made), "freeze", "at", "500ms", "length", "1s", NULL);
    g_auto(barcode_seen_ptr) seen = rendered(&made);
    g_assert_cmpuint(seen->numbers->len, ==, 50);
    g_assert_cmpint(seen->samples, ==, 0);
    g_assert_true(is_said(&made, "it ends before the programme begins"));
    made_clear(&made);
}

static void trap_7_a_trim_behind_the_sound_leaves_nothing_for_a_sound_file(void)
{
    static const char *const outputs[][2] = {{"wav", "pcm_s16le"}, {"m4a", "aac"}};
    const struct barcode source = {
        .muxer = "matroska", .frames = 100, .audio = "pcm_s16le", .samples = 2 * BARCODE_RATE};
    int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(outputs); i++) {
        struct made made = made_of(dup(fd), outputs[i][0], NULL, outputs[i][1]);
        made_step(steps_of(&made), "trim", "from", "3s", NULL);
        const struct output_result *output = run(&made);
        g_assert_cmpint(output->failure.class, ==, FAIL_CONFIG);
        g_assert_nonnull(strstr(output->failure.message, "leave nothing of the sound"));
        made_clear(&made);
    }
    close(fd);
}

/* The reader begins before the trim, where there is sound. */
static void trap_7_what_a_trim_skips_is_no_silence(void)
{
    const struct barcode source = {.muxer = "matroska", .frames = 100, .audio = "pcm_s16le"};
    struct made made = made_of(barcode_make(&source), "mov", "prores", "pcm_s16le");
    made_step(steps_of(&made), "trim", "from", "3s", NULL);
    barcode_seen_free(rendered(&made));
    g_assert_false(is_said(&made, "silence added"));
    made_clear(&made);
}

static void trap_7_a_percentage_is_of_the_whole(void)
{
    const struct barcode source = {.muxer = "mov", .frames = 250, .b_frames = 2};
    struct made made = made_of(barcode_make(&source), "mov", "h264", NULL);
    made_step(steps_of(&made), "trim", "from", "20%", "to", "50%", NULL);
    g_auto(barcode_seen_ptr) seen = rendered(&made);
    barcode_check(seen, 50, 75);
    made_clear(&made);
}

static void trap_7_frames_are_counted_at_every_rate(void)
{
    const struct rational rates[] = {film, pal, ntsc, {60, 1}, {120000, 1001}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
        const struct barcode source = {
            .muxer = "matroska", .frames = 250, .b_frames = 2, .gop = 60, .fps = rates[i]};
        int fd = barcode_make(&source);
        for (int first = 97; first < 100; first++) {
            struct made made = made_of(dup(fd), "mp4", "h264", NULL);
            g_autofree char *from = g_strdup_printf("%df", first);
            made_step(steps_of(&made), "trim", "from", from, "length", "75f", NULL);
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            barcode_check(seen, first, 75);
            made_clear(&made);
        }
        close(fd);
    }
}

/* The pictures before an I picture that isn't IDR, in order of display, refer to those before it.
 */
static void trap_10_an_open_group_is_no_place_to_begin(void)
{
    const struct barcode source = {.muxer = "mp4",
                                   .frames = 200,
                                   .b_frames = 3,
                                   .gop = 40,
                                   .options =
                                       "x264-params=open-gop=1:bframes=3:b-adapt=0:scenecut=0"};
    int fd = barcode_make(&source);
    for (int first = 76; first < 84; first++) {
        struct made made = made_of(dup(fd), "mp4", "h264", NULL);
        g_autofree char *from = g_strdup_printf("%df", first);
        made_step(steps_of(&made), "trim", "from", from, "length", "40f", NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        barcode_check(seen, first, 40);
        made_clear(&made);
    }
    close(fd);
}

/* --- 12: what changes in the middle --- */

static const struct barcode changing = {.muxer = "mpegts",
                                        .video = "mpeg2video",
                                        .audio = "mp2",
                                        .frames = 100,
                                        .width = 640,
                                        .height = 360,
                                        .change_at = 50,
                                        .change_width = 1280,
                                        .change_height = 720};

static void trap_12_a_change_in_the_middle_fails_with_its_moment(void)
{
    struct made made = made_of(barcode_make(&changing), "mkv", "ffv1", "flac");
    const struct output_result *output = run(&made);
    g_test_message("%s", output->failure.message);
    g_assert_cmpint(output->failure.class, ==, FAIL_UNSUPPORTED);
    g_assert_nonnull(strstr(output->failure.message, "2.000 s: 640x360 becomes 1280x720"));
    made_clear(&made);
}

static void trap_12_a_change_in_the_middle_is_fitted(void)
{
    static const struct {
        int width, height;
    } sizes[] = {{1280, 720}, {320, 180}, {720, 576}};
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
        struct barcode source = changing;
        source.change_width = sizes[i].width;
        source.change_height = sizes[i].height;
        struct made made = made_of(barcode_make(&source), "mkv", "ffv1", "flac");
        made.task->changes_conform = true;
        made_step(made.task->steps, "gain", "gain", "-1 dB", NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        g_assert_cmpuint(seen->widths->len, ==, 100);
        for (unsigned n = 0; n < 100; n++) {
            g_assert_cmpint(g_array_index(seen->widths, int, n), ==, 640);
            g_assert_cmpfloat_with_epsilon(barcode_time(seen, n), n / 25., ms);
        }
        if (i < 2) /* the same shape: no bars beside it */
            barcode_check(seen, 0, 100);
        const double clicks[] = {0.5, 1.5, 2.5, 3.5};
        check_clicks(seen, clicks, 4, 2 * ms);
        made_clear(&made);
    }
}

/* Takes fd. */
static void append(int out, int fd)
{
    char data[4096];
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    for (ssize_t length; (length = read(fd, data, sizeof data)) > 0;)
        g_assert_cmpint(write(out, data, (size_t)length), ==, length);
    close(fd);
}

/* Two streams of which each begins at 1.4 s, the second of another size, one behind the other. */
static int spliced(void)
{
    struct barcode part = {
        .muxer = "mpegts", .audio = "mp2", .frames = 100, .b_frames = 2, .start_s = 1.4};
    const int out = made_file();
    for (int i = 0; i < 2; i++) {
        part.first = 100 * i;
        part.width = 320 << i;
        part.height = 180 << i;
        append(out, barcode_make(&part));
    }
    return out;
}

static void trap_12_a_splice_whose_times_begin_anew_goes_on(void)
{
    static const struct {
        const char *from;
        int first;
    } rows[] = {{NULL, 0}, {"90f", 90}};
    const int fd = spliced();
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct made made = made_of(dup(fd), "mkv", "ffv1", "flac");
        made.task->changes_conform = true;
        if (rows[i].from)
            made_step(steps_of(&made), "trim", "from", rows[i].from, NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        const unsigned first = i ? 4 : 0; /* click that is left */
        double clicks[8];
        for (unsigned c = 0; c < 8; c++)
            clicks[c] = c + 0.5 - rows[i].first / 25.;
        barcode_check(seen, rows[i].first, 200 - (unsigned)rows[i].first);
        check_clicks(seen, clicks + first, 8 - first, 2 * ms);
        made_clear(&made);
    }
    close(fd);
}

/* The same transport stream with a cue so long behind its beginning; takes fd. */
static int cued(int fd, double at_s)
{
    static uint8_t segment[8] = {0x0f, 0x80, 0, 1, 0, 0, 0xff}; /* of EN 300 743: an end */
    const int out = made_file();
    g_autofree char *from = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *to = g_strdup_printf("/proc/self/fd/%d", out);
    AVFormatContext *in = NULL, *copy = NULL;
    AVPacket *packet = av_packet_alloc(), *cue = av_packet_alloc();
    g_assert_cmpint(avformat_open_input(&in, from, NULL, NULL), >=, 0);
    g_assert_cmpint(avformat_find_stream_info(in, NULL), >=, 0);
    avformat_alloc_output_context2(&copy, NULL, "mpegts", NULL);
    for (unsigned i = 0; i < in->nb_streams; i++)
        avcodec_parameters_copy(avformat_new_stream(copy, NULL)->codecpar,
                                in->streams[i]->codecpar);
    AVStream *cues = avformat_new_stream(copy, NULL);
    cues->codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
    cues->codecpar->codec_id = AV_CODEC_ID_DVB_SUBTITLE;
    g_assert_cmpint(avio_open(&copy->pb, to, AVIO_FLAG_WRITE), >=, 0);
    g_assert_cmpint(avformat_write_header(copy, NULL), >=, 0);
    cue->data = segment;
    cue->size = 7;
    cue->stream_index = cues->index;
    cue->pts = cue->dts = in->start_time * 9 / 100 + llround(at_s * 90000);
    g_assert_cmpint(av_interleaved_write_frame(copy, cue), >=, 0);
    while (av_read_frame(in, packet) >= 0)
        g_assert_cmpint(av_interleaved_write_frame(copy, packet), >=, 0);
    g_assert_cmpint(av_write_trailer(copy), >=, 0);
    avio_closep(&copy->pb);
    avformat_free_context(copy);
    avformat_close_input(&in);
    av_packet_free(&packet);
    av_packet_free(&cue);
    close(fd);
    return out;
}

/* Its own times go on at the splice: the file's order tells which part it is of. */
static void trap_12_a_cue_behind_a_splice_is_of_the_part_that_it_stands_in(void)
{
    const struct barcode part = {
        .muxer = "mpegts", .audio = "mp2", .width = 320, .height = 180, .frames = 100};
    const double at_s[] = {1, 2.5};
    const int out = made_file();
    for (int i = 0; i < 2; i++)
        append(out, cued(barcode_make(&part), at_s[i]));
    struct failure failure = {0};
    const struct source_opts how = {.restarts = RESTARTS_JOINED};
    g_auto(source_ptr) source = source_open(out, &how, &failure);
    g_assert_nonnull(source);
    const int cues = source_streams(source) - 1;
    g_assert_cmpint(source_stream(source, cues)->type, ==, AVMEDIA_TYPE_SUBTITLE);
    g_assert_true(source_use(source, cues, SOURCE_PACKETS, &failure));
    struct source_item item;
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(source_next(source, &item, &failure), ==, SOURCE_PACKET);
        g_assert_cmpfloat_with_epsilon(item.time_s, 4 * i + at_s[i], ms);
    }
    close(out);
}

/* --- copied sound whose times aren't those of its samples --- */

/* The same packets, those of sound with other times: `place` says where packet n of 1024 samples
 * is. */
static int with_sound_at(int fd, const char *muxer, int64_t (*place)(int n))
{
    const int out = made_file();
    g_autofree char *from = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *to = g_strdup_printf("/proc/self/fd/%d", out);
    AVFormatContext *in = NULL, *copy = NULL;
    AVPacket *packet = av_packet_alloc();
    AVDictionary *options = NULL;
    g_assert_cmpint(avformat_open_input(&in, from, NULL, NULL), >=, 0);
    g_assert_cmpint(avformat_find_stream_info(in, NULL), >=, 0);
    avformat_alloc_output_context2(&copy, NULL, muxer, NULL);
    for (unsigned i = 0; i < in->nb_streams; i++) {
        AVStream *stream = avformat_new_stream(copy, NULL);
        avcodec_parameters_copy(stream->codecpar, in->streams[i]->codecpar);
        stream->codecpar->codec_tag = 0;
        stream->time_base = in->streams[i]->time_base;
    }
    g_assert_cmpint(avio_open(&copy->pb, to, AVIO_FLAG_WRITE), >=, 0);
    if (strcmp(muxer, "mp4") == 0)
        av_dict_set(&options, "use_editlist", "0", 0);
    g_assert_cmpint(avformat_write_header(copy, &options), >=, 0);
    av_dict_free(&options);
    for (int n = 0; av_read_frame(in, packet) >= 0;) {
        const AVStream *stream = copy->streams[packet->stream_index];
        const AVRational rate = {1, BARCODE_RATE};
        const bool sound = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        av_packet_rescale_ts(packet, in->streams[packet->stream_index]->time_base,
                             stream->time_base);
        if (sound) {
            packet->pts = packet->dts = av_rescale_q(place(n), rate, stream->time_base);
            packet->duration = av_rescale_q(place(n + 1) - place(n), rate, stream->time_base);
            n++;
        }
        g_assert_cmpint(av_interleaved_write_frame(copy, packet), >=, 0);
    }
    g_assert_cmpint(av_write_trailer(copy), >=, 0);
    avio_closep(&copy->pb);
    avformat_free_context(copy);
    avformat_close_input(&in);
    av_packet_free(&packet);
    return out;
}

static int64_t first_is_short(int n)
{
    return n ? 259 + (n - 1) * 1024 : 0;
}

static int64_t all_at_once(int n)
{
    return n * 96;
}

/* What is promised of a copy, which is held against what is decoded of it. */
static void copied_sound_is_as_long_as_its_samples(void)
{
    static const struct {
        const char *muxer;
        int64_t (*place)(int n);
    } rows[] = {{"mp4", first_is_short}, {"matroska", all_at_once}};
    static const char *const outputs[] = {"mkv", "mov"};
    const struct barcode source = {
        .muxer = "mp4", .audio = "aac", .frames = 50, .width = 64, .height = 48};
    const int copy = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const int fd = with_sound_at(copy, rows[i].muxer, rows[i].place);
        for (unsigned o = 0; o < G_N_ELEMENTS(outputs); o++) {
            struct made made = made_of(dup(fd), outputs[o], "copy", "copy");
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            const struct output_result *output = made.result->outputs->pdata[0];
            g_test_message("%s to %s", rows[i].muxer, outputs[o]);
            g_assert_cmpfloat_with_epsilon((double)seen->samples / BARCODE_RATE, 2, 0.05);
            g_assert_cmpfloat_with_epsilon(output->claim.audio_s,
                                           (double)seen->samples / BARCODE_RATE, 0.022);
            made_clear(&made);
        }
        close(fd);
    }
    close(copy);
}

/* --- speed --- */

/* Where an onset is heard, and how long the whole lasts; the pitch is kept. */
static void at_another_speed_sound_is_beside_its_picture(void)
{
    static const char *const factors[] = {"0.5", "0.8", "1.25"};
    const struct barcode source = {
        .muxer = "mov", .audio = "pcm_s16le", .frames = 100, .width = 64, .height = 48};
    const int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(factors); i++) {
        const double factor = g_ascii_strtod(factors[i], NULL);
        struct made made = made_of(dup(fd), "mov", "prores", "pcm_s16le");
        made_step(steps_of(&made), "speed", "factor", factors[i], NULL);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        g_test_message("%s", factors[i]);
        g_assert_cmpint(seen->samples, ==, llround(4 * BARCODE_RATE / factor));
        g_assert_cmpuint(seen->numbers->len, ==, llround(100 / factor));
        const double clicks[] = {0.5 / factor, 1.5 / factor, 2.5 / factor, 3.5 / factor};
        check_clicks(seen, clicks, 4, 1.5 * ms);
        made_clear(&made);
    }
    close(fd);
}

/* --- 23: priming --- */

static void trap_23_lossy_sound_is_where_it_was(void)
{
    static const struct {
        const char *container, *video, *audio;
        double within_s;
    } rows[] = {{"mov", "prores", "pcm_s24le", 1e-6}, {"mkv", "ffv1", "flac", 0.0005 + 1e-9},
                {"mov", "h264", "aac", sample},       {"mp4", "h264", "aac", sample},
                {"mkv", "h264", "aac", ms},           {"mkv", "h264", "opus", ms},
                {"webm", "vp9", "opus", ms},          {"mp4", "h264", "opus", sample},
                {"mkv", "h264", "mp3", ms},           {"mp4", "h264", "mp3", sample}};
    const double clicks[] = {0.5, 1.5, 2.5, 3.5};
    const struct barcode source = {
        .muxer = "mov", .audio = "pcm_s16le", .frames = 100, .width = 64, .height = 48};
    int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct made made = made_of(dup(fd), rows[i].container, rows[i].video, rows[i].audio);
        made_step(steps_of(&made), "gain", "gain", "-1 dB", NULL);
        g_test_message("%s %s", rows[i].container, rows[i].audio);
        g_auto(barcode_seen_ptr) seen = rendered(&made);
        check_clicks(seen, clicks, 4, rows[i].within_s);
        made_clear(&made);
    }
    close(fd);
}

/* --- 25: nothing stays in an encoder --- */

static void trap_25_all_frames_leave_the_encoder(void)
{
    static const char *const outputs[][2] = {
        {"mp4", "h264"}, {"mkv", "hevc"}, {"mkv", "av1"}, {"mov", "dnxhd"}, {"webm", "vp9"}};
    static const int counts[] = {1, 2, 3};
    for (unsigned o = 0; o < G_N_ELEMENTS(outputs); o++)
        for (unsigned c = 0; c < G_N_ELEMENTS(counts); c++) {
            const struct barcode source = {.muxer = "matroska",
                                           .video = "ffv1",
                                           .frames = counts[c],
                                           .width = 256,
                                           .height = 144};
            struct made made = made_of(barcode_make(&source), outputs[o][0], outputs[o][1], NULL);
            g_test_message("%s %d", outputs[o][1], counts[c]);
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            barcode_check(seen, 0, (unsigned)counts[c]);
            made_clear(&made);
        }
}

/* --- 30, 31: damage --- */

static void expect_damage(const struct made *made, const char *words)
{
    const struct output_result *output = run(made);
    g_assert_nonnull(output);
    g_assert_cmpint(output->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_test_message("%s", output->failure.message);
    g_assert_nonnull(strstr(output->failure.message, words));
}

static void trap_30_a_file_that_is_cut_short_is_refused(void)
{
    static const struct {
        const char *muxer, *words;
    } rows[] = {{"matroska", "cut short"}, {"mp4", "cut short"}, {"avi", "cut short"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct barcode source = {
            .muxer = rows[i].muxer, .audio = "mp2", .frames = 250, .video = "mpeg4"};
        int fd = barcode_make(&source);
        struct made made = made_of(fd, "mov", "prores", "pcm_s16le");
        made.task->source = facts_create(); /* it was whole when it was planned */
        g_assert_cmpint(ftruncate(fd, lseek(fd, 0, SEEK_END) * 6 / 10), ==, 0);
        g_test_message("%s", rows[i].muxer);
        expect_damage(&made, strcmp(rows[i].muxer, "mp4") ? rows[i].words : "");
        made_clear(&made);
    }
}

/* In the middle of the file, so of a picture. */
static int with_flipped_bytes(int fd, int count)
{
    off_t middle = lseek(fd, 0, SEEK_END) / 2;
    for (int i = 0; i < count; i++) {
        guint8 byte;
        g_assert_cmpint(pread(fd, &byte, 1, middle + i), ==, 1);
        byte ^= 0x55;
        g_assert_cmpint(pwrite(fd, &byte, 1, middle + i), ==, 1);
    }
    return fd;
}

static void trap_31_what_a_decoder_conceals_is_counted(void)
{
    static const char *const encoders[] = {"mpeg2video", "libx264", "ffv1"};
    for (unsigned i = 0; i < G_N_ELEMENTS(encoders); i++) {
        const struct barcode source = {
            .muxer = "matroska",
            .video = encoders[i],
            .frames = 100,
            .options = strcmp(encoders[i], "ffv1") ? NULL : "slicecrc=1,level=3"};
        int fd = with_flipped_bytes(barcode_make(&source), 8);
        struct made made = made_of(dup(fd), "mov", "prores", NULL);
        g_test_message("%s", encoders[i]);
        expect_damage(&made, " the first at ");
        struct made allowed = made_of(fd, "mov", "prores", NULL);
        allowed.task->damaged_allow = true;
        g_auto(barcode_seen_ptr) seen = rendered(&allowed);
        g_assert_cmpuint(seen->numbers->len, >=, 98);
        made_clear(&made);
        made_clear(&allowed);
    }
}

/* --- 37: pictures without a time --- */

static void trap_37_pictures_without_a_time_are_timed(void)
{
    static const struct {
        const char *muxer, *video;
        int b_frames;
    } rows[] = {{"h264", "libx264", 2},
                {"avi", "mpeg4", 2},
                {"avi", "libx264", 2},
                {"mpeg1video", "mpeg1video", 2}};
    static const char *const outputs[][2] = {{"mp4", "h264"}, {"mkv", "ffv1"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        for (unsigned o = 0; o < G_N_ELEMENTS(outputs); o++) {
            const struct barcode source = {.muxer = rows[i].muxer,
                                           .video = rows[i].video,
                                           .b_frames = rows[i].b_frames,
                                           .frames = 100};
            struct made made = made_of(barcode_make(&source), outputs[o][0], outputs[o][1], NULL);
            g_test_message("%s of %s", rows[i].muxer, rows[i].video);
            g_auto(barcode_seen_ptr) seen = rendered(&made);
            barcode_check(seen, 0, 100);
            for (unsigned n = 0; n < 100; n++)
                g_assert_cmpfloat_with_epsilon(barcode_time(seen, n), n / 25., ms);
            made_clear(&made);
        }
}

static void count(void *data, double fraction)
{
    g_assert_cmpfloat(fraction, <=, 1);
    ++*(int *)data;
}

/* What takes minutes of a large file isn't silent. */
static void trap_8_reading_a_transport_stream_for_its_length_is_told(void)
{
    const struct barcode source = {.muxer = "mpegts", .frames = 50, .audio = "mp2"};
    struct failure failure = {0};
    const int fd = barcode_make(&source);
    int told = 0;
    const struct source_opts how = {.restarts = RESTARTS_JOINED, .reading = count, .data = &told};
    struct source *opened = source_open(fd, &how, &failure);
    g_assert_nonnull(opened);
    g_assert_cmpint(told, >, 0);
    source_close(opened);
    close(fd);
}

static void trap_8_what_is_known_of_a_transport_stream_is_not_read_for(void)
{
    const struct barcode source = {.muxer = "mpegts", .frames = 50, .audio = "mp2"};
    struct failure failure = {0};
    const int fd = barcode_make(&source);
    int told = 0;
    const struct source_opts how = {
        .restarts = RESTARTS_JOINED, .unspliced = true, .reading = count, .data = &told};
    struct source *opened = source_open(fd, &how, &failure);
    g_assert_nonnull(opened);
    g_assert_cmpint(told, ==, 0);
    source_close(opened);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/traps/1 a variable rate becomes constant with its length",
                    trap_1_a_variable_rate_becomes_constant_with_its_length);
    g_test_add_func("/traps/1 the last picture lasts until the sound ends",
                    trap_1_the_last_picture_lasts_until_the_sound_ends);
    g_test_add_func("/traps/1 a variable rate is kept where it can be",
                    trap_1_a_variable_rate_is_kept_where_it_can_be);
    g_test_add_func("/traps/1 a variable rate isn't copied where rates are constant",
                    trap_1_a_variable_rate_is_not_copied_where_rates_are_constant);
    g_test_add_func("/traps/1 a missing picture doesn't change the rate",
                    trap_1_a_missing_picture_does_not_change_the_rate);
    g_test_add_func("/traps/8 reading a transport stream for its length is told",
                    trap_8_reading_a_transport_stream_for_its_length_is_told);
    g_test_add_func("/traps/8 what is known of a transport stream is not read for",
                    trap_8_what_is_known_of_a_transport_stream_is_not_read_for);
    g_test_add_func("/traps/2 an hour at a rate of NTSC has its frames",
                    trap_2_an_hour_at_a_rate_of_ntsc_has_its_frames);
    g_test_add_func("/traps/3 reordered pictures start with the sound",
                    trap_3_reordered_pictures_start_with_the_sound);
    g_test_add_func("/traps/4 without edit lists sound is where it was",
                    trap_4_without_edit_lists_sound_is_where_it_was);
    g_test_add_func("/traps/5 sound that starts later stays later",
                    trap_5_sound_that_starts_later_stays_later);
    g_test_add_func("/traps/6 the clock of a transport stream wraps",
                    trap_6_the_clock_of_a_transport_stream_wraps);
    g_test_add_func("/traps/7 a trim is exact to the frame", trap_7_a_trim_is_exact_to_the_frame);
    g_test_add_func("/traps/7 a percentage is of the whole", trap_7_a_percentage_is_of_the_whole);
    g_test_add_func("/traps/7 a hold makes no sound where there is none",
                    trap_7_a_hold_makes_no_sound_where_there_is_none);
    g_test_add_func("/traps/7 a trim behind the sound leaves the picture",
                    trap_7_a_trim_behind_the_sound_leaves_the_picture);
    g_test_add_func("/traps/7 a trim behind the sound leaves nothing for a sound file",
                    trap_7_a_trim_behind_the_sound_leaves_nothing_for_a_sound_file);
    g_test_add_func("/traps/7 what a trim skips is no silence",
                    trap_7_what_a_trim_skips_is_no_silence);
    g_test_add_func("/traps/7 frames are counted at every rate",
                    trap_7_frames_are_counted_at_every_rate);
    g_test_add_func("/traps/10 an open group is no place to begin",
                    trap_10_an_open_group_is_no_place_to_begin);
    g_test_add_func("/traps/12 a change in the middle fails with its moment",
                    trap_12_a_change_in_the_middle_fails_with_its_moment);
    g_test_add_func("/traps/12 a splice whose times begin anew goes on",
                    trap_12_a_splice_whose_times_begin_anew_goes_on);
    g_test_add_func("/traps/12 a cue behind a splice is of the part that it stands in",
                    trap_12_a_cue_behind_a_splice_is_of_the_part_that_it_stands_in);
    g_test_add_func("/traps/12 a change in the middle is fitted",
                    trap_12_a_change_in_the_middle_is_fitted);
    g_test_add_func("/traps/copied sound is as long as its samples",
                    copied_sound_is_as_long_as_its_samples);
    g_test_add_func("/traps/at another speed sound is beside its picture",
                    at_another_speed_sound_is_beside_its_picture);
    g_test_add_func("/traps/23 lossy sound is where it was", trap_23_lossy_sound_is_where_it_was);
    g_test_add_func("/traps/25 all frames leave the encoder", trap_25_all_frames_leave_the_encoder);
    g_test_add_func("/traps/30 a file that is cut short is refused",
                    trap_30_a_file_that_is_cut_short_is_refused);
    g_test_add_func("/traps/31 what a decoder conceals is counted",
                    trap_31_what_a_decoder_conceals_is_counted);
    g_test_add_func("/traps/37 pictures without a time are timed",
                    trap_37_pictures_without_a_time_are_timed);
    return g_test_run();
}
