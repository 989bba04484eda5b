/* SPDX-License-Identifier: GPL-3.0-or-later
 * CDLs of edit lists (CMX3600) and Avid logs: what is taken, what is refused and where. */
#include "color/cdl_file.h"

#include <locale.h>
#include <string.h>

#define ONE "(2 1 1)(0 0 0)(1 1 1)"
#define EVENT "001  A001 V     C        01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"
#define EDL "TITLE: x\nFCM: NON-DROP FRAME\n\n" EVENT
#define HEADING "Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\nFPS\t24\n\n"
#define ALE(columns, rows) HEADING "Column\n" columns "\n\nData\n" rows

static const struct cdl_correction *correction(const struct cdl_file *file, guint index)
{
    return g_ptr_array_index(file->corrections, index);
}

static const struct {
    const char *what, *name, *text;
    unsigned count;
    double slope, saturation; /* of the first, of red */
} accepted[] = {
    {"as Resolve writes it", "a.edl", EDL "*ASC_SOP (2.000000 1 1)(0 0 0)(1 1 1)\n*ASC_SAT .5\n", 1,
     2, .5},
    {"blanks", "a.edl", EDL "*   ASC_SOP  ( 2 1 1 )  ( 0 0 0 ) ( 1 1 1 ) \n*  ASC_SAT  0.5 \n", 1,
     2, .5},
    {"no blank", "a.edl", EDL "*ASC_SOP" ONE "\n", 1, 2, 1},
    {"as Premiere writes it", "a.edl",
     EDL "* ASC_SOP: (2.0, 1.1469, 1.1422000000000001)(-0.0678, 0, 0)(1, 1, 1)\n* ASC_SAT: .5\n", 1,
     2, .5},
    {"commas alone between numbers", "a.edl", EDL "* ASC_SOP (2,1,1.5)(0,0,0)( 1,1,1 )\n", 1, 2, 1},
    {"a key's background, eleven words", "a.edl",
     "001  A001 V K B 000 (F) 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n* ASC_SOP " ONE "\n",
     1, 2, 1},
    {"a key", "a.edl",
     "001  A001 V K 030 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n* ASC_SOP " ONE "\n", 1, 2,
     1},
    {"a wipe", "a.edl",
     "001  A001 V W001 025 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n* ASC_SOP " ONE "\n", 1,
     2, 1},
    {"saturation alone", "a.edl", EDL "* ASC_SAT 0.5\n", 1, 1, .5},
    {"saturation first", "a.edl", EDL "* ASC_SAT 0.5\n* ASC_SOP " ONE "\n", 1, 2, .5},
    {"small letters", "a.edl", EDL "* asc_sop " ONE "\n", 1, 2, 1},
    {"ASC_Out and other comments", "a.edl",
     EDL "* ASC_Out show.cube\n* LOC: 01:00:00:00 RED x\n* ASC_SOP " ONE "\n* ASC_SAT2 9 9\n"
         "M2   A001  024.0  01:00:00:00\n>>> SOURCE x\n",
     1, 2, 1},
    {"an event without a CDL", "a.edl",
     EDL "002  A002 V C 01:00:00:00 01:00:02:00 10:00:02:00 10:00:04:00\n* ASC_SOP " ONE "\n", 1, 2,
     1},
    {"CRLF, a byte order mark, drop-frame, no title", "a.EDL",
     "\xef\xbb\xbf"
     "001 A001 V C 01:00:00;00 01:00:02;00 10:00:00;00 10:00:02;00\r\n"
     "* ASC_SOP " ONE "\r\n",
     1, 2, 1},
    {"ALE", "a.ale", ALE("Name\tASC_SOP\tASC_SAT", "a\t" ONE "\t0.5\nb\t" ONE "\t1\n"), 2, 2, .5},
    {"a row without a CDL", "a.ale", ALE("Name\tASC_SOP\tASC_SAT", "a\t\t\nb\t" ONE "\t\n"), 1, 2,
     1},
    {"fields that are left out", "a.ale", ALE("ASC_SOP\tASC_SAT\tName\tX", ONE "\n"), 1, 2, 1},
    {"a tab too many", "a.ale", ALE("ASC_SOP", ONE "\t\n"), 1, 2, 1},
    {"saturation alone, ALE", "a.ale", ALE("ASC_SAT\tASC_SOP", ".5\t\n"), 1, 1, .5},
    {"CDL with brackets", "a.ale", ALE("CDL", ONE "(0.5)\n"), 1, 2, .5},
    {"CDL without brackets", "a.ale", ALE("CDL", ONE " 0.5\n"), 1, 2, .5},
    {"CDL without saturation", "a.ale", ALE("CDL", ONE "\n"), 1, 2, 1},
    {"ASC_SOP wins over CDL", "a.ale", ALE("CDL\tASC_SOP", "(3 3 3)(0 0 0)(1 1 1)(0.1)\t" ONE "\n"),
     1, 2, 1},
    {"ASC_SAT wins over CDL", "a.ale", ALE("CDL\tASC_SOP\tASC_SAT", ONE "(0.1)\t\t0.5\n"), 1, 2,
     .5},
    {"names in other cases, CR", "a.ale",
     "HEADING\rfield_delim\tTabs\rCOLUMN\rname\tasc_sop\rDATA\ra\t" ONE "\r", 1, 2, 1},
};

