/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tasks and results: what is written reads back; what is hostile is refused or harmless. */
#include "model/task.h"

#include "json_node.h"
#include "model/event.h"
#include "model/expect.h"

#include <math.h>
#include <string.h>

static struct task *render(void)
{
    struct task *task = task_create(TASK_RENDER);
    task->id = 17;
    task->media = KIND_VIDEO;
    task->label = g_strdup("clips/web caf\xe9");
    task->threads = 4;
    task->tail = true;
    task->verify = VERIFY_QUICK;
    task_add_file(task, "/footage/caf\xe9.mov", false);
    int part = task_add_file(task, "/out/.rushes-1.part", true);
    task->source = facts_create();
    task->source->kind = KIND_VIDEO;
    task->source->fps = (struct rational){24000, 1001};
    struct step_call *call = step_call_create("trim", from_json("{\"from\": \"12f\"}"));
    call->measured = from_json("{\"integrated_lufs\": -20.5}");
    g_ptr_array_add(task->steps, call);
    struct task_output *output = task_add_output(task, part);
    output->job = g_strdup("clips");
    output->output = g_strdup("web");
    output->kind = KIND_VIDEO;
    output->encode = encode_create();
    output->encode->video.codec = g_strdup("h264");
    output->encode->video.crf = 19;
    g_ptr_array_add(output->steps, step_call_create("resize", NULL));
    task->claim.frames = 0;
    task->claim.video_codec = g_strdup("h264");
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) expect = from_json("{\"width\": 1920}");
    g_ptr_array_unref(task->expect);
    task->expect = expect_parse(expect, diag);
    return task;
}

static void a_task_reads_back(void)
{
    g_auto(task_ptr) task = render();
    g_autofree char *text = task_to_text(task);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_autoptr(GError) error = NULL;
    g_auto(task_ptr) again = task_from_text(text, -1, &error);
    g_assert_no_error(error);
    const struct task_file *file = again->files->pdata[0];
    g_assert_cmpstr(file->path, ==, "/footage/caf\xe9.mov");
    g_assert_cmpint(again->verify, ==, VERIFY_QUICK);
    g_assert_cmpint(again->claim.frames, ==, 0);
    g_assert_cmpint(again->claim.samples, ==, -1);
    g_assert_true(isnan(again->claim.video_s));
    g_assert_cmpint(again->source->fps.num, ==, 24000);
    const struct task_output *output = again->outputs->pdata[0];
    g_assert_cmpfloat(output->encode->video.crf, ==, 19);
    const struct step_call *call = again->steps->pdata[0];
    g_assert_cmpstr(node_get_text(call->measured, "integrated_lufs"), ==, "-20.5");
    g_autofree char *text_again = task_to_text(again);
    g_autoptr(JsonNode) a = json_from_string(text, NULL), b = json_from_string(text_again, NULL);
    json_object_remove_member(json_node_get_object(a), "steps");
    json_object_remove_member(json_node_get_object(b), "steps");
    json_object_remove_member(json_node_get_object(a), "outputs");
    json_object_remove_member(json_node_get_object(b), "outputs");
    g_assert_true(json_node_equal(a, b));
}

#define FILES "\"files\": [{\"path\": \"/a\"}, {\"path\": \"/b\", \"write\": true}]"
#define HEAD "\"kind\": \"render\", \"source\": {}, " FILES

