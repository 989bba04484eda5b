/* SPDX-License-Identifier: GPL-3.0-or-later
 * `freeze`: which frames are seen, when, and what is heard meanwhile. */
#include "made.h"
#include "picture_help.h"

enum { SIZE = 32 };

static int luma_frame(const AVFrame *frame)
{
    return ((int)picture_sample(frame, 0, 3, 3) - 20) / 4;
}

/* Frames are `step` ticks of so many a second apart. */
static GPtrArray *frozen(const struct video_shape *shape, int ticks, int step, const char *at,
                         const char *length, const char *sound)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain_in(shape, ticks);
    g_assert_true(picture_step(chain, &failure, NULL, "freeze", "at", at, "length", length, "sound",
                               sound, NULL));
    for (int n = 0; n < 50; n++) {
        AVFrame *frame = picture_frame(shape, n * step, 20 + 4 * (unsigned)n);
        frame->pkt_duration = step;
        picture_push(chain, frame);
    }
    return picture_end(chain);
}

static const int ticks[] = {25, 1000, 12800, 90000};

/* 0.4 s is frame 10; 8 frames more. */
static void inserted_frames_are_the_one(void)
{
    const struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    for (unsigned i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const int step = ticks[i] / 25;
        g_autoptr(GPtrArray) out = frozen(&shape, ticks[i], step, "400ms", "8f", "silence");
        g_assert_cmpuint(out->len, ==, 58);
        for (int k = 0; k < 58; k++) {
            g_assert_cmpint(((AVFrame *)out->pdata[k])->pts, ==, k * step);
            g_assert_cmpint(luma_frame(out->pdata[k]), ==, k < 10 ? k : k < 18 ? 10 : k - 8);
        }
    }
}

static void covered_frames_are_the_one(void)
{
    const struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    for (unsigned i = 0; i < G_N_ELEMENTS(ticks); i++) {
        const int step = ticks[i] / 25;
        g_autoptr(GPtrArray) out = frozen(&shape, ticks[i], step, "10f", "320ms", "goes-on");
        g_assert_cmpuint(out->len, ==, 50);
        for (int k = 0; k < 50; k++) {
            g_assert_cmpint(((AVFrame *)out->pdata[k])->pts, ==, k * step);
            g_assert_cmpint(luma_frame(out->pdata[k]), ==, k >= 10 && k < 18 ? 10 : k);
        }
    }
}

/* The last frame, and the only one. */
static void the_end_can_be_held(void)
{
    const struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    g_autoptr(GPtrArray) out = frozen(&shape, 25, 1, "49f", "1s", "silence");
    g_assert_cmpuint(out->len, ==, 75);
    g_assert_cmpint(luma_frame(out->pdata[74]), ==, 49);
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "freeze", "at", "0s", "length", "2f", NULL));
    picture_push(chain, picture_frame(&shape, 0, 99));
    g_autoptr(GPtrArray) one = picture_end(chain);
    g_assert_cmpuint(one->len, ==, 3);
}

/* A day of 25 frames a second: they are made as they are asked for. */
static void a_long_hold_keeps_one_frame(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(
        picture_step(chain, &failure, NULL, "freeze", "at", "0s", "length", "2160000f", NULL));
    picture_push(chain, picture_frame(&shape, 0, 60));
    picture_push(chain, picture_frame(&shape, 1, 80));
    AVFrame *out = av_frame_alloc();
    for (int k = 0; k < 100; k++) {
        g_assert_cmpint(chain_pull(chain, out, &failure), ==, CHAIN_FRAME);
        g_assert_cmpint(out->pts, ==, k);
        g_assert_cmpint(luma_frame(out), ==, 10);
        g_assert_cmpint(av_buffer_get_ref_count(out->buf[0]), <, 10);
        av_frame_unref(out);
    }
    av_frame_free(&out);
}

/* A variable rate: no frame is made, the one is longer. */
static void of_a_variable_rate_times_move(void)
{
    struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    shape.fps = (struct rational){0, 1};
    g_autoptr(GPtrArray) out = frozen(&shape, 25, 2, "850ms", "2s", "silence");
    g_assert_cmpuint(out->len, ==, 51);
    g_assert_cmpint(((AVFrame *)out->pdata[10])->pts, ==, 20);
    g_assert_cmpint(((AVFrame *)out->pdata[11])->pts, ==, 70);
    g_assert_cmpint(luma_frame(out->pdata[10]), ==, 10);
    g_assert_cmpint(luma_frame(out->pdata[11]), ==, 10);
    g_assert_cmpint(((AVFrame *)out->pdata[12])->pts, ==, 72);
}

