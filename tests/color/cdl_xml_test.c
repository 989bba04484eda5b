/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the reader of CDLs in XML takes, what it refuses and where. The forms are those of
 * OpenColorIO's test files; the grade's numbers are of its CDLOp tests (style v1.2). */
#include "color/cdl_file.h"

#include "color/grade.h"

#include <locale.h>
#include <string.h>

#define NS "urn:ASC:CDL:v1.01"
#define SOP "<SOPNode><Slope>2 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode>"
#define SAT "<SatNode><Saturation>.5</Saturation></SatNode>"
#define CC(inside) "<ColorCorrection>" inside "</ColorCorrection>"
#define CCC(inside) "<ColorCorrectionCollection>" inside "</ColorCorrectionCollection>"
#define CDL(inside) \
    "<ColorDecisionList><ColorDecision>" inside "</ColorDecision></ColorDecisionList>"
#define NUMBERS(slope, offset, power)                                              \
    CC("<SOPNode><Slope>" slope "</Slope><Offset>" offset "</Offset><Power>" power \
       "</Power></SOPNode>")

static struct cdl_file *read_as(const char *name, const char *text, struct diag *diag)
{
    return cdl_file_read(text, strlen(text), name, diag);
}

static const struct cdl_correction *correction(const struct cdl_file *file, guint index)
{
    return g_ptr_array_index(file->corrections, index);
}

static const struct {
    const char *what, *name, *text;
    unsigned count, warnings;
    double slope, saturation; /* of the first, of red */
} accepted[] = {
    {"a correction", "a.cc", CC(SOP SAT), 1, 0, 2, .5},
    {"a collection", "a.ccc", CCC(CC(SOP) CC(SAT)), 2, 0, 2, 1},
    {"a list", "a.cdl", CDL(CC(SOP SAT)), 1, 0, 2, .5},
    {"a list without decisions", "a.cdl", "<ColorDecisionList>" CC(SAT) "</ColorDecisionList>", 1,
     0, 1, .5},
    {"a correction called .ccc", "a.ccc", CC(SOP), 1, 0, 2, 1},
    {"a correction called .cdl", "a.cdl", CC(SOP), 1, 0, 2, 1},
    {"a list called .cc", "A.CC", CDL(CC(SOP)), 1, 0, 2, 1},
    {"no SOP and no Sat", "a.cc", CC(""), 1, 0, 1, 1},
    {"no SOP", "a.cc", CC(SAT), 1, 0, 1, .5},
    {"no Sat", "a.cc", CC(SOP), 1, 0, 2, 1},
    {"ASC_SOP", "a.cc",
     CC("<ASC_SOP><Slope>2 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></ASC_SOP>"), 1, 0,
     2, 1},
    {"ASC_SAT", "a.cc", CC("<ASC_SAT><Saturation>.42</Saturation></ASC_SAT>"), 1, 0, 1, .42},
    {"SATNode", "a.cc", CC("<SATNode><Saturation>.42</Saturation></SATNode>"), 1, 0, 1, .42},
    {"Sat before SOP", "a.cc", CC(SAT SOP), 1, 0, 2, .5},
    {"numbers of any form", "a.cc", NUMBERS("0.0 1. +.5", "-.03 -2e-2 1e0", "1.25 1 1E0"), 1, 0, 0,
     1},
    {"numbers on lines", "a.cc", NUMBERS("\n\t2\r\n1\r\n  1\n", "0 0 0", "1 1 1"), 1, 0, 2, 1},
    {"numbers with a comment", "a.cc", NUMBERS("2 <!-- x --> 1 1", "0 0 0", "1 1 1"), 1, 0, 2, 1},
    {"numbers as entities", "a.cc", NUMBERS("&#50; 1 1", "0 0 0", "1 1 1"), 1, 0, 2, 1},
    {"unknown elements, told once a name", "a.cc",
     CC("<Vendor><Slope>9 9 9</Slope></Vendor>" SOP "<Vendor/>"), 1, 1, 2, 1},
    {"a namespace, a prefix, attributes", "a.cc",
     "<c:ColorCorrection xmlns:c=\"" NS "\" id=\"x\" a=\"b\"/>", 1, 0, 1, 1},
    {"a declaration, comments, instructions", "a.cc",
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a -->\n<?b c?>\n" CC(SOP) "\n<!-- d -->\n",
     1, 0, 2, 1},
    {"a byte order mark", "a.cc", "\xef\xbb\xbf<?xml version=\"1.0\"?>" CC(SOP), 1, 0, 2, 1},
    {"a reference, which isn't followed", "a.cdl",
     CDL(CC(SOP) "</ColorDecision><ColorDecision><ColorCorrectionRef ref=\"x\"/>"), 1, 1, 2, 1},
};

