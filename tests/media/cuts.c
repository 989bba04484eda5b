/* SPDX-License-Identifier: GPL-3.0-or-later
 * Trims of a picture that is copied (traps 7, 8 and 10 of our list). Every source is told to the
 * frame and to the sample (barcode.h), and what comes out is read by libav alone. */
#include "barcode.h"
#include "made.h"

#include "media/log.h"
#include "worker/run.h"

#include <libavcodec/bsf.h>
#include <math.h>
#include <unistd.h>

static const double ms = 0.001 + 1e-9, sample_s = 1. / BARCODE_RATE + 1e-9;

/* How one output was made. */
struct cut {
    int output;
    struct task *task;
    struct result *result;
};

#define SMART "smart"
#define STRICT "strict"
struct trim {
    const char *from, *to,
        *snap; /* NULL: not given; SMART: smart: true; STRICT: and so is the output */
};

/* The source stays open. `facts` are of it, and taken over; NULL: the worker probes it for itself.
 */
static struct cut cut_known(int source, struct facts *facts, const char *container,
                            const char *sound, const struct trim *trim)
{
    struct cut cut = {made_file(), made_task(container, "copy", sound), result_create()};
    struct step_call *call = step_call_create("trim", node_map((struct mark){0}));
    const bool strict = !g_strcmp0(trim->snap, STRICT);
    const bool smart = strict || !g_strcmp0(trim->snap, SMART);
    const char *const rows[][2] = {{"from", trim->from},
                                   {"to", trim->to},
                                   {smart ? "smart" : "snap", smart ? "true" : trim->snap}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i][1])
            node_put(call->params, rows[i][0], (struct mark){0},
                     node_scalar(rows[i][1], (struct mark){0}));
    g_ptr_array_add(((struct task_output *)cut.task->outputs->pdata[0])->steps, call);
    ((struct task_output *)cut.task->outputs->pdata[0])->encode->video.strict = strict;
    facts_destroy(cut.task->source);
    cut.task->source = facts;
    const int fds[] = {source, cut.output};
    worker_run(&(struct job){.task = cut.task, .fds = fds}, cut.result);
    return cut;
}

static struct cut cut_of(int source, const char *container, const char *sound,
                         const struct trim *trim)
{
    return cut_known(source, NULL, container, sound, trim);
}

static void cut_clear(struct cut *cut)
{
    close(cut->output);
    result_destroy(cut->result);
    task_destroy(cut->task);
}

static const struct output_result *output_of(const struct cut *cut)
{
    return cut->result->outputs->pdata[0];
}

static void check_made(const struct cut *cut)
{
    for (guint i = 0; i < output_of(cut)->notes->len; i++)
        g_test_message("%s", (const char *)output_of(cut)->notes->pdata[i]);
    g_assert_cmpstr(cut->result->failure.message, ==, NULL);
    g_assert_cmpstr(output_of(cut)->failure.message, ==, NULL);
}

static bool is_noted(const struct cut *cut, const char *words)
{
    for (guint i = 0; i < output_of(cut)->notes->len; i++)
        if (strstr(output_of(cut)->notes->pdata[i], words))
            return true;
    return false;
}

/* Pictures and seconds of sound that are in the file, whatever its edit list shows. */
static int stored(int fd, double *sound_s)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    AVDictionary *options = NULL;
    AVPacket *packet = av_packet_alloc();
    int pictures = 0;
    av_dict_set(&options, "ignore_editlist", "1", 0);
    g_assert_cmpint(avformat_open_input(&format, path, NULL, &options), >=, 0);
    double first_s = INFINITY, end_s = -INFINITY;
    while (av_read_frame(format, packet) >= 0) {
        const AVStream *stream = format->streams[packet->stream_index];
        pictures += stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
            first_s = fmin(first_s, (double)packet->pts * av_q2d(stream->time_base));
            end_s =
                fmax(end_s, (double)(packet->pts + packet->duration) * av_q2d(stream->time_base));
        }
        av_packet_unref(packet);
    }
    *sound_s = end_s - first_s;
    av_packet_free(&packet);
    av_dict_free(&options);
    avformat_close_input(&format);
    return pictures;
}

/* Frames [first, first + count) are shown, and no other picture is in the file. */
static struct barcode_seen *check_shown(const struct cut *cut, int first, unsigned count)
{
    double ignored;
    check_made(cut);
    struct barcode_seen *seen = barcode_read(cut->output);
    barcode_check(seen, first, count);
    g_assert_cmpint(stored(cut->output, &ignored), ==, count);
    return seen;
}

