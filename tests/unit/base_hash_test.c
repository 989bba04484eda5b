/* SPDX-License-Identifier: GPL-3.0-or-later
 * Identities. The digest of nothing is the one xxHash's specification publishes for XXH3-128. */
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void digest(hash_state *state, char out[HASH_TEXT_SIZE])
{
    hash_finish(state, out);
    g_assert_cmpuint(strlen(out), ==, 32);
}

static void nothing_has_the_published_digest(void)
{
    char text[HASH_TEXT_SIZE];
    g_autoptr(hash_state) state = hash_create();
    digest(state, text);
    g_assert_cmpstr(text, ==, "99aa06d3014798d86001c324468d497f");
}

static void a_finished_hash_goes_on(void)
{
    char first[HASH_TEXT_SIZE], again[HASH_TEXT_SIZE], whole[HASH_TEXT_SIZE];
    g_autoptr(hash_state) parts = hash_create();
    g_autoptr(hash_state) once = hash_create();
    hash_update(parts, "ab", 2);
    digest(parts, first);
    digest(parts, again);
    g_assert_cmpstr(first, ==, again);
    hash_update(parts, "cd", 2);
    digest(parts, again);
    hash_update(once, "abcd", 4);
    digest(once, whole);
    g_assert_cmpstr(again, ==, whole);
    g_assert_cmpstr(again, !=, first);
}

static void of_texts(const char *a, const char *b, char out[HASH_TEXT_SIZE])
{
    g_autoptr(hash_state) state = hash_create();
    hash_text(state, a);
    hash_text(state, b);
    digest(state, out);
}

static void texts_do_not_run_together(void)
{
    char a[HASH_TEXT_SIZE], b[HASH_TEXT_SIZE];
    of_texts("a", "bc", a);
    of_texts("ab", "c", b);
    g_assert_cmpstr(a, !=, b);
    of_texts("a", NULL, a);
    of_texts("a", "", b);
    g_assert_cmpstr(a, !=, b);
}

/* How often, and how far it was at last. */
struct told {
    int times;
    double fraction;
};

static void tell(void *data, double fraction)
{
    struct told *told = data;
    g_assert_cmpfloat(fraction, >, told->fraction);
    told->times++;
    told->fraction = fraction;
}

static void files_are_read_from_the_start(void)
{
    char of_file[HASH_TEXT_SIZE], of_data[HASH_TEXT_SIZE];
    const gsize size = 3 * 1024 * 1024 + 17;
    g_autofree char *data = g_malloc(size), *path = NULL;
    for (gsize i = 0; i < size; i++)
        data[i] = (char)(i * 31);
    int fd = g_file_open_tmp("rushes-hash-XXXXXX", &path, NULL);
    g_assert_cmpint(write(fd, data, size), ==, (gssize)size);
    struct told told = {0};
    g_assert_true(hash_fd(fd, tell, &told, of_file));
    g_assert_cmpint(told.times, ==, 4);
    g_assert_cmpfloat(told.fraction, ==, 1);
    g_autoptr(hash_state) state = hash_create();
    hash_update(state, data, size);
    digest(state, of_data);
    g_assert_cmpstr(of_file, ==, of_data);
    close(fd);
    unlink(path);
}

static void what_can_not_be_read_keeps_errno(void)
{
    char text[HASH_TEXT_SIZE];
    int fd = open("/", O_RDONLY | O_CLOEXEC);
    g_assert_false(hash_fd(fd, NULL, NULL, text));
    g_assert_cmpint(errno, ==, EISDIR);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hash/nothing_has_the_published_digest", nothing_has_the_published_digest);
    g_test_add_func("/hash/a_finished_hash_goes_on", a_finished_hash_goes_on);
    g_test_add_func("/hash/texts_do_not_run_together", texts_do_not_run_together);
    g_test_add_func("/hash/files_are_read_from_the_start", files_are_read_from_the_start);
    g_test_add_func("/hash/what_can_not_be_read_keeps_errno", what_can_not_be_read_keeps_errno);
    return g_test_run();
}