static void hostile_tasks_are_refused(void)
{
    const char *const hostile[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"kind\": 1}",
        "{\"kind\": \"probe\"}",
        "{\"kind\": \"probe\", \"files\": {}}",
        "{\"kind\": \"probe\", \"files\": [1]}",
        "{\"kind\": \"probe\", \"files\": [{\"path\": \"relative\"}]}",
        "{\"kind\": \"probe\", \"files\": [{\"path_base64\": \"L2EAYg==\"}]}", /* "/a\0b" */
        "{" HEAD ", \"verify\": \"never\"}",
        "{" HEAD ", \"steps\": [1]}",
        "{" HEAD ", \"steps\": [{\"name\": \"x\", \"params\": [1]}]}",
        "{" HEAD ", \"outputs\": [null]}",
        "{" HEAD ", \"outputs\": [{\"file\": 2, \"encode\": {}}]}",
        "{" HEAD ", \"outputs\": [{\"file\": -2, \"encode\": {}}]}",
        "{" HEAD ", \"outputs\": [{\"file\": 0, \"encode\": {}}]}",
        "{" HEAD ", \"outputs\": [{\"file\": 1}]}",
        "{" HEAD ", \"outputs\": [{\"file\": -1}]}",
        "{" HEAD ", \"outputs\": [{\"file\": 1, \"encode\": {\"video\": {\"crf\": 99}}}]}",
        "{" HEAD ", \"outputs\": [{\"file\": 1, \"encode\": []}]}",
        "{" HEAD ", \"expect\": {\"nonsense\": 1}}",
        "{/**/" HEAD "}",
        "{\"kind\": \"probe\", \"files\": [{\"path\": \"/\xff\"}]}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(GError) error = NULL;
        if (task_from_text(hostile[i], -1, &error))
            g_error("accepted: %s", hostile[i]);
        g_assert_nonnull(error);
    }
    g_autoptr(GError) error = NULL;
    g_auto(task_ptr) good =
        task_from_text("{" HEAD ", \"outputs\": [{\"file\": 1, \"encode\": {}}]}", -1, &error);
    g_assert_no_error(error);
    g_assert_nonnull(good);
}

static void a_render_may_not_know_its_source(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(task_ptr) task = task_from_text("{\"kind\": \"render\", " FILES "}", -1, &error);
    g_assert_no_error(error);
    g_assert_null(task->source);
    g_autofree char *text = task_to_text(task);
    g_auto(task_ptr) again = task_from_text(text, -1, &error);
    g_assert_no_error(error);
    g_assert_null(again->source);
}

static struct task *joining(unsigned parts, bool write)
{
    struct task *task = task_create(TASK_MEASURE);
    task->source = facts_create();
    task_add_file(task, "/footage/part1.wav", false);
    task_add_file(task, "/footage/part2.wav", write);
    for (unsigned i = 0; i < parts; i++) {
        struct facts *facts = facts_create();
        facts->duration_s = 1.5 + i;
        g_ptr_array_add(task->parts, facts);
    }
    return task;
}