static void expect_shown(int source, const char *container, const struct trim *trim, int first,
                         unsigned count)
{
    struct cut cut = cut_of(source, container, "none", trim);
    g_test_message("%s: %s to %s", container, trim->from, trim->to);
    g_auto(barcode_seen_ptr) seen = check_shown(&cut, first, count);
    for (unsigned i = 0; i < count; i++)
        g_assert_cmpfloat_with_epsilon(barcode_time(seen, i), i / 25., ms);
    cut_clear(&cut);
}

static void expect_refused(int source, const char *container, const struct trim *trim,
                           const char *words)
{
    struct cut cut = cut_of(source, container, "none", trim);
    const char *message = output_of(&cut)->failure.message;
    g_test_message("%s", message);
    g_assert_cmpint(output_of(&cut)->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(message, words));
    cut_clear(&cut);
}

/* Key frames at 0, 2, 4 … s; two B pictures between others. */
static const struct barcode closed = {.muxer = "mp4",
                                      .audio = "aac",
                                      .frames = 250,
                                      .b_frames = 2,
                                      .gop = 50,
                                      .width = 160,
                                      .height = 96};

/* --- 8: where a copy can be cut --- */

static void trap_8_a_cut_at_a_key_picture_is_exact(void)
{
    static const char *const muxers[] = {"mp4", "matroska", "mpegts"};
    static const char *const into[] = {"mp4", "mov", "mkv"};
    static const struct {
        struct trim trim;
        int first, count;
    } rows[] = {{{"2s", "6s", NULL}, 50, 100},
                {{"50f", "100f", NULL}, 50, 50},
                {{"-100f", NULL, NULL}, 150, 100},
                {{NULL, "4s", NULL}, 0, 100}};
    for (unsigned m = 0; m < G_N_ELEMENTS(muxers); m++) {
        struct barcode source = closed;
        source.muxer = muxers[m];
        int fd = barcode_make(&source);
        for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++)
            expect_shown(fd, into[(m + r) % 3], &rows[r].trim, rows[r].first,
                         (unsigned)rows[r].count);
        close(fd);
    }
}

static void trap_8_what_would_be_off_by_a_frame_is_refused_with_the_nearest(void)
{
    int fd = barcode_make(&closed);
    expect_refused(fd, "mp4", &(struct trim){"3.2s", NULL, NULL},
                   "can't begin at 3.200 s (the nearest are 2.000 s and 4.000 s)");
    expect_refused(fd, "mkv", &(struct trim){"51f", NULL, NULL},
                   "can't begin at 2.040 s (the nearest are 2.000 s and 4.000 s)");
    expect_refused(fd, "mp4", &(struct trim){"3.2s", NULL, "1s"}, "snap: 1.2s");
    expect_refused(fd, "mp4", &(struct trim){"2s", "53f", NULL},
                   "can't end at 2.120 s (the nearest are 2.040 s and 2.160 s)");
    close(fd);
}

static void trap_8_what_may_move_says_requested_and_actual(void)
{
    static const char *const into[] = {"mp4", "mov", "mkv"};
    int fd = barcode_make(&closed);
    for (unsigned i = 0; i < G_N_ELEMENTS(into); i++) {
        struct cut cut = cut_of(fd, into[i], NULL, &(struct trim){"3.2s", "153f", "2s"});
        barcode_seen_free(check_shown(&cut, 50, 104));
        g_assert_true(is_noted(&cut, "requested 3.200-6.120 s, actual 2.000-6.160 s"));
        cut_clear(&cut);
    }
    close(fd);
}

/* The end is where no later picture is needed: behind the B pictures of the one that was decoded
 * before them. */
static void trap_8_it_ends_where_no_later_picture_is_needed(void)
{
    int fd = barcode_make(&closed);
    for (int to = 101; to <= 107; to += 2) {
        g_autofree char *text = g_strdup_printf("%df", to);
        unsigned count = to <= 101 ? 51 : to <= 104 ? 54 : 57;
        expect_shown(fd, to % 4 == 1 ? "mp4" : "mkv", &(struct trim){"2s", text, "1s"}, 50, count);
    }
    close(fd);
}

static void trap_8_it_may_end_in_the_sound_behind_the_picture(void)
{
    struct barcode source = closed;
    source.frames = 100;
    source.samples = 4 * BARCODE_RATE + BARCODE_RATE / 10;
    int fd = barcode_make(&source);
    expect_shown(fd, "mp4", &(struct trim){"2s", "4.07s", NULL}, 50, 50);
    close(fd);
}

