/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an output's identity is made of, and the reason that is given when it changes. */
#include "world.h"

#include <string.h>

/* `gain` and `trim` stand for what an editor changes between two runs. */
static char *pipeline_text(const char *trim, const char *gain, const char *crf, const char *expect)
{
    return g_strdup_printf(
        "rushes: 1\n# clip: A001.mov\n# file: day.cube\njobs:\n  clips:\n    steps:\n"
        "      - trim: {from: %s}\n      - grade: {lut: day.cube}\n      - loudness: %s\n"
        "    outputs:\n"
        "      web: {to: web.mp4, encode: {video: {codec: h264, crf: %s}, audio: {codec: aac}},\n"
        "            expect: {width: %s}}\n"
        "      sound: {to: sound.wav, encode: {audio: {codec: pcm_s24le}}}\n",
        trim, gain, crf, expect);
}

static struct made_up *world_of(const char *trim, const char *gain, const char *crf,
                                const char *expect)
{
    g_autofree char *text = pipeline_text(trim, gain, crf, expect);
    struct made_up *world = world_from_text(text);
    g_assert_nonnull(world->pipeline);
    return world;
}

static struct made_up *usual_world(void)
{
    return world_of("12f", "-23 LUFS", "19", "1920");
}

static const struct plan_output *output_of(const struct plan *plan, const char *path)
{
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        if (strcmp(planned->path, path) == 0)
            return planned;
    }
    g_assert_not_reached();
}

static void remember(const struct made_up *first, struct made_up *second)
{
    g_hash_table_unref(second->known);
    g_hash_table_unref(second->exists);
    second->known = g_hash_table_ref(first->known);
    second->exists = g_hash_table_ref(first->exists);
}

/* Publishes `first`, then plans `second` where all of that is known. */
static struct plan *replan(struct made_up *first, struct made_up *second)
{
    g_auto(plan_ptr) before = world_plan(first);
    g_assert_nonnull(before);
    world_publish(first, before);
    if (first != second)
        remember(first, second);
    return world_plan(second);
}

static void expect_stale(const struct plan *plan, const char *path, enum stale stale,
                         const char *reason)
{
    const struct plan_output *planned = output_of(plan, path);
    g_assert_cmpstr(stale_names[planned->stale], ==, stale_names[stale]);
    g_assert_cmpstr(planned->reason, ==, reason);
    g_assert_true((planned->render >= 0) == (stale != FRESH));
    g_assert_true((planned->part != NULL) == (stale != FRESH));
}

static void nothing_changed(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = replan(world, world);
    expect_stale(plan, "web.mp4", FRESH, "up to date");
    expect_stale(plan, "sound.wav", FRESH, "up to date");
    g_assert_cmpuint(plan->tasks->len, ==, 0);
    g_assert_cmpfloat(plan->bytes, ==, 0);
}

/* `parts` are lines of a made-up world. */
static struct made_up *joined_world(const char *parts)
{
    g_autofree char *text = g_strdup_printf(
        "rushes: 1\n%soutputs:\n  whole: {each: job, to: whole.wav, encode: {container: wav}}\n",
        parts);
    struct made_up *world = world_from_text(text);
    g_assert_nonnull(world->pipeline);
    return world;
}

