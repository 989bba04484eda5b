/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameter tables: every type is read, refused with a reason, and printed so that it reads back.
 */
#include "model/param.h"

#include "json_node.h"

#include <math.h>
#include <string.h>

struct all {
    double target;
    int width;
    bool on;
    char *text, *file;
    int mode;
    struct position from;
    struct rational fps;
    struct extent size;
    struct rgba color;
    double gain[3];
    struct focal focal;
    struct ints map;
    GPtrArray *options;
};

static const char *const modes[] = {"fit", "fill", "stretch", NULL};
static const struct all defaults = {.target = -23,
                                    .text = (char *)"hello",
                                    .fps = {0, 1},
                                    .color = {0, 0, 0, 255},
                                    .gain = {1, 1, 1}};
static const struct param rows[] = {
    {"target", "loudness", P_NUMBER(struct all, target, UNIT_LUFS), P_RANGE(-70, -5)},
    {"width", "width", P_INT(struct all, width, UNIT_PIXELS), P_RANGE(1, 16384)},
    {"on", "switch", P_BOOL(struct all, on)},
    {"text", "text", P_TEXT(struct all, text)},
    {"file", "file", P_FILE(struct all, file)},
    {"mode", "mode", P_CHOICE(struct all, mode, modes)},
    {"from", "from", P_POSITION(struct all, from)},
    {"fps", "fps", P_RATE(struct all, fps)},
    {"size", "size", P_EXTENT(struct all, size)},
    {"color", "color", P_COLOR(struct all, color)},
    {"gain", "gain", P_TRIPLE(struct all, gain)},
    {"focal", "focal", P_FOCAL(struct all, focal)},
    {"map", "map", P_INTS(struct all, map), P_RANGE(0, 9)},
    {"options", "options", P_DICT(struct all, options)},
};
static const struct params table = {rows, G_N_ELEMENTS(rows), sizeof(struct all), &defaults,
                                    "target"};

static struct all *parsed(const char *json)
{
    g_auto(node_ptr) node = from_json(json);
    g_auto(diag_ptr) diag = diag_create();
    struct all *all = params_new(&table);
    bool ok = params_parse(&table, node, "step", false, all, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, "");
    g_assert_true(ok);
    return all;
}

static char *canonical(const struct all *all)
{
    g_auto(node_ptr) node = params_print(&table, all);
    return node_canonical(node);
}

static void what_is_printed_reads_back(void)
{
    const char *const values[] = {
        "{\"target\": \"-16.5 LUFS\"}",
        "{\"width\": \"1920\"}",
        "{\"on\": true}",
        "{\"text\": \"null\"}",
        "{\"text\": \"\"}",
        "{\"file\": \"a/b.cube\"}",
        "{\"mode\": \"stretch\"}",
        "{\"from\": \"-12f\"}",
        "{\"from\": \"01:00:10:05\"}",
        "{\"fps\": \"23.976\"}",
        "{\"size\": \"50%\"}",
        "{\"size\": 640}",
        "{\"color\": \"#12345678\"}",
        "{\"color\": \"transparent\"}",
        "{\"gain\": [1.1, 1, 0.9]}",
        "{\"gain\": \"2\"}",
        "{\"focal\": [0.4, 0.3]}",
        "{\"focal\": \"1, 0\"}",
        "{\"map\": [2, 1, 0]}",
        "{\"map\": 7}",
        "{\"options\": {\"a\": 1, \"b\": \"2\"}}",
        "{}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        struct all *first = parsed(values[i]);
        g_autofree char *text = canonical(first);
        struct all *second = parsed(text);
        g_autofree char *again = canonical(second);
        g_assert_cmpstr(text, ==, again);
        g_assert_cmpint(strcmp(text, "{}") == 0, ==, i == G_N_ELEMENTS(values) - 1);
        for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++) {
            g_autofree char *a = param_value_text(&rows[r], first);
            g_autofree char *b = param_value_text(&rows[r], second);
            g_assert_cmpstr(a, ==, b);
        }
        params_free(&table, first);
        params_free(&table, second);
    }
}

static void values_arrive(void)
{
    struct all *all =
        parsed("{\"target\": -16, \"gain\": [1, 2, 3], \"fps\": 29.97, \"on\": \"off\","
               " \"color\": \"#ff8000\", \"size\": \"25%\", \"mode\": \"fill\"}");
    g_assert_cmpfloat(all->target, ==, -16);
    g_assert_cmpfloat(all->gain[2], ==, 3);
    g_assert_cmpint(all->fps.num, ==, 30000);
    g_assert_cmpint(all->color.g, ==, 128);
    g_assert_true(all->size.percent && all->size.set && all->size.value == 25);
    g_assert_cmpint(all->mode, ==, 1);
    g_assert_cmpstr(all->text, ==, "hello");
    params_free(&table, all);
    all = parsed("{\"map\": \"3, 1\"}");
    g_assert_cmpint(all->map.count, ==, 2);
    g_assert_cmpint(all->map.value[1], ==, 1);
    params_free(&table, all);
}

static void a_bare_value_sets_the_shorthand(void)
{
    struct all *all = parsed("\"-14 LUFS\"");
    g_assert_cmpfloat(all->target, ==, -14);
    params_free(&table, all);
    all = parsed("null");
    g_assert_cmpfloat(all->target, ==, -23);
    params_free(&table, all);
}

