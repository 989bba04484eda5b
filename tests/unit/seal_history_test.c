/* SPDX-License-Identifier: GPL-3.0-or-later
 * Histories of several generations, written here as other programs may write them. */
#include "seal/history.h"
#include "seal/ignore.h"

#include <glib/gstdio.h>
#include <string.h>

#define RECORD(path, hash, more) "<hash><path>" path "</path><md5>" hash "</md5>" more "</hash>"
#define ONE "c4ca4238a0b923820dcc509a6f75849b"
#define TWO "c81e728d9d4c2f636f067f89cc14862c"

static void write_below(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, SEAL_FOLDER, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *home; /* of all folders here */

/* A folder with a history of these generations' hashes. Caller frees. */
static char *sealed_as(const char *const *generations)
{
    char *folder = g_mkdtemp(g_build_filename(home, "XXXXXX", NULL));
    g_autofree char *below = g_build_filename(folder, SEAL_FOLDER, NULL);
    g_autoptr(GString) chain = g_string_new("<ascmhldirectory>");
    g_assert_cmpint(g_mkdir(below, 0700), ==, 0);
    for (int i = 0; generations[i]; i++) {
        struct digest_texts texts;
        struct digest_state *state = digest_begin(DIGEST_BIT(DIGEST_C4));
        g_autofree char *name = g_strdup_printf("%04d.mhl", i + 1);
        g_autofree char *text =
            g_strconcat("<hashlist version=\"2.0\">", generations[i], "</hashlist>", NULL);
        digest_update(state, text, strlen(text));
        digest_end(state, &texts);
        write_below(folder, name, text);
        g_string_append_printf(chain, "<hashlist><path>%s</path><c4>%s</c4></hashlist>", name,
                               texts.of[DIGEST_C4]);
    }
    g_string_append(chain, "</ascmhldirectory>");
    write_below(folder, "ascmhl_chain.xml", chain->str);
    return folder;
}

static const char *md5_of(const struct history *history, const char *path)
{
    const struct seal_known *known = history_find(history, path);
    return known ? known->texts.of[DIGEST_MD5] : NULL;
}

static void two_files_can_have_swapped_names(void)
{
    const char *const generations[] = {RECORD("a", ONE, "") RECORD("b", TWO, ""),
                                       RECORD("b", ONE, "<previousPath>a</previousPath>")
                                           RECORD("a", TWO, "<previousPath>b</previousPath>"),
                                       NULL};
    g_autofree char *folder = sealed_as(generations);
    g_auto(history_ptr) history = history_open(folder, NULL, NULL);
    g_assert_cmpstr(md5_of(history, "a"), ==, TWO);
    g_assert_cmpstr(md5_of(history, "b"), ==, ONE);
}

static void what_is_in_a_renamed_folder_is_renamed(void)
{
    const char *const generations[] = {
        RECORD("d/e/a", ONE, "") RECORD("de", TWO, ""),
        "<directoryhash><path>x/y</path><previousPath>d</previousPath></directoryhash>", NULL};
    g_autofree char *folder = sealed_as(generations);
    g_auto(history_ptr) history = history_open(folder, NULL, NULL);
    g_assert_cmpstr(md5_of(history, "x/y/e/a"), ==, ONE);
    g_assert_cmpstr(md5_of(history, "de"), ==, TWO);
    g_assert_null(history_find(history, "d/e/a"));
}

/* Twenty thousand files and as many renames: the square of that would take minutes. */
static void renames_take_no_longer_than_files(void)
{
    g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);
    for (int i = 0; i < 20000; i++) {
        g_string_append_printf(first, RECORD("d%d/a", ONE, ""), i);
        g_string_append_printf(
            second,
            "<directoryhash><path>q%d</path><previousPath>d%d</previousPath></directoryhash>", i,
            i);
    }
    const char *const generations[] = {first->str, second->str, NULL};
    g_autofree char *folder = sealed_as(generations);
    gint64 began_us = g_get_monotonic_time();
    g_auto(history_ptr) history = history_open(folder, NULL, NULL);
    g_assert_cmpstr(md5_of(history, "q19999/a"), ==, ONE);
    g_assert_cmpint(g_get_monotonic_time() - began_us, <, 5 * G_USEC_PER_SEC);
}

