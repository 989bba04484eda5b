/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders as one file: what went in comes out, what was tampered with is refused, and nobody's
 * files go with a folder that is replaced. */
#include "base/bundle.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *home;
static bool flags_work = true;
static int renames_until_one_fails; /* 0: none does */

/* NFS says EINVAL to any flag. */
int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
int __real_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    errno = EINVAL;
    return flags && !flags_work ? -1 : __real_renameat2(from, old, to, new, flags);
}

static char *place(const char *name)
{
    return g_build_filename(home, name, NULL);
}

/* A bundle of two pictures, b before a, and "about". */
static void make(const char *part, const char *content)
{
    int fd = g_open(part, O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct bundle_writer *writer = bundle_create(fd);
    g_assert_true(bundle_add(writer, "a.1002.dpx", content, strlen(content)));
    g_assert_true(bundle_add(writer, "a.1001.dpx", "old", 3));
    g_assert_true(bundle_add(writer, "a.1001.dpx", "first", 5));
    g_assert_true(bundle_finish(writer, "25/1"));
    bundle_destroy(writer);
    close(fd);
}

static void unpack(const char *part, const char *folder)
{
    g_autoptr(GError) error = NULL;
    bundle_unpack(part, folder, NULL, &error);
    g_assert_no_error(error);
}

static void expect_content(const char *folder, const char *name, const char *content)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, content);
}

static void files_come_back_in_the_order_of_their_names(void)
{
    g_autofree char *part = place("part");
    make(part, "second");
    int fd = g_open(part, O_RDONLY, 0);
    g_auto(bundle_ptr) bundle = bundle_open(fd, NULL);
    g_assert_nonnull(bundle);
    g_assert_cmpstr(bundle->about, ==, "25/1");
    g_assert_cmpuint(bundle->files->len, ==, 2);
    const struct bundle_file *first = &g_array_index(bundle->files, struct bundle_file, 0);
    g_assert_cmpstr(first->name, ==, "a.1001.dpx");
    g_assert_cmpint(first->length, ==, 5);
    g_assert_cmpint(first->offset % BUNDLE_ALIGN, ==, 0);
    close(fd);
}

static void a_folder_is_what_its_bundle_was(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/a");
    char of_bundle[HASH_TEXT_SIZE], of_folder[HASH_TEXT_SIZE];
    make(part, "second");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, false, NULL));
    expect_content(final, "a.1001.dpx", "first");
    expect_content(final, "a.1002.dpx", "second");
    int fd = g_open(part, O_RDONLY, 0);
    g_assert_true(bundle_hash(fd, of_bundle) && folder_hash(final, of_folder));
    g_assert_cmpstr(of_bundle, ==, of_folder);
    close(fd);
}

static void a_folder_that_is_there_is_replaced_whole_or_not_at_all(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/b");
    g_autofree char *extra = g_build_filename(final, "a.1003.dpx", NULL);
    g_autofree char *note = g_build_filename(final, "notes.txt", NULL);
    g_autoptr(GError) error = NULL;
    make(part, "second");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, false, NULL));
    g_assert_true(g_file_set_contents(extra, "x", 1, NULL));
    make(part, "other");
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, false, NULL));
    g_assert_true(bundle_publish(folder, final, true, NULL));
    expect_content(final, "a.1002.dpx", "other");
    g_assert_false(g_file_test(extra, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_set_contents(note, "mine", 4, NULL));
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, true, &error));
    g_assert_nonnull(strstr(error->message, "notes.txt"));
    expect_content(final, "notes.txt", "mine");
}

static void a_picture_of_another_name_is_somebodys(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/c");
    g_autofree char *painted = g_build_filename(final, "painted.1001.dpx", NULL);
    g_autofree char *hidden = g_build_filename(final, ".DS_Store", NULL);
    make(part, "second");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, false, NULL));
    g_assert_true(g_file_set_contents(hidden, "x", 1, NULL));
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, true, NULL));
    g_assert_true(g_file_set_contents(painted, "x", 1, NULL));
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, true, NULL));
}

