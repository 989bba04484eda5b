/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments beside what they were made of: each pair is of one frame, whatever lies between. */
#include "made.h"
#include "media/chain_run.h"
#include "media/compare.h"
#include "worker/run.h"

#include <math.h>
#include <unistd.h>
#include <vips/vips.h>

enum { WIDTH = 64, HEIGHT = 48, PAIRS_MAX = 8 };

/* What was taken: the frames that the greys say. */
struct seen {
    int count, index[PAIRS_MAX], before[PAIRS_MAX], after[PAIRS_MAX];
    int before_width, after_width, before_height;
    double row_step; /* from the first row to the second, of both together */
    bool freed;
};

/* Frame n has luma 20 + 2 n in limited range. */
static int frame_of(double value)
{
    return (int)lround((value * 219 + 16 - 20) / 2);
}

static bool take(void *state, const struct compare_pair *pair, struct failure *failure)
{
    struct seen *seen = state;
    const int at = seen->count++;
    seen->index[at] = pair->index;
    seen->before[at] = frame_of((double)pair->before->g[0]);
    seen->after[at] = frame_of((double)pair->after->g[0] * 2);
    seen->before_width = pair->before->width;
    seen->after_width = pair->after->width;
    seen->before_height = pair->before->height;
    seen->row_step = fabs((double)(pair->before->g[pair->before->stride] - pair->before->g[0])) +
                     fabs((double)(pair->after->g[pair->after->stride] - pair->after->g[0]));
    return true;
}

static bool draw(void *state, uint8_t *pixels, size_t stride, struct failure *failure)
{
    pixels[stride + 3] = 77;
    return true;
}

static void release(void *state)
{
    ((struct seen *)state)->freed = true;
}

static struct chain *chain_of(int rotation, bool interlaced)
{
    const struct video_shape shape = {.width = WIDTH,
                                      .height = HEIGHT,
                                      .sar = {1, 1},
                                      .fps = {25, 1},
                                      .duration_s = 2,
                                      .depth = 8,
                                      .chroma_w = 1,
                                      .chroma_h = 1,
                                      .pix_fmt = "yuv420p",
                                      .range = "tv",
                                      .matrix = "bt709",
                                      .primaries = "bt709",
                                      .transfer = "bt709",
                                      .interlaced = interlaced};
    const struct chain_input input = {
        .time_base = {1, 25}, .threads = 1, .video = &shape, .rotation = rotation};
    struct failure failure = {0};
    struct chain *chain = chain_create_video(&input, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return chain;
}

/* Every other row, which is the second field, is so much brighter. */
static void push(struct chain *chain, int n, int second)
{
    struct failure failure = {0};
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = WIDTH;
    frame->height = HEIGHT;
    frame->pts = n;
    frame->pkt_duration = 1;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < 3; plane++)
        memset(frame->data[plane], plane ? 128 : 20 + 2 * n,
               (size_t)frame->linesize[plane] * (plane ? HEIGHT / 2 : HEIGHT));
    for (int y = 1; y < HEIGHT; y += 2)
        memset(frame->data[0] + y * frame->linesize[0], 20 + 2 * n + second, WIDTH);
    g_assert_true(chain_push(chain, frame, &failure));
    av_frame_free(&frame);
}

/* All that `from` gives goes into `to`. */
static void pass(struct chain *from, struct chain *to)
{
    struct failure failure = {0};
    AVFrame *out = av_frame_alloc();
    while (chain_pull(from, out, &failure) == CHAIN_FRAME) {
        g_assert_true(chain_push(to, out, &failure));
        av_frame_unref(out);
    }
    av_frame_free(&out);
}

/* 50 frames through both; what comes out is one picture, as drawn. */
static void run(struct chain *trunk, struct chain *branch, int second)
{
    struct failure failure = {0};
    AVFrame *out = av_frame_alloc();
    for (int n = 0; n < 50; n++) {
        push(trunk, n, second);
        pass(trunk, branch);
    }
    g_assert_true(chain_push(trunk, NULL, &failure));
    pass(trunk, branch);
    g_assert_true(chain_push(branch, NULL, &failure));
    g_assert_cmpint(chain_pull(branch, out, &failure), ==, CHAIN_FRAME);
    g_assert_cmpint(out->width, ==, 10);
    g_assert_cmpint(out->height, ==, 4);
    g_assert_cmpint(out->data[0][out->linesize[0] + 3], ==, 77);
    av_frame_unref(out);
    g_assert_cmpint(chain_pull(branch, out, &failure), ==, CHAIN_END);
    av_frame_free(&out);
}

