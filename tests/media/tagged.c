/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a finished file says of its colour, shape and alpha, in the container and in the pictures
 * themselves, read back with libav alone; and that the same input gives the same pictures twice. */
#include "made.h"
#include "reel.h"

#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const struct colours {
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
} spaces[] = {
    {AVCOL_SPC_SMPTE170M, AVCOL_PRI_SMPTE170M},
    {AVCOL_SPC_BT709, AVCOL_PRI_BT709},
    {AVCOL_SPC_BT2020_NCL, AVCOL_PRI_BT2020},
};
static const enum AVColorTransferCharacteristic curves[] = {AVCOL_TRC_BT709, AVCOL_TRC_SMPTE2084,
                                                            AVCOL_TRC_ARIB_STD_B67};
static const enum AVColorRange ranges[] = {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG};

/* Black in the left half... of the upper lines, white in the lower: of the range that is tagged. */
static int black_and_white(const struct reel *reel, int frame, int field)
{
    bool full = reel->range == AVCOL_RANGE_JPEG;
    return field ? (full ? 255 : 235) : (full ? 0 : 16);
}

static const struct holder {
    const char *container, *codec;
    bool untold;   /* the pictures have no headers of colour */
    bool no_range; /* the container has no word for the range */
} holders[] = {
    {"mp4", "h264", false, false}, {"mov", "h264", false, true},  {"mkv", "h264", false, false},
    {"mxf", "h264", false, false}, {"mp4", "hevc", false, false}, {"mov", "prores", false, true},
    {"mkv", "ffv1", true, false},
};

static struct reel film_of(const struct colours *space, enum AVColorTransferCharacteristic curve,
                           enum AVColorRange range)
{
    return (struct reel){.width = 64,
                         .height = 64,
                         .frames = 2,
                         .fps = {25, 1},
                         .format = AV_PIX_FMT_YUV422P10LE,
                         .range = range,
                         .matrix = space->matrix,
                         .primaries = space->primaries,
                         .transfer = curve,
                         .shade = black_and_white};
}

static struct task *task_of(const struct holder *holder)
{
    struct task *task = made_task(holder->container, holder->codec, NULL);
    struct encode *encode = ((struct task_output *)task->outputs->pdata[0])->encode;
    bool hevc = !strcmp(holder->codec, "hevc"), h264 = !strcmp(holder->codec, "h264");
    if (h264 || hevc) {
        encode->video.preset = g_strdup("ultrafast");
        encode->video.crf = 4;
    }
    return task;
}

static void render(struct task *task, const int *fds)
{
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    result_destroy(result);
    task_destroy(task);
}

/* All lossy codecs are written in limited range here. */
static enum AVColorRange written_range(const struct holder *holder, enum AVColorRange range)
{
    return strcmp(holder->codec, "ffv1") ? AVCOL_RANGE_MPEG : range;
}

/* H.273 has two numbers for the matrix of BT.601; MXF has one. */
static enum AVColorSpace one_matrix(enum AVColorSpace matrix)
{
    return matrix == AVCOL_SPC_BT470BG ? AVCOL_SPC_SMPTE170M : matrix;
}

