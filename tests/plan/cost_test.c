/* SPDX-License-Identifier: GPL-3.0-or-later
 * What tasks are predicted to take, and how what was learned corrects it. */
#include "world.h"

#include <math.h>
#include <string.h>

static struct made_up *world_of(const char *clips, const char *outputs)
{
    g_autofree char *text = g_strdup_printf("rushes: 1\n%s\noutputs:\n%s", clips, outputs);
    struct made_up *world = world_from_text(text);
    g_assert_nonnull(world->pipeline);
    return world;
}

static const struct plan_task *first_of(const struct plan *plan, enum task_kind kind, unsigned skip)
{
    for (guint i = 0; i < plan->tasks->len; i++) {
        const struct plan_task *planned = plan->tasks->pdata[i];
        if (planned->task->kind == kind && skip-- == 0)
            return planned;
    }
    g_assert_not_reached();
}

static void learn(struct made_up *world, const char *key, double seconds, double memory)
{
    struct learned *learned = g_new(struct learned, 1);
    *learned = (struct learned){seconds, memory};
    g_hash_table_insert(world->learned, g_strdup(key), learned);
}

/* What a guess of two lengths is corrected by is the same for both. */
static void what_was_learned_corrects_the_guess(void)
{
    g_auto(world_ptr) world =
        world_of("# clip: a.mov\n# clip: b.mov {\"duration\": 600, \"frames\": 15000}",
                 "  web: {encode: {container: mp4, video: {codec: h264}}}\n");
    g_auto(plan_ptr) guessed = world_plan(world);
    learn(world, first_of(guessed, TASK_RENDER, 0)->cost_key, 3, 0.5);
    g_auto(plan_ptr) plan = world_plan(world);
    for (unsigned i = 0; i < 2; i++) {
        const struct plan_task *before = first_of(guessed, TASK_RENDER, i);
        const struct plan_task *after = first_of(plan, TASK_RENDER, i);
        g_assert_cmpfloat(before->guess_s, ==, after->guess_s);
        g_assert_cmpfloat_with_epsilon(after->seconds - before->seconds, 2 * before->guess_s, 1e-6);
        g_assert_cmpfloat_with_epsilon(after->memory_bytes, before->memory_bytes / 2, 1);
    }
}

static void memory_that_is_not_known_is_guessed(void)
{
    g_auto(world_ptr) world =
        world_of("# clip: a.mov", "  web: {encode: {container: mp4, video: {codec: h264}}}\n");
    g_auto(plan_ptr) guessed = world_plan(world);
    learn(world, first_of(guessed, TASK_RENDER, 0)->cost_key, 3, NAN);
    g_auto(plan_ptr) plan = world_plan(world);
    const struct plan_task *render = first_of(plan, TASK_RENDER, 0);
    g_assert_cmpfloat(render->memory_bytes, ==, render->guess_bytes);
}

static double bytes_of_still(const char *more, const char *output)
{
    g_autofree char *clip =
        g_strdup_printf("# clip: a.jpg {\"kind\": \"image\", \"width\": 6000, \"height\": 4000, "
                        "\"bands\": 3%s}",
                        more);
    g_auto(world_ptr) world = world_of(clip, output);
    g_auto(plan_ptr) plan = world_plan(world);
    return first_of(plan, TASK_RENDER, 0)->guess_bytes;
}

static double still_bytes_of(const char *more)
{
    return bytes_of_still(more, "  web: {to: \"${stem}.png\"}\n");
}

/* Its rows are scaled as they come (media/still_sizes.h); in light it is decoded whole. */
static void a_jpeg_that_is_only_resized_is_not_charged_for_the_whole(void)
{
    static const char jpeg[] = ", \"bit_depth\": 8, \"container\": \"jpeg\"";
    static const char resized[] = "  web: {steps: [resize: {width: 600%s}], to: \"${stem}.png\"}\n";
    g_autofree char *codes = g_strdup_printf(resized, ""),
                    *light = g_strdup_printf(resized, ", light: linear");
    g_assert_cmpfloat(bytes_of_still(jpeg, light) - bytes_of_still(jpeg, codes), >=,
                      6000. * (4000 - 300) * 3);
}

