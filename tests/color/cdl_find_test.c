/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which correction of a file is a clip's, and what is said when there is none. */
#include "color/cdl_file.h"

#include <string.h>

#define SOP(slope) "* ASC_SOP (" slope " 1 1)(0 0 0)(1 1 1)\n"
#define CC(id, slope)                                       \
    "<ColorCorrection id=\"" id "\"><SOPNode><Slope>" slope \
    " 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection>"

#define NAMELESS                                                                               \
    "<ColorCorrection><SOPNode><Slope>2 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power>" \
    "</SOPNode></ColorCorrection>"
#define MEDIA(name)                                                                 \
    "<ColorDecisionList><ColorDecision><MediaRef ref=\"/show/" name "\"/>" NAMELESS \
    "</ColorDecision></ColorDecisionList>"

static const char show_ccc[] = "<ColorCorrectionCollection>" CC("A001", "1") CC("A002", "2")
    CC("A003.mov", "3") CC("a001", "4") "</ColorCorrectionCollection>";
static const char one_cc[] = CC("cc0001", "7");

/* Positions 0 to 5. A002 stands twice with other numbers, A003 twice with the same. */
static const char show_edl[] =
    "001 R1 V C 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n* FROM CLIP NAME: A001.mov\n" SOP(
        "1") "002 R1 V C 01:00:10:00 01:00:12:00 10:00:02:00 10:00:04:00\n"
             "* FROM CLIP NAME: A002.mov\n" SOP(
                 "2") "003 R1 V C 01:00:20:00 01:00:22:00 10:00:04:00 10:00:06:00\n"
                      "* FROM CLIP NAME: A002.mov\n" SOP(
                          "3") "004 R2 V C 01:00:00:00 01:00:02:00 10:00:06:00 10:00:08:00\n"
                               "* FROM CLIP NAME: A003\n" SOP(
                                   "4") "005 R2 V C 01:00:10:00 01:00:12:00 10:00:08:00 "
                                        "10:00:10:00\n* FROM CLIP NAME: A003\n" SOP(
                                            "4") "006 R3 V C 23:59:59:00 00:00:01:00 10:00:10:00 "
                                                 "10:00:12:00\n" SOP("6");

static struct cdl_file *read_as(const char *name, const char *text)
{
    g_auto(diag_ptr) diag = diag_create();
    struct cdl_file *file = cdl_file_read(text, strlen(text), name, diag);
    g_assert_nonnull(file);
    return file;
}

