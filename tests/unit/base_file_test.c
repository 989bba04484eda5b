/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whole files, published files, and paths that stay inside. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int __real_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int __real_fsync(int fd);
int __wrap_fsync(int fd);

static bool no_renameat2, broken_disk; /* what the wrapped calls pretend */

int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    if (!no_renameat2)
        return __real_renameat2(from_dir, from, to_dir, to, flags);
    errno = EINVAL;
    return -1;
}

int __wrap_fsync(int fd)
{
    if (!broken_disk)
        return __real_fsync(fd);
    errno = EIO;
    return -1;
}

struct fixture {
    char *folder;
};

static void set_up(struct fixture *f, gconstpointer data)
{
    f->folder = g_dir_make_tmp("rushes-file-XXXXXX", NULL);
    no_renameat2 = broken_disk = false;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        remove_tree(child);
    }
    g_remove(path);
}

static void tear_down(struct fixture *f, gconstpointer data)
{
    broken_disk = false;
    remove_tree(f->folder);
    g_free(f->folder);
}

static char *in(struct fixture *f, const char *name)
{
    return g_build_filename(f->folder, name, NULL);
}

static void check_content(const char *path, const char *expected)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static guint entries(const char *path)
{
    guint count = 0;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    while (g_dir_read_name(folder))
        count++;
    return count;
}

