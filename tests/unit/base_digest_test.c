/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checksums in the forms that others print. The values: RFC 1321 (appendix A.5) for md5, FIPS 180-2
 * (appendix A.1) for sha1, xxHash's own tests for nothing hashed, and for C4 those of
 * SHA-512("abc") (FIPS 180-2, appendix C.1) to the base of 58, worked out with Python's integers.
 */
#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define C4_OF_ABC                                                  \
    "c45S4rnaTNWonxss1u8LzsaJdEph1AJhWUF4sh2waXKMsutyfAxg4ybUeuXV" \
    "WS9HdNcEypmeXn8FZGonD4w1rj9DZp"

enum { ALL = (1 << DIGEST_COUNT) - 1 };

static void of_text(const char *text, unsigned formats, struct digest_texts *out)
{
    struct digest_state *state = digest_begin(formats);
    digest_update(state, text, strlen(text));
    digest_end(state, out);
}

static void each_is_the_published_one(void)
{
    struct digest_texts abc, nothing;
    of_text("abc", ALL, &abc);
    of_text("", ALL, &nothing);
    g_assert_cmpstr(abc.of[DIGEST_MD5], ==, "900150983cd24fb0d6963f7d28e17f72");
    g_assert_cmpstr(abc.of[DIGEST_SHA1], ==, "a9993e364706816aba3e25717850c26c9cd0d89d");
    g_assert_cmpstr(abc.of[DIGEST_C4], ==, C4_OF_ABC);
    g_assert_cmpstr(nothing.of[DIGEST_XXH128], ==, "99aa06d3014798d86001c324468d497f");
    g_assert_cmpstr(nothing.of[DIGEST_XXH3], ==, "2d06800538d394c2");
    g_assert_cmpstr(nothing.of[DIGEST_XXH64], ==, "ef46db3751d8e999");
}

static void only_what_is_asked_for_is_told(void)
{
    struct digest_texts texts;
    of_text("abc", DIGEST_BIT(DIGEST_MD5), &texts);
    for (int i = 0; i < DIGEST_COUNT; i++)
        g_assert_cmpint(*texts.of[i] != '\0', ==, i == DIGEST_MD5);
}

static void a_text_stands_for_its_bytes(void)
{
    static const guint8 sha512_of_abc[] = {
        0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba, 0xcc, 0x41, 0x73, 0x49, 0xae,
        0x20, 0x41, 0x31, 0x12, 0xe6, 0xfa, 0x4e, 0x89, 0xa9, 0x7e, 0xa2, 0x0a, 0x9e,
        0xee, 0xe6, 0x4b, 0x55, 0xd3, 0x9a, 0x21, 0x92, 0x99, 0x2a, 0x27, 0x4f, 0xc1,
        0xa8, 0x36, 0xba, 0x3c, 0x23, 0xa3, 0xfe, 0xeb, 0xbd, 0x45, 0x4d, 0x44, 0x23,
        0x64, 0x3c, 0xe8, 0x0e, 0x2a, 0x9a, 0xc9, 0x4f, 0xa5, 0x4c, 0xa4, 0x9f};
    struct digest_texts bytes, text;
    struct digest_state *of_bytes = digest_begin(DIGEST_BIT(DIGEST_MD5));
    digest_update(of_bytes, sha512_of_abc, sizeof sha512_of_abc);
    digest_update(of_bytes, "\x12\xab", 2);
    digest_end(of_bytes, &bytes);
    struct digest_state *of_text_form = digest_begin(DIGEST_BIT(DIGEST_MD5));
    digest_update_text(of_text_form, DIGEST_C4, C4_OF_ABC);
    digest_update_text(of_text_form, DIGEST_XXH64, "12ab");
    digest_end(of_text_form, &text);
    g_assert_cmpstr(bytes.of[DIGEST_MD5], ==, text.of[DIGEST_MD5]);
}

static void what_is_no_checksum_is_seen(void)
{
    g_assert_true(digest_is_text(DIGEST_C4, C4_OF_ABC));
    g_assert_false(digest_is_text(DIGEST_C4, "c4"));
    g_assert_true(digest_is_text(DIGEST_XXH64, "ef46db3751d8e999"));
    g_assert_false(digest_is_text(DIGEST_XXH64, "ef46db3751d8e99"));
    g_assert_false(digest_is_text(DIGEST_XXH64, "ef46db3751d8e99g"));
    g_assert_cmpint(digest_named("xxh3"), ==, DIGEST_XXH3);
    g_assert_cmpint(digest_named("crc"), ==, -1);
}

static bool stop(void *self, int64_t bytes)
{
    *(int64_t *)self += bytes;
    return false;
}

static void reading_ends_when_it_is_told_to(void)
{
    struct digest_texts texts;
    int64_t heard = 0;
    struct digest_ear ear = {stop, &heard};
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    g_assert_false(digest_fd(fd, ALL, &ear, &texts));
    g_assert_cmpint(errno, ==, ECANCELED);
    g_assert_cmpint(heard, >, 0);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/digest/each_is_the_published_one", each_is_the_published_one);
    g_test_add_func("/digest/only_what_is_asked_for_is_told", only_what_is_asked_for_is_told);
    g_test_add_func("/digest/a_text_stands_for_its_bytes", a_text_stands_for_its_bytes);
    g_test_add_func("/digest/what_is_no_checksum_is_seen", what_is_no_checksum_is_seen);
    g_test_add_func("/digest/reading_ends_when_it_is_told_to", reading_ends_when_it_is_told_to);
    return g_test_run();
}
