/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the .cube reader takes, what it refuses, and where it says the mistake is. */
#include "color/cube.h"

#include <locale.h>
#include <string.h>

#define POINTS "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n"
#define CUBE "LUT_3D_SIZE 2\n" POINTS
#define CURVE "0 0 0\n.5 .5 .5\n1 1 1\n"

static const struct look_table *table_of(const struct look *look, enum look_kind kind)
{
    for (guint i = 0; i < look->stages->len; i++) {
        const struct look_stage *stage = &g_array_index(look->stages, struct look_stage, i);
        if (stage->kind == kind)
            return &stage->table;
    }
    return NULL;
}

static const struct look_table *curves_of(const struct look *look)
{
    return table_of(look, LOOK_CURVES);
}

static const struct look_table *cube_of(const struct look *look)
{
    return table_of(look, LOOK_CUBE);
}

static unsigned size_of(const struct look *look, enum look_kind kind)
{
    const struct look_table *table = table_of(look, kind);
    return table ? table->size : 0;
}

static struct look *read_text(const char *text, struct diag *diag)
{
    return cube_read(text, strlen(text), "look.cube", diag);
}

static const struct {
    const char *what, *text;
    unsigned curve_size, cube_size, warnings;
} accepted[] = {
    {"plain cube", CUBE, 0, 2, 0},
    {"curves", "LUT_1D_SIZE 3\n" CURVE, 3, 0, 0},
    {"shaper and cube", "LUT_1D_SIZE 3\nLUT_3D_SIZE 2\n" CURVE POINTS, 3, 2, 0},
    {"title", "TITLE \"a # b\"\n" CUBE, 0, 2, 0},
    {"title without quotes", "TITLE day\n" CUBE, 0, 2, 1},
    {"CRLF", "LUT_1D_SIZE 2\r\n0 0 0\r\n1 1 1\r\n", 2, 0, 0},
    {"CR", "LUT_1D_SIZE 2\r0 0 0\r1 1 1\r", 2, 0, 0},
    {"no end of line", "LUT_1D_SIZE 2\n0 0 0\n1 1 1", 2, 0, 0},
    {"comments anywhere", "#a\nLUT_1D_SIZE 2 # b\n\n0 0 0\n # c\n1 1 1 # d\n#e", 2, 0, 0},
    {"byte order mark", "\xef\xbb\xbf" CUBE, 0, 2, 1},
    {"spaces before a keyword", "  LUT_3D_SIZE 2\n" POINTS, 0, 2, 1},
    {"lower case", "lut_3d_size 2\n" POINTS, 0, 2, 1},
    {"exponents and signs", "LUT_1D_SIZE 2\n-1e-3 +.5 1.\n1E0 1e+0 01\n", 2, 0, 0},
    {"domain", "DOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2\n" CUBE, 0, 2, 0},
    {"domain above zero", "DOMAIN_MIN .5 .5 .5\n" CUBE, 0, 2, 0},
    {"3D input range", "LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE -0.5 1.5\n" POINTS, 0, 2, 0},
    {"stray range that is harmless", "LUT_1D_INPUT_RANGE 0.0 1.0\n" CUBE, 0, 2, 1},
    {"a vendor's words", "XYZZY 3\n" CUBE, 0, 2, 1},
    {"video range words", "LUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\n" CUBE, 0, 2, 2},
};

