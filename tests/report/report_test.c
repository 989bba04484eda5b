/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report in each of its forms. Golden files are rewritten when RUSHES_UPDATE_GOLDEN is set. */
#include "report/report.h"

#include "made_report.h"
#include "model/expect.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

static void assert_golden(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(GOLDEN, name, NULL);
    g_autofree char *golden = NULL;
    if (g_getenv("RUSHES_UPDATE_GOLDEN"))
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_true(g_file_get_contents(path, &golden, NULL, NULL));
    g_assert_cmpstr(text, ==, golden);
}

static void json_is_as_documented(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_json(report);
    assert_golden("report.json", text);
}

static void junit_is_as_jenkins_reads_it(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_junit(report);
    assert_golden("junit.xml", text);
}

static void table_has_a_row_an_output(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_csv(report);
    assert_golden("report.csv", text);
}

static void table_holds_no_formulas(void)
{
    g_auto(report_ptr) report = report_create();
    struct report_output *output = report_add(report);
    output->job = g_strdup("=cmd|' /C calc'!A0");
    output->output = g_strdup("@SUM(1)");
    output->input = g_strdup("-23 LUFS, \"so\"");
    output->path = g_strdup("-23.5");
    g_autofree char *text = report_to_csv(report);
    g_assert_nonnull(
        strstr(text, "\r\n'=cmd|' /C calc'!A0,'@SUM(1),\"'-23 LUFS, \"\"so\"\"\",-23.5,"));
}

static void add_failed(struct report *report, const char *source, const char *path)
{
    struct report_output *output = report_add(report);
    output->status = OUTPUT_FAILED;
    output->job = g_strdup("clips");
    output->output = g_strdup("web");
    output->input = g_strdup(source);
    output->source = g_strconcat("/in/", source, NULL);
    output->path = g_strdup(path);
    fail(&output->failure, FAIL_INPUT_DAMAGED, "it is cut off");
}

static unsigned count(const char *text, const char *what)
{
    unsigned found = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        found++;
    return found;
}

static void a_source_that_cant_be_read_is_told_once_for_all_its_outputs(void)
{
    g_auto(report_ptr) report = report_create();
    add_failed(report, "a.mov", "a.mp4");
    add_failed(report, "b.mov", "b.mp4");
    add_failed(report, "a.mov", "a.webm");
    report_count(report);
    g_autofree char *text = report_to_text(report, false), *html = report_to_html(report),
                    *markdown = report_to_markdown(report), *github = report_to_github(report);
    g_assert_nonnull(strstr(text, "failed (input_damaged): a.mov\n    it is cut off\n"
                                  "    of it:  a.mp4, a.webm\n    source: /in/a.mov\n"));
    g_assert_nonnull(strstr(text, "failed (input_damaged): b.mp4\n"));
    g_assert_cmpuint(count(text, "it is cut off"), ==, 2);
    g_assert_cmpuint(count(html, "<article class=\"failed\">"), ==, 2);
    g_assert_nonnull(strstr(html, "2 outputs would be made of it: <bdi>a.mp4, a.webm</bdi>"));
    g_assert_cmpuint(count(markdown, "it is cut off"), ==, 2);
    g_assert_cmpuint(count(github, "::error"), ==, 2);
}

static void add_damaged(struct report *report, const char *path, const char *damage)
{
    struct report_output *output = report_add(report);
    output->job = g_strdup("clips");
    output->output = g_strdup("web");
    output->input = g_strdup("a.mov");
    output->source = g_strdup("/in/a.mov");
    output->path = g_strdup(path);
    g_ptr_array_add(output->steps, g_strconcat(NOTE_DAMAGED, damage, NULL));
}

