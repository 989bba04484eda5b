/* SPDX-License-Identifier: GPL-3.0-or-later
 * report.html for everybody: what can be told of the page's accessibility and size without a
 * browser. */
#include "report/report.h"

#include "html.h"
#include "made_report.h"
#include "model/task.h"

#include <math.h>
#include <string.h>

/* --- made up --- */

static GBytes *made_picture(gsize size)
{
    guint8 *bytes = g_malloc0(size);
    memcpy(bytes, "\xff\xd8\xff", 3);
    return g_bytes_new_take(bytes, size);
}

static void fill(struct curve *curve, int from, int to)
{
    curve->step_s = 0.25;
    for (int i = 0; i < GLANCE_COLUMNS; i++)
        curve_add(curve, from + (to - from) * (i % 7) / 6);
}

static struct glance *made_glance(gsize picture_bytes)
{
    struct glance *glance = glance_create();
    glance->duration_s = 100;
    glance->moment_s = 33.3;
    glance->before = made_picture(picture_bytes);
    glance->after = made_picture(picture_bytes);
    fill(&glance->low, -90, -10);
    fill(&glance->high, 10, 90);
    fill(&glance->loudness, -300, -180);
    fill(&glance->bitrate, 4000, 12000);
    return glance;
}

static void add_span(struct report *report, enum task_kind kind, const char *state, double start_s,
                     double end_s)
{
    report_add_span(report, (struct report_span){.kind = g_strdup(task_kind_name(kind)),
                                                 .label = g_strdup("clips/web a/A001.mov"),
                                                 .state = g_strdup(state),
                                                 .start_s = start_s,
                                                 .end_s = end_s});
}

static struct report *made_page(void)
{
    struct report *report = made_report();
    ((struct report_output *)report->outputs->pdata[0])->glance = made_glance(100);
    add_span(report, TASK_RENDER, "done", 0, 10);
    add_span(report, TASK_RENDER, "failed", 1, 4);
    add_span(report, TASK_VERIFY, "done", 5, 6);
    return report;
}

static unsigned count(const char *text, const char *what)
{
    unsigned found = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        found++;
    return found;
}

/* --- names and structure --- */

/* WCAG 2.1, 1.3.1 and technique H42: no level is left out on the way down. */
static void headings_go_down_one_level_at_a_time(void)
{
    g_auto(report_ptr) report = made_page();
    g_autofree char *text = report_to_html(report);
    int level = 0, headings = 0;
    for (const char *at = text; (at = strstr(at, "<h")); at += 2) {
        if (!g_ascii_isdigit(at[2]))
            continue;
        int next = at[2] - '0';
        g_assert_cmpint(next, <=, level + 1);
        level = next;
        headings++;
    }
    g_assert_cmpint(headings, >, 6);
    g_assert_cmpuint(count(text, "<h1"), ==, 1);
}

/* Not every loss is a stream's or a tag's, such as sound that is cut off. */
static void losses_are_said_beside_the_table_of_what_was_carried(void)
{
    g_auto(report_ptr) report = made_page();
    struct report_output *output = report->outputs->pdata[0];
    if (!output->carried)
        output->carried = carried_new();
    g_ptr_array_add(output->lost, g_strdup("the last 3.000 s of the sound"));
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(text, "the last 3.000 s of the sound"));
}

static void a_loss_that_the_table_tells_is_said_once(void)
{
    g_auto(report_ptr) report = made_page();
    struct report_output *output = report->outputs->pdata[0];
    const struct carried_row row = {.keep = KEEP_TRACKS,
                                    .stream = 3,
                                    .what = (char *)"sound track 4 (fra, ac3)",
                                    .fate = FATE_DROPPED,
                                    .why = (char *)"the sound before it fills the tracks"};
    if (!output->carried)
        output->carried = carried_new();
    g_ptr_array_add(output->carried, carried_copy(&row));
    g_ptr_array_add(output->lost, g_strdup_printf("%s: %s", row.what, row.why));
    g_autofree char *text = report_to_html(report);
    g_assert_cmpuint(count(text, row.what), ==, 1);
}

/* WCAG 2.1, 4.1.2: a control is within its label, or a label names it. */
static void every_control_has_a_name(void)
{
    g_auto(report_ptr) report = made_page();
    g_autofree char *text = report_to_html(report);
    g_assert_cmpuint(count(text, "<input type=\"radio\""), ==, 6);
    g_assert_cmpuint(count(text, "<label><input type=\"radio\""), ==, 6);
    g_assert_nonnull(strstr(text, "<legend>Show</legend>"));
    g_assert_nonnull(
        strstr(text, "<label for=\"find\">Find</label> <input type=\"search\" id=\"find\""));
    g_assert_cmpuint(count(text, "<input"), ==, 7);
    g_assert_cmpuint(count(text, "<summary></summary>"), ==, 0);
}