static void a_joined_output_is_of_its_parts_in_their_order(void)
{
    static const struct {
        const char *parts;
        enum stale stale;
        const char *reason;
    } rows[] = {
        {"# sound: b2.wav\n# sound: b10.wav\n", FRESH, "up to date"},
        {"# sound: b10.wav\n# sound: b2.wav\n", FRESH, "up to date"},
        {"# sound: b2.wav\n# sound: b10.wav {\"hash\":\"other\"}\n", STALE_INPUT,
         "the source changed"},
        {"# sound: b2.wav\n", STALE_INPUT, "the source changed"},
        {"# sound: b2.wav\n# sound: b10.wav\n# sound: b11.wav\n", STALE_INPUT,
         "the source changed"},
        {"# sound: b2.wav {\"hash\":\"hash of b10.wav\"}\n"
         "# sound: b10.wav {\"hash\":\"hash of b2.wav\"}\n",
         STALE_INPUT, "the source changed"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(world_ptr) first = joined_world(rows[0].parts);
        g_auto(world_ptr) second = joined_world(rows[i].parts);
        g_auto(plan_ptr) plan = replan(first, second);
        g_test_message("%s", rows[i].parts);
        expect_stale(plan, "whole.wav", rows[i].stale, rows[i].reason);
    }
}

static void too_many_parts_are_an_error(void)
{
    g_auto(world_ptr) world = joined_world("");
    for (int i = 0; i <= TASK_PARTS_MAX; i++) {
        g_autofree char *name = g_strdup_printf("%d.wav", i);
        world_add(world, name, KIND_AUDIO, NULL);
    }
    g_auto(plan_ptr) plan = world_plan(world);
    g_autofree char *said = diag_text(world->diag, false);
    g_assert_null(plan);
    g_assert_nonnull(strstr(said, "1001 inputs are more than can be joined (1000)"));
}

static void same_values_written_otherwise(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = world_of("\"12f\"", "{target: -23}", "19.0", "1920");
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", FRESH, "up to date");
}

static void a_step_changed(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = world_of("13f", "-23 LUFS", "19", "1920");
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", STALE_PARAMETERS, "settings changed: trim");
    expect_stale(plan, "sound.wav", STALE_PARAMETERS, "settings changed: trim");
}

static void an_encoder_setting_changed(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = world_of("12f", "-23 LUFS", "20", "1920");
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", STALE_PARAMETERS, "settings changed: encode");
    expect_stale(plan, "sound.wav", FRESH, "up to date");
}

static void an_expectation_changed(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = world_of("12f", "-23 LUFS", "19", "1280");
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", STALE_PARAMETERS, "settings changed: expect");
}

static void a_lut_changed_which_sound_takes_no_notice_of(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = usual_world();
    g_hash_table_replace(second->files, g_strdup("day.cube"), g_strdup("other content"));
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", STALE_PARAMETERS, "settings changed: grade");
    expect_stale(plan, "sound.wav", FRESH, "up to date");
}

static void the_source_changed(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = usual_world();
    struct plan_input *input = second->inputs->pdata[0];
    g_free(input->facts->hash);
    input->facts->hash = g_strdup("other");
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", STALE_INPUT, "the source changed");
}

static void the_software_changed(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(world_ptr) second = usual_world();
    second->params.software = "rushes 1.1.0";
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "web.mp4", STALE_SOFTWARE,
                 "rushes or a library changed: was rushes 1.0.0, is rushes 1.1.0");
}

static void an_output_vanished(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(plan_ptr) before = world_plan(first);
    world_publish(first, before);
    g_hash_table_remove(first->exists, "web.mp4");
    g_auto(plan_ptr) plan = world_plan(first);
    expect_stale(plan, "web.mp4", STALE_GONE, "the output is missing");
    g_assert_false(output_of(plan, "web.mp4")->replace);
}

/* After a person wrote into web.mp4. */
static struct plan *plan_of_touched(struct made_up *world, enum exists_policy on_exists)
{
    g_auto(plan_ptr) before = world_plan(world);
    world_publish(world, before);
    ((struct file_stamp *)g_hash_table_lookup(world->exists, "web.mp4"))->mtime_ns = 7;
    world->params.on_exists = on_exists;
    return world_plan(world);
}

static void a_touched_output_is_refused(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = plan_of_touched(world, EXISTS_FAIL);
    const struct plan_output *planned = output_of(plan, "web.mp4");
    g_assert_true(planned->blocked);
    g_assert_cmpint(planned->failure.class, ==, FAIL_CONFIG);
    g_assert_cmpstr(planned->failure.message, ==,
                    "the output was changed by somebody else since it was made; --on-exists skip, "
                    "overwrite or rename says what to do with it");
}

static void a_touched_output_is_refused_though_all_is_to_be_made_anew(void)
{
    g_auto(world_ptr) world = usual_world();
    world->params.fresh = true;
    g_auto(plan_ptr) plan = plan_of_touched(world, EXISTS_FAIL);
    g_assert_true(output_of(plan, "web.mp4")->blocked);
}

static void a_touched_output_is_replaced_where_that_is_asked_for(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = plan_of_touched(world, EXISTS_OVERWRITE);
    expect_stale(plan, "web.mp4", STALE_TOUCHED, "the output was changed by somebody else");
    g_assert_true(output_of(plan, "web.mp4")->replace);
}

static void a_touched_output_is_left_where_that_is_asked_for(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = plan_of_touched(world, EXISTS_SKIP);
    g_assert_true(output_of(plan, "web.mp4")->skipped);
}

static void beside_a_touched_output_a_number_is_given_where_that_is_asked_for(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = plan_of_touched(world, EXISTS_RENAME);
    expect_stale(plan, "web-2.mp4", STALE_NEVER,
                 "never rendered before: web.mp4 is somebody else's");
}

static void what_nobody_looked_at_is_ours_when_only_its_place_changed(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) before = world_plan(world);
    world_publish(world, before);
    g_clear_pointer(&((struct known_output *)g_hash_table_lookup(world->known, "web.mp4"))->hash,
                    g_free);
    ((struct file_stamp *)g_hash_table_lookup(world->exists, "web.mp4"))->inode = 7;
    g_auto(plan_ptr) plan = world_plan(world);
    expect_stale(plan, "web.mp4", STALE_TOUCHED, "the output was changed by somebody else");
}

