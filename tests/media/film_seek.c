/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places in films of containers that count their own times. */
#include "film.h"
#include "media/log.h"
#include "media/source.h"

#include <math.h>
#include <unistd.h>

/* Of AVI, whose demuxer knows no time before its first one. */
static void before_the_first_key_picture_all_is_read_with_its_times(void)
{
    const struct film film = {
        .muxer = "avi", .codec = "pcm_s16le", .frames = 50, .samples = 2 * FILM_RATE, .sounds = 1};
    struct failure failure = {0};
    struct source_item item;
    const int fd = film_make(&film);
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_nonnull(source);
    g_assert_true(source_use(source, source_picture(source), SOURCE_PACKETS, &failure));
    g_assert_true(source_seek(source, 0.5, &failure));
    g_assert_cmpint(source_next(source, &item, &failure), ==, SOURCE_PACKET);
    g_assert_cmpint(item.packet->dts, ==, 0);
    close(fd);
}

enum { PICTURES = 100, RATE = 25 };

/* Of each picture from there on, NAN where nothing is sought, at its time, how bright its first
 * sample is; 0 none. */
static void read_from(int fd, double from_s, int *levels)
{
    struct failure failure = {0};
    struct source_item item;
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_nonnull(source);
    g_assert_true(source_use(source, source_picture(source), SOURCE_DECODE, &failure));
    g_assert_true(isnan(from_s) || source_seek(source, from_s, &failure));
    while (source_next(source, &item, &failure) == SOURCE_FRAME) {
        const long at = lround(item.time_s * RATE);
        if (at >= 0 && at < PICTURES)
            levels[at] = item.frame->data[0][0];
    }
}

static void check_sought(double to_s)
{
    const struct film film = {.muxer = "avi", .frames = PICTURES};
    int whole[PICTURES] = {0}, sought[PICTURES] = {0};
    const int fd = film_make(&film);
    read_from(fd, NAN, whole);
    read_from(fd, to_s, sought);
    for (int i = (int)(to_s * RATE); i < PICTURES; i++) {
        g_assert_cmpint(sought[i], >, 0);
        g_assert_cmpint(sought[i], ==, whole[i]);
    }
    close(fd);
}

/* AVI says when pictures are decoded. */
static void pictures_have_their_times_wherever_it_is_read_from(void)
{
    check_sought(0);
    check_sought(2.5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/film_seek/start", before_the_first_key_picture_all_is_read_with_its_times);
    g_test_add_func("/film_seek/times", pictures_have_their_times_wherever_it_is_read_from);
    return g_test_run();
}
