/* SPDX-License-Identifier: GPL-3.0-or-later
 * Interlaced picture: the field that comes first in the source comes first in what is written, by
 * the container and by the pictures themselves; full frames out of fields; film out of pulldown. */
#include "made.h"
#include "reel.h"

#include <unistd.h>

static const struct reel sd = {
    .width = 320,
    .height = 576,
    .frames = 12,
    .fps = {25, 1},
    .format = AV_PIX_FMT_YUV422P10LE,
    .interlaced = true,
    .range = AVCOL_RANGE_MPEG,
    .matrix = AVCOL_SPC_BT709,
    .primaries = AVCOL_PRI_BT709,
    .transfer = AVCOL_TRC_BT709,
};

/* Renders fds[0] to fds[1]; the failure's class. */
static enum failure_class render(struct task *task, const int *fds, char **message)
{
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    enum failure_class class = output->failure.class;
    if (message)
        *message = g_strdup(output->failure.message);
    else
        g_assert_cmpstr(output->failure.message, ==, NULL);
    result_destroy(result);
    task_destroy(task);
    return class;
}

static bool shows_top_first(enum AVFieldOrder order)
{
    return order == AV_FIELD_TT || order == AV_FIELD_TB;
}

static const struct kept {
    const char *container, *codec, *profile;
    double bitrate;
    bool full_hd;  /* the codec has no other size */
    bool top_only; /* the container can't say the other */
    bool silent;   /* the container says nothing of fields, only the pictures do */
} kept[] = {
    {"mp4", "h264", NULL, NAN, false, false, false},
    {"mov", "h264", NULL, NAN, false, false, false},
    {"mkv", "h264", NULL, NAN, false, false, false},
    {"mxf", "h264", NULL, NAN, false, true, false},
    {"mov", "prores", "lt", NAN, false, false, false},
    {"mkv", "prores", "lt", NAN, false, false, false},
    {"mxf", "prores", "lt", NAN, false, true, false},
    {"mov", "mpeg2video", "422", 5e6, false, false, false},
    {"mxf", "mpeg2video", "422", 5e6, false, true, false},
    {"mkv", "mpeg2video", "422", 5e6, false, false, false},
    {"mov", "dnxhd", NULL, 185e6, true, false, true},
    {"mxf", "dnxhd", NULL, 185e6, true, true, false},
    {"mkv", "dnxhd", NULL, 185e6, true, false, false},
    {"mxf_opatom", "dnxhd", NULL, 185e6, true, true, false},
    {"mxf", "h264", "avc-intra-100", NAN, true, true, false},
    {"mov", "h264", "avc-intra-100", NAN, true, true, true},
    {"mkv", "ffv1", NULL, NAN, false, false, false},
    {"mkv", "rawvideo", NULL, NAN, false, false, false},
};

static void keeps(const struct kept *row, bool top_first)
{
    struct reel reel = sd;
    reel.top_first = top_first;
    reel.frames = row->full_hd ? 2 : 5;
    reel.width = row->full_hd ? 1920 : sd.width;
    reel.height = row->full_hd ? 1080 : sd.height;
    int fds[] = {reel_make(&reel), made_file()};
    struct task *task = made_task(row->container, row->codec, NULL);
    struct encode_video *video = &((struct task_output *)task->outputs->pdata[0])->encode->video;
    video->profile = g_strdup(row->profile);
    video->bitrate = row->bitrate;
    g_autofree char *why = NULL;
    enum failure_class class = render(task, fds, &why);
    g_test_message("%s in %s, %s first: %s", row->codec, row->container,
                   top_first ? "top" : "bottom", why ? why : "written");
    if (row->top_only && !top_first) {
        g_assert_cmpint(class, ==, FAIL_CONFIG);
        g_assert_true(strstr(why, "fields: top") || strstr(why, "fields, top first"));
    } else {
        struct reel_seen seen;
        g_assert_cmpstr(why, ==, NULL);
        reel_look(fds[1], &seen);
        g_assert_cmpint(seen.frames, ==, reel.frames);
        if (strcmp(row->codec, "rawvideo")) { /* whose pictures have no headers */
            g_assert_cmpint(seen.interlaced_frames, ==, reel.frames);
            g_assert_cmpint(seen.top_first, ==, top_first);
        }
        if (!row->silent) {
            g_assert_cmpint(seen.order, >, AV_FIELD_PROGRESSIVE);
            g_assert_cmpint(shows_top_first(seen.order), ==, top_first);
        }
        reel_clear(&seen);
    }
    close(fds[0]);
    close(fds[1]);
}

static void test_15_the_order_of_fields_is_kept(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++) {
        keeps(&kept[i], true);
        keeps(&kept[i], false);
    }
}