static const struct {
    const char *what, *text, *message;
    int line, column;
} refused[] = {
    {"nothing", "", "no size", 0, 0},
    {"only a comment", "# x\n", "no size", 1, 1},
    {"no size", "TITLE \"x\"\n0 0 0\n", "no size", 2, 1},
    {"size 1", "LUT_3D_SIZE 1\n0 0 0\n", "LUT_3D_SIZE can't be \"1\"", 1, 13},
    {"size 0", "LUT_3D_SIZE 0\n", "can't be \"0\"", 1, 13},
    {"size -2", "LUT_3D_SIZE -2\n" POINTS, "can't be \"-2\"", 1, 13},
    {"size 2.0", "LUT_3D_SIZE 2.0\n" POINTS, "can't be \"2.0\"", 1, 13},
    {"size 130", "LUT_3D_SIZE 130\n", "can't be \"130\"", 1, 13},
    {"size 65537", "LUT_1D_SIZE 65537\n", "can't be \"65537\"", 1, 13},
    {"size twice", "LUT_3D_SIZE 2\nLUT_3D_SIZE 2\n" POINTS, "stands on line 1 already", 2, 1},
    {"size without a number", "LUT_3D_SIZE\n" POINTS, "takes 1 number, not 0", 1, 1},
    {"too few rows", "LUT_1D_SIZE 3\n0 0 0\n1 1 1\n", "ends after 2 of 3 rows", 3, 1},
    {"too many rows", "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1\n", "promises 2 rows", 4, 1},
    {"four columns", "LUT_1D_SIZE 2\n0 0 0 1\n1 1 1 1\n", "3 numbers, not 4", 2, 1},
    {"two columns", "LUT_1D_SIZE 2\n0 0 0\n1 1\n", "3 numbers, not 2", 3, 1},
    {"decimal commas", "LUT_1D_SIZE 2\n0 0 0\n0,5 0,5 0,5\n", "\"0,5\" is not a number", 3, 1},
    {"not a number", "LUT_1D_SIZE 2\n0 nan 0\n1 1 1\n", "\"nan\"", 2, 3},
    {"not a number first", "LUT_1D_SIZE 2\nNaN 0 0\n1 1 1\n", "\"NaN\"", 2, 1},
    {"infinity", "LUT_1D_SIZE 2\n0 0 -inf\n1 1 1\n", "\"-inf\"", 2, 5},
    {"infinity of old Windows", "LUT_1D_SIZE 2\n0 0 1.#INF\n1 1 1\n", "\"1.#INF\"", 2, 5},
    {"hexadecimal", "LUT_1D_SIZE 2\n0 0 0x1\n1 1 1\n", "\"0x1\"", 2, 5},
    {"overflow", "LUT_1D_SIZE 2\n0 0 1e999\n1 1 1\n", "too large", 2, 5},
    {"bare exponent", "LUT_1D_SIZE 2\n0 0 1e\n1 1 1\n", "\"1e\"", 2, 5},
    {"domain backwards", "DOMAIN_MIN 1 0 0\nDOMAIN_MAX 0 1 1\n" CUBE, "runs backwards", 2, 1},
    {"domain empty", "LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 1 1\n" POINTS, "is empty", 2, 1},
    {"domain of two", "DOMAIN_MIN 0 0\n" CUBE, "takes 3 numbers, not 2", 1, 1},
    {"domain and range", "DOMAIN_MAX 2 2 2\nLUT_3D_INPUT_RANGE 0 1\n" CUBE, "both", 1, 1},
    {"domain of two tables", "DOMAIN_MAX 2 2 2\nLUT_1D_SIZE 3\nLUT_3D_SIZE 2\n" CURVE POINTS,
     "which of the two", 1, 1},
    {"stray range", "LUT_1D_INPUT_RANGE 0 2\n" CUBE, "has no LUT_1D_SIZE", 1, 1},
    {"keyword in the table", "LUT_1D_SIZE 2\n0 0 0\nTITLE \"x\"\n1 1 1\n", "after the table", 3, 1},
    {"unknown word", "LUT_3D_SISE 2\n" POINTS, "neither a number nor a keyword", 1, 1},
    {"unknown word in the table", "LUT_1D_SIZE 2\n0 0 0\nXYZZY 3\n1 1 1\n",
     "neither a number nor a keyword", 3, 1},
    {"column in characters", "LUT_1D_SIZE 2\n0 \xc3\xa9 x\n1 1 1\n", "\"\xc3\xa9\"", 2, 3},
};

static void takes_both_dialects(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(accepted); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(look_ptr) lut = read_text(accepted[i].text, diag);
        g_autofree char *text = diag_text(diag, false);
        g_test_message("%s: %s", accepted[i].what, text);
        g_assert_nonnull(lut);
        g_assert_cmpuint(diag_errors(diag), ==, 0);
        g_assert_cmpuint(diag_warnings(diag), ==, accepted[i].warnings);
        g_assert_cmpuint(size_of(lut, LOOK_CURVES), ==, accepted[i].curve_size);
        g_assert_cmpuint(size_of(lut, LOOK_CUBE), ==, accepted[i].cube_size);
    }
}

static void refuses_with_the_place(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(look_ptr) lut = read_text(refused[i].text, diag);
        g_autofree char *text = diag_text(diag, false);
        g_test_message("%s: %s", refused[i].what, text);
        g_assert_null(lut);
        g_assert_cmpuint(diag_errors(diag), >, 0);
        const struct finding *first = g_ptr_array_index(diag_findings(diag), 0);
        g_assert_nonnull(strstr(first->message, refused[i].message));
        g_assert_cmpstr(first->at.file, ==, "look.cube");
        g_assert_cmpint(first->at.line, ==, refused[i].line);
        g_assert_cmpint(first->at.column, ==, refused[i].column);
    }
}

static void refuses_what_is_not_text(void)
{
    static const char utf16[] = "\xff\xfeL\0U\0T\0";
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(cube_read(utf16, sizeof utf16, "look.cube", diag));
    g_assert_cmpuint(diag_errors(diag), ==, 1);
}

static void takes_an_empty_mapped_file_as_empty(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(cube_read(NULL, 0, "look.cube", diag));
    g_assert_cmpuint(diag_errors(diag), ==, 1);
}

static void gives_up_at_once_on_another_format(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(read_text("TITLE: EDL\nFCM: NON-DROP FRAME\n", diag));
    g_assert_cmpuint(diag_errors(diag), ==, 1);
}

