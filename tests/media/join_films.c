/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that are joined: every frame of each, in their order, and sound that stays with them. */
#include "barcode.h"
#include "made.h"

#include "media/log.h"
#include "media/probe.h"
#include "worker/run.h"

#include <math.h>
#include <unistd.h>

enum { MOST = 6 };

static const double ms = 0.001 + 1e-9, sample = 1. / BARCODE_RATE + 1e-9;

struct joined {
    int fds[MOST + 1]; /* films, then the output */
    struct task *task;
    struct result *result;
};

static struct facts *facts_of(int fd)
{
    struct failure failure = {0};
    struct facts *facts = facts_create();
    media_probe(fd, NULL, facts, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return facts;
}

/* Takes the films' descriptors. */
static struct joined joined_of(const int *films, unsigned count, const char *container,
                               const char *video, const char *audio)
{
    struct joined joined = {.task = task_create(TASK_RENDER), .result = result_create()};
    struct task *task = joined.task;
    task->threads = 2;
    task->media = KIND_VIDEO;
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("/films/part%u.mov", i + 1);
        task_add_file(task, name, false);
        joined.fds[i] = films[i];
        g_ptr_array_add(task->parts, facts_of(films[i]));
    }
    task->source = facts_copy(task->parts->pdata[0]);
    task->source_name = g_strdup("part1.mov");
    joined.fds[count] = made_file();
    struct task_output *output = task_add_output(task, task_add_file(task, "/output", true));
    output->encode = encode_create();
    output->encode->container = g_strdup(container);
    output->encode->video.codec = g_strdup(video);
    output->encode->audio.codec = g_strdup(audio);
    output->kind = KIND_VIDEO;
    return joined;
}

static struct task_output *output_of(const struct joined *joined)
{
    return joined->task->outputs->pdata[0];
}

static struct barcode_seen *rendered(struct joined *joined)
{
    worker_run(&(struct job){.task = joined->task, .fds = joined->fds}, joined->result);
    const struct output_result *made = joined->result->outputs->pdata[0];
    for (guint i = 0; i < made->notes->len; i++)
        g_test_message("%s", (const char *)made->notes->pdata[i]);
    g_assert_cmpstr(joined->result->failure.message, ==, NULL);
    g_assert_cmpstr(made->failure.message, ==, NULL);
    return barcode_read(joined->fds[joined->task->files->len - 1]);
}

static void joined_clear(struct joined *joined)
{
    for (guint i = 0; i < joined->task->files->len; i++)
        close(joined->fds[i]);
    result_destroy(joined->result);
    task_destroy(joined->task);
}

static void check_clicks(const struct barcode_seen *seen, const double *at_s, unsigned count,
                         double within_s)
{
    g_assert_cmpuint(seen->clicks_s->len, ==, count);
    for (unsigned i = 0; i < count; i++)
        g_assert_cmpfloat_with_epsilon(g_array_index(seen->clicks_s, double, i), at_s[i], within_s);
}

static const struct barcode film = {
    .muxer = "mov", .audio = "pcm_s16le", .b_frames = 2, .frames = 40};

static int film_of(int first, int frames, int64_t samples)
{
    struct barcode one = film;
    one.first = first;
    one.frames = frames;
    one.samples = samples;
    return barcode_make(&one);
}

static void all_frames_of_each_follow_one_another(void)
{
    static const int counts[] = {40, 1, 2, 37, 26};
    int films[5], first = 0;
    for (unsigned i = 0; i < 5; i++) {
        films[i] = film_of(first, counts[i], 0);
        first += counts[i];
    }
    struct joined joined = joined_of(films, 5, "mov", "h264", "pcm_s16le");
    g_auto(barcode_seen_ptr) seen = rendered(&joined);
    barcode_check(seen, 0, (unsigned)first);
    for (int n = 0; n < first; n++)
        g_assert_cmpfloat_with_epsilon(barcode_time(seen, (unsigned)n), n / 25., ms);
    g_assert_cmpint(seen->samples, ==, first * BARCODE_RATE / 25);
    const struct output_result *made = joined.result->outputs->pdata[0];
    g_assert_cmpint(made->claim.frames, ==, first);
    joined_clear(&joined);
}

