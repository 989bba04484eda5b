/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame of WAVE files: RIFF as long as 32 bits hold the sizes, RF64 beyond (EBU Tech 3306).
 * Files of more than 4 GB are holes with samples at both ends; libsndfile reads them back. */
#include "sound/wave_chunks.h"
#include "sound/wave_file.h"

#include <fcntl.h>
#include <sndfile.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHANNELS = 2, FRAME = 6, RATE = 48000 };

static const struct wave_format format = {.rate = RATE, .channels = CHANNELS, .bits = 24};
static const guint8 first[FRAME] = {1, 2, 3, 4, 5, 6}, last[FRAME] = {7, 8, 9, 10, 11, 12};

static int empty(void)
{
    int fd = memfd_create("wave", MFD_ALLOW_SEALING);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

/* As if `frames` samples had been written; those in the middle are a hole. */
static int written(int64_t frames, const struct wave_format *as)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct wave_file file;
    int fd = empty();
    g_assert_true(wave_file_begin(&file, fd, as, &failure) &&
                  wave_file_chunk(&file, "abcd", "even", 4, NULL, &failure) &&
                  wave_file_data(&file, &failure) &&
                  wave_file_samples(&file, first, FRAME, &failure));
    int64_t hole = (frames - 2) * FRAME;
    file.at += hole;
    file.data_bytes += hole;
    g_assert_true(wave_file_samples(&file, last, FRAME, &failure) &&
                  wave_file_data_end(&file, &failure) &&
                  wave_file_chunk(&file, "tail", "behind", 7, NULL, &failure) &&
                  wave_file_end(&file, &failure));
    g_assert_cmpint(wave_file_frames(&file), ==, frames);
    return fd;
}

static void check_chunks(int fd)
{
    g_autoptr(GArray) chunks = wave_chunks_read(fd, lseek(fd, 0, SEEK_END));
    g_assert_cmpuint(chunks->len, ==, 2);
    const struct wave_chunk *tail = wave_chunks_find(chunks, "tail");
    g_assert_true(tail && tail->behind);
    g_autoptr(GBytes) data = wave_chunk_load(fd, tail);
    g_assert_cmpmem(g_bytes_get_data(data, NULL), g_bytes_get_size(data), "behind", 7);
    g_assert_false(wave_chunks_find(chunks, "abcd")->behind);
}

/* Closes. */
static void check(int fd, int64_t frames, const char *head)
{
    SF_INFO info = {0};
    char found[4];
    int samples[2 * CHANNELS];
    check_chunks(fd);
    g_assert_cmpint(pread(fd, found, 4, 0), ==, 4);
    g_assert_cmpmem(found, 4, head, 4);
    lseek(fd, 0, SEEK_SET);
    SNDFILE *file = sf_open_fd(fd, SFM_READ, &info, SF_TRUE);
    g_assert_nonnull(file);
    g_assert_cmpint(info.frames, ==, frames);
    g_assert_cmpint(info.channels, ==, CHANNELS);
    g_assert_cmpint(sf_readf_int(file, samples, 1), ==, 1);
    g_assert_cmpint(samples[0], ==, 0x03020100);
    g_assert_cmpint(sf_seek(file, frames - 1, SEEK_SET), ==, frames - 1);
    g_assert_cmpint(sf_readf_int(file, samples, 2), ==, 1);
    g_assert_cmpint(samples[1], ==, 0x0c0b0a00);
    sf_close(file);
}

static void beyond_4_gb_it_is_rf64(void)
{
    static const int64_t frames = INT64_C(900000000);
    check(written(frames, &format), frames, "RF64");
}

static void below_4_gb_it_is_riff(void)
{
    check(written(48000, &format), 48000, "RIFF");
    check(written(INT64_C(700000000), &format), INT64_C(700000000), "RIFF");
}

/* The outer size is one that 32 bits hold, but not all ones, which means "in ds64". */
static void the_last_riff_and_the_first_rf64(void)
{
    static const int64_t around =
        12 + 36 + 24 + 12 + 8 + 16 - 8; /* all but samples and RIFF head */
    int64_t most = (INT64_C(0xFFFFFFFE) - around) / FRAME;
    check(written(most, &format), most, "RIFF");
    check(written(most + 1, &format), most + 1, "RF64");
}

