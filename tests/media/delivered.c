/* SPDX-License-Identifier: GPL-3.0-or-later
 * Deliverables: every codec in every container gives as many pictures as it took; index and edit
 * lists where they are asked for; fragments that play without an end; animations; tracks of one
 * channel. Looked at with libav alone, and box by box. */
#include "film.h"
#include "made.h"
#include "reel.h"

#include "base/timecode.h"
#include "worker/run.h"

#include <libavutil/intreadwrite.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct reel small = {
    .width = 64,
    .height = 64,
    .frames = 50,
    .fps = {25, 1},
    .format = AV_PIX_FMT_YUV420P,
    .range = AVCOL_RANGE_MPEG,
    .matrix = AVCOL_SPC_BT709,
    .primaries = AVCOL_PRI_BT709,
    .transfer = AVCOL_TRC_BT709,
};

static struct encode *encode_of(struct task *task)
{
    return ((struct task_output *)task->outputs->pdata[0])->encode;
}

static void render(struct task *task, const int *fds, struct claim *claim)
{
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    if (claim)
        claim_copy(claim, &output->claim);
    result_destroy(result);
    task_destroy(task);
}

/* Encoders that are slow by default are asked to hurry: what is counted doesn't change. */
static void hurry(struct encode *encode)
{
    static const char *const fast[][2] = {
        {"h264", "ultrafast"}, {"hevc", "ultrafast"}, {"av1", "12"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(fast); i++)
        if (!strcmp(encode->video.codec, fast[i][0]))
            encode->video.preset = g_strdup(fast[i][1]);
    if (!strcmp(encode->video.codec, "vp9")) {
        encode->video.options = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(encode->video.options, g_strdup("deadline"));
        g_ptr_array_add(encode->video.options, g_strdup("realtime"));
    }
    if (!strcmp(encode->video.codec, "mpeg2video"))
        encode->video.bitrate = 2e6;
}

static void in_is_out(const char *container, const char *codec, int frames)
{
    struct reel reel = small;
    struct claim claim = {0};
    reel.frames = frames;
    if (!strcmp(codec, "dnxhd") || !strcmp(codec, "hevc")) { /* it begins there */
        reel.width = 256;
        reel.height = 120;
    }
    int fds[] = {reel_make(&reel), made_file()};
    struct task *task = made_task(container, codec, NULL);
    hurry(encode_of(task));
    if (!strcmp(container, "mxf_opatom") && !strcmp(codec, "h264")) { /* AVC-Intra alone */
        task_destroy(task);
    } else {
        g_test_message("%s in %s: %d", codec, container, frames);
        render(task, fds, &claim);
        g_assert_cmpint(claim.frames, ==, frames);
        if (strcmp(codec, "webp_anim")) { /* which libav only writes */
            struct reel_seen seen;
            reel_look(fds[1], &seen);
            g_assert_cmpint(seen.frames, ==, frames);
            reel_clear(&seen);
        }
    }
    claim_clear(&claim);
    close(fds[0]);
    close(fds[1]);
}

static void test_25_every_codec_gives_what_it_took(void)
{
    static const int counts[] = {1, 2, 3, 101, 250};
    for (unsigned i = 0; i < container_count; i++) {
        if (!strcmp(containers[i].name, "sequence")) /* a folder: sequence tests */
            continue;
        g_auto(GStrv) names = g_strsplit(containers[i].video, " ", -1);
        for (char **name = names; containers[i].muxer && *name && **name; name++)
            for (unsigned c = 0; c < G_N_ELEMENTS(counts); c++)
                in_is_out(containers[i].name, *name, counts[c]);
    }
}

/* --- boxes of a MOV or MP4, ISO/IEC 14496-12 --- */

struct boxes {
    GString *order; /* of the outermost: "ftyp moov mdat" */
    int edits, fragments;
};

static void walk(const guint8 *data, gsize length, int depth, struct boxes *boxes)
{
    static const char *const within[] = {"moov", "trak", "edts", NULL};
    for (gsize at = 0; at + 8 <= length;) {
        guint64 size = AV_RB32(data + at), head = 8;
        char type[5] = "";
        memcpy(type, data + at + 4, 4);
        if (size == 1) {
            size = AV_RB64(data + at + 8);
            head = 16;
        }
        if (size < head || at + size > length)
            size = length - at;
        if (!depth)
            g_string_append_printf(boxes->order, "%s ", type);
        boxes->edits += !strcmp(type, "elst");
        boxes->fragments += !strcmp(type, "moof");
        if (g_strv_contains(within, type))
            walk(data + at + head, size - head, depth + 1, boxes);
        at += size;
    }
}

static struct boxes boxes_of(int fd)
{
    struct boxes boxes = {.order = g_string_new(NULL)};
    off_t length = lseek(fd, 0, SEEK_END);
    g_autofree guint8 *data = g_malloc((gsize)length);
    g_assert_cmpint(pread(fd, data, (size_t)length, 0), ==, length);
    walk(data, (gsize)length, 0, &boxes);
    return boxes;
}

static bool comes_before(const char *order, const char *one, const char *other)
{
    const char *a = strstr(order, one), *b = strstr(order, other);
    return a && b && a < b;
}

static int film(int frames)
{
    return film_make(&(struct film){.muxer = "matroska",
                                    .codec = "pcm_s16le",
                                    .frames = frames,
                                    .samples = frames * FILM_RATE / 25,
                                    .sounds = 1});
}

/* B pictures and AAC's priming are where edit lists come from. */
static void without_edit_lists(const char *container)
{
    int fds[] = {film(50), made_file()};
    struct task *task = made_task(container, "h264", "aac");
    encode_of(task)->edit_lists = false;
    encode_of(task)->video.b_frames = 2;
    encode_of(task)->video.preset = g_strdup("veryfast");
    render(task, fds, NULL);
    struct boxes boxes = boxes_of(fds[1]);
    g_test_message("%s: %s", container, boxes.order->str);
    g_assert_cmpint(boxes.edits, ==, 0);
    g_assert_true(comes_before(boxes.order->str, "moov", "mdat"));
    g_auto(cert_ptr) cert = cert_of(fds[1]);
    const struct cert_stream *picture = cert_stream(cert, AVMEDIA_TYPE_VIDEO, 0);
    const struct cert_stream *sound = cert_stream(cert, AVMEDIA_TYPE_AUDIO, 0);
    g_assert_cmpfloat_with_epsilon(picture->start_s, sound->start_s, 0.001);
    g_string_free(boxes.order, TRUE);
    close(fds[0]);
    close(fds[1]);
}

static void test_04_no_edit_lists(void)
{
    without_edit_lists("mp4");
    without_edit_lists("mov");
}

static void test_27_the_index_comes_first(void)
{
    for (int fast = 0; fast < 2; fast++) {
        int fds[] = {film(25), made_file()};
        struct task *task = made_task("mp4", "h264", "aac");
        encode_of(task)->faststart = fast;
        encode_of(task)->video.preset = g_strdup("ultrafast");
        render(task, fds, NULL);
        struct boxes boxes = boxes_of(fds[1]);
        g_assert_cmpint(comes_before(boxes.order->str, "moov", "mdat"), ==, fast);
        g_string_free(boxes.order, TRUE);
        close(fds[0]);
        close(fds[1]);
    }
}

static off_t made_fast(int fds[2])
{
    struct task *task = made_task("mov", "mjpeg", "pcm_s16le");
    encode_of(task)->faststart = true;
    render(task, fds, NULL);
    return lseek(fds[1], 0, SEEK_END);
}

/* No file may become longer: what moves the index writes no second copy behind the first. */
static void test_27_moving_the_index_takes_no_more_disk_than_the_file(void)
{
    int fds[] = {film(50), made_file()}, again[] = {fds[0], made_file()};
    const off_t size = made_fast(fds);
    struct rlimit before, limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    limit = before;
    limit.rlim_cur = (rlim_t)(size + size / 10);
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    const off_t limited = made_fast(again);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    g_assert_cmpint(limited, ==, size);
    close(fds[0]);
    close(fds[1]);
    close(again[1]);
}

static int fragmented(const char *container, double seconds)
{
    int fds[] = {film(200), made_file()};
    struct task *task = made_task(container, "h264", "aac");
    struct encode *encode = encode_of(task);
    encode->fragment = (struct position){.kind = POSITION_SECONDS, .value = seconds};
    encode->video.gop = 25;
    encode->video.preset = g_strdup("veryfast");
    render(task, fds, NULL);
    close(fds[0]);
    return fds[1];
}

/* A file of 8 s in fragments of 2 s, cut off wherever a kill may leave it, plays up to the last
 * fragment that is whole. */
static void test_28_fragments_play_without_an_end(void)
{
    static const char *const names[] = {"mp4", "mov"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        int fd = fragmented(names[i], 2);
        struct boxes boxes = boxes_of(fd);
        struct reel_seen seen;
        g_assert_cmpint(boxes.fragments, ==, 4);
        g_assert_true(comes_before(boxes.order->str, "moov", "moof"));
        g_string_free(boxes.order, TRUE);
        reel_look(fd, &seen);
        g_assert_cmpint(seen.frames, ==, 200);
        reel_clear(&seen);
        g_auto(cert_ptr) cert = cert_of(fd);
        g_assert_cmpfloat_with_epsilon(cert_stream(cert, AVMEDIA_TYPE_VIDEO, 0)->start_s,
                                       cert_stream(cert, AVMEDIA_TYPE_AUDIO, 0)->start_s, 0.025);
        off_t length = lseek(fd, 0, SEEK_END);
        g_assert_cmpint(ftruncate(fd, length * 6 / 10), ==, 0);
        reel_look(fd, &seen);
        g_assert_cmpint(seen.frames, >=, 100); /* 60 % is 4.8 s: two fragments are whole */
        reel_clear(&seen);
        close(fd);
    }
}

/* --- animations --- */

/* GIF89a counts in hundredths of a second: 30 frames a second are 3, 3 and 4 of them in turn. */
static void test_animations_keep_their_time(void)
{
    static const AVRational rates[] = {{25, 1}, {30, 1}, {25, 2}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
        struct reel reel = small;
        reel.fps = rates[i];
        reel.frames = 30;
        int fds[] = {reel_make(&reel), made_file()};
        render(made_task("gif", "gif", NULL), fds, NULL);
        g_auto(cert_ptr) cert = cert_of(fds[1]);
        const struct cert_stream *picture = cert_stream(cert, AVMEDIA_TYPE_VIDEO, 0);
        g_assert_cmpint(picture->pts_s->len, ==, 30);
        for (guint n = 0; n < picture->pts_s->len; n++)
            g_assert_cmpfloat_with_epsilon(g_array_index(picture->pts_s, double, n),
                                           n / av_q2d(rates[i]), 0.00501);
        close(fds[0]);
        close(fds[1]);
    }
}

static void test_animations_are_of_the_right_colours(void)
{
    struct reel reel = small;
    struct reel_seen seen;
    int fds[] = {reel_make(&reel), made_file()};
    render(made_task("gif", "gif", NULL), fds, NULL);
    reel_look(fds[1], &seen);
    g_assert_nonnull(seen.first);
    int x = seen.first->width / 2;
    const guint8 *pixel = seen.first->data[0] + 8 * seen.first->linesize[0] + 4 * x;
    double grey = (reel_shade(0) - 16) * 255 / 219.; /* BT.709 of limited range */
    for (int c = 0; c < 3; c++)
        g_assert_cmpint(ABS(pixel[c] - (int)lround(grey)), <=, 2);
    reel_clear(&seen);
    close(fds[0]);
    close(fds[1]);
}

/* --- sound as broadcasters take it --- */

static void test_each_channel_in_a_track(void)
{
    int fds[] = {made_source(25, (struct rational){25, 1}, true), made_file()};
    struct task *task = made_task("mxf", "mpeg2video", "pcm_s24le");
    encode_of(task)->audio.mono_tracks = 8;
    encode_of(task)->video.bitrate = 5e6;
    render(task, fds, NULL);
    g_auto(cert_ptr) cert = cert_of(fds[1]);
    for (unsigned i = 0; i < 8; i++) {
        const struct cert_stream *sound = cert_stream(cert, AVMEDIA_TYPE_AUDIO, i);
        g_assert_nonnull(sound);
        g_assert_cmpint(sound->channels, ==, 1);
        g_assert_cmpstr(sound->codec, ==, "pcm_s24le");
        g_assert_cmpint(sound->decoded, ==, 48000);
    }
    const char *left = cert_stream(cert, AVMEDIA_TYPE_AUDIO, 0)->md5;
    const char *right = cert_stream(cert, AVMEDIA_TYPE_AUDIO, 1)->md5;
    const char *silent = cert_stream(cert, AVMEDIA_TYPE_AUDIO, 2)->md5;
    g_assert_cmpstr(left, ==, right); /* the source has the same in both */
    g_assert_cmpstr(left, !=, silent);
    for (unsigned i = 3; i < 8; i++)
        g_assert_cmpstr(cert_stream(cert, AVMEDIA_TYPE_AUDIO, i)->md5, ==, silent);
    close(fds[0]);
    close(fds[1]);
}

static struct result *verified(const struct claim *claim, int fd)
{
    struct result *result = result_create();
    g_auto(task_ptr) task = task_create(TASK_VERIFY);
    task_add_file(task, "/made", false);
    claim_copy(&task->claim, claim);
    worker_verify(&(struct job){.task = task, .fds = &fd}, result);
    return result;
}

/* One whole rate and the one over 1.001 are a frame in a thousand apart: no length tells. */
static void test_mxf_has_the_rate_that_was_asked_for(void)
{
    static const AVRational rates[] = {{24000, 1001}, {48000, 1001}, {48, 1}, {120000, 1001}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
        struct reel reel = small;
        struct claim claim = {0};
        reel.fps = rates[i];
        int fds[] = {reel_make(&reel), made_file()};
        render(made_task("mxf", "prores", NULL), fds, &claim);
        g_autofree char *rate = rational_text(rational_make(rates[i].num, rates[i].den));
        g_assert_cmpstr(claim.edit_rate, ==, rate);
        g_auto(result_ptr) right = verified(&claim, fds[1]);
        g_assert_cmpstr(right->failure.message, ==, NULL);
        g_autofree char *probed = rational_text(right->facts->fps);
        g_assert_cmpstr(probed, ==, rate);
        g_free(claim.edit_rate);
        claim.edit_rate = g_strdup("47");
        g_auto(result_ptr) wrong = verified(&claim, fds[1]);
        g_autofree char *words =
            g_strdup_printf("the finished file has the wrong edit rate: %s instead of 47", rate);
        g_assert_cmpstr(wrong->failure.message, ==, words);
        claim_clear(&claim);
        close(fds[0]);
        close(fds[1]);
    }
}

static void test_a_still_has_the_profile_that_was_meant(void)
{
    static const guint8
        grey[] = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
                  0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01,
                  0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00,
                  0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x68, 0x68, 0x00,
                  0x00, 0x03, 0x04, 0x01, 0x81, 0x4b, 0xd3, 0xd2, 0x10, 0x00, 0x00, 0x00,
                  0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82}; /* a pixel of PNG */
    struct claim claim = {0};
    claim_clear(&claim);
    int fd = made_file();
    g_assert_cmpint(write(fd, grey, sizeof grey), ==, sizeof grey);
    g_auto(result_ptr) right = verified(&claim, fd);
    g_assert_cmpstr(right->failure.message, ==, NULL);
    claim.icc = g_strdup("Display P3");
    g_auto(result_ptr) wrong = verified(&claim, fd);
    g_assert_cmpstr(wrong->failure.message, ==,
                    "the finished file has the wrong colour profile: none instead of Display P3");
    claim_clear(&claim);
    close(fd);
}