/* Of A001.mov of another day, after the one whose path is given. */
static struct plan *plan_of_another_day(struct made_up *world, const char *first_source,
                                        enum exists_policy on_exists)
{
    g_auto(plan_ptr) before = world_plan(world);
    world_publish(world, before);
    struct known_output *known = g_hash_table_lookup(world->known, "web.mp4");
    g_free(known->source);
    known->source = g_strdup(first_source);
    g_free(known->input_hash);
    known->input_hash = g_strdup("of another day");
    world->params.on_exists = on_exists;
    return world_plan(world);
}

static void what_was_made_of_a_source_that_is_still_there_is_refused(void)
{
    g_auto(world_ptr) world = usual_world();
    world->still_there = "/day1/A001.mov";
    g_auto(plan_ptr) plan = plan_of_another_day(world, "/day1/A001.mov", EXISTS_FAIL);
    g_assert_true(output_of(plan, "web.mp4")->blocked);
    g_assert_true(g_str_has_prefix(
        output_of(plan, "web.mp4")->failure.message,
        "this name is taken by what was made of /day1/A001.mov, which is still there: "));
}

static void beside_what_was_made_of_another_source_a_number_is_given(void)
{
    g_auto(world_ptr) world = usual_world();
    world->still_there = "/day1/A001.mov";
    g_auto(plan_ptr) plan = plan_of_another_day(world, "/day1/A001.mov", EXISTS_RENAME);
    expect_stale(plan, "web-2.mp4", STALE_NEVER,
                 "never rendered before: web.mp4 is somebody else's");
}

static void what_was_made_of_a_source_that_is_gone_is_replaced(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = plan_of_another_day(world, "/day1/A001.mov", EXISTS_FAIL);
    expect_stale(plan, "web.mp4", STALE_INPUT, "the source changed");
    g_assert_true(output_of(plan, "web.mp4")->replace);
}

static void what_was_made_of_another_input_of_the_same_plan_is_replaced(void)
{
    g_auto(world_ptr) first =
        world_from_text("rushes: 1\n# still: a.jpg\noutputs:\n  web: {to: \"${index}.png\"}\n");
    g_auto(world_ptr) second =
        world_from_text("rushes: 1\n# still: 0.jpg\n# still: a.jpg\noutputs:\n"
                        "  web: {to: \"${index}.png\"}\n");
    second->still_there = "/footage/a.jpg";
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "1.png", STALE_INPUT, "the source changed");
}

static void a_file_that_is_an_input_by_another_name_is_an_error(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) before = world_plan(world);
    world_publish(world, before);
    world->source_at = "web.mp4";
    g_auto(plan_ptr) plan = world_plan(world);
    g_autofree char *said = diag_text(world->diag, false);
    g_assert_null(plan);
    g_assert_nonnull(
        strstr(said, "output web: \"/out/web.mp4\" is an input: sources are never touched"));
}

static void a_folder_in_the_place_of_a_file_is_never_replaced(void)
{
    static const enum exists_policy policies[] = {EXISTS_FAIL, EXISTS_OVERWRITE};
    for (unsigned i = 0; i < G_N_ELEMENTS(policies); i++) {
        g_auto(world_ptr) world =
            world_from_text("rushes: 1\n# folder: a.png\n# still: a.jpg\noutputs:\n"
                            "  web: {to: a.png}\n");
        world->params.on_exists = policies[i];
        g_auto(plan_ptr) plan = world_plan(world);
        g_assert_true(output_of(plan, "a.png")->blocked);
        g_assert_true(
            g_str_has_prefix(output_of(plan, "a.png")->failure.message,
                             "there is already a folder at this path, and the output is a file: "));
    }
}

/* Linux: NAME_MAX is 255 (limits.h). */
static void a_name_that_no_file_system_takes_is_refused(void)
{
    g_autofree char *fits = g_strnfill(251, 'a'), *long_one = g_strnfill(252, 'a');
    g_autofree char *text = g_strdup_printf("rushes: 1\n# still: %s.jpg\n# still: d/%s.jpg\n"
                                            "outputs:\n  web: {to: \"${dir}/${stem}.png\"}\n",
                                            fits, long_one);
    g_auto(world_ptr) world = world_from_text(text);
    g_auto(plan_ptr) plan = world_plan(world);
    const struct plan_output *first = plan->outputs->pdata[0], *second = plan->outputs->pdata[1];
    g_assert_false(first->blocked);
    g_assert_true(second->blocked);
    g_assert_cmpint(second->failure.class, ==, FAIL_CONFIG);
}

