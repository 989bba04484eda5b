/* SPDX-License-Identifier: GPL-3.0-or-later
 * YAML as a tree, and hostile YAML as an error, at once. */
#include "lang/yaml.h"

#include <string.h>
#include <time.h>

static struct node *parse(const char *text, struct diag *diag)
{
    return yaml_parse("t.yaml", text, strlen(text), diag);
}

/* The message of the one error that reading gives; it must come within half a second, also under a
 * sanitizer. */
static void refuses_length(const char *text, gsize length, const char *message)
{
    g_auto(diag_ptr) diag = diag_create();
    clock_t start = clock();
    g_auto(node_ptr) node = yaml_parse("t.yaml", text, length, diag);
    g_assert_null(node);
    g_assert_cmpuint(diag_errors(diag), >, 0);
    const struct finding *finding = diag_findings(diag)->pdata[0];
    if (!strstr(finding->message, message))
        g_error("\"%s\" is not in \"%s\"", message, finding->message);
    g_assert_cmpint(clock() - start, <, CLOCKS_PER_SEC / 2); /* CPU: other processes don't count */
}

static void refuses(const char *text, const char *message)
{
    refuses_length(text, strlen(text), message);
}

static char *repeated(const char *part, unsigned times)
{
    GString *out = g_string_new(NULL);
    for (unsigned i = 0; i < times; i++)
        g_string_append(out, part);
    return g_string_free(out, FALSE);
}

static void nodes_carry_their_marks(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) root = parse("a: 1\nb: {c: \"x\", d: [é, ~]}\n", diag);
    g_assert_nonnull(root);
    const struct node *b = node_get(root, "b"), *c = node_get(b, "c"), *d = node_get(b, "d");
    g_assert_cmpint(b->at.line, ==, 2);
    g_assert_cmpint(b->at.column, ==, 4);
    g_assert_cmpint(b->at.end_column, ==, 23);
    g_assert_true(c->quoted);
    g_assert_cmpint(c->at.column, ==, 8);
    g_assert_cmpint(c->at.end_column, ==, 11);
    g_assert_cmpstr(node_item(d, 0)->text, ==, "é");
    g_assert_cmpint(node_item(d, 0)->at.end_column, ==, 18);
    g_assert_true(node_is_null(node_item(d, 1)));
}

static void a_text_over_several_lines_is_underlined_on_its_first(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) root = parse("a: >-\n  one\n  two\nb: x\n", diag);
    const struct node *a = node_get(root, "a");
    g_assert_cmpstr(a->text, ==, "one two");
    g_assert_cmpint(a->at.line, ==, 1);
    g_assert_cmpint(a->at.end_column, ==, 6);
}

static void an_alias_is_a_copy_of_its_anchor(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) root = parse("a: &x {k: v}\nb: *x\n", diag);
    g_assert_cmpstr(node_get_text(node_get(root, "b"), "k"), ==, "v");
    g_assert_true(node_get(root, "a") != node_get(root, "b"));
    g_assert_cmpint(node_get(root, "b")->at.line, ==, 1);
}

static void a_byte_order_mark_is_passed_over(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) root = parse("\xef\xbb\xbf"
                                  "a: 1\r\nb: 2\r\n",
                                  diag);
    g_assert_cmpint(node_key(root, "a")->at.column, ==, 1);
    g_assert_cmpint(node_key(root, "b")->at.line, ==, 2);
}

static void a_billion_laughs_are_refused(void)
{
    GString *text = g_string_new("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 10; i++) {
        g_string_append_printf(text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 9; k++)
            g_string_append_printf(text, "%s*a%d", k ? ", " : "", i - 1);
        g_string_append(text, "]\n");
    }
    refuses(text->str, "grows too large");
    g_string_free(text, TRUE);
}

static void a_long_text_repeated_by_aliases_is_refused(void)
{
    g_autofree char *word = repeated("x", 400000), *aliases = repeated(", *a", 40);
    g_autofree char *text = g_strdup_printf("[&a %s%s]", word, aliases);
    refuses(text, "grows too large");
}

static void depth_is_refused_at_once(void)
{
    g_autofree char *flow = repeated("[", 100000), *maps = repeated("{a: ", 100000);
    g_autofree char *block = repeated("- ", 100000), *keys = repeated("? ", 100000);
    gint64 start = g_get_monotonic_time();
    refuses(flow, "more than 64 levels");
    refuses(maps, "more than 64 levels");
    refuses(block, "more than 64 levels");
    refuses(keys, "a key must be text");
    g_test_message("four times 100,000 levels: %.1f ms",
                   (double)(g_get_monotonic_time() - start) / 1000);
}

