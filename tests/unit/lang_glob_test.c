/* SPDX-License-Identifier: GPL-3.0-or-later
 * Patterns of inputs. */
#include "lang/pipeline.h"

static void patterns_match_as_written(void)
{
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {
        {"*.mov", "a.mov", true},
        {"*.mov", "a.MOV", true},
        {"*.mov", "d/a.mov", false},
        {"**/*.mov", "a.mov", true},
        {"**/*.mov", "d/e/a.mov", true},
        {"**/*.{mov,mp4,mxf}", "d/a.Mp4", true},
        {"**/*.{mov,mp4,mxf}", "d/a.avi", false},
        {"**/_trash/**", "a/_trash/b/c.mov", true},
        {"**/_trash/**", "_trash/c.mov", true},
        {"**/_trash/**", "a_trash/c.mov", false},
        {"A*.mov", "a1.mov", false},
        {"a?c.mov", "abc.mov", true},
        {"a?c.mov", "aéc.mov", true},
        {"a?c.mov", "a/c.mov", false},
        {"[a-c]*[!0-9].mov", "b1x.mov", true},
        {"[a-c]*[!0-9].mov", "b12.mov", false},
        {"[]x].mov", "].mov", true},
        {"*.[mM]ov", "a.mov", true},
        {"{a,b{1,2}}/x", "b2/x", true},
        {"{a,b{1,2}}/x", "b/x", false},
        {"{a,}b", "b", true},
        {"a\\*b", "a*b", true},
        {"a\\*b", "axb", false},
        {"**", "a/b/c", true},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "ab", false},
        {"**/**/x", "x", true},
        {"a.d/b", "a.D/b", false},
        {"caf\xe9.mov", "caf\xe9.mov", true},
        {"caf?.mov", "caf\xe9.mov", true},
        {"", "", true},
        {"", "a", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (glob_match(cases[i].pattern, cases[i].path) != cases[i].matches)
            g_error("%s against %s", cases[i].pattern, cases[i].path);
}

static void hostile_patterns_take_no_time(void)
{
    GString *stars = g_string_new(NULL), *braces = g_string_new(NULL);
    g_autofree char *path = g_strnfill(4000, 'a');
    for (int i = 0; i < 200; i++)
        g_string_append(stars, "*a");
    for (int i = 0; i < 170; i++)
        g_string_append(braces, "{a,*a}");
    g_string_append(stars, "b");
    g_string_append(braces, "b");
    gint64 start = g_get_monotonic_time();
    g_assert_false(glob_match(stars->str, path));
    g_assert_false(glob_match(braces->str, path));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 60 * G_USEC_PER_SEC);
    g_string_free(stars, TRUE);
    g_string_free(braces, TRUE);
}

static void wrong_patterns_are_reported(void)
{
    static const char *const wrong[] = {"",     "a[b", "{a",     "a}",
                                        "../x", "/x",  "a/../b", "{{{{{{{{{a}}}}}}}}}"};
    static const char *const right[] = {"a", "**/*.{mov,mp4}", "[!a]", "[]]", "\\{a", "a..b"};
    g_auto(diag_ptr) diag = diag_create();
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(glob_check(wrong[i], (struct mark){"f", (int)i + 1, 1, 2}, diag));
    g_assert_cmpuint(diag_errors(diag), ==, G_N_ELEMENTS(wrong));
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++)
        g_assert_true(glob_check(right[i], (struct mark){"f", 1, 1, 2}, diag));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/glob/patterns_match_as_written", patterns_match_as_written);
    g_test_add_func("/glob/hostile_patterns_take_no_time", hostile_patterns_take_no_time);
    g_test_add_func("/glob/wrong_patterns_are_reported", wrong_patterns_are_reported);
    return g_test_run();
}
