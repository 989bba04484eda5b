/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chunks of AIFF files (Audio Interchange File Format 1.3). */
#include "sound/aiff_marks.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of bytes. */
static int file_of(const char *bytes, size_t size)
{
    const int fd = memfd_create("aiff", MFD_CLOEXEC);
    g_assert_cmpint(write(fd, bytes, size), ==, size);
    return fd;
}

static void a_chunk_behind_others_is_found(void)
{
    static const char bytes[] = "FORM\0\0\0\x1a"
                                "AIFF"
                                "NAME\0\0\0\1a\0"
                                "MARK\0\0\0\2\0\0";
    uint32_t size;
    int64_t at;
    const int fd = file_of(bytes, sizeof bytes - 1);
    g_assert_true(aiff_find(fd, "MARK", &at, &size));
    g_assert_cmpint(at, ==, 30);
    g_assert_cmpuint(size, ==, 2);
    close(fd);
}

/* As recorders leave it that are switched off: it is no row of chunks without a name. */
static void space_that_was_allocated_ends_the_chunks(void)
{
    static const char bytes[] = "FORM\0\0\0\x18"
                                "AIFF"
                                "\0\0\0\0\0\0\0\0"
                                "MARK\0\0\0\2\0\0";
    uint32_t size;
    int64_t at;
    const int fd = file_of(bytes, sizeof bytes - 1);
    g_assert_false(aiff_find(fd, "MARK", &at, &size));
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/aiff_marks/a chunk behind others is found", a_chunk_behind_others_is_found);
    g_test_add_func("/aiff_marks/space that was allocated ends the chunks",
                    space_that_was_allocated_ends_the_chunks);
    return g_test_run();
}
