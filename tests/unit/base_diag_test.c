/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages: what they look like, what is kept, what is suggested. */
#include "base/diag.h"
#include "base/names.h"

#include <string.h>

static void check_text(const struct diag *diag, const char *expected)
{
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, expected);
}

static void message_shows_place_line_underline_and_hint(void)
{
    g_auto(diag_ptr) diag = diag_create();
    const char text[] = "jobs:\n      target: -23 dB\nend";
    diag_add_source(diag, "a/web.yaml", text, strlen(text));
    struct mark at = {g_intern_string("a/web.yaml"), 2, 15, 21};
    diag_error(diag, at, "write it in LUFS", "\"%s\" is not a loudness", "-23 dB");
    check_text(diag, "a/web.yaml:2:15: error: \"-23 dB\" is not a loudness\n"
                     "    2 |       target: -23 dB\n"
                     "      |               ^~~~~~\n"
                     "   hint: write it in LUFS\n");
}

static void underline_counts_characters_and_tabs_are_one_space(void)
{
    g_auto(diag_ptr) diag = diag_create();
    const char text[] = "\xef\xbb\xbf\tn\xc3\xa4me: \xc3\xbc\xc3\xb6\r\n";
    diag_add_source(diag, "x", text, strlen(text));
    diag_warning(diag, ((struct mark){g_intern_string("x"), 1, 8, 10}), NULL, "odd");
    check_text(diag, "x:1:8: warning: odd\n"
                     "    1 |  n\xc3\xa4me: \xc3\xbc\xc3\xb6\n"
                     "      |        ^~\n");
}

static void marks_without_a_line_or_a_source_show_what_is_known(void)
{
    g_auto(diag_ptr) diag = diag_create();
    diag_report(diag, DIAG_NOTE, (struct mark){0}, NULL, "a");
    diag_error(diag, mark_option("--set"), NULL, "b");
    diag_error(diag, ((struct mark){"f", 3, 0, 0}), NULL, "c");
    diag_add_source(diag, "g", "one\ntwo", 7);
    diag_error(diag, ((struct mark){"g", 9, 1, 2}), NULL, "beyond the end");
    diag_error(diag, ((struct mark){"g", 2, 9, 99}), NULL, "beyond the line");
    check_text(diag, "note: a\n--set: error: b\nf:3: error: c\n"
                     "g:9:1: error: beyond the end\n"
                     "g:2:9: error: beyond the line\n"
                     "    2 | two\n"
                     "      |    ^\n");
}

static void long_lines_are_cut_around_the_mark(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_autofree char *line = g_strnfill(100000, 'x');
    line[50000] = 'Y';
    diag_add_source(diag, "f", line, 100000);
    diag_error(diag, ((struct mark){"f", 1, 50001, 90000}), NULL, "m");
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpuint(strlen(text), <, 400);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *y = strchr(lines[1], 'Y'), *caret = strchr(lines[2], '^');
    g_assert_cmpint(g_utf8_pointer_to_offset(lines[1], y), ==,
                    g_utf8_pointer_to_offset(lines[2], caret));
}

/* Files may be one line: what isn't shown costs no more than counting it. */
static void a_hundred_marks_on_a_line_of_2_mb(void)
{
    enum { SIZE = 2 << 20 };
    g_auto(diag_ptr) diag = diag_create();
    g_autofree char *line = g_strnfill(SIZE, 'x');
    diag_add_source(diag, "f", line, SIZE);
    for (int i = 0; i < 100; i++)
        diag_warning(diag, ((struct mark){"f", 1, SIZE - i, SIZE - i + 1}), NULL, "m");
    g_test_timer_start();
    g_autofree char *text = diag_text(diag, false);
    g_test_message("%.2f s", g_test_timer_elapsed());
    g_assert_cmpfloat(g_test_timer_last(), <, 4);
    g_assert_true(g_str_has_prefix(text, "f:1:2097152: warning: m\n    1 | …xxx"));
}

/* Two-byte letters before the mark, and bytes that are no UTF-8: the caret stays below it. */
static void cut_lines_may_hold_anything(void)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (int i = 0; i < 500; i++)
        g_string_append(line, i % 2 ? "\xc3\xa9" : "\xff");
    g_string_append(line, "Y");
    for (int i = 0; i < 500; i++)
        g_string_append(line, "\xf0\x9f\x8e\xac");
    g_auto(diag_ptr) diag = diag_create();
    diag_add_source(diag, "f", line->str, line->len);
    diag_error(diag, ((struct mark){"f", 1, 501, 502}), NULL, "m");
    g_autofree char *text = diag_text(diag, false);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *y = strchr(lines[1], 'Y'), *caret = strchr(lines[2], '^');
    g_assert_cmpint(g_utf8_pointer_to_offset(lines[1], y), ==,
                    g_utf8_pointer_to_offset(lines[2], caret));
    g_assert_cmpint(g_utf8_strlen(lines[1], -1), ==, 8 + 120 + 2);
}

static void control_characters_never_reach_the_terminal(void)
{
    g_auto(diag_ptr) diag = diag_create();
    diag_add_source(diag, "f", "a\033[31mb\xff", 8);
    diag_error(diag, ((struct mark){"f", 1, 1, 2}), "\033[0m", "bad \033 and \xff");
    g_autofree char *text = diag_text(diag, false);
    g_assert_null(strchr(text, '\033'));
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_nonnull(strstr(text, "error: bad \\x1b and \\xff\n"));
}