static void trap_8_pictures_that_stand_alone_are_cut_anywhere(void)
{
    static const struct {
        const char *muxer, *video, *pix_fmt, *container;
    } rows[] = {{"mov", "prores_ks", "yuv422p10le", "mov"},
                {"mov", "mjpeg", "yuvj420p", "mov"},
                {"matroska", "huffyuv", "yuv422p", "mkv"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct barcode source = {.muxer = rows[i].muxer,
                                       .video = rows[i].video,
                                       .pix_fmt = rows[i].pix_fmt,
                                       .frames = 60,
                                       .width = 160,
                                       .height = 96};
        int fd = barcode_make(&source);
        expect_shown(fd, rows[i].container, &(struct trim){"17f", "48f", NULL}, 17, 31);
        close(fd);
    }
}

/* --- 10: key pictures that depend on what was before --- */

static void trap_10_an_i_picture_that_is_no_idr_is_no_place_to_begin(void)
{
    const struct barcode source = {.muxer = "mp4",
                                   .frames = 130,
                                   .gop = 40,
                                   .width = 160,
                                   .height = 96,
                                   .options =
                                       "x264-params=open-gop=1:bframes=3:b-adapt=0:scenecut=0"};
    int fd = barcode_make(&source);
    expect_refused(fd, "mp4", &(struct trim){"80f", NULL, NULL}, "the nearest is 0.000 s");
    expect_shown(fd, "mp4", &(struct trim){"80f", NULL, "60s"}, 0, 130);
    close(fd);
}

/* Its leading pictures are left out, so that no grey is shown (H.265, 8.1.3); those of the next one
 * need it, and so it is the last. */
static void trap_10_a_cra_of_hevc_begins_without_its_leading_pictures(void)
{
    static const char *const into[] = {"mp4", "mkv"};
    const struct barcode source = {
        .muxer = "mp4",
        .video = "libx265",
        .frames = 100,
        .gop = 40,
        .width = 160,
        .height = 96,
        .options = "preset=ultrafast,x265-params=open-gop=1:keyint=40:min-keyint=40:bframes=3:"
                   "b-adapt=0:scenecut=0:log-level=none:pools=none:frame-threads=1"};
    int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(into); i++)
        expect_shown(fd, into[i], &(struct trim){"40f", "81f", NULL}, 40, 41);
    close(fd);
}

static void trap_10_an_open_group_of_mpeg2_begins_without_its_first_b_pictures(void)
{
    const struct barcode source = {.muxer = "mpegts",
                                   .video = "mpeg2video",
                                   .audio = "mp2",
                                   .frames = 100,
                                   .b_frames = 2,
                                   .gop = 12,
                                   .width = 160,
                                   .height = 96};
    int fd = barcode_make(&source);
    struct cut cut = cut_of(fd, "mkv", "copy", &(struct trim){"2s", "3s", "1s"});
    check_made(&cut);
    g_auto(barcode_seen_ptr) seen = barcode_read(cut.output);
    g_assert_cmpint(barcode_at(seen, 0), >, 38);
    g_assert_cmpint(barcode_at(seen, 0), <=, 50);
    barcode_check(seen, barcode_at(seen, 0), seen->numbers->len);
    g_assert_cmpint(barcode_at(seen, 0) + (int)seen->numbers->len, >=, 75);
    cut_clear(&cut);
    expect_refused(fd, "mxf", &(struct trim){"2s", NULL, "1s"}, "an MXF can't begin in an open");
    close(fd);
}

/* --- what goes with the picture --- */

/* Clicks 2 and 3 are as far behind the picture that is the first one now as they are in the source.
 */
static void check_clicks(int source, const struct barcode_seen *seen, double within_s)
{
    g_auto(barcode_seen_ptr) before = barcode_read(source);
    unsigned first = (unsigned)barcode_at(seen, 0);
    g_assert_cmpuint(seen->clicks_s->len, ==, 2);
    for (unsigned i = 0; i < 2; i++)
        g_assert_cmpfloat_with_epsilon(
            g_array_index(seen->clicks_s, double, i) - barcode_time(seen, 0),
            g_array_index(before->clicks_s, double, i + 2) - barcode_time(before, first), within_s);
}