static void damage_that_was_let_pass_is_said_by_every_form(void)
{
    g_auto(report_ptr) report = report_create();
    add_damaged(report, "a.mp4", "it ends at 2 s of 4");
    add_damaged(report, "a.webm", "it ends at 2 s of 4");
    add_damaged(report, "a.wav", "its sound ends at 1 s");
    report_count(report);
    g_autofree char *text = report_to_text(report, false), *csv = report_to_csv(report),
                    *markdown = report_to_markdown(report), *github = report_to_github(report),
                    *junit = report_to_junit(report);
    g_assert_nonnull(strstr(text, "damaged: a.mp4, a.webm\n    it ends at 2 s of 4\n"
                                  "    source: /in/a.mov\n"));
    g_assert_nonnull(strstr(text, "damaged: a.wav\n"));
    g_assert_nonnull(strstr(csv, "a.webm,done,,,it ends at 2 s of 4,"));
    g_assert_nonnull(strstr(markdown, "| a.mp4, a.webm | it ends at 2 s of 4 |\n"));
    g_assert_nonnull(
        strstr(github, "::warning title=damaged%3A a.mp4%2C a.webm::it ends at 2 s of 4\n"));
    g_assert_nonnull(strstr(junit, "<system-out>damaged: its sound ends at 1 s</system-out>\n"));
}

static void warnings_of_damage_leave_room_for_the_summary(void)
{
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < 30; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);
        add_damaged(report, name, name);
    }
    report_count(report);
    g_autofree char *github = report_to_github(report);
    g_assert_cmpuint(count(github, "::warning"), ==, 9);
    g_assert_nonnull(strstr(github, "report.json have what isn't shown here\n"));
}

static void a_page_is_titled_by_what_its_pipeline_calls_itself(void)
{
    g_auto(report_ptr) report = made_report();
    report->name = g_strdup("Dailies");
    g_autofree char *json = report_to_json(report);
    g_auto(report_ptr) past = report_from_json(json, -1, NULL);
    g_autofree char *html = report_to_html(past);
    g_assert_nonnull(strstr(html, "<title>Dailies: "));
    g_assert_nonnull(strstr(html, "<h1>Dailies</h1>"));
    g_assert_nonnull(strstr(html, report->pipeline));
}

static void annotations_are_of_the_worst(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_github(report);
    assert_golden("annotations.txt", text);
    g_autofree char *page = report_to_markdown(report);
    assert_golden("summary.md", page);
}

static void annotations_are_at_most_ten_errors_failures_first(void)
{
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < 30; i++) {
        struct report_output *output = report_add(report);
        output->path = g_strdup_printf("%d.mp4", i);
        output->status = i < 25 ? OUTPUT_OUT_OF_SPEC : OUTPUT_FAILED;
    }
    report_count(report);
    g_autofree char *text = report_to_github(report);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 12); /* the last one is empty */
    g_assert_nonnull(strstr(lines[4], "29.mp4"));
    g_assert_nonnull(strstr(lines[5], " title=out_of_spec%3A 0.mp4::"));
    g_assert_true(g_str_has_prefix(lines[10], "::warning "));
}

static void outputs_stand_as_they_were_planned(void)
{
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < 3; i++) {
        struct report_output *output = report_add(report);
        output->path = g_strdup_printf("%d.mp4", i);
        output->place = (4 - i) % 3; /* finished in another order */
    }
    report_count(report);
    g_assert_cmpstr(((struct report_output *)report->outputs->pdata[0])->path, ==, "1.mp4");
    g_assert_cmpstr(((struct report_output *)report->outputs->pdata[1])->path, ==, "0.mp4");
    g_assert_cmpstr(((struct report_output *)report->outputs->pdata[2])->path, ==, "2.mp4");
}

static void hostile_names_are_no_commands(void)
{
    g_auto(report_ptr) report = made_hostile_report();
    g_autofree char *text = report_to_github(report);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 5);
    for (unsigned i = 0; i < 4; i++)
        g_assert_true(g_str_has_prefix(lines[i], "::error ") ||
                      g_str_has_prefix(lines[i], "::warning "));
    g_autofree char *page = report_to_markdown(report);
    g_assert_null(strstr(page, "<script"));
}

