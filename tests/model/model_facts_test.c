/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts: by name, as text and number, and through JSON and back. */
#include "model/facts.h"

#include "json_node.h"

#include <math.h>
#include <string.h>

static struct facts *clip(void)
{
    struct facts *facts = facts_create();
    facts->kind = KIND_VIDEO;
    facts->container = g_strdup("mov");
    facts->duration_s = 12.48;
    facts->width = 1920;
    facts->height = 1080;
    facts->fps = (struct rational){30000, 1001};
    facts->codec = g_strdup("prores");
    facts->title = g_strdup("caf\xe9");
    facts->channels = facts->audio_tracks = 2;
    facts->measured = true;
    facts->integrated_lufs = -23.02;
    facts->true_peak_dbtp = -INFINITY;
    facts->lra_stable = true;
    facts->languages = g_strdup("eng, und");
    facts->silent_channels = g_strdup("");
    facts->bar_top = 140;
    facts->gated_blocks = g_strdup("470 25 9100 12 3 0");
    facts->seen = g_strdup("0,0;12,-3;\tc;");
    facts->black = g_array_new(FALSE, FALSE, sizeof(struct span));
    g_array_append_val(facts->black, ((struct span){1, 2.5}));
    struct stream_facts *stream = g_new0(struct stream_facts, 1);
    stream->kind = g_strdup("video");
    stream->left_out = g_strdup("it is another's");
    stream->start_s = 0;
    stream->duration_s = NAN;
    g_ptr_array_add(facts->streams, stream);
    return facts;
}

static char *json_text(const struct facts *facts)
{
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, facts_to_json(facts));
    return json_to_string(node, FALSE);
}

static void facts_survive_json(void)
{
    g_auto(facts_ptr) facts = clip();
    g_autofree char *text = json_text(facts);
    g_assert_nonnull(strstr(text, "\"true_peak_dbtp\":null"));
    g_assert_nonnull(strstr(text, "\"black\":[[1.0,2.5]]"));
    g_assert_nonnull(strstr(text, "\"fps_ratio\":\"30000/1001\""));
    g_assert_nonnull(strstr(text, "\"languages\":[\"eng\",\"und\"]"));
    g_assert_nonnull(strstr(text, "\"silent_channels\":[]"));
    g_assert_nonnull(strstr(text, "\"bar_top\":140,\"bar_bottom\":0"));
    g_assert_null(strstr(text, "\"pix_fmt\""));
    g_assert_null(strstr(text, "inf"));
    g_autoptr(JsonNode) node = json_from_string(text, NULL);
    g_auto(facts_ptr) again = facts_from_json(json_node_get_object(node));
    g_autofree char *text_again = json_text(again);
    g_assert_cmpstr(text, ==, text_again);
    g_assert_cmpint(again->fps.den, ==, 1001);
    g_assert_cmpfloat(again->integrated_lufs, ==, -23.02);
    g_assert_true(isnan(again->true_peak_dbtp));
    g_assert_true(again->lra_stable);
    g_assert_cmpstr(again->gated_blocks, ==, "470 25 9100 12 3 0");
    g_assert_cmpstr(again->seen, ==, "0,0;12,-3;\tc;");
    g_assert_cmpuint(again->streams->len, ==, 1);
    g_assert_true(isnan(((struct stream_facts *)again->streams->pdata[0])->duration_s));
    g_assert_cmpstr(((struct stream_facts *)again->streams->pdata[0])->left_out, ==,
                    "it is another's");
}

static void facts_survive_lines(void)
{
    g_auto(facts_ptr) facts = clip();
    g_free(facts->title);
    facts->title = g_strdup("a\tb\\n\nc\xe9");
    facts->sample_peak_dbfs = 0;
    facts->hdr = true;
    struct stream_facts *stream = facts->streams->pdata[0];
    stream->language = g_strdup("fra\t");
    g_autofree char *lines = facts_to_lines(facts);
    g_auto(facts_ptr) again = facts_from_lines(lines);
    g_autofree char *text = json_text(facts), *text_again = json_text(again);
    g_assert_cmpstr(text, ==, text_again);
    g_assert_cmpstr(again->title, ==, facts->title);
    g_assert_cmpfloat(again->sample_peak_dbfs, ==, 0);
    stream = again->streams->pdata[0];
    g_assert_cmpstr(stream->language, ==, "fra\t");
    g_assert_null(stream->codec);
    g_assert_true(isnan(stream->duration_s));
}

/* What a step is told of a programme. */
static void what_was_measured_goes_to_steps(void)
{
    g_auto(facts_ptr) facts = clip();
    struct node *measured = facts_measured(facts);
    g_assert_cmpstr(node_get_text(measured, "integrated_lufs"), ==, "-23.02");
    g_assert_cmpstr(node_get_text(measured, "gated_blocks"), ==, facts->gated_blocks);
    g_assert_cmpstr(node_get_text(measured, "seen"), ==, facts->seen);
    g_assert_null(node_get_text(measured, "width"));
    node_unref(measured);
}

