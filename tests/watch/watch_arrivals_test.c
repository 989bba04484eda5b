/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is ready, told in one line a look: seconds, then the files that are there. A file is
 * "name=size"; "!" after the size: on a network; "~" before the name: a part file of that name. */
#include "watch/arrivals.h"

#include <string.h>

static void see(struct arrivals *arrivals, const char *word)
{
    bool unfinished = *word == '~';
    g_auto(GStrv) parts = g_strsplit(word + unfinished, "=", 2);
    g_autofree char *path = g_strconcat("/in/", parts[0], NULL);
    struct sighting sighting = {.path = path,
                                .root = 3,
                                .network = strchr(parts[1], '!'),
                                .unfinished = unfinished,
                                .stamp = {.size = g_ascii_strtoll(parts[1], NULL, 10)}};
    arrivals_see(arrivals, &sighting);
}

/* "12 a.mov=100 b.mov=7" → the names that are ready, or "" */
static char *look(struct arrivals *arrivals, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    arrivals_look(arrivals, (int64_t)(g_ascii_strtod(words[0], NULL) * G_USEC_PER_SEC));
    for (char **word = words + 1; *word; word++)
        see(arrivals, *word);
    g_autoptr(GPtrArray) ready = arrivals_ready(arrivals);
    GString *names = g_string_new(NULL);
    for (unsigned i = 0; i < ready->len; i++)
        g_string_append_printf(names, "%s%s", i ? " " : "", (char *)ready->pdata[i] + 4);
    return g_string_free(names, FALSE);
}

static void check(struct arrivals *arrivals, const char *line, const char *wanted)
{
    g_autofree char *got = look(arrivals, line);
    if (!g_str_equal(got, wanted))
        g_error("at \"%s\" ready is \"%s\", wanted \"%s\"", line, got, wanted);
}

static void take(struct arrivals *arrivals, const char *name, int64_t size)
{
    g_autofree char *path = g_strconcat("/in/", name, NULL);
    arrivals_taken(arrivals, path, &(struct file_stamp){.size = size});
}

static void a_file_is_ready_after_two_seconds_of_rest(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5", "");
    check(a, "1.9 a.mov=5", "");
    check(a, "2 a.mov=5", "a.mov");
}

static void one_look_is_never_enough(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "100 a.mov=5", "");
}

static void a_file_that_grows_is_not_ready(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5", "");
    check(a, "2 a.mov=6", "");
    check(a, "3.9 a.mov=6", "");
    check(a, "4 a.mov=6", "a.mov");
}

static void on_a_network_it_takes_ten(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5!", "");
    check(a, "9.9 a.mov=5!", "");
    check(a, "10 a.mov=5!", "a.mov");
}

static void the_settling_time_can_be_said(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(30 * G_USEC_PER_SEC);
    check(a, "0 a.mov=5!", "");
    check(a, "29 a.mov=5!", "");
    check(a, "30 a.mov=5!", "a.mov");
}

static void an_empty_file_is_waited_for_longer(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=0", "");
    check(a, "19 a.mov=0", "");
    check(a, "20 a.mov=0", "a.mov");
}

static void what_was_taken_is_passed_over_until_it_changes(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5", "");
    check(a, "2 a.mov=5", "a.mov");
    take(a, "a.mov", 5);
    check(a, "100 a.mov=5", "");
    check(a, "200 a.mov=9", "");
    check(a, "202 a.mov=9", "a.mov");
}

static void what_changed_while_it_was_taken_comes_again(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5", "");
    check(a, "2 a.mov=5", "a.mov");
    take(a, "a.mov", 4);
    check(a, "3 a.mov=5", "a.mov");
}

static void what_went_away_and_came_back_is_new(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5", "");
    check(a, "2 a.mov=5", "a.mov");
    take(a, "a.mov", 5);
    check(a, "3", "");
    check(a, "4 a.mov=5", "");
    check(a, "6 a.mov=5", "a.mov");
}

static void a_part_of_a_take_waits_for_the_others(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 GH010034.MP4=5 x.mov=1", "");
    check(a, "1 GH010034.MP4=5 GH020034.MP4=1 x.mov=1", "");
    check(a, "2 GH010034.MP4=5 GH020034.MP4=2 x.mov=1", "x.mov");
    check(a, "4 GH010034.MP4=5 GH020034.MP4=2", "GH010034.MP4 GH020034.MP4");
}

