/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a seal leaves out. The cases are those of the ASC MHL specification 1.0, appendix C, and of
 * gitignore(5). */
#include "seal/ignore.h"

static bool has(const char *const *patterns, const char *path, bool is_folder)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (; *patterns; patterns++)
        g_ptr_array_add(list, (void *)*patterns);
    g_auto(ignore_ptr) ignore = ignore_create(list);
    return ignore_has(ignore, path, is_folder);
}

#define HAS(pattern, path) has((const char *const[]){pattern, NULL}, path, false)

static void a_bare_name_matches_at_any_depth(void)
{
    g_assert_true(HAS(".DS_Store", ".DS_Store"));
    g_assert_true(HAS(".DS_Store", "a/b/.DS_Store"));
    g_assert_false(HAS(".DS_Store", "a/x.DS_Store"));
}

static void a_slash_inside_ties_it_to_the_folder(void)
{
    g_assert_true(HAS("doc/frotz", "doc/frotz"));
    g_assert_false(HAS("doc/frotz", "a/doc/frotz"));
    g_assert_true(HAS("/top", "top"));
    g_assert_false(HAS("/top", "a/top"));
}

static void a_slash_at_the_end_is_for_folders(void)
{
    g_assert_false(HAS("frotz/", "a/frotz"));
    g_assert_true(has((const char *const[]){"frotz/", NULL}, "a/frotz", true));
}

static void one_star_stops_at_a_slash_and_two_do_not(void)
{
    g_assert_true(HAS("*.tmp", "a/b.tmp"));
    g_assert_false(HAS("a/*.tmp", "a/b/c.tmp"));
    g_assert_true(HAS("**/foo/bar", "x/y/foo/bar"));
    g_assert_true(HAS("abc/**", "abc/x/y"));
    g_assert_false(HAS("abc/**", "abc"));
    g_assert_true(HAS("a/**/b", "a/b"));
    g_assert_true(HAS("a/**/b", "a/x/y/b"));
}

static void classes_and_single_characters_match(void)
{
    g_assert_true(HAS("take[0-9].mov", "take7.mov"));
    g_assert_false(HAS("take[!0-9].mov", "take7.mov"));
    g_assert_true(HAS("ta?e", "take"));
    g_assert_false(HAS("ta?e", "ta/e"));
    g_assert_true(HAS("a+b(c)", "a+b(c)"));
}

static void a_later_pattern_takes_back_in(void)
{
    const char *const patterns[] = {"*.log", "!keep.log", NULL};
    g_assert_true(has(patterns, "x.log", false));
    g_assert_false(has(patterns, "keep.log", false));
    g_assert_true(HAS("\\!important", "!important"));
}

static void stars_go_back_as_far_as_they_must(void)
{
    g_assert_true(HAS("*ab*ab", "aababab"));
    g_assert_false(HAS("*ab*ab", "ab"));
    g_assert_true(HAS("x/**/a/*b/c", "x/a/yb/a/zb/c"));
    g_assert_true(HAS("**/a/**/b/*.mov", "q/a/a/b/b/x.mov"));
    g_assert_false(HAS("**/a/**/b/*.mov", "q/b/a/x.mov"));
    g_assert_true(HAS("a**b", "axxb"));
    g_assert_false(HAS("x/a**b", "x/a/b"));
    g_assert_true(HAS("[]-]x", "]x"));
    g_assert_true(HAS("a[b", "a[b"));
}

/* What takes a matcher that tries everything longer than anybody lives. */
static void no_pattern_takes_long(void)
{
    g_autoptr(GString) pattern = g_string_new("/");
    g_autoptr(GString) path = g_string_new(NULL);
    for (int i = 0; i < 100; i++) {
        g_string_append(pattern, i % 2 ? "*a*a" : "**/");
        g_string_append(path, "aaaaaaaaaaaaaaaaaaaa/");
    }
    g_string_append(pattern, "b");
    g_string_append(path, "c");
    gint64 began_us = g_get_monotonic_time();
    g_assert_false(HAS(pattern->str, path->str));
    g_assert_cmpint(g_get_monotonic_time() - began_us, <, G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ignore/a_bare_name_matches_at_any_depth", a_bare_name_matches_at_any_depth);
    g_test_add_func("/ignore/a_slash_inside_ties_it_to_the_folder",
                    a_slash_inside_ties_it_to_the_folder);
    g_test_add_func("/ignore/a_slash_at_the_end_is_for_folders", a_slash_at_the_end_is_for_folders);
    g_test_add_func("/ignore/one_star_stops_at_a_slash_and_two_do_not",
                    one_star_stops_at_a_slash_and_two_do_not);
    g_test_add_func("/ignore/classes_and_single_characters_match",
                    classes_and_single_characters_match);
    g_test_add_func("/ignore/a_later_pattern_takes_back_in", a_later_pattern_takes_back_in);
    g_test_add_func("/ignore/stars_go_back_as_far_as_they_must", stars_go_back_as_far_as_they_must);
    g_test_add_func("/ignore/no_pattern_takes_long", no_pattern_takes_long);
    return g_test_run();
}