static const struct {
    const char *what, *text, *message;
    int line, column;
} refused[] = {
    {"nothing", "", "not well-formed", 0, 0},
    {"other text", "TITLE: x\n", "not well-formed", 1, 1},
    {"cut short", "<ColorCorrection>\n<SOPNode>\n", "not well-formed", 2, 0},
    {"another document", "\n<html/>", "doesn't begin with <html>", 2, 1},
    {"two documents", CC("") "\n" CC(""), "a second element", 2, 1},
    {"a document type", "<!DOCTYPE x [<!ENTITY y \"z\">]>\n" CC(""), "document types", 1, 1},
    {"an entity", "\n" CC("<Description>&y;</Description>"), "not well-formed", 2, 0},
    {"no correction", "<ColorCorrectionCollection/>", "holds no CDL", 0, 0},
    {"two numbers", NUMBERS("\n1 1", "0 0 0", "1 1 1"), "Slope takes 3 numbers, not 2", 2, 1},
    {"four numbers", NUMBERS("1 1 1", "\n 0 0 0 0", "1 1 1"), "Offset takes 3 numbers, not 4", 2,
     2},
    {"no numbers", NUMBERS("1 1 1", "0 0 0", ""), "Power takes 3 numbers, not 0", 1, 0},
    {"two saturations", CC("<SatNode><Saturation>1 1</Saturation></SatNode>"),
     "Saturation takes 1 number, not 2", 1, 39},
    {"decimal commas", NUMBERS("1,5 1,5 1,5", "0 0 0", "1 1 1"), "\"1,5\" is not a number", 1, 34},
    {"a number behind letters of two and four bytes",
     "<!-- \xc3\xa9\xf0\x9f\x8e\xac -->" NUMBERS("1 1 x", "0 0 0", "1 1 1"),
     "\"x\" is not a number", 1, 49},
    {"an element behind an empty line", "\n" CC("\n\n<Slope>1 1 1</Slope>"),
     "<Slope> doesn't belong", 4, 1},
    {"the second number", NUMBERS("1\n1 x", "0 0 0", "1 1 1"), "\"x\" is not a number", 2, 3},
    {"not a number", NUMBERS("nan 1 1", "0 0 0", "1 1 1"), "\"nan\"", 1, 34},
    {"infinity", NUMBERS("1 1 1", "0 inf 0", "1 1 1"), "\"inf\"", 1, 57},
    {"a bad number as an entity", NUMBERS("&#120; 1 1", "0 0 0", "1 1 1"), "\"x\"", 1, 0},
    {"slope below 0", "\n" NUMBERS("-1 1 1", "0 0 0", "1 1 1"), "slope can't be -1", 2, 1},
    {"power 0", "\n" NUMBERS("1 1 1", "0 0 0", "1 0 1"), "power can't be 0", 2, 1},
    {"saturation below 0", "\n" CC("<SatNode><Saturation>-1</Saturation></SatNode>"),
     "saturation can't be -1", 2, 1},
    {"SOP without power", CC("<SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset></SOPNode>"),
     "SOPNode has no Power", 1, 69},
    {"Sat without a number", CC("\n<SatNode/>"), "SatNode has no Saturation", 2, 1},
    {"SOP twice", CC(SOP "\n" SOP), "second SOPNode", 2, 1},
    {"SOP by both names", CC(SOP "\n<ASC_SOP/>"), "second SOPNode", 2, 1},
    {"numbers outside of SOP", CC("\n<Slope>1 1 1</Slope>"), "<Slope> doesn't belong", 2, 1},
    {"text among elements", CC("\n<SOPNode>(1 1 1)</SOPNode>"), "\"(1 1 1)\" stands in", 2, 10},
    {"an id twice",
     CCC("<ColorCorrection id=\"a\"/>\n<ColorCorrection id=\"b\"/>\n<ColorCorrection id=\"a\"/>"),
     "two corrections have the id \"a\"", 3, 1},
    {"Latin-1", CC("<Description>\xe9</Description>"), "not UTF-8", 1, 31},
    {"Latin-1 in a comment", "\n<!-- \xe9 -->" CC(SOP), "not UTF-8", 2, 6},
};