static void a_regular_file_opens_blocking_and_close_on_exec(struct fixture *f, gconstpointer data)
{
    g_autofree char *path = in(f, "a");
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    g_autoptr(GError) error = NULL;
    int fd = file_open_input(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(fcntl(fd, F_GETFL) & O_NONBLOCK, ==, 0);
    g_assert_cmpint(fcntl(fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
    close(fd);
}

static void make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    close(fd);
}

static void check_refused(const char *path, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(file_open_input(path, &error), ==, -1);
    g_assert_nonnull(error);
    g_assert_true(error->domain == G_FILE_ERROR);
    g_assert_nonnull(strstr(error->message, words));
}

static void what_is_not_a_regular_file_is_refused_in_words(struct fixture *f, gconstpointer data)
{
    g_autofree char *pipe = in(f, "pipe"), *sock = in(f, "sock"), *none = in(f, "none");
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    make_socket(sock);
    check_refused(pipe, "is a named pipe");
    check_refused(sock, "is a socket");
    check_refused(f->folder, "is a folder");
    check_refused("/dev/null", "is a device");
    check_refused(none, "No such file");
}

static void a_small_file_is_written_whole(struct fixture *f, gconstpointer data)
{
    g_autofree char *path = in(f, "a.json");
    g_autoptr(GError) error = NULL;
    g_assert_true(file_write_atomic(path, "one", -1, &error));
    g_assert_true(file_write_atomic(path, "two...", 3, &error));
    g_assert_no_error(error);
    check_content(path, "two");
    g_assert_cmpuint(entries(f->folder), ==, 1);
}

static void a_failed_write_leaves_the_old_file_and_nothing_else(struct fixture *f,
                                                                gconstpointer data)
{
    g_autofree char *path = in(f, "a.json");
    g_autoptr(GError) error = NULL;
    g_assert_true(file_write_atomic(path, "one", -1, NULL));
    broken_disk = true;
    g_assert_false(file_write_atomic(path, "two", -1, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_IO);
    check_content(path, "one");
    g_assert_cmpuint(entries(f->folder), ==, 1);
}

static void part_names_are_hidden_and_short(struct fixture *f, gconstpointer data)
{
    g_autofree char *name = g_strnfill(255, 'n');
    g_autofree char *final = g_build_filename("out", name, NULL);
    g_autofree char *part = part_path(final, "17.1");
    g_assert_cmpstr(part, ==, "out/.rushes-17.1.part");
}

static char *make_part(struct fixture *f, const char *final)
{
    g_autoptr(GError) error = NULL;
    char *part = part_path(final, "t");
    int fd = part_create(part, &error);
    g_assert_no_error(error);
    g_assert_cmpint(write(fd, "new", 3), ==, 3);
    close(fd);
    return part;
}

static void a_part_makes_its_folders_and_is_created_once(struct fixture *f, gconstpointer data)
{
    g_autofree char *final = in(f, "a/b/c/out.mov");
    g_autofree char *part = make_part(f, final);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(part_create(part, &error), ==, -1);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
}

static void check_publish_new(struct fixture *f)
{
    g_autofree char *final = in(f, "out.mov");
    g_autofree char *part = make_part(f, final);
    g_autoptr(GError) error = NULL;
    g_assert_true(part_publish(part, final, PUBLISH_NEW, &error));
    g_assert_no_error(error);
    check_content(final, "new");
    g_assert_cmpuint(entries(f->folder), ==, 1);
    g_assert_true(g_file_set_contents(final, "old", 3, NULL));
    g_autofree char *second = make_part(f, final);
    g_assert_false(part_publish(second, final, PUBLISH_NEW, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
    check_content(final, "old");
    check_content(second, "new");
}

static void publishing_new_never_replaces(struct fixture *f, gconstpointer data)
{
    check_publish_new(f);
}

static void publishing_new_never_replaces_without_renameat2(struct fixture *f, gconstpointer data)
{
    no_renameat2 = true;
    check_publish_new(f);
}

static void a_link_left_by_a_killed_publisher_is_ours(struct fixture *f, gconstpointer data)
{
    g_autofree char *final = in(f, "out.mov");
    g_autofree char *part = make_part(f, final);
    g_assert_cmpint(link(part, final), ==, 0);
    g_assert_true(part_publish(part, final, PUBLISH_NEW, NULL));
    check_content(final, "new");
    g_assert_cmpuint(entries(f->folder), ==, 1);
}

static void publishing_over_replaces(struct fixture *f, gconstpointer data)
{
    g_autofree char *final = in(f, "out.mov");
    g_autofree char *part = make_part(f, final);
    g_assert_true(g_file_set_contents(final, "old", 3, NULL));
    g_assert_true(part_publish(part, final, PUBLISH_REPLACE, NULL));
    check_content(final, "new");
}

static void a_part_that_is_not_on_disk_is_not_published(struct fixture *f, gconstpointer data)
{
    g_autofree char *final = in(f, "out.mov");
    g_autofree char *part = make_part(f, final);
    g_autoptr(GError) error = NULL;
    broken_disk = true;
    g_assert_false(part_publish(part, final, PUBLISH_NEW, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_IO);
    g_assert_false(g_file_test(final, G_FILE_TEST_EXISTS));
}

static void a_stamp_changes_with_the_file(struct fixture *f, gconstpointer data)
{
    g_autofree char *path = in(f, "a");
    struct file_stamp first, same, other;
    g_assert_false(file_stamp_of(path, &first));
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
    g_assert_true(file_stamp_of(path, &first) && file_stamp_of(path, &same));
    g_assert_true(file_stamp_equal(&first, &same));
    g_assert_true(g_file_set_contents(path, "xy", 2, NULL));
    g_assert_true(file_stamp_of(path, &other));
    g_assert_false(file_stamp_equal(&first, &other));
    g_autofree char *text =
        file_stamp_text(&(struct file_stamp){.size = 1, .mtime_ns = 2, .ctime_ns = 3, .inode = 4});
    g_assert_cmpstr(text, ==, "1:2:3:4");
}

static void paths_stay_inside(struct fixture *f, gconstpointer data)
{
    const char *const inside[] = {"a", "a/b.mov", "./a", "..a", "a..", "...", "\xff/x", "a b"};
    const char *const outside[] = {"",     "/a", "..",   "../a", "a/../b", "a/..",
                                   "a//b", "a/", "a\nb", "\x7f", ".",      "./."};
    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++)
        g_assert_true(path_is_inside(inside[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(outside); i++)
        g_assert_false(path_is_inside(outside[i]));
}

static void names_are_counted_as_people_count_them(struct fixture *f, gconstpointer data)
{
    const char *const order[] = {"",
                                 "A2",
                                 "a/z",
                                 "a.wav",
                                 "a-2.wav",
                                 "a1",
                                 "a1b",
                                 "a002",
                                 "a2",
                                 "a2.5",
                                 "a10",
                                 "b/part9",
                                 "b/part10",
                                 "b/part10a",
                                 "part1.wav",
                                 "part1 2.wav",
                                 "part2.wav",
                                 "part10.wav",
                                 "part99999999999999999998",
                                 "part99999999999999999999",
                                 "p\xff"};
    for (size_t i = 0; i + 1 < G_N_ELEMENTS(order); i++) {
        g_test_message("%s, %s", order[i], order[i + 1]);
        g_assert_cmpint(path_compare_natural(order[i], order[i + 1]), <, 0);
        g_assert_cmpint(path_compare_natural(order[i + 1], order[i]), >, 0);
        g_assert_cmpint(path_compare_natural(order[i], order[i]), ==, 0);
    }
}

static void any_name_can_be_shown(struct fixture *f, gconstpointer data)
{
    g_autofree char *text = path_display("\xc3\xa4\xff\n\xc2\x85z\xe2\x82");
    g_assert_cmpstr(text, ==, "\xc3\xa4\\xff\\x0a\\xc2\\x85z\\xe2\\x82");
}

static void text_that_would_turn_a_line_around_is_escaped(struct fixture *f, gconstpointer data)
{
    g_autofree char *text = path_display("a\xe2\x80\xaegpj.exe");
    g_assert_cmpstr(text, ==, "a\\xe2\\x80\\xaegpj.exe");
}

static void what_is_shown_names_the_path_again(struct fixture *f, gconstpointer data)
{
    const char *const paths[] = {"a.jpg", "new\nline.jpg", "\xff\xfe.mov", "\xc3\xa4.png"};
    for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *shown = path_display(paths[i]), *path = path_of_display(shown);
        g_assert_cmpstr(path, ==, paths[i]);
    }
}

static void free_space_is_that_of_the_nearest_parent(struct fixture *f, gconstpointer data)
{
    g_autofree char *deep = in(f, "not/yet/there.mov");
    g_assert_cmpint(disk_free_bytes(deep), >=, 0);
    g_assert_cmpint(disk_free_bytes("not/yet/there"), >=, 0);
}

#define ADD(name) g_test_add("/file/" #name, struct fixture, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_regular_file_opens_blocking_and_close_on_exec);
    ADD(what_is_not_a_regular_file_is_refused_in_words);
    ADD(a_small_file_is_written_whole);
    ADD(a_failed_write_leaves_the_old_file_and_nothing_else);
    ADD(part_names_are_hidden_and_short);
    ADD(a_part_makes_its_folders_and_is_created_once);
    ADD(publishing_new_never_replaces);
    ADD(publishing_new_never_replaces_without_renameat2);
    ADD(a_link_left_by_a_killed_publisher_is_ours);
    ADD(publishing_over_replaces);
    ADD(a_part_that_is_not_on_disk_is_not_published);
    ADD(a_stamp_changes_with_the_file);
    ADD(paths_stay_inside);
    ADD(names_are_counted_as_people_count_them);
    ADD(any_name_can_be_shown);
    ADD(text_that_would_turn_a_line_around_is_escaped);
    ADD(what_is_shown_names_the_path_again);
    ADD(free_space_is_that_of_the_nearest_parent);
    return g_test_run();
}
