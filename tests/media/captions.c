/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closed captions of a picture go through to one that is encoded anew (trap 22). */
#include "media/captions.h"

#include "../../src/media/bytes/caption_sei.h"
#include "made.h"
#include "media/probe.h"
#include "media/source.h"

#include <unistd.h>

enum { FRAMES = 12, TRIPLETS = 2 };

/* CTA-708: a pair of CEA-608 of the first field, valid, and one of DTVCC padding, which isn't. */
static const uint8_t words[FRAMES][3 * TRIPLETS] = {
    {0xfc, 0x94, 0x20, 0xfa, 0, 0}, {0xfc, 0x94, 0xae, 0xfa, 0, 0}, {0xfc, 0xc8, 0xe5, 0xfa, 0, 0},
    {0xfc, 0xec, 0xec, 0xfa, 0, 0}, {0xfc, 0xef, 0x80, 0xfa, 0, 0}, {0xfc, 0x94, 0x2f, 0xfa, 0, 0}};

static int gap;       /* pictures that are missing in the middle */
static int rate = 25; /* 0: none is promised */

static AVFrame *picture(int n)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = 64;
    frame->height = 48;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < 3; plane++)
        memset(frame->data[plane], 60 + 5 * n, (size_t)frame->linesize[plane] * (plane ? 24 : 48));
    AVFrameSideData *data = av_frame_new_side_data(frame, AV_FRAME_DATA_A53_CC, sizeof words[n]);
    memcpy(data->data, words[n], sizeof words[n]);
    frame->pts = n < FRAMES / 2 ? n : n + gap;
    return frame;
}

static AVCodecContext *open_coder(AVFormatContext *format)
{
    AVCodecContext *coder = avcodec_alloc_context3(avcodec_find_encoder_by_name("libx264"));
    coder->width = 64;
    coder->height = 48;
    coder->pix_fmt = AV_PIX_FMT_YUV420P;
    coder->framerate = (AVRational){rate ? rate : 25, 1};
    coder->time_base = av_inv_q(coder->framerate);
    coder->max_b_frames = 2;
    if (format->oformat->flags & AVFMT_GLOBALHEADER)
        coder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    return coder;
}

static void encode(AVFormatContext *format, AVCodecContext *coder, const AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    g_assert_cmpint(avcodec_send_frame(coder, frame), >=, 0);
    while (avcodec_receive_packet(coder, packet) >= 0) {
        packet->duration = 1;
        av_packet_rescale_ts(packet, coder->time_base, format->streams[0]->time_base);
        g_assert_cmpint(av_interleaved_write_frame(format, packet), >=, 0);
    }
    av_packet_free(&packet);
}

static int captioned(void)
{
    int fd = made_file();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    avformat_alloc_output_context2(&format, NULL, "matroska", NULL);
    AVCodecContext *coder = open_coder(format);
    AVStream *stream = avformat_new_stream(format, NULL);
    avcodec_parameters_from_context(stream->codecpar, coder);
    stream->avg_frame_rate = rate ? coder->framerate : (AVRational){0, 1};
    g_assert_cmpint(avio_open(&format->pb, path, AVIO_FLAG_WRITE), >=, 0);
    g_assert_cmpint(avformat_write_header(format, NULL), >=, 0);
    for (int n = 0; n < FRAMES; n++) {
        AVFrame *frame = picture(n);
        encode(format, coder, frame);
        av_frame_free(&frame);
    }
    encode(format, coder, NULL);
    g_assert_cmpint(av_write_trailer(format), >=, 0);
    avcodec_free_context(&coder);
    avio_closep(&format->pb);
    avformat_free_context(format);
    return fd;
}

/* How many frames have words: all of those that were put in, once, in their order. */
static int kept(int fd)
{
    struct failure failure = {0};
    struct source_item item;
    g_auto(source_ptr) source = source_open(fd, &(struct source_opts){.threads = 1}, &failure);
    int same = 0;
    g_assert_true(source_use(source, source_picture(source), SOURCE_DECODE, &failure));
    while (source_next(source, &item, &failure) == SOURCE_FRAME) {
        const AVFrameSideData *data = av_frame_get_side_data(item.frame, AV_FRAME_DATA_A53_CC);
        if (data && data->size >= 3)
            g_assert_true(same < FRAMES && !memcmp(data->data, words[same++], 3));
    }
    return same;
}

static const struct carried_row *row_of(const struct result *result)
{
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    for (guint i = 0; i < output->claim.carried->len; i++) {
        const struct carried_row *row = output->claim.carried->pdata[i];
        if (row->keep == KEEP_CAPTIONS)
            return row;
    }
    return NULL;
}