static const struct {
    const char *what, *name, *text;
    struct cdl_query query;
    double slope; /* of red; 0: none */
    const char *said;
} cases[] = {
    {"the only one", "x.cc", one_cc, {.clip = "A001.mov"}, 7, "the only correction"},
    {"the only one of a list is a clip's",
     "x.edl",
     "001 R1 V C 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n* FROM CLIP NAME: B\n" SOP("2"),
     {.clip = "A001.mov"},
     0,
     "allowed: B"},
    {"an id that isn't the only one's",
     "x.cc",
     one_cc,
     {.id = "A", .clip = "A001.mov"},
     0,
     "x.cc has no correction with the id \"A\": "},
    {"id is the stem", "x.ccc", show_ccc, {.clip = "A002.mov"}, 2, "id \"A002\""},
    {"id is the name", "x.ccc", show_ccc, {.clip = "A003.mov"}, 3, "id \"A003.mov\""},
    {"case counts", "x.ccc", show_ccc, {.clip = "a001.mov"}, 4, "id \"a001\""},
    {"no id", "x.ccc", show_ccc, {.clip = "A009.mov"}, 0, "did you mean \"A003.mov\"?"},
    {"an id", "x.ccc", show_ccc, {.id = "A002", .clip = "A001.mov"}, 2, "id \"A002\""},
    {"a position in a file of ids",
     "x.ccc",
     show_ccc,
     {.id = "3", .clip = "A001.mov"},
     0,
     "if a position from 0 is meant, write cdl_by: position"},
    {"a position in a file without ids", "x.edl", show_edl, {.id = "3"}, 4, "correction 3"},
    {"a position too far", "x.edl", show_edl, {.id = "6"}, 0, "positions are 0 to 5"},
    {"the only one of a collection has another id",
     "x.ccc",
     "<ColorCorrectionCollection>" CC("A002", "2") "</ColorCorrectionCollection>",
     {.clip = "A001.mov"},
     0,
     "allowed: A002; to take its only one all the same, write cdl_by: position, cdl_id: 0"},
    {"the only one of a collection, by its id",
     "x.ccc",
     "<ColorCorrectionCollection>" CC("A002", "2") "</ColorCorrectionCollection>",
     {.clip = "A002.mov"},
     2,
     "id \"A002\""},
    {"the only one of a list is of another clip",
     "x.cdl",
     MEDIA("A002.mov"),
     {.clip = "A001.mov"},
     0,
     "no correction for the clip \"A001.mov\""},
    {"the only one of a list, by its clip",
     "x.cdl",
     MEDIA("A002.mov"),
     {.clip = "A002.mov"},
     2,
     "clip \"A002.mov\""},
    {"the only one of a list that says nothing of clips",
     "x.cdl",
     "<ColorDecisionList><ColorDecision>" NAMELESS "</ColorDecision></ColorDecisionList>",
     {.clip = "A001.mov"},
     2,
     "the only correction"},
    {"a list without corrections",
     "x.edl",
     "001 R1 V C 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n",
     {.id = "0"},
     0,
     "x.edl holds no CDL"},
    {"a position only", "x.ccc", show_ccc, {.by = CDL_BY_POSITION, .id = "0"}, 1, "correction 0"},
    {"an id only", "x.ccc", show_ccc, {.by = CDL_BY_ID, .id = "3"}, 0, "with the id \"3\""},
    {"the clip's id only",
     "x.cc",
     one_cc,
     {.by = CDL_BY_ID, .clip = "A001.mov"},
     0,
     "with the id \"A001.mov\": "},
    {"clip name", "x.edl", show_edl, {.clip = "A001.mov"}, 1, "clip \"A001.mov\""},
    {"clip name without extension", "x.edl", show_edl, {.clip = "A003.mov"}, 4, "clip \"A003\""},
    {"clip name with another extension",
     "x.edl",
     show_edl,
     {.clip = "A001.mxf"},
     1,
     "clip \"A001.mov\""},
    {"a clip that is another by its case",
     "x.edl",
     show_edl,
     {.by = CDL_BY_CLIP, .clip = "a001.mov"},
     0,
     "with the clip name \"a001.mov\": did you mean"},
    {"a clip with two",
     "x.edl",
     show_edl,
     {.clip = "A002.mov"},
     -1,
     "several corrections with different numbers for the clip \"A002.mov\", the first on line 4"},
    {"a clip with two, by timecode",
     "x.edl",
     show_edl,
     {.clip = "A002.mov", .timecode = "01:00:21:00", .fps = {25, 1}},
     3,
     "clip \"A002.mov\""},
    {"a clip that goes over both",
     "x.edl",
     show_edl,
     {.clip = "A002.mov", .timecode = "01:00:00:00", .fps = {25, 1}, .frames = 25000},
     -1,
     "several"},
    {"reel and timecode",
     "x.edl",
     show_edl,
     {.clip = "x.mov", .reel = "R2", .timecode = "01:00:00:10", .fps = {25, 1}},
     4,
     "reel \"R2\", timecode 01:00:00:00 to 01:00:02:00"},
    {"a reel without timecode isn't enough",
     "x.edl",
     show_edl,
     {.clip = "x.mov", .reel = "R3"},
     0,
     "by id, clip name, or reel and timecode"},
    {"a reel", "x.edl", show_edl, {.by = CDL_BY_REEL, .reel = "R2"}, 4, "reel \"R2\""},
    {"a reel that isn't there",
     "x.edl",
     show_edl,
     {.by = CDL_BY_REEL, .reel = "R9"},
     0,
     "allowed: R1, R2, R3"},
    {"a reel that isn't known", "x.edl", show_edl, {.by = CDL_BY_REEL}, 0, "reel isn't known"},
    {"no reels",
     "x.ccc",
     show_ccc,
     {.by = CDL_BY_REEL, .reel = "R1"},
     0,
     "none of its corrections has a reel"},
    {"the span's last frame",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .timecode = "01:00:11:24", .fps = {25, 1}},
     -1,
     "several"},
    {"the frame after it",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .timecode = "01:00:22:00", .fps = {25, 1}},
     0,
     "with the timecode"},
    {"a clip that begins before",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .timecode = "01:00:18:00", .fps = {25, 1}, .frames = 51},
     3,
     "timecode 01:00:20:00 to 01:00:22:00"},
    {"and ends before",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .timecode = "01:00:18:00", .fps = {25, 1}, .frames = 50},
     0,
     "with the timecode"},
    {"past midnight",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .timecode = "00:00:00:24", .fps = {25, 1}},
     6,
     "timecode"},
    {"drop-frame, as the clip counts",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .timecode = "01:00:21;00", .fps = {30000, 1001}},
     3,
     "timecode"},
    {"no timecode in the clip",
     "x.edl",
     show_edl,
     {.by = CDL_BY_TIMECODE, .fps = {25, 1}},
     0,
     "timecode isn't known"},
};

static void finds_or_says_what_there_is(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(cdl_file_ptr) file = read_as(cases[i].name, cases[i].text);
        const struct cdl_correction *found = NULL;
        g_autofree char *text = NULL;
        const enum cdl_found result = cdl_file_find(file, &cases[i].query, &found, &text);
        g_test_message("%s: %s", cases[i].what, text);
        g_assert_cmpint(result, ==,
                        cases[i].slope > 0   ? CDL_FOUND
                        : cases[i].slope < 0 ? CDL_AMBIGUOUS
                                             : CDL_MISSING);
        g_assert_nonnull(strstr(text, cases[i].said));
        if (result == CDL_FOUND)
            g_assert_cmpfloat(found->cdl.slope[0], ==, cases[i].slope);
    }
}

/* "A001.C002" has no extension: it isn't the clip A001. */
static void a_number_is_no_extension(void)
{
    static const char text[] = "001 R1 V C 01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"
                               "* FROM CLIP NAME: A001.C002\n" SOP("2");
    static const struct {
        const char *clip;
        enum cdl_found found;
    } names[] = {{"A001.mov", CDL_MISSING},
                 {"A001.C002.mov", CDL_FOUND},
                 {"A001.C002", CDL_FOUND},
                 {"A001.C003", CDL_MISSING}};
    g_auto(cdl_file_ptr) file = read_as("x.edl", text);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const struct cdl_query query = {.clip = names[i].clip};
        const struct cdl_correction *found = NULL;
        g_autofree char *said = NULL;
        g_assert_cmpint(cdl_file_find(file, &query, &found, &said), ==, names[i].found);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/cdl_find/ways", finds_or_says_what_there_is);
    g_test_add_func("/color/cdl_find/extensions", a_number_is_no_extension);
    return g_test_run();
}