/* MXF keeps whole frames: sound that ends before the picture must not cost one. */
static void test_short_sound_costs_no_frame_of_mxf(void)
{
    static const int samples[] = {40000, 48000, 60000};
    for (unsigned i = 0; i < G_N_ELEMENTS(samples); i++) {
        struct reel_seen seen;
        int fds[] = {film_make(&(struct film){.muxer = "mov",
                                              .codec = "pcm_s16le",
                                              .frames = 25,
                                              .samples = samples[i],
                                              .sounds = 1}),
                     made_file()};
        struct task *task = made_task("mxf", "mpeg2video", "pcm_s16le");
        encode_of(task)->video.bitrate = 5e6;
        render(task, fds, NULL);
        reel_look(fds[1], &seen);
        g_assert_cmpint(seen.frames, ==, 25);
        reel_clear(&seen);
        g_auto(cert_ptr) cert = cert_of(fds[1]);
        g_assert_cmpint(cert_stream(cert, AVMEDIA_TYPE_AUDIO, 0)->decoded, ==, 48000);
        close(fds[0]);
        close(fds[1]);
    }
}

/* --- groups of pictures of MPEG-2, ISO/IEC 13818-2 6.2.2.6 --- */

enum { GROUP_START = 0x1B8 };

static char *time_code_of(const guint8 *group)
{
    const guint32 bits = AV_RB32(group) >> 7;
    return g_strdup_printf("%02u:%02u:%02u%c%02u", bits >> 19 & 31, bits >> 13 & 63, bits >> 6 & 63,
                           bits >> 24 ? ';' : ':', bits & 63);
}

