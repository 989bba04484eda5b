/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbered pictures: which names are of one sequence, what a gap is, and a list that nothing on a
 * disk can pass for. */
#include "base/sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *home;
static const struct sequence_rule strict = {.fps = {24, 1}};
static const struct sequence_rule holding = {.fps = {24, 1}, .hold = true};

/* The path of the sequence of those files, which are made in a folder of their own. */
static char *make(const char *folder, const char *names, const char *pattern)
{
    g_autofree char *dir = g_build_filename(home, folder, NULL);
    g_auto(GStrv) list = g_strsplit(names, " ", -1);
    g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
    for (char **name = list; *name; name++) {
        g_autofree char *path = g_build_filename(dir, *name, NULL);
        g_assert_true(g_file_set_contents(path, "picture", -1, NULL));
    }
    return g_build_filename(dir, pattern, NULL);
}

static char *names_of(const struct sequence *sequence)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < sequence->names->len; i++) {
        const char *name = sequence->names->pdata[i];
        g_string_append_printf(out, "%s%s", i ? " " : "", name ? name : "-");
    }
    return g_string_free(out, FALSE);
}

static void expect_names(const char *path, const struct sequence_rule *rule, const char *names)
{
    g_autoptr(GError) error = NULL;
    g_auto(sequence_ptr) sequence = sequence_find(path, rule, &error);
    g_assert_no_error(error);
    g_autofree char *found = names_of(sequence);
    g_assert_cmpstr(found, ==, names);
}

static void expect_refusal(const char *path, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(sequence_find(path, &strict, &error));
    g_assert_nonnull(strstr(error->message, words));
}

static void a_run_of_hashes_before_the_extension_is_a_number(void)
{
    g_assert_cmpuint(sequence_width("a/shot.####.exr"), ==, 4);
    g_assert_cmpuint(sequence_width("##.dpx"), ==, 2);
    g_assert_cmpuint(sequence_width("take#1.mov"), ==, 0);
    g_assert_cmpuint(sequence_width("shot.####"), ==, 0);
    g_assert_cmpuint(sequence_width("a.####/shot.exr"), ==, 0);
}

