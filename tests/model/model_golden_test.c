/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goldens: their text, and what differs between two. */
#include "model/golden.h"

#include "model/expect.h"

#include <string.h>

static struct golden *make(void)
{
    struct golden *golden = golden_create();
    golden->stamp = g_strdup("rushes 1.0.0, cpu avx2");
    golden->picture = g_strdup("160x90 yuv420p");
    struct golden_track *tracks[] = {golden_add_track(golden, "48000 Hz, 2 channels"),
                                     golden_add_track(golden, "48000 Hz, 1 channels")};
    g_ptr_array_add(golden->facts, g_strdup("codec h264"));
    for (int i = 0; i < 4; i++) {
        struct golden_frame frame = {.time_s = i / 25.0};
        g_snprintf(frame.hash, sizeof frame.hash, "%032x", i);
        memset(frame.cells, 100 + i, sizeof frame.cells);
        g_array_append_val(golden->frames, frame);
        struct golden_second second = {.rms_dbfs = -23.5};
        g_snprintf(second.hash, sizeof second.hash, "%032x", i);
        for (int track = 0; track < 2; track++)
            g_array_append_val(tracks[track]->seconds, second);
    }
    return golden;
}

static struct golden_track *track_at(const struct golden *golden, guint i)
{
    return golden->tracks->pdata[i];
}

static struct golden_frame *frame_at(struct golden *golden, guint i)
{
    return &g_array_index(golden->frames, struct golden_frame, i);
}

/* What is said of the check of that name; NULL when it passes, or there is none. Caller frees. */
static char *complaint(const struct golden *old, const struct golden *now, const char *name)
{
    g_auto(facts_ptr) facts = facts_create();
    g_autoptr(GPtrArray) checks = golden_check(old, now, facts);
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        if (!check->pass && strcmp(check->name, name) == 0)
            return g_strdup(check->measured);
    }
    return NULL;
}

static void test_text_is_read_back_to_the_letter(void)
{
    g_auto(golden_ptr) golden = make();
    g_autofree char *text = golden_to_text(golden);
    g_auto(golden_ptr) read = golden_from_text(text, -1, NULL);
    g_autofree char *again = golden_to_text(read);
    g_assert_cmpstr(again, ==, text);
    g_assert_null(strchr(text, '\r'));
}

static void test_a_line_that_cant_be_read_is_named(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(golden_from_text("rushes golden 1\nstamp x\nframe 0 zero\nend\n", -1, &error));
    g_assert_nonnull(strstr(error->message, "line 3"));
}

static void test_a_text_that_is_cut_short_is_no_golden(void)
{
    g_auto(golden_ptr) golden = make();
    g_autofree char *text = golden_to_text(golden);
    g_autoptr(GError) error = NULL;
    for (size_t length = strlen(text) - 1; length > strlen(text) - 60; length--) {
        g_clear_error(&error);
        g_assert_null(golden_from_text(text, (gssize)length, &error));
        g_assert_nonnull(error);
    }
}

static void test_a_number_with_more_behind_it_cant_be_read(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(golden_from_text("rushes golden 1\nbegins 0.5x\nend\n", -1, &error));
    g_assert_nonnull(strstr(error->message, "line 2"));
}

static void test_a_frame_at_another_time_differs_and_both_times_are_said(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    frame_at(now, 2)->time_s += 0.04;
    g_autofree char *said = complaint(old, now, "frames");
    g_assert_nonnull(said);
    g_assert_nonnull(strstr(said, "0.120 s (it was at 0.080 s)"));
}

static void test_a_time_that_a_container_rounds_is_the_same(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    frame_at(now, 2)->time_s += 0.001;
    g_assert_null(complaint(old, now, "frames"));
}

static void test_sound_that_begins_later_differs(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    track_at(now, 0)->start_s = 0.5;
    g_autofree char *said = complaint(old, now, "sound begins");
    g_assert_cmpstr(said, ==, "0.500 s");
}

static void test_of_one_stamp_a_hash_is_enough_to_differ(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    frame_at(now, 2)->hash[0] = 'f';
    g_autofree char *said = complaint(old, now, "frames");
    g_assert_nonnull(said);
    g_assert_nonnull(strstr(said, "frame 2 at 0.080 s"));
}

