/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rate of ProRes. Target rates at 1920x1080, 29.97 fps: Apple ProRes White Paper (2022), which
 * lets a picture be a tenth larger. */
#include "base/diag.h"
#include "media/encoder.h"

#include <math.h>

enum { WIDTH = 1920, HEIGHT = 1080, PICTURES = 6 };
static const double fps = 30000 / 1001.0;

/* Grain over bars; `busy` is its share of the picture's rows, from the top, `grain` its height. */
static AVFrame *grainy(int number, double busy, int grain)
{
    AVFrame *frame = av_frame_alloc();
    g_autoptr(GRand) dice = g_rand_new_with_seed(7 + (guint32)number);
    frame->format = AV_PIX_FMT_YUV422P10;
    frame->width = WIDTH;
    frame->height = HEIGHT;
    frame->pts = number;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), ==, 0);
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < HEIGHT; y++) {
            uint16_t *row = (uint16_t *)(frame->data[plane] + y * frame->linesize[plane]);
            for (int x = 0; x < (plane ? WIDTH / 2 : WIDTH); x++)
                row[x] = (uint16_t)(plane ? 512 : 64 + 100 * ((x + 3 * number) / 240 % 8));
            for (int x = 0; !plane && y < busy * HEIGHT && x < WIDTH; x++)
                row[x] = (uint16_t)(row[x] + g_rand_int_range(dice, 0, grain));
        }
    return frame;
}

static struct encoder *prores(const char *profile, const char *key, const char *value)
{
    struct failure failure = {0};
    struct encode *encode = encode_create();
    const struct video_shape shape = {.width = WIDTH,
                                      .height = HEIGHT,
                                      .sar = {1, 1},
                                      .fps = {30000, 1001},
                                      .depth = 10,
                                      .chroma_w = 1,
                                      .pix_fmt = "yuv422p10le",
                                      .range = "tv",
                                      .matrix = "bt709",
                                      .primaries = "bt709",
                                      .transfer = "bt709"};
    const struct encoder_setup setup = {.codec = "prores",
                                        .container = "mov",
                                        .time_base = {1001, 30000},
                                        .nominal_fps = {30000, 1001},
                                        .threads = 1};
    encode->video.profile = g_strdup(profile);
    if (key) {
        encode->video.options = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(encode->video.options, g_strdup(key));
        g_ptr_array_add(encode->video.options, g_strdup(value));
    }
    struct encoder *encoder = encoder_open_picture(&encode->video, &shape, &setup, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    encode_destroy(encode);
    return encoder;
}

/* The sizes of some pictures, and their picture's error when decoded; a packet for each at once. */
static double encode_all(struct encoder *encoder, double busy, int *sizes)
{
    struct failure failure = {0};
    AVPacket *packet = av_packet_alloc();
    AVFrame *back = av_frame_alloc();
    AVCodecContext *decoder = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_PRORES));
    double squares = 0;
    decoder->codec_tag = encoder_context(encoder)->codec_tag;
    g_assert_cmpint(avcodec_open2(decoder, NULL, NULL), ==, 0);
    for (int n = 0; n < PICTURES; n++) {
        AVFrame *frame = grainy(n, busy, 160);
        g_assert_true(encoder_push(encoder, frame, &failure));
        g_assert_cmpint(encoder_pull(encoder, packet, &failure), ==, 1);
        g_assert_cmpint(packet->pts, ==, n);
        g_assert_true(packet->flags & AV_PKT_FLAG_KEY);
        sizes[n] = packet->size;
        g_assert_cmpint(avcodec_send_packet(decoder, packet), ==, 0);
        g_assert_cmpint(avcodec_receive_frame(decoder, back), ==, 0);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                double off = ((uint16_t *)(frame->data[0] + y * frame->linesize[0]))[x] -
                             ((uint16_t *)(back->data[0] + y * back->linesize[0]))[x];
                squares += off * off;
            }
        av_packet_unref(packet);
        av_frame_unref(back);
        av_frame_free(&frame);
    }
    g_assert_true(encoder_push(encoder, NULL, &failure));
    g_assert_cmpint(encoder_pull(encoder, packet, &failure), ==, 0);
    avcodec_free_context(&decoder);
    av_packet_free(&packet);
    av_frame_free(&back);
    return sqrt(squares / PICTURES / WIDTH / HEIGHT);
}

static void every_picture_fits_its_profile(void)
{
    static const struct {
        const char *profile;
        double mbits;
    } rows[] = {{"proxy", 45}, {"lt", 102}, {"standard", 147}, {"hq", 220}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int sizes[PICTURES];
        g_auto(encoder_ptr) encoder = prores(rows[i].profile, NULL, NULL);
        encode_all(encoder, 1, sizes);
        for (int n = 0; n < PICTURES; n++) {
            double mbits = sizes[n] * 8 * fps / 1e6;
            g_assert_cmpfloat(mbits, <=, 1.1 * rows[i].mbits);
            g_assert_cmpfloat(mbits, >=, 0.75 * rows[i].mbits);
        }
    }
}

