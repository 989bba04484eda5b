/* SPDX-License-Identifier: GPL-3.0-or-later
 * WAVE files that tell no size of their samples, or one that 32 bits couldn't hold: all that
 * follows is sound. */
#include "sound_help.h"
#include "wave_help.h"

#include "../../src/media/probe/wave.h"
#include "../../src/media/sound/wave_chunks.h"
#include "media/sndfile.h"
#include "media/source.h"

#include <string.h>
#include <unistd.h>

#define WAV "{\"container\": \"wav\", \"audio\": {\"codec\": \"pcm_s24le\"}}"

enum { RATE = 48000, FRAMES = 2 * RATE, HEAD = 44 };

static const struct told {
    const char *head;
    guint32 riff, data;
    guint64 large; /* both of them, in ds64 */
} rows[] = {
    {"RIFF", UINT32_MAX, UINT32_MAX, 0}, /* FFmpeg, into a pipe or of more than 4 GiB */
    {"RIFF", 0, 0, 0},                   /* recorders that were switched off */
    {"RIFF", 8, 0, 0},
    {"RIFF", 36, 0, 0},
    {"RIFF", UINT32_MAX, 0, 0},
    {"RIFF", 0x7ffff024, 0x7ffff000, 0}, /* SoX, into a pipe: its MS_UNSPEC */
    {"RF64", UINT32_MAX, UINT32_MAX, 0}, /* FFmpeg's -rf64 always, into a pipe */
    {"RF64", UINT32_MAX, UINT32_MAX, G_MAXUINT64},
};

static void put(int fd, const void *data, gsize length, goffset at)
{
    g_assert_cmpint(pwrite(fd, data, length, at), ==, (gssize)length);
}

/* It is the first chunk (EBU Tech 3306), before the format, which stands there. */
static void move_ds64(int fd)
{
    enum { AT = 12, FORMAT = 24, DS64 = 36 };
    guint8 both[FORMAT + DS64];
    g_assert_cmpint(pread(fd, both, sizeof both, AT), ==, sizeof both);
    put(fd, both + FORMAT, DS64, AT);
    put(fd, both, FORMAT, AT + DS64);
}

/* Two seconds in a channel; `words`: with a Broadcast Wave chunk, too. */
static int endless(const struct told *told, bool words)
{
    struct wave *wave = wave_begin(RATE, 1);
    const guint64 ds64[4] = {told->large, told->large};
    g_autoptr(GByteArray) bext = wave_bext(172800000, "");
    if (strcmp(told->head, "RF64") == 0)
        wave_chunk(wave, "ds64", ds64, 28);
    if (words)
        wave_chunk(wave, "bext", bext->data, bext->len);
    wave_samples(wave, FRAMES);
    int fd = wave_end(wave);
    const goffset data = wave_place(fd, "data");
    put(fd, told->head, 4, 0);
    put(fd, &told->riff, 4, 4);
    put(fd, &told->data, 4, data + 4);
    if (strcmp(told->head, "RF64") == 0)
        move_ds64(fd);
    return fd;
}

static void all_that_follows_is_heard_and_nothing_else_is_found_there(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int first, last;
        g_auto(bench_ptr) bench = bench_create(endless(&rows[i], true));
        bench->task->source->duration_s = 2;
        bench_output(bench, WAV, "[{\"trim\": {\"from\": \"1.5s\"}}]");
        bench_output(bench, WAV, NULL);
        bench_render(bench);
        g_test_message("%s %x %x", rows[i].head, rows[i].riff, rows[i].data);
        g_assert_cmpstr(bench_result(bench, 0)->failure.message, ==, NULL);
        wave_ends(bench_fd(bench, 0), 1, &first, &last);
        g_assert_cmpint(first, ==, FRAMES * 3 / 4);
        g_assert_cmpint(last, ==, FRAMES - 1);
        wave_ends(bench_fd(bench, 1), 1, &first, &last);
        g_assert_cmpint(first, ==, 0);
        g_assert_cmpint(last, ==, FRAMES - 1);
        g_assert_cmpint(wave_place(bench_fd(bench, 1), "bext"), >, 0);
        g_assert_false(bench_noted(bench, 1, "dropped"));
    }
}

static void facts_count_all_that_follows_but_a_piece_of_a_sample(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fd = endless(&rows[i], false);
        const goffset size = lseek(fd, 0, SEEK_END);
        for (int more = 0; more < 2; more++) {
            g_auto(facts_ptr) facts = facts_create();
            put(fd, "x", 1, size);
            g_assert_true(media_probe_wave(fd, size + more, facts));
            g_assert_cmpint(facts->samples, ==, FRAMES);
        }
        close(fd);
    }
}

/* libavformat takes all of the file for sound. */
static void what_libav_reads_is_counted_from_its_first_sample(void)
{
    struct failure failure = {FAIL_NONE, NULL};
    int fd = endless(&rows[0], true);
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_nonnull(source);
    g_assert_cmpfloat(source_stream(source, 0)->duration_s, ==, 2);
    close(fd);
}

