/* SPDX-License-Identifier: GPL-3.0-or-later
 * .3dl, .spi1d, .spi3d and .csp: what comes out of small files whose colours can be worked out by
 * hand, what is refused, and where. */
#include "color/grade.h"
#include "color/look_file.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 2e-6

/* Whole-number cubes of two points: an identity of so large a white, and green out of red only. */
#define CODES(w)                                                                              \
    "0 0 0\n0 0 " w "\n0 " w " 0\n0 " w " " w "\n" w " 0 0\n" w " 0 " w "\n" w " " w " 0\n" w \
    " " w " " w "\n"
#define RED_TO_GREEN "0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 1023 0\n0 1023 0\n0 1023 0\n0 1023 0\n"
#define SPI1D(components, rows) \
    "Version 1\nFrom 0.0 1.0\nLength 2\nComponents " components "\n{\n" rows "}\n"
#define SPI3D "SPILUT 1.0\n3 3\n2 2 2\n"
#define BACKWARDS /* out of order; blue out of red, twice */                                      \
    "1 1 1 0 0 2\n1 1 0 0 0 2\n1 0 1 0 0 2\n1 0 0 0 0 2\n0 1 1 0 0 0\n0 1 0 0 0 0\n0 0 1 0 0 0\n" \
    "0 0 0 0 0 0\n"
#define SEVEN \
    "0 0 0 0 0 0\n0 0 1 0 0 1\n0 1 0 0 1 0\n0 1 1 0 1 1\n1 0 0 1 0 0\n1 0 1 1 0 1\n1 1 0 1 1 0\n"
#define NO_SHAPER "2\n0 1\n0 1\n2\n0 1\n0 1\n2\n0 1\n0 1\n"
#define CSP_CUBE /* red fastest: green out of red */ \
    "2 2 2\n0 0 0\n0 1 0\n0 0 0\n0 1 0\n0 0 0\n0 1 0\n0 0 0\n0 1 0\n"
#define UNEVEN "3\n0 .1 1\n0 .5 1\n" /* straight from .1, .5 to 1, 1 */
#define CURVE "2\n0 0 0\n1 1 1\n"

static const struct {
    const char *what, *name, *text;
    unsigned warnings;
    float in[3];
    double out[3];
} taken[] = {
    {"3dl 8 bits", "a.3dl", CODES("255"), 0, {0.25f, 0.5f, 1}, {0.25, 0.5, 1}},
    {"3dl 10 bits", "a.3DL", CODES("1023"), 0, {0.25f, 0.5f, 1}, {0.25, 0.5, 1}},
    {"3dl 12 bits", "a.3dl", CODES("4095"), 0, {0.25f, 0.5f, 1}, {0.25, 0.5, 1}},
    {"3dl 16 bits", "a.3dl", CODES("65535"), 0, {0.25f, 0.5f, 1}, {0.25, 0.5, 1}},
    {"3dl white at 1024", "a.3dl", CODES("1024"), 0, {0, 0, 1}, {0, 0, 1024 / 1023.0}},
    {"3dl not up to white",
     "a.3dl",
     CODES("940"),
     0,
     {0, 0.5f, 1},
     {0, 470 / 1023.0, 940 / 1023.0}},
    {"3dl blue is fastest", "a.3dl", RED_TO_GREEN, 0, {0.25f, 0.5f, 1}, {0, 0.25, 0}},
    {"3dl gamma and other words",
     "a.3dl",
     "gamma 2.2\nNIGHT 1 2\n" CODES("255"),
     2,
     {0, 1, 0},
     {0, 1, 0}},
    {"spi1d of one", "a.spi1d", SPI1D("1", "0\n2\n"), 0, {-1, 0.25f, 2}, {0, 0.5, 2}},
    {"spi1d of three",
     "a.spi1d",
     SPI1D("3", "0 1 0\n1 0 .5\n"),
     0,
     {0.25f, 0.25f, 0.5f},
     {0.25, 0.75, 0.25}},
    {"spi1d from -1 to 3, words in another order",
     "a.spi1d",
     "version 1\r\nComponents 1\r\nLength 3\r\nFrom -1 3\r\n{ # open\r\n -6.0\r\n0\r\n6\r\n}\r\n",
     0,
     {-1, 1, 2},
     {-6, 0, 3}},
    {"spi3d in any order", "a.spi3d", SPI3D BACKWARDS, 0, {0.25f, 0.5f, 1}, {0, 0, 0.5}},
    {"csp cube",
     "a.csp",
     "CSPLUTV100\n3D\n\n" NO_SHAPER "\n" CSP_CUBE,
     0,
     {0.25f, 0.5f, 1},
     {0, 0.25, 0}},
    {"csp curves and metadata",
     "a.csp",
     "CSPLUTV100\n1D\nBEGIN METADATA\n3D is meant, 1 2 3\nEND METADATA\n" NO_SHAPER
     "3\n0 0 0\n1 0 .5\n1 1 1\n",
     0,
     {0.25f, 0.75f, 0.5f},
     {0.5, 0.5, 0.5}},
    {"csp without points of shapers",
     "a.csp",
     "CSPLUTV100\n1D\n0\n0\n0\n" CURVE,
     0,
     {0.25f, 0.75f, 0.5f},
     {0.25, 0.75, 0.5}},
};