static void color_is_only_on_request(void)
{
    g_auto(diag_ptr) diag = diag_create();
    diag_error(diag, (struct mark){0}, NULL, "m");
    g_autofree char *text = diag_text(diag, true);
    g_assert_nonnull(strstr(text, "\033["));
}

static void identical_findings_are_reported_once(void)
{
    g_auto(diag_ptr) diag = diag_create();
    for (int i = 0; i < 3; i++)
        diag_error(diag, ((struct mark){"f", 1, 1, 2}), NULL, "same");
    diag_error(diag, ((struct mark){"f", 2, 1, 2}), NULL, "same");
    g_assert_cmpuint(diag_errors(diag), ==, 2);
    g_assert_cmpuint(diag_findings(diag)->len, ==, 2);
}

static void a_hundred_findings_are_kept_and_errors_first(void)
{
    g_auto(diag_ptr) diag = diag_create();
    for (int i = 1; i <= 120; i++)
        diag_warning(diag, ((struct mark){"f", i, 1, 2}), NULL, "w");
    diag_error(diag, (struct mark){0}, NULL, "the error");
    g_assert_cmpuint(diag_warnings(diag), ==, 120);
    g_assert_cmpuint(diag_errors(diag), ==, 1);
    g_assert_cmpuint(diag_findings(diag)->len, ==, 100);
    g_autofree char *text = diag_text(diag, false);
    g_assert_true(g_str_has_suffix(text, "error: the error\n(21 more not shown)\n"));
}

static void nearest_name_forgives_a_third_of_the_word(void)
{
    const char *const steps[] = {"crop", "loudness", "resize", "trim", NULL};
    g_assert_cmpstr(nearest_name("rezise", steps), ==, "resize");
    g_assert_cmpstr(nearest_name("LOUDNES", steps), ==, "loudness");
    g_assert_cmpstr(nearest_name("rtim", steps), ==, "trim");
    g_assert_cmpstr(nearest_name("trimmer", steps), ==, NULL);
    g_assert_cmpstr(nearest_name("grade", steps), ==, NULL);
    g_assert_cmpstr(nearest_name("cr\xff", steps), ==, NULL);
}

static void name_hint_says_what_is_meant_and_allowed(void)
{
    const char *const few[] = {"crop", "pad", "resize", NULL};
    const char *const many[] = {"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9",
                                "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", NULL};
    g_autofree char *near = name_hint("rezise", few);
    g_assert_cmpstr(near, ==, "did you mean \"resize\"? allowed: crop, pad, resize");
    g_autofree char *far = name_hint("something", few);
    g_assert_cmpstr(far, ==, "allowed: crop, pad, resize");
    g_autofree char *cut = name_hint("something", many);
    g_assert_true(g_str_has_suffix(cut, "b5 and 3 more"));
}

static void a_list_of_names_never_ends_in_one_more(void)
{
    const char *const many[] = {"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8",
                                "a9", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"};
    g_autofree char *all = names_text(many, 17), *cut = names_text(many, 18);
    g_assert_true(g_str_has_suffix(all, "b5, b6"));
    g_assert_true(g_str_has_suffix(cut, "b5 and 2 more"));
}

static void bytes_of_a_listed_name_that_are_no_text_are_replaced(void)
{
    g_autofree char *list = names_text((const char *const[]){"a\xff", "b"}, 2);
    g_assert_cmpstr(list, ==, "a\xef\xbf\xbd, b");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diag/message_shows_place_line_underline_and_hint",
                    message_shows_place_line_underline_and_hint);
    g_test_add_func("/diag/underline_counts_characters_and_tabs_are_one_space",
                    underline_counts_characters_and_tabs_are_one_space);
    g_test_add_func("/diag/marks_without_a_line_or_a_source_show_what_is_known",
                    marks_without_a_line_or_a_source_show_what_is_known);
    g_test_add_func("/diag/long_lines_are_cut_around_the_mark", long_lines_are_cut_around_the_mark);
    g_test_add_func("/diag/a_hundred_marks_on_a_line_of_2_mb", a_hundred_marks_on_a_line_of_2_mb);
    g_test_add_func("/diag/cut_lines_may_hold_anything", cut_lines_may_hold_anything);
    g_test_add_func("/diag/control_characters_never_reach_the_terminal",
                    control_characters_never_reach_the_terminal);
    g_test_add_func("/diag/color_is_only_on_request", color_is_only_on_request);
    g_test_add_func("/diag/identical_findings_are_reported_once",
                    identical_findings_are_reported_once);
    g_test_add_func("/diag/a_hundred_findings_are_kept_and_errors_first",
                    a_hundred_findings_are_kept_and_errors_first);
    g_test_add_func("/diag/nearest_name_forgives_a_third_of_the_word",
                    nearest_name_forgives_a_third_of_the_word);
    g_test_add_func("/diag/name_hint_says_what_is_meant_and_allowed",
                    name_hint_says_what_is_meant_and_allowed);
    g_test_add_func("/diag/a_list_of_names_never_ends_in_one_more",
                    a_list_of_names_never_ends_in_one_more);
    g_test_add_func("/diag/bytes_of_a_listed_name_that_are_no_text_are_replaced",
                    bytes_of_a_listed_name_that_are_no_text_are_replaced);
    return g_test_run();
}