static const struct {
    const char *what, *name, *text, *message;
    int line, column;
} refused[] = {
    {"no event", "a.edl", "TITLE: x\n", "has no event", 1, 1},
    {"a reel with blanks", "a.edl",
     "001  MY REEL NAME V  C  01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n* ASC_SOP " ONE "\n",
     "\"NAME\" is no transition", 1, 14},
    {"another transition", "a.edl",
     "001  A001 V X    01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n", "\"X\" is no transition",
     1, 13},
    {"a wipe without its number", "a.edl",
     "001  A001 V W    01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n", "\"W\" is no transition",
     1, 13},
    {"before the first event", "a.edl", "* ASC_SAT 1\n" EVENT, "before the first event", 1, 1},
    {"SOP twice", "a.edl", EDL "* ASC_SOP " ONE "\n* ASC_SOP " ONE "\n", "second ASC_SOP", 6, 1},
    {"Sat twice", "a.edl", EDL "* ASC_SAT 1\n* ASC_SAT 1\n", "second ASC_SAT", 6, 1},
    {"no brackets", "a.edl", EDL "* ASC_SOP 1 1 1 0 0 0 1 1 1\n", "no slope in brackets", 5, 11},
    {"two groups", "a.edl", EDL "* ASC_SOP (1 1 1)(0 0 0)\n", "no power in brackets", 5, 11},
    {"an open group", "a.edl", EDL "* ASC_SOP (1 1 1)(0 0 0)(1 1 1\n", "no power", 5, 11},
    {"nothing", "a.edl", EDL "* ASC_SOP\n", "no slope in brackets", 5, 0},
    {"two numbers", "a.edl", EDL "* ASC_SOP (1 1)(0 0 0)(1 1 1)\n", "slope takes 3 numbers", 5, 12},
    {"more behind", "a.edl", EDL "* ASC_SOP " ONE " 0.5\n", "more after the power", 5, 33},
    {"no saturation", "a.edl", EDL "* ASC_SAT\n", "ASC_SAT takes 1 number, not 0", 5, 10},
    {"decimal commas", "a.edl", EDL "* ASC_SAT 0,5\n", "\"0,5\" is not a number", 5, 11},
    {"commas without a number", "a.edl", EDL "* ASC_SOP (1,,1)(0 0 0)(1 1 1)\n",
     "slope takes 3 numbers", 5, 12},
    {"decimal commas in a group", "a.edl", EDL "* ASC_SOP (1,5 1,5 1,5)(0 0 0)(1 1 1)\n",
     "\"1,5\" is not a number", 5, 12},
    {"power 0", "a.edl", EDL "* ASC_SOP (1 1 1)(0 0 0)(1 0 1)\n\nM2\n", "power can't be 0", 4, 1},
    {"not an event", "a.edl", EDL "002  A002 V C 01:00:00:00\n", "begins like an event", 5, 1},
    {"another file", "a.ale", "001 A\n", "doesn't begin with Heading", 1, 1},
    {"no columns", "a.ale", HEADING, "ends before its rows", 5, 0},
    {"commas between fields", "a.ale", "Heading\nFIELD_DELIM\tCOMMAS\n", "not separated by tabs", 2,
     13},
    {"no column of a CDL", "a.ale", ALE("Name\tStart", "a\t01:00:00:00\n"), "holds a CDL", 7, 1},
    {"a column twice", "a.ale", ALE("ASC_SOP\tASC_SOP", "\n"), "second column ASC_SOP", 7, 9},
    {"too many fields", "a.ale", ALE("Name\tASC_SOP", "a\t" ONE "\tx\n"), "more fields", 10, 25},
    {"no Data", "a.ale", HEADING "Column\nASC_SAT\n1\n", "Data is expected", 8, 1},
    {"a bad number", "a.ale", ALE("Name\tASC_SAT", "a\tx\n"), "\"x\" is not a number", 10, 3},
    {"slope below 0", "a.ale", ALE("ASC_SOP", "(-1 1 1)(0 0 0)(1 1 1)\n"), "slope can't be -1", 10,
     1},
    {"two saturations", "a.ale", ALE("CDL", ONE "(1 1)\n"), "the saturation takes 1 number", 10,
     23},
};