/* Of what a packet holds; NULL: no group begins with it. */
static const guint8 *group_in(const AVPacket *packet)
{
    for (int at = 0; at + 8 <= packet->size; at++)
        if (AV_RB32(packet->data + at) == GROUP_START)
            return packet->data + at + 4;
    return NULL;
}

/* As many pictures are shown before a group's first as are stored before its header. */
static void groups_count_from(int fd, const char *first, struct rational fps)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    AVPacket *packet = av_packet_alloc();
    struct timecode from;
    int groups = 0, stored = 0;
    g_assert_true(timecode_parse(first, fps, &from));
    g_assert_cmpint(avformat_open_input(&format, path, NULL, NULL), >=, 0);
    for (; av_read_frame(format, packet) >= 0; av_packet_unref(packet)) {
        if (format->streams[packet->stream_index]->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
            continue;
        const struct timecode now = {from.frame + stored++, from.rate, from.drop};
        const guint8 *group = group_in(packet);
        g_autofree char *told = group ? time_code_of(group) : NULL, *is = timecode_text(now);
        if (group)
            g_assert_cmpstr(told, ==, is);
        groups += group != NULL;
    }
    g_assert_cmpint(groups, >, 2);
    av_packet_free(&packet);
    avformat_close_input(&format);
}

static void know(struct facts *facts, const struct reel *reel, const char *timecode)
{
    facts->kind = KIND_VIDEO;
    facts->fps = rational_make(reel->fps.num, reel->fps.den);
    facts->width = reel->width;
    facts->height = reel->height;
    facts->frames = reel->frames;
    facts->duration_s = reel->frames * reel->fps.den / (double)reel->fps.num;
    facts->timecode = g_strdup(timecode);
}