static void passes_over_a_word_with_its_place(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) lut = read_text("TITLE \"x\"\n XYZZY 3\n" CUBE, diag);
    g_assert_nonnull(lut);
    const struct finding *first = g_ptr_array_index(diag_findings(diag), 0);
    g_assert_nonnull(strstr(first->message, "\"XYZZY\""));
    g_assert_cmpint(first->at.line, ==, 2);
    g_assert_cmpint(first->at.column, ==, 2);
}

static void collects_ten_errors(void)
{
    g_autoptr(GString) text = g_string_new("TITLE \"x\"\n");
    for (int i = 0; i < 1000; i++)
        g_string_append_printf(text, "WORD%d 1\n", i);
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(read_text(text->str, diag));
    g_assert_cmpuint(diag_errors(diag), ==, 10);
}

static void keeps_what_the_file_says(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) lut =
        read_text("TITLE \"day # 1\"\nLUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE -1 3\n"
                  "LUT_3D_SIZE 2\nLUT_IN_VIDEO_RANGE\n0.1 0.2 0.3\n1 1 1\n" POINTS,
                  diag);
    g_assert_nonnull(lut);
    g_assert_cmpstr(lut->title, ==, "day # 1");
    g_assert_cmpstr(lut->name, ==, "look.cube");
    g_assert_cmpuint(strlen(lut->hash), ==, HASH_TEXT_SIZE - 1);
    g_assert_cmpfloat(curves_of(lut)->domain.min[2], ==, -1);
    g_assert_cmpfloat(curves_of(lut)->domain.max[0], ==, 3);
    g_assert_cmpfloat(cube_of(lut)->domain.min[1], ==, 0);
    g_assert_cmpfloat(cube_of(lut)->domain.max[1], ==, 1);
    g_assert_cmpfloat(curves_of(lut)->points[0][1], ==, 0.2f);
    g_assert_cmpfloat(cube_of(lut)->points[1][0], ==, 1); /* red runs fastest */
    g_assert_cmpfloat(cube_of(lut)->points[4][2], ==, 1);
    g_assert_true(lut->video_in);
    g_assert_false(lut->video_out);
}

static void numbers_are_the_nearest_floats(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) lut =
        read_text("LUT_1D_SIZE 2\n"
                  "0.333333333333333314829616256247390992939472198486328125 1e-45 0.1\n"
                  "0.1000000000000000055511151231257827021181583404541015625000000000000 "
                  "999999.94 1.00000005960464477539062500001\n",
                  diag);
    g_assert_nonnull(lut);
    g_assert_cmpfloat(curves_of(lut)->points[0][0], ==, 1 / 3.0f);
    g_assert_cmpfloat(curves_of(lut)->points[0][1], ==, 0x1p-149f);
    g_assert_cmpfloat(curves_of(lut)->points[0][2], ==, 0.1f);
    g_assert_cmpfloat(curves_of(lut)->points[1][0], ==, 0.1f);
    g_assert_cmpfloat(curves_of(lut)->points[1][1], ==, 999999.94f);
}

static void titles_are_safe_to_print(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) lut = read_text("TITLE \"a\033[31m\xff\"\n" CUBE, diag);
    g_assert_nonnull(lut);
    g_assert_true(g_utf8_validate(lut->title, -1, NULL));
    g_assert_null(strchr(lut->title, '\033'));
}

static void hash_is_of_every_byte(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) a = read_text(CUBE, diag);
    g_auto(look_ptr) b = read_text(CUBE, diag);
    g_auto(look_ptr) c = read_text("# changed\n" CUBE, diag);
    g_assert_cmpstr(a->hash, ==, b->hash);
    g_assert_cmpstr(a->hash, !=, c->hash);
}

static void reads_the_same_in_a_locale_with_commas(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    takes_both_dialects();
    refuses_with_the_place();
    numbers_are_the_nearest_floats();
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/cube/accepted", takes_both_dialects);
    g_test_add_func("/color/cube/refused", refuses_with_the_place);
    g_test_add_func("/color/cube/binary", refuses_what_is_not_text);
    g_test_add_func("/color/cube/empty", takes_an_empty_mapped_file_as_empty);
    g_test_add_func("/color/cube/another_format", gives_up_at_once_on_another_format);
    g_test_add_func("/color/cube/ten_errors", collects_ten_errors);
    g_test_add_func("/color/cube/passes_over", passes_over_a_word_with_its_place);
    g_test_add_func("/color/cube/content", keeps_what_the_file_says);
    g_test_add_func("/color/cube/numbers", numbers_are_the_nearest_floats);
    g_test_add_func("/color/cube/title", titles_are_safe_to_print);
    g_test_add_func("/color/cube/hash", hash_is_of_every_byte);
    g_test_add_func("/color/cube/locale", reads_the_same_in_a_locale_with_commas);
    return g_test_run();
}