static void takes_what_others_write(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(accepted); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(cdl_file_ptr) file = read_as(accepted[i].name, accepted[i].text, diag);
        g_autofree char *text = diag_text(diag, false);
        g_test_message("%s: %s", accepted[i].what, text);
        g_assert_nonnull(file);
        g_assert_cmpuint(diag_errors(diag), ==, 0);
        g_assert_cmpuint(diag_warnings(diag), ==, accepted[i].warnings);
        g_assert_cmpuint(file->corrections->len, ==, accepted[i].count);
        g_assert_false(file->by_clip);
        g_assert_cmpfloat(correction(file, 0)->cdl.slope[0], ==, accepted[i].slope);
        g_assert_cmpfloat(correction(file, 0)->cdl.saturation, ==, accepted[i].saturation);
    }
}

static void refuses_with_the_place(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(cdl_file_ptr) file = read_as("look.cc", refused[i].text, diag);
        g_autofree char *text = diag_text(diag, false);
        g_test_message("%s: %s", refused[i].what, text);
        g_assert_null(file);
        g_assert_cmpuint(diag_errors(diag), >, 0);
        const struct finding *first = g_ptr_array_index(diag_findings(diag), 0);
        g_assert_nonnull(strstr(first->message, refused[i].message));
        g_assert_cmpstr(first->at.file, ==, "look.cc");
        g_assert_cmpint(first->at.line, ==, refused[i].line);
        if (refused[i].column)
            g_assert_cmpint(first->at.column, ==, refused[i].column);
    }
}

static void refuses_what_is_too_deep_or_too_large(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_autoptr(GString) deep = g_string_new("<ColorCorrection>");
    for (int i = 0; i < 100; i++)
        g_string_append(deep, "<x>");
    g_assert_null(read_as("a.cc", deep->str, diag));
    g_autofree char *large = g_malloc(CDL_FILE_MAX_BYTES + 1);
    memset(large, ' ', CDL_FILE_MAX_BYTES + 1);
    g_assert_null(cdl_file_read(large, CDL_FILE_MAX_BYTES + 1, "a.cc", diag));
    g_assert_null(cdl_file_read("<\0", 2, "a.cc", diag));
    g_assert_null(cdl_file_read(NULL, 0, "a.cc", diag));
    g_assert_null(read_as("a.cube", CC(SOP), diag));
    g_assert_cmpuint(diag_errors(diag), ==, 5);
}

static void stops_after_ten_errors(void)
{
    g_autoptr(GString) text = g_string_new("<ColorCorrectionCollection>\n");
    for (int i = 0; i < 100; i++)
        g_string_append(text, NUMBERS("1 1 x", "0 0 0", "1 1 1") "\n");
    g_string_append(text, "</ColorCorrectionCollection>");
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(read_as("a.ccc", text->str, diag));
    g_assert_cmpuint(diag_errors(diag), ==, 10);
}