static void a_copied_output_is_known_by_its_content(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) first = world_plan(world);
    world_publish(world, first);
    struct file_stamp *stamp = g_hash_table_lookup(world->exists, "web.mp4");
    stamp->mtime_ns++;
    world->content = "as published";
    g_auto(plan_ptr) same = world_plan(world);
    expect_stale(same, "web.mp4", FRESH, "up to date");
    stamp->size++;
    g_auto(plan_ptr) longer = world_plan(world);
    g_assert_true(output_of(longer, "web.mp4")->blocked);
    stamp->size--;
    world->content = "something else";
    g_auto(plan_ptr) other = world_plan(world);
    g_assert_true(output_of(other, "web.mp4")->blocked);
}

static void expect_software(const struct plan *plan, const char *name, enum kind kind,
                            const char *libraries)
{
    g_autofree char *software =
        g_strdup_printf("%s, %s writing %u", libraries, kind_name(kind), kind_writing(kind));
    g_assert_cmpstr(output_of(plan, name)->software, ==, software);
}

static void only_the_software_that_makes_an_output_counts(void)
{
    g_auto(world_ptr) world = usual_world();
    world->params.software = "rushes 1, FFmpeg 5, libx264 164, libmp3lame 3, cpu avx2";
    g_auto(plan_ptr) first = world_plan(world);
    expect_software(first, "web.mp4", KIND_VIDEO, "rushes 1, FFmpeg 5, libx264 164, cpu avx2");
    expect_software(first, "sound.wav", KIND_AUDIO, "rushes 1, FFmpeg 5, cpu avx2");
    world_publish(world, first);
    world->params.software = "rushes 1, FFmpeg 5, libx264 165, libmp3lame 4, cpu avx2";
    g_auto(plan_ptr) second = world_plan(world);
    expect_stale(second, "sound.wav", FRESH, "up to date");
    expect_stale(second, "web.mp4", STALE_SOFTWARE,
                 "rushes or a library changed: was libx264 164, is libx264 165");
}

static void a_smart_cut_is_made_by_the_encoder_of_its_source_as_well(void)
{
    static const struct {
        const char *codec, *trim, *copied, *software;
    } rows[] = {
        {"h264", "smart: true", "copy", "FFmpeg 5, libx264 164"},
        {"hevc", "smart: true", "copy", "FFmpeg 5, libx265 3"},
        {"prores", "smart: true", "copy", "FFmpeg 5"},
        {"h264", "smart: false", "copy", "FFmpeg 5"},
        {"h264", "smart: true", "prores", "FFmpeg 5"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("rushes: 1\n# clip: A.mov {\"codec\":\"%s\"}\n"
                            "steps: [trim: {from: 12f, %s}]\noutputs:\n  part: {to: a.mov, "
                            "encode: {video: {codec: %s}, audio: {codec: none}}}\n",
                            rows[i].codec, rows[i].trim, rows[i].copied);
        g_auto(world_ptr) world = world_from_text(text);
        world->params.software = "FFmpeg 5, libx264 164, libx265 3";
        g_auto(plan_ptr) plan = world_plan(world);
        expect_software(plan, "a.mov", KIND_VIDEO, rows[i].software);
    }
}

static void out_of_spec_and_forced(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) before = world_plan(world);
    world_publish(world, before);
    ((struct known_output *)g_hash_table_lookup(world->known, "web.mp4"))->in_spec = false;
    g_auto(plan_ptr) plan = world_plan(world);
    expect_stale(plan, "web.mp4", STALE_FAILED,
                 "it was out of spec last time, or lacks what could not be read");
    world->params.fresh = true;
    g_auto(plan_ptr) forced = world_plan(world);
    expect_stale(forced, "sound.wav", STALE_FORCED, "--fresh");
}

static void a_known_measurement_needs_no_task(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) before = world_plan(world);
    const struct plan_feed *feed = &g_array_index(before->feeds, struct plan_feed, 0);
    const struct plan_task *measure = before->tasks->pdata[feed->from_task];
    g_assert_cmpint(measure->task->kind, ==, TASK_MEASURE);
    g_assert_cmpuint(measure->measure_keys->len, ==, measure->task->outputs->len);
    struct node *found = node_map((struct mark){0});
    node_put(found, "integrated_lufs", (struct mark){0}, node_scalar("-20", (struct mark){0}));
    g_hash_table_insert(world->measured, g_strdup(measure->measure_keys->pdata[0]), found);
    g_auto(plan_ptr) plan = world_plan(world);
    const struct plan_task *render = plan->tasks->pdata[0];
    const struct task_output *output = render->task->outputs->pdata[0];
    const struct step_call *loudness = output->steps->pdata[0];
    g_assert_cmpuint(plan->feeds->len, ==, 0);
    g_assert_cmpuint(render->needs->len, ==, 0);
    g_assert_cmpstr(node_get_text(loudness->measured, "integrated_lufs"), ==, "-20");
}

