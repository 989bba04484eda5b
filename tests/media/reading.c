/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading: what a file is, whether it is whole, how loud it is. Files are made here, in memory. */
#include "media/io.h"
#include "media/log.h"
#include "media/meter.h"
#include "media/probe.h"

#include <fcntl.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RATE = 48000 };

static int file_of(const void *data, gsize length)
{
    int fd = memfd_create("test", 0);
    g_assert_cmpint(write(fd, data, length), ==, (ssize_t)length);
    return fd;
}

static void put_little(GByteArray *to, guint32 value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        g_byte_array_append(to, &(guint8){(guint8)(value >> 8 * i)}, 1);
}

/* A stereo WAV of 16 bits with a sine of 1 kHz at `peak` (full scale 1). */
static GByteArray *make_wav(double seconds, double peak)
{
    GByteArray *wav = g_byte_array_new();
    guint32 frames = (guint32)lrint(seconds * RATE);
    g_byte_array_append(wav, (const guint8 *)"RIFF", 4);
    put_little(wav, 36 + frames * 4, 4);
    g_byte_array_append(wav, (const guint8 *)"WAVEfmt ", 8);
    put_little(wav, 16, 4);
    put_little(wav, 1, 2);
    put_little(wav, 2, 2);
    put_little(wav, RATE, 4);
    put_little(wav, RATE * 4, 4);
    put_little(wav, 4, 2);
    put_little(wav, 16, 2);
    g_byte_array_append(wav, (const guint8 *)"data", 4);
    put_little(wav, frames * 4, 4);
    for (guint32 i = 0; i < frames; i++) {
        long value = lrint(32767 * peak * sin(2 * G_PI * 1000 * i / RATE));
        put_little(wav, (guint32)value & 0xffff, 2);
        put_little(wav, (guint32)value & 0xffff, 2);
    }
    return wav;
}

static enum failure_class class_of_probe(const void *data, gsize length)
{
    g_auto(facts_ptr) facts = facts_create();
    struct failure failure = {0};
    int fd = file_of(data, length);
    media_probe(fd, NULL, facts, &failure);
    close(fd);
    enum failure_class class = failure.class;
    g_assert_true(class == FAIL_NONE || failure.message);
    failure_clear(&failure);
    return class;
}

static void strangers_are_refused_in_words(void)
{
    const char text[] = "not a film at all, whatever it is called\n";
    const char playlist[] = "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n";
    g_assert_cmpint(class_of_probe(text, sizeof text - 1), ==, FAIL_UNSUPPORTED);
    g_assert_cmpint(class_of_probe(playlist, sizeof playlist - 1), ==, FAIL_UNSUPPORTED);
    g_assert_cmpint(class_of_probe("", 0), ==, FAIL_INPUT_DAMAGED);
    g_assert_cmpint(class_of_probe("\xff\xd8\xff\xe0", 4), ==, FAIL_INPUT_DAMAGED);
}

static void a_wav_has_its_facts(void)
{
    g_autoptr(GByteArray) wav = make_wav(2, 0.5);
    g_auto(facts_ptr) facts = facts_create();
    struct failure failure = {0};
    int fd = file_of(wav->data, wav->len);
    g_assert_true(media_probe(fd, NULL, facts, &failure));
    g_assert_cmpint(facts->kind, ==, KIND_AUDIO);
    g_assert_cmpstr(facts->container, ==, "wav");
    g_assert_cmpstr(facts->channel_layout, ==, "stereo");
    g_assert_cmpint(facts->samples, ==, 2 * RATE);
    close(fd);
}

static char *damage_of(const GByteArray *wav, gsize length, struct facts *facts)
{
    struct failure failure = {0};
    struct source_health health;
    char *sentence;
    int fd = file_of(wav->data, length);
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_nonnull(source);
    struct measure_opts opts = {.loudness = true};
    g_assert_true(measure_source(source, &opts, facts, &health, &failure));
    source_damaged(&health, &sentence);
    close(fd);
    return sentence;
}

static void a_cut_file_is_noticed(void)
{
    g_autoptr(GByteArray) wav = make_wav(4, 0.5);
    static const double kept[] = {0.1, 0.5, 0.9};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_auto(facts_ptr) facts = facts_create();
        g_autofree char *cut = damage_of(wav, (gsize)(wav->len * kept[i]), facts);
        g_assert_nonnull(cut);
    }
    g_auto(facts_ptr) facts = facts_create();
    g_assert_null(damage_of(wav, wav->len, facts));
    g_assert_cmpint(facts->decoded_samples, ==, 4 * RATE);
}

/* EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS, ±0.1, in M, S and I. */
static void loudness_of_a_sine(void)
{
    g_autoptr(GByteArray) wav = make_wav(20, pow(10, -23.0 / 20));
    g_auto(facts_ptr) facts = facts_create();
    g_assert_null(damage_of(wav, wav->len, facts));
    g_assert_cmpfloat_with_epsilon(facts->integrated_lufs, -23, 0.1);
    g_assert_cmpfloat_with_epsilon(facts->max_momentary_lufs, -23, 0.1);
    g_assert_cmpfloat_with_epsilon(facts->max_short_term_lufs, -23, 0.1);
    g_assert_cmpfloat_with_epsilon(facts->true_peak_dbtp, -23, 0.2);
}

static void silence_is_unmeasurable_and_a_span(void)
{
    g_autoptr(GByteArray) wav = make_wav(3, 0);
    g_auto(facts_ptr) facts = facts_create();
    g_assert_null(damage_of(wav, wav->len, facts));
    g_assert_true(isnan(facts->integrated_lufs));
    g_assert_true(isnan(facts->true_peak_dbtp));
    g_assert_cmpint(facts->silence->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(facts->silence, struct span, 0).end_s, 3, 1e-3);
}

static void seeking_lands_at_or_before(void)
{
    g_autoptr(GByteArray) wav = make_wav(10, 0.5);
    struct failure failure = {0};
    struct source_item item;
    int fd = file_of(wav->data, wav->len);
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_true(source_use(source, source_sound(source), SOURCE_DECODE, &failure));
    g_assert_true(source_seek(source, 7, &failure));
    g_assert_cmpint(source_next(source, &item, &failure), ==, SOURCE_FRAME);
    g_assert_cmpfloat(item.time_s, <=, 7);
    g_assert_cmpfloat(item.time_s, >, 5);
    close(fd);
}

static void a_full_disk_is_remembered(void)
{
    struct failure failure = {0};
    int fd = open("/dev/full", O_RDWR);
    struct io *io = io_writer(fd);
    avio_write(io_context(io), (const guint8 *)"data", 4);
    g_assert_false(io_close(io, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_DISK);
    failure_clear(&failure);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/reading/strangers are refused in words", strangers_are_refused_in_words);
    g_test_add_func("/reading/a WAV has its facts", a_wav_has_its_facts);
    g_test_add_func("/reading/a cut file is noticed", a_cut_file_is_noticed);
    g_test_add_func("/reading/loudness of a sine (EBU Tech 3341, 1)", loudness_of_a_sine);
    g_test_add_func("/reading/silence is unmeasurable and a span",
                    silence_is_unmeasurable_and_a_span);
    g_test_add_func("/reading/seeking lands at or before", seeking_lands_at_or_before);
    g_test_add_func("/reading/a full disk is remembered", a_full_disk_is_remembered);
    return g_test_run();
}
