/* SPDX-License-Identifier: GPL-3.0-or-later
 * Glances: the pictures are of one moment, and the curves say what was there. */
#include "made.h"

#include "media/glance.h"
#include "media/meter.h"
#include "media/still_file.h"
#include "worker/run.h"

#include <libavformat/avformat.h>
#include <libavutil/mastering_display_metadata.h>
#include <math.h>
#include <unistd.h>
#include <vips/vips.h>

enum { RATE = 48000 };

/* --- pictures --- */

/* The grey of all of it. */
static int grey_of(GBytes *jpeg)
{
    struct failure failure = {0};
    gsize size;
    const void *bytes = g_bytes_get_data(jpeg, &size);
    int fd = made_file();
    g_assert_cmpint(write(fd, bytes, size), ==, (ssize_t)size);
    g_auto(still_ptr) still = still_open(fd, &(struct still_opts){.threads = 1}, &failure);
    g_assert_nonnull(still);
    const struct still_shape shape = still_shape(still);
    const size_t stride = 3 * (size_t)shape.width;
    g_autofree uint8_t *rows = g_malloc(stride * shape.height);
    g_assert_true(still_read_rgb(still, &failure, rows, stride, shape.width, shape.height));
    close(fd);
    return rows[stride * (shape.height / 2) + 3 * (shape.width / 2)];
}

static struct result *verified(const struct claim *claim, int fd)
{
    struct result *result = result_create();
    g_auto(task_ptr) task = task_create(TASK_VERIFY);
    task_add_file(task, "/made", false);
    claim_copy(&task->claim, claim);
    const struct job job = {.task = task, .fds = &fd};
    worker_verify(&job, result);
    g_assert_cmpint(result->failure.class, ==, FAIL_NONE);
    return result;
}

/* Of 3 s from 1 s on a third is 2/3 s behind that: frame 42 at 25 fps, luma 20 + 2 * 42, and by
 * BT.601's range (luma - 16) * 255 / 219. */
static void before_and_after_are_of_the_same_moment_behind_a_trim(void)
{
    enum { LUMA = 20 + 2 * 42 };
    const int fds[] = {made_source(75, (struct rational){25, 1}, true), made_file()};
    g_auto(task_ptr) task = made_task("mkv", "ffv1", "pcm_s16le");
    struct task_output *output = task->outputs->pdata[0];
    made_step(output->steps, "trim", "from", "1s", NULL);
    g_auto(result_ptr) rendered = made_render(task, fds);
    const struct output_result *made = rendered->outputs->pdata[0];
    g_assert_cmpint(made->failure.class, ==, FAIL_NONE);
    g_assert_cmpfloat_with_epsilon(made->claim.moment_s, 0.68, 0.002);
    g_auto(result_ptr) seen = verified(&made->claim, fds[1]);
    g_assert_cmpfloat_with_epsilon(seen->glance->moment_s, 0.68, 0.002);
    const int grey = (int)lround((LUMA - 16) * 255 / 219.0);
    g_assert_cmpint(ABS(grey_of(made->glance->before) - grey), <=, 2);
    g_assert_cmpint(ABS(grey_of(seen->glance->after) - grey), <=, 2);
    close(fds[0]);
    close(fds[1]);
}

static void speed_is_taken_into_account(void)
{
    const int fds[] = {made_source(100, (struct rational){25, 1}, false), made_file()};
    g_auto(task_ptr) task = made_task("mkv", "ffv1", NULL);
    struct task_output *output = task->outputs->pdata[0];
    made_step(output->steps, "speed", "factor", "2", NULL);
    g_auto(result_ptr) rendered = made_render(task, fds);
    const struct output_result *made = rendered->outputs->pdata[0];
    g_assert_cmpint(made->failure.class, ==, FAIL_NONE);
    g_auto(result_ptr) seen = verified(&made->claim, fds[1]);
    g_assert_cmpint(ABS(grey_of(made->glance->before) - grey_of(seen->glance->after)), <=, 4);
    close(fds[0]);
    close(fds[1]);
}

/* --- curves --- */

static struct source *opened(int *fd)
{
    struct failure failure = {0};
    *fd = made_source(25, (struct rational){25, 1}, false);
    return source_open(*fd, &(struct source_opts){.threads = 1}, &failure);
}

/* Half of full scale for 5 s, then nothing for as long; in calls of odd lengths. */
static void waveform_is_within_its_columns_where_the_sound_is(void)
{
    enum { CALL = 1009, FRAMES = 10 * RATE };
    float samples[CALL];
    const float *const channel[] = {samples};
    int fd;
    g_auto(source_ptr) source = opened(&fd);
    struct glance_meter *meter = glance_meter_create(source, NAN);
    for (int at = 0; at < FRAMES; at += CALL) {
        const int count = MIN(CALL, FRAMES - at);
        for (int i = 0; i < count; i++)
            samples[i] = at + i < FRAMES / 2 ? 0.5f * (float)sin((at + i) * 0.1) : 0;
        glance_meter_sound(meter, channel, 1, count, RATE);
    }
    g_auto(glance_ptr) glance = glance_meter_read(meter);
    const GArray *low = glance->low.values, *high = glance->high.values;
    g_assert_cmpuint(high->len, >, GLANCE_COLUMNS / 2);
    g_assert_cmpuint(high->len, <=, GLANCE_COLUMNS);
    g_assert_cmpfloat_with_epsilon(glance->high.step_s * high->len, 10, 0.05);
    g_assert_cmpint(g_array_index(high, int, high->len / 4), ==, 50);
    g_assert_cmpint(g_array_index(low, int, low->len / 4), ==, -50);
    g_assert_cmpint(g_array_index(high, int, high->len * 3 / 4), ==, 0);
    glance_meter_destroy(meter);
    close(fd);
}

