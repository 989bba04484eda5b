/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places in films of containers that count their own times. */
#include "film.h"
#include "media/log.h"
#include "media/source.h"

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/film_seek/start", before_the_first_key_picture_all_is_read_with_its_times);
    return g_test_run();
}
