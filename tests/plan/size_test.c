/* SPDX-License-Identifier: GPL-3.0-or-later
 * A studio's night: ten thousand clips with three outputs each. Times are printed, not judged. */
#include "world.h"

#include <malloc.h>
#include <string.h>

enum { CLIPS = 10000 };

static const char text[] =
    "rushes: 1\njobs:\n  clips:\n    when: duration > 2s\n    steps:\n      - trim: {from: 12f}\n"
    "      - grade: {slope: 1.1}\n      - loudness: -23 LUFS\n    outputs:\n"
    "      master: {to: \"masters/${dir}/${stem}.mov\", encode: {video: {codec: prores}, "
    "audio: {codec: pcm_s24le}}}\n"
    "      web: {steps: [text: \"${stem}\"], to: \"web/${dir}/${stem}.mp4\", "
    "encode: {video: {codec: h264, crf: 19}, audio: {codec: aac}}, expect: {width: 1920}}\n"
    "      poster: {steps: [still: {at: 25%}], to: \"posters/${dir}/${stem}.jpg\", "
    "encode: {image: {format: jpeg}}}\n";

static double used_mb(void)
{
    return (double)mallinfo2().uordblks / 1e6;
}

static void ten_thousand_clips(void)
{
    g_auto(world_ptr) world = world_from_text(text);
    for (int i = 0; i < CLIPS; i++) {
        g_autofree char *name = g_strdup_printf("day%d/A%05d.mov", i / 1000, i);
        world_add(world, name, KIND_VIDEO, NULL);
    }
    double before_mb = used_mb(), seconds;
    g_test_timer_start();
    g_auto(plan_ptr) plan = world_plan(world);
    seconds = g_test_timer_elapsed();
    g_assert_cmpuint(plan->outputs->len, ==, 3 * CLIPS);
    g_assert_cmpuint(plan->tasks->len, ==, 5 * CLIPS);
    g_test_message("all new: %.3f s, %.1f us an output, %.1f MB for %u tasks", seconds,
                   seconds / plan->outputs->len * 1e6, used_mb() - before_mb, plan->tasks->len);
    world_publish(world, plan);
    g_test_timer_start();
    g_auto(plan_ptr) again = world_plan(world);
    seconds = g_test_timer_elapsed();
    g_assert_cmpuint(again->tasks->len, ==, 0);
    g_test_message("all up to date: %.3f s, %.1f us an output", seconds,
                   seconds / again->outputs->len * 1e6);
    g_test_timer_start();
    g_autofree char *json = plan_json(again);
    g_test_message("as JSON: %.3f s, %.1f MB", g_test_timer_elapsed(), (double)strlen(json) / 1e6);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/size/ten_thousand_clips", ten_thousand_clips);
    return g_test_run();
}