/* A reel of many films, of which each has a date of its own. */
static void summary_names_the_first_of_many_losses(void)
{
    g_auto(report_ptr) report = report_create();
    struct report_output *output = report_add(report);
    output->status = OUTPUT_DONE;
    output->job = g_strdup("reel");
    output->path = g_strdup("reel.mov");
    output->carried = carried_new();
    for (int i = 1; i <= 40; i++) {
        g_autofree char *what = g_strdup_printf("%d.mov: date", i);
        const struct carried_row row = {.keep = KEEP_DATES, .what = what, .fate = FATE_DROPPED};
        g_ptr_array_add(output->carried, carried_copy(&row));
    }
    g_autofree char *text = report_to_text(report, false);
    g_assert_nonnull(strstr(text, "reel.mov: without 1.mov: date, 2.mov: date"));
    g_assert_nonnull(strstr(text, "16.mov: date and 24 more\n"));
}

static void summary_has_every_failure_in_a_sentence(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_text(report, false);
    assert_golden("summary.txt", text);
    g_autofree char *colored = report_to_text(report, true);
    g_assert_nonnull(strstr(colored, "\033[1;31mfailed\033[0m"));
}

static void what_is_late_is_on_the_page(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(text, "web/A004.mp4</bdi>: delivered, but wanted by 2026-11-21 22:05"));
}

static void list_of_what_is_late_ends_at_200(void)
{
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < 203; i++) {
        struct report_output *output = report_add(report);
        output->path = g_strdup_printf("late%d.mp4", i);
        output->deliver_by = g_strdup("2026-11-21 22:05");
        output->late = true;
    }
    report_count(report);
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(text, "late199.mp4</bdi>: "));
    g_assert_null(strstr(text, "late200.mp4</bdi>: "));
    g_assert_nonnull(strstr(text, "and 3 more; report.json has them all"));
}

static void what_cannot_be_read_is_on_the_page(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(
        text,
        "S003.jpg</bdi></h3><span class=\"word failed\">the source is damaged (input_damaged)"));
}

static void run_that_lacked_an_input_failed(void)
{
    g_auto(report_ptr) report = report_create();
    report_add(report)->status = OUTPUT_DONE;
    report_add_unread(report)->failure.class = FAIL_INPUT_DAMAGED;
    report_count(report);
    g_assert_cmpstr(report_status(report), ==, "failed");
}

static void add_picture(struct report *report, const char *name, const char *note)
{
    struct report_output *output = report_add(report);
    output->path = g_strdup(name);
    output->status = OUTPUT_DONE;
    g_ptr_array_add(output->steps, g_strdup(note));
    g_autofree char *path = g_build_filename(report->out_dir, name, NULL);
    g_assert_true(g_file_set_contents(path, name, -1, NULL));
}

/* Base64 of "b.webp". */
static void previews_stand_before_the_table(void)
{
    g_auto(report_ptr) report = report_create();
    report->out_dir = g_dir_make_tmp("rushes-report-XXXXXX", NULL);
    report->version = g_strdup("1");
    report->run = g_strdup("r");
    add_picture(report, "a.webp", "still taken at 1.000 s");
    add_picture(report, "b.webp", "preview of 4 moments before and after");
    g_autofree char *text = report_to_html(report);
    const char *grades = strstr(text, "id=\"previews\">Grades"), *table = strstr(text, "<table"),
               *preview = strstr(text, "image/webp;base64,Yi53ZWJw");
    g_assert_true(grades && grades < preview && preview < table);
    g_assert_null(strstr(text, "base64,YS53ZWJw"));
    for (guint i = 0; i < report->outputs->len; i++) {
        const struct report_output *output = report->outputs->pdata[i];
        g_autofree char *path = g_build_filename(report->out_dir, output->path, NULL);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(report->out_dir), ==, 0);
}

static void json_reads_back_as_it_was(void)
{
    struct report *made[] = {made_report(), made_hostile_report()};
    for (unsigned i = 0; i < G_N_ELEMENTS(made); i++) {
        g_auto(report_ptr) report = made[i];
        g_autofree char *text = report_to_json(report);
        GError *error = NULL;
        g_auto(report_ptr) back = report_from_json(text, -1, &error);
        g_assert_no_error(error);
        g_autofree char *again = report_to_json(back);
        g_assert_cmpstr(again, ==, text);
    }
}

static void names_that_are_not_utf8_are_exact_in_json(void)
{
    g_auto(report_ptr) report = made_hostile_report();
    g_autofree char *text = report_to_json(report);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_auto(report_ptr) back = report_from_json(text, -1, NULL);
    g_assert_cmpstr(((struct report_output *)back->outputs->pdata[0])->path, ==, hostile_name);
}

