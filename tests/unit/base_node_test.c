/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tree of values. */
#include "base/node.h"

static const struct mark nowhere;

static struct node *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) json = json_from_string(text, &error);
    g_assert_no_error(error);
    return node_from_json(json);
}

static void maps_keep_order_and_replace_in_place(void)
{
    g_auto(node_ptr) map = node_map(nowhere);
    node_put(map, "b", nowhere, node_scalar("1", nowhere));
    node_put(map, "a", nowhere, node_scalar("2", nowhere));
    node_put(map, "b", (struct mark){"f", 7, 1, 2}, node_scalar("3", nowhere));
    g_assert_cmpuint(node_length(map), ==, 2);
    g_assert_cmpstr(node_key_at(map, 0), ==, "b");
    g_assert_cmpstr(node_key_at(map, 1), ==, "a");
    g_assert_cmpstr(node_get_text(map, "b"), ==, "3");
    g_assert_cmpint(node_key(map, "b")->at.line, ==, 7);
}

static void what_is_absent_is_null(void)
{
    g_auto(node_ptr) map = node_map(nowhere);
    g_auto(node_ptr) text = node_scalar("x", nowhere);
    node_put(map, "list", nowhere, node_list(nowhere));
    g_assert_null(node_get(map, "none"));
    g_assert_null(node_key(map, "none"));
    g_assert_null(node_get_text(map, "list"));
    g_assert_null(node_get(text, "x"));
    g_assert_null(node_item(map, 1));
    g_assert_null(node_key_at(map, 1));
    g_assert_cmpuint(node_length(NULL), ==, 0);
    g_assert_cmpuint(node_length(text), ==, 0);
    g_assert_null(node_copy(NULL));
    node_unref(NULL);
}

static void quotes_make_a_null_a_text(void)
{
    const char *const nulls[] = {"", "~", "null"};
    for (size_t i = 0; i < G_N_ELEMENTS(nulls); i++) {
        g_auto(node_ptr) node = node_scalar(nulls[i], nowhere);
        g_assert_true(node_is_null(node));
        node->quoted = true;
        g_assert_false(node_is_null(node));
    }
    g_auto(node_ptr) word = node_scalar("none", nowhere);
    g_assert_false(node_is_null(word));
    g_assert_true(node_is_null(NULL));
}

static void copies_are_deep_and_keep_marks(void)
{
    g_auto(node_ptr) map = parse("{\"a\": [1, {\"b\": \"x\"}]}");
    node_get(map, "a")->at.line = 4;
    g_auto(node_ptr) copy = node_copy(map);
    g_assert_true(node_get(copy, "a") != node_get(map, "a"));
    g_assert_cmpint(node_get(copy, "a")->at.line, ==, 4);
    node_append(node_get(copy, "a"), node_scalar("new", nowhere));
    g_assert_cmpuint(node_length(node_get(map, "a")), ==, 2);
    g_assert_true(node_item(node_item(node_get(copy, "a"), 1), 0)->quoted);
}

static void shared_nodes_live_until_the_last_user(void)
{
    struct node *value = node_scalar("x", nowhere);
    g_auto(node_ptr) map = node_map(nowhere);
    node_put(map, "a", nowhere, node_ref(value));
    node_unref(value);
    g_assert_cmpstr(node_get_text(map, "a"), ==, "x");
}

static void json_scalars_become_their_shortest_text(void)
{
    g_auto(node_ptr) list =
        parse("[1, -0.10, 1e3, 9007199254740993, true, false, null, \"null\", \"\"]");
    const char *const texts[] = {"1", "-0.1", "1000", "9007199254740993", "true", "false",
                                 "",  "null", ""};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_cmpstr(node_item(list, i)->text, ==, texts[i]);
    g_assert_true(node_is_null(node_item(list, 6)));
    g_assert_false(node_is_null(node_item(list, 7)));
    g_assert_false(node_is_null(node_item(list, 8)));
}

static void canonical_text_is_sorted_and_bare(void)
{
    g_auto(node_ptr) map = parse("{\"b\": [1, null], \"a\": {\"z\": \"q\\\"\\\\\\n\\u00e4\", "
                                 "\"y\": \"\"}}");
    g_autofree char *text = node_canonical(map);
    g_assert_cmpstr(text, ==, "{\"a\":{\"y\":\"\",\"z\":\"q\\\"\\\\\\nä\"},\"b\":[\"1\",null]}");
}

static void json_and_back_is_the_same_tree(void)
{
    g_auto(node_ptr) map = parse("{\"b\": [\"1\", null, \"~\", []], \"a\": {}, \"c\": \"\"}");
    g_autoptr(JsonNode) json = node_to_json(map);
    g_auto(node_ptr) back = node_from_json(json);
    g_autofree char *before = node_canonical(map), *after = node_canonical(back);
    g_assert_cmpstr(before, ==, after);
    g_assert_cmpstr(node_key_at(back, 0), ==, "b");
    g_auto(node_ptr) canonical = parse(before);
    g_autofree char *again = node_canonical(canonical);
    g_assert_cmpstr(again, ==, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node/maps_keep_order_and_replace_in_place",
                    maps_keep_order_and_replace_in_place);
    g_test_add_func("/node/what_is_absent_is_null", what_is_absent_is_null);
    g_test_add_func("/node/quotes_make_a_null_a_text", quotes_make_a_null_a_text);
    g_test_add_func("/node/copies_are_deep_and_keep_marks", copies_are_deep_and_keep_marks);
    g_test_add_func("/node/shared_nodes_live_until_the_last_user",
                    shared_nodes_live_until_the_last_user);
    g_test_add_func("/node/json_scalars_become_their_shortest_text",
                    json_scalars_become_their_shortest_text);
    g_test_add_func("/node/canonical_text_is_sorted_and_bare", canonical_text_is_sorted_and_bare);
    g_test_add_func("/node/json_and_back_is_the_same_tree", json_and_back_is_the_same_tree);
    return g_test_run();
}