/* WCAG 2.1, 1.1.1. */
static void every_picture_has_words(void)
{
    g_auto(report_ptr) report = made_page();
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(text, "alt=\"before\">"));
    g_assert_nonnull(strstr(text, "alt=\"after at 33.3 s\">"));
    g_assert_cmpuint(count(text, "<svg"), ==, 4);
    g_assert_cmpuint(count(text, "role=\"img\" aria-labelledby="), ==, 4);
    g_assert_nonnull(strstr(text, ">peak at 90 % of full scale, over 1 min 40 s</desc>"));
    g_assert_nonnull(strstr(text, ">short-term, -30.0 to -18.0 LUFS, target -23; drawn from"));
    g_assert_nonnull(strstr(text, ">4000 kbit/s to 12 Mbit/s, "));
    g_assert_nonnull(strstr(text, ">3 tasks in 2 lanes over 10.0 s; the tables below"));
}

static void no_id_is_there_twice(void)
{
    g_auto(report_ptr) report = made_page();
    ((struct report_output *)report->outputs->pdata[2])->glance = made_glance(100);
    g_autofree char *text = report_to_html(report);
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *at = text; (at = strstr(at, " id=\"")); at++) {
        const char *id = at + strlen(" id=\"");
        g_assert_true(g_hash_table_add(ids, g_strndup(id, strcspn(id, "\""))));
    }
    g_assert_cmpuint(g_hash_table_size(ids), >, 15);
}

/* --- colours --- */

/* WCAG 2.1, "relative luminance". */
static double luminance(const char *hex)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const bool brief = strcspn(hex, ";}") == 3;
        const int high = g_ascii_xdigit_value(hex[brief ? i : 2 * i]);
        const int low = g_ascii_xdigit_value(hex[brief ? i : 2 * i + 1]);
        const double value = (16 * high + low) / 255.0;
        sum += weights[i] * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *palette, const char *text, const char *ground)
{
    double light[2];
    const char *const names[] = {text, ground};
    for (int i = 0; i < 2; i++) {
        g_autofree char *key = g_strdup_printf("--%s:#", names[i]);
        const char *at = strstr(palette, key);
        g_assert_nonnull(at);
        light[i] = luminance(at + strlen(key));
    }
    return (fmax(light[0], light[1]) + 0.05) / (fmin(light[0], light[1]) + 0.05);
}

static void contrast_is_as_the_formula_of_wcag_has_it(void)
{
    static const char palette[] = "--text:#000;--ground:#fff;--quiet:#777777;";
    g_assert_cmpfloat_with_epsilon(contrast(palette, "text", "ground"), 21, 0.01);
    g_assert_cmpfloat_with_epsilon(contrast(palette, "quiet", "ground"), 4.48, 0.01);
}

/* WCAG 2.1, 1.4.3: 4.5 for text; 1.4.11: 3 for what is drawn. */
static void colours_can_be_told_from_their_ground_in_light_and_dark(void)
{
    static const char *const texts[] = {"text",   "quiet",       "done",     "up_to_date",
                                        "failed", "out_of_spec", "cancelled"};
    static const char *const drawn[] = {"probe", "measure", "render", "verify", "gather"};
    const char *palettes[] = {strstr(html_style, ":root{"),
                              strstr(html_style, "prefers-color-scheme:dark)")};
    for (unsigned p = 0; p < G_N_ELEMENTS(palettes); p++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
            g_assert_cmpfloat(contrast(palettes[p], texts[i], "ground"), >=, 4.5);
            g_assert_cmpfloat(contrast(palettes[p], texts[i], "panel"), >=, 4.5);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(drawn); i++) {
            g_assert_cmpfloat(contrast(palettes[p], drawn[i], "panel"), >=, 3);
            g_assert_cmpfloat(contrast(palettes[p], drawn[i], "code"), >=, 3);
        }
    }
}

/* --- script --- */

/* Content Security Policy 3, 2.3.1: the hash is of what stands between the tags. */
static void the_only_script_is_the_one_the_policy_names(void)
{
    g_auto(report_ptr) report = made_page();
    g_autofree char *text = report_to_html(report);
    const char *begin = strstr(text, "<script>") + strlen("<script>");
    const char *end = strstr(begin, "</script>");
    guint8 digest[32];
    gsize length = sizeof digest;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)begin, end - begin);
    g_checksum_get_digest(sum, digest, &length);
    g_autofree char *code = g_base64_encode(digest, length);
    g_autofree char *policy = g_strdup_printf("script-src 'sha256-%s'\"", code);
    g_assert_nonnull(strstr(text, policy));
    g_assert_cmpuint(count(text, "<script"), ==, 1);
    g_assert_cmpuint(count(text, " onclick="), ==, 0);
}

static void without_script_statuses_can_be_chosen_and_words_are_not_offered(void)
{
    g_auto(report_ptr) report = made_page();
    g_autofree char *text = report_to_html(report);
    for (int i = 0; i <= OUTPUT_CANCELLED; i++) {
        const char *name = output_status_name((enum output_status)i);
        g_autofree char *rule = g_strdup_printf("body:has(#show-%s:checked) ", name);
        g_autofree char *choice = g_strdup_printf("id=\"show-%s\"", name);
        g_assert_nonnull(strstr(text, rule));
        g_assert_nonnull(strstr(text, choice));
    }
    g_assert_nonnull(strstr(text, "<p hidden><label for=\"find\">"));
}