static void what_is_no_report_is_refused(void)
{
    static const char *const texts[] = {"",
                                        "[]",
                                        "{}",
                                        "null",
                                        "{\"rushes\": 1}",
                                        "{\"rushes\": \"1\"}",
                                        "{\"rushes\": \"1\", \"outputs\": {}}"};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        GError *error = NULL;
        g_assert_null(report_from_json(texts[i], -1, &error));
        g_assert_nonnull(error);
        g_error_free(error);
    }
}

static void edited_report_is_read_as_far_as_it_goes(void)
{
    static const char text[] =
        "{\"rushes\": \"1.0.0\", \"exit\": \"x\", \"totals\": 3, \"notes\": [1, null, \"n\"],"
        " \"outputs\": [7, {}, {\"job\": 3, \"status\": \"odd\", \"checks\": [1, {\"pass\": 2}],"
        " \"facts\": [], \"error\": {\"class\": 5}, \"task\": \"x\", \"path_base64\": \"!!\"}]}";
    g_auto(report_ptr) report = report_from_json(text, -1, NULL);
    g_assert_nonnull(report);
    g_assert_cmpuint(report->outputs->len, ==, 2);
    g_assert_cmpuint(report->notes->len, ==, 1);
    g_autofree char *html = report_to_html(report);
    g_autofree char *junit = report_to_junit(report);
    g_autofree char *summary = report_to_text(report, true);
    g_assert_nonnull(strstr(html, "</html>"));
    g_assert_nonnull(strstr(junit, "</testsuites>"));
    g_assert_nonnull(strstr(summary, "2 failed"));
}

/* ------------------------------------------------------------------ hostile names */

static void on_start(GMarkupParseContext *context, const char *name, const char **keys,
                     const char **values, void *data, GError **error)
{
    g_assert_cmpstr(name, !=, "script");
    *(unsigned *)data += 1;
}

static void hostile_names_stay_text_in_junit(void)
{
    g_auto(report_ptr) report = made_hostile_report();
    g_autofree char *text = report_to_junit(report);
    unsigned elements = 0;
    const GMarkupParser parser = {.start_element = on_start};
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, 0, &elements, NULL);
    GError *error = NULL;
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_true(g_markup_parse_context_parse(context, text, -1, &error));
    g_assert_no_error(error);
    g_assert_true(g_markup_parse_context_end_parse(context, NULL));
    /* testsuites, 2 testsuite, 5 outputs, 5 checks and an unread input, 7 failures, 1 skipped */
    g_assert_cmpuint(elements, ==, 22);
    for (const char *p = text; *p; p++)
        g_assert_true(*p == '\n' || (unsigned char)*p >= 0x20);
}

