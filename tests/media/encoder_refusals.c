/* SPDX-License-Identifier: GPL-3.0-or-later
 * Settings that an encoder refuses: what is said of them. */
#include "base/diag.h"
#include "media/catalogue.h"
#include "media/chain.h"
#include "media/encoder.h"
#include "media/log.h"
#include "model/catalogue.h"

#include <libavutil/channel_layout.h>
#include <math.h>
#include <unistd.h>

static const int rates_hz[] = {8000, 11025, 16000, 22050, 32000, 44100, 48000, 64000, 96000};
static const int channels[] = {1, 2, 3, 6};

static bool opens(const char *encoder, int64_t bitrate, int rate_hz, int number)
{
    AVCodecContext *context = avcodec_alloc_context3(avcodec_find_encoder_by_name(encoder));
    context->sample_rate = rate_hz;
    context->sample_fmt = context->codec->sample_fmts[0];
    context->bit_rate = bitrate;
    av_channel_layout_default(&context->ch_layout, number);
    const bool opened = avcodec_open2(context, NULL, NULL) == 0;
    avcodec_free_context(&context);
    return opened;
}

static void bitrates_are_agreed(const char *name, int rate_hz, int number)
{
    const struct codec *codec = codec_find(name);
    for (double bitrate = 6000; bitrate < 1.7e6; bitrate *= 1.07) {
        g_autofree char *hint = NULL;
        g_autofree char *why = bitrate_refusal(codec, llround(bitrate), rate_hz, number, &hint);
        g_test_message("%s: %d Hz, %d channels, %.0f: %s", name, rate_hz, number, bitrate, why);
        g_assert_cmpint(opens(codec->encoder, llround(bitrate), rate_hz, number), ==, !why);
    }
}

static void bitrates_are_those_that_the_encoders_have(void)
{
    const int av_level = av_log_get_level();
    av_log_set_level(AV_LOG_QUIET);
    for (unsigned i = 0; i < G_N_ELEMENTS(rates_hz); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(channels); k++)
            bitrates_are_agreed("vorbis", rates_hz[i], channels[k]);
    bitrates_are_agreed("opus", 48000, 2);
    bitrates_are_agreed("opus", 48000, 6);
    av_log_set_level(av_level);
}

static struct encoder *of_sound(const struct encode_audio *encode, const char *codec, int rate_hz,
                                int number, struct failure *failure)
{
    AVChannelLayout layout;
    char words[64];
    const struct sound_shape shape = {.rate = rate_hz, .channels = number, .layout = words};
    const struct encoder_setup setup = {.codec = codec, .time_base = {1, rate_hz}, .threads = 1};
    av_channel_layout_default(&layout, number);
    av_channel_layout_describe(&layout, words, sizeof words);
    return encoder_open_sound(encode, &shape, AV_SAMPLE_FMT_FLTP, &setup, failure);
}

static void vorbis_of_any_rate_needs_no_bitrate(void)
{
    struct encode *encode = encode_create();
    for (unsigned i = 0; i < G_N_ELEMENTS(rates_hz); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(channels); k++) {
            struct failure failure = {0};
            struct encoder *encoder =
                of_sound(&encode->audio, "vorbis", rates_hz[i], channels[k], &failure);
            g_assert_cmpstr(failure.message, ==, NULL);
            encoder_close(encoder);
        }
    encode_destroy(encode);
}

static void a_bitrate_out_of_reach_is_told_with_the_reach(void)
{
    struct encode *encode = encode_create();
    struct failure failure = {0};
    encode->audio.bitrate = 300e3;
    g_assert_null(of_sound(&encode->audio, "vorbis", 8000, 1, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, "8 to 42 kbit/s"));
    failure_clear(&failure);
    encode_destroy(encode);
}

static const struct video_shape picture = {.width = 640,
                                           .height = 360,
                                           .sar = {1, 1},
                                           .fps = {25, 1},
                                           .depth = 8,
                                           .chroma_w = 1,
                                           .chroma_h = 1,
                                           .pix_fmt = "yuv420p",
                                           .range = "tv",
                                           .matrix = "bt709",
                                           .primaries = "bt709",
                                           .transfer = "bt709"};