static void keeps_ids_media_and_descriptions(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = read_as(
        "a.cdl",
        "<ColorDecisionList xmlns=\"" NS "\">\n<Description>all</Description>\n"
        "<ViewingDescription>Rec.709</ViewingDescription>\n"
        "<ColorDecision>\n<InputDescription>LogC</InputDescription>\n"
        "<MediaRef ref=\"file:///show/A001.mov\"/>\n"
        "<ColorCorrection id=\"cc1\">\n<Description>warm &amp; bright</Description>\n"
        "<SOPNode><Description>day</Description><Slope>1 1 1</Slope><Offset>0 0 0</Offset>"
        "<Power>1 1 1</Power></SOPNode>\n</ColorCorrection>\n</ColorDecision>\n"
        "<ColorDecision>\n<ColorCorrection id=\"\"/>\n</ColorDecision>\n</ColorDecisionList>",
        diag);
    g_assert_nonnull(file);
    const struct cdl_correction *one = correction(file, 0), *two = correction(file, 1);
    g_assert_cmpstr(one->id, ==, "cc1");
    g_assert_cmpstr(one->clip, ==, "A001.mov");
    g_assert_cmpstr(one->description, ==, "warm & bright; day");
    g_assert_cmpstr(one->input_description, ==, "LogC");
    g_assert_cmpstr(one->viewing_description, ==, "Rec.709");
    g_assert_cmpint(one->line, ==, 7);
    g_assert_null(two->id);
    g_assert_null(two->clip);
    g_assert_cmpstr(two->description, ==, "all");
    g_assert_null(two->input_description);
}

/* A thousand corrections, and one text of a list: kept once. */
static void a_list_s_description_is_shared(void)
{
    g_autoptr(GString) text = g_string_new("<ColorCorrectionCollection><Description>day"
                                           "</Description>");
    for (int i = 0; i < 1000; i++)
        g_string_append(text, CC(SAT));
    g_string_append(text, "</ColorCorrectionCollection>");
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = read_as("a.ccc", text->str, diag);
    g_assert_nonnull(file);
    g_assert_cmpuint(file->corrections->len, ==, 1000);
    g_assert_cmpstr(correction(file, 0)->description, ==, "day");
    g_assert_true(correction(file, 0)->description == correction(file, 999)->description);
}

static void a_correction_s_description_is_its_own(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file =
        read_as("a.ccc",
                CCC("<Description>all</Description>" CC("<Description>one</Description>")
                        CC("") "<Description>more</Description>" CC("")),
                diag);
    g_assert_cmpstr(correction(file, 0)->description, ==, "one");
    g_assert_cmpstr(correction(file, 1)->description, ==, "all");
    g_assert_cmpstr(correction(file, 2)->description, ==, "all; more");
}

/* 4 MB of them; cut before the character that doesn't fit: 4096 is no multiple of 3. */
static void long_descriptions_are_cut(void)
{
    g_autoptr(GString) text = g_string_new("<ColorCorrection>");
    for (int i = 0; i < 120000; i++)
        g_string_append(text, "<Description>\xe2\x82\xac</Description>");
    g_string_append(text, "<InputDescription>");
    for (int i = 0; i < 2000; i++)
        g_string_append(text, "\xe2\x82\xac");
    g_string_append(text, "</InputDescription></ColorCorrection>");
    g_auto(diag_ptr) diag = diag_create();
    g_test_timer_start();
    g_auto(cdl_file_ptr) file = read_as("a.cc", text->str, diag);
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 5);
    g_assert_nonnull(file);
    const char *const many = correction(file, 0)->description;
    g_assert_true(g_str_has_prefix(many, "\xe2\x82\xac; \xe2\x82\xac; "));
    g_assert_cmpuint(strlen(many), <=, CDL_DESCRIPTION_MAX);
    g_assert_true(g_utf8_validate(many, -1, NULL));
    g_assert_cmpuint(strlen(correction(file, 0)->input_description), ==, 4095);
}

