/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long the picture is in containers that tell one length for all of their tracks, or none. */
#include "film.h"
#include "media/log.h"
#include "media/probe.h"

#include <unistd.h>

enum { FRAMES = 75, RATE = 25, SECONDS_OF_SOUND = 20 };

static void check(const char *muxer, const char *codec, int sounds)
{
    const struct film film = {.muxer = muxer,
                              .codec = codec,
                              .frames = FRAMES,
                              .samples = SECONDS_OF_SOUND * FILM_RATE,
                              .sounds = sounds};
    struct failure failure = {0};
    g_auto(facts_ptr) facts = facts_create();
    const int fd = film_make(&film);
    g_assert_true(media_probe(fd, NULL, facts, &failure));
    g_assert_cmpfloat_with_epsilon(facts_picture_s(facts), (double)FRAMES / RATE, 0.001);
    g_assert_cmpint(facts->frames, ==, FRAMES);
    if (!sounds)
        g_assert_cmpfloat_with_epsilon(facts->duration_s, (double)FRAMES / RATE, 0.001);
    close(fd);
}

static void of_flv_it_ends_with_its_last_picture(void)
{
    check("flv", "aac", 0);
    check("flv", "aac", 1);
}

static void of_nut_it_ends_with_its_last_picture(void)
{
    check("nut", "mp2", 0);
    check("nut", "mp2", 1);
}

static void of_windows_media_it_ends_with_its_last_picture(void)
{
    check("asf", "wmav2", 1);
}

static void of_a_recording_of_windows_it_ends_with_its_last_picture(void)
{
    check("wtv", "mp2", 1);
}

/* Of these small pictures most have no times. */
static void of_a_program_stream_it_ends_with_its_last_picture(void)
{
    check("vob", "mp2", 0);
    check("vob", "mp2", 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    media_log_start();
    g_test_add_func("/film_ends/flv", of_flv_it_ends_with_its_last_picture);
    g_test_add_func("/film_ends/nut", of_nut_it_ends_with_its_last_picture);
    g_test_add_func("/film_ends/asf", of_windows_media_it_ends_with_its_last_picture);
    g_test_add_func("/film_ends/wtv", of_a_recording_of_windows_it_ends_with_its_last_picture);
    g_test_add_func("/film_ends/mpeg", of_a_program_stream_it_ends_with_its_last_picture);
    return g_test_run();
}