/* The default of 268 million pixels (model/still_limit.h). */
static void a_still_that_is_made_larger_than_the_limit_is_warned_of(void)
{
    static const char clip[] = "# clip: a.png {\"kind\": \"image\", \"width\": 8000, "
                               "\"height\": 8000, \"bands\": 3, \"bit_depth\": 8}";
    for (unsigned larger = 0; larger < 2; larger++) {
        g_autofree char *output = g_strdup_printf(
            "  web: {steps: [resize: {width: %s, upscale: true}], to: \"${stem}.png\"}\n",
            larger ? "17000" : "16000");
        g_auto(world_ptr) world = world_of(clip, output);
        g_auto(plan_ptr) plan = world_plan(world);
        g_assert_cmpuint(plan->warnings->len, ==, larger);
        if (larger)
            g_assert_nonnull(strstr(plan->warnings->pdata[0],
                                    "web: a.png will fail: its steps make it too large: 17000 x "
                                    "17000 pixels"));
    }
}

/* libjpeg holds all coefficients, of 16 bits, until the last scan of a progressive picture. */
static void a_progressive_still_is_charged_for_all_that_its_reader_holds(void)
{
    const double plain = still_bytes_of(", \"bit_depth\": 8");
    const double held = still_bytes_of(", \"bit_depth\": 8, \"progressive\": true");
    g_assert_cmpfloat(held - plain, ==, 6000. * 4000 * 3 * 2);
    g_assert_cmpfloat(plain, >=, 6000. * 4000 * 3);
}

/* Peaks of the worker, 6000 x 4000 to a JPEG 400 wide, in MB (src/plan/cost.c). */
static void a_first_guess_of_a_still_is_what_was_measured_or_a_bit_more(void)
{
    static const struct {
        const char *container;
        int depth;
        double measured;
    } rows[] = {{"avif", 8, 316}, {"heif", 8, 358}, {"webp", 8, 290}, {"tiff", 16, 377}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *more = g_strdup_printf(", \"container\": \"%s\", \"bit_depth\": %d",
                                                rows[i].container, rows[i].depth);
        const double guess =
            bytes_of_still(more, "  web: {steps: [resize: {width: 400}], to: \"${stem}.jpg\"}\n");
        g_test_message("%s: %.0f MB", rows[i].container, guess / 1e6);
        g_assert_cmpfloat(guess, >=, rows[i].measured * 1e6);
        g_assert_cmpfloat(guess, <=, 1.6 * rows[i].measured * 1e6);
    }
}

/* 40 frames, 490 MB as WebP; of the first alone 76 as JPEG (src/plan/cost.c). */
static void an_animation_is_charged_for_its_frames_where_all_of_them_are_taken(void)
{
    static const char clip[] = "# clip: a.gif {\"kind\": \"image\", \"width\": 1200, \"height\": "
                               "1200, \"bands\": 4, \"bit_depth\": 8, \"pages\": 40, "
                               "\"container\": \"gif\"}";
    double bytes[2];
    for (unsigned still = 0; still < 2; still++) {
        g_auto(world_ptr) world = world_of(clip, still ? "  web: {to: \"${stem}.jpg\"}\n"
                                                       : "  web: {to: \"${stem}.webp\"}\n");
        g_auto(plan_ptr) plan = world_plan(world);
        bytes[still] = first_of(plan, TASK_RENDER, 0)->guess_bytes;
    }
    g_assert_cmpfloat(bytes[0], >=, 490e6);
    g_assert_cmpfloat(bytes[0], <=, 1.6 * 490e6);
    g_assert_cmpfloat(bytes[1], <=, 200e6);
}

static double bytes_through(const char *step)
{
    static const char clip[] = "# clip: a.png {\"kind\": \"image\", \"width\": 8000, "
                               "\"height\": 20, \"bands\": 3, \"bit_depth\": 8}";
    g_autofree char *output = g_strdup_printf("  web: {steps: [%s], to: \"${stem}.png\"}\n", step);
    g_auto(world_ptr) world = world_of(clip, output);
    g_auto(plan_ptr) plan = world_plan(world);
    return first_of(plan, TASK_RENDER, 0)->guess_bytes;
}

