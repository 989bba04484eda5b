/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inputs that arrive one after another, as `watch` takes them: duplicates, and names that are
 * taken. */
#include "world.h"

#include <string.h>

#define SAME " {\"hash\": \"same\"}"

static struct made_up *world_of(const char *files)
{
    g_autofree char *text = g_strdup_printf(
        "rushes: 1\n%s\noutputs:\n"
        "  web: {to: \"${dir}/${stem}.mp4\", encode: {video: {codec: h264}, audio: {codec: aac}}}\n"
        "  sound: {to: \"sound/${dir}/${stem}.wav\", encode: {audio: {codec: pcm_s24le}}}\n",
        files);
    struct made_up *world = world_from_text(text);
    g_assert_nonnull(world->pipeline);
    world->params.arriving = true;
    return world;
}

/* What `first` published is known in `second`. */
static void know(struct made_up *second, const struct made_up *first)
{
    g_hash_table_unref(second->known);
    g_hash_table_unref(second->exists);
    second->known = g_hash_table_ref(first->known);
    second->exists = g_hash_table_ref(first->exists);
}

static struct plan *plan_after(struct made_up *first, struct made_up *second)
{
    g_auto(plan_ptr) before = world_plan(first);
    g_assert_nonnull(before);
    world_publish(first, before);
    know(second, first);
    return world_plan(second);
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

static void expect_rendered(const struct plan *plan, const char *path, bool rendered)
{
    g_assert_true((output_of(plan, path)->render >= 0) == rendered);
}

static void the_same_content_again_is_a_duplicate(void)
{
    g_auto(world_ptr) first = world_of("# clip: z.mov" SAME);
    g_auto(world_ptr) second = world_of("# clip: a.mov" SAME);
    g_auto(plan_ptr) plan = plan_after(first, second);
    expect_rendered(plan, "a.mp4", false);
    expect_rendered(plan, "sound/a.wav", false);
    g_assert_true(output_of(plan, "a.mp4")->skipped);
    g_assert_cmpstr(output_of(plan, "a.mp4")->reason, ==,
                    "a duplicate: the same content as /footage/z.mov, from which z.mp4 was made");
}

static void of_two_at_once_the_first_is_made(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov" SAME "\n# clip: b.mov" SAME);
    g_auto(plan_ptr) plan = world_plan(world);
    expect_rendered(plan, "a.mp4", true);
    expect_rendered(plan, "b.mp4", false);
}

static void the_one_that_was_made_before_stays_the_first(void)
{
    g_auto(world_ptr) first = world_of("# clip: z.mov" SAME);
    g_auto(world_ptr) second = world_of("# clip: a.mov" SAME "\n# clip: z.mov" SAME);
    g_auto(plan_ptr) plan = plan_after(first, second);
    expect_rendered(plan, "a.mp4", false);
    g_assert_cmpint(output_of(plan, "z.mp4")->stale, ==, FRESH);
}

static void in_another_folder_it_is_made(void)
{
    g_auto(world_ptr) first = world_of("# clip: client-a/a.mov" SAME);
    g_auto(world_ptr) second = world_of("# clip: client-b/a.mov" SAME);
    g_auto(plan_ptr) plan = plan_after(first, second);
    expect_rendered(plan, "client-b/a.mp4", true);
    expect_rendered(plan, "sound/client-b/a.wav", true);
}

static void what_lacks_one_output_is_no_duplicate(void)
{
    g_auto(world_ptr) first = world_of("# clip: z.mov" SAME);
    g_auto(world_ptr) second = world_of("# clip: a.mov" SAME);
    g_auto(plan_ptr) before = world_plan(first);
    world_publish(first, before);
    g_hash_table_remove(first->exists, "sound/z.wav");
    know(second, first);
    g_auto(plan_ptr) plan = world_plan(second);
    expect_rendered(plan, "a.mp4", true);
    expect_rendered(plan, "sound/a.wav", true);
}

static void a_plan_of_a_whole_folder_knows_no_duplicates(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov" SAME "\n# clip: b.mov" SAME);
    world->params.arriving = false;
    g_auto(plan_ptr) plan = world_plan(world);
    expect_rendered(plan, "b.mp4", true);
}

static void a_name_that_is_taken_is_refused(void)
{
    g_auto(world_ptr) first = world_of("# clip: a.mov");
    g_auto(world_ptr) second = world_of("# clip: a.mxf");
    g_auto(plan_ptr) plan = plan_after(first, second);
    const struct plan_output *planned = output_of(plan, "a.mp4");
    g_assert_true(planned->blocked);
    g_assert_cmpint(planned->failure.class, ==, FAIL_CONFIG);
    g_assert_true(g_str_has_prefix(planned->failure.message,
                                   "this name is taken by what was made of /footage/a.mov: "));
}

static void the_same_file_with_new_content_is_made_again(void)
{
    g_auto(world_ptr) first = world_of("# clip: a.mov");
    g_auto(world_ptr) second = world_of("# clip: a.mov {\"hash\": \"repaired\"}");
    g_auto(plan_ptr) plan = plan_after(first, second);
    expect_rendered(plan, "a.mp4", true);
    g_assert_true(output_of(plan, "a.mp4")->replace);
}

/* Of a.mov, after one of this name that held "one" was delivered and moved away. */
static struct plan *plan_of_namesake(struct made_up *world, const char *hash,
                                     enum exists_policy on_exists)
{
    GHashTableIter iter;
    void *known;
    g_auto(world_ptr) first = world_of("# clip: a.mov {\"hash\": \"one\"}");
    g_auto(plan_ptr) before = world_plan(first);
    world_publish(first, before);
    g_hash_table_iter_init(&iter, first->known);
    while (g_hash_table_iter_next(&iter, NULL, &known)) {
        struct known_output *output = known;
        g_free(output->source);
        output->source = g_strdup("/footage/done/a.mov");
    }
    know(world, first);
    g_free(((struct plan_input *)world->inputs->pdata[0])->facts->hash);
    ((struct plan_input *)world->inputs->pdata[0])->facts->hash = g_strdup(hash);
    world->params.on_exists = on_exists;
    return world_plan(world);
}

static void a_namesake_of_a_source_that_was_moved_is_refused(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov");
    world->params.fresh = true;
    g_auto(plan_ptr) plan = plan_of_namesake(world, "two", EXISTS_FAIL);
    g_assert_true(output_of(plan, "a.mp4")->blocked);
    g_assert_true(g_str_has_prefix(output_of(plan, "a.mp4")->failure.message,
                                   "this name is taken by what was made of /footage/done/a.mov: "));
}

static void the_same_content_as_a_source_that_was_moved_is_up_to_date(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov");
    g_auto(plan_ptr) plan = plan_of_namesake(world, "one", EXISTS_FAIL);
    g_assert_cmpint(output_of(plan, "a.mp4")->stale, ==, FRESH);
}

static void a_taken_name_is_numbered_where_that_is_asked_for(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov");
    g_auto(plan_ptr) plan = plan_of_namesake(world, "two", EXISTS_RENAME);
    expect_rendered(plan, "a-2.mp4", true);
    expect_rendered(plan, "sound/a-2.wav", true);
}

static void a_taken_name_is_left_alone_where_that_is_asked_for(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov");
    g_auto(plan_ptr) plan = plan_of_namesake(world, "two", EXISTS_SKIP);
    g_assert_true(output_of(plan, "a.mp4")->skipped);
    g_assert_cmpstr(output_of(plan, "a.mp4")->reason, ==,
                    "there is what was made of /footage/done/a.mov already: left alone");
}

static void a_taken_name_is_replaced_where_that_is_asked_for(void)
{
    g_auto(world_ptr) world = world_of("# clip: a.mov");
    g_auto(plan_ptr) plan = plan_of_namesake(world, "two", EXISTS_OVERWRITE);
    expect_rendered(plan, "a.mp4", true);
    g_assert_true(output_of(plan, "a.mp4")->replace);
    g_assert_cmpstr(output_of(plan, "a.mp4")->reason, ==,
                    "never rendered before: what was made of /footage/done/a.mov will be replaced");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/plan/arriving/" #name, name)
    TEST(the_same_content_again_is_a_duplicate);
    TEST(of_two_at_once_the_first_is_made);
    TEST(the_one_that_was_made_before_stays_the_first);
    TEST(in_another_folder_it_is_made);
    TEST(what_lacks_one_output_is_no_duplicate);
    TEST(a_plan_of_a_whole_folder_knows_no_duplicates);
    TEST(a_name_that_is_taken_is_refused);
    TEST(the_same_file_with_new_content_is_made_again);
    TEST(a_namesake_of_a_source_that_was_moved_is_refused);
    TEST(the_same_content_as_a_source_that_was_moved_is_up_to_date);
    TEST(a_taken_name_is_numbered_where_that_is_asked_for);
    TEST(a_taken_name_is_left_alone_where_that_is_asked_for);
    TEST(a_taken_name_is_replaced_where_that_is_asked_for);
    return g_test_run();
}