static void grades_as_published(void)
{
    static const float in[5][3] = {{.3278f, .01f, 1},
                                   {.25f, .5f, .75f},
                                   {1.25f, 1.5f, 1.75f},
                                   {-.2f, .5f, 1.4f},
                                   {0, .8f, .99f}};
    static const double out[5][3] = {{.609399, 0, .113130},
                                     {.422056, .401466, .035820},
                                     {1, 1, 0},
                                     {0, .421096, .101225},
                                     {0, .746748, .018691}};
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = read_as(
        "a.cc",
        CC("<SOPNode><Slope>1.35 1.1 .071</Slope><Offset>0.05 -.23 11e-2</Offset>"
           "<Power>.93 .81 1.27</Power></SOPNode><SatNode><Saturation>1.23</Saturation></SatNode>"),
        diag);
    g_assert_nonnull(file);
    g_auto(look_ptr) look = cdl_file_look(file, correction(file, 0), "it", CDL_CLAMP_ASC);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    for (gsize i = 0; i < G_N_ELEMENTS(in); i++) {
        float r = in[i][0], g = in[i][1], b = in[i][2];
        grade_apply(grade, &r, &g, &b, 1);
        g_assert_cmpfloat_with_epsilon(r, out[i][0], 2e-6);
        g_assert_cmpfloat_with_epsilon(g, out[i][1], 2e-6);
        g_assert_cmpfloat_with_epsilon(b, out[i][2], 2e-6);
    }
}

static void says_what_is_applied(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = read_as("day.cc", CC(SOP SAT), diag);
    g_auto(look_ptr) look =
        cdl_file_look(file, correction(file, 0), "the only correction", CDL_CLAMP_NONE);
    g_autofree char *text = look_describe(look);
    g_autofree char *wanted = g_strdup_printf(
        "the only correction of day.cc (CDL slope 2 1 1, offset 0 0 0, power 1 1 1, saturation 0.5 "
        "(no clamp), XXH3 %s)",
        file->hash);
    g_assert_cmpstr(text, ==, wanted);
    g_assert_cmpuint(strlen(file->hash), ==, HASH_TEXT_SIZE - 1);
}

static void says_what_it_is_meant_for(void)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = read_as("day.cc",
                                        CC("<Description>warm</Description>"
                                           "<InputDescription>LogC\n</InputDescription>" SAT),
                                        diag);
    g_auto(look_ptr) look = cdl_file_look(file, correction(file, 0), "it", CDL_CLAMP_ASC);
    g_autofree char *text = look_describe(look);
    g_assert_true(g_str_has_prefix(text, "it of day.cc \"warm; input: LogC\" (CDL slope 1 1 1,"));
}

static void reads_the_same_in_a_locale_with_commas(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    takes_what_others_write();
    refuses_with_the_place();
    grades_as_published();
    says_what_is_applied();
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/cdl_xml/accepted", takes_what_others_write);
    g_test_add_func("/color/cdl_xml/refused", refuses_with_the_place);
    g_test_add_func("/color/cdl_xml/limits", refuses_what_is_too_deep_or_too_large);
    g_test_add_func("/color/cdl_xml/ten_errors", stops_after_ten_errors);
    g_test_add_func("/color/cdl_xml/content", keeps_ids_media_and_descriptions);
    g_test_add_func("/color/cdl_xml/shared", a_list_s_description_is_shared);
    g_test_add_func("/color/cdl_xml/own", a_correction_s_description_is_its_own);
    g_test_add_func("/color/cdl_xml/long", long_descriptions_are_cut);
    g_test_add_func("/color/cdl_xml/published", grades_as_published);
    g_test_add_func("/color/cdl_xml/description", says_what_is_applied);
    g_test_add_func("/color/cdl_xml/meant_for", says_what_it_is_meant_for);
    g_test_add_func("/color/cdl_xml/locale", reads_the_same_in_a_locale_with_commas);
    return g_test_run();
}