/* Three pictures of four bytes a pixel; of what a fill cuts off nothing is made. */
static void a_still_is_charged_for_the_largest_picture_that_its_steps_make(void)
{
    const double as_it_is = bytes_through("resize: {width: 8000}") - 12. * 8000 * 20;
    const char *const up = "resize: {width: 60000, upscale: true}";
    g_autofree char *up_and_down = g_strdup_printf("%s, resize: {width: 800}", up);
    g_assert_cmpfloat(
        bytes_through("resize: {width: 1080, height: 1350, fit: fill, upscale: true}") - as_it_is,
        ==, 12. * 1080 * 1350);
    g_assert_cmpfloat(bytes_through(up) - as_it_is, ==, 12. * 60000 * 150);
    g_assert_cmpfloat(bytes_through(up_and_down) - as_it_is, ==, 12. * 60000 * 150);
}

static int threads_of(const char *clip, const char *outputs)
{
    g_auto(world_ptr) world = world_of(clip, outputs);
    g_auto(plan_ptr) plan = world_plan(world);
    return first_of(plan, TASK_RENDER, 0)->threads_most;
}

/* Against one that encodes all of it in the same codec. */
static void a_smart_cut_is_charged_for_a_picture_that_is_all_encoded(void)
{
    static const char clip[] = "# clip: a.mov {\"codec\": \"h264\"}";
    static const char *const videos[] = {"codec: h264", "codec: copy"};
    const struct plan_task *renders[2];
    struct plan *plans[2];
    struct made_up *worlds[2];
    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *outputs =
            g_strdup_printf("  web: {steps: [trim: {from: 7f, smart: true}], "
                            "encode: {container: mp4, video: {%s}}}\n",
                            videos[i]);
        worlds[i] = world_of(clip, outputs);
        plans[i] = world_plan(worlds[i]);
        renders[i] = first_of(plans[i], TASK_RENDER, 0);
    }
    g_assert_cmpfloat(renders[1]->guess_s, >=, renders[0]->guess_s);
    g_assert_cmpfloat(renders[1]->guess_bytes, >=, renders[0]->guess_bytes);
    g_assert_cmpint(renders[1]->threads_most, ==, renders[0]->threads_most);
    g_assert_cmpstr(renders[1]->cost_key, ==, "render video h264 to smart copy 1080");
    for (unsigned i = 0; i < 2; i++) {
        plan_destroy(plans[i]);
        world_destroy(worlds[i]);
    }
}

static void a_task_is_given_no_more_threads_than_it_can_use(void)
{
    static const char web[] = "  web: {encode: {container: mp4, video: {codec: h264}}}\n";
    static const char two[] = "  web: {encode: {container: mp4, video: {codec: h264}}}\n"
                              "  pro: {encode: {container: mov, video: {codec: prores}}}\n";
    static const char both[] = "  web: {encode: {container: mp4, video: {codec: h264}}}\n"
                               "  net: {encode: {container: mkv, video: {codec: h264}}}\n";
    static const char sound[] = "  wav: {encode: {container: wav}}\n";
    g_assert_cmpint(threads_of("# clip: a.mov", web), ==, 27);
    g_assert_cmpint(threads_of("# clip: a.mov {\"width\": 540, \"height\": 304}", web), ==, 8);
    g_assert_cmpint(threads_of("# clip: a.mov", both), ==, 54);
    g_assert_cmpint(threads_of("# clip: a.mov", two), ==, 0);
    g_assert_cmpint(threads_of("# sound: a.wav", sound), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/cost/corrects", what_was_learned_corrects_the_guess);
    g_test_add_func("/plan/cost/unknown_memory", memory_that_is_not_known_is_guessed);
    g_test_add_func("/plan/cost/progressive",
                    a_progressive_still_is_charged_for_all_that_its_reader_holds);
    g_test_add_func("/plan/cost/steps",
                    a_still_is_charged_for_the_largest_picture_that_its_steps_make);
    g_test_add_func("/plan/cost/smart", a_smart_cut_is_charged_for_a_picture_that_is_all_encoded);
    g_test_add_func("/plan/cost/jpeg_in_sizes",
                    a_jpeg_that_is_only_resized_is_not_charged_for_the_whole);
    g_test_add_func("/plan/cost/larger_than_the_limit",
                    a_still_that_is_made_larger_than_the_limit_is_warned_of);
    g_test_add_func("/plan/cost/threads", a_task_is_given_no_more_threads_than_it_can_use);
    g_test_add_func("/plan/cost/measured_stills",
                    a_first_guess_of_a_still_is_what_was_measured_or_a_bit_more);
    g_test_add_func("/plan/cost/animation",
                    an_animation_is_charged_for_its_frames_where_all_of_them_are_taken);
    return g_test_run();
}
