/* SPDX-License-Identifier: GPL-3.0-or-later
 * The programme behind `deinterlace`: what is counted in frames there is counted in the frames that
 * come out of it. */
#include "steps/programme.h"

#include "base/diag.h"

struct before {
    bool interlaced;
    int height;
    struct rational fps;
    const char *timecode, *key, *value; /* of deinterlace */
};

struct after {
    struct rational fps;
    const char *timecode;
};

static void check(const struct before *before, const struct after *after)
{
    g_auto(facts_ptr) facts = facts_create();
    facts->kind = KIND_VIDEO;
    facts->interlaced = before->interlaced;
    facts->width = 1920;
    facts->height = before->height;
    facts->fps = before->fps;
    facts->timecode = g_strdup(before->timecode);
    facts->duration_s = 10;
    const struct mark nowhere = {0};
    struct node *params = node_map(nowhere);
    node_put(params, before->key, nowhere, node_scalar(before->value, nowhere));
    g_auto(task_ptr) task = task_create(TASK_RENDER);
    g_ptr_array_add(task->steps, step_call_create("deinterlace", params));
    struct step_call *call = step_call_create("trim", node_map(nowhere));
    g_ptr_array_add(task->steps, call);
    const struct face_env env = {.source = facts, .task = task, .call = call};
    const struct programme programme = programme_before(&env);
    g_assert_cmpint(programme.fps.num, ==, after->fps.num);
    g_assert_cmpint(programme.fps.den, ==, after->fps.den);
    g_assert_cmpstr(programme.timecode, ==, after->timecode);
    g_assert_cmpfloat(programme.duration_s, ==, 10);
}

static const struct rational pal = {25, 1}, ntsc = {30000, 1001}, film = {24000, 1001};

static void of_fields_the_rate_doubles(void)
{
    check(&(struct before){true, 1080, pal, "10:00:00:12", "rate", "field"},
          &(struct after){{50, 1}, "10:00:00:24"});
    check(&(struct before){true, 1080, pal, "10:00:00:12", "rate", "frame"},
          &(struct after){{25, 1}, "10:00:00:12"});
}

static void of_film_four_are_left_of_five(void)
{
    check(&(struct before){true, 480, ntsc, "01:00:00:10", "rate", "film"},
          &(struct after){film, "01:00:00:08"});
    check(&(struct before){false, 480, ntsc, "01:00:00:10", "rate", "film"},
          &(struct after){film, "01:00:00:08"});
    check(&(struct before){false, 480, film, "01:00:00:10", "rate", "film"},
          &(struct after){film, "01:00:00:10"});
}

static void of_whole_frames_the_rate_stays(void)
{
    check(&(struct before){false, 1080, pal, "10:00:00:12", "rate", "field"},
          &(struct after){{25, 1}, "10:00:00:12"});
    check(&(struct before){true, 1080, pal, "10:00:00:12", "keep_height", "1080"},
          &(struct after){{25, 1}, "10:00:00:12"});
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/programme/field", of_fields_the_rate_doubles);
    g_test_add_func("/programme/film", of_film_four_are_left_of_five);
    g_test_add_func("/programme/whole", of_whole_frames_the_rate_stays);
    return g_test_run();
}
