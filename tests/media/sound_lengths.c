/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long sound without a picture is, of which the container tells nothing, or all of its packets
 * with what isn't heard of them. */
#include "film.h"
#include "made.h"
#include "media/log.h"
#include "media/probe.h"
#include "media/source.h"

#include <sys/stat.h>
#include <unistd.h>

/* So quiet in its first half that a bit rate that is seen there is none of the whole. */
enum { SAMPLES = 400123 };

static float sound_at(int64_t i)
{
    guint32 x = (guint32)i * 2654435761u;
    x = (x ^ x >> 15) * 2246822519u;
    return (float)((i < SAMPLES / 2 ? 0.0001 : 0.5) * ((double)x / 2147483648.0 - 1));
}

static void fill(const AVFrame *frame, int64_t at)
{
    for (int i = 0; i < frame->nb_samples; i++)
        if (av_get_packed_sample_fmt(frame->format) == AV_SAMPLE_FMT_S16)
            ((int16_t *)frame->data[0])[i] = (int16_t)(32767 * sound_at(at + i));
        else
            ((float *)frame->data[0])[i] = sound_at(at + i);
}

/* One that fill() makes. */
static enum AVSampleFormat format_of(const AVCodec *codec)
{
    const enum AVSampleFormat *one = codec->sample_fmts;
    while (av_get_packed_sample_fmt(*one) == AV_SAMPLE_FMT_S32)
        one++;
    return *one;
}

static AVCodecContext *open_coder(const char *name, const AVFormatContext *format)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(name);
    AVCodecContext *coder = avcodec_alloc_context3(codec);
    coder->sample_fmt = format_of(codec);
    coder->sample_rate = FILM_RATE;
    coder->time_base = av_make_q(1, FILM_RATE);
    if (codec->id != AV_CODEC_ID_OPUS) { /* which has no qualities */
        coder->flags |= AV_CODEC_FLAG_QSCALE;
        coder->global_quality = 4 * FF_QP2LAMBDA;
    }
    if (format->oformat->flags & AVFMT_GLOBALHEADER)
        coder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&coder->ch_layout, 1);
    g_assert_cmpint(avcodec_open2(coder, NULL, NULL), >=, 0);
    return coder;
}

/* NULL drains. */
static void encode(AVFormatContext *format, AVCodecContext *coder, const AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    g_assert_cmpint(avcodec_send_frame(coder, frame), >=, 0);
    while (avcodec_receive_packet(coder, packet) >= 0) {
        av_packet_rescale_ts(packet, coder->time_base, format->streams[0]->time_base);
        g_assert_cmpint(av_write_frame(format, packet), >=, 0);
    }
    av_packet_free(&packet);
}

static void encode_all(AVFormatContext *format, AVCodecContext *coder)
{
    const int size = coder->frame_size > 0 ? coder->frame_size : 1000;
    for (int64_t at = 0; at < SAMPLES; at += size) {
        AVFrame *frame = av_frame_alloc();
        frame->format = coder->sample_fmt;
        frame->sample_rate = coder->sample_rate;
        frame->nb_samples = (int)MIN(size, SAMPLES - at);
        av_channel_layout_copy(&frame->ch_layout, &coder->ch_layout);
        g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
        fill(frame, at);
        frame->pts = at;
        encode(format, coder, frame);
        av_frame_free(&frame);
    }
    encode(format, coder, NULL);
}

/* `untold`: an MP3 without the frame that counts the others. */
static int make(const char *muxer, const char *codec, bool untold)
{
    const int fd = made_file();
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    AVFormatContext *format = NULL;
    AVDictionary *options = NULL;
    avformat_alloc_output_context2(&format, NULL, muxer, NULL);
    AVStream *stream = avformat_new_stream(format, NULL);
    AVCodecContext *coder = open_coder(codec, format);
    avcodec_parameters_from_context(stream->codecpar, coder);
    stream->time_base = coder->time_base;
    if (untold)
        av_dict_set_int(&options, "write_xing", 0, 0);
    g_assert_cmpint(avio_open(&format->pb, path, AVIO_FLAG_WRITE), >=, 0);
    g_assert_cmpint(avformat_write_header(format, &options), >=, 0);
    encode_all(format, coder);
    g_assert_cmpint(av_write_trailer(format), >=, 0);
    avcodec_free_context(&coder);
    avio_closep(&format->pb);
    avformat_free_context(format);
    av_dict_free(&options);
    return fd;
}

static struct facts *facts_of(int fd)
{
    struct failure failure = {0};
    struct facts *facts = facts_create();
    g_assert_true(media_probe(fd, NULL, facts, &failure));
    return facts;
}

