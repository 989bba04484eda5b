/* SPDX-License-Identifier: GPL-3.0-or-later
 * The step `color` on moving picture and stills: values, tags in container and bitstream, HDR10
 * metadata. */
#include "color/convert.h"
#include "made.h"
#include "media/encoder.h"
#include "patches.h"
#include "steps/list.h"
#include "worker/run.h"

#include <math.h>
#include <unistd.h>
#include <vips/vips.h>

static const struct patches_tags bt709 = {AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709},
                                 pq = {AVCOL_SPC_BT2020_NCL, AVCOL_PRI_BT2020, AVCOL_TRC_SMPTE2084},
                                 untagged = {AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_UNSPECIFIED,
                                             AVCOL_TRC_UNSPECIFIED};
/* PQ, 10 bits: 0, 1, 26, 100, 203, 500, 800 and 4000 cd/m2 */
static const int ramp[PATCHES] = {64, 195, 394, 509, 573, 657, 702, 855};

struct rendered {
    struct patches_seen seen;
    struct result *result;
};

static struct task *task_to(const char *container, const char *codec, const char *pix_fmt)
{
    struct task *task = made_task(container, codec, NULL);
    const struct task_output *output = task->outputs->pdata[0];
    output->encode->video.pix_fmt = g_strdup(pix_fmt);
    output->encode->video.preset = g_strdup(strcmp(codec, "ffv1") ? "ultrafast" : NULL);
    return task;
}

/* Takes the task and the source. */
static struct rendered render(struct task *task, int source)
{
    const int fds[2] = {source, made_file()};
    struct rendered out = {.result = made_render(task, fds)};
    const struct output_result *output = out.result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    out.seen = patches_look(fds[1]);
    close(fds[0]);
    close(fds[1]);
    task_destroy(task);
    return out;
}

static bool says(const struct rendered *out, const char *words)
{
    const struct output_result *output = out->result->outputs->pdata[0];
    for (guint i = 0; i < output->notes->len; i++)
        if (strstr(output->notes->pdata[i], words))
            return true;
    return false;
}

static void assert_tags(const struct patches_tags *tags, const struct patches_tags *expected)
{
    g_assert_cmpint(tags->matrix, ==, expected->matrix);
    g_assert_cmpint(tags->primaries, ==, expected->primaries);
    g_assert_cmpint(tags->transfer, ==, expected->transfer);
}

/* 10 bits, limited range, of rec709. */
static int rec709_code(double light)
{
    return (int)lrint(64 + 876 * pow(fmin(fmax(light, 0), 1), 1 / 2.4));
}

static void hdr10_becomes_rec709(void)
{
    struct task *task = task_to("mp4", "h264", "yuv420p");
    made_step(task->steps, "color", "to", "rec709", NULL);
    struct rendered out = render(task, patches_film(ramp, &pq, true));
    assert_tags(&out.seen.container, &bt709);
    assert_tags(&out.seen.bitstream, &bt709);
    g_assert_false(out.seen.mastering || out.seen.light);
    g_assert_true(says(&out, "dropped: HDR10's mastering display"));
    g_assert_true(says(&out, "dropped: MaxCLL"));
    result_destroy(out.result);
}

/* The peak of the source is its MaxCLL, 800. */
static void highlights_come_down_by_the_metadata(void)
{
    struct task *task = task_to("mkv", "ffv1", "yuv444p10le");
    made_step(task->steps, "color", "to", "rec709", NULL);
    struct rendered out = render(task, patches_film(ramp, &pq, true));
    const struct space *from = space_find("pq");
    for (int i = 0; i < PATCHES; i++) {
        const double light = space_decode(from, (ramp[i] - 64) / 876.0) / REFERENCE_NIT;
        const double mapped = tone_map_apply(TONE_BT2390, 800 / REFERENCE_NIT, 1, light);
        g_assert_cmpint(abs(out.seen.luma[i] - rec709_code(mapped)), <=, 1);
    }
    result_destroy(out.result);
}

/* After a grade MaxCLL isn't true; the display of 1000 is what is left. */
static void a_grade_makes_light_levels_stale(void)
{
    struct task *task = task_to("mkv", "ffv1", "yuv444p10le");
    made_step(task->steps, "grade", "slope", "0.999", NULL);
    made_step(task->steps, "color", "to", "rec709", NULL);
    struct rendered out = render(task, patches_film(ramp, &pq, true));
    g_assert_true(says(&out, "light up to 4.926 times"));
    result_destroy(out.result);
}