static void test_of_another_stamp_hashes_mean_nothing(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    g_free(now->stamp);
    now->stamp = g_strdup("rushes 1.0.0, cpu neon");
    frame_at(now, 2)->hash[0] = 'f';
    frame_at(now, 1)->cells[5] += GOLDEN_CELL_TOLERANCE;
    g_assert_null(complaint(old, now, "frames"));
}

static void test_of_another_stamp_cells_beyond_the_tolerance_differ(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    g_free(now->stamp);
    now->stamp = NULL;
    frame_at(now, 3)->cells[5] += GOLDEN_CELL_TOLERANCE + 1;
    g_autofree char *said = complaint(old, now, "frames");
    g_assert_nonnull(said);
    g_assert_nonnull(strstr(said, "frame 3"));
}

static void test_a_frame_less_differs(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    g_array_set_size(now->frames, 3);
    g_autofree char *said = complaint(old, now, "frames");
    g_assert_nonnull(said);
}

static void test_a_second_that_is_louder_differs_whatever_the_stamp(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    g_free(now->stamp);
    now->stamp = NULL;
    g_array_index(track_at(now, 1)->seconds, struct golden_second, 1).rms_dbfs += 0.2;
    g_assert_null(complaint(old, now, "sound"));
    g_autofree char *said = complaint(old, now, "sound 2");
    g_assert_nonnull(said);
    g_assert_nonnull(strstr(said, "second 1"));
}

static void test_a_track_that_is_gone_differs(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    g_ptr_array_set_size(now->tracks, 1);
    g_autofree char *said = complaint(old, now, "sound 2 form");
    g_assert_cmpstr(said, ==, "none");
}

static void test_the_nearest_picture_of_a_strip(void)
{
    g_auto(golden_ptr) golden = make();
    g_array_set_size(golden->frames, 25);
    g_assert_cmpint(golden_stride(golden), ==, 8);
    g_assert_cmpint(golden_moments(golden), ==, 4);
    g_assert_cmpint(golden_moment(golden, 0), ==, 0);
    g_assert_cmpint(golden_moment(golden, 12), ==, 2);
    g_assert_cmpint(golden_moment(golden, 24), ==, 3);
}

static void test_a_fact_that_differs_is_named(void)
{
    g_auto(golden_ptr) old = make(), now = make();
    g_ptr_array_set_size(now->facts, 0);
    g_ptr_array_add(now->facts, g_strdup("codec hevc"));
    g_autofree char *said = complaint(old, now, "codec");
    g_assert_cmpstr(said, ==, "hevc");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/golden/text-is-read-back-to-the-letter",
                    test_text_is_read_back_to_the_letter);
    g_test_add_func("/golden/a-line-that-cant-be-read-is-named",
                    test_a_line_that_cant_be_read_is_named);
    g_test_add_func("/golden/a-text-that-is-cut-short-is-no-golden",
                    test_a_text_that_is_cut_short_is_no_golden);
    g_test_add_func("/golden/a-number-with-more-behind-it-cant-be-read",
                    test_a_number_with_more_behind_it_cant_be_read);
    g_test_add_func("/golden/a-frame-at-another-time-differs-and-both-times-are-said",
                    test_a_frame_at_another_time_differs_and_both_times_are_said);
    g_test_add_func("/golden/a-time-that-a-container-rounds-is-the-same",
                    test_a_time_that_a_container_rounds_is_the_same);
    g_test_add_func("/golden/sound-that-begins-later-differs",
                    test_sound_that_begins_later_differs);
    g_test_add_func("/golden/of-one-stamp-a-hash-is-enough-to-differ",
                    test_of_one_stamp_a_hash_is_enough_to_differ);
    g_test_add_func("/golden/of-another-stamp-hashes-mean-nothing",
                    test_of_another_stamp_hashes_mean_nothing);
    g_test_add_func("/golden/of-another-stamp-cells-beyond-the-tolerance-differ",
                    test_of_another_stamp_cells_beyond_the_tolerance_differ);
    g_test_add_func("/golden/a-frame-less-differs", test_a_frame_less_differs);
    g_test_add_func("/golden/a-second-that-is-louder-differs-whatever-the-stamp",
                    test_a_second_that_is_louder_differs_whatever_the_stamp);
    g_test_add_func("/golden/a-track-that-is-gone-differs", test_a_track_that_is_gone_differs);
    g_test_add_func("/golden/the-nearest-picture-of-a-strip", test_the_nearest_picture_of_a_strip);
    g_test_add_func("/golden/a-fact-that-differs-is-named", test_a_fact_that_differs_is_named);
    return g_test_run();
}
