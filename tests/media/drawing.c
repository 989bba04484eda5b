/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words and pictures laid on moving picture: in its colours, its range and its depth. */
#include "media/chain_run.h"

#include <libavutil/pixdesc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>

enum { WIDTH = 320, HEIGHT = 128 };

struct stored {
    const char *pix_fmt, *matrix, *range;
};

static struct chain *chain_of(const struct stored *kind)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(av_get_pix_fmt(kind->pix_fmt));
    const struct video_shape shape = {
        .width = WIDTH,
        .height = HEIGHT,
        .sar = {1, 1},
        .fps = {25, 1},
        .duration_s = 4,
        .depth = row->comp[0].depth,
        .rgb = row->flags & AV_PIX_FMT_FLAG_RGB,
        .chroma_w = row->log2_chroma_w,
        .chroma_h = row->log2_chroma_h,
        .pix_fmt = kind->pix_fmt,
        .range = kind->range,
        .matrix = kind->matrix,
        .primaries = "bt709",
        .transfer = "bt709",
    };
    struct failure failure = {0};
    struct chain *chain = chain_create_video(
        &(struct chain_input){.time_base = {1, 25}, .threads = 1, .video = &shape}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return chain;
}

/* Frame `n`, every sample of it `value`, through the chain. */
static AVFrame *through(struct chain *chain, int n, unsigned value)
{
    struct failure failure = {0};
    AVFrame *frame = av_frame_alloc(), *out = av_frame_alloc();
    frame->format = av_get_pix_fmt(chain_video(chain)->pix_fmt);
    frame->width = WIDTH;
    frame->height = HEIGHT;
    frame->pts = n;
    frame->pkt_duration = 1;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    bool deep = chain_video(chain)->depth > 8;
    for (size_t at = 0; at < frame->buf[0]->size / (deep ? 2 : 1); at++)
        if (deep)
            ((uint16_t *)frame->buf[0]->data)[at] = value;
        else
            frame->buf[0]->data[at] = value;
    g_assert_true(chain_push(chain, frame, &failure));
    g_assert_cmpint(chain_pull(chain, out, &failure), ==, CHAIN_FRAME);
    av_frame_free(&frame);
    return out;
}

static unsigned sample(const AVFrame *frame, int plane, int x, int y)
{
    const uint8_t *line = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
    bool deep = av_pix_fmt_desc_get(frame->format)->comp[0].depth > 8;
    return deep ? ((const uint16_t *)line)[x] : line[x];
}

/* ITU-T H.273: red in BT.709 of limited range is 63, 102, 240. */
static void words_are_of_the_pictures_own_colours(void)
{
    static const struct {
        struct stored kind;
        struct rgba color;
        unsigned codes[3];
    } rows[] = {
        {{"yuv420p", "bt709", "tv"}, {255, 0, 0, 255}, {63, 102, 240}},
        {{"yuv420p", "smpte170m", "tv"}, {255, 0, 0, 255}, {81, 90, 240}},
        {{"yuv422p", "bt709", "pc"}, {0, 0, 0, 255}, {0, 128, 128}},
        {{"yuv444p10le", "bt2020nc", "tv"}, {255, 255, 255, 255}, {940, 512, 512}},
        {{"gbrp12le", "gbr", "pc"}, {255, 0, 0, 255}, {0, 0, 4095}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = chain_of(&rows[i].kind);
        const struct text_look look = {.text = "take",
                                       .size = 40,
                                       .color = rows[i].color,
                                       .box = rows[i].color,
                                       .laid = {.from_s = NAN, .to_s = NAN}};
        g_assert_true(chain_text(chain, &failure, &look));
        AVFrame *frame = through(chain, 0, 77);
        for (int plane = 0; plane < 3; plane++) {
            g_assert_cmpint(sample(frame, plane, 4, 4), ==, rows[i].codes[plane]);
            g_assert_cmpint(sample(frame, plane, 4, 63), ==, 77);
        }
        av_frame_free(&frame);
    }
}

/* Ink and plate of one colour: whatever the digits are, the same samples are covered. */
static void a_counter_keeps_its_place(void)
{
    static const enum text_counter counters[] = {TEXT_TIMECODE, TEXT_TIME};
    const struct stored kind = {"yuv420p", "bt709", "tv"};
    for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = chain_of(&kind);
        const struct text_look look = {
            .counter = counters[i],
            .timecode = "10:11:12:13",
            .size = 24,
            .color = {255, 255, 255, 255},
            .box = {255, 255, 255, 255},
            .laid = {.across = 0.5, .down = 1, .margin = 8, .from_s = NAN, .to_s = NAN}};
        g_assert_true(chain_text(chain, &failure, &look));
        AVFrame *first = through(chain, 0, 40);
        for (int n = 1; n < 50; n++) {
            AVFrame *frame = through(chain, n, 40);
            for (int y = 0; y < HEIGHT; y++)
                g_assert_cmpmem(frame->data[0] + (ptrdiff_t)y * frame->linesize[0], WIDTH,
                                first->data[0] + (ptrdiff_t)y * first->linesize[0], WIDTH);
            av_frame_free(&frame);
        }
        g_assert_cmpint(sample(first, 0, WIDTH / 2, HEIGHT - 12), ==, 235);
        av_frame_free(&first);
    }
}