static void trap_8_sound_stays_in_step_with_the_actual_start(void)
{
    static const struct {
        const char *muxer, *audio, *container, *sound;
        double within_s, short_s; /* how much less of it may be there */
    } rows[] = {{"mov", "pcm_s16le", "mov", "copy", sample_s, 0},
                {"matroska", "pcm_s16le", "mov", "copy", ms, 0},
                {"mp4", "aac", "mp4", "copy", ms, 2 * 1024. / BARCODE_RATE},
                {"mp4", "aac", "mkv", "copy", ms, 2 * 1024. / BARCODE_RATE},
                {"matroska", "libopus", "mkv", "copy", ms, 2 * 960. / BARCODE_RATE + 0.0065},
                {"mpegts", "mp2", "mkv", "copy", ms, 2 * 1152. / BARCODE_RATE},
                {"mp4", "aac", "mov", "pcm_s16le", sample_s, 0},
                {"mp4", "aac", "mp4", "aac", ms, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct barcode source = closed;
        double stored_s;
        source.muxer = rows[i].muxer;
        source.audio = rows[i].audio;
        source.frames = 150;
        int fd = barcode_make(&source);
        g_test_message("%s in %s to %s in %s", rows[i].audio, rows[i].muxer, rows[i].sound,
                       rows[i].container);
        struct cut cut =
            cut_of(fd, rows[i].container, rows[i].sound, &(struct trim){"2.5s", "4s", "1s"});
        g_auto(barcode_seen_ptr) seen = check_shown(&cut, 50, 50);
        check_clicks(fd, seen, rows[i].within_s);
        stored(cut.output, &stored_s);
        g_assert_cmpfloat(stored_s, >=, 2 - rows[i].short_s - ms);
        if (!strcmp(rows[i].sound, "copy"))
            g_assert_cmpfloat(stored_s, <=, 2 + sample_s);
        cut_clear(&cut);
        close(fd);
    }
}

static void trap_8_timecode_follows_the_actual_start(void)
{
    static const char *const into[] = {"mov", "mkv"};
    struct barcode source = closed;
    source.frames = 150;
    int fd = barcode_make(&source);
    for (unsigned i = 0; i < G_N_ELEMENTS(into); i++) {
        struct facts *facts = facts_create();
        facts->kind = KIND_VIDEO;
        facts->fps = (struct rational){25, 1};
        facts->duration_s = 6;
        facts->timecode = g_strdup("01:00:00:00");
        struct cut cut =
            cut_known(fd, facts, into[i], "none", &(struct trim){"01:00:03:05", NULL, "2s"});
        check_made(&cut);
        g_assert_cmpstr(output_of(&cut)->claim.timecode, ==, "01:00:02:00");
        cut_clear(&cut);
    }
    close(fd);
}

static void trap_8_chapters_follow_the_actual_start(void)
{
    const struct rational pal = {25, 1};
    int fd = made_chapters(100, pal, 4);
    struct cut cut = cut_of(fd, "mkv", "copy", &(struct trim){"1.5s", NULL, "1s"});
    check_made(&cut);
    const struct claim *claim = &output_of(&cut)->claim;
    int first = 100 - (int)claim->frames;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", cut.output);
    AVFormatContext *format = NULL;
    g_assert_cmpint(first, >, 12);
    g_assert_cmpint(first, <=, 37);
    g_assert_cmpint(avformat_open_input(&format, path, NULL, NULL), >=, 0);
    const AVChapter *second = format->chapters[first < 25];
    g_assert_cmpfloat_with_epsilon(second->end * av_q2d(second->time_base), 2 - first / 25., ms);
    avformat_close_input(&format);
    cut_clear(&cut);
    close(fd);
}

/* --- 9: ends that are encoded again --- */

enum { SMART_GOP = 24 };

/* The pictures of two files one after the other, as the first one's header describes them. */
static void splice(const int *parts, int into)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", into);
    AVFormatContext *made = NULL;
    AVPacket *packet = av_packet_alloc();
    int64_t shown = 0;
    g_assert_cmpint(avformat_alloc_output_context2(&made, NULL, "matroska", path), >=, 0);
    for (int i = 0; i < 2; i++) {
        g_autofree char *from = g_strdup_printf("/proc/self/fd/%d", parts[i]);
        AVFormatContext *part = NULL;
        int64_t zero = AV_NOPTS_VALUE, end = 0;
        g_assert_cmpint(avformat_open_input(&part, from, NULL, NULL), >=, 0);
        g_assert_cmpint(avformat_find_stream_info(part, NULL), >=, 0);
        if (i == 0) {
            AVStream *stream = avformat_new_stream(made, NULL);
            avcodec_parameters_copy(stream->codecpar, part->streams[0]->codecpar);
            stream->codecpar->codec_tag = 0;
            g_assert_cmpint(avio_open(&made->pb, path, AVIO_FLAG_WRITE), >=, 0);
            g_assert_cmpint(avformat_write_header(made, NULL), >=, 0);
        }
        while (av_read_frame(part, packet) >= 0) {
            zero = zero == AV_NOPTS_VALUE ? packet->pts : zero;
            packet->pts += shown - zero;
            packet->dts += shown - zero;
            end = MAX(end, packet->pts + packet->duration);
            av_packet_rescale_ts(packet, part->streams[0]->time_base, made->streams[0]->time_base);
            g_assert_cmpint(av_interleaved_write_frame(made, packet), >=, 0);
        }
        shown = end;
        avformat_close_input(&part);
        close(parts[i]);
    }
    g_assert_cmpint(av_write_trailer(made), >=, 0);
    avio_closep(&made->pb);
    avformat_free_context(made);
    av_packet_free(&packet);
}