static char *refusal_of_picture(const struct encode_video *encode, const char *codec)
{
    const struct encoder_setup setup = {
        .codec = codec, .time_base = {1, 25}, .nominal_fps = {25, 1}, .threads = 1};
    struct failure failure = {0};
    g_assert_null(encoder_open_picture(encode, &picture, &setup, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    return failure.message;
}

/* As the log of a task is: a file that can be read. */
static int log_into_file(void)
{
    g_autofree char *path = NULL;
    const int terminal = dup(STDERR_FILENO), file = g_file_open_tmp(NULL, &path, NULL);
    unlink(path);
    dup2(file, STDERR_FILENO);
    close(file);
    return terminal;
}

static void an_encoder_says_its_own_words(void)
{
    static const struct {
        const char *codec, *level, *said;
    } rows[] = {
        {"hevc", "99", "specified level 99 does not exist"}, /* printed past libav */
        {"h264", "99", "invalid level_idc: 99"},
        {"ffv1", "2", "Version 2"},
    };
    const int terminal = log_into_file();
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct encode *encode = encode_create();
        encode->video.level = g_strdup(rows[i].level);
        g_autofree char *why = refusal_of_picture(&encode->video, rows[i].codec);
        g_test_message("%s", why);
        g_assert_nonnull(strstr(why, rows[i].said));
        g_assert_nonnull(strstr(why, "a picture of 640x360 in yuv420p at 25 frames a second"));
        g_assert_nonnull(strstr(why, "`encode.video`"));
        encode_destroy(encode);
    }
    dup2(terminal, STDERR_FILENO);
    close(terminal);
}

static void an_option_that_cannot_be_is_told_with_what_can(void)
{
    struct encode *encode = encode_create();
    encode->video.profile = g_strdup("ultra");
    g_autofree char *why = refusal_of_picture(&encode->video, "prores");
    g_assert_nonnull(strstr(why, "allowed: auto, proxy, lt, standard, hq, 4444, 4444xq"));
    encode_destroy(encode);
}

static void prores_422_of_transparency_is_refused(void)
{
    struct encode *encode = encode_create();
    struct failure failure = {0};
    struct encoder_wants wants;
    encode->video.profile = g_strdup("hq");
    encode->video.pix_fmt = g_strdup("yuva444p10le");
    g_assert_false(
        encoder_wants_picture(&encode->video, &picture, "prores", "mov", &wants, &failure));
    g_assert_nonnull(strstr(failure.message, "`profile: 4444`"));
    failure_clear(&failure);
    encode_destroy(encode);
}

/* Names of values that stand in the encoder's own options, and those that libav only hands on. */
static void the_catalogue_knows_the_names_of_values(void)
{
    static const struct {
        const char *encoder, *option, *value;
        bool allowed;
    } rows[] = {{"mpeg2video", "profile", "422", true}, {"aac", "profile", "aac_ltp", true},
                {"libx264", "preset", "slower", true},  {"libx264", "preset", "warp", false},
                {"libx265", "tune", "grain", true},     {"libx265", "tune", "film", false},
                {"libx264", "profile", "main10", false}};
    g_autoptr(JsonNode) node = media_catalogue();
    g_autofree char *text = json_to_string(node, FALSE);
    g_auto(catalogue_ptr) catalogue = catalogue_from_text(text, -1, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *why =
            catalogue_check_option(catalogue, rows[i].encoder, rows[i].option, rows[i].value);
        g_test_message("%s %s: %s", rows[i].option, rows[i].value, why);
        g_assert_cmpint(!why, ==, rows[i].allowed);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/refusal/bitrates", bitrates_are_those_that_the_encoders_have);
    g_test_add_func("/refusal/vorbis", vorbis_of_any_rate_needs_no_bitrate);
    g_test_add_func("/refusal/reach", a_bitrate_out_of_reach_is_told_with_the_reach);
    g_test_add_func("/refusal/words", an_encoder_says_its_own_words);
    g_test_add_func("/refusal/options", an_option_that_cannot_be_is_told_with_what_can);
    g_test_add_func("/refusal/prores-alpha", prores_422_of_transparency_is_refused);
    g_test_add_func("/refusal/names", the_catalogue_knows_the_names_of_values);
    return g_test_run();
}