static void only_what_sound_needs_is_run_for_sound(void)
{
    g_auto(world_ptr) world = usual_world();
    world->params.only = "clips/sound";
    g_auto(plan_ptr) plan = world_plan(world);
    const struct plan_task *render = plan->tasks->pdata[0];
    g_assert_cmpuint(plan->outputs->len, ==, 1);
    g_assert_cmpuint(render->task->steps->len, ==, 1);
    g_assert_cmpuint(render->task->files->len, ==, 2);
}

static struct made_up *chained_world(const char *profile, const char *quality)
{
    g_autofree char *text = g_strdup_printf(
        "rushes: 1\n# clip: A001.mov\njobs:\n  clips:\n    steps: [{trim: {from: 12f}}]\n"
        "    outputs:\n      thumb: {from: poster, to: thumb.jpg}\n"
        "      poster: {from: master, steps: [still: 1s], to: poster.jpg,\n"
        "               encode: {image: {quality: %s}}}\n"
        "      master: {to: master.mov, encode: {video: {codec: prores, profile: %s}}}\n",
        quality, profile);
    struct made_up *world = world_from_text(text);
    g_assert_nonnull(world->pipeline);
    return world;
}

static void a_chain_is_as_stale_as_its_source(void)
{
    g_auto(world_ptr) first = chained_world("hq", "80");
    g_auto(plan_ptr) again = replan(first, first);
    g_assert_cmpuint(again->tasks->len, ==, 0);
    g_auto(world_ptr) second = chained_world("lt", "80");
    g_auto(plan_ptr) plan = replan(first, second);
    expect_stale(plan, "master.mov", STALE_PARAMETERS, "settings changed: encode");
    expect_stale(plan, "poster.jpg", STALE_SOURCE, "its source is rendered again: master.mov");
    expect_stale(plan, "thumb.jpg", STALE_SOURCE, "its source is rendered again: poster.jpg");
    g_auto(world_ptr) third = chained_world("hq", "90");
    g_auto(plan_ptr) later = replan(first, third);
    expect_stale(later, "master.mov", FRESH, "up to date");
    expect_stale(later, "poster.jpg", STALE_PARAMETERS, "settings changed: encode");
    expect_stale(later, "thumb.jpg", STALE_SOURCE, "its source is rendered again: poster.jpg");
}

static void a_chain_that_missed_its_sources_change_catches_up(void)
{
    g_auto(world_ptr) first = chained_world("hq", "80");
    g_auto(plan_ptr) before = world_plan(first);
    world_publish(first, before);
    g_auto(world_ptr) second = chained_world("lt", "80");
    g_auto(plan_ptr) changed = replan(first, second);
    struct known_output *master = g_hash_table_lookup(second->known, "master.mov");
    g_free(master->parameters);
    master->parameters = g_strdup(output_of(changed, "master.mov")->parameters);
    g_auto(plan_ptr) plan = world_plan(second);
    expect_stale(plan, "master.mov", FRESH, "up to date");
    expect_stale(plan, "poster.jpg", STALE_PARAMETERS, "settings changed: source/encode");
    const struct plan_task *render = plan->tasks->pdata[0];
    g_assert_cmpuint(render->needs->len, ==, 0);
    g_assert_null(render->task->source);
    const struct task_file *file = render->task->files->pdata[0];
    g_assert_cmpstr(file->path, ==, output_of(plan, "master.mov")->final);
}

static void a_chain_is_spared_when_only_its_source_is_made_again(void)
{
    g_auto(world_ptr) world = chained_world("hq", "80");
    g_auto(plan_ptr) before = world_plan(world);
    world_publish(world, before);
    g_hash_table_remove(world->exists, "master.mov");
    struct known_output *master = g_hash_table_lookup(world->known, "master.mov");
    g_free(master->hash);
    master->hash = g_strdup("xxh128:5");
    g_auto(plan_ptr) plan = world_plan(world);
    expect_stale(plan, "poster.jpg", STALE_SOURCE, "its source is rendered again: master.mov");
    g_assert_true(output_of(plan, "poster.jpg")->spared);
    g_assert_true(output_of(plan, "poster.jpg")->from == output_of(plan, "master.mov"));
    g_assert_cmpstr(output_of(plan, "master.mov")->content_hash, ==, "xxh128:5");
    master->run = 2;
    g_auto(plan_ptr) as_it_was = world_plan(world);
    g_assert_true(output_of(as_it_was, "poster.jpg")->spared);
    master->since = 2;
    g_auto(plan_ptr) behind = world_plan(world);
    g_assert_false(output_of(behind, "poster.jpg")->spared);
    master->run = master->since = 1;
    g_auto(world_ptr) second = chained_world("hq", "90");
    g_auto(plan_ptr) other = replan(world, second);
    g_assert_false(output_of(other, "poster.jpg")->spared);
    world_publish(world, before);
    master = g_hash_table_lookup(world->known, "master.mov");
    master->run = 2;
    g_auto(plan_ptr) not_behind = world_plan(world);
    expect_stale(not_behind, "poster.jpg", FRESH, "up to date");
    master->since = 2;
    g_auto(plan_ptr) left_behind = world_plan(world);
    expect_stale(left_behind, "master.mov", FRESH, "up to date");
    expect_stale(left_behind, "poster.jpg", STALE_SOURCE,
                 "its source is rendered again: master.mov");
    g_hash_table_remove(world->exists, "master.mov");
    struct known_output *poster = g_hash_table_lookup(world->known, "poster.jpg");
    g_free(poster->input_hash);
    poster->input_hash = g_strdup("of another source than the master");
    g_auto(plan_ptr) stranger = world_plan(world);
    g_assert_false(output_of(stranger, "poster.jpg")->spared);
}