static void takes_what_others_write(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(accepted); i++) {
        g_auto(diag_ptr) diag = diag_create();
        const char *const text = accepted[i].text;
        g_auto(cdl_file_ptr) file = cdl_file_read(text, strlen(text), accepted[i].name, diag);
        g_autofree char *said = diag_text(diag, false);
        g_test_message("%s: %s", accepted[i].what, said);
        g_assert_nonnull(file);
        g_assert_cmpuint(diag_findings(diag)->len, ==, 0);
        g_assert_cmpuint(file->corrections->len, ==, accepted[i].count);
        g_assert_true(file->by_clip);
        g_assert_cmpfloat(correction(file, 0)->cdl.slope[0], ==, accepted[i].slope);
        g_assert_cmpfloat(correction(file, 0)->cdl.saturation, ==, accepted[i].saturation);
    }
}

static void refuses_with_the_place(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_auto(diag_ptr) diag = diag_create();
        const char *const text = refused[i].text;
        g_auto(cdl_file_ptr) file = cdl_file_read(text, strlen(text), refused[i].name, diag);
        g_autofree char *said = diag_text(diag, false);
        g_test_message("%s: %s", refused[i].what, said);
        g_assert_null(file);
        g_assert_cmpuint(diag_errors(diag), >, 0);
        const struct finding *first = g_ptr_array_index(diag_findings(diag), 0);
        g_assert_nonnull(strstr(first->message, refused[i].message));
        g_assert_cmpint(first->at.line, ==, refused[i].line);
        if (refused[i].column)
            g_assert_cmpint(first->at.column, ==, refused[i].column);
    }
}

static void events_have_clip_reel_and_timecodes(void)
{
    static const char text[] = EDL "* FROM CLIP NAME:  A001 C003.mov \n* ASC_SOP " ONE "\n"
                                   "002 A002 V C 02:00:00:00 02:00:01:00 10:00:02:00 10:00:03:00\n"
                                   "* ASC_SAT 0.5\n";
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = cdl_file_read(text, sizeof text - 1, "a.edl", diag);
    g_assert_nonnull(file);
    const struct cdl_correction *one = correction(file, 0), *two = correction(file, 1);
    g_assert_cmpstr(one->clip, ==, "A001 C003.mov");
    g_assert_cmpstr(one->reel, ==, "A001");
    g_assert_cmpstr(one->start, ==, "01:00:00:00");
    g_assert_cmpstr(one->end, ==, "01:00:02:00");
    g_assert_cmpstr(one->record, ==, "10:00:00:00");
    g_assert_cmpint(one->line, ==, 4);
    g_assert_cmpfloat(one->cdl.saturation, ==, 1);
    g_assert_null(two->clip);
    g_assert_cmpstr(two->reel, ==, "A002");
    g_assert_cmpfloat(two->cdl.slope[0], ==, 1);
    g_assert_cmpfloat(two->cdl.saturation, ==, .5);
}