static void numbers_have_at_least_their_digits(void)
{
    static const char *const rows[][2] = {
        {"a/shot.0017.exr", "a/shot.####.exr"},
        {"shot10000.exr", "shot####.exr"},
        {"shot.017.exr", NULL},
        {"shot.00017.exr", NULL},
        {"shot.exr", NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = sequence_path(rows[i][0], 4);
        g_assert_cmpstr(path, ==, rows[i][1]);
    }
}

static void stem_ends_before_the_dot_of_the_number(void)
{
    g_assert_cmpuint(sequence_stem_length("shot.####.exr"), ==, 4);
    g_assert_cmpuint(sequence_stem_length("shot_####.exr"), ==, 4);
    g_assert_cmpuint(sequence_stem_length("####.exr"), ==, 0);
}

static void pictures_come_by_number_and_others_are_left_alone(void)
{
    g_autofree char *path =
        make("order", "s.10000.exr s.9999.exr s.9998.exr t.9997.exr s.1.exr", "s.####.exr");
    expect_names(path, &strict, "s.9998.exr s.9999.exr s.10000.exr");
}

static void a_missing_picture_is_named_or_held(void)
{
    g_autofree char *path = make("gap", "s.0001.exr s.0002.exr s.0004.exr", "s.####.exr");
    expect_refusal(path, "picture 0003 of 0001 to 0004 is missing");
    expect_names(path, &holding, "s.0001.exr s.0002.exr - s.0004.exr");
    g_auto(sequence_ptr) sequence = sequence_find(path, &holding, NULL);
    g_autofree char *shown = sequence_file(sequence, 2);
    g_assert_true(g_str_has_suffix(shown, "s.0002.exr"));
}

static void more_gap_than_pictures_is_a_mistake_even_when_held(void)
{
    g_autofree char *path = make("stray", "s.0001.exr s.9999.exr", "s.####.exr");
    g_assert_null(sequence_find(path, &holding, NULL));
}

static void a_picture_that_leads_to_a_folder_is_refused_by_name(void)
{
    g_autofree char *path = make("link", "s.0001.exr s.0003.exr", "s.####.exr");
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *link = g_build_filename(folder, "s.0002.exr", NULL);
    g_assert_cmpint(symlink(home, link), ==, 0);
    expect_refusal(path, "\"s.0002.exr\" among the pictures is a folder");
}

static void stamp_knows_each_file_and_the_rule(void)
{
    struct file_stamp one, other, changed;
    g_autofree char *path = make("stamp", "s.01.exr s.02.exr", "s.##.exr");
    g_assert_true(sequence_stamp_of(path, &strict, &one));
    g_assert_true(sequence_stamp_of(path, &holding, &other));
    g_assert_false(file_stamp_equal(&one, &other));
    g_autofree char *again = make("stamp", "s.01.exr", "s.##.exr");
    g_assert_true(sequence_stamp_of(again, &strict, &changed));
    g_assert_false(file_stamp_equal(&one, &changed));
}

static int list_of(const char *path)
{
    g_auto(sequence_ptr) sequence = sequence_find(path, &holding, NULL);
    int fd = sequence_list(sequence, NULL);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

static void a_list_reads_back_as_it_was(void)
{
    g_autofree char *path = make("list", "s.08.exr s.10.exr s.11.exr", "s.##.exr");
    int fd = list_of(path);
    g_auto(sequence_ptr) sequence = sequence_from_list(fd);
    g_assert_nonnull(sequence);
    g_autofree char *names = names_of(sequence), *absent = sequence_absent_text(sequence);
    g_assert_cmpstr(names, ==, "s.08.exr - s.10.exr s.11.exr");
    g_assert_cmpstr(absent, ==, "09");
    g_assert_cmpint(sequence->first, ==, 8);
    g_assert_true(sequence_rule_equal(&sequence->rule, &holding));
    close(fd);
}

static void what_a_list_says_in_a_file_is_no_list(void)
{
    char text[4096];
    g_autofree char *path = make("forged", "s.01.exr", "s.##.exr");
    g_autofree char *file = g_build_filename(home, "forged.exr", NULL);
    int list = list_of(path);
    ssize_t length = pread(list, text, sizeof text, 0);
    g_assert_true(sequence_is_list(list));
    g_assert_true(g_file_set_contents(file, text, length, NULL));
    int forged = g_open(file, O_RDONLY, 0);
    g_assert_false(sequence_is_list(forged));
    g_assert_null(sequence_from_list(forged));
    close(forged);
    close(list);
}

static void hash_list(const char *path, char out[HASH_TEXT_SIZE])
{
    int fd = list_of(path);
    g_assert_true(sequence_hash(fd, out, NULL));
    close(fd);
}

static void hash_knows_the_first_number(void)
{
    char one[HASH_TEXT_SIZE], again[HASH_TEXT_SIZE], later[HASH_TEXT_SIZE];
    g_autofree char *path = make("hash", "s.01.exr s.02.exr", "s.##.exr");
    hash_list(path, one);
    g_autofree char *copied = make("hash-again", "s.01.exr s.02.exr", "s.##.exr");
    hash_list(copied, again);
    g_autofree char *renumbered = make("hash-later", "s.05.exr s.06.exr", "s.##.exr");
    hash_list(renumbered, later);
    g_assert_cmpstr(one, ==, again);
    g_assert_cmpstr(one, !=, later);
}

static void a_picture_that_is_gone_is_named_where_it_is_hashed(void)
{
    char hash[HASH_TEXT_SIZE];
    g_autoptr(GError) error = NULL;
    g_autofree char *path = make("gone", "s.01.exr s.02.exr", "s.##.exr");
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *gone = g_build_filename(folder, "s.02.exr", NULL);
    int fd = list_of(path);
    g_unlink(gone);
    g_assert_false(sequence_hash(fd, hash, &error));
    g_assert_nonnull(strstr(error->message, "s.02.exr"));
    g_assert_nonnull(strstr(error->message, g_strerror(ENOENT)));
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    home = g_dir_make_tmp("rushes-sequence-XXXXXX", NULL);
    g_test_add_func("/sequence/width", a_run_of_hashes_before_the_extension_is_a_number);
    g_test_add_func("/sequence/digits", numbers_have_at_least_their_digits);
    g_test_add_func("/sequence/stem", stem_ends_before_the_dot_of_the_number);
    g_test_add_func("/sequence/order", pictures_come_by_number_and_others_are_left_alone);
    g_test_add_func("/sequence/gap", a_missing_picture_is_named_or_held);
    g_test_add_func("/sequence/stray", more_gap_than_pictures_is_a_mistake_even_when_held);
    g_test_add_func("/sequence/link", a_picture_that_leads_to_a_folder_is_refused_by_name);
    g_test_add_func("/sequence/stamp", stamp_knows_each_file_and_the_rule);
    g_test_add_func("/sequence/list", a_list_reads_back_as_it_was);
    g_test_add_func("/sequence/forged", what_a_list_says_in_a_file_is_no_list);
    g_test_add_func("/sequence/hash", hash_knows_the_first_number);
    g_test_add_func("/sequence/gone", a_picture_that_is_gone_is_named_where_it_is_hashed);
    int result = g_test_run();
    g_autofree char *remove = g_strdup_printf("rm -rf '%s'", home);
    return system(remove) ? 1 : result;
}