static void compare(struct chain *chain, struct seen *seen, int count, const double *at_s)
{
    const struct compare_maker maker = {10, 4, seen, take, draw, release};
    struct failure failure = {0};
    g_assert_true(chain_filter(chain, &failure, "lutyuv", "y", "16+(val-16)/2", NULL));
    g_assert_true(chain_compare(chain, &failure, at_s, count, &maker));
    g_assert_true(chain_is_still(chain));
}

/* 10 frames trimmed off by the trunk, 50 fps made of 25 in the branch, and half a second is frame
 * 10 + 12.5. A moment past the end is the last frame. */
static void pairs_are_of_one_frame(void)
{
    struct seen seen = {0};
    struct failure failure = {0};
    struct chain *trunk = chain_of(0, false);
    g_assert_true(chain_trim(trunk, &failure, 0.4, NAN));
    struct chain *branch = chain_branch(trunk, &failure);
    g_assert_true(chain_constant_rate(branch, &failure, (struct rational){50, 1}));
    compare(branch, &seen, 4, (const double[]){0, 0.5, 0.52, 7});
    run(trunk, branch, 0);
    static const int frames[] = {10, 22, 23, 49};
    g_assert_cmpint(seen.count, ==, 4);
    for (int i = 0; i < 4; i++) {
        g_assert_cmpint(seen.index[i], ==, i);
        g_assert_cmpint(seen.before[i], ==, frames[i]);
        g_assert_cmpint(seen.after[i], ==, frames[i]);
    }
    chain_destroy(branch);
    chain_destroy(trunk);
    g_assert_true(seen.freed);
}

static void both_are_upright_and_of_their_own_size(void)
{
    struct seen seen = {0};
    struct failure failure = {0};
    struct video_shape decoded;
    struct chain *trunk = chain_of(90, false);
    struct chain *branch = chain_branch(trunk, &failure);
    g_assert_true(chain_filter(branch, &failure, "zscale", "w", "24", "h", "32", NULL));
    g_assert_true(chain_decoded_shape(branch, &decoded, &failure));
    g_assert_cmpint(decoded.width, ==, HEIGHT);
    g_assert_cmpint(decoded.height, ==, WIDTH);
    compare(branch, &seen, 1, (const double[]){1});
    run(trunk, branch, 0);
    g_assert_cmpint(seen.before_width, ==, HEIGHT);
    g_assert_cmpint(seen.after_width, ==, 24);
    g_assert_cmpint(seen.before[0], ==, 25);
    chain_destroy(branch);
    chain_destroy(trunk);
}

static void fields_are_not_mixed(void)
{
    struct seen seen = {0};
    struct failure failure = {0};
    struct chain *trunk = chain_of(0, true);
    struct chain *branch = chain_branch(trunk, &failure);
    compare(branch, &seen, 1, (const double[]){1});
    run(trunk, branch, 60);
    g_assert_cmpint(seen.before_height, ==, HEIGHT / 2);
    g_assert_cmpfloat(seen.row_step, <, 0.001);
    chain_destroy(branch);
    chain_destroy(trunk);
}

static void the_story_is_of_the_steps(void)
{
    struct failure failure = {0};
    struct chain *trunk = chain_of(90, false); /* which is noted, too */
    chain_note(trunk, "one");
    struct chain *branch = chain_branch(trunk, &failure);
    chain_note(branch, "two");
    g_autofree char *story = chain_story(branch);
    g_assert_cmpstr(story, ==, "one; two");
    chain_destroy(branch);
    chain_destroy(trunk);
}

/* The greys of runs of equal pixels down the middle of the left column, at least `least` long. */
static int runs_of(VipsImage *image, int x, int least, int *greys, int most)
{
    int count = 0, start = 0;
    for (int y = 1; y <= image->Ysize && count < most; y++) {
        const bool same =
            y < image->Ysize && *VIPS_IMAGE_ADDR(image, x, y) == *VIPS_IMAGE_ADDR(image, x, y - 1);
        if (same)
            continue;
        if (y - start >= least)
            greys[count++] = *VIPS_IMAGE_ADDR(image, x, start);
        start = y;
    }
    return count;
}

/* The render of a task: 20 frames at 10 fps, two moments, frames 5 and 15; half as bright after.
 * Frame 5 is luma 30: (30 - 16) / 219 * 255 = 16.3; frame 15 is luma 50: 39.6. */
