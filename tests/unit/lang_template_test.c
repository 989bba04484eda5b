/* SPDX-License-Identifier: GPL-3.0-or-later
 * Templates filled in. */
#include "lang/template.h"

static struct facts *facts;
static struct template_env env = {
    .relative = "day 1/A001.C002.mov",
    .job = "clips",
    .output = "web",
    .extension = "mp4",
    .index = 7,
    .page = 2,
    .date = "2026-11-21",
};

static void is(const char *text, const char *expected)
{
    char *why = NULL;
    g_autofree char *got = template_expand(text, &env, true, &why);
    if (why)
        g_error("%s: %s", text, why);
    g_assert_cmpstr(got, ==, expected);
}

static void refuses(const char *text, const char *part)
{
    g_autofree char *why = NULL;
    g_assert_null(template_expand(text, &env, true, &why));
    g_assert_nonnull(why);
    if (!g_strrstr(why, part))
        g_error("%s: %s", text, why);
}

static void names_stand_for_the_source(void)
{
    is("${dir}/${stem}.mp4", "day 1/A001.C002.mp4");
    is("${name}", "A001.C002.mov");
    is("${stem}_${ext}.mp4", "A001.C002_mov.mp4");
    is("${job}/${output}/${index}", "clips/web/7");
    is("${page|03}", "002");
    is("${date}", "2026-11-21");
    is("${width}x${height}@${fps}", "1920x1080@25");
    is("no names", "no names");
    is("a$b{c}", "a$b{c}");
    is("$${stem}", "${stem}");
}

static void the_extension_of_a_path_is_the_outputs(void)
{
    is("${stem}.${ext}", "A001.C002.mp4");
}

static void an_empty_folder_takes_its_slash_along(void)
{
    const char *relative = env.relative;
    env.relative = "A.mov";
    is("${dir}/${stem}.mp4", "A.mp4");
    is("web/${dir}/${stem}.mp4", "web/A.mp4");
    env.relative = ".hidden";
    is("${stem}|${ext}", ".hidden|");
    env.relative = relative;
}

static void filters_apply_in_order(void)
{
    is("${stem|lower}", "a001.c002");
    is("${output|upper}", "WEB");
    is("${stem|slug}", "a001-c002");
    is("${index|03}", "007");
    is("${index | 03 | 2}", "00");
    is("${stem|4}", "A001");
    is("${title|slug}", "über-uns");
}

static void values_cant_leave_the_folder(void)
{
    refuses("${title}.mp4", "which can't be part of a file name");
    refuses("${reel}/x.mp4", "not a path below");
    refuses("../${stem}", "not a path below");
    refuses("/${stem}", "not a path below");
    refuses("${timecode}.mp4", "${timecode} is unknown");
}

static void a_tree_is_expanded_as_a_copy(void)
{
    struct mark at = {"f", 3, 4, 5};
    g_auto(node_ptr) map = node_map(at);
    node_put(map, "lut", at, node_scalar("${dir}/${stem}.cube", at));
    node_put(map, "list", at, node_list(at));
    char *why = NULL;
    g_auto(node_ptr) copy = template_expand_tree(map, &env, &why);
    g_assert_cmpstr(node_get_text(copy, "lut"), ==, "day 1/A001.C002.cube");
    g_assert_cmpint(node_get(copy, "lut")->at.line, ==, 3);
    g_assert_cmpstr(node_get_text(map, "lut"), ==, "${dir}/${stem}.cube");
    node_append(node_get(map, "list"), node_scalar("${timecode}", at));
    g_assert_null(template_expand_tree(map, &env, &why));
    g_assert_nonnull(why);
    g_free(why);
}

static void variables_are_filled_in_and_names_stay(void)
{
    struct mark at = {"f", 1, 1, 2};
    g_autoptr(GHashTable) vars = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(vars, (gpointer) "look", (gpointer) "Day.cube");
    g_auto(node_ptr) map = node_map(at);
    node_put(map, "a", at, node_scalar("${look|lower} ${stem} $${look} ${open", at));
    g_assert_true(template_fill_vars(map, vars));
    g_assert_cmpstr(node_get_text(map, "a"), ==, "day.cube ${stem} $${look} ${open");
}

static void variables_cant_grow_without_end(void)
{
    struct mark at = {"f", 1, 1, 2};
    g_autoptr(GHashTable) vars = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *big = g_strnfill(4096, 'x');
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 5000; i++)
        g_string_append(text, "${big}");
    g_hash_table_insert(vars, (gpointer) "big", big);
    g_auto(node_ptr) node = node_scalar(text->str, at);
    g_assert_false(template_fill_vars(node, vars));
    g_string_free(text, TRUE);
}

static void mistakes_are_underlined_inside(void)
{
    static const struct {
        const char *text;
        int column, end_column;
    } cases[] = {{"${stm}.mp4", 11, 17}, {"é/${stem|loud}", 13, 25}, {"${stem", 11, 17}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(diag_ptr) diag = diag_create();
        int length = (int)g_utf8_strlen(cases[i].text, -1);
        struct mark quoted = {"f", 1, 10, 12 + length};
        g_assert_false(template_check(cases[i].text, quoted, diag));
        const struct finding *finding = diag_findings(diag)->pdata[0];
        g_assert_cmpint(finding->at.column, ==, cases[i].column);
        g_assert_cmpint(finding->at.end_column, ==, cases[i].end_column);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    facts = facts_create();
    facts->width = 1920;
    facts->height = 1080;
    facts->fps = rational_make(25, 1);
    facts->title = g_strdup("Über/uns");
    facts->reel = g_strdup("..");
    env.facts = facts;
    g_test_add_func("/template/names_stand_for_the_source", names_stand_for_the_source);
    g_test_add_func("/template/the_extension_of_a_path_is_the_outputs",
                    the_extension_of_a_path_is_the_outputs);
    g_test_add_func("/template/an_empty_folder_takes_its_slash_along",
                    an_empty_folder_takes_its_slash_along);
    g_test_add_func("/template/filters_apply_in_order", filters_apply_in_order);
    g_test_add_func("/template/values_cant_leave_the_folder", values_cant_leave_the_folder);
    g_test_add_func("/template/a_tree_is_expanded_as_a_copy", a_tree_is_expanded_as_a_copy);
    g_test_add_func("/template/variables_are_filled_in_and_names_stay",
                    variables_are_filled_in_and_names_stay);
    g_test_add_func("/template/variables_cant_grow_without_end", variables_cant_grow_without_end);
    g_test_add_func("/template/mistakes_are_underlined_inside", mistakes_are_underlined_inside);
    int result = g_test_run();
    facts_destroy(facts);
    return result;
}
