/* SPDX-License-Identifier: GPL-3.0-or-later
 * Forms of sound, by headers that are put together from their standards. */
#include "media/sound_form.h"

#include <glib.h>
#include <string.h>

static struct sound_form form_of(enum AVCodecID codec, const uint8_t *data, int size)
{
    const AVCodecParameters par = {.codec_type = AVMEDIA_TYPE_AUDIO, .codec_id = codec};
    const AVPacket packet = {.data = (uint8_t *)data, .size = size};
    return sound_form_of(&par, &packet);
}

#define FORM(codec, ...) form_of(codec, (const uint8_t[8]){__VA_ARGS__}, 8)

static void expect(struct sound_form form, enum AVCodecID codec, int rate_hz, int channels)
{
    g_assert_cmpint(form.codec, ==, codec);
    g_assert_cmpint(form.rate_hz, ==, rate_hz);
    g_assert_cmpint(form.channels, ==, channels);
}

/* ISO/IEC 11172-3, 2.4.2.3: syncword, ID, layer, sampling_frequency, mode. */
static void test_mpeg(void)
{
    expect(FORM(AV_CODEC_ID_MP2, 0xff, 0xfd, 0x94, 0x00), AV_CODEC_ID_MP2, 48000, 2);
    expect(FORM(AV_CODEC_ID_MP2, 0xff, 0xfd, 0x90, 0xc0), AV_CODEC_ID_MP2, 44100, 1);
    expect(FORM(AV_CODEC_ID_MP2, 0xff, 0xf5, 0x98, 0x40), AV_CODEC_ID_MP2, 16000, 2);
    expect(FORM(AV_CODEC_ID_MP3, 0xff, 0xe3, 0x90, 0x40), AV_CODEC_ID_MP3, 11025, 2);
}

/* ISO/IEC 13818-7, 6.2.1: sampling_frequency_index, channel_configuration. */
static void test_adts(void)
{
    expect(FORM(AV_CODEC_ID_AAC, 0xff, 0xf1, 0x4c, 0x80, 0, 0, 0), AV_CODEC_ID_AAC, 48000, 2);
    expect(FORM(AV_CODEC_ID_AAC, 0xff, 0xf9, 0x51, 0xc0, 0, 0, 0), AV_CODEC_ID_AAC, 44100, 8);
}

/* ETSI TS 102 366: fscod, bsid, acmod and lfeon behind mix levels (4.3.1, 4.3.2; E.1.2.2). */
static void test_dolby(void)
{
    expect(FORM(AV_CODEC_ID_AC3, 0x0b, 0x77, 0, 0, 0x14, 0x40, 0x40, 0), AV_CODEC_ID_AC3, 48000, 2);
    expect(FORM(AV_CODEC_ID_AC3, 0x0b, 0x77, 0, 0, 0x5e, 0x40, 0xe1, 0), AV_CODEC_ID_AC3, 44100, 6);
    expect(FORM(AV_CODEC_ID_EAC3, 0x0b, 0x77, 0, 0, 0x3f, 0x80, 0, 0), AV_CODEC_ID_EAC3, 48000, 6);
    expect(FORM(AV_CODEC_ID_EAC3, 0x0b, 0x77, 0, 0, 0xd4, 0x80, 0, 0), AV_CODEC_ID_EAC3, 22050, 2);
}

static void test_what_says_nothing(void)
{
    const uint8_t cut[] = {0xff, 0xfd, 0x94, 0x00};
    expect(FORM(AV_CODEC_ID_MP2, 0, 0xfd, 0x94), AV_CODEC_ID_NONE, 0, 0);
    expect(FORM(AV_CODEC_ID_AC3, 0x0b, 0x77, 0, 0, 0xd4, 0x40), AV_CODEC_ID_NONE, 0, 0);
    expect(FORM(AV_CODEC_ID_EAC3, 0x0b, 0x77, 0x40, 0, 0x3f, 0x80), AV_CODEC_ID_NONE, 0, 0);
    expect(FORM(AV_CODEC_ID_PCM_S16LE, 0xff, 0xfd, 0x94), AV_CODEC_ID_NONE, 0, 0);
    expect(form_of(AV_CODEC_ID_MP2, cut, sizeof cut), AV_CODEC_ID_NONE, 0, 0);
}

static void test_what_a_track_may_have(void)
{
    const struct sound_form stereo = {AV_CODEC_ID_AAC, 48000, 2},
                            mono = {AV_CODEC_ID_AAC, 48000, 1}, ac3 = {AV_CODEC_ID_AC3, 48000, 2},
                            six = {AV_CODEC_ID_AC3, 48000, 6}, slow = {AV_CODEC_ID_AC3, 44100, 2};
    g_assert_false(sound_form_fits(&stereo, &mono));
    g_assert_true(sound_form_fits(&ac3, &six));
    g_assert_false(sound_form_fits(&ac3, &slow));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sound_form/mpeg", test_mpeg);
    g_test_add_func("/sound_form/adts", test_adts);
    g_test_add_func("/sound_form/dolby", test_dolby);
    g_test_add_func("/sound_form/none", test_what_says_nothing);
    g_test_add_func("/sound_form/track", test_what_a_track_may_have);
    return g_test_run();
}