/* How many pictures of an output are encoded again. */
static int remade(const struct cut *cut)
{
    const GPtrArray *notes = output_of(cut)->notes;
    int head = 0, tail = 0;
    for (guint i = 0; i < notes->len; i++) {
        const char *found = strstr(notes->pdata[i], " pictures copied, ");
        if (found && sscanf(found, " pictures copied, %d at the start and %d", &head, &tail) == 2)
            return head + tail;
    }
    return -1;
}

static struct cut smart_cut(int source, const char *container, int from, int to)
{
    g_autofree char *begin = g_strdup_printf("%df", from), *end = g_strdup_printf("%df", to);
    g_test_message("%s: %s to %s", container, begin, end);
    return cut_of(source, container, NULL, &(struct trim){begin, end, SMART});
}

static void expect_smart(int source, const char *container, int from, int to, int most)
{
    struct cut cut = smart_cut(source, container, from, to);
    g_auto(barcode_seen_ptr) seen = check_shown(&cut, from, (unsigned)(to - from));
    for (int i = 0; i < to - from; i++)
        g_assert_cmpfloat_with_epsilon(barcode_time(seen, (unsigned)i), i / 25., ms);
    g_assert_cmpint(seen->errors, ==, 0);
    g_assert_cmpint(remade(&cut), >, 0);
    g_assert_cmpint(remade(&cut), <=, most);
    cut_clear(&cut);
}

static void trap_9_every_end_is_to_the_frame_and_the_rest_is_copied(void)
{
    static const char *const muxers[] = {"mp4", "matroska", "mpegts"};
    static const char *const into[] = {"mp4", "mov", "mkv"};
    static const int from[] = {0, 1, 23}, to[] = {74, 95};
    unsigned n = 0;
    for (unsigned m = 0; m < G_N_ELEMENTS(muxers); m++) {
        const struct barcode source = {.muxer = muxers[m],
                                       .frames = 4 * SMART_GOP,
                                       .b_frames = 2,
                                       .gop = SMART_GOP,
                                       .width = 160,
                                       .height = 96};
        int fd = barcode_make(&source);
        for (unsigned f = 0; f < G_N_ELEMENTS(from); f++)
            for (unsigned t = 0; t < G_N_ELEMENTS(to); t++)
                expect_smart(fd, into[n++ % 3], from[f], to[t], 2 * SMART_GOP);
        close(fd);
    }
}

/* How many packets aren't decoded a frame behind the one before, of a file as it is stored. */
static int uneven(int fd)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    AVPacket *packet = av_packet_alloc();
    int64_t last = AV_NOPTS_VALUE;
    int count = 0;
    g_assert_cmpint(avformat_open_input(&format, path, NULL, NULL), >=, 0);
    while (av_read_frame(format, packet) >= 0) {
        const AVRational tb = format->streams[0]->time_base;
        count += last != AV_NOPTS_VALUE &&
                 packet->dts - last != av_rescale_q(1, (AVRational){1, 25}, tb);
        last = packet->dts;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    avformat_close_input(&format);
    return count;
}

/* A MOV and an MP4 tell their rate by nothing else (ISO/IEC 14496-12, 8.6.1.2). The last moments
 * to cut at are before a key picture, before a P picture with its B pictures, and none. */