/* As long as what libavcodec makes of it, to `slack` samples. */
static void check(int fd, int64_t slack)
{
    g_auto(cert_ptr) cert = cert_of(fd);
    g_auto(facts_ptr) facts = facts_of(fd);
    const int64_t heard = cert_stream(cert, AVMEDIA_TYPE_AUDIO, 0)->decoded;
    const struct stream_facts *stream = facts->streams->pdata[0];
    g_assert_cmpint(llabs(facts->samples - heard), <=, slack);
    g_assert_cmpfloat_with_epsilon(facts->duration_s * FILM_RATE, (double)heard,
                                   (double)slack + 0.5);
    g_assert_cmpfloat_with_epsilon(stream->duration_s, facts->duration_s, 1e-9);
    close(fd);
}

static void of_bare_aac_it_is_counted(void)
{
    check(make("adts", "aac", false), 0);
}

static void of_mp3_without_a_count_it_is_counted(void)
{
    check(make("mp3", "libmp3lame", true), 0);
}

static void of_bare_ac3_it_is_counted(void)
{
    check(make("ac3", "ac3", false), 0);
}

static void of_a_transport_stream_without_a_picture_it_is_counted(void)
{
    check(make("mpegts", "aac", false), 1);
}

static void of_mp3_it_is_without_what_the_encoder_added(void)
{
    const int fd = make("mp3", "libmp3lame", false);
    g_auto(facts_ptr) facts = facts_of(fd);
    g_assert_cmpint(facts->samples, ==, SAMPLES);
    check(fd, 0);
}

static void of_opus_it_is_without_what_the_encoder_added(void)
{
    const int fd = make("ogg", "libopus", false);
    g_auto(facts_ptr) facts = facts_of(fd);
    g_assert_cmpint(facts->samples, ==, SAMPLES);
    check(fd, 0);
}

/* The total of STREAMINFO (RFC 9639, 8.2), which an encoder that can't seek leaves 0. */
static void of_flac_without_a_count_it_is_counted(void)
{
    enum { TOTAL_AT = 21 };
    uint8_t total[5];
    const int fd = make("flac", "flac", false);
    g_assert_cmpint(pread(fd, total, sizeof total, TOTAL_AT), ==, sizeof total);
    total[0] &= 0xf0;
    memset(total + 1, 0, sizeof total - 1);
    g_assert_cmpint(pwrite(fd, total, sizeof total, TOTAL_AT), ==, sizeof total);
    check(fd, 0);
}

static void the_bit_rate_is_that_of_the_whole(void)
{
    struct stat st;
    const int fd = make("adts", "aac", false);
    g_auto(facts_ptr) facts = facts_of(fd);
    g_assert_cmpint(fstat(fd, &st), ==, 0);
    g_assert_cmpfloat_with_epsilon(facts->bit_rate, 8 * (double)st.st_size / facts->duration_s, 1);
    close(fd);
}

static void count(void *data, double fraction)
{
    (*(int *)data)++;
}

static void what_a_probe_told_is_not_read_again(void)
{
    int looks = 0;
    struct failure failure = {0};
    struct sound_shape shape;
    const int fd = make("adts", "aac", false);
    const struct source_opts told = {.heard_s = 3, .reading = count, .data = &looks};
    g_auto(source_ptr) source = source_open(fd, &told, &failure);
    g_assert_nonnull(source);
    source_sound_shape(source, source_sound(source), &shape);
    g_assert_cmpfloat(shape.duration_s, ==, 3);
    g_assert_cmpint(looks, ==, 0);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/sound_lengths/adts", of_bare_aac_it_is_counted);
    g_test_add_func("/sound_lengths/mp3-untold", of_mp3_without_a_count_it_is_counted);
    g_test_add_func("/sound_lengths/ac3", of_bare_ac3_it_is_counted);
    g_test_add_func("/sound_lengths/ts", of_a_transport_stream_without_a_picture_it_is_counted);
    g_test_add_func("/sound_lengths/mp3", of_mp3_it_is_without_what_the_encoder_added);
    g_test_add_func("/sound_lengths/opus", of_opus_it_is_without_what_the_encoder_added);
    g_test_add_func("/sound_lengths/flac", of_flac_without_a_count_it_is_counted);
    g_test_add_func("/sound_lengths/bit-rate", the_bit_rate_is_that_of_the_whole);
    g_test_add_func("/sound_lengths/told", what_a_probe_told_is_not_read_again);
    return g_test_run();
}