static void says(const struct holder *holder, const struct reel *reel)
{
    struct reel_seen seen;
    int fds[] = {reel_make(reel), made_file()};
    enum AVColorRange range = written_range(holder, reel->range);
    bool full = range == AVCOL_RANGE_JPEG;
    render(task_of(holder), fds);
    reel_look(fds[1], &seen);
    g_test_message(
        "%s in %s: %s %s %s %s: container %s %s %s %s, pictures %s %s %s %s, %d %d", holder->codec,
        holder->container, av_color_space_name(reel->matrix),
        av_color_primaries_name(reel->primaries), av_color_transfer_name(reel->transfer),
        av_color_range_name(reel->range), av_color_space_name(seen.told->color_space),
        av_color_primaries_name(seen.told->color_primaries),
        av_color_transfer_name(seen.told->color_trc), av_color_range_name(seen.told->color_range),
        av_color_space_name(seen.first->colorspace),
        av_color_primaries_name(seen.first->color_primaries),
        av_color_transfer_name(seen.first->color_trc), av_color_range_name(seen.first->color_range),
        seen.shade[0][0], seen.shade[0][1]);
    g_assert_cmpint(one_matrix(seen.told->color_space), ==, one_matrix(reel->matrix));
    g_assert_cmpint(seen.told->color_primaries, ==, reel->primaries);
    g_assert_cmpint(seen.told->color_trc, ==, reel->transfer);
    if (!holder->no_range)
        g_assert_cmpint(seen.told->color_range, ==, range);
    g_assert_cmpint(one_matrix(seen.par->color_space), ==, one_matrix(reel->matrix));
    g_assert_cmpint(seen.par->color_primaries, ==, reel->primaries);
    g_assert_cmpint(seen.par->color_trc, ==, reel->transfer);
    g_assert_cmpint(seen.par->color_range, ==, range);
    if (!holder->untold) {
        g_assert_cmpint(seen.first->colorspace, ==, reel->matrix);
        g_assert_cmpint(seen.first->color_primaries, ==, reel->primaries);
        g_assert_cmpint(seen.first->color_trc, ==, reel->transfer);
    }
    g_assert_cmpint(ABS(seen.shade[0][0] - (full ? 0 : 16)), <=, 1);
    g_assert_cmpint(ABS(seen.shade[0][1] - (full ? 255 : 235)), <=, 1);
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

static void test_16_17_colour_is_said_twice_and_the_same(void)
{
    for (unsigned h = 0; h < G_N_ELEMENTS(holders); h++)
        for (unsigned s = 0; s < G_N_ELEMENTS(spaces); s++)
            for (unsigned c = 0; c < G_N_ELEMENTS(curves); c++)
                for (unsigned r = 0; r < G_N_ELEMENTS(ranges); r++) {
                    struct reel reel = film_of(&spaces[s], curves[c], ranges[r]);
                    says(&holders[h], &reel);
                }
}

/* A rotation that the container tells is applied to the pixels, and told no more. */
static void turn(AVStream *stream, const int32_t *matrix)
{
    memcpy(av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof *matrix), matrix,
           9 * sizeof *matrix);
}

/* The same packets in a MOV that tells a rotation. */
static int in_turned_mov(int fd, const int32_t *matrix)
{
    const int out = made_file();
    g_autofree char *from = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *to = g_strdup_printf("/proc/self/fd/%d", out);
    AVFormatContext *in = NULL, *format = NULL;
    AVPacket *packet = av_packet_alloc();
    g_assert_cmpint(avformat_open_input(&in, from, NULL, NULL), >=, 0);
    g_assert_cmpint(avformat_find_stream_info(in, NULL), >=, 0);
    avformat_alloc_output_context2(&format, NULL, "mov", NULL);
    format->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    AVStream *stream = avformat_new_stream(format, NULL);
    avcodec_parameters_copy(stream->codecpar, in->streams[0]->codecpar);
    stream->codecpar->codec_tag = 0;
    turn(stream, matrix);
    g_assert_cmpint(avio_open(&format->pb, to, AVIO_FLAG_WRITE), >=, 0);
    g_assert_cmpint(avformat_write_header(format, NULL), >=, 0);
    for (; av_read_frame(in, packet) >= 0; av_packet_unref(packet)) {
        av_packet_rescale_ts(packet, in->streams[0]->time_base, stream->time_base);
        g_assert_cmpint(av_interleaved_write_frame(format, packet), >=, 0);
    }
    av_write_trailer(format);
    avio_closep(&format->pb);
    avformat_free_context(format);
    avformat_close_input(&in);
    av_packet_free(&packet);
    close(fd);
    return out;
}