/* --- time --- */

static void tasks_share_a_lane_when_they_do_not_overlap(void)
{
    g_auto(report_ptr) report = made_page();
    static const unsigned lanes[] = {0, 1, 1};
    for (guint i = 0; i < report->spans->len; i++)
        g_assert_cmpuint(((struct report_span *)report->spans->pdata[i])->lane, ==, lanes[i]);
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(
        strstr(text, "class=\"render broken\" x=\"10.00%\" width=\"30.00%\" y=\"19\""));
    g_assert_nonnull(strstr(text, "clips/web a/A001.mov: 3.0 s, failed</title>"));
}

static void of_many_tasks_the_longest_are_drawn(void)
{
    g_auto(report_ptr) report = made_report();
    for (int i = 0; i < 3000; i++)
        add_span(report, TASK_VERIFY, "done", i, i + 0.5);
    g_autofree char *text = report_to_html(report);
    g_assert_cmpuint(count(text, "<rect"), ==, 1000);
    g_assert_nonnull(strstr(text, "the 1000 longest of 3000 tasks are drawn"));
    g_assert_nonnull(strstr(text, "</i>verify</th><td>3000</td>"));
}

static void settings_are_there_with_their_lines(void)
{
    g_auto(report_ptr) report = made_page();
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(text, "<summary>clips/web</summary><pre>web/A001.mp4\n  encode\n"
                                  "    encode.video.crf = 19 (web.yaml:21:29)\n"));
}

/* --- size --- */

/* Of the largest pictures that there are. */
static void page_of_500_outputs_is_below_20_megabytes_and_has_every_row(void)
{
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < 500; i++) {
        struct report_output *output = report_add(report);
        output->status = OUTPUT_DONE;
        output->job = g_strdup("clips");
        output->output = g_strdup("web");
        output->input = g_strdup_printf("day 1/card A/A%03d_C001.mov", i);
        output->path = g_strdup_printf("web/day 1/card A/A%03d_C001.mp4", i);
        output->glance = made_glance(GLANCE_PICTURE_BYTES);
        output->facts = facts_create();
        for (int k = 0; k < 20; k++)
            g_ptr_array_add(output->steps, g_strdup_printf("step %d: as it was asked for", k));
    }
    report_count(report);
    g_autofree char *text = report_to_html(report);
    g_assert_cmpuint(strlen(text), <=, 20 * 1000 * 1000);
    g_assert_cmpuint(count(text, "<tr role=\"row\" class=\"is-done\">"), ==, 500);
    g_assert_cmpuint(count(text, ">Waveform</title>"), ==, 500);
    unsigned pictured = count(text, "<img class=\"after\"");
    g_assert_cmpuint(pictured, >, 350);
    g_assert_cmpuint(count(text, "no room for more pictures"), ==, 500 - pictured);
}

/* What failed takes neither all the page nor the rows of what was done. */
static void page_of_many_failures_is_small_and_has_rows_of_each_status(void)
{
    enum { FAILURES = 2300, DONE = 300, UNREAD = 250 };
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < FAILURES + DONE; i++) {
        struct report_output *output = report_add(report);
        output->status = i < FAILURES ? OUTPUT_FAILED : OUTPUT_DONE;
        output->input = g_strdup_printf("%d.mov", i);
    }
    for (int i = 0; i < UNREAD; i++)
        report_add_unread(report)->input = g_strdup_printf("%d.jpg", i);
    report_count(report);
    g_autofree char *text = report_to_html(report);
    g_assert_cmpuint(count(text, "<article class=\"failed\">"), ==, 200 + 200);
    g_assert_cmpuint(count(text, "2100 more; report.json has them all"), ==, 1);
    g_assert_cmpuint(count(text, "50 more; report.json has them all"), ==, 1);
    g_assert_cmpuint(count(text, "<tr role=\"row\" class=\"is-done\">"), ==, DONE);
    g_assert_cmpuint(count(text, "<tr role=\"row\" class=\"is-failed\">"), ==, 2000 - DONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/page/" #name, name)
    TEST(headings_go_down_one_level_at_a_time);
    TEST(losses_are_said_beside_the_table_of_what_was_carried);
    TEST(a_loss_that_the_table_tells_is_said_once);
    TEST(every_control_has_a_name);
    TEST(every_picture_has_words);
    TEST(no_id_is_there_twice);
    TEST(contrast_is_as_the_formula_of_wcag_has_it);
    TEST(colours_can_be_told_from_their_ground_in_light_and_dark);
    TEST(the_only_script_is_the_one_the_policy_names);
    TEST(without_script_statuses_can_be_chosen_and_words_are_not_offered);
    TEST(tasks_share_a_lane_when_they_do_not_overlap);
    TEST(of_many_tasks_the_longest_are_drawn);
    TEST(settings_are_there_with_their_lines);
    TEST(page_of_500_outputs_is_below_20_megabytes_and_has_every_row);
    TEST(page_of_many_failures_is_small_and_has_rows_of_each_status);
    return g_test_run();
}