/* What comes out of a picture, which is freed, at once. */
static GBytes *bytes_of(struct encoder *encoder, AVFrame *frame)
{
    struct failure failure = {0};
    AVPacket *packet = av_packet_alloc();
    g_assert_true(encoder_push(encoder, frame, &failure));
    g_assert_cmpint(encoder_pull(encoder, packet, &failure), ==, 1);
    GBytes *bytes = g_bytes_new(packet->data, (gsize)packet->size);
    av_packet_free(&packet);
    av_frame_free(&frame);
    return bytes;
}

static int size_of(struct encoder *encoder, AVFrame *frame)
{
    g_autoptr(GBytes) bytes = bytes_of(encoder, frame);
    return (int)g_bytes_get_size(bytes);
}

static void the_same_pictures_come_out_the_same(void)
{
    g_auto(encoder_ptr) one = prores("lt", NULL, NULL);
    g_auto(encoder_ptr) two = prores("lt", NULL, NULL);
    for (int n = 0; n < PICTURES; n++) {
        g_autoptr(GBytes) first = bytes_of(one, grainy(n, 0.2 * n, 160));
        g_autoptr(GBytes) second = bytes_of(two, grainy(n, 0.2 * n, 160));
        g_assert_true(g_bytes_equal(first, second));
    }
}

static void a_picture_that_nobody_took_is_not_lost(void)
{
    struct failure failure = {0};
    g_auto(encoder_ptr) encoder = prores("lt", NULL, NULL);
    AVFrame *frame = grainy(0, 0, 160);
    g_assert_true(encoder_push(encoder, frame, &failure));
    g_assert_false(encoder_push(encoder, frame, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_INTERNAL);
    failure_clear(&failure);
    av_frame_free(&frame);
}

/* prores_ks' own control, which a fixed quantiser turns off, wouldn't give busy rows more. */
static void busy_rows_have_what_calm_ones_leave(void)
{
    int sizes[PICTURES];
    g_auto(encoder_ptr) half = prores("proxy", NULL, NULL);
    g_auto(encoder_ptr) whole = prores("proxy", NULL, NULL);
    double half_off = encode_all(half, 0.4, sizes), whole_off = encode_all(whole, 1, sizes);
    /* Were each row held to its share, the error in busy rows would be the same, and that of the
     * picture sqrt(0.4) of it. */
    g_assert_cmpfloat(half_off, <, 0.9 * sqrt(0.4) * whole_off);
}

static void calm_pictures_stay_small(void)
{
    int sizes[PICTURES];
    g_auto(encoder_ptr) encoder = prores("proxy", NULL, NULL);
    encode_all(encoder, 0, sizes);
    for (int n = 0; n < PICTURES; n++)
        g_assert_cmpfloat(sizes[n] * 8 * fps / 1e6, <, 15);
}

/* A coarse quantiser leaves nothing of fine grain, and a size that says little of what a finer one
 * makes of it. What came before a picture doesn't change it by more than a step. */
static void fine_grain_after_coarse_is_as_if_alone(void)
{
    for (int grain = 4; grain <= 24; grain += 4) {
        g_auto(encoder_ptr) alone = prores("hq", NULL, NULL), after = prores("hq", NULL, NULL);
        size_of(after, grainy(0, 1, 700));
        int expected = size_of(alone, grainy(1, 1, grain));
        int size = size_of(after, grainy(1, 1, grain));
        g_assert_cmpfloat(size, >=, 0.8 * expected);
        g_assert_cmpfloat(size * 8 * fps / 1e6, <=, 1.1 * 220);
    }
}

static void a_fixed_quantiser_of_ones_own_is_kept(void)
{
    g_auto(encoder_ptr) two = prores("hq", "global_quality", "236"); /* FF_QP2LAMBDA is 118 */
    g_auto(encoder_ptr) eight = prores("hq", "global_quality", "944");
    int fine = size_of(two, grainy(0, 1, 160)), coarse = size_of(eight, grainy(0, 1, 160));
    g_assert_cmpfloat(fine * 8 * fps / 1e6, >, 250); /* beyond the profile's rate */
    g_assert_cmpint(coarse, <, fine * 2 / 3);
}

static void a_rate_of_ones_own_is_kept(void)
{
    int sizes[PICTURES];
    g_auto(encoder_ptr) encoder = prores("hq", "bits_per_mb", "400");
    encode_all(encoder, 1, sizes);
    for (int n = 0; n < PICTURES; n++)
        g_assert_true(sizes[n] <= 410 * 120 * 68 / 8 && sizes[n] >= 300 * 120 * 68 / 8);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prores/fits", every_picture_fits_its_profile);
    g_test_add_func("/prores/same", the_same_pictures_come_out_the_same);
    g_test_add_func("/prores/untaken", a_picture_that_nobody_took_is_not_lost);
    g_test_add_func("/prores/busy-rows", busy_rows_have_what_calm_ones_leave);
    g_test_add_func("/prores/calm", calm_pictures_stay_small);
    g_test_add_func("/prores/after-coarse", fine_grain_after_coarse_is_as_if_alone);
    g_test_add_func("/prores/own-quantiser", a_fixed_quantiser_of_ones_own_is_kept);
    g_test_add_func("/prores/own-rate", a_rate_of_ones_own_is_kept);
    return g_test_run();
}