static void depth_by_aliases_is_refused(void)
{
    GString *text = g_string_new("a0: &a0 [x]\n");
    for (int i = 1; i < 70; i++)
        g_string_append_printf(text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    refuses(text->str, "more than 64 levels");
    g_string_free(text, TRUE);
}

static void many_of_anything_is_refused(void)
{
    g_autofree char *items = repeated("- a\n", 100001),
                    *directives = repeated("%TAG !a b\n", 90000);
    g_autofree char *spaces = repeated(" ", YAML_MAX_BYTES + 1);
    GString *anchors = g_string_new(NULL), *keys = g_string_new(NULL);
    for (int i = 0; i < 300; i++)
        g_string_append_printf(anchors, "- &a%d x\n", i);
    for (int i = 0; i < 60000; i++)
        g_string_append_printf(keys, "k%d: 1\n", i);
    refuses(items, "grows too large");
    refuses(directives, "directives");
    refuses(spaces, "larger than 1 MiB");
    refuses(anchors->str, "256 anchors");
    refuses(keys->str, "grows too large");
    g_string_free(anchors, TRUE);
    g_string_free(keys, TRUE);
}

static void what_contains_itself_is_refused(void)
{
    refuses("&a [*a]", "inside what it stands for");
    refuses("a: &a {b: {c: *a}}", "inside what it stands for");
}

static void keys_stand_once(void)
{
    refuses("a: 1\nb: 2\na: 3\n", "\"a\" is already there");
    refuses("{a: 1, 'a': 2}", "\"a\" is already there");
    refuses("? [a]\n: b\n", "a key must be text");
}

static void other_documents_tags_and_directives_are_refused(void)
{
    refuses("a: 1\n---\nb: 2\n", "second document");
    refuses("a: 1\n...\n---\nb: 2\n", "second document");
    refuses("a: !ruby/object x\n", "tags");
    refuses("a: !!binary eA==\n", "tags");
    refuses("%YAML 1.1\n---\na: 1\n", "directives");
    refuses("%TAG ! tag:yaml.org,2002:\n---\na: 1\n", "directives");
}

static void what_is_no_text_is_refused(void)
{
    refuses_length("a: \0b", 5, "NUL");
    refuses("a: \"\\0\"\n", "NUL");
    refuses("a: caf\xe9\n", "UTF-8");
    refuses("\xff\xfe"
            "a",
            "UTF-8");
    refuses("", "nothing in this file");
    refuses("# a comment\n", "nothing in this file");
    refuses("~\n", "nothing in this file");
    refuses("a: [1\n", "YAML:");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/yaml/nodes_carry_their_marks", nodes_carry_their_marks);
    g_test_add_func("/yaml/a_text_over_several_lines_is_underlined_on_its_first",
                    a_text_over_several_lines_is_underlined_on_its_first);
    g_test_add_func("/yaml/an_alias_is_a_copy_of_its_anchor", an_alias_is_a_copy_of_its_anchor);
    g_test_add_func("/yaml/a_byte_order_mark_is_passed_over", a_byte_order_mark_is_passed_over);
    g_test_add_func("/yaml/a_billion_laughs_are_refused", a_billion_laughs_are_refused);
    g_test_add_func("/yaml/a_long_text_repeated_by_aliases_is_refused",
                    a_long_text_repeated_by_aliases_is_refused);
    g_test_add_func("/yaml/depth_is_refused_at_once", depth_is_refused_at_once);
    g_test_add_func("/yaml/depth_by_aliases_is_refused", depth_by_aliases_is_refused);
    g_test_add_func("/yaml/many_of_anything_is_refused", many_of_anything_is_refused);
    g_test_add_func("/yaml/what_contains_itself_is_refused", what_contains_itself_is_refused);
    g_test_add_func("/yaml/keys_stand_once", keys_stand_once);
    g_test_add_func("/yaml/other_documents_tags_and_directives_are_refused",
                    other_documents_tags_and_directives_are_refused);
    g_test_add_func("/yaml/what_is_no_text_is_refused", what_is_no_text_is_refused);
    return g_test_run();
}