static struct result *render(int fds[2], const char *codec, const char *step, const char *key,
                             const char *value, const char *sound)
{
    g_auto(task_ptr) task = made_task("mkv", codec, "none");
    struct task_output *output = task->outputs->pdata[0];
    task->source->fps = rational_make(25, 1);
    task->source->duration_s = FRAMES / 25.;
    if (sound)
        made_step(output->steps, step, key, value, "length", "4f", "sound", sound, NULL);
    else
        made_step(output->steps, step, key, value, NULL);
    return made_render(task, fds);
}

static void expect_fate(const char *codec, const char *step, const char *key, const char *value,
                        enum carried_fate fate, int frames)
{
    int fds[2] = {captioned(), made_file()};
    g_auto(result_ptr) result = render(fds, codec, step, key, value, NULL);
    g_assert_nonnull(row_of(result));
    g_assert_cmpstr(row_of(result)->before, ==, "cea-608");
    g_assert_cmpint(row_of(result)->fate, ==, fate);
    if (frames >= 0)
        g_assert_cmpint(kept(fds[1]), ==, frames);
    close(fds[0]);
    close(fds[1]);
}

static void those_of_a_track_are_told_apart(void)
{
    g_assert_cmpstr(captions_text(CAPTIONS_TRACK), ==, "cea-608 track");
    g_assert_cmpstr(captions_within("cea-608 track"), ==, NULL);
    g_assert_cmpstr(captions_within("cea-608 and cea-708"), ==, "cea-608 and cea-708");
    const unsigned both = CAPTIONS_708 | CAPTIONS_TRACK;
    g_assert_cmpstr(captions_within(captions_text(both)), ==, "cea-708");
    g_assert_cmpstr(captions_within(NULL), ==, NULL);
}

static void h264_keeps_them_and_says_so(void)
{
    expect_fate("h264", "crop", "width", "32", FATE_KEPT, FRAMES);
}

static void hevc_keeps_them_and_says_so(void)
{
    expect_fate("hevc", "crop", "width", "32", FATE_KEPT, FRAMES);
}

/* By hand, from ITU-T H.265 and ATSC A/53 part 4: a parameter set, then a slice (type 1, of the
 * second sub-layer). The unit between them: its header (type 39, of that sub-layer); a message of
 * type 4 and 17 bytes; B5 0031 "GA94" 03; two triplets, C2 FF; the triplets, where 00 00 01 has a 3
 * in it; FF; the stop bit. */
static void they_stand_before_the_first_slice(void)
{
#define UNIT                                                                                    \
    0x4e, 0x02, 0x04, 0x11, 0xb5, 0x00, 0x31, 'G', 'A', '9', '4', 0x03, 0xc2, 0xff, 0xfc, 0x94, \
        0x20, 0x00, 0x00, 0x03, 0x01, 0xff, 0x80
    static const uint8_t triplets[] = {0xfc, 0x94, 0x20, 0x00, 0x00, 0x01};
    static const struct {
        int length_bytes;
        uint8_t before[16], after[64];
        int size, grown;
    } cases[] = {
        {0,
         {0, 0, 0, 1, 0x44, 0x01, 0xc0, 0, 0, 1, 0x02, 0x02, 0xaa},
         {0, 0, 0, 1, 0x44, 0x01, 0xc0, 0, 0, 0, 1, UNIT, 0, 0, 1, 0x02, 0x02, 0xaa},
         13,
         13 + 4 + 23},
        {2,
         {0, 3, 0x44, 0x01, 0xc0, 0, 3, 0x02, 0x02, 0xaa},
         {0, 3, 0x44, 0x01, 0xc0, 0, 23, UNIT, 0, 3, 0x02, 0x02, 0xaa},
         10,
         10 + 2 + 23},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        AVPacket *packet = av_packet_alloc();
        g_assert_cmpint(av_new_packet(packet, cases[i].size), >=, 0);
        memcpy(packet->data, cases[i].before, (size_t)cases[i].size);
        g_assert_true(caption_sei_insert(packet, cases[i].length_bytes, triplets, sizeof triplets));
        g_assert_cmpmem(packet->data, packet->size, cases[i].after, cases[i].grown);
        av_packet_free(&packet);
    }
#undef UNIT
}

static void what_writes_none_says_so(void)
{
    expect_fate("ffv1", "crop", "width", "32", FATE_DROPPED, 0);
    expect_fate("h264", "fps", "rate", "50", FATE_DROPPED, -1);
}

static void a_held_frame_says_its_words_once(void)
{
    static const char *const sounds[] = {"goes-on", "silence"};
    for (unsigned i = 0; i < G_N_ELEMENTS(sounds); i++) {
        int fds[2] = {captioned(), made_file()};
        g_auto(result_ptr) result = render(fds, "h264", "freeze", "at", "2f", sounds[i]);
        g_assert_cmpint(row_of(result)->fate, ==, FATE_KEPT);
        g_assert_cmpint(kept(fds[1]), ==, FRAMES);
        close(fds[0]);
        close(fds[1]);
    }
}

