/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a file says of its light: when it is believed, how long it stays true, and what can't be
 * shown without it. */
#include "color/convert.h"
#include "made.h"
#include "patches.h"
#include "worker/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const struct patches_tags pq = {AVCOL_SPC_BT2020_NCL, AVCOL_PRI_BT2020, AVCOL_TRC_SMPTE2084};
/* PQ, 10 bits: 0, 1, 26, 100, 203, 500, 800 and 4000 cd/m2 */
static const int ramp[PATCHES] = {64, 195, 394, 509, 573, 657, 702, 855};
static const struct patches_light hdr10 = {.mastering = true, .max_cll = 800};

/* Takes the task; `seen` may be NULL. */
static struct result *render(struct task *task, const struct patches_light *light,
                             struct patches_seen *seen)
{
    const int fds[2] = {patches_lit(ramp, &pq, light), made_file()};
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    if (seen) {
        g_assert_cmpstr(output->failure.message, ==, NULL);
        *seen = patches_look(fds[1]);
    }
    close(fds[0]);
    close(fds[1]);
    task_destroy(task);
    return result;
}

static struct task *lossless(void)
{
    struct task *task = made_task("mkv", "ffv1", NULL);
    const struct task_output *output = task->outputs->pdata[0];
    output->encode->video.pix_fmt = g_strdup("yuv444p10le");
    return task;
}

static bool says(const struct result *result, const char *words)
{
    const struct output_result *output = result->outputs->pdata[0];
    for (guint i = 0; i < output->notes->len; i++)
        if (strstr(output->notes->pdata[i], words))
            return true;
    return false;
}

/* 10 bits, limited range, of rec709. */
static int rec709_code(double light)
{
    return (int)lrint(64 + 876 * pow(fmin(fmax(light, 0), 1), 1 / 2.4));
}

static void assert_mapped(const struct patches_seen *seen, double peak_nit)
{
    const struct space *from = space_find("pq");
    for (int i = 0; i < PATCHES; i++) {
        const double light = space_decode(from, (ramp[i] - 64) / 876.0) / REFERENCE_NIT;
        const double mapped = tone_map_apply(TONE_BT2390, peak_nit / REFERENCE_NIT, 1, light);
        g_assert_cmpint(abs(seen->luma[i] - rec709_code(mapped)), <=, 1);
    }
}

/* A MaxCLL below white is no peak: the display's 1000 it is, else the curve's. */
static void a_max_cll_below_white_is_not_believed(void)
{
    static const struct {
        struct patches_light light;
        double peak_nit;
        const char *said;
    } rows[] = {
        {{.mastering = true, .max_cll = 1}, 1000, "1000 nit, by the mastering display"},
        {{.mastering = true, .max_cll = 202}, 1000, "MaxCLL is 202 nit"},
        {{.mastering = true, .max_cll = 203}, 203, "203 nit, by MaxCLL"},
        {{.max_cll = 1}, 10000, "10000 nit, all that pq holds"},
        {{0}, 10000, "10000 nit, all that pq holds"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct patches_seen seen;
        struct task *task = lossless();
        made_step(task->steps, "color", "to", "rec709", NULL);
        struct result *result = render(task, &rows[i].light, &seen);
        assert_mapped(&seen, rows[i].peak_nit);
        g_assert_true(says(result, rows[i].said));
        result_destroy(result);
    }
}

static void paint_makes_light_levels_stale(void)
{
    static const char *const steps[][7] = {
        {"text", "text", "A"},
        {"fade", "in", "0.04s"},
        {"pad", "color", "white", "width", "80", "height", "80"}};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        const char *const *s = steps[i];
        struct patches_seen seen;
        struct task *task = lossless();
        made_step(task->steps, s[0], s[1], s[2], s[3], s[4], s[5], s[6], NULL);
        struct result *result = render(task, &hdr10, &seen);
        g_assert_true(seen.mastering);
        g_assert_false(seen.light);
        g_assert_true(says(result, "dropped: MaxCLL"));
        result_destroy(result);
    }
}

/* Black is no light. */
static void black_bars_leave_light_levels(void)
{
    struct patches_seen seen;
    struct task *task = lossless();
    made_step(task->steps, "pad", "width", "80", "height", "80", NULL);
    result_destroy(render(task, &hdr10, &seen));
    g_assert_true(seen.mastering && seen.light);
}

/* Dolby Vision Profiles and Levels: the base layer of profile 5, and of 10 with compatibility 0, is
 * no picture of its own; that of 8 with 1 is HDR10, of 10 with 4 HLG. */
static void what_only_dolby_vision_shows_is_copied_or_refused(void)
{
    static const struct {
        int profile, base_like;
        const char *codec;
        enum failure_class class;
    } rows[] = {
        {5, 0, "ffv1", FAIL_UNSUPPORTED}, {10, 0, "ffv1", FAIL_UNSUPPORTED},
        {5, 0, "copy", FAIL_NONE},        {8, 1, "ffv1", FAIL_NONE},
        {10, 4, "ffv1", FAIL_NONE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct patches_light light = {.dolby_vision = rows[i].profile,
                                            .base_like = rows[i].base_like};
        struct result *result = render(made_task("mkv", rows[i].codec, NULL), &light, NULL);
        const struct output_result *output = result->outputs->pdata[0];
        g_test_message("profile %d: %s", rows[i].profile, output->failure.message);
        g_assert_cmpint(output->failure.class, ==, rows[i].class);
        if (rows[i].class)
            g_assert_nonnull(strstr(output->failure.message, "Dolby Vision"));
        result_destroy(result);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hdr-light/unbelieved", a_max_cll_below_white_is_not_believed);
    g_test_add_func("/hdr-light/paint", paint_makes_light_levels_stale);
    g_test_add_func("/hdr-light/bars", black_bars_leave_light_levels);
    g_test_add_func("/hdr-light/dolby", what_only_dolby_vision_shows_is_copied_or_refused);
    return g_test_run();
}