static void test_15_what_holds_no_fields_is_refused(void)
{
    static const char *const refused[][3] = {
        {"mp4", "hevc", NULL}, {"webm", "vp9", NULL}, {"mov", "dnxhd", "dnxhr_hqx"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        int fds[] = {reel_make(&sd), made_file()};
        struct task *task = made_task(refused[i][0], refused[i][1], NULL);
        struct task_output *output = task->outputs->pdata[0];
        output->encode->video.profile = g_strdup(refused[i][2]);
        g_autofree char *why = NULL;
        g_assert_cmpint(render(task, fds, &why), ==, FAIL_CONFIG);
        g_assert_nonnull(strstr(why, "`deinterlace`"));
        close(fds[0]);
        close(fds[1]);
    }
}

static void know_rate(struct task *task, const struct reel *reel, const char *timecode)
{
    struct facts *facts = task->source;
    facts->kind = KIND_VIDEO;
    facts->fps = rational_make(reel->fps.num, reel->fps.den);
    facts->width = reel->width;
    facts->height = reel->height;
    facts->frames = reel->frames;
    facts->duration_s = reel->frames * reel->fps.den / (double)reel->fps.num;
    facts->timecode = g_strdup(timecode);
}

static struct task *stepped(const struct reel *reel, const char *timecode, const char *rate)
{
    struct task *task = made_task("mov", "prores", NULL);
    struct task_output *output = task->outputs->pdata[0];
    know_rate(task, reel, timecode);
    made_step(output->steps, "deinterlace", "rate", rate, NULL);
    return task;
}

/* 25i has 50 moments a second, and each becomes a frame; so does each of 29.97i. */
static void test_15_a_frame_of_each_field(void)
{
    static const struct {
        int frames;
        AVRational fps;
        const char *timecode, *doubled;
    } rows[] = {
        {12, {25, 1}, "10:00:00:05", "10:00:00:10"},
        {2, {25, 1}, "10:00:00:05", "10:00:00:10"},
        {7, {30000, 1001}, "01:00:59;28", "01:00:59;56"},
        {7, {30000, 1001}, "01:01:00;02", "01:01:00;04"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int top = 0; top < 2; top++) {
            struct reel reel = sd;
            struct reel_seen seen;
            reel.top_first = top;
            reel.frames = rows[i].frames;
            reel.fps = rows[i].fps;
            int fds[] = {reel_make(&reel), made_file()};
            render(stepped(&reel, rows[i].timecode, "field"), fds, NULL);
            reel_look(fds[1], &seen);
            g_assert_cmpint(seen.frames, ==, 2 * reel.frames);
            g_assert_cmpint(seen.interlaced_frames, ==, 0);
            g_assert_cmpint(seen.order, ==, AV_FIELD_PROGRESSIVE);
            g_assert_cmpint(av_cmp_q(seen.fps, av_mul_q(reel.fps, av_make_q(2, 1))), ==, 0);
            g_assert_cmpstr(seen.timecode, ==, rows[i].doubled);
            /* The lines of the field itself are kept as they are. */
            for (int moment = 0; moment < seen.frames; moment++) {
                int field = (moment & 1) == top;
                g_assert_cmpint(ABS(seen.shade[moment][field] - reel_shade(moment)), <=, 1);
            }
            reel_clear(&seen);
            close(fds[0]);
            close(fds[1]);
        }
}

/* SMPTE RP 197: four frames of film, A to D, in five of video: AA BB BC CD DD. */
static int film_of(int frame, int field, bool top_first)
{
    static const int first[] = {0, 1, 1, 2, 3}, second[] = {0, 1, 2, 3, 3};
    bool is_first = (field == 0) == top_first;
    return frame / 5 * 4 + (is_first ? first : second)[frame % 5];
}

/* No two frames near each other look alike. */
static int film_shade(int frame)
{
    return 40 + frame * 29 % 150;
}

static int pulled(const struct reel *reel, int frame, int field)
{
    return film_shade(film_of(frame, field, reel->top_first));
}

/* The last frame out of fields lasts as long as the others, whatever rate follows. */
static void test_15_another_rate_behind_keeps_the_end(void)
{
    static const struct {
        const char *rate, *step, *key, *value, *mode;
        int frames; /* of 10 of 25i */
    } rows[] = {{"frame", "fps", "rate", "50", "nearest", 20},
                {"field", "fps", "rate", "50", "nearest", 20},
                {"frame", "speed", "factor", "0.5", NULL, 20},
                {"frame", "fps", "rate", "60", "blend", 24},
                {"field", "fps", "rate", "60", "blend", 24}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct reel reel = sd;
        struct reel_seen seen;
        reel.frames = 10;
        reel.height = 64;
        int fds[] = {reel_make(&reel), made_file()};
        struct task *task = stepped(&reel, NULL, rows[i].rate);
        made_step(((struct task_output *)task->outputs->pdata[0])->steps, rows[i].step, rows[i].key,
                  rows[i].value, rows[i].mode ? "mode" : NULL, rows[i].mode, NULL);
        g_test_message("%s: %s %s", rows[i].rate, rows[i].step, rows[i].value);
        render(task, fds, NULL);
        reel_look(fds[1], &seen);
        g_assert_cmpint(seen.frames, ==, rows[i].frames);
        reel_clear(&seen);
        close(fds[0]);
        close(fds[1]);
    }
}

static void test_15_film_out_of_pulldown(void)
{
    static const int counts[] = {100, 5, 50};
    for (unsigned i = 0; i < G_N_ELEMENTS(counts); i++)
        for (int top = 0; top < 2; top++) {
            struct reel reel = sd;
            struct reel_seen seen;
            reel.width = 64;
            reel.height = 64;
            reel.frames = counts[i];
            reel.fps = av_make_q(30000, 1001);
            reel.top_first = top;
            reel.shade = pulled;
            int fds[] = {reel_make(&reel), made_file()};
            render(stepped(&reel, NULL, "film"), fds, NULL);
            reel_look(fds[1], &seen);
            g_assert_cmpint(seen.frames, ==, counts[i] * 4 / 5);
            g_test_message("%d frames: %d/%d a second", counts[i], seen.fps.num, seen.fps.den);
            g_assert_cmpint(av_cmp_q(seen.fps, av_make_q(24000, 1001)), ==, 0);
            for (int n = 0; n < seen.frames; n++)
                for (int field = 0; field < 2; field++)
                    g_assert_cmpint(ABS(seen.shade[n][field] - film_shade(n)), <=, 1);
            reel_clear(&seen);
            close(fds[0]);
            close(fds[1]);
        }
}

static void test_15_halves_of_one_frame_stay_together(void)
{
    struct reel reel = sd;
    struct reel_seen seen;
    reel.top_first = true;
    int fds[] = {reel_make(&reel), made_file()};
    render(stepped(&reel, NULL, "segmented"), fds, NULL);
    reel_look(fds[1], &seen);
    g_assert_cmpint(seen.frames, ==, reel.frames);
    g_assert_cmpint(seen.order, ==, AV_FIELD_PROGRESSIVE);
    for (int n = 0; n < seen.frames; n++)
        for (int field = 0; field < 2; field++)
            g_assert_cmpint(ABS(seen.shade[n][field] - reel_shade(2 * n + field)), <=, 1);
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

/* The field that was first stays first in time, one row further down. */
static void test_15_another_order_keeps_the_time(void)
{
    struct reel reel = sd;
    struct reel_seen seen;
    reel.top_first = true;
    int fds[] = {reel_make(&reel), made_file()};
    struct task *task = made_task("mov", "prores", NULL);
    struct task_output *output = task->outputs->pdata[0];
    output->encode->video.fields = FIELDS_BOTTOM;
    render(task, fds, NULL);
    reel_look(fds[1], &seen);
    g_assert_cmpint(seen.order, ==, AV_FIELD_BT);
    for (int n = 0; n < seen.frames; n++) {
        g_assert_cmpint(ABS(seen.shade[n][1] - reel_shade(2 * n)), <=, 1);
        g_assert_cmpint(ABS(seen.shade[n][0] - reel_shade(2 * n + 1)), <=, 1);
    }
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

static void test_15_whole_frames_in_a_file_of_fields(void)
{
    struct reel reel = sd;
    struct reel_seen seen;
    reel.interlaced = false;
    int fds[] = {reel_make(&reel), made_file()};
    struct task *task = made_task("mxf", "mpeg2video", NULL);
    struct task_output *output = task->outputs->pdata[0];
    output->encode->video.fields = FIELDS_TOP;
    output->encode->video.bitrate = 5e6;
    render(task, fds, NULL);
    reel_look(fds[1], &seen);
    g_assert_true(shows_top_first(seen.order));
    g_assert_cmpint(seen.interlaced_frames, ==, reel.frames);
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

int main(int argc, char **argv)
{
    av_log_set_level(AV_LOG_ERROR);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fields/15_the_order_of_fields_is_kept", test_15_the_order_of_fields_is_kept);
    g_test_add_func("/fields/15_what_holds_no_fields_is_refused",
                    test_15_what_holds_no_fields_is_refused);
    g_test_add_func("/fields/15_a_frame_of_each_field", test_15_a_frame_of_each_field);
    g_test_add_func("/fields/15_another_rate_behind_keeps_the_end",
                    test_15_another_rate_behind_keeps_the_end);
    g_test_add_func("/fields/15_film_out_of_pulldown", test_15_film_out_of_pulldown);
    g_test_add_func("/fields/15_halves_of_one_frame_stay_together",
                    test_15_halves_of_one_frame_stay_together);
    g_test_add_func("/fields/15_another_order_keeps_the_time",
                    test_15_another_order_keeps_the_time);
    g_test_add_func("/fields/15_whole_frames_in_a_file_of_fields",
                    test_15_whole_frames_in_a_file_of_fields);
    return g_test_run();
}