static void only_a_chain_is_made_from_a_source_that_is_there(void)
{
    g_auto(world_ptr) world = chained_world("hq", "80");
    world->params.only = "clips/poster";
    g_auto(plan_ptr) early = world_plan(world);
    g_assert_cmpuint(early->outputs->len, ==, 1);
    g_assert_true(output_of(early, "poster.jpg")->blocked);
    world->params.only = NULL;
    g_auto(plan_ptr) all = world_plan(world);
    world_publish(world, all);
    g_hash_table_remove(world->exists, "poster.jpg");
    world->params.only = "clips/poster";
    world->params.fresh = true;
    g_auto(plan_ptr) plan = world_plan(world);
    g_assert_cmpuint(plan->outputs->len, ==, 1);
    g_assert_cmpuint(plan->tasks->len, ==, 2);
    g_assert_false(output_of(plan, "poster.jpg")->blocked);
}

static void expect_verified_only(const struct plan *plan, const char *path)
{
    const struct plan_output *planned = output_of(plan, path);
    g_assert_cmpstr(planned->reason, ==, stale_texts[STALE_UNVERIFIED]);
    g_assert_cmpint(planned->render, ==, -1);
    g_assert_true(g_str_has_suffix(planned->part, "/.rushes-killed.part"));
    const struct plan_task *verify = plan->tasks->pdata[planned->verify];
    g_assert_cmpint(verify->task->kind, ==, TASK_VERIFY);
    g_assert_cmpint(verify->task->claim.frames, ==, 1500);
    g_assert_cmpuint(verify->needs->len, ==, 0);
    const struct task_file *file = verify->task->files->pdata[0];
    g_assert_cmpstr(file->path, ==, planned->part);
}

static void what_a_killed_run_rendered_is_only_verified(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) before = world_plan(world);
    world_break_off(world, before);
    g_auto(plan_ptr) plan = world_plan(world);
    expect_verified_only(plan, "web.mp4");
    expect_verified_only(plan, "sound.wav");
    g_assert_cmpuint(plan->tasks->len, ==, 2);
    g_assert_cmpfloat(plan->bytes, ==, 0);
    g_hash_table_remove(world->finished, "web.mp4");
    g_auto(plan_ptr) half = world_plan(world);
    expect_stale(half, "web.mp4", STALE_NEVER, "never rendered before");
    expect_verified_only(half, "sound.wav");
}

static void what_a_killed_run_rendered_otherwise_is_rendered_again(void)
{
    g_auto(world_ptr) first = usual_world();
    g_auto(plan_ptr) before = world_plan(first);
    g_auto(world_ptr) second = world_of("12f", "-23 LUFS", "20", "1920");
    world_break_off(second, before);
    g_auto(plan_ptr) plan = world_plan(second);
    expect_stale(plan, "web.mp4", STALE_NEVER, "never rendered before");
    expect_verified_only(plan, "sound.wav");
    second->params.fresh = true;
    g_auto(plan_ptr) forced = world_plan(second);
    expect_stale(forced, "sound.wav", STALE_NEVER, "never rendered before");
    world_break_off(first, before);
    first->params.verify = VERIFY_OFF;
    g_auto(plan_ptr) unseen = world_plan(first);
    expect_stale(unseen, "sound.wav", STALE_NEVER, "never rendered before");
}

