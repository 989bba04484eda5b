/* SPDX-License-Identifier: GPL-3.0-or-later
 * What names say of takes and of copies under way. */
#include "watch/span.h"

static void check_together(const char *one, const char *other, bool together)
{
    g_autofree char *first = span_group(one, 3);
    g_autofree char *second = span_group(other, 3);
    if (g_str_equal(first, second) != together)
        g_error("%s and %s are %s", one, other, together ? "not together" : "together");
}

static void parts_of_a_take_are_together(void)
{
    check_together("/in/GH010034.MP4", "/in/GH020034.MP4", true);
    check_together("/in/GX010034.MP4", "/in/gx120034.mp4", true);
    check_together("/in/GOPR0034.MP4", "/in/GP010034.MP4", true);
    check_together("/in/AA000101.MXF", "/in/AA000102.MXF", true);
    check_together("/in/FISH0046_01.MP4", "/in/FISH0046_02.MP4", true);
    check_together("/in/A001_C001_0101AB_001.R3D", "/in/A001_C001_0101AB_002.R3D", true);
    check_together("/in/DJI_20260131120000_0001_W.MP4", "/in/DJI_20260131120000_0001_T.MP4", true);
}

static void other_takes_are_not(void)
{
    check_together("/in/GH010034.MP4", "/in/GH010035.MP4", false);
    check_together("/in/GH010034.MP4", "/in/GX010034.MP4", false);
    check_together("/in/a/GH010034.MP4", "/in/b/GH020034.MP4", false);
    check_together("/in/AA000101.MXF", "/in/AA000201.MXF", false);
    check_together("/in/A001_C001_0101AB_001.R3D", "/in/A001_C002_0101AB_001.R3D", false);
    check_together("/in/a.mov", "/in/b.mov", false);
}

static void a_card_is_one(void)
{
    check_together("/in/1/CONTENTS/VIDEO/0001AB.MXF", "/in/1/CONTENTS/AUDIO/0001AB00.MXF", true);
    check_together("/in/PRIVATE/AVCHD/BDMV/STREAM/00000.MTS", "/in/PRIVATE/AVCHD/x.BDM", true);
    check_together("/in/1/CONTENTS/VIDEO/0001AB.MXF", "/in/2/CONTENTS/VIDEO/0001AB.MXF", false);
}

static void the_watched_folder_is_no_card(void)
{
    g_autofree char *one = span_group("/CONTENTS/a.mov", 9);
    g_autofree char *other = span_group("/CONTENTS/b.mov", 9);
    g_assert_cmpstr(one, !=, other);
}

static void check_unfinished(const char *name, const char *final)
{
    g_autofree char *got = unfinished_name(name);
    g_assert_cmpstr(got, ==, final);
}

static void copies_under_way_have_a_name_to_come(void)
{
    check_unfinished(".clip.mov.x3Yz9Q", "clip.mov");
    check_unfinished("clip.mov.part", "clip.mov");
    check_unfinished("clip.mov.PART", "clip.mov");
    check_unfinished("clip.mov.filepart", "clip.mov");
    check_unfinished(".~clip.mov", "clip.mov");
    check_unfinished("clip.mov", NULL);
    check_unfinished(".hidden", NULL);
    check_unfinished(".part", NULL);
    check_unfinished(".~", NULL);
}

static void every_example_is_matched_by_its_row(void)
{
    for (unsigned i = 0; i < span_rule_count; i++) {
        g_auto(GStrv) names = g_strsplit(span_rules[i].example, " ", 2);
        g_autofree char *path = g_strconcat("/in/", names[0], NULL);
        g_autofree char *group = span_group(path, 3);
        g_autofree char *row = g_strdup_printf("/in/*%u*", i);
        g_assert_true(g_str_has_prefix(group, row));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/span/parts_of_a_take_are_together", parts_of_a_take_are_together);
    g_test_add_func("/span/other_takes_are_not", other_takes_are_not);
    g_test_add_func("/span/a_card_is_one", a_card_is_one);
    g_test_add_func("/span/the_watched_folder_is_no_card", the_watched_folder_is_no_card);
    g_test_add_func("/span/copies_under_way_have_a_name_to_come",
                    copies_under_way_have_a_name_to_come);
    g_test_add_func("/span/every_example_is_matched_by_its_row",
                    every_example_is_matched_by_its_row);
    return g_test_run();
}