static const struct {
    const char *what, *name, *text;
    float in[3];
    double out[3];
} shaped[] = {
    {"csp: uneven",
     "a.csp",
     "CSPLUTV100\n1D\n" UNEVEN "2\n0 1\n0 1\n" UNEVEN CURVE,
     {0.05f, 0.05f, 0.55f},
     {0.25, 0.05, 0.75}},
    {"csp: constant beyond its ends",
     "a.csp",
     "CSPLUTV100\n1D\n2\n.25 .75\n0 1\n2\n-1 3\n0 1\n2\n0 1\n0 .5\n" CURVE,
     {0.1f, 2, 2},
     {0, 0.75, 0.5}},
    {"csp: points that no even grid holds, from 0 to 60000",
     "a.csp",
     "CSPLUTV100\n1D\n4\n0 .18 1 60000\n0 .4 .6 1\n4\n0 .18 1 60000\n0 .4 .6 1\n"
     "4\n0 .18 1 60000\n0 .4 .6 1\n" CURVE,
     {0.09f, 0.59f, 30000.5f},
     {0.2, 0.5, 0.8}},
    {"csp: thirds with six decimals",
     "a.csp",
     "CSPLUTV100\n1D\n4\n0 .333333 .666667 1\n0 .2 .4 1\n0\n0\n" CURVE,
     {0.5f, 0.5f, 0.5f},
     {0.3, 0.5, 0.5}},
};