static void test_groups_have_the_timecode_of_their_first_frame(void)
{
    static const struct {
        const char *container;
        AVRational fps;
        const char *source, *from, *claimed, *groups;
    } rows[] = {
        {"mxf", {25, 1}, "09:59:58:00", "0f", "09:59:58:00", "09:59:58:00"},
        {"mov", {25, 1}, "09:59:58:00", "30f", "09:59:59:05", "09:59:59:05"},
        {"mkv", {25, 1}, "23:59:59:00", "0f", "23:59:59:00", "23:59:59:00"},
        {"mxf", {30000, 1001}, "00:00:59;00", "10f", "00:00:59;10", "00:00:59;10"},
        {"mxf", {30000, 1001}, "00:00:59:00", "10f", "00:00:59:10", "00:00:59:10"},
        {"mxf", {60000, 1001}, "00:00:59;00", "0f", "00:00:59;00", "00:00:00:00"},
        {"mxf", {25, 1}, NULL, "0f", NULL, "00:00:00:00"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct reel reel = small;
        struct claim claim = {0};
        reel.fps = rows[i].fps;
        reel.frames = 100;
        int fds[] = {reel_make(&reel), made_file()};
        struct task *task = made_task(rows[i].container, "mpeg2video", NULL);
        hurry(encode_of(task));
        encode_of(task)->video.b_frames = 2;
        know(task->source, &reel, rows[i].source);
        made_step(task->steps, "trim", "from", rows[i].from, NULL);
        render(task, fds, &claim);
        g_assert_cmpstr(claim.timecode, ==, rows[i].claimed);
        groups_count_from(fds[1], rows[i].groups, rational_make(reel.fps.num, reel.fps.den));
        claim_clear(&claim);
        close(fds[0]);
        close(fds[1]);
    }
}

static void test_groups_begin_where_the_pipeline_says(void)
{
    int fds[] = {reel_make(&small), made_file()};
    struct task *task = made_task("mov", "mpeg2video", NULL);
    hurry(encode_of(task));
    know(task->source, &small, "10:00:00:00");
    encode_of(task)->video.options = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(encode_of(task)->video.options, g_strdup("gop_timecode"));
    g_ptr_array_add(encode_of(task)->video.options, g_strdup("02:00:00:00"));
    render(task, fds, NULL);
    groups_count_from(fds[1], "02:00:00:00", rational_make(25, 1));
    close(fds[0]);
    close(fds[1]);
}

int main(int argc, char **argv)
{
    av_log_set_level(AV_LOG_ERROR);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/delivered/04_no_edit_lists", test_04_no_edit_lists);
    g_test_add_func("/delivered/25_every_codec_gives_what_it_took",
                    test_25_every_codec_gives_what_it_took);
    g_test_add_func("/delivered/27_the_index_comes_first", test_27_the_index_comes_first);
    g_test_add_func("/delivered/27_moving_the_index_takes_no_more_disk_than_the_file",
                    test_27_moving_the_index_takes_no_more_disk_than_the_file);
    g_test_add_func("/delivered/28_fragments_play_without_an_end",
                    test_28_fragments_play_without_an_end);
    g_test_add_func("/delivered/animations_keep_their_time", test_animations_keep_their_time);
    g_test_add_func("/delivered/animations_are_of_the_right_colours",
                    test_animations_are_of_the_right_colours);
    g_test_add_func("/delivered/each_channel_in_a_track", test_each_channel_in_a_track);
    g_test_add_func("/delivered/mxf_has_the_rate_that_was_asked_for",
                    test_mxf_has_the_rate_that_was_asked_for);
    g_test_add_func("/delivered/profile", test_a_still_has_the_profile_that_was_meant);
    g_test_add_func("/delivered/short_sound_costs_no_frame_of_mxf",
                    test_short_sound_costs_no_frame_of_mxf);
    g_test_add_func("/delivered/groups_have_the_timecode_of_their_first_frame",
                    test_groups_have_the_timecode_of_their_first_frame);
    g_test_add_func("/delivered/groups_begin_where_the_pipeline_says",
                    test_groups_begin_where_the_pipeline_says);
    return g_test_run();
}