static void trap_9_a_constant_rate_is_left_constant(void)
{
    static const int from[] = {0, 5, 24}, to[] = {60, 74, 95};
    const struct barcode source = {.muxer = "mp4",
                                   .frames = 4 * SMART_GOP,
                                   .b_frames = 2,
                                   .gop = SMART_GOP,
                                   .width = 160,
                                   .height = 96};
    int fd = barcode_make(&source);
    g_assert_cmpint(uneven(fd), ==, 0);
    for (unsigned f = 0; f < G_N_ELEMENTS(from); f++)
        for (unsigned t = 0; t < G_N_ELEMENTS(to); t++) {
            struct cut cut = smart_cut(fd, t ? "mp4" : "mov", from[f], to[t]);
            check_made(&cut);
            g_assert_cmpint(uneven(cut.output), ==, 0);
            cut_clear(&cut);
        }
    close(fd);
}

/* As phones write 30 frames a second. */
static int whole_ms(int n)
{
    return n * 1000 / 30;
}

/* Frame 4 is at 133 ms, a third of one before its moment. */
static void trap_9_a_first_picture_just_before_its_moment_is_shown(void)
{
    const struct barcode source = {.muxer = "mp4",
                                   .fps = {30, 1},
                                   .time_ms = whole_ms,
                                   .frames = 4 * SMART_GOP,
                                   .gop = SMART_GOP,
                                   .width = 160,
                                   .height = 96};
    int fd = barcode_make(&source);
    struct cut cut = smart_cut(fd, "mp4", 4, 90);
    barcode_seen_free(check_shown(&cut, 4, 86));
    g_assert_cmpint(remade(&cut), >, 0);
    cut_clear(&cut);
    close(fd);
}

static void trap_9_sound_stays_in_step(void)
{
    struct barcode source = closed;
    source.frames = 150;
    source.b_frames = 2;
    int fd = barcode_make(&source);
    struct cut cut = cut_of(fd, "mp4", "copy", &(struct trim){"41f", "106f", SMART});
    g_auto(barcode_seen_ptr) seen = check_shown(&cut, 41, 65);
    check_clicks(fd, seen, ms);
    g_assert_cmpint(remade(&cut), ==, 9 + 2);
    cut_clear(&cut);
    close(fd);
}

static void trap_9_where_the_ends_can_be_cut_nothing_is_encoded(void)
{
    const struct barcode source = {.muxer = "mov",
                                   .video = "prores_ks",
                                   .pix_fmt = "yuv422p10le",
                                   .frames = 40,
                                   .width = 160,
                                   .height = 96};
    int fd = barcode_make(&source);
    struct cut cut = cut_of(fd, "mov", NULL, &(struct trim){"7f", "31f", SMART});
    barcode_seen_free(check_shown(&cut, 7, 24));
    g_assert_true(is_noted(&cut, "copied: 24 pictures"));
    cut_clear(&cut);
    close(fd);
}

/* --- idr_pic_id, as libav's filter trace_headers reads it --- */

static int traced_id;

static void trace(void *context, int level, const char *format, va_list args)
{
    char line[256];
    vsnprintf(line, sizeof line, format, args);
    if (strstr(line, " idr_pic_id "))
        traced_id = atoi(strrchr(line, '=') + 1);
}

/* Of each picture in a file, in the order of decoding; -1: it is no IDR picture. */
static GArray *ids_of(int fd)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));
    AVFormatContext *format = NULL;
    AVBSFContext *filter = NULL;
    AVPacket *packet = av_packet_alloc();
    g_assert_cmpint(avformat_open_input(&format, path, NULL, NULL), >=, 0);
    g_assert_cmpint(avformat_find_stream_info(format, NULL), >=, 0);
    g_assert_cmpint(av_bsf_alloc(av_bsf_get_by_name("trace_headers"), &filter), >=, 0);
    g_assert_cmpint(avcodec_parameters_copy(filter->par_in, format->streams[0]->codecpar), >=, 0);
    av_log_set_callback(trace);
    g_assert_cmpint(av_bsf_init(filter), >=, 0);
    while (av_read_frame(format, packet) >= 0) {
        traced_id = -1;
        g_assert_cmpint(av_bsf_send_packet(filter, packet), >=, 0);
        g_assert_cmpint(av_bsf_receive_packet(filter, packet), >=, 0);
        g_array_append_val(ids, traced_id);
        av_packet_unref(packet);
    }
    media_log_start();
    av_packet_free(&packet);
    av_bsf_free(&filter);
    avformat_close_input(&format);
    return ids;
}

