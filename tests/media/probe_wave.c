/* SPDX-License-Identifier: GPL-3.0-or-later
 * The facts of a plain WAVE file by its chunks are those that libavformat finds. */
#include "media/probe.h"
#include "media/source.h"

#include "../../src/media/probe/wave.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct wave {
    int tag, channels, rate, bits, samples;
    const char *word;  /* of four bytes among the samples, behind a thousand; NULL none */
    unsigned mask;     /* of an extensible one; 0: it is none */
    const char *list;  /* of texts: the whole content; NULL none */
    const char *other; /* id of a chunk of two bytes behind the samples; NULL none */
};

static void add(GByteArray *to, guint64 value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        guint8 byte = (guint8)(value >> 8 * i);
        g_byte_array_append(to, &byte, 1);
    }
}

static void add_chunk(GByteArray *to, const char *id, const void *data, gsize length)
{
    g_byte_array_append(to, (const guint8 *)id, 4);
    add(to, length, 4);
    g_byte_array_append(to, data, (guint)length);
    if (length & 1)
        add(to, 0, 1);
}

static void add_format(GByteArray *to, const struct wave *wave)
{
    static const guint8 guid[] = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71};
    int frame = wave->channels * wave->bits / 8;
    g_autoptr(GByteArray) format = g_byte_array_new();
    add(format, wave->mask ? 0xfffe : (guint64)wave->tag, 2);
    add(format, (guint64)wave->channels, 2);
    add(format, (guint64)wave->rate, 4);
    add(format, (guint64)wave->rate * (guint64)frame, 4);
    add(format, (guint64)frame, 2);
    add(format, (guint64)wave->bits, 2);
    if (wave->mask) {
        add(format, 22, 2);
        add(format, (guint64)wave->bits, 2);
        add(format, wave->mask, 4);
        add(format, (guint64)wave->tag, 2);
        g_byte_array_append(format, guid, sizeof guid);
    }
    add_chunk(to, "fmt ", format->data, format->len);
}

static int write_wave(const struct wave *wave, gint64 *size)
{
    gsize bytes = (gsize)wave->samples * (gsize)(wave->channels * wave->bits / 8);
    g_autofree guint8 *samples = g_malloc(bytes + 1);
    for (gsize i = 0; i < bytes; i++)
        samples[i] = (guint8)(i * 37 % 50 + (i & 3 ? 0 : 11));
    if (wave->word)
        memcpy(samples + 1000, wave->word, 4);
    g_autoptr(GByteArray) body = g_byte_array_new(), file = g_byte_array_new();
    g_byte_array_append(body, (const guint8 *)"WAVE", 4);
    add_format(body, wave);
    if (wave->list)
        add_chunk(body, "LIST", wave->list, 26);
    add_chunk(body, "data", samples, bytes);
    if (wave->other)
        add_chunk(body, wave->other, "ab", 2);
    add_chunk(file, "RIFF", body->data, body->len);
    int fd = memfd_create("wave", MFD_CLOEXEC);
    g_assert_cmpint(write(fd, file->data, file->len), ==, file->len);
    *size = file->len;
    return fd;
}

static char *text_of(struct facts *facts)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), facts_to_json(facts));
    return json_to_string(node, TRUE);
}

static void expect_same(const struct wave *wave)
{
    gint64 size;
    struct failure failure = {FAIL_NONE, NULL};
    int fd = write_wave(wave, &size);
    g_auto(facts_ptr) ours = facts_create(), libav = facts_create();
    g_assert_true(media_probe_wave(fd, size, ours));
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_nonnull(source);
    media_probe_source(source, libav);
    g_autofree char *one = text_of(ours), *other = text_of(libav);
    g_assert_cmpstr(one, ==, other);
    close(fd);
}

static const struct {
    int tag, bits;
} forms[] = {{1, 8}, {1, 16}, {1, 24}, {1, 32}, {3, 32}, {3, 64}};
static const int rates[] = {8000, 22050, 44100, 48000, 96000, 192000};
static const int counts[] = {2000, 12345, 44100, 48001};

static void every_form_rate_and_length_has_the_facts_that_libav_finds(void)
{
    for (unsigned f = 0; f < G_N_ELEMENTS(forms); f++)
        for (unsigned r = 0; r < G_N_ELEMENTS(rates); r++)
            for (unsigned c = 0; c < G_N_ELEMENTS(counts); c++)
                expect_same(&(struct wave){.tag = forms[f].tag,
                                           .bits = forms[f].bits,
                                           .channels = 1 + (int)(c & 1),
                                           .rate = rates[r],
                                           .samples = counts[c]});
}

#define PROGRAM "INFOISFT\x0e\0\0\0Lavf59.27.100\0"
#define TITLE "INFOINAM\x0e\0\0\0Lavf59.27.100\0"

static void named_places_and_the_name_of_a_program_change_nothing(void)
{
    struct wave wave = {.tag = 1, .bits = 24, .channels = 2, .rate = 48000, .samples = 4800};
    wave.mask = 3;
    expect_same(&wave);
    wave.list = PROGRAM;
    expect_same(&wave);
    wave.channels = 1;
    wave.mask = 4;
    expect_same(&wave);
}

static void expect_other(const struct wave *wave, gint64 cut)
{
    gint64 size;
    int fd = write_wave(wave, &size);
    g_auto(facts_ptr) facts = facts_create();
    g_assert_cmpint(ftruncate(fd, size - cut), ==, 0);
    g_assert_false(media_probe_wave(fd, size - cut, facts));
    g_assert_null(facts->codec);
    close(fd);
}

static void what_says_more_or_is_damaged_is_left_to_libav(void)
{
    const struct wave plain = {.tag = 1, .bits = 16, .channels = 2, .rate = 48000, .samples = 480};
    struct wave wave = plain;
    expect_other(&plain, 1);
    expect_other(&plain, 1000);
    wave.other = "bext";
    expect_other(&wave, 0);
    wave.other = "id3 ";
    expect_other(&wave, 0);
    wave = plain;
    wave.list = TITLE;
    expect_other(&wave, 0);
    wave = plain;
    wave.channels = 6;
    expect_other(&wave, 0);
    wave = plain;
    wave.mask = 0x30; /* behind the listener */
    expect_other(&wave, 0);
    wave = plain;
    wave.tag = 0x55; /* MP3 */
    expect_other(&wave, 0);
    wave = plain;
    wave.samples = 0;
    expect_other(&wave, 0);
}

/* ETSI TS 102 114, 5.3 and annex E: 16 and 14 bits, each of both byte orders; IEC 61937-1, 6.1.7:
 * Pa F872h, Pb 4E1Fh. */
static void what_may_be_dts_or_iec_61937_is_left_to_libav(void)
{
    static const char *const words[] = {"\x7f\xfe\x80\x01", "\xfe\x7f\x01\x80", "\x1f\xff\xe8\x00",
                                        "\xff\x1f\x00\xe8", "\x72\xf8\x1f\x4e"};
    struct wave wave = {.tag = 1, .bits = 16, .channels = 2, .rate = 48000, .samples = 4800};
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        wave.word = words[i];
        expect_other(&wave, 0);
    }
    wave.bits = 24;
    expect_same(&wave);
}

#define TEST(name) g_test_add_func("/probe_wave/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(every_form_rate_and_length_has_the_facts_that_libav_finds);
    TEST(named_places_and_the_name_of_a_program_change_nothing);
    TEST(what_says_more_or_is_damaged_is_left_to_libav);
    TEST(what_may_be_dts_or_iec_61937_is_left_to_libav);
    return g_test_run();
}