/* Where a corner of the source is shown, by the matrix of ISO/IEC 14496-12, 6.2.2: (x y) becomes
 * (ax + cy, bx + dy). Sides are -1 (left, top) and 1. */
static int shown_right(const int32_t *matrix, int right, int low)
{
    return (matrix[0] * right + matrix[3] * low > 0) - (matrix[0] * right + matrix[3] * low < 0);
}

static int shown_low(const int32_t *matrix, int right, int low)
{
    return (matrix[1] * right + matrix[4] * low > 0) - (matrix[1] * right + matrix[4] * low < 0);
}

static int grey_at(const AVFrame *frame, bool right, bool low)
{
    const int x = frame->width / 4 + right * frame->width / 2;
    const int y = frame->height / 4 + low * frame->height / 2;
    return (((const guint16 *)(frame->data[0] + y * frame->linesize[0]))[x] + 2) >> 2;
}

static void check_corners(const AVFrame *frame, const int32_t *matrix)
{
    for (int right = -1; right < 2; right += 2)
        for (int low = -1; low < 2; low += 2) {
            int x = shown_right(matrix, right, low), y = shown_low(matrix, right, low);
            g_assert_cmpint(x * y, !=, 0);
            g_assert_cmpint(ABS(grey_at(frame, x > 0, y > 0) - reel_corner(right > 0, low > 0)), <=,
                            1);
        }
}

static void test_13_a_rotation_is_in_the_pixels(void)
{
    static const int angles[] = {0, 90, 180, 270};
    struct reel reel = film_of(&spaces[1], AVCOL_TRC_BT709, AVCOL_RANGE_MPEG);
    reel.width = 128;
    reel.corners = true;
    for (int i = 0; i < 2 * (int)G_N_ELEMENTS(angles); i++) {
        const int angle = angles[i / 2];
        struct reel_seen seen;
        int32_t matrix[9];
        av_display_rotation_set(matrix, angle);
        av_display_matrix_flip(matrix, i % 2, 0);
        int fds[] = {in_turned_mov(reel_make(&reel), matrix), made_file()};
        g_test_message("%d degrees%s", angle, i % 2 ? ", mirrored" : "");
        render(made_task("mkv", "ffv1", NULL), fds);
        reel_look(fds[1], &seen);
        bool lies = angle % 180;
        g_assert_cmpint(seen.par->width, ==, lies ? 64 : 128);
        g_assert_cmpint(seen.par->height, ==, lies ? 128 : 64);
        g_assert_false(seen.turned);
        check_corners(seen.first, matrix);
        reel_clear(&seen);
        close(fds[0]);
        close(fds[1]);
    }
}

/* 720x576 with pixels of 64:45 is 16:9, kept or made square: 1024x576. */
static void test_14_the_shape_of_the_picture_stays(void)
{
    for (int square = 0; square < 2; square++) {
        struct reel reel = film_of(&spaces[0], AVCOL_TRC_BT709, AVCOL_RANGE_MPEG);
        struct reel_seen seen;
        reel.width = 720;
        reel.height = 576;
        reel.sar = av_make_q(64, 45);
        int fds[] = {reel_make(&reel), made_file()};
        struct task *task = made_task("mov", "prores", NULL);
        struct task_output *output = task->outputs->pdata[0];
        if (square)
            made_step(output->steps, "resize", "height", "576", NULL);
        render(task, fds);
        reel_look(fds[1], &seen);
        double sar = seen.sar.num ? av_q2d(seen.sar) : 1;
        g_assert_cmpint(seen.par->width, ==, square ? 1024 : 720);
        g_assert_cmpint(seen.par->height, ==, 576);
        g_assert_cmpfloat_with_epsilon(seen.par->width * sar / 576, 16 / 9., 16 / 9. * 0.005);
        reel_clear(&seen);
        close(fds[0]);
        close(fds[1]);
    }
}