/* Noise of 44 codes around a grey, which is above GLANCE_PICTURE_BYTES at the first quality. */
static void detailed_still_is_seen_though_no_first_try_is_small_enough(void)
{
    enum { SIDE = GLANCE_SIDE, PIXELS = SIDE * SIDE };
    g_autofree uint8_t *noise = g_malloc(PIXELS);
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    for (int i = 0; i < PIXELS; i++)
        noise[i] = (uint8_t)g_rand_int_range(random, 106, 150);
    VipsImage *image = vips_image_new_from_memory(noise, PIXELS, SIDE, SIDE, 1, VIPS_FORMAT_UCHAR);
    g_autofree void *file = NULL;
    size_t size;
    g_assert_cmpint(vips_jpegsave_buffer(image, &file, &size, "Q", 95, NULL), ==, 0);
    g_object_unref(image);
    int fd = made_file();
    g_assert_cmpint(write(fd, file, size), ==, (ssize_t)size);
    g_autoptr(GBytes) seen = glimpse_of_still(fd);
    g_assert_nonnull(seen);
    g_assert_cmpuint(g_bytes_get_size(seen), <=, GLANCE_PICTURE_BYTES);
    close(fd);
}

/* Of one 16-bit code, in PQ of a MaxCLL of 1000 cd/m2. */
static int grey_of_pq(uint16_t code)
{
    AVFormatContext *format = avformat_alloc_context();
    const struct source_stream stream = {.av = avformat_new_stream(format, NULL)};
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_RGB48;
    frame->width = frame->height = 64;
    frame->color_primaries = AVCOL_PRI_BT2020;
    frame->color_trc = AVCOL_TRC_SMPTE2084;
    frame->color_range = AVCOL_RANGE_JPEG;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), ==, 0);
    av_content_light_metadata_create_side_data(frame)->MaxCLL = 1000;
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < 3 * frame->width; x++)
            ((uint16_t *)(frame->data[0] + y * frame->linesize[0]))[x] = code;
    g_autoptr(GBytes) seen = glimpse_of_frame(frame, &stream);
    g_assert_nonnull(seen);
    av_frame_free(&frame);
    avformat_free_context(format);
    return grey_of(seen);
}

/* SMPTE ST 2084: 36.54 cd/m2, a grey card where white is 203 (ITU-R BT.2408-7), is 0.4025, and
 * white 0.5807. By sRGB's curve (IEC 61966-2-1) 18 % is 118, and by ITU-R BT.2390-11, 5.4.1, white
 * comes down from 1000 cd/m2 to 0.78 of all light: 229. */
static void hdr_is_brought_down_for_a_page(void)
{
    g_assert_cmpint(ABS(grey_of_pq(26928) - 118), <=, 2);
    g_assert_cmpint(ABS(grey_of_pq(38056) - 229), <=, 2);
}

/* 1000 bytes ten times a second, for a quarter of an hour and out of order, as B frames are. */
static void bit_rate_is_the_packets_however_long_the_file(void)
{
    int fd;
    g_auto(source_ptr) source = opened(&fd);
    struct glance_meter *meter = glance_meter_create(source, NAN);
    AVPacket *packet = av_packet_alloc();
    g_assert_cmpint(av_new_packet(packet, 1000), ==, 0);
    packet->time_base = (AVRational){1, 10};
    packet->duration = 1;
    for (int i = 0; i < 9000; i++)
        glance_meter_packet(meter, packet, (i ^ 1) / 10.0);
    g_auto(glance_ptr) glance = glance_meter_read(meter);
    const GArray *rate = glance->bitrate.values;
    g_assert_cmpuint(rate->len, >, GLANCE_COLUMNS / 2);
    for (guint i = 0; i < rate->len; i++)
        g_assert_cmpint(g_array_index(rate, int, i), ==, 80);
    av_packet_free(&packet);
    glance_meter_destroy(meter);
    close(fd);
}

/* EBU Tech 3341, test signal 1: a stereo sine of 1 kHz at -23 dBFS is -23.0 LUFS. */
static void loudness_curve_of_the_ebus_first_signal_is_23_below_all_along(void)
{
    enum { SECONDS = 20 };
    g_autofree float *samples = g_new(float, SECONDS *RATE);
    const float *const channel[] = {samples, samples};
    const AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    struct failure failure = {0};
    struct curve curve = {0};
    for (int i = 0; i < SECONDS * RATE; i++)
        samples[i] = (float)(pow(10, -23 / 20.0) * sin(2 * G_PI * 1000 * i / RATE));
    struct loudness_meter *meter = loudness_meter_create(RATE, &stereo, &failure);
    g_assert_true(loudness_meter_feed(meter, channel, SECONDS * RATE, &failure));
    loudness_to_curve(meter, &curve);
    g_assert_cmpfloat(curve.from_s, ==, 3);
    g_assert_cmpfloat_with_epsilon(curve.step_s * curve.values->len, SECONDS - 3, 0.2);
    for (guint i = 0; i < curve.values->len; i++)
        g_assert_cmpint(ABS(g_array_index(curve.values, int, i) + 230), <=, 1);
    g_array_unref(curve.values);
    loudness_meter_destroy(meter);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/glance/" #name, name)
    TEST(before_and_after_are_of_the_same_moment_behind_a_trim);
    TEST(speed_is_taken_into_account);
    TEST(waveform_is_within_its_columns_where_the_sound_is);
    TEST(detailed_still_is_seen_though_no_first_try_is_small_enough);
    TEST(hdr_is_brought_down_for_a_page);
    TEST(bit_rate_is_the_packets_however_long_the_file);
    TEST(loudness_curve_of_the_ebus_first_signal_is_23_below_all_along);
    return g_test_run();
}