/* Sound that is longer, shorter, or not there. 41 frames are 1.64 s, so clicks are at 0.5 s and
 * 1.5 s of each. */
static void sound_is_as_long_as_each_picture(void)
{
    int films[] = {film_of(0, 41, 90000), film_of(41, 41, 75000), film_of(82, 41, 0)};
    struct barcode silent = film;
    silent.first = 123;
    silent.audio = NULL;
    int all[] = {films[0], films[1], barcode_make(&silent), films[2]};
    struct joined joined = joined_of(all, 4, "mov", "h264", "pcm_s16le");
    g_auto(barcode_seen_ptr) seen = rendered(&joined);
    const double clicks[] = {0.5, 1.5, 2.14, 3.14, 5.38, 6.38};
    g_assert_cmpuint(seen->numbers->len, ==, 163);
    g_assert_cmpint(seen->samples, ==, 163 * BARCODE_RATE / 25);
    check_clicks(seen, clicks, 6, sample);
    joined_clear(&joined);
}

/* 31 frames of NTSC are 49649.6 samples: nothing of it collects. */
static void no_drift_collects(void)
{
    int films[MOST];
    for (int i = 0; i < MOST; i++) {
        struct barcode one = film;
        one.fps = (struct rational){30000, 1001};
        one.frames = 31;
        one.first = 31 * i;
        films[i] = barcode_make(&one);
    }
    struct joined joined = joined_of(films, MOST, "mov", "h264", "pcm_s16le");
    g_auto(barcode_seen_ptr) seen = rendered(&joined);
    barcode_check(seen, 0, 31 * MOST);
    g_assert_cmpint(seen->samples, ==, 297898); /* round(186 · 48000 · 1001 / 30000) */
    for (unsigned i = 0; i < MOST; i++)
        g_assert_cmpfloat_with_epsilon(g_array_index(seen->clicks_s, double, i),
                                       0.5 + 31 * i * 1001 / 30000., sample);
    joined_clear(&joined);
}

static void what_differs_is_conformed_to_the_first(void)
{
    struct barcode other = film;
    other.muxer = "mp4";
    other.video = "mpeg4";
    other.audio = "aac";
    other.width = 640;
    other.height = 360;
    other.fps = (struct rational){50, 1};
    other.first = 100;
    other.frames = 80;
    struct barcode deep = film;
    deep.pix_fmt = "yuv422p10le";
    deep.first = 200;
    deep.muxer = "matroska";
    int films[] = {film_of(0, 40, 0), barcode_make(&other), barcode_make(&deep)};
    struct joined joined = joined_of(films, 3, "mkv", "ffv1", "flac");
    g_auto(barcode_seen_ptr) seen = rendered(&joined);
    g_assert_cmpuint(seen->numbers->len, ==, 120);
    for (unsigned n = 0; n < 120; n++)
        g_assert_cmpint(g_array_index(seen->widths, int, n), ==, 320);
    for (unsigned n = 0; n < 40; n++) {
        g_assert_cmpint(barcode_at(seen, n), ==, (int)n);
        g_assert_cmpint(barcode_at(seen, 40 + n) / 2, ==, 50 + (int)n);
        g_assert_cmpint(barcode_at(seen, 80 + n), ==, 200 + (int)n);
    }
    const double clicks[] = {0.5, 1.5, 2.1, 3.1, 3.7, 4.7};
    check_clicks(seen, clicks, 6, ms);
    joined_clear(&joined);
}

static bool is_noted(const struct joined *joined, const char *note)
{
    const struct output_result *made = joined->result->outputs->pdata[0];
    return g_ptr_array_find_with_equal_func(made->notes, note, g_str_equal, NULL);
}

/* What became of a film's frames in part of the whole, as its pictures show it. */
static char *fate_of_frames(const struct barcode_seen *seen, unsigned from, unsigned to, int frames)
{
    int repeated = 0;
    for (unsigned n = from + 1; n < to; n++)
        repeated += barcode_at(seen, n) == barcode_at(seen, n - 1);
    return g_strdup_printf("%d frames repeated, %d dropped", repeated,
                           frames - ((int)(to - from) - repeated));
}