/* Nine hours, nearly all of it a hole. */
static void more_than_32_bits_count_is_read_to_its_end(void)
{
    static const gint64 frames = 9 * 3600 * (gint64)RATE, bytes = frames * 3;
    const struct told large[] = {
        rows[0], {"RIFF", (guint32)(bytes + HEAD - 8), (guint32)bytes, 0}, {"RIFF", 0, 0, 0}};
    g_assert_cmpint(bytes, >, (gint64)UINT32_MAX);
    for (unsigned i = 0; i < G_N_ELEMENTS(large); i++) {
        struct source_health health;
        int fd = endless(&large[i], false);
        g_assert_cmpint(ftruncate(fd, HEAD + bytes), ==, 0);
        g_auto(facts_ptr) facts = facts_create();
        g_auto(sound_file_ptr) file = sound_file_open(fd);
        g_assert_nonnull(file);
        sound_file_health(file, &health);
        g_assert_cmpint(health.declared_samples, ==, frames);
        g_assert_cmpint(health.bytes_missing, <=, 0);
        g_assert_true(media_probe_wave(fd, HEAD + bytes, facts));
        g_assert_cmpint(facts->samples, ==, frames);
        close(fd);
    }
}

static void samples_of_no_length_before_other_chunks_are_none(void)
{
    struct wave *wave = wave_begin(RATE, 1);
    wave_samples(wave, 0);
    wave_chunk(wave, "LIST", "INFO", 4);
    int fd = wave_end(wave);
    g_autoptr(GArray) chunks = wave_chunks_all(fd, lseek(fd, 0, SEEK_END));
    g_assert_cmpint(wave_chunks_find(chunks, "data")->length, ==, 0);
    g_assert_nonnull(wave_chunks_find(chunks, "LIST"));
    close(fd);
}

static void zeros_behind_the_samples_are_no_chunks(void)
{
    static const guint8 zeros[4096];
    struct wave *wave = wave_begin(RATE, 1);
    wave_samples(wave, 480);
    int fd = wave_end(wave);
    put(fd, zeros, sizeof zeros, lseek(fd, 0, SEEK_END));
    g_autoptr(GArray) chunks = wave_chunks_read(fd, lseek(fd, 0, SEEK_END));
    g_assert_cmpuint(chunks->len, ==, 0);
    close(fd);
}

/* By libsndfile, and by libavformat. */
static void sound_that_is_shorter_than_its_facts_is_damaged(void)
{
    static const struct {
        const char *encode, *sentence;
        int more;
    } readers[] = {
        {WAV, "96000 of 96001 samples", 1},
        {"{\"container\": \"mka\", \"audio\": {\"codec\": \"copy\"}}", "2.00 s of 4.00 s", FRAMES},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(readers); i++) {
        struct wave *wave = wave_begin(RATE, 1);
        wave_samples(wave, FRAMES);
        g_auto(bench_ptr) bench = bench_create(wave_end(wave));
        bench->task->source->sample_rate = RATE;
        bench->task->source->samples = FRAMES + readers[i].more;
        bench_output(bench, readers[i].encode, "[{\"trim\": {\"from\": \"1.5s\"}}]");
        bench_render(bench);
        g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_INPUT_DAMAGED);
        g_assert_nonnull(strstr(bench_result(bench, 0)->failure.message, readers[i].sentence));
    }
}

/* In an RF64 of no size libavformat finds no packet. */
static void sound_of_which_nothing_is_found_is_damaged(void)
{
    const struct told told = {"RF64", UINT32_MAX, UINT32_MAX, 0};
    g_auto(bench_ptr) bench = bench_create(endless(&told, false));
    bench->task->source->sample_rate = RATE;
    bench->task->source->samples = FRAMES;
    bench_output(bench, "{\"container\": \"mka\", \"audio\": {\"codec\": \"copy\"}}", NULL);
    bench_render(bench);
    g_assert_cmpint(bench_result(bench, 0)->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_nonnull(strstr(bench_result(bench, 0)->failure.message, "after 0.00 s of 2.00 s"));
}

#define TEST(name) g_test_add_func("/wave_endless/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(all_that_follows_is_heard_and_nothing_else_is_found_there);
    TEST(facts_count_all_that_follows_but_a_piece_of_a_sample);
    TEST(what_libav_reads_is_counted_from_its_first_sample);
    TEST(more_than_32_bits_count_is_read_to_its_end);
    TEST(samples_of_no_length_before_other_chunks_are_none);
    TEST(zeros_behind_the_samples_are_no_chunks);
    TEST(sound_that_is_shorter_than_its_facts_is_damaged);
    TEST(sound_of_which_nothing_is_found_is_damaged);
    return g_test_run();
}