static void a_grey_card_in_slog3_comes_to_rec709(void)
{
    /* 420 is the card's code in full range, as Sony has it: 18 %. */
    const int card = (int)lrint(64 + 876 * 420 / 1023.0);
    const int codes[PATCHES] = {card, card, card, card, card, card, card, card};
    struct task *task = task_to("mkv", "ffv1", "yuv444p10le");
    made_step(task->steps, "color", "from", "slog3", "to", "rec709", "tone_map", "clip", NULL);
    struct rendered out = render(task, patches_film(codes, &untagged, false));
    for (int i = 0; i < PATCHES; i++)
        g_assert_cmpint(abs(out.seen.luma[i] - rec709_code(0.18)), <=, 1);
    assert_tags(&out.seen.container, &bt709);
    result_destroy(out.result);
}

static void log_has_no_tags_of_its_own(void)
{
    struct task *task = task_to("mp4", "h264", "yuv420p");
    const struct patches_tags log = {AVCOL_SPC_BT709, AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED};
    made_step(task->steps, "color", "to", "logc3", NULL);
    struct rendered out = render(task, patches_film(ramp, &bt709, false));
    assert_tags(&out.seen.bitstream, &log);
    result_destroy(out.result);
}

static void hdr10_stays_bit_exact_where_no_colour_changes(void)
{
    const AVMasteringDisplayMetadata display = patches_display();
    static const char *const places[][2] = {
        {"mp4", "hevc"}, {"mov", "hevc"}, {"mkv", "hevc"}, {"mkv", "av1"}};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        struct task *task = task_to(places[i][0], places[i][1], "yuv420p10le");
        struct encode *encode = ((struct task_output *)task->outputs->pdata[0])->encode;
        g_test_message("%s in %s", places[i][1], places[i][0]);
        if (!strcmp(places[i][1], "av1")) {
            g_free(encode->video.preset);
            encode->video.preset = g_strdup("12");
        }
        made_step(task->steps, "color", "to", "pq", NULL); /* which it is already */
        struct rendered out = render(task, patches_film(ramp, &pq, true));
        g_assert_true(out.seen.mastering && out.seen.light);
        g_assert_cmpuint(out.seen.max_cll, ==, 800);
        g_assert_cmpuint(out.seen.max_fall, ==, 120);
        g_assert_cmpint(av_cmp_q(out.seen.display.max_luminance, display.max_luminance), ==, 0);
        g_assert_cmpint(av_cmp_q(out.seen.display.min_luminance, display.min_luminance), ==, 0);
        for (int c = 0; c < 3; c++)
            for (int xy = 0; xy < 2; xy++)
                g_assert_cmpint(av_cmp_q(out.seen.display.display_primaries[c][xy],
                                         display.display_primaries[c][xy]),
                                ==, 0);
        assert_tags(&out.seen.bitstream, &pq);
        result_destroy(out.result);
    }
}

static void a_graded_pq_keeps_its_display_alone(void)
{
    struct task *task = task_to("mp4", "hevc", "yuv420p10le");
    made_step(task->steps, "grade", "saturation", "0.5", NULL);
    struct rendered out = render(task, patches_film(ramp, &pq, true));
    g_assert_true(out.seen.mastering);
    g_assert_false(out.seen.light);
    g_assert_true(says(&out, "dropped: MaxCLL"));
    result_destroy(out.result);
}

/* It may stand beside HLG, too. */
static void an_hlg_keeps_what_it_had(void)
{
    const struct patches_tags hlg = {AVCOL_SPC_BT2020_NCL, AVCOL_PRI_BT2020,
                                     AVCOL_TRC_ARIB_STD_B67};
    struct rendered kept = render(task_to("mkv", "ffv1", NULL), patches_film(ramp, &hlg, true)),
                    sdr = render(task_to("mkv", "ffv1", NULL), patches_film(ramp, &bt709, true));
    g_assert_true(kept.seen.mastering && kept.seen.light);
    g_assert_false(sdr.seen.mastering || sdr.seen.light);
    result_destroy(kept.result);
    result_destroy(sdr.result);
}

static void what_cant_hold_it_is_said(void)
{
    struct task *task = task_to("mxf", "prores", "yuv422p10le");
    const struct task_output *output = task->outputs->pdata[0];
    g_clear_pointer(&output->encode->video.preset, g_free);
    struct rendered out = render(task, patches_film(ramp, &pq, true));
    g_assert_true(says(&out, "dropped: MaxCLL and MaxFALL, which neither"));
    result_destroy(out.result);
}