static void is_refused(const char *folder, const char *word)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(history_open(folder, NULL, &error));
    g_assert_error(error, SEAL_ERROR, SEAL_ERROR_BROKEN);
    g_assert_nonnull(strstr(error->message, word));
}

static void a_rename_that_makes_a_path_too_long_is_refused(void)
{
    g_autofree char *part = g_strnfill(250, 'b');
    g_autoptr(GString) longer = g_string_new("a");
    for (int i = 0; i < 10; i++)
        g_string_append_printf(longer, "/%s", part);
    g_autofree char *renaming = g_strdup_printf(
        "<directoryhash><path>%s</path><previousPath>a</previousPath></directoryhash>",
        longer->str);
    const char *const generations[] = {RECORD("a/x", ONE, ""), renaming, renaming, NULL};
    g_autofree char *folder = sealed_as(generations);
    is_refused(folder, "too long");
}

static void a_manifest_that_the_chain_names_twice_is_refused(void)
{
    const char *const generations[] = {RECORD("a", ONE, ""), NULL};
    g_autofree char *folder = sealed_as(generations);
    g_autofree char *path = g_build_filename(folder, SEAL_FOLDER, "ascmhl_chain.xml", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) halves = g_strsplit(text, "</ascmhldirectory>", 2);
    g_autofree char *twice =
        g_strconcat(halves[0], halves[0] + strlen("<ascmhldirectory>"), "</ascmhldirectory>", NULL);
    write_below(folder, "ascmhl_chain.xml", twice);
    is_refused(folder, "twice");
}

/* Both read the history before either wrote. */
static void two_seals_at_once_are_two_generations(void)
{
    const char *const generations[] = {RECORD("a", ONE, ""), NULL};
    g_autofree char *folder = sealed_as(generations);
    g_auto(history_ptr) one = history_open(folder, NULL, NULL);
    g_auto(history_ptr) other = history_open(folder, NULL, NULL);
    g_assert_true(history_append(one, manifest_create(1), NULL));
    g_assert_true(history_append(other, manifest_create(1), NULL));
    g_auto(history_ptr) after = history_open(folder, NULL, NULL);
    g_assert_nonnull(after);
    g_assert_cmpuint(after->names->len, ==, 3);
}

/* As of a program that doesn't know of .rushes/. */
static void what_is_always_left_out_is_so_beside_other_patterns(void)
{
    const char *const generations[] = {"<ignore><pattern>*.tmp</pattern></ignore>", NULL};
    g_autofree char *folder = sealed_as(generations);
    g_auto(history_ptr) history = history_open(folder, NULL, NULL);
    g_autoptr(GPtrArray) patterns = history_ignored(history, NULL);
    g_auto(ignore_ptr) ignore = ignore_create(patterns);
    g_assert_true(ignore_has(ignore, "a.tmp", false));
    g_assert_true(ignore_has(ignore, ".DS_Store", false));
    g_assert_true(ignore_has(ignore, ".rushes", true));
    g_assert_true(ignore_has(ignore, "ascmhl", true));
}

int main(int argc, char **argv)
{
    home = g_dir_make_tmp("history-XXXXXX", NULL);
    g_autofree char *remove = g_strdup_printf("rm -rf '%s'", home);
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/history/" #name, name)
    TEST(two_files_can_have_swapped_names);
    TEST(what_is_in_a_renamed_folder_is_renamed);
    TEST(renames_take_no_longer_than_files);
    TEST(a_rename_that_makes_a_path_too_long_is_refused);
    TEST(a_manifest_that_the_chain_names_twice_is_refused);
    TEST(two_seals_at_once_are_two_generations);
    TEST(what_is_always_left_out_is_so_beside_other_patterns);
    const int code = g_test_run();
    g_free(home);
    return system(remove) == 0 ? code : 1;
}