static void a_chain_that_was_rendered_from_another_file_is_rendered_again(void)
{
    g_auto(world_ptr) world = chained_world("hq", "80");
    g_auto(plan_ptr) before = world_plan(world);
    world_break_off(world, before);
    g_auto(plan_ptr) plan = world_plan(world);
    const struct plan_output *master = output_of(plan, "master.mov");
    expect_verified_only(plan, "master.mov");
    expect_stale(plan, "poster.jpg", STALE_NEVER, "never rendered before");
    const struct plan_task *render = plan->tasks->pdata[output_of(plan, "poster.jpg")->render];
    g_assert_cmpint(g_array_index(render->needs, int, 0), ==, master->verify);
    world_publish(world, before);
    g_hash_table_remove(world->known, "poster.jpg");
    g_hash_table_remove(world->exists, "poster.jpg");
    g_auto(plan_ptr) later = world_plan(world);
    expect_stale(later, "master.mov", FRESH, "up to date");
    expect_verified_only(later, "poster.jpg");
}

static struct made_up *sheet_world(const char *stills, const char *to)
{
    g_autofree char *text = g_strdup_printf(
        "rushes: 1\n%soutputs: {sheet: {each: job, to: %s, "
        "steps: [contact_sheet: {columns: 1, rows: 1}]},\n"
        "          small: {from: sheet, to: 'small-${page}.png', steps: [resize: {width: 64}]}}\n",
        stills, to);
    return world_from_text(text);
}

static void pages_of_more_stills_are_told_of(void)
{
    g_auto(world_ptr) four = sheet_world("# still: a.jpg\n# still: b.jpg\n# still: c.jpg\n"
                                         "# still: d.jpg\n",
                                         "all.png");
    g_auto(world_ptr) two = sheet_world("# still: a.jpg\n# still: b.jpg\n", "all.png");
    g_auto(plan_ptr) before = world_plan(four);
    g_assert_cmpuint(before->notes->len, ==, 0);
    world_publish(four, before);
    g_hash_table_insert(four->exists, g_strdup("all-5.png"), g_new0(struct file_stamp, 1));
    g_hash_table_remove(four->exists, "small-3.png");
    remember(four, two);
    g_auto(plan_ptr) after = world_plan(two);
    g_assert_cmpuint(after->notes->len, ==, 2);
    g_assert_cmpstr(
        after->notes->pdata[0], ==,
        "main/sheet: of an earlier run, whose stills were more than 2 pages: all-3.png, "
        "all-4.png");
    g_assert_cmpstr(after->notes->pdata[1], ==,
                    "main/small: of an earlier run, whose stills were more than 2 pages: "
                    "small-4.png");
    g_assert_cmpuint(diag_warnings(two->diag), ==, 2);
}

static void every_value_has_its_line(void)
{
    g_auto(world_ptr) world = usual_world();
    g_auto(plan_ptr) plan = world_plan(world);
    g_autofree char *text = plan_explain(plan, "web.mp4");
    g_assert_nonnull(strstr(text, "encode.video.crf = 19  ("));
    g_assert_nonnull(strstr(text, ".yaml:11:"));
    g_assert_nonnull(strstr(text, "grade.saturation = 1  (default)"));
    g_assert_nonnull(strstr(text, "expect.width = 1920  ("));
    g_autofree char *both = plan_explain(plan, "A001.mov");
    g_assert_nonnull(strstr(both, "sound.wav\n"));
    g_assert_null(plan_explain(plan, "nothing.mp4"));
}