/* All letters are seen, on a plate as high as several lines. */
static void a_line_too_long_is_broken(void)
{
    const struct stored kind = {"yuv420p", "bt709", "tv"};
    static const char *const texts[] = {"the quick brown fox jumps over the lazy dog",
                                        "thequickbrownfoxjumpsoverthelazydog"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = chain_of(&kind);
        const struct text_look look = {
            .text = texts[i],
            .size = 30,
            .color = {0, 0, 0, 255},
            .box = {255, 255, 255, 255},
            .laid = {.across = 0.5, .down = 0.5, .from_s = NAN, .to_s = NAN}};
        g_assert_true(chain_text(chain, &failure, &look));
        AVFrame *frame = through(chain, 0, 77);
        for (int y = 0; y < HEIGHT; y++) {
            g_assert_cmpint(sample(frame, 0, 0, y), >=, 77);
            g_assert_cmpint(sample(frame, 0, WIDTH - 1, y), >=, 77);
        }
        g_assert_cmpint(sample(frame, 0, 8, HEIGHT / 2 - 30), ==, 235);
        g_assert_cmpint(sample(frame, 0, 8, HEIGHT / 2 + 30), ==, 235);
        g_assert_cmpuint(chain_notes(chain)->len, ==, 0);
        av_frame_free(&frame);
    }
}

static void text_too_high_is_told(void)
{
    const struct stored kind = {"yuv420p", "bt709", "tv"};
    struct failure failure = {0};
    g_auto(chain_ptr) chain = chain_of(&kind);
    const struct text_look look = {.text = "one\ntwo\nthree\nfour\nfive", .size = 40};
    g_assert_true(chain_text(chain, &failure, &look));
    g_assert_cmpuint(chain_notes(chain)->len, ==, 1);
    g_assert_nonnull(strstr(chain_notes(chain)->pdata[0], "not all of it can be seen"));
}

static void words_are_seen_from_and_until(void)
{
    const struct stored kind = {"yuv420p", "bt709", "tv"};
    struct failure failure = {0};
    g_auto(chain_ptr) chain = chain_of(&kind);
    const struct text_look look = {.text = "take",
                                   .size = 40,
                                   .box = {255, 255, 255, 255},
                                   .laid = {.from_s = 0.04, .to_s = 0.08}};
    g_assert_true(chain_text(chain, &failure, &look));
    for (int n = 0; n < 3; n++) {
        AVFrame *frame = through(chain, n, 77);
        g_assert_cmpint(sample(frame, 0, 2, 2), ==, n == 1 ? 235 : 77);
        av_frame_free(&frame);
    }
}

/* 8 by 8 pixels of white, as PNG. */
static int white_picture(void)
{
    VipsImage *black = NULL, *white = NULL;
    void *data = NULL;
    size_t length = 0;
    g_assert_cmpint(vips_black(&black, 8, 8, "bands", 3, NULL), ==, 0);
    g_assert_cmpint(vips_invert(black, &white, NULL), ==, 0);
    g_assert_cmpint(vips_pngsave_buffer(white, &data, &length, NULL), ==, 0);
    int fd = memfd_create("white", 0);
    g_assert_cmpint(write(fd, data, length), ==, (ssize_t)length);
    g_object_unref(black);
    g_object_unref(white);
    g_free(data);
    return fd;
}

static void an_overlay_keeps_the_depth(void)
{
    static const struct {
        struct stored kind;
        double opacity;
        unsigned inside, outside;
    } rows[] = {
        {{"gbrp10le", "gbr", "pc"}, 1, 1023, 513},
        {{"gbrp16le", "gbr", "pc"}, 0.5, 33152, 769},
        {{"yuv444p12le", "bt709", "tv"}, 1, 235 * 16, 513},
        {{"yuv420p", "bt709", "pc"}, 0.5, 153, 51},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = chain_of(&rows[i].kind);
        int fd = white_picture();
        const struct laid laid = {.from_s = NAN, .to_s = NAN};
        g_assert_true(chain_overlay_image(chain, &failure, fd, 0, rows[i].opacity, &laid));
        g_assert_cmpstr(chain_video(chain)->pix_fmt, ==, rows[i].kind.pix_fmt);
        AVFrame *frame = through(chain, 0, rows[i].outside);
        g_assert_cmpint(sample(frame, 0, 2, 2), ==, rows[i].inside);
        g_assert_cmpint(sample(frame, 0, 20, 20), ==, rows[i].outside);
        av_frame_free(&frame);
        close(fd);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(VIPS_INIT(argv[0]), ==, 0);
    g_test_add_func("/drawing/words are of the picture's own colours",
                    words_are_of_the_pictures_own_colours);
    g_test_add_func("/drawing/a counter keeps its place", a_counter_keeps_its_place);
    g_test_add_func("/drawing/a line too long is broken", a_line_too_long_is_broken);
    g_test_add_func("/drawing/text too high is told", text_too_high_is_told);
    g_test_add_func("/drawing/words are seen from and until", words_are_seen_from_and_until);
    g_test_add_func("/drawing/an overlay keeps the depth", an_overlay_keeps_the_depth);
    return g_test_run();
}