static void make_stream(const char *part, const char *rung, const char *list)
{
    g_autofree char *head = g_strconcat(rung, "_init.mp4", NULL);
    g_autofree char *segment = g_strconcat(rung, "_00001.m4s", NULL);
    int fd = g_open(part, O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct bundle_writer *writer = bundle_create(fd);
    g_assert_true(bundle_add(writer, head, "h", 1) && bundle_add(writer, segment, "s", 1));
    g_assert_true(bundle_add(writer, list, "l", 1) && bundle_finish(writer, "hls"));
    bundle_destroy(writer);
    close(fd);
}

static void a_stream_replaces_one_with_subtitles_and_none_with_others(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/t");
    g_autofree char *ours = g_build_filename(final, "text-2_00001.vtt", NULL);
    g_autofree char *others = g_build_filename(final, "shot_00001.vtt", NULL);
    make_stream(part, "v48", "master.m3u8");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, false, NULL));
    g_assert_true(g_file_set_contents(ours, "x", 1, NULL));
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, true, NULL));
    g_assert_true(g_file_set_contents(others, "x", 1, NULL));
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, true, NULL));
}

static void a_stream_of_other_rungs_replaces_a_stream_and_nothing_else(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/s");
    g_autofree char *old = g_build_filename(final, "v48_00001.m4s", NULL);
    g_autofree char *film = g_build_filename(final, "film.mp4", NULL);
    make_stream(part, "v48", "master.m3u8");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, false, NULL));
    make_stream(part, "v40", "manifest.mpd");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, true, NULL));
    g_assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
    make(part, "second");
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, true, NULL));
    g_assert_true(g_file_set_contents(film, "x", 1, NULL));
    make_stream(part, "v48", "master.m3u8");
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, true, NULL));
}

static void a_file_system_without_flags_will_do(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/d");
    flags_work = false;
    make(part, "second");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, false, NULL));
    unpack(part, folder);
    g_assert_false(bundle_publish(folder, final, false, NULL));
    make(part, "other");
    unpack(part, folder);
    g_assert_true(bundle_publish(folder, final, true, NULL));
    expect_content(final, "a.1002.dpx", "other");
    flags_work = true;
}

static void a_change_in_a_file_changes_the_stamp_of_its_folder(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part);
    g_autofree char *file = g_build_filename(folder, "a.1001.dpx", NULL);
    struct file_stamp before, after;
    make(part, "second");
    unpack(part, folder);
    g_assert_true(file_stamp_of(folder, &before));
    int fd = g_open(file, O_WRONLY, 0);
    g_assert_cmpint(pwrite(fd, "longer", 6, 0), ==, 6);
    close(fd);
    g_assert_true(file_stamp_of(folder, &after));
    g_assert_false(file_stamp_equal(&before, &after));
}

/* The table replaced by another one. */
static bool opens_with(const char *table)
{
    g_autofree char *part = place("tampered");
    int fd = g_open(part, O_RDWR | O_CREAT | O_TRUNC, 0600);
    dprintf(fd, "rushes bundle 1\nabcdefgh25/1\n%s%016x", table, 24u);
    g_auto(bundle_ptr) bundle = bundle_open(fd, NULL);
    close(fd);
    return bundle != NULL;
}

static void names_that_lead_elsewhere_are_refused(void)
{
    g_assert_true(opens_with("16 8 a.dpx\n"));
    g_assert_false(opens_with("16 8 ../a.dpx\n"));
    g_assert_false(opens_with("16 8 /etc/a\n"));
    g_assert_false(opens_with("16 8 sub/a\n"));
    g_assert_false(opens_with("16 8 .hidden\n"));
    g_assert_false(opens_with("16 8 \n"));
    g_assert_false(opens_with("16 8 a\n16 8 a\n"));
}