static void what_becomes_of_a_copied_picture_is_explained(void)
{
    static const struct {
        const char *trim, *codec, *said;
    } rows[] = {
        {"{from: 12f}", "h264",
         "copied h264 begins at an IDR picture, ends where no later one is "
         "needed: where that isn't to the frame, the output fails"},
        {"{from: 12f, snap: 2s}", "hevc", "each end moves outwards to there, by 2 s at most"},
        {"{from: 12f, smart: true}", "h264", "copied h264 is cut to the frame"},
        {"{from: 12f, smart: true}", "vp9", "where that isn't to the frame, all of it is encoded"},
        {"{from: 12f}", "prores", "copied prores is cut on any frame"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("rushes: 1\n# clip: A.mov {\"codec\":\"%s\"}\nsteps: [trim: %s]\n"
                            "outputs:\n  part: {to: a.mov, encode: {video: {codec: copy}}}\n"
                            "  made: {to: b.mov, encode: {video: {codec: prores}}}\n",
                            rows[i].codec, rows[i].trim);
        g_auto(world_ptr) world = world_from_text(text);
        g_auto(plan_ptr) plan = world_plan(world);
        g_autofree char *part = plan_explain(plan, "a.mov"), *made = plan_explain(plan, "b.mov");
        g_assert_nonnull(strstr(part, rows[i].said));
        g_assert_null(strstr(made, rows[i].said));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/stale/nothing_changed", nothing_changed);
    g_test_add_func("/plan/stale/joined", a_joined_output_is_of_its_parts_in_their_order);
    g_test_add_func("/plan/stale/joined-too-many", too_many_parts_are_an_error);
    g_test_add_func("/plan/stale/same_values_written_otherwise", same_values_written_otherwise);
    g_test_add_func("/plan/stale/a_step_changed", a_step_changed);
    g_test_add_func("/plan/stale/an_encoder_setting_changed", an_encoder_setting_changed);
    g_test_add_func("/plan/stale/an_expectation_changed", an_expectation_changed);
    g_test_add_func("/plan/stale/a_lut_changed", a_lut_changed_which_sound_takes_no_notice_of);
    g_test_add_func("/plan/stale/the_source_changed", the_source_changed);
    g_test_add_func("/plan/stale/the_software_changed", the_software_changed);
    g_test_add_func("/plan/stale/an_output_vanished", an_output_vanished);
    g_test_add_func("/plan/stale/a_touched_output_is_refused", a_touched_output_is_refused);
    g_test_add_func("/plan/stale/a_touched_output_is_refused_though_all_is_to_be_made_anew",
                    a_touched_output_is_refused_though_all_is_to_be_made_anew);
    g_test_add_func("/plan/stale/a_touched_output_is_replaced_where_that_is_asked_for",
                    a_touched_output_is_replaced_where_that_is_asked_for);
    g_test_add_func("/plan/stale/a_touched_output_is_left_where_that_is_asked_for",
                    a_touched_output_is_left_where_that_is_asked_for);
    g_test_add_func("/plan/stale/beside_a_touched_output_a_number_is_given_where_that_is_asked_for",
                    beside_a_touched_output_a_number_is_given_where_that_is_asked_for);
    g_test_add_func("/plan/stale/what_nobody_looked_at_is_ours_when_only_its_place_changed",
                    what_nobody_looked_at_is_ours_when_only_its_place_changed);
    g_test_add_func("/plan/stale/what_was_made_of_a_source_that_is_still_there_is_refused",
                    what_was_made_of_a_source_that_is_still_there_is_refused);
    g_test_add_func("/plan/stale/beside_what_was_made_of_another_source_a_number_is_given",
                    beside_what_was_made_of_another_source_a_number_is_given);
    g_test_add_func("/plan/stale/what_was_made_of_a_source_that_is_gone_is_replaced",
                    what_was_made_of_a_source_that_is_gone_is_replaced);
    g_test_add_func("/plan/stale/what_was_made_of_another_input_of_the_same_plan_is_replaced",
                    what_was_made_of_another_input_of_the_same_plan_is_replaced);
    g_test_add_func("/plan/stale/a_file_that_is_an_input_by_another_name_is_an_error",
                    a_file_that_is_an_input_by_another_name_is_an_error);
    g_test_add_func("/plan/stale/a_folder_in_the_place_of_a_file_is_never_replaced",
                    a_folder_in_the_place_of_a_file_is_never_replaced);
    g_test_add_func("/plan/stale/a_name_that_no_file_system_takes_is_refused",
                    a_name_that_no_file_system_takes_is_refused);
    g_test_add_func("/plan/stale/copied", a_copied_output_is_known_by_its_content);
    g_test_add_func("/plan/stale/software_of_an_output",
                    only_the_software_that_makes_an_output_counts);
    g_test_add_func("/plan/stale/software_of_a_smart_cut",
                    a_smart_cut_is_made_by_the_encoder_of_its_source_as_well);
    g_test_add_func("/plan/stale/out_of_spec_and_forced", out_of_spec_and_forced);
    g_test_add_func("/plan/measure/known", a_known_measurement_needs_no_task);
    g_test_add_func("/plan/only/sound", only_what_sound_needs_is_run_for_sound);
    g_test_add_func("/plan/chain/stale", a_chain_is_as_stale_as_its_source);
    g_test_add_func("/plan/chain/missed", a_chain_that_missed_its_sources_change_catches_up);
    g_test_add_func("/plan/stale/spared", a_chain_is_spared_when_only_its_source_is_made_again);
    g_test_add_func("/plan/chain/only", only_a_chain_is_made_from_a_source_that_is_there);
    g_test_add_func("/plan/killed/verified", what_a_killed_run_rendered_is_only_verified);
    g_test_add_func("/plan/killed/otherwise",
                    what_a_killed_run_rendered_otherwise_is_rendered_again);
    g_test_add_func("/plan/killed/chain",
                    a_chain_that_was_rendered_from_another_file_is_rendered_again);
    g_test_add_func("/plan/stale/pages", pages_of_more_stills_are_told_of);
    g_test_add_func("/plan/explain", every_value_has_its_line);
    g_test_add_func("/plan/explain/copied", what_becomes_of_a_copied_picture_is_explained);
    return g_test_run();
}
