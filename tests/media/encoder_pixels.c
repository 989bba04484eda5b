/* SPDX-License-Identifier: GPL-3.0-or-later
 * What encoders without loss write is, decoded, what they were given. */
#include "base/diag.h"
#include "media/chain.h"
#include "media/encoder.h"
#include "model/pixel_format.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>

static AVFrame *picture(const char *pix_fmt, int width, int height)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = av_get_pix_fmt(pix_fmt);
    frame->width = width;
    frame->height = height;
    frame->pts = 0;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), ==, 0);
    return frame;
}

static struct encoder *opened(const char *codec, const char *container, const char *pix_fmt,
                              const AVFrame *frame, struct failure *failure)
{
    struct encode *encode = encode_create();
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    const bool rgb = row->flags & AV_PIX_FMT_FLAG_RGB;
    const struct video_shape shape = {.width = frame->width,
                                      .height = frame->height,
                                      .sar = {1, 1},
                                      .fps = {25, 1},
                                      .depth = row->comp[0].depth,
                                      .chroma_w = row->log2_chroma_w,
                                      .chroma_h = row->log2_chroma_h,
                                      .rgb = rgb,
                                      .pix_fmt = pix_fmt,
                                      .range = rgb ? "pc" : "tv",
                                      .matrix = rgb ? "gbr" : "bt709",
                                      .primaries = "bt709",
                                      .transfer = "bt709"};
    const struct encoder_setup setup = {.codec = codec,
                                        .container = container,
                                        .time_base = {1, 25},
                                        .nominal_fps = {25, 1},
                                        .threads = 2};
    struct encoder *encoder = encoder_open_picture(&encode->video, &shape, &setup, failure);
    encode_destroy(encode);
    return encoder;
}

static AVPacket *encoded(const char *codec, const char *container, const char *pix_fmt,
                         AVFrame *frame, AVCodecParameters *par)
{
    struct failure failure = {0};
    struct encoder *encoder = opened(codec, container, pix_fmt, frame, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    AVPacket *packet = av_packet_alloc();
    g_assert_true(encoder_push(encoder, frame, &failure));
    g_assert_true(encoder_push(encoder, NULL, &failure));
    g_assert_cmpint(encoder_pull(encoder, packet, &failure), ==, 1);
    g_assert_cmpint(avcodec_parameters_from_context(par, encoder_context(encoder)), >=, 0);
    encoder_close(encoder);
    return packet;
}

/* Through the encoder and back. */
static AVFrame *round_trip(const char *codec, const char *container, const char *pix_fmt,
                           AVFrame *frame)
{
    AVCodecParameters *par = avcodec_parameters_alloc();
    AVPacket *packet = encoded(codec, container, pix_fmt, frame, par);
    AVCodecContext *decoder = avcodec_alloc_context3(avcodec_find_decoder(par->codec_id));
    AVFrame *back = av_frame_alloc();
    g_assert_cmpint(avcodec_parameters_to_context(decoder, par), >=, 0);
    g_assert_cmpint(avcodec_open2(decoder, NULL, NULL), ==, 0);
    g_assert_cmpint(avcodec_send_packet(decoder, packet), ==, 0);
    g_assert_cmpint(avcodec_send_packet(decoder, NULL), ==, 0);
    g_assert_cmpint(avcodec_receive_frame(decoder, back), ==, 0);
    g_assert_cmpint(back->format, ==, frame->format);
    avcodec_free_context(&decoder);
    avcodec_parameters_free(&par);
    av_packet_free(&packet);
    return back;
}

/* IEEE 754-2008, 3.6: binary16 has 10 bits behind the point, and steps of 2^-24 below 2^-14. */
static void halves_of_openexr_are_the_nearest_and_the_even_of_two(void)
{
    static const struct {
        float given, written;
    } rows[] = {
        {1 + 0x0.7p-10f, 1},        {1 + 0x0.9p-10f, 1 + 0x1p-10f},
        {1 + 0x0.8p-10f, 1},        {1 + 0x1.8p-10f, 1 + 0x2p-10f},
        {-0.342281f, -0x1.5e8p-2f}, {0x1.cp-24f, 0x2p-24f},
        {-0x1.8p-24f, -0x2p-24f},   {0x0.8p-24f, 0},
        {0x1.ffffp-15f, 0x1p-14f},  {65519, 65504},
        {65521, INFINITY},          {-INFINITY, -INFINITY},
    };
    enum { SIDE = 16 };
    AVFrame *frame = picture("gbrpf32le", SIDE, SIDE);
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                ((float *)(frame->data[plane] + y * frame->linesize[plane]))[x] =
                    rows[x % G_N_ELEMENTS(rows)].given;
    AVFrame *back = round_trip("exr", "exr", "gbrpf32le", frame);
    for (int x = 0; x < (int)G_N_ELEMENTS(rows); x++)
        g_assert_cmpfloat(((float *)back->data[0])[x], ==, rows[x].written);
    g_assert_cmpfloat(((float *)frame->data[0])[0], ==, rows[0].given);
    av_frame_free(&frame);
    av_frame_free(&back);
}

static void fill(AVFrame *frame)
{
    guint32 state = 1;
    for (int plane = 0; plane < 4 && frame->buf[plane]; plane++)
        for (size_t i = 0; i < frame->buf[plane]->size; i++)
            frame->buf[plane]->data[i] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
}

static GBytes *pixels(const AVFrame *frame)
{
    const int size = av_image_get_buffer_size(frame->format, frame->width, frame->height, 1);
    uint8_t *data = g_malloc((gsize)size);
    g_assert_cmpint(av_image_copy_to_buffer(data, size, (const uint8_t *const *)frame->data,
                                            frame->linesize, frame->format, frame->width,
                                            frame->height, 1),
                    ==, size);
    return g_bytes_new_take(data, (gsize)size);
}

static void ffv1_keeps_every_sample_of_the_smallest_pictures(void)
{
    static const char *const formats[] = {"yuv420p", "yuv422p", "yuv444p",
                                          "yuv440p", "gray",    "yuva420p"};
    static const int sizes[][2] = {{2, 2},   {3, 2},    {2, 3},   {4, 2},   {4, 4},   {5, 7},
                                   {511, 5}, {1025, 4}, {9, 511}, {63, 35}, {64, 64}, {8, 200}};
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++)
        for (unsigned s = 0; s < G_N_ELEMENTS(sizes); s++) {
            AVFrame *frame = picture(formats[f], sizes[s][0], sizes[s][1]);
            fill(frame);
            AVFrame *back = round_trip("ffv1", "mkv", formats[f], frame);
            g_autoptr(GBytes) was = pixels(frame);
            g_autoptr(GBytes) is = pixels(back);
            if (!g_bytes_equal(was, is))
                g_error("%s of %dx%d", formats[f], sizes[s][0], sizes[s][1]);
            av_frame_free(&frame);
            av_frame_free(&back);
        }
}