static void what_is_no_static_metadata_is_said(void)
{
    struct hdr_static hdr = {0};
    AVFrame *frame = av_frame_alloc();
    av_frame_new_side_data(frame, AV_FRAME_DATA_DYNAMIC_HDR_PLUS, 8);
    av_frame_new_side_data(frame, AV_FRAME_DATA_DOVI_METADATA, 8);
    hdr_from_frame(&hdr, frame);
    av_frame_free(&frame);
    g_autoptr(GPtrArray) fates = hdr_fates(&hdr, &hdr, "libx265", "mp4");
    g_assert_cmpuint(fates->len, ==, 2);
    for (unsigned i = 0; i < 2; i++) {
        const struct carried_row *row = fates->pdata[i];
        g_assert_nonnull(strstr(row->what, i ? "Dolby Vision" : "HDR10+"));
        g_assert_cmpint(row->fate, ==, FATE_DROPPED);
    }
}

static void wrong_tags_are_set_right(void)
{
    struct task *task = task_to("mkv", "ffv1", "yuv444p10le");
    const struct patches_tags right = {AVCOL_SPC_BT709, AVCOL_PRI_BT2020, AVCOL_TRC_ARIB_STD_B67};
    made_step(task->steps, "color", "from", "hlg", "to", "hlg", NULL);
    struct rendered out = render(task, patches_film(ramp, &bt709, false));
    for (int i = 0; i < PATCHES; i++)
        g_assert_cmpint(out.seen.luma[i], ==, ramp[i]);
    assert_tags(&out.seen.container, &right);
    result_destroy(out.result);
}

/* ITU-R BT.2020 and BT.2100: 4:2:0 has its colour in the line of the upper luma sample; BT.709's
 * stands between two lines (H.265, figure E.1). */
static void colour_stands_where_the_tag_says(void)
{
    const struct {
        const struct patches_tags *tags;
        double line;
    } rows[] = {{&pq, 2 * PATCHES_ROW}, {&bt709, 2 * PATCHES_ROW + 0.5}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct task *task = task_to("mkv", "ffv1", "yuv420p10le");
        made_step(task->steps, "grade", "slope", "0.99999", "clamp", "none", NULL);
        struct rendered out = render(task, patches_slope(4, rows[i].tags));
        g_assert_cmpfloat_with_epsilon(out.seen.chroma, PATCHES_CHROMA + 4 * rows[i].line, 0.75);
        result_destroy(out.result);
    }
}

static void unknown_tags_are_refused_in_words(void)
{
    const struct patches_tags film = {AVCOL_SPC_BT709, AVCOL_PRI_FILM, AVCOL_TRC_BT709};
    struct task *task = task_to("mkv", "ffv1", "yuv444p10le");
    const int fds[2] = {patches_film(ramp, &film, false), made_file()};
    made_step(task->steps, "color", "to", "rec709", NULL);
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpint(output->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(output->failure.message, "film primaries"));
    g_assert_nonnull(strstr(output->failure.message, "from: slog3"));
    close(fds[0]);
    close(fds[1]);
    result_destroy(result);
    task_destroy(task);
}

static void a_camera_has_no_peak(void)
{
    const struct step *step = step_find("color");
    const struct mark nowhere = {0};
    const char *const to[] = {"logc3", "pq"};
    for (gsize i = 0; i < G_N_ELEMENTS(to); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(node_ptr) node = node_map(nowhere);
        void *params = params_new(&step->params);
        node_put(node, "to", nowhere, node_scalar(to[i], nowhere));
        node_put(node, "peak", nowhere, node_scalar("600 nit", nowhere));
        g_assert_true(params_parse(&step->params, node, "color", false, params, diag));
        g_assert_true(step->check(params, nowhere, diag) == (i == 1));
        g_autofree char *text = diag_text(diag, false);
        g_assert_true((strstr(text, "`peak` is of a display") != NULL) == (i == 0));
        params_free(&step->params, params);
    }
}