static void hostile_names_stay_text_in_html(void)
{
    g_auto(report_ptr) report = made_hostile_report();
    g_autofree char *text = report_to_html(report);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_null(strstr(text, "<script>alert"));
    g_assert_null(strstr(text, "\xe2\x80\xae"));
    g_assert_null(strchr(text, '\033'));
    g_assert_nonnull(strstr(text, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
}

static void hostile_names_cannot_steer_the_terminal(void)
{
    g_auto(report_ptr) report = made_hostile_report();
    g_autofree char *text = report_to_text(report, false);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_null(strchr(text, '\033'));
    g_assert_null(strstr(text, "\xe2\x80\xae"));
    g_assert_nonnull(strstr(text, "\\x1b[31m"));
}

/* ------------------------------------------------------------------ the page */

static void page_needs_nothing_from_elsewhere(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_html(report);
    static const char *const outside[] = {"http:", "https:", "<link", "@import", "url(", "src="};
    for (unsigned i = 0; i < G_N_ELEMENTS(outside); i++)
        g_assert_null(strstr(text, outside[i]));
    g_assert_nonnull(strstr(text, "<html lang=\"en\">"));
    g_assert_nonnull(strstr(text, "default-src 'none'"));
    g_assert_nonnull(strstr(text, "prefers-color-scheme:dark"));
}

static void page_has_failures_first_with_what_to_do(void)
{
    g_auto(report_ptr) report = made_report();
    g_autofree char *text = report_to_html(report);
    const char *failed = strstr(text, "input_damaged"), *table = strstr(text, "<table");
    g_assert_true(failed && table && failed < table);
    g_assert_nonnull(strstr(text, "copy it from the card again"));
    g_assert_nonnull(strstr(text, "<code>rushes-worker &#39;/out/.rushes/runs/r1/tasks/7"));
    g_assert_nonnull(strstr(text, "expected -23 LUFS ±0.5, measured <b>-20.4 LUFS</b>"));
    g_assert_nonnull(strstr(text, "<th role=\"rowheader\" scope=\"row\">"));
    g_assert_nonnull(strstr(text, "href=\"file:///out/web/A001.mp4\""));
    report->in_run = true;
    g_autofree char *in_run = report_to_html(report);
    g_assert_nonnull(strstr(in_run, "href=\"../../web/A001.mp4\""));
    g_assert_null(strstr(in_run, "file:"));
}

static void long_list_is_cut_and_says_so(void)
{
    g_auto(report_ptr) report = report_create();
    for (int i = 0; i < 2500; i++)
        report_add(report)->status = OUTPUT_DONE;
    ((struct report_output *)report->outputs->pdata[2400])->status = OUTPUT_FAILED;
    report_count(report);
    g_autofree char *text = report_to_html(report);
    g_assert_nonnull(strstr(text, "2000 of 2500 outputs; report.json has them all"));
    g_assert_nonnull(strstr(text, "<article class=\"failed\">"));
}

static void status_is_the_worst_that_happened(void)
{
    static const struct {
        int exit_code;
        enum output_status worst;
        const char *status;
    } rows[] = {
        {0, OUTPUT_DONE, "done"},
        {0, OUTPUT_UP_TO_DATE, "done"},
        {3, OUTPUT_OUT_OF_SPEC, "out_of_spec"},
        {1, OUTPUT_FAILED, "failed"},
        {130, OUTPUT_FAILED, "interrupted"},
        {143, OUTPUT_CANCELLED, "interrupted"},
        {5, OUTPUT_DONE, "failed"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(report_ptr) report = report_create();
        report_add(report)->status = OUTPUT_DONE;
        report_add(report)->status = rows[i].worst;
        report->exit_code = rows[i].exit_code;
        report_count(report);
        g_assert_cmpstr(report_status(report), ==, rows[i].status);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/report/" #name, name)
    TEST(json_is_as_documented);
    TEST(junit_is_as_jenkins_reads_it);
    TEST(table_has_a_row_an_output);
    TEST(table_holds_no_formulas);
    TEST(annotations_are_of_the_worst);
    TEST(a_source_that_cant_be_read_is_told_once_for_all_its_outputs);
    TEST(damage_that_was_let_pass_is_said_by_every_form);
    TEST(warnings_of_damage_leave_room_for_the_summary);
    TEST(a_page_is_titled_by_what_its_pipeline_calls_itself);
    TEST(annotations_are_at_most_ten_errors_failures_first);
    TEST(outputs_stand_as_they_were_planned);
    TEST(hostile_names_are_no_commands);
    TEST(summary_names_the_first_of_many_losses);
    TEST(summary_has_every_failure_in_a_sentence);
    TEST(what_is_late_is_on_the_page);
    TEST(list_of_what_is_late_ends_at_200);
    TEST(what_cannot_be_read_is_on_the_page);
    TEST(run_that_lacked_an_input_failed);
    TEST(previews_stand_before_the_table);
    TEST(json_reads_back_as_it_was);
    TEST(names_that_are_not_utf8_are_exact_in_json);
    TEST(what_is_no_report_is_refused);
    TEST(edited_report_is_read_as_far_as_it_goes);
    TEST(hostile_names_stay_text_in_junit);
    TEST(hostile_names_stay_text_in_html);
    TEST(hostile_names_cannot_steer_the_terminal);
    TEST(page_needs_nothing_from_elsewhere);
    TEST(page_has_failures_first_with_what_to_do);
    TEST(long_list_is_cut_and_says_so);
    TEST(status_is_the_worst_that_happened);
    return g_test_run();
}