static void a_take_that_was_taken_holds_nothing_back(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 GH010034.MP4=5", "");
    check(a, "2 GH010034.MP4=5", "GH010034.MP4");
    take(a, "GH010034.MP4", 5);
    check(a, "3 GH010034.MP4=5 GH020034.MP4=2", "");
    check(a, "5 GH010034.MP4=5 GH020034.MP4=2", "GH020034.MP4");
}

static void a_part_file_holds_its_take_back_but_not_for_ever(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 GH010034.MP4=5 ~GH020034.MP4=1", "");
    check(a, "300 GH010034.MP4=5 ~GH020034.MP4=1", "");
    check(a, "600 GH010034.MP4=5 ~GH020034.MP4=1", "GH010034.MP4");
}

static void a_busy_file_settles_anew(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5", "");
    check(a, "2 a.mov=5", "a.mov");
    arrivals_busy(a, "/in/a.mov");
    check(a, "3 a.mov=5", "");
    check(a, "4 a.mov=5", "a.mov");
}

static void what_could_not_be_taken_comes_later_or_when_it_changes(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    check(a, "0 a.mov=5 b.mov=5", "");
    check(a, "2 a.mov=5 b.mov=5", "a.mov b.mov");
    arrivals_later(a, "/in/a.mov", 60 * G_USEC_PER_SEC);
    arrivals_later(a, "/in/b.mov", 60 * G_USEC_PER_SEC);
    check(a, "10 a.mov=5 b.mov=6", "");
    check(a, "12 a.mov=5 b.mov=6", "b.mov");
    check(a, "60 a.mov=5 b.mov=6", "a.mov b.mov");
}

static void the_next_look_is_when_something_may_be_ready(void)
{
    g_auto(arrivals_ptr) a = arrivals_create(0);
    g_assert_cmpint(arrivals_next_us(a), ==, INT64_MAX);
    check(a, "0 a.mov=5 b.mov=5!", "");
    g_assert_cmpint(arrivals_next_us(a), ==, 2 * G_USEC_PER_SEC);
    check(a, "2 a.mov=5 b.mov=5!", "a.mov");
    take(a, "a.mov", 5);
    g_assert_cmpint(arrivals_next_us(a), ==, 10 * G_USEC_PER_SEC);
    check(a, "10 a.mov=5 b.mov=5!", "b.mov");
    take(a, "b.mov", 5);
    g_assert_cmpint(arrivals_next_us(a), ==, INT64_MAX);
}

/* Slow copies at random speeds and pauses, looked at at random times: a file is never ready within
 * the settling time of its last change, and always in the end. */
static void a_slow_copy_is_never_taken_within_the_settling_time(void)
{
    for (guint32 seed = 1; seed <= 300; seed++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(seed);
        g_auto(arrivals_ptr) a = arrivals_create(0);
        double now_s = 0, changed_s = 0;
        for (int size = 1; size < 60;) {
            if (now_s == 0 || g_rand_int_range(random, 0, 3) == 0) {
                size++;
                changed_s = now_s;
            }
            g_autofree char *line = g_strdup_printf("%.3f a.mov=%d", now_s, size);
            g_autofree char *ready = look(a, line);
            if (*ready && now_s - changed_s < ARRIVALS_SETTLE_S - 0.001)
                g_error("seed %u: ready at %.3f, changed at %.3f", seed, now_s, changed_s);
            now_s += g_rand_double_range(random, 0.01, 1.5);
        }
        g_autofree char *last = g_strdup_printf("%.3f a.mov=60", now_s);
        g_autofree char *settled = g_strdup_printf("%.3f a.mov=60", now_s + ARRIVALS_SETTLE_S);
        g_free(look(a, last));
        check(a, settled, "a.mov");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/arrivals/" #name, name)
    TEST(a_file_is_ready_after_two_seconds_of_rest);
    TEST(one_look_is_never_enough);
    TEST(a_file_that_grows_is_not_ready);
    TEST(on_a_network_it_takes_ten);
    TEST(the_settling_time_can_be_said);
    TEST(an_empty_file_is_waited_for_longer);
    TEST(what_was_taken_is_passed_over_until_it_changes);
    TEST(what_changed_while_it_was_taken_comes_again);
    TEST(what_went_away_and_came_back_is_new);
    TEST(a_part_of_a_take_waits_for_the_others);
    TEST(a_take_that_was_taken_holds_nothing_back);
    TEST(a_part_file_holds_its_take_back_but_not_for_ever);
    TEST(a_busy_file_settles_anew);
    TEST(what_could_not_be_taken_comes_later_or_when_it_changes);
    TEST(the_next_look_is_when_something_may_be_ready);
    TEST(a_slow_copy_is_never_taken_within_the_settling_time);
    return g_test_run();
}