static void a_task_draws_before_and_after(void)
{
    int fds[] = {made_source(20, (struct rational){10, 1}, false), made_file()};
    struct task *task = made_task("png", NULL, NULL);
    struct task_output *output = task->outputs->pdata[0];
    output->encode->image.format = g_strdup("png");
    task->source->duration_s = 2;
    task->source_name = g_strdup("a/clip.mkv");
    made_step(task->steps, "grade", "slope", "0.5", NULL);
    made_step(output->steps, "preview", "frames", "2", "width", "480", NULL);
    struct result *result = made_render(task, fds);
    const struct output_result *made = result->outputs->pdata[0];
    g_assert_cmpstr(made->failure.message, ==, NULL);
    g_assert_cmpint(made->claim.width, ==, 480);

    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fds[1]);
    VipsImage *file = vips_image_new_from_file(path, NULL), *image = NULL;
    g_assert_nonnull(file);
    g_assert_true((image = vips_image_copy_memory(file)));
    g_assert_cmpint(image->Ysize, ==, made->claim.height);
    static const int expected[2][2] = {{16, 8}, {40, 20}};
    for (int column = 0; column < 2; column++) {
        int greys[2];
        g_assert_cmpint(runs_of(image, 120 + 240 * column, 150, greys, 2), ==, 2);
        g_assert_cmpint(greys[0], ==, expected[column][0]);
        g_assert_cmpint(greys[1], ==, expected[column][1]);
    }
    g_object_unref(image);
    g_object_unref(file);
    result_destroy(result);
    task_destroy(task);
    close(fds[0]);
    close(fds[1]);
}

/* A flat PNG of 16 bits, and one grade of a half. */
static void a_still_stands_beside_itself(void)
{
    int fds[] = {made_file(), made_file()};
    VipsImage *black = NULL, *grey = NULL, *deep = NULL;
    void *bytes = NULL;
    size_t length;
    g_assert_false(vips_black(&black, 300, 400, "bands", 3, NULL) ||
                   vips_linear1(black, &grey, 1, 40000, NULL) ||
                   vips_cast(grey, &deep, VIPS_FORMAT_USHORT, NULL));
    deep->Type = VIPS_INTERPRETATION_RGB16;
    g_assert_false(vips_pngsave_buffer(deep, &bytes, &length, NULL));
    g_assert_cmpint(write(fds[0], bytes, length), ==, (ssize_t)length);
    struct task *task = made_task("png", NULL, NULL);
    struct task_output *output = task->outputs->pdata[0];
    output->encode->image.format = g_strdup("png");
    task->media = KIND_IMAGE;
    made_step(task->steps, "grade", "slope", "0.5", NULL);
    made_step(output->steps, "preview", "width", "480", NULL);
    struct result *result = result_create();
    worker_render_image(&(struct job){.task = task, .fds = fds}, result);
    const struct output_result *made = result->outputs->pdata[0];
    g_assert_cmpstr(made->failure.message, ==, NULL);
    g_assert_cmpstr(made->notes->pdata[made->notes->len - 1], ==,
                    "preview of the still before and after");

    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fds[1]);
    VipsImage *file = vips_image_new_from_file(path, NULL), *image = NULL;
    g_assert_nonnull(file);
    g_assert_true((image = vips_image_copy_memory(file)));
    g_assert_cmpint(image->Xsize, ==, 480);
    int left, right; /* 40000 / 257 = 155.6 */
    g_assert_cmpint(runs_of(image, 120, 200, &left, 1), ==, 1);
    g_assert_cmpint(runs_of(image, 360, 200, &right, 1), ==, 1);
    g_assert_cmpint(left, ==, 156);
    g_assert_cmpint(right, ==, 78);
    g_object_unref(image);
    g_object_unref(file);
    g_object_unref(black);
    g_object_unref(grey);
    g_object_unref(deep);
    g_free(bytes);
    result_destroy(result);
    task_destroy(task);
    close(fds[0]);
    close(fds[1]);
}

static void without_a_length_it_says_what_to_do(void)
{
    int fds[] = {made_source(3, (struct rational){10, 1}, false), made_file()};
    struct task *task = made_task("png", NULL, NULL);
    struct task_output *output = task->outputs->pdata[0];
    output->encode->image.format = g_strdup("png");
    made_step(output->steps, "preview", NULL);
    struct result *result = made_render(task, fds);
    const struct output_result *made = result->outputs->pdata[0];
    g_assert_cmpint(made->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(made->failure.message, "trim: {length: 10s}"));
    result_destroy(result);
    task_destroy(task);
    close(fds[0]);
    close(fds[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media/preview/pairs", pairs_are_of_one_frame);
    g_test_add_func("/media/preview/upright", both_are_upright_and_of_their_own_size);
    g_test_add_func("/media/preview/fields", fields_are_not_mixed);
    g_test_add_func("/media/preview/story", the_story_is_of_the_steps);
    g_test_add_func("/media/preview/task", a_task_draws_before_and_after);
    g_test_add_func("/media/preview/still", a_still_stands_beside_itself);
    g_test_add_func("/media/preview/length", without_a_length_it_says_what_to_do);
    return g_test_run();
}