static void refused(const char *json, const char *message, const char *hint)
{
    g_auto(node_ptr) node = from_json(json);
    g_auto(diag_ptr) diag = diag_create();
    struct all *all = params_new(&table);
    g_assert_false(params_parse(&table, node, "step", false, all, diag));
    g_autofree char *text = diag_text(diag, false);
    if (!strstr(text, message) || !strstr(text, hint))
        g_error("wanted \"%s\" and \"%s\" in:\n%s", message, hint, text);
    params_free(&table, all);
}

static void what_is_wrong_is_said_with_what_is_allowed(void)
{
    refused("{\"target\": \"-23 dB\"}", "step.target: \"-23 dB\" is not a loudness",
            "number in LUFS, -70 to -5");
    refused("{\"target\": \"-80 LUFS\"}", "is too low", "-70 to -5; for example \"-23 LUFS\"");
    refused("{\"target\": 3}", "is too high", "-70 to -5");
    refused("{\"width\": 1.5}", "is not a whole number", "1 to 16384");
    refused("{\"width\": \"1e99\"}", "step.width", "1 to 16384");
    refused("{\"mode\": \"strech\"}", "\"strech\" is not a choice", "did you mean \"stretch\"");
    refused("{\"tagret\": 1}", "there is no parameter \"tagret\"", "did you mean \"target\"");
    refused("{\"on\": \"maybe\"}", "neither yes nor no", "yes or no");
    refused("{\"color\": \"#12\"}", "is not a colour", "#rrggbb");
    refused("{\"gain\": [1, 2]}", "takes three numbers, not 2", "list of three");
    refused("{\"gain\": [1, 2, []]}", "is not a number", "list of three");
    refused("{\"focal\": [0.4]}", "takes two numbers, not 1", "0 to 1");
    refused("{\"focal\": [0.4, 30]}", "is too high", "0 to 1");
    refused("{\"map\": []}", "has no number in it", "list of them");
    refused("{\"map\": [1, []]}", "is not a number", "0 to 9");
    refused("{\"map\": [1, 10]}", "is too high", "0 to 9");
    refused("{\"options\": 3}", "is not a map", "map of names");
    refused("{\"options\": {\"a\": []}}", "step.options.a", "one value");
    refused("{\"fps\": 0}", "is not a rate", "30000/1001");
    refused("{\"from\": \"soon\"}", "is not a place in time", "12f");
    refused("{\"size\": \"5 s\"}", "neither pixels nor percent", "pixels or percent");
    refused("{\"target\": {}}", "a map", "number in LUFS");
    refused("[1, 2]", "takes a map of its parameters", "target, width");
}

static void all_mistakes_are_reported_at_once(void)
{
    g_auto(node_ptr) node = from_json("{\"width\": 0, \"mode\": \"x\", \"zzzzzz\": 1}");
    g_auto(diag_ptr) diag = diag_create();
    struct all *all = params_new(&table);
    g_assert_false(params_parse(&table, node, "step", false, all, diag));
    g_assert_cmpuint(diag_errors(diag), ==, 3);
    params_free(&table, all);
}

static void templates_are_checked_later(void)
{
    g_auto(node_ptr) node = from_json("{\"width\": \"${w}\", \"mode\": \"${m}\", \"target\": -20}");
    g_auto(diag_ptr) diag = diag_create();
    struct all *all = params_new(&table);
    g_assert_true(params_parse(&table, node, "step", true, all, diag));
    g_assert_false(params_parse(&table, node, "step", false, all, diag));
    g_assert_cmpfloat(all->target, ==, -20);
    params_free(&table, all);
}

static void a_required_row_must_be_given(void)
{
    struct need {
        char *file;
    };
    static const struct need nothing = {NULL};
    static const struct param need_rows[] = {
        {"file", "the table", P_FILE(struct need, file), P_REQUIRED}};
    static const struct params need = {need_rows, 1, sizeof(struct need), &nothing, NULL};
    const char *const given[] = {"{}", "null", "{\"file\": null}", "{\"file\": \"x\"}"};
    for (unsigned i = 0; i < G_N_ELEMENTS(given); i++) {
        g_auto(node_ptr) node = from_json(given[i]);
        g_auto(diag_ptr) diag = diag_create();
        struct need *data = params_new(&need);
        g_assert_cmpint(params_parse(&need, node, "lut", false, data, diag), ==, i == 3);
        params_free(&need, data);
    }
}

static void the_schema_names_every_row(void)
{
    g_autoptr(JsonNode) schema = params_schema(&table);
    g_autofree char *text = json_to_string(schema, FALSE);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_nonnull(strstr(text, rows[i].name));
    g_assert_nonnull(strstr(text, "\"additionalProperties\":false"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/param/what-is-printed-reads-back", what_is_printed_reads_back);
    g_test_add_func("/param/values-arrive", values_arrive);
    g_test_add_func("/param/a-bare-value-sets-the-shorthand", a_bare_value_sets_the_shorthand);
    g_test_add_func("/param/what-is-wrong-is-said-with-what-is-allowed",
                    what_is_wrong_is_said_with_what_is_allowed);
    g_test_add_func("/param/all-mistakes-are-reported-at-once", all_mistakes_are_reported_at_once);
    g_test_add_func("/param/templates-are-checked-later", templates_are_checked_later);
    g_test_add_func("/param/a-required-row-must-be-given", a_required_row_must_be_given);
    g_test_add_func("/param/the-schema-names-every-row", the_schema_names_every_row);
    return g_test_run();
}