/* A box of odd size at an odd place goes to whole chroma samples; nothing becomes green. */
static void test_34_odd_boxes_have_no_green_edge(void)
{
    struct reel reel = film_of(&spaces[1], AVCOL_TRC_BT709, AVCOL_RANGE_MPEG);
    struct reel_seen seen;
    reel.width = reel.height = 128;
    reel.format = AV_PIX_FMT_YUV420P;
    int fds[] = {reel_make(&reel), made_file()};
    struct task *task = made_task("mkv", "ffv1", NULL);
    struct task_output *output = task->outputs->pdata[0];
    made_step(output->steps, "crop", "width", "101", "height", "77", "x", "3", "y", "5", NULL);
    render(task, fds);
    reel_look(fds[1], &seen);
    g_assert_cmpint(seen.par->width, ==, 100);
    g_assert_cmpint(seen.par->height, ==, 76);
    for (int plane = 1; plane < 3; plane++)
        for (int y = 0; y < 38; y++)
            for (int x = 0; x < 50; x++)
                g_assert_cmpint(seen.first->data[plane][y * seen.first->linesize[plane] + x], ==,
                                128);
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

static void test_35_alpha_is_kept(void)
{
    struct reel reel = film_of(&spaces[1], AVCOL_TRC_BT709, AVCOL_RANGE_MPEG);
    struct reel_seen seen;
    reel.format = AV_PIX_FMT_YUVA444P10LE;
    reel.alpha = 512;
    int fds[] = {reel_make(&reel), made_file()};
    struct task *task = made_task("mov", "prores", NULL);
    struct encode *encode = ((struct task_output *)task->outputs->pdata[0])->encode;
    encode->video.profile = g_strdup("4444");
    render(task, fds);
    reel_look(fds[1], &seen);
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(seen.first->format);
    g_assert_true(row->flags & AV_PIX_FMT_FLAG_ALPHA);
    int depth = row->comp[3].depth;
    int alpha = ((const guint16 *)(seen.first->data[3] + 8 * seen.first->linesize[3]))[32];
    g_assert_cmpint(ABS((alpha >> (depth - 10)) - 512), <=, 1);
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

static char *frames_md5(int fd)
{
    struct reel_seen seen;
    reel_look(fd, &seen);
    char *text = g_strdup(seen.md5);
    reel_clear(&seen);
    return text;
}

static void test_38_the_same_frames_twice(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(holders); i++) {
        struct reel reel = film_of(&spaces[1], AVCOL_TRC_BT709, AVCOL_RANGE_MPEG);
        g_autofree char *first = NULL;
        reel.frames = 20;
        reel.shade = NULL;
        for (int again = 0; again < 2; again++) {
            int fds[] = {reel_make(&reel), made_file()};
            render(task_of(&holders[i]), fds);
            g_autofree char *md5 = frames_md5(fds[1]);
            if (again)
                g_assert_cmpstr(md5, ==, first);
            else
                first = g_steal_pointer(&md5);
            close(fds[0]);
            close(fds[1]);
        }
    }
}

int main(int argc, char **argv)
{
    av_log_set_level(AV_LOG_ERROR);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tagged/16_17_colour_is_said_twice_and_the_same",
                    test_16_17_colour_is_said_twice_and_the_same);
    g_test_add_func("/tagged/13_a_rotation_is_in_the_pixels", test_13_a_rotation_is_in_the_pixels);
    g_test_add_func("/tagged/14_the_shape_of_the_picture_stays",
                    test_14_the_shape_of_the_picture_stays);
    g_test_add_func("/tagged/34_odd_boxes_have_no_green_edge",
                    test_34_odd_boxes_have_no_green_edge);
    g_test_add_func("/tagged/35_alpha_is_kept", test_35_alpha_is_kept);
    g_test_add_func("/tagged/38_the_same_frames_twice", test_38_the_same_frames_twice);
    return g_test_run();
}