/* The two fields of a frame are of two moments: the held one has one of them. */
static void one_field_is_held(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    shape.interlaced = shape.top_field_first = true;
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "freeze", "at", "0s", "length", "1f", NULL));
    AVFrame *frame = picture_frame(&shape, 0, 60);
    for (int y = 1; y < SIZE; y += 2)
        picture_fill(frame, 0, 0, y, SIZE, y + 1, 180);
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 2);
    for (int y = 0; y < SIZE; y++) {
        g_assert_cmpuint(picture_sample(out->pdata[0], 0, 4, y), ==, 60);
        g_assert_cmpuint(picture_sample(out->pdata[1], 0, 4, y), ==, y % 2 ? 180 : 60);
    }
}

/* A render of two seconds with half a second held: picture and sound are as long as one another. */
static void sound_waits(void)
{
    const int fds[] = {made_source(50, (struct rational){25, 1}, true), made_file()};
    struct task *task = made_task("mov", "ffv1", "pcm_s16le");
    task->source->kind = KIND_VIDEO;
    task->source->fps = (struct rational){25, 1};
    task->source->duration_s = 2;
    made_step(task->steps, "freeze", "at", "1s", "length", "500ms", NULL);
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    g_assert_cmpint(output->claim.frames, ==, 63);
    g_assert_cmpint(output->claim.samples, ==, 96000 + 24960);
    result_destroy(result);
    task_destroy(task);
}

/* Of two seconds; `fps` as the facts have it. */
static struct result *held_at(const char *at, struct rational fps, int *picture, int64_t *sound)
{
    const int fds[] = {made_source(50, (struct rational){25, 1}, true), made_file()};
    struct task *task = made_task("mov", "ffv1", "pcm_s16le");
    task->source->kind = KIND_VIDEO;
    task->source->fps = fps;
    task->source->duration_s = 2;
    task->source->timecode = g_strdup("10:00:00:00");
    made_step(task->steps, "freeze", "at", at, "length", "1s", NULL);
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    *picture = (int)output->claim.frames;
    *sound = output->claim.samples;
    task_destroy(task);
    return result;
}

static void the_end_is_the_last_frame(void)
{
    static const char *const ends[] = {"100%", "2s", "-1f", "1.99s"};
    static const char note[] = "frame at 10:00:01:24 held for 1.000 s: what follows comes so much "
                               "later, also by its timecode";
    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
        int picture;
        int64_t sound;
        g_auto(result_ptr) result = held_at(ends[i], (struct rational){25, 1}, &picture, &sound);
        const struct output_result *output = result->outputs->pdata[0];
        g_assert_true(g_ptr_array_find_with_equal_func(output->notes, note, g_str_equal, NULL));
        g_assert_cmpint(picture, ==, 75);
        g_assert_cmpint(sound, ==, 3 * 48000);
    }
}

/* Where the frames' rate isn't known, the end is no frame's start. */
static void silence_comes_behind_sound_that_ends_by_then(void)
{
    static const char *const ends[] = {"100%", "1999ms"};
    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
        int picture;
        int64_t sound;
        result_destroy(held_at(ends[i], (struct rational){0, 1}, &picture, &sound));
        g_assert_cmpint(picture, ==, 75);
        g_assert_cmpint(sound, ==, 3 * 48000);
    }
}

static void refuses_what_is_outside(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", SIZE, SIZE);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_false(picture_step(chain, &failure, NULL, "freeze", "at", "5s", "length", "2f", NULL));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_true(g_str_has_prefix(failure.message, "freeze.at: "));
    failure_clear(&failure);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/freeze/inserted", inserted_frames_are_the_one);
    g_test_add_func("/freeze/covered", covered_frames_are_the_one);
    g_test_add_func("/freeze/end", the_end_can_be_held);
    g_test_add_func("/freeze/long", a_long_hold_keeps_one_frame);
    g_test_add_func("/freeze/variable", of_a_variable_rate_times_move);
    g_test_add_func("/freeze/fields", one_field_is_held);
    g_test_add_func("/freeze/sound", sound_waits);
    g_test_add_func("/freeze/last", the_end_is_the_last_frame);
    g_test_add_func("/freeze/silence behind", silence_comes_behind_sound_that_ends_by_then);
    g_test_add_func("/freeze/outside", refuses_what_is_outside);
    return g_test_run();
}