static int every_third_lasts_twice_ms(int n)
{
    return (n + n / 3) * 40;
}

static void frames_that_another_rate_costs_are_told_of_each_film(void)
{
    struct barcode others[] = {film, film, film};
    others[0].fps = (struct rational){50, 1};
    others[0].frames = 50;
    others[1].fps = (struct rational){30000, 1001};
    others[1].frames = 60;
    others[2].muxer = "matroska";
    others[2].b_frames = 0;
    others[2].time_ms = every_third_lasts_twice_ms;
    others[2].frames = 30;
    static const char *const rates[] = {"part2.mov: 50 fps conformed to 25 fps",
                                        "part3.mov: 30000/1001 fps conformed to 25 fps",
                                        "part4.mov: variable frame rate conformed to 25 fps"};
    static const unsigned starts[] = {25, 50, 100, 139};
    int films[] = {film_of(0, 25, 0), barcode_make(&others[0]), barcode_make(&others[1]),
                   barcode_make(&others[2])};
    struct joined joined = joined_of(films, 4, "mkv", "ffv1", "flac");
    g_auto(barcode_seen_ptr) seen = rendered(&joined);
    g_assert_cmpuint(seen->numbers->len, ==, starts[3]);
    for (unsigned i = 0; i < 3; i++) {
        g_autofree char *fate = fate_of_frames(seen, starts[i], starts[i + 1], others[i].frames);
        g_autofree char *note = g_strdup_printf("part%u.mov: %s", i + 2, fate);
        g_assert_true(is_noted(&joined, rates[i]));
        g_assert_true(is_noted(&joined, note));
    }
    joined_clear(&joined);
}

static void shared_steps_are_of_each_and_own_steps_of_all(void)
{
    int films[] = {film_of(0, 40, 0), film_of(40, 40, 0), film_of(80, 40, 0)};
    struct joined joined = joined_of(films, 3, "mov", "h264", "pcm_s16le");
    made_step(joined.task->steps, "trim", "from", "10f", "to", "-5f", NULL);
    made_step(output_of(&joined)->steps, "trim", "from", "20f", "to", "-20f", NULL);
    g_auto(barcode_seen_ptr) seen = rendered(&joined);
    g_assert_cmpuint(seen->numbers->len, ==, 35);
    for (unsigned n = 0; n < 5; n++)
        g_assert_cmpint(barcode_at(seen, n), ==, 30 + (int)n);
    for (unsigned n = 0; n < 25; n++)
        g_assert_cmpint(barcode_at(seen, 5 + n), ==, 50 + (int)n);
    for (unsigned n = 0; n < 5; n++)
        g_assert_cmpint(barcode_at(seen, 30 + n), ==, 90 + (int)n);
    joined_clear(&joined);
}

static void a_damaged_film_is_named(void)
{
    int films[] = {film_of(0, 40, 0), film_of(40, 40, 0)};
    struct joined joined = joined_of(films, 2, "mov", "h264", "pcm_s16le");
    g_assert_cmpint(ftruncate(films[1], lseek(films[1], 0, SEEK_END) / 2), ==, 0);
    worker_run(&(struct job){.task = joined.task, .fds = joined.fds}, joined.result);
    const struct output_result *made = joined.result->outputs->pdata[0];
    g_assert_cmpint(made->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_true(g_str_has_prefix(made->failure.message, "part2.mov: "));
    joined_clear(&joined);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/join films/all frames of each follow one another",
                    all_frames_of_each_follow_one_another);
    g_test_add_func("/join films/sound is as long as each picture",
                    sound_is_as_long_as_each_picture);
    g_test_add_func("/join films/no drift collects", no_drift_collects);
    g_test_add_func("/join films/what differs is conformed to the first",
                    what_differs_is_conformed_to_the_first);
    g_test_add_func("/join films/frames that another rate costs are told of each film",
                    frames_that_another_rate_costs_are_told_of_each_film);
    g_test_add_func("/join films/shared steps are of each, own steps of all",
                    shared_steps_are_of_each_and_own_steps_of_all);
    g_test_add_func("/join films/a damaged film is named", a_damaged_film_is_named);
    return g_test_run();
}