/* ITU-T H.264, 7.4.3. A head of one picture stands before an IDR picture, and what is copied ends
 * with one: of two such cuts, one meets the number that the encoder begins with. */
static void trap_9_two_idr_pictures_in_a_row_have_different_numbers(void)
{
    const struct barcode source = {.muxer = "mp4",
                                   .frames = 6 * SMART_GOP,
                                   .b_frames = 2,
                                   .gop = SMART_GOP,
                                   .width = 160,
                                   .height = 96};
    int fd = barcode_make(&source), met = 0;
    for (int first = 1; first <= 2; first++) {
        int from = first * SMART_GOP - 1, to = (first + 2) * SMART_GOP + 2;
        struct cut cut = smart_cut(fd, "mp4", from, to);
        barcode_seen_free(check_shown(&cut, from, (unsigned)(to - from)));
        g_assert_cmpint(remade(&cut), ==, 2);
        g_autoptr(GArray) ids = ids_of(cut.output);
        for (guint i = 1; i < ids->len; i++) {
            int before = g_array_index(ids, int, i - 1), id = g_array_index(ids, int, i);
            met += before >= 0 && id >= 0;
            g_assert_true(before < 0 || id < 0 || before != id);
        }
        cut_clear(&cut);
    }
    g_assert_cmpint(met, ==, 4);
    close(fd);
}

/* How often a text is in a file. */
static int times_in(int fd, const char *text)
{
    const off_t size = lseek(fd, 0, SEEK_END);
    g_autofree char *data = g_malloc((gsize)size);
    int times = 0;
    g_assert_cmpint(pread(fd, data, (size_t)size, 0), ==, size);
    for (const char *at = data; (at = memmem(at, (size_t)(data + size - at), text, strlen(text)));
         at++)
        times++;
    return times;
}

/* x264 writes into the first picture how many threads it had; the source's is cut off. */
static void trap_9_strict_ends_are_encoded_by_one_thread(void)
{
    const struct barcode source = {
        .muxer = "mp4", .frames = 72, .gop = SMART_GOP, .width = 320, .height = 180};
    int fd = barcode_make(&source);
    struct cut cut = cut_of(fd, "mp4", NULL, &(struct trim){"3f", NULL, STRICT});
    check_made(&cut);
    g_assert_cmpint(times_in(cut.output, "x264 - core"), ==, 1);
    g_assert_cmpint(times_in(cut.output, " threads=1 "), ==, 1);
    cut_clear(&cut);
    close(fd);
}

/* The picture is what was asked for all the same. */
static void expect_whole(int source, const struct trim *trim, int first, unsigned count,
                         const char *why)
{
    struct cut cut = cut_of(source, "mp4", NULL, trim);
    barcode_seen_free(check_shown(&cut, first, count));
    g_assert_true(is_noted(&cut, "smart cut given up, all of the picture encoded"));
    g_assert_true(is_noted(&cut, why));
    cut_clear(&cut);
}