static const struct {
    const char *what, *name, *text, *message;
    int line, column;
} refused[] = {
    {"3dl empty", "a.3dl", "", "0 rows make no cube", 0, 0},
    {"3dl cut short", "a.3dl", "0 0 0\n0 0 1023\n0 1023 0\n", "3 rows make no cube", 3, 1},
    {"3dl XML", "a.3dl", "<LUT/>\n", "not a .3dl file", 1, 1},
    {"3dl fractions", "a.3dl", "0 0 0.5\n", "\"0.5\"", 1, 5},
    {"3dl negative", "a.3dl", "0 0 -1\n", "\"-1\"", 1, 5},
    {"3dl too large", "a.3dl", "0 0 65536\n", "\"65536\"", 1, 5},
    {"3dl two columns", "a.3dl", "0 0\n", "3 numbers, not 2", 1, 1},
    {"3dl positions after rows", "a.3dl", "0 0 0\n0 1 2 3\n", "3 numbers, not 4", 2, 1},
    {"3dl positions that fall", "a.3dl", "0 64 32 128\n", "don't rise", 1, 6},
    {"3dl another number of positions", "a.3dl", "0 64 128 255\n" CODES("255"),
     "4 input positions for 2 points", 9, 1},
    {"3dl small numbers", "a.3dl", CODES("1"), "largest code is 1", 8, 1},
    {"3dl Mesh of another size", "a.3dl", "Mesh 4 12\n" CODES("4095"), "promises 17 points", 9, 1},
    {"3dl Mesh of one number", "a.3dl", "Mesh 4\n", "Mesh takes 2 numbers", 1, 1},
    {"spi1d empty", "a.spi1d", "", "no table", 0, 0},
    {"spi1d version 2", "a.spi1d", "Version 2\n", "\"2\"", 1, 9},
    {"spi1d without a length", "a.spi1d", "Version 1\nComponents 1\n{\n", "no Length", 3, 1},
    {"spi1d of two", "a.spi1d", "Components 2\n", "two components", 1, 12},
    {"spi1d unknown word", "a.spi1d", "Size 2\n", "\"Size\"", 1, 1},
    {"spi1d word twice", "a.spi1d", "Version 1\nVersion 1\n", "line 1 already", 2, 1},
    {"spi1d backwards", "a.spi1d", "Version 1\nFrom 1 0\nLength 2\nComponents 1\n{\n",
     "runs backwards", 5, 1},
    {"spi1d of a range that floats can't tell", "a.spi1d",
     "Version 1\nFrom 100000 100000.000002\nLength 2\nComponents 1\n{\n", "(line 2) is empty", 5,
     1},
    {"spi1d too few", "a.spi1d", SPI1D("1", "0\n"), "1 of 2 rows", 7, 1},
    {"spi1d too many", "a.spi1d", SPI1D("1", "0\n1\n2\n"), "one more", 8, 1},
    {"spi1d of 131072", "a.spi1d", "Length 131072\n", "\"131072\"", 1, 8},
    {"spi1d columns", "a.spi1d", SPI1D("1", "0 1\n1\n"), "1 number is expected", 6, 1},
    {"spi1d decimal commas", "a.spi1d", SPI1D("1", "0,5\n1\n"), "\"0,5\"", 6, 1},
    {"spi1d without its brace", "a.spi1d", "Version 1\nLength 2\nComponents 1\n{\n0\n1\n",
     "closing brace", 6, 1},
    {"spi1d and more", "a.spi1d", SPI1D("1", "0\n1\n") "2\n", "follows", 9, 1},
    {"spi3d empty", "a.spi3d", "", "not a .spi3d file", 0, 0},
    {"spi3d another", "a.spi3d", "LUT_3D_SIZE 2\n", "not a .spi3d file", 1, 1},
    {"spi3d box", "a.spi3d", "SPILUT 1.0\n3 3\n2 2 3\n", "2 x 2 x 3", 3, 1},
    {"spi3d of 130", "a.spi3d", "SPILUT 1.0\n3 3\n130 130 130\n", "\"130\"", 3, 1},
    {"spi3d outside", "a.spi3d", SPI3D "2 0 0 0 0 0\n", "\"2\"", 4, 1},
    {"spi3d twice", "a.spi3d", SPI3D "0 0 0 0 0 0\n0 0 0 0 0 0\n", "before", 5, 1},
    {"spi3d too few", "a.spi3d", SPI3D SEVEN, "7 of 8 rows", 10, 1},
    {"spi3d too many", "a.spi3d", SPI3D SEVEN "1 1 1 1 1 1\n0 0 0 0 0 0\n", "before", 12, 1},
    {"spi3d columns", "a.spi3d", SPI3D "0 0 0\n", "6 numbers, not 3", 4, 1},
    {"spi3d not a number", "a.spi3d", SPI3D "0 0 0 0 inf 0\n", "\"inf\"", 4, 9},
    {"csp empty", "a.csp", "", "not a .csp file", 0, 0},
    {"csp another", "a.csp", "LUT_3D_SIZE 2\n", "not a .csp file", 1, 1},
    {"csp kind", "a.csp", "CSPLUTV100\n2D\n", "should stand here", 2, 1},
    {"csp metadata without an end", "a.csp", "CSPLUTV100\n1D\nBEGIN METADATA\nx\n",
     "before END METADATA", 4, 1},
    {"csp shaper count", "a.csp", "CSPLUTV100\n1D\nx\n", "\"x\"", 3, 1},
    {"csp shaper points", "a.csp", "CSPLUTV100\n1D\n3\n0 1\n", "has 2 numbers", 4, 1},
    {"csp shaper that falls", "a.csp", "CSPLUTV100\n1D\n3\n0 .5 .5\n0 1 2\n", "point 3", 4, 1},
    {"csp shaper of words", "a.csp", "CSPLUTV100\n1D\n2\n0 a\n", "\"a\"", 4, 3},
    {"csp box", "a.csp", "CSPLUTV100\n3D\n" NO_SHAPER "2 2 3\n", "2 x 2 x 3", 12, 1},
    {"csp size", "a.csp", "CSPLUTV100\n1D\n" NO_SHAPER "65537\n", "\"65537\"", 12, 1},
    {"csp too few", "a.csp", "CSPLUTV100\n1D\n" NO_SHAPER "3\n0 0 0\n1 1 1\n", "2 of 3 rows", 14,
     1},
    {"csp too many", "a.csp", "CSPLUTV100\n1D\n" NO_SHAPER "2\n0 0 0\n1 1 1\n1 1 1\n", "one more",
     15, 1},
    {"csp without a table", "a.csp", "CSPLUTV100\n1D\n" NO_SHAPER, "before the size", 11, 1},
    {"unknown", "a.lut", "x", "not called like", 0, 0},
};