static void a_transition_has_two_clips(void)
{
    static const char text[] =
        EVENT "002 A001 V C     01:00:02:00 01:00:02:00 10:00:02:00 10:00:02:00\n"
              "002 A002 V D 024 02:00:00:00 02:00:02:00 10:00:02:00 10:00:04:00\n"
              "* FROM CLIP NAME: out.mov\n* ASC_SAT 0.1\n"
              "* TO CLIP NAME: in.mov\n* ASC_SAT 0.2\n";
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = cdl_file_read(text, sizeof text - 1, "a.edl", diag);
    g_assert_nonnull(file);
    g_assert_cmpuint(file->corrections->len, ==, 2);
    const struct cdl_correction *out = correction(file, 0), *in = correction(file, 1);
    g_assert_cmpstr(out->clip, ==, "out.mov");
    g_assert_cmpstr(out->reel, ==, "A001");
    g_assert_cmpfloat(out->cdl.saturation, ==, .1);
    g_assert_cmpstr(in->clip, ==, "in.mov");
    g_assert_cmpstr(in->reel, ==, "A002");
    g_assert_cmpfloat(in->cdl.saturation, ==, .2);
}

static void rows_have_clip_reel_and_timecodes(void)
{
    static const char text[] =
        ALE("Name\tTape\tReel\tStart\tEnd\tASC_SOP\tDescription",
            "a.mov\tT1\tR1\t01:00:00:00\t01:00:02:00\t" ONE "\tday\nb\t\tR2\t\t\t" ONE "\n");
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = cdl_file_read(text, sizeof text - 1, "a.ale", diag);
    g_assert_nonnull(file);
    const struct cdl_correction *one = correction(file, 0), *two = correction(file, 1);
    g_assert_cmpstr(one->clip, ==, "a.mov");
    g_assert_cmpstr(one->reel, ==, "T1");
    g_assert_cmpstr(one->start, ==, "01:00:00:00");
    g_assert_cmpstr(one->end, ==, "01:00:02:00");
    g_assert_cmpstr(one->description, ==, "day");
    g_assert_cmpint(one->line, ==, 10);
    g_assert_cmpstr(two->reel, ==, "R2");
    g_assert_null(two->start);
}

static void reads_the_same_in_a_locale_with_commas(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    takes_what_others_write();
    refuses_with_the_place();
    setlocale(LC_ALL, "C");
}

/* They are whole without: an edit list of another job. */
static void warns_where_there_is_none(void)
{
    static const struct {
        const char *name, *text;
    } cases[] = {{"a.edl", EDL "* FROM CLIP NAME: A001.mov\n"},
                 {"a.ale", ALE("Name\tASC_SOP", "a\t\n")}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(cdl_file_ptr) file =
            cdl_file_read(cases[i].text, strlen(cases[i].text), cases[i].name, diag);
        g_autofree char *said = diag_text(diag, false);
        g_assert_nonnull(file);
        g_assert_cmpuint(file->corrections->len, ==, 0);
        g_assert_nonnull(strstr(said, ": warning: the file holds no CDL\n"));
        g_assert_cmpuint(diag_findings(diag)->len, ==, 1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/cdl_list/none", warns_where_there_is_none);
    g_test_add_func("/color/cdl_list/accepted", takes_what_others_write);
    g_test_add_func("/color/cdl_list/refused", refuses_with_the_place);
    g_test_add_func("/color/cdl_list/events", events_have_clip_reel_and_timecodes);
    g_test_add_func("/color/cdl_list/transition", a_transition_has_two_clips);
    g_test_add_func("/color/cdl_list/rows", rows_have_clip_reel_and_timecodes);
    g_test_add_func("/color/cdl_list/locale", reads_the_same_in_a_locale_with_commas);
    return g_test_run();
}