static void trap_9_what_cannot_be_joined_is_encoded_as_a_whole_and_says_why(void)
{
    static const struct {
        const char *video, *options;
        struct trim trim;
        int first, count;
        const char *why;
    } rows[] = {
        {NULL,
         NULL,
         {"3f", "20f", SMART},
         3,
         17,
         "of the source, the nearest are 0.000 s and 0.960 s for the beginning"},
        {NULL,
         "x264-params=open-gop=1:bframes=3:b-adapt=0:scenecut=0",
         {"30f", NULL, SMART},
         30,
         30,
         "no key picture that stands alone"},
        {"libx265",
         "preset=ultrafast,x265-params=log-level=none:pools=none:frame-threads=1",
         {"3f", NULL, SMART},
         3,
         57,
         "only H.264 is joined, and this is hevc"},
        {NULL, "flags=+ildct,x264-params=tff=1", {"3f", NULL, SMART}, 3, 57, "it is interlaced"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct barcode source = {.muxer = "mp4",
                                       .video = rows[i].video,
                                       .options = rows[i].options,
                                       .frames = 60,
                                       .gop = SMART_GOP,
                                       .width = 160,
                                       .height = 96};
        int fd = barcode_make(&source);
        expect_whole(fd, &rows[i].trim, rows[i].first, (unsigned)rows[i].count, rows[i].why);
        close(fd);
    }
}

static void trap_9_no_more_than_half_a_minute_is_encoded_again_at_an_end(void)
{
    const struct barcode source = {
        .muxer = "mp4", .fps = {1, 1}, .frames = 60, .gop = 40, .width = 160, .height = 96};
    int fd = barcode_make(&source);
    expect_whole(fd, &(struct trim){"3f", NULL, SMART}, 3, 57,
                 "the next key picture is 37 s away, at 40.000 s of the source");
    close(fd);
}

/* Two streams in one track: the sets of the second come with its packets, under the number that a
 * seam would take, which no header tells. */
static int spliced(void)
{
    struct barcode part = {.muxer = "mpegts",
                           .frames = SMART_GOP,
                           .b_frames = 2,
                           .gop = SMART_GOP,
                           .width = 160,
                           .height = 96};
    int parts[2], fd = made_file();
    parts[0] = barcode_make(&part);
    part.first = SMART_GOP;
    part.frames = 2 * SMART_GOP;
    part.options = "x264-params=sps-id=1";
    parts[1] = barcode_make(&part);
    splice(parts, fd);
    return fd;
}

static void trap_9_what_a_decoder_finds_wrong_is_encoded_as_a_whole(void)
{
    int fd = spliced();
    expect_whole(fd, &(struct trim){NULL, "59f", SMART}, 0, 59, "the picture at 2.320 s");
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/cuts/8 a cut at a key picture is exact",
                    trap_8_a_cut_at_a_key_picture_is_exact);
    g_test_add_func("/cuts/8 what would be off by a frame is refused with the nearest",
                    trap_8_what_would_be_off_by_a_frame_is_refused_with_the_nearest);
    g_test_add_func("/cuts/8 what may move says requested and actual",
                    trap_8_what_may_move_says_requested_and_actual);
    g_test_add_func("/cuts/8 it ends where no later picture is needed",
                    trap_8_it_ends_where_no_later_picture_is_needed);
    g_test_add_func("/cuts/8 it may end in the sound behind the picture",
                    trap_8_it_may_end_in_the_sound_behind_the_picture);
    g_test_add_func("/cuts/8 pictures that stand alone are cut anywhere",
                    trap_8_pictures_that_stand_alone_are_cut_anywhere);
    g_test_add_func("/cuts/8 sound stays in step with the actual start",
                    trap_8_sound_stays_in_step_with_the_actual_start);
    g_test_add_func("/cuts/8 timecode follows the actual start",
                    trap_8_timecode_follows_the_actual_start);
    g_test_add_func("/cuts/8 chapters follow the actual start",
                    trap_8_chapters_follow_the_actual_start);
    g_test_add_func("/cuts/10 an I picture that is no IDR is no place to begin",
                    trap_10_an_i_picture_that_is_no_idr_is_no_place_to_begin);
    g_test_add_func("/cuts/10 a CRA of HEVC begins without its leading pictures",
                    trap_10_a_cra_of_hevc_begins_without_its_leading_pictures);
    g_test_add_func("/cuts/10 an open group of MPEG-2 begins without its first B pictures",
                    trap_10_an_open_group_of_mpeg2_begins_without_its_first_b_pictures);
    g_test_add_func("/cuts/9 every end is to the frame and the rest is copied",
                    trap_9_every_end_is_to_the_frame_and_the_rest_is_copied);
    g_test_add_func("/cuts/9 a constant rate is left constant",
                    trap_9_a_constant_rate_is_left_constant);
    g_test_add_func("/cuts/9 a first picture just before its moment is shown",
                    trap_9_a_first_picture_just_before_its_moment_is_shown);
    g_test_add_func("/cuts/9 sound stays in step", trap_9_sound_stays_in_step);
    g_test_add_func("/cuts/9 where the ends can be cut nothing is encoded",
                    trap_9_where_the_ends_can_be_cut_nothing_is_encoded);
    g_test_add_func("/cuts/9 two IDR pictures in a row have different numbers",
                    trap_9_two_idr_pictures_in_a_row_have_different_numbers);
    g_test_add_func("/cuts/9 strict ends are encoded by one thread",
                    trap_9_strict_ends_are_encoded_by_one_thread);
    g_test_add_func("/cuts/9 what can't be joined is encoded as a whole and says why",
                    trap_9_what_cannot_be_joined_is_encoded_as_a_whole_and_says_why);
    g_test_add_func("/cuts/9 no more than half a minute is encoded again at an end",
                    trap_9_no_more_than_half_a_minute_is_encoded_again_at_an_end);
    g_test_add_func("/cuts/9 what a decoder finds wrong is encoded as a whole",
                    trap_9_what_a_decoder_finds_wrong_is_encoded_as_a_whole);
    return g_test_run();
}