static void files_beyond_the_table_are_refused(void)
{
    g_assert_false(opens_with("16 9 a\n"));
    g_assert_false(opens_with("8 8 a\n"));
    g_assert_false(opens_with("16 18446744073709551615 a\n"));
    g_assert_false(opens_with("-16 8 a\n"));
    g_assert_false(opens_with("16 8\n"));
    g_assert_false(opens_with("16 8 a\n16 8 b\n16 8 c\n16 8 d\n"));
}

static void a_cut_bundle_is_refused(void)
{
    g_autofree char *part = place("part");
    make(part, "second");
    g_assert_cmpint(truncate(part, 9000), ==, 0);
    g_autofree char *folder = bundle_folder(part);
    g_assert_false(bundle_unpack(part, folder, NULL, NULL));
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

static void a_stopped_folder_is_not_left_half_made(void)
{
    g_autofree char *part = place("part");
    g_autoptr(GCancellable) stop = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    make(part, "second");
    g_autofree char *folder = bundle_folder(part);
    g_cancellable_cancel(stop);
    g_assert_false(bundle_unpack(part, folder, stop, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

int __wrap_rename(const char *old, const char *new);
int __real_rename(const char *old, const char *new);
int __wrap_rename(const char *old, const char *new)
{
    bool fails = renames_until_one_fails && --renames_until_one_fails == 0;
    errno = EIO;
    return fails ? -1 : __real_rename(old, new);
}

static void a_disk_that_fails_leaves_the_folder_of_before(void)
{
    g_autofree char *part = place("part"), *folder = bundle_folder(part), *final = place("out/e");
    flags_work = false;
    make(part, "second");
    unpack(part, folder);
    renames_until_one_fails = 1;
    g_assert_false(bundle_publish(folder, final, false, NULL));
    g_assert_false(g_file_test(final, G_FILE_TEST_EXISTS));
    g_assert_true(bundle_publish(folder, final, false, NULL));
    make(part, "other");
    unpack(part, folder);
    renames_until_one_fails = 2;
    g_assert_false(bundle_publish(folder, final, true, NULL));
    expect_content(final, "a.1002.dpx", "second");
    flags_work = true;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    home = g_dir_make_tmp("rushes-bundle-XXXXXX", NULL);
    g_autofree char *out = place("out");
    g_assert_cmpint(g_mkdir(out, 0700), ==, 0);
    g_test_add_func("/bundle/order", files_come_back_in_the_order_of_their_names);
    g_test_add_func("/bundle/folder", a_folder_is_what_its_bundle_was);
    g_test_add_func("/bundle/replace", a_folder_that_is_there_is_replaced_whole_or_not_at_all);
    g_test_add_func("/bundle/others", a_picture_of_another_name_is_somebodys);
    g_test_add_func("/bundle/stream", a_stream_of_other_rungs_replaces_a_stream_and_nothing_else);
    g_test_add_func("/bundle/a stream replaces one with subtitles and none with others",
                    a_stream_replaces_one_with_subtitles_and_none_with_others);
    g_test_add_func("/bundle/flags", a_file_system_without_flags_will_do);
    g_test_add_func("/bundle/disk", a_disk_that_fails_leaves_the_folder_of_before);
    g_test_add_func("/bundle/stamp", a_change_in_a_file_changes_the_stamp_of_its_folder);
    g_test_add_func("/bundle/names", names_that_lead_elsewhere_are_refused);
    g_test_add_func("/bundle/places", files_beyond_the_table_are_refused);
    g_test_add_func("/bundle/cut", a_cut_bundle_is_refused);
    g_test_add_func("/bundle/stopped", a_stopped_folder_is_not_left_half_made);
    int result = g_test_run();
    g_autofree char *remove = g_strdup_printf("rm -rf '%s'", home);
    return system(remove) ? 1 : result;
}