/* A rate that is promised, and pictures that are missing, which others are repeated for. */
static void what_varies_keeps_them_and_a_repeat_says_nothing(void)
{
    gap = 3;
    expect_fate("h264", "crop", "width", "32", FATE_KEPT, FRAMES);
    gap = 0;
}

static int at_rate(int fps, int missing)
{
    rate = fps;
    gap = missing;
    int fd = captioned();
    rate = 25;
    gap = 0;
    return fd;
}

/* "part2.mkv: captions dropped", or "captions kept", of each row. */
static char *fates_of(const struct result *result)
{
    const struct output_result *output = result->outputs->pdata[0];
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < output->claim.carried->len; i++) {
        const struct carried_row *row = output->claim.carried->pdata[i];
        if (row->keep == KEEP_CAPTIONS)
            g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", row->what,
                                   fate_name(row->fate));
    }
    return g_string_free(text, FALSE);
}

static void expect_joined(int first, int second, int frames, const char *fates)
{
    const int fds[3] = {first, second, made_file()};
    g_auto(task_ptr) task = made_task("mkv", "h264", "none");
    g_ptr_array_set_size(task->files, 0);
    task_add_file(task, "/films/part1.mkv", false);
    task_add_file(task, "/films/part2.mkv", false);
    ((struct task_output *)task->outputs->pdata[0])->file = task_add_file(task, "/output", true);
    for (int i = 0; i < 2; i++) {
        struct failure failure = {0};
        g_ptr_array_add(task->parts, facts_create());
        g_assert_true(media_probe(fds[i], NULL, task->parts->pdata[i], &failure));
    }
    g_auto(result_ptr) result = made_render(task, fds);
    g_assert_cmpstr(((struct output_result *)result->outputs->pdata[0])->failure.message, ==, NULL);
    g_autofree char *told = fates_of(result);
    g_assert_cmpstr(told, ==, fates);
    g_assert_cmpint(kept(fds[2]), ==, frames);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void of_joined_films_those_at_another_rate_lose_them(void)
{
    expect_joined(at_rate(25, 0), at_rate(50, 0), FRAMES,
                  "captions kept, part2.mkv: captions dropped");
    expect_joined(at_rate(25, 0), at_rate(0, 7), FRAMES,
                  "captions kept, part2.mkv: captions dropped");
    expect_joined(at_rate(0, 7), at_rate(25, 0), FRAMES,
                  "captions kept, part1.mkv: captions dropped");
}

/* As x265 puts its settings and HDR10's SEI beside the first picture of each group. */
static void they_stay_alone_whatever_else_is_there_and_how_often(void)
{
    for (unsigned at = 0; at < 4; at++) {
        AVFrame *frame = av_frame_alloc();
        for (unsigned i = 0; i < 4; i++)
            av_frame_new_side_data(frame,
                                   i == at ? AV_FRAME_DATA_A53_CC : AV_FRAME_DATA_SEI_UNREGISTERED,
                                   sizeof words[0]);
        captions_alone(frame);
        g_assert_cmpint(frame->nb_side_data, ==, 1);
        g_assert_nonnull(av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC));
        av_frame_free(&frame);
    }
}

static void a_packet_tells_of_them_undecoded(void)
{
    struct failure failure = {0};
    int fd = captioned();
    g_auto(source_ptr) source = source_open(fd, &(struct source_opts){.threads = 1}, &failure);
    g_assert_cmpstr(captions_text(source_captions(source)), ==, "cea-608");
    g_assert_null(captions_text(captions_of_triplets((const uint8_t[]){0xf8, 0x80, 0x80}, 3)));
    g_assert_cmpstr(captions_text(captions_of_triplets((const uint8_t[]){0xff, 2, 1}, 3)), ==,
                    "cea-708");
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    av_log_set_level(AV_LOG_FATAL);
    g_test_add_func("/captions/those of a track are told apart", those_of_a_track_are_told_apart);
    g_test_add_func("/captions/22 H.264 keeps them and says so", h264_keeps_them_and_says_so);
    g_test_add_func("/captions/22 HEVC keeps them and says so", hevc_keeps_them_and_says_so);
    g_test_add_func("/captions/before the first slice", they_stand_before_the_first_slice);
    g_test_add_func("/captions/22 what writes none says so", what_writes_none_says_so);
    g_test_add_func("/captions/held", a_held_frame_says_its_words_once);
    g_test_add_func("/captions/variable", what_varies_keeps_them_and_a_repeat_says_nothing);
    g_test_add_func("/captions/joined", of_joined_films_those_at_another_rate_lose_them);
    g_test_add_func("/captions/alone", they_stay_alone_whatever_else_is_there_and_how_often);
    g_test_add_func("/captions/22 a packet tells of them undecoded",
                    a_packet_tells_of_them_undecoded);
    return g_test_run();
}