/* Two slices would end in the middle of a sample of chroma, and three are too many. */
static void ffv1_says_of_which_size_it_has_no_slices(void)
{
    struct failure failure = {0};
    AVFrame *frame = picture("yuv420p", 511, 3);
    av_log_set_level(AV_LOG_QUIET);
    g_assert_null(opened("ffv1", "mkv", "yuv420p", frame, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, "a picture of 511x3"));
    g_assert_nonnull(strstr(failure.message, "`pad`"));
    failure_clear(&failure);
    av_frame_free(&frame);
}

/* Beside libav's own descriptions, of all that codecs are offered in and cameras write. */
static void formats_are_read_as_libav_describes_them(void)
{
    g_autoptr(GString) names = g_string_new(
        "nv12 nv16 nv20le nv24 p010le p016le p210le p216le y210le yvyu422 uyyvyy411 ya8 ya16be "
        "monob rgb0 0rgb argb abgr rgba64le bgra64le bgr48le x2rgb10le yuv444p14le yuva444p12le "
        "grayf32le");
    for (unsigned i = 0; i < codec_count; i++)
        if (codecs[i].kind & KIND_VIDEO)
            g_string_append_printf(names, " %s", codecs[i].pix_fmts);
    g_auto(GStrv) all = g_strsplit(names->str, " ", -1);
    for (char **name = all; *name; name++) {
        const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(av_get_pix_fmt(*name));
        struct pixel_format format;
        g_test_message("%s", *name);
        g_assert_true(pixel_format_read(*name, &format));
        g_assert_cmpint(format.depth, ==, row->comp[0].depth);
        g_assert_cmpint(format.chroma_w, ==, row->log2_chroma_w);
        g_assert_cmpint(format.chroma_h, ==, row->log2_chroma_h);
        g_assert_cmpint(format.alpha, ==, !!(row->flags & AV_PIX_FMT_FLAG_ALPHA));
        g_assert_cmpint(format.grey, ==,
                        row->nb_components < 3 && !(row->flags & AV_PIX_FMT_FLAG_PAL));
    }
    struct pixel_format unknown;
    g_assert_false(pixel_format_read("cmyk", &unknown));
    g_assert_false(pixel_format_read("yuv444pxx", &unknown));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encoder/openexr-halves",
                    halves_of_openexr_are_the_nearest_and_the_even_of_two);
    g_test_add_func("/encoder/ffv1-small", ffv1_keeps_every_sample_of_the_smallest_pictures);
    g_test_add_func("/encoder/formats", formats_are_read_as_libav_describes_them);
    g_test_add_func("/encoder/ffv1-slices", ffv1_says_of_which_size_it_has_no_slices);
    return g_test_run();
}
