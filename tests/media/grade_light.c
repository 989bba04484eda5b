/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a stop is depends on what flows: light, video, or neither. */
#include "media/chain_run.h"
#include "model/param.h"
#include "steps/faces.h"

#include <math.h>

enum { WIDTH = 16, HEIGHT = 8 };

static struct chain *chain_of(const char *transfer)
{
    const struct video_shape shape = {.width = WIDTH,
                                      .height = HEIGHT,
                                      .sar = {1, 1},
                                      .fps = {25, 1},
                                      .duration_s = 1,
                                      .depth = 16,
                                      .rgb = true,
                                      .pix_fmt = "gbrp16le",
                                      .range = "pc",
                                      .matrix = "gbr",
                                      .primaries = "bt709",
                                      .transfer = transfer};
    struct failure failure = {0};
    struct chain *chain = chain_create_video(
        &(struct chain_input){.time_base = {1, 25}, .threads = 1, .video = &shape}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return chain;
}

/* The step with its parameters as YAML has them: key, value. */
static bool step(struct chain *chain, const char *name, const char *key, const char *value,
                 struct failure *failure)
{
    const struct mark nowhere = {0};
    const struct faces *faces = faces_find(name);
    const struct params *table = &faces->step->params;
    struct node *map = node_map(nowhere);
    node_put(map, key, nowhere, node_scalar(value, nowhere));
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(table);
    g_assert_true(params_parse(table, map, name, false, params, diag));
    const bool done = faces->video(chain, params, &(struct face_env){0}, failure);
    params_free(table, params);
    node_unref(map);
    return done;
}

/* A frame of `value`, to 16 bits, through a chain. */
static double through(struct chain *chain, double value)
{
    struct failure failure = {0};
    AVFrame *frame = av_frame_alloc(), *out = av_frame_alloc();
    frame->format = AV_PIX_FMT_GBRP16LE;
    frame->width = WIDTH;
    frame->height = HEIGHT;
    frame->pkt_duration = 1;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int p = 0; p < 3; p++)
        for (int i = 0; i < HEIGHT * frame->linesize[p] / 2; i++)
            ((uint16_t *)frame->data[p])[i] = (uint16_t)lround(65535 * value);
    g_assert_true(chain_push(chain, frame, &failure));
    g_assert_cmpint(chain_pull(chain, out, &failure), ==, CHAIN_FRAME);
    const double green = (double)((const float *)out->data[0])[0];
    av_frame_free(&frame);
    av_frame_free(&out);
    return green;
}

static double graded(const char *transfer, const char *key, const char *text, double value)
{
    struct failure failure = {0};
    g_auto(chain_ptr) chain = chain_of(transfer);
    g_assert_true(step(chain, "grade", key, text, &failure));
    return through(chain, value);
}

/* BT.1886: 2^(1/2.4) is 1.33484. Contrast in linear light is a power around 0.18:
 * 0.18 (0.36 / 0.18)^2 = 0.72; on video a slope around 0.409: 0.409 + 2 0.1 = 0.609. Half a step of
 * 16 bits, times the slope, is off. */
static void light_and_video_have_their_own_stops(void)
{
    g_assert_cmpfloat_with_epsilon(graded("linear", "exposure", "1 stop", 0.25), 0.5, 4e-5);
    g_assert_cmpfloat_with_epsilon(graded("bt709", "exposure", "1 stop", 0.25), 0.33371, 4e-5);
    g_assert_cmpfloat_with_epsilon(graded("linear", "contrast", "2", 0.36), 0.72, 4e-5);
    g_assert_cmpfloat_with_epsilon(graded("bt709", "contrast", "2", 0.509), 0.609, 4e-5);
}

static void what_is_neither_has_none(void)
{
    static const char *const transfers[] = {"smpte2084", "arib-std-b67"};
    static const char *const controls[][2] = {
        {"exposure", "1"}, {"temperature", "3200 K"}, {"tint", "10"}};
    for (gsize i = 0; i < G_N_ELEMENTS(transfers); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(controls); k++) {
            struct failure failure = {0};
            g_auto(chain_ptr) chain = chain_of(transfers[i]);
            g_assert_false(step(chain, "grade", controls[k][0], controls[k][1], &failure));
            g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
            g_assert_nonnull(strstr(failure.message, "color: {to: linear-rec709}"));
            failure_clear(&failure);
        }
    g_assert_cmpfloat_with_epsilon(graded("smpte2084", "contrast", "2", 0.509), 0.609, 4e-5);
}

/* Of ACES' spaces only the primaries have no tag: grey is as above. */
static void aces_is_linear_light(void)
{
    static const char *const spaces[] = {"acescg", "aces2065-1"};
    for (gsize i = 0; i < G_N_ELEMENTS(spaces); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = chain_of("linear");
        g_assert_true(step(chain, "color", "to", spaces[i], &failure));
        g_assert_true(step(chain, "grade", "contrast", "2", &failure));
        g_assert_cmpstr(chain_video(chain)->primaries, ==, "unknown");
        g_assert_cmpfloat_with_epsilon(through(chain, 0.36), 0.72, 4e-5);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media/grade_light/stops", light_and_video_have_their_own_stops);
    g_test_add_func("/media/grade_light/neither", what_is_neither_has_none);
    g_test_add_func("/media/grade_light/aces", aces_is_linear_light);
    return g_test_run();
}
