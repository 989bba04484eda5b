/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cues that overlap, where only one sample can be shown: 3GPP TS 26.245, 5.17. */
#include "text/timed_text.h"

#include <glib.h>
#include <libavutil/intreadwrite.h>
#include <string.h>

/* A cue, in italics from its second character to its end where that is asked for. */
static void put(struct timed_text *text, int64_t from, int64_t to, const char *words, bool italic)
{
    enum { BOX = 8 + 2 + 12 };
    const size_t length = strlen(words), size = 2 + length + (italic ? BOX : 0);
    AVPacket *cue = av_packet_alloc();
    g_assert_cmpint(av_new_packet(cue, (int)size), ==, 0);
    AV_WB16(cue->data, length);
    memcpy(cue->data + 2, words, length);
    if (italic) {
        uint8_t *box = cue->data + 2 + length;
        memset(box, 0, BOX);
        AV_WB32(box, BOX);
        memcpy(box + 4, "styl", 4);
        AV_WB16(box + 8, 1);
        AV_WB16(box + 10, 1);
        AV_WB16(box + 12, g_utf8_strlen(words, -1));
        box[16] = 2;
    }
    cue->pts = cue->dts = from;
    cue->duration = to - from;
    timed_text_put(text, cue);
    av_packet_free(&cue);
}

/* Samples as "0-10 one|two", and where there are styles, " 1,3" for each. */
static void expect(struct timed_text *text, const char *want)
{
    g_autoptr(GString) got = g_string_new(NULL);
    for (AVPacket *sample; (sample = timed_text_next(text)); av_packet_free(&sample)) {
        const unsigned length = AV_RB16(sample->data);
        g_autofree char *words = g_strndup((char *)sample->data + 2, length);
        g_string_append_printf(got, "%s%d-%d %s", got->len ? " / " : "", (int)sample->pts,
                               (int)(sample->pts + sample->duration),
                               g_strdelimit(words, "\n", '|'));
        g_assert_cmpint(sample->dts, ==, sample->pts);
        const uint8_t *box = sample->data + 2 + length;
        if (sample->size == (int)(2 + length))
            continue;
        g_assert_cmpmem(box + 4, 4, "styl", 4);
        g_assert_cmpint(AV_RB32(box), ==, sample->size - 2 - length);
        for (unsigned i = 0; i < AV_RB16(box + 8); i++) {
            g_string_append_printf(got, " %d,%d", AV_RB16(box + 10 + 12 * i),
                                   AV_RB16(box + 12 + 12 * i));
            g_assert_cmpint(box[16 + 12 * i], ==, 2);
        }
    }
    g_assert_cmpstr(got->str, ==, want);
}

static void cues_apart_stay_as_they_are(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 1, 3, "one", true);
    expect(text, "");
    put(text, 3, 5, "two", false);
    expect(text, "1-3 one 1,3");
    put(text, 8, 9, "three", false);
    timed_text_pass(text, INT64_MAX);
    expect(text, "3-5 two / 8-9 three");
    g_assert_cmpint(timed_text_overlaps(text), ==, 0);
    timed_text_destroy(text);
}

static void all_that_are_shown_are_in_a_sample(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 0, 10, "sign", false);
    put(text, 1, 3, "one", false);
    put(text, 2, 5, "two", false);
    put(text, 12, 13, "last", false);
    timed_text_pass(text, INT64_MAX);
    expect(text, "0-1 sign / 1-2 sign|one / 2-3 sign|one|two / 3-5 sign|two / 5-10 sign / "
                 "12-13 last");
    g_assert_cmpint(timed_text_overlaps(text), ==, 3);
    timed_text_destroy(text);
}

static void those_that_begin_together_are_one(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 1, 3, "above", false);
    put(text, 1, 3, "below", false);
    timed_text_pass(text, INT64_MAX);
    expect(text, "1-3 above|below");
    timed_text_destroy(text);
}

/* Characters are counted, not bytes, and the line's end is one. */
static void styles_go_with_their_words(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 0, 2, "d\xc3\xa9j\xc3\xa0", true);
    put(text, 0, 2, "vu", true);
    timed_text_pass(text, INT64_MAX);
    expect(text, "0-2 d\xc3\xa9j\xc3\xa0|vu 1,4 6,7");
    timed_text_destroy(text);
}

static void gaps_are_filled_as_they_are_known(void)
{
    struct timed_text *text = timed_text_create(2);
    timed_text_pass(text, 1);
    expect(text, "");
    timed_text_pass(text, 3);
    expect(text, "0-3 ");
    put(text, 4, 6, "one", false);
    put(text, 7, 8, "two", false);
    expect(text, "3-4  / 4-6 one / 6-7 ");
    timed_text_pass(text, INT64_MAX);
    expect(text, "7-8 two / 8-9 ");
    timed_text_destroy(text);
}

static void what_has_been_shown_does_not_wait(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 0, 4, "one", false);
    timed_text_pass(text, 3);
    expect(text, "");
    timed_text_pass(text, 4);
    expect(text, "0-4 one");
    put(text, 3, 6, "late", false);
    timed_text_pass(text, INT64_MAX);
    expect(text, "4-6 late");
    timed_text_destroy(text);
}

static void one_without_an_end_is_shown_until_the_next(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 0, 0, "one", false);
    put(text, 4, 4, "two", false);
    expect(text, "0-4 one");
    put(text, 6, 6, "", false);
    expect(text, "4-6 two");
    timed_text_pass(text, INT64_MAX);
    expect(text, "");
    timed_text_destroy(text);
}

/* Text in UTF-16 can't stand beside other. */
static void another_coding_stands_alone(void)
{
    struct timed_text *text = timed_text_create(0);
    put(text, 0, 2, "\xfe\xff\x30\x42", false);
    put(text, 1, 2, "two", false);
    timed_text_pass(text, 1);
    AVPacket *alone = timed_text_next(text);
    g_assert_cmpint(alone->data[2], ==, 0xfe);
    av_packet_free(&alone);
    timed_text_pass(text, INT64_MAX);
    expect(text, "1-2 two");
    timed_text_destroy(text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timed_text/apart", cues_apart_stay_as_they_are);
    g_test_add_func("/timed_text/overlap", all_that_are_shown_are_in_a_sample);
    g_test_add_func("/timed_text/together", those_that_begin_together_are_one);
    g_test_add_func("/timed_text/styles", styles_go_with_their_words);
    g_test_add_func("/timed_text/gaps", gaps_are_filled_as_they_are_known);
    g_test_add_func("/timed_text/pass", what_has_been_shown_does_not_wait);
    g_test_add_func("/timed_text/no-end", one_without_an_end_is_shown_until_the_next);
    g_test_add_func("/timed_text/coding", another_coding_stands_alone);
    return g_test_run();
}