static struct look *read_text(const char *name, const char *text, struct diag *diag)
{
    return look_read(text, strlen(text), name, diag);
}

static void check(const char *what, const char *name, const char *text, unsigned warnings,
                  const float in[3], const double out[3])
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) look = read_text(name, text, diag);
    g_autofree char *said = diag_text(diag, false);
    g_test_message("%s: %s", what, said);
    g_assert_nonnull(look);
    g_assert_cmpuint(diag_warnings(diag), ==, warnings);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    float rgb[3] = {in[0], in[1], in[2]};
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
    for (int c = 0; c < 3; c++) {
        g_test_message("%.9g, aim %.9g", rgb[c], out[c]);
        g_assert_cmpfloat(fabs(rgb[c] - out[c]), <, TOLERANCE);
    }
}

static void tables_are_where_their_files_say(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++)
        check(taken[i].what, taken[i].name, taken[i].text, taken[i].warnings, taken[i].in,
              taken[i].out);
}

/* A cube of 5 points, after `head`: an identity of 12 bits, rounded. */
static char *five(const char *head, const char *tail)
{
    GString *text = g_string_new(head);
    for (int i = 0; i < 125; i++)
        g_string_append_printf(text, "%ld %ld %ld\n", lround(i / 25 * 1023.75),
                               lround(i / 5 % 5 * 1023.75), lround(i % 5 * 1023.75));
    g_string_append(text, tail);
    return g_string_free(text, FALSE);
}

#define TOKENS "#Tokens required by applications - do not edit\n"

