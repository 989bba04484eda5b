/* SPDX-License-Identifier: GPL-3.0-or-later
 * Glances as text, and what is refused of it. */
#include "model/glance.h"

#include <math.h>
#include <string.h>

/* ITU-T T.81: SOI, DHT without tables, SOF0 of 8 bits, 16 lines, 32 samples, no component, EOI. */
static const guint8 small_jpeg[] = {0xff, 0xd8, 0xff, 0xc4, 0, 2,  0xff, 0xc0, 0,
                                    8,    8,    0,    16,   0, 32, 0,    0xff, 0xd9};

static struct glance *made(void)
{
    struct glance *glance = glance_create();
    glance->hash = g_strdup("0123");
    glance->duration_s = 12.5;
    glance->moment_s = 4.16;
    glance->before = g_bytes_new_static(small_jpeg, sizeof small_jpeg);
    glance->loudness = (struct curve){.from_s = 3, .step_s = 0.1};
    curve_add(&glance->loudness, -231);
    curve_add(&glance->loudness, GLANCE_SILENT);
    return glance;
}

static void text_reads_back_as_it_was(void)
{
    g_auto(glance_ptr) glance = made();
    g_autofree char *text = glance_to_text(glance);
    g_auto(glance_ptr) back = glance_from_text(text);
    g_autofree char *again = glance_to_text(back);
    g_assert_cmpstr(text, ==, again);
    g_assert_cmpint(g_array_index(back->loudness.values, int, 0), ==, -231);
    g_assert_cmpfloat(back->loudness.from_s, ==, 3);
    g_assert_true(g_bytes_equal(back->before, glance->before));
    g_assert_null(back->after);
}

static void nothing_seen_shows_nothing(void)
{
    g_auto(glance_ptr) glance = glance_create();
    g_assert_false(glance_has_pictures(NULL) || glance_has_curves(NULL));
    g_assert_false(glance_has_pictures(glance) || glance_has_curves(glance));
    g_assert_true(isnan(glance->moment_s));
}

/* A worker that opened a hostile file wrote it. */
static void what_is_no_picture_or_too_large_is_left_out(void)
{
    g_autofree guint8 *large = g_malloc0(GLANCE_PICTURE_BYTES + 1);
    memcpy(large, small_jpeg, sizeof small_jpeg);
    g_autofree char *code = g_base64_encode(large, GLANCE_PICTURE_BYTES + 1);
    g_autofree char *text = g_strdup_printf("{\"before\": \"%s\", \"after\": \"PHN2Zz4=\"}", code);
    g_auto(glance_ptr) glance = glance_from_text(text);
    g_assert_null(glance->before);
    g_assert_null(glance->after);
}

static bool is_taken(const guint8 *picture, gsize size)
{
    g_autofree char *code = g_base64_encode(picture, size);
    g_autofree char *text = g_strdup_printf("{\"after\": \"%s\"}", code);
    g_auto(glance_ptr) glance = glance_from_text(text);
    return glance->after != NULL;
}

/* Some hundred bytes of JPEG may say 65500 x 65500, which a browser would decode. */
static void pictures_larger_than_a_glance_are_left_out(void)
{
    enum { LINES = 11, SAMPLES = 13 }; /* the higher byte of each in small_jpeg */
    guint8 picture[sizeof small_jpeg];
    memcpy(picture, small_jpeg, sizeof picture);
    g_assert_true(is_taken(picture, sizeof picture));
    picture[LINES] = 2;
    g_assert_false(is_taken(picture, sizeof picture));
    picture[LINES] = 0;
    picture[SAMPLES] = 2;
    g_assert_false(is_taken(picture, sizeof picture));
    g_assert_false(is_taken(small_jpeg, 12));
}

static void hash_of_another_length_than_ours_is_left_out(void)
{
    g_autofree char *long_hash = g_strnfill(5000, 'a');
    g_autofree char *text = g_strdup_printf("{\"hash\": \"%s\"}", long_hash);
    g_auto(glance_ptr) glance = glance_from_text(text);
    g_assert_null(glance->hash);
}

static void curves_are_bounded_in_length_and_height(void)
{
    g_autoptr(GString) text = g_string_new("{\"low\": {\"step_s\": 1, \"values\": [-1000, 1e300");
    for (int i = 0; i < 1000; i++)
        g_string_append(text, ", 1");
    g_string_append(text, "]}, \"high\": {\"step_s\": 0, \"values\": [1]}}");
    g_auto(glance_ptr) glance = glance_from_text(text->str);
    g_assert_cmpuint(glance->low.values->len, ==, GLANCE_COLUMNS);
    g_assert_cmpint(g_array_index(glance->low.values, int, 0), ==, -100);
    g_assert_cmpint(g_array_index(glance->low.values, int, 1), ==, 100);
    g_assert_null(glance->high.values);
}

static void what_is_no_glance_is_none(void)
{
    g_assert_null(glance_from_text(NULL));
    g_assert_null(glance_from_text("[]"));
    g_assert_null(glance_from_text("{"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/glance/" #name, name)
    TEST(text_reads_back_as_it_was);
    TEST(nothing_seen_shows_nothing);
    TEST(what_is_no_picture_or_too_large_is_left_out);
    TEST(pictures_larger_than_a_glance_are_left_out);
    TEST(hash_of_another_length_than_ours_is_left_out);
    TEST(curves_are_bounded_in_length_and_height);
    TEST(what_is_no_glance_is_none);
    return g_test_run();
}