static void rf64_has_its_sizes_in_ds64(void)
{
    static const int64_t frames = INT64_C(900000000);
    int fd = written(frames, &format);
    guint8 head[80];
    guint64 number[3];
    g_assert_cmpint(pread(fd, head, sizeof head, 0), ==, sizeof head);
    g_assert_cmpmem(head + 4, 8, "\xff\xff\xff\xffWAVE", 8);
    g_assert_cmpmem(head + 12, 8, "ds64\x1c\0\0\0", 8);
    memcpy(number, head + 20, sizeof number);
    g_assert_cmpint((goffset)GUINT64_FROM_LE(number[0]), ==, lseek(fd, 0, SEEK_END) - 8);
    g_assert_cmpint((goffset)GUINT64_FROM_LE(number[1]), ==, frames * FRAME);
    g_assert_cmpint((goffset)GUINT64_FROM_LE(number[2]), ==, frames);
    close(fd);
}

/* RIFF asks for a count of samples where they aren't plain PCM. */
static void floats_have_their_count(void)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct wave_file file;
    const struct wave_format floats = {
        .rate = RATE, .channels = 1, .bits = 32, .floats = true, .extensible = true, .mask = 4};
    int fd = empty();
    const float samples[3] = {0, 0.5F, -1};
    guint8 count[4];
    SF_INFO info = {0};
    g_assert_true(wave_file_begin(&file, fd, &floats, &failure) &&
                  wave_file_data(&file, &failure) &&
                  wave_file_samples(&file, samples, sizeof samples, &failure) &&
                  wave_file_data_end(&file, &failure) && wave_file_end(&file, &failure));
    g_assert_cmpint(pread(fd, count, 4, file.fact_at), ==, 4);
    g_assert_cmpmem(count, 4, "\3\0\0\0", 4);
    lseek(fd, 0, SEEK_SET);
    SNDFILE *back = sf_open_fd(fd, SFM_READ, &info, SF_TRUE);
    g_assert_cmpint(info.format, ==, SF_FORMAT_WAVEX | SF_FORMAT_FLOAT);
    g_assert_cmpint(info.frames, ==, 3);
    sf_close(back);
}

static void a_refused_write_is_a_failure(void)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct wave_file file;
    int fd = empty();
    g_assert_true(wave_file_begin(&file, fd, &format, &failure) && wave_file_data(&file, &failure));
    g_assert_cmpint(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), ==, 0);
    g_assert_false(wave_file_samples(&file, first, FRAME, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_DISK);
    failure_clear(&failure);
    close(fd);
}

/* Sizes that lie: nothing beyond the file is a chunk. */
static void chunks_end_with_the_file(void)
{
    static const struct {
        const char *bytes;
        gsize length;
        unsigned chunks;
    } files[] = {
        {"", 0, 0},
        {"RIFF", 4, 0},
        {"RIFF\0\0\0\0WAVE", 12, 0},
        {"RIFF\0\0\0\0WAVEabcd\2\0\0\0xy", 22, 1},
        {"RIFF\0\0\0\0WAVEabcd\3\0\0\0xy", 22, 0},
        {"RIFF\0\0\0\0WAVEabcd\1\0\0\0x\0efgh\xff\xff\xff\xff", 30, 1},
        {"RF64\0\0\0\0WAVEabcd\0\0\0\0data\xff\xff\xff\xff", 28, 1},
        {"RF64\0\0\0\0WAVEds64\x1c\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
         "\0\0\0\0\0\0\0\0\0\0\0\0data\xff\xff\xff\xff",
         56, 0},
        {"RIFX\0\0\0\0WAVEabcd\0\0\0\2xy", 22, 0},
        {"FORM\0\0\0\0AIFFabcd\2\0\0\0xy", 22, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
        int fd = empty();
        g_assert_cmpint(write(fd, files[i].bytes, files[i].length), ==, (gssize)files[i].length);
        g_autoptr(GArray) chunks = wave_chunks_read(fd, (int64_t)files[i].length);
        g_test_message("file %u", i);
        g_assert_cmpuint(chunks->len, ==, files[i].chunks);
        close(fd);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wave/A22 beyond 4 GB it is RF64", beyond_4_gb_it_is_rf64);
    g_test_add_func("/wave/A22 below 4 GB it is RIFF", below_4_gb_it_is_riff);
    g_test_add_func("/wave/A22 the last RIFF and the first RF64", the_last_riff_and_the_first_rf64);
    g_test_add_func("/wave/A22 RF64 has its sizes in ds64", rf64_has_its_sizes_in_ds64);
    g_test_add_func("/wave/floats have their count", floats_have_their_count);
    g_test_add_func("/wave/a refused write is a failure", a_refused_write_is_a_failure);
    g_test_add_func("/wave/chunks end with the file", chunks_end_with_the_file);
    return g_test_run();
}