static void meshes_of_flame_and_lustre(void)
{
    static const struct {
        const char *what, *head, *tail;
        unsigned warnings;
        float in[3];
        double out[3];
    } cases[] = {
        {"Flame",
         "# Comment here\n0 256 512 768 1023\n\n",
         "",
         0,
         {0, 1, 0.5f},
         {0, 1, 2048 / 4095.0}},
        {"Lustre",
         TOKENS "3DMESH\nMesh 2 12\n0 256 512 768 1023\n\n",
         "\n" TOKENS "\nLUT8\ngamma 1.0\n",
         0,
         {0, 1, 0.5f},
         {0, 1, 2048 / 4095.0}},
        {"Mesh knows better than the largest",
         "Mesh 2 16\n",
         "",
         0,
         {0, 1, 0},
         {0, 4095 / 65535.0, 0}},
        {"Mesh says too few bits", "Mesh 2 10\n", "", 1, {0, 1, 0}, {0, 1, 0}},
        {"positions of 8 bits, one away from even",
         "0 64 128 192 255\n",
         "",
         0,
         {0, 1, 0.5f},
         {0, 1, 2048 / 4095.0}},
        {"uneven positions: 100 of 1023 is a quarter",
         "0 100 512 768 1023\n",
         "",
         0,
         {50 / 1023.0f, 100 / 1023.0f, 306 / 1023.0f},
         {512 / 4095.0, 1024 / 4095.0, 1536 / 4095.0}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = five(cases[i].head, cases[i].tail);
        check(cases[i].what, "a.3dl", text, cases[i].warnings, cases[i].in, cases[i].out);
    }
}

/* Of a file without Mesh, or whose Mesh is wrong. */
static void depths_that_numbers_tell_are_said(void)
{
    static const struct {
        const char *head, *said;
    } cases[] = {
        {"", "LUT of 12 bits out, by its largest numbers, a.3dl ("},
        {"0 256 512 768 1023\n",
         "LUT of 10 bits in and 12 bits out, by its largest numbers, a.3dl ("},
        {"Mesh 2 10\n", "LUT of 12 bits out, by its largest numbers, a.3dl ("},
        {"Mesh 2 12\n", "LUT a.3dl ("},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_autofree char *text = five(cases[i].head, "");
        g_auto(look_ptr) look = read_text("a.3dl", text, diag);
        g_autofree char *said = look_describe(look);
        g_test_message("%s", said);
        g_assert_true(g_str_has_prefix(said, cases[i].said));
    }
}

static void shapers_are_straight_between_their_points(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shaped); i++)
        check(shaped[i].what, shaped[i].name, shaped[i].text, 0, shaped[i].in, shaped[i].out);
}

static void refuses_with_the_place(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(look_ptr) look = read_text(refused[i].name, refused[i].text, diag);
        g_autofree char *text = diag_text(diag, false);
        g_test_message("%s: %s", refused[i].what, text);
        g_assert_null(look);
        const struct finding *first = g_ptr_array_index(diag_findings(diag), 0);
        g_assert_true(strstr(text, refused[i].message));
        g_assert_cmpstr(first->at.file, ==, refused[i].name);
        g_assert_cmpint(first->at.line, ==, refused[i].line);
        g_assert_cmpint(first->at.column, ==, refused[i].column);
    }
}

static void binary_files_and_byte_order_marks(void)
{
    static const char *const names[] = {"a.3dl", "a.spi1d", "a.spi3d", "a.csp", "a.clf"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_assert_null(look_read("\xff\xfeL\0U\0", 6, names[i], diag));
        g_assert_null(look_read(NULL, 0, names[i], diag));
        g_assert_cmpuint(diag_errors(diag), ==, 2);
    }
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) look = read_text("a.3dl", "\xef\xbb\xbf" CODES("255"), diag);
    g_assert_nonnull(look);
    g_assert_cmpuint(diag_warnings(diag), ==, 1);
}

static void one_table_knows_the_names(void)
{
    g_assert_true(look_file_known("looks/Day.CUBE"));
    g_assert_true(look_file_known("a.clf"));
    g_assert_false(look_file_known("cube"));
    g_assert_false(look_file_known("a.cube.txt"));
    g_assert_nonnull(strstr(look_file_extensions(), ".cube, .3dl"));
}

static void reads_the_same_in_a_locale_with_commas(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    tables_are_where_their_files_say();
    shapers_are_straight_between_their_points();
    refuses_with_the_place();
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/lut_files/depths", depths_that_numbers_tell_are_said);
    g_test_add_func("/color/lut_files/taken", tables_are_where_their_files_say);
    g_test_add_func("/color/lut_files/mesh", meshes_of_flame_and_lustre);
    g_test_add_func("/color/lut_files/shapers", shapers_are_straight_between_their_points);
    g_test_add_func("/color/lut_files/refused", refuses_with_the_place);
    g_test_add_func("/color/lut_files/text", binary_files_and_byte_order_marks);
    g_test_add_func("/color/lut_files/names", one_table_knows_the_names);
    g_test_add_func("/color/lut_files/locale", reads_the_same_in_a_locale_with_commas);
    return g_test_run();
}