static void the_parts_of_a_join_read_back(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(task_ptr) task = joining(2, false);
    g_autofree char *text = task_to_text(task);
    g_auto(task_ptr) again = task_from_text(text, -1, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(task_sources(again), ==, 2);
    g_assert_cmpfloat(((struct facts *)again->parts->pdata[1])->duration_s, ==, 2.5);
    g_auto(task_ptr) alone = joining(0, false);
    g_assert_cmpuint(task_sources(alone), ==, 1);
}

static void parts_that_are_no_sources_are_refused(void)
{
    const struct {
        unsigned parts;
        bool write;
    } rows[] = {{3, false}, {2, true}, {TASK_PARTS_MAX + 1, false}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(task_ptr) task = joining(rows[i].parts, rows[i].write);
        g_autofree char *text = task_to_text(task);
        g_assert_null(task_from_text(text, -1, &error));
        g_assert_nonnull(strstr(error->message, "parts"));
    }
}

static void deep_nesting_is_refused(void)
{
    GString *text = g_string_new("{\"kind\": ");
    for (int i = 0; i < 1000000; i++)
        g_string_append_c(text, '[');
    g_autoptr(GError) error = NULL;
    g_assert_null(task_from_text(text->str, (gssize)text->len, &error));
    g_assert_nonnull(error);
    g_string_free(text, TRUE);
}

/* Bytes of a good text replaced by bytes that mean something to JSON. */
static void damaged_texts_are_harmless(void)
{
    g_auto(task_ptr) task = render();
    g_autofree char *text = task_to_text(task);
    gsize length = strlen(text);
    for (gsize i = 0; i < length; i += 7) {
        char kept = text[i];
        for (const char *c = "0-\"{}[],:\\n"; *c; c++) {
            text[i] = *c;
            task_destroy(task_from_text(text, (gssize)length, NULL));
            result_destroy(result_from_text(text, (gssize)length, NULL));
        }
        text[i] = kept;
        g_auto(task_ptr) cut = task_from_text(text, (gssize)i, NULL);
        g_assert_null(cut);
    }
}

static void a_result_reads_back(void)
{
    g_auto(result_ptr) result = result_create();
    fail(&result->failure, FAIL_INPUT_DAMAGED, "a bad byte: \xff");
    struct output_result *output = result_add_output(result);
    fail(&output->failure, FAIL_DISK, "no space");
    output->claim.frames = 312;
    output->claim.video_s = 12.48;
    output->measured = facts_create();
    output->measured->measured = true;
    output->measured->integrated_lufs = -23.02;
    g_ptr_array_add(output->notes, g_strdup("loudness: +2.1 dB"));
    fail(&output_result_add_unread(output, 3)->failure, FAIL_INPUT_DAMAGED, "cut off");
    result->facts = facts_create();
    struct check *check = g_new0(struct check, 1);
    check->name = g_strdup("loudness");
    check->pass = true;
    g_ptr_array_add(result->checks, check);
    result->peak_bytes = INT64_C(5000000000);
    g_autofree char *text = result_to_text(result);
    g_autoptr(GError) error = NULL;
    g_auto(result_ptr) again = result_from_text(text, -1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(again->failure.class, ==, FAIL_INPUT_DAMAGED);
    const struct output_result *first = again->outputs->pdata[0];
    g_assert_cmpint(first->failure.class, ==, FAIL_DISK);
    g_assert_cmpint(first->claim.frames, ==, 312);
    g_assert_cmpfloat(first->measured->integrated_lufs, ==, -23.02);
    g_assert_cmpstr(first->notes->pdata[0], ==, "loudness: +2.1 dB");
    const struct unread_part *unread = first->unread->pdata[0];
    g_assert_cmpuint(unread->part, ==, 3);
    g_assert_cmpint(unread->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_cmpstr(unread->failure.message, ==, "cut off");
    g_assert_true(((struct check *)again->checks->pdata[0])->pass);
    g_assert_cmpint(again->peak_bytes, ==, INT64_C(5000000000));
    g_assert_nonnull(again->facts);
}

static void hostile_results_are_harmless(void)
{
    const char *const hostile[] = {
        "{\"outputs\": [1, null, {\"notes\": [1, null, {}, \"ok\"], \"claim\": 3}]}",
        "{\"error\": {\"class\": \"none\"}, \"checks\": [1, {}], \"facts\": []}",
        "{\"error\": {\"class\": \"melted\", \"message\": 4}, \"seconds\": \"x\"}",
        "{\"seconds\": 1e999, \"peak_bytes\": 1e300}",
        "{\"outputs\": [{\"unread\": [1, {}, {\"part\": -1}]}]}",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(result_ptr) result = result_from_text(hostile[i], -1, &error);
        g_assert_no_error(error);
        g_assert_cmpint(result->failure.class, ==, i == 1 || i == 2 ? FAIL_INTERNAL : FAIL_NONE);
        g_assert_true(isfinite(result->seconds));
    }
}

static void a_claim_is_copied_whole(void)
{
    struct claim from = {0}, to = {0};
    claim_clear(&from);
    from.width = 640;
    from.pix_fmt = g_strdup("yuv420p");
    claim_copy(&to, &from);
    claim_clear(&from);
    g_assert_cmpstr(to.pix_fmt, ==, "yuv420p");
    g_assert_cmpint(to.width, ==, 640);
    g_assert_cmpint(to.frames, ==, -1);
    claim_clear(&to);
}

static void events_have_names(void)
{
    g_assert_cmpstr(event_kind_name(EVENT_OUTPUT_READY), ==, "output_ready");
    g_assert_cmpstr(output_status_name(OUTPUT_OUT_OF_SPEC), ==, "out_of_spec");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/task/reads-back", a_task_reads_back);
    g_test_add_func("/task/hostile-tasks-are-refused", hostile_tasks_are_refused);
    g_test_add_func("/task/may-not-know-its-source", a_render_may_not_know_its_source);
    g_test_add_func("/task/parts-read-back", the_parts_of_a_join_read_back);
    g_test_add_func("/task/parts-are-sources", parts_that_are_no_sources_are_refused);
    g_test_add_func("/task/deep-nesting-is-refused", deep_nesting_is_refused);
    g_test_add_func("/task/damaged-texts-are-harmless", damaged_texts_are_harmless);
    g_test_add_func("/result/reads-back", a_result_reads_back);
    g_test_add_func("/result/hostile-results-are-harmless", hostile_results_are_harmless);
    g_test_add_func("/claim/is-copied-whole", a_claim_is_copied_whole);
    g_test_add_func("/event/names", events_have_names);
    return g_test_run();
}