/* A red of sRGB through a step `color` to `to`, as JPEG. NULL when refused. */
static VipsImage *red_to(const char *to, struct failure *failure)
{
    struct task *task = made_task("jpeg", NULL, NULL);
    const int fds[2] = {made_file(), made_file()};
    VipsImage *black = NULL, *red = NULL, *seen = NULL;
    const double bands[3] = {255, 0, 0}, ones[3] = {1, 1, 1};
    void *png;
    size_t length;
    vips_black(&black, 32, 32, "bands", 3, NULL);
    vips_linear(black, &red, ones, bands, 3, "uchar", TRUE, NULL);
    red->Type = VIPS_INTERPRETATION_sRGB;
    g_assert_cmpint(vips_pngsave_buffer(red, &png, &length, NULL), ==, 0);
    g_assert_cmpint(write(fds[0], png, length), ==, length);
    made_step(task->steps, "color", "to", to, NULL);
    struct result *result = result_create();
    const struct job job = {.task = task, .fds = fds};
    worker_render_image(&job, result);
    struct output_result *output = result->outputs->pdata[0];
    *failure = output->failure;
    output->failure = (struct failure){0};
    g_autofree char *out = g_strdup_printf("/proc/self/fd/%d", fds[1]);
    if (failure->class == FAIL_NONE)
        seen = vips_image_new_from_file(out, "access", VIPS_ACCESS_RANDOM, NULL);
    g_free(png);
    g_object_unref(black);
    g_object_unref(red);
    result_destroy(result);
    task_destroy(task);
    return seen;
}

static void a_still_gets_the_profile_of_its_space(void)
{
    struct failure failure = {0};
    VipsImage *p3 = red_to("display-p3", &failure), *srgb = red_to("srgb", &failure);
    double *p3_red, *srgb_red;
    int n;
    g_assert_nonnull(p3);
    g_assert_cmpint(vips_image_get_typeof(p3, VIPS_META_ICC_NAME), !=, 0);
    /* CSS Color 4: sRGB red is color(display-p3 0.9175 0.2003 0.1386) */
    g_assert_cmpint(vips_getpoint(p3, &p3_red, &n, 16, 16, NULL), ==, 0);
    g_assert_cmpfloat_with_epsilon(p3_red[0], 0.9175 * 255, 2);
    g_assert_cmpfloat_with_epsilon(p3_red[1], 0.2003 * 255, 2);
    g_assert_cmpfloat_with_epsilon(p3_red[2], 0.1386 * 255, 2);
    g_assert_cmpint(vips_getpoint(srgb, &srgb_red, &n, 16, 16, NULL), ==, 0);
    g_assert_cmpfloat_with_epsilon(srgb_red[0], 255, 2);
    g_free(p3_red);
    g_free(srgb_red);
    g_object_unref(p3);
    g_object_unref(srgb);
}

/* In a pipeline of films and stills. */
static void a_still_in_the_colours_of_film_stays_in_srgb(void)
{
    struct failure failure = {0};
    VipsImage *film = red_to("rec709", &failure);
    double *red;
    int n;
    g_assert_nonnull(film);
    g_assert_cmpint(vips_getpoint(film, &red, &n, 16, 16, NULL), ==, 0);
    g_assert_cmpfloat_with_epsilon(red[0], 255, 2);
    g_assert_cmpfloat_with_epsilon(red[1], 0, 2);
    g_free(red);
    g_object_unref(film);
}

static void a_still_of_no_profile_is_refused(void)
{
    struct failure failure = {0};
    g_assert_null(red_to("pq", &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, "srgb and display-p3"));
    failure_clear(&failure);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color-step/film", a_still_in_the_colours_of_film_stays_in_srgb);
    g_test_add_func("/color-step/hdr10", hdr10_becomes_rec709);
    g_test_add_func("/color-step/metadata", highlights_come_down_by_the_metadata);
    g_test_add_func("/color-step/stale", a_grade_makes_light_levels_stale);
    g_test_add_func("/color-step/slog3", a_grey_card_in_slog3_comes_to_rec709);
    g_test_add_func("/color-step/log", log_has_no_tags_of_its_own);
    g_test_add_func("/color-step/exact", hdr10_stays_bit_exact_where_no_colour_changes);
    g_test_add_func("/color-step/graded", a_graded_pq_keeps_its_display_alone);
    g_test_add_func("/color-step/hlg", an_hlg_keeps_what_it_had);
    g_test_add_func("/color-step/holders", what_cant_hold_it_is_said);
    g_test_add_func("/color-step/dynamic", what_is_no_static_metadata_is_said);
    g_test_add_func("/color-step/tags", wrong_tags_are_set_right);
    g_test_add_func("/color-step/siting", colour_stands_where_the_tag_says);
    g_test_add_func("/color-step/unknown", unknown_tags_are_refused_in_words);
    g_test_add_func("/color-step/peak", a_camera_has_no_peak);
    g_test_add_func("/color-step/still", a_still_gets_the_profile_of_its_space);
    g_test_add_func("/color-step/still-refused", a_still_of_no_profile_is_refused);
    return g_test_run();
}