static void lines_that_mean_nothing_are_passed_over(void)
{
    static const char *const texts[] = {
        "",         "\n",         "nonsense\t1\n",        "width",
        "stream\n", "stream\t\n", "fps\t1 0\nblack\t1\n", "\t\t\t\n",
        "kind\t\n"};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(facts_ptr) facts = facts_from_lines(texts[i]);
        g_assert_cmpint(facts->kind, ==, KIND_NONE);
        g_assert_cmpint(facts->width, ==, 0);
        g_assert_cmpint(facts->fps.num, ==, 0);
    }
}

/* What meters count is 0 only where they looked. */
static void counts_of_meters_that_did_not_run_are_unknown(void)
{
    g_auto(facts_ptr) facts = clip();
    g_clear_pointer(&facts->black, g_array_unref);
    facts->bar_top = 0;
    g_autofree char *bar = fact_text(fact_find("bar_top"), facts);
    g_assert_null(bar);
}

static void unmeasured_facts_are_left_out(void)
{
    g_auto(facts_ptr) facts = facts_create();
    facts->kind = KIND_AUDIO;
    g_autofree char *text = json_text(facts);
    g_assert_null(strstr(text, "lufs"));
    g_assert_null(strstr(text, "lra_stable"));
    g_assert_null(strstr(text, "width"));
    g_assert_nonnull(strstr(text, "\"audio_tracks\":0"));
}

static void wrong_types_are_unknown(void)
{
    const char *const hostile[] = {
        "{}",
        "{\"kind\": 3, \"width\": \"x\", \"fps\": {}, \"black\": 1, \"streams\": 7}",
        "{\"kind\": \"video\", \"width\": 99999999999999, \"fps_ratio\": \"1/0\"}",
        "{\"black\": [[1], [\"a\", 2], null, [1, 2, 3], {}], \"streams\": [1, null, []]}",
        "{\"fps_ratio\": \"-9223372036854775808/-1\", \"duration\": null, \"title\": [1]}",
        "{\"measured\": \"yes\", \"integrated_lufs\": \"-23\", \"alpha\": 1}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(JsonNode) node = json_from_string(hostile[i], NULL);
        g_auto(facts_ptr) facts = facts_from_json(json_node_get_object(node));
        g_autofree char *text = json_text(facts);
        g_assert_null(strstr(text, "nan"));
        g_assert_false(facts->measured);
        g_assert_cmpuint(facts->streams->len, ==, 0);
        g_assert_true(!facts->black || facts->black->len == 0);
    }
}

static void names_and_aliases_find_facts(void)
{
    g_auto(facts_ptr) facts = clip();
    g_assert_true(fact_find("loudness") == fact_find("integrated_lufs"));
    g_assert_true(fact_find("duration") == fact_find("duration_s"));
    g_assert_null(fact_find("loudnes"));
    g_autofree char *fps = fact_text(fact_find("fps"), facts);
    g_autofree char *width = fact_text(fact_find("width"), facts);
    g_autofree char *hdr = fact_text(fact_find("hdr"), facts);
    g_autofree char *unknown = fact_text(fact_find("pix_fmt"), facts);
    g_assert_cmpstr(fps, ==, "30000/1001");
    g_assert_cmpstr(width, ==, "1920");
    g_assert_cmpstr(hdr, ==, "false");
    g_assert_null(unknown);
    double number;
    g_assert_true(fact_number(fact_find("fps"), facts, &number));
    g_assert_cmpfloat_with_epsilon(number, 29.97003, 1e-5);
    g_assert_true(fact_number(fact_find("chapters"), facts, &number) && number == 0);
    g_assert_false(fact_number(fact_find("frames"), facts, &number));
    g_assert_false(fact_number(fact_find("true_peak"), facts, &number));
}

static void every_name_is_used_once(void)
{
    for (unsigned i = 0; i < fact_count; i++) {
        g_assert_true(fact_find(fact_table[i].name) == &fact_table[i]);
        if (fact_table[i].alias)
            g_assert_true(fact_find(fact_table[i].alias) == &fact_table[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/survive-json", facts_survive_json);
    g_test_add_func("/facts/lines", facts_survive_lines);
    g_test_add_func("/facts/measured", what_was_measured_goes_to_steps);
    g_test_add_func("/facts/lines/nonsense", lines_that_mean_nothing_are_passed_over);
    g_test_add_func("/facts/counts-of-meters-that-did-not-run-are-unknown",
                    counts_of_meters_that_did_not_run_are_unknown);
    g_test_add_func("/facts/unmeasured-facts-are-left-out", unmeasured_facts_are_left_out);
    g_test_add_func("/facts/wrong-types-are-unknown", wrong_types_are_unknown);
    g_test_add_func("/facts/names-and-aliases-find-facts", names_and_aliases_find_facts);
    g_test_add_func("/facts/every-name-is-used-once", every_name_is_used_once);
    return g_test_run();
}
