/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is wrong in the files that steps name is found by the planner, in what is to be rendered. */
#include "world.h"

#include <string.h>

#define CORRECTION(id, numbers)                                          \
    "<ColorCorrection id=\"" id "\"><SOPNode><Slope>" numbers "</Slope>" \
    "<Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection>\n"
#define COLLECTION(corrections) \
    "<ColorCorrectionCollection>\n" corrections "</ColorCorrectionCollection>\n"

static struct made_up *world_of(const char *grade, const char *name, const char *content)
{
    g_autofree char *text = g_strdup_printf(
        "rushes: 1\n# clip: A001.mov\n# clip: A002.mov\n# file: %s\nto: \"${stem}.mp4\"\n"
        "encode: {video: {codec: h264}, audio: {codec: aac}}\nsteps:\n  - grade: %s\n",
        name, grade);
    struct made_up *world = world_from_text(text);
    g_assert_nonnull(world->pipeline);
    g_hash_table_insert(world->contents, (void *)name, (void *)content);
    return world;
}

static const struct finding *only_finding(const struct made_up *world, const char *file,
                                          const char *words)
{
    const struct finding *found = NULL;
    const GPtrArray *findings = diag_findings(world->diag);
    for (guint i = 0; i < findings->len; i++) {
        const struct finding *finding = findings->pdata[i];
        if (!strstr(finding->at.file, file) || !strstr(finding->message, words))
            continue;
        g_assert_null(found);
        found = finding;
    }
    g_assert_nonnull(found);
    return found;
}

static void expect_refused(struct made_up *world)
{
    g_auto(plan_ptr) plan = world_plan(world);
    g_assert_null(plan);
}

static void a_broken_file_is_an_error_once_with_both_lines(void)
{
    g_auto(world_ptr) world =
        world_of("{lut: day.cube}", "day.cube", "LUT_1D_SIZE 2\n0 0 0\n1 nan? 1\n");
    expect_refused(world);
    g_assert_cmpuint(diag_errors(world->diag), ==, 2);
    g_assert_cmpint(only_finding(world, "day.cube", "nan?")->at.line, ==, 3);
    g_assert_cmpint(only_finding(world, "yaml", "grade.lut: this file can't be used")->at.line, ==,
                    8);
    g_assert_cmpuint(world->reads, ==, 1);
}

static void a_file_that_is_called_otherwise_is_an_error(void)
{
    g_auto(world_ptr) world = world_of("{lut: day.look}", "day.look", "anything");
    expect_refused(world);
    g_assert_cmpint(only_finding(world, "yaml", "isn't called so")->at.line, ==, 8);
    g_assert_cmpuint(world->reads, ==, 0);
}

static void a_lut_for_video_range_asks_for_lut_range(void)
{
    static const char cube[] = "LUT_IN_VIDEO_RANGE\nLUT_1D_SIZE 2\n0 0 0\n1 1 1\n";
    g_auto(world_ptr) asks = world_of("{lut: day.cube}", "day.cube", cube);
    expect_refused(asks);
    g_assert_cmpint(only_finding(asks, "yaml", "lut_range")->at.line, ==, 8);
    g_auto(world_ptr) told = world_of("{lut: day.cube, lut_range: video}", "day.cube", cube);
    g_auto(plan_ptr) plan = world_plan(told);
    g_assert_nonnull(plan);
}

static void a_clip_without_a_correction_is_an_error(void)
{
    g_auto(world_ptr) world =
        world_of("{cdl: show.ccc}", "show.ccc",
                 COLLECTION(CORRECTION("A001", "1.1 1 1") CORRECTION("B001", "1.2 1 1")));
    expect_refused(world);
    g_assert_cmpuint(diag_errors(world->diag), ==, 1);
    g_assert_cmpint(only_finding(world, "yaml", "(input A002.mov)")->at.line, ==, 8);
}

static void or_a_note_where_it_may_lack(void)
{
    g_auto(world_ptr) world =
        world_of("{cdl: show.ccc, cdl_missing: skip}", "show.ccc",
                 COLLECTION(CORRECTION("A001", "1.1 1 1") CORRECTION("B001", "1.2 1 1")));
    g_auto(plan_ptr) plan = world_plan(world);
    g_assert_nonnull(plan);
    g_assert_cmpuint(plan->notes->len, ==, 1);
    g_assert_cmpstr(
        plan->notes->pdata[0], ==,
        "main/main: grade has no cdl for 1 clip (A002.mov): no entry of its file applies");
}

static void images_and_what_cannot_be_read_are_left_to_the_worker(void)
{
    g_auto(world_ptr) image = world_of("{lut: hald.png}", "hald.png", "no image");
    g_auto(plan_ptr) fine = world_plan(image);
    g_assert_nonnull(fine);
    g_assert_cmpuint(image->reads, ==, 0);
    g_auto(world_ptr) large = world_of("{lut: day.cube}", "day.cube", NULL);
    g_auto(plan_ptr) also = world_plan(large);
    g_assert_nonnull(also);
    g_assert_cmpuint(large->reads, ==, 1);
}

static void what_is_up_to_date_is_not_read(void)
{
    g_auto(world_ptr) world =
        world_of("{lut: day.cube}", "day.cube", "LUT_1D_SIZE 2\n0 0 0\n1 .9 1\n");
    g_auto(plan_ptr) first = world_plan(world);
    g_assert_nonnull(first);
    g_assert_cmpuint(world->reads, ==, 1);
    world_publish(world, first);
    g_auto(plan_ptr) second = world_plan(world);
    g_assert_nonnull(second);
    g_assert_cmpuint(second->tasks->len, ==, 0);
    g_assert_cmpuint(world->reads, ==, 1);
}

static void after_another_error_files_are_looked_at_all_the_same(void)
{
    g_auto(world_ptr) world = world_of("{cdl: \"none/${stem}.cdl\"}\n  - grade: {lut: day.cube}",
                                       "day.cube", "LUT_1D_SIZE 2\n0 0 0\n1 nan? 1\n");
    expect_refused(world);
    g_assert_cmpuint(diag_errors(world->diag), ==, 4);
    only_finding(world, "day.cube", "nan?");
}

#define TEST(name) g_test_add_func("/plan/files/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_broken_file_is_an_error_once_with_both_lines);
    TEST(a_file_that_is_called_otherwise_is_an_error);
    TEST(a_lut_for_video_range_asks_for_lut_range);
    TEST(a_clip_without_a_correction_is_an_error);
    TEST(or_a_note_where_it_may_lack);
    TEST(images_and_what_cannot_be_read_are_left_to_the_worker);
    TEST(what_is_up_to_date_is_not_read);
    TEST(after_another_error_files_are_looked_at_all_the_same);
    return g_test_run();
}
