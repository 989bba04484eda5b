/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a row of the table of preservation is to `keep`, and that a claim carries it. */
#include "model/task.h"

static GPtrArray *rows_of(const struct carried_row *row)
{
    GPtrArray *rows = carried_new();
    g_ptr_array_add(rows, carried_copy(row));
    return rows;
}

static struct carried_row row(enum carried_fate fate, const char *after)
{
    return (struct carried_row){.keep = KEEP_TIMECODE,
                                .stream = -1,
                                .what = (char *)"timecode",
                                .before = (char *)"10:00:00:00",
                                .after = (char *)after,
                                .fate = fate,
                                .why = (char *)"because"};
}

static void expect(const GPtrArray *rows, enum keep keep, bool pass, const char *expected,
                   const char *measured)
{
    g_autofree char *said = NULL, *found = NULL;
    g_assert_true(carried_check(rows, keep, &said, &found) == pass);
    g_assert_cmpstr(said, ==, expected);
    g_assert_cmpstr(found, ==, measured);
}

/* As of the films of a reel, of which the first one's date is kept. */
static void of_many_losses_the_first_are_named(void)
{
    struct carried_row kept = row(FATE_KEPT, "10:00:00:00"), lost = row(FATE_DROPPED, NULL);
    g_autoptr(GPtrArray) rows = rows_of(&kept);
    g_autofree char *said = NULL, *found = NULL;
    for (int i = 0; i < 40; i++)
        g_ptr_array_add(rows, carried_copy(&lost));
    g_assert_false(carried_check(rows, KEEP_TIMECODE, &said, &found));
    g_assert_true(g_str_has_suffix(said, " and 25 more"));
    g_assert_true(g_str_has_suffix(found, "; and 24 more"));
}

static void a_loss_fails_and_a_change_does_not(void)
{
    struct carried_row lost = row(FATE_DROPPED, NULL), moved = row(FATE_CHANGED, "10:00:01:00");
    g_autoptr(GPtrArray) without = rows_of(&lost), with = rows_of(&moved);
    expect(without, KEEP_TIMECODE, false, "10:00:00:00", "none");
    expect(with, KEEP_TIMECODE, true, "10:00:00:00", "10:00:01:00");
    expect(with, KEEP_CHAPTERS, true, "as the source", "the source has none");
}

static void a_loss_beside_what_is_kept_says_what_and_why(void)
{
    struct carried_row kept = row(FATE_KEPT, "10:00:00:00"), lost = row(FATE_DROPPED, NULL);
    lost.what = (char *)"timecode of the tape";
    lost.before = (char *)"09:00:00:00";
    g_autoptr(GPtrArray) rows = rows_of(&kept);
    g_ptr_array_add(rows, carried_copy(&lost));
    expect(rows, KEEP_TIMECODE, false, "10:00:00:00, 09:00:00:00",
           "10:00:00:00; timecode of the tape: because");
}

static void words_are_a_closed_list(void)
{
    g_autofree char *text = keep_text(1U << KEEP_TIMECODE | 1U << KEEP_TAGS);
    g_assert_cmpstr(text, ==, "timecode tags");
    g_assert_cmpuint(keep_from_text(text), ==, 1U << KEEP_TIMECODE | 1U << KEEP_TAGS);
    g_assert_cmpint(keep_from_word("time code"), ==, KEEP_COUNT);
    g_assert_true(keep_is_possible(KEEP_CHAPTERS, "mkv"));
    g_assert_false(keep_is_possible(KEEP_CHAPTERS, "mxf"));
}

static void a_result_brings_the_rows_back(void)
{
    struct carried_row moved = row(FATE_CHANGED, "10:00:01:00");
    g_auto(result_ptr) result = result_create();
    struct output_result *output = result_add_output(result);
    output->claim.carried = rows_of(&moved);
    g_autofree char *text = result_to_text(result);
    g_auto(result_ptr) back = result_from_text(text, -1, NULL);
    const struct output_result *same = back->outputs->pdata[0];
    g_assert_cmpuint(same->claim.carried->len, ==, 1);
    const struct carried_row *read = same->claim.carried->pdata[0];
    g_assert_cmpint(read->keep, ==, KEEP_TIMECODE);
    g_assert_cmpint(read->stream, ==, -1);
    g_assert_cmpint(read->fate, ==, FATE_CHANGED);
    g_assert_cmpstr(read->after, ==, "10:00:01:00");
    g_assert_cmpstr(read->why, ==, "because");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/carried/a loss fails and a change does not",
                    a_loss_fails_and_a_change_does_not);
    g_test_add_func("/carried/a loss beside what is kept says what and why",
                    a_loss_beside_what_is_kept_says_what_and_why);
    g_test_add_func("/carried/of many losses the first are named",
                    of_many_losses_the_first_are_named);
    g_test_add_func("/carried/words are a closed list", words_are_a_closed_list);
    g_test_add_func("/carried/a result brings the rows back", a_result_brings_the_rows_back);
    return g_test_run();
}
