/* SPDX-License-Identifier: GPL-3.0-or-later
 * `contact_sheet`: a clip at a glance. */
#include "contact_sheet.h"

static const struct contact_sheet defaults = {
    .columns = 4, .rows = 4, .width = 1920, .captions = true};

static const struct param rows[] = {
    {"columns", "frames side by side", P_INT(struct contact_sheet, columns, UNIT_NONE),
     P_RANGE(1, CONTACT_SIDE_MAX)},
    {"rows", "rows of them", P_INT(struct contact_sheet, rows, UNIT_NONE),
     P_RANGE(1, CONTACT_SIDE_MAX)},
    {"width", "of the picture", P_INT(struct contact_sheet, width, UNIT_PIXELS),
     P_RANGE(320, 15360)},
    {"captions", "the timecode of each frame, or its time, below it",
     P_BOOL(struct contact_sheet, captions)},
};

const struct step contact_sheet_step = {
    .name = "contact_sheet",
    .summary = "show a clip at a glance: frames in a grid, with their timecode",
    .help =
        "The output is then a picture. The programme is cut into as many equal parts as the grid "
        "has\n"
        "places, and the frame in the middle of each part is shown, in its true shape, with the\n"
        "timecode of that very frame, or its time from the start where there is none. Of "
        "interlaced\n"
        "picture one field is shown. Colours are shown as they flow: log, PQ and HLG look as flat "
        "as\n"
        "they are, so put `grade` or `color` before.",
    .example = "contact_sheet: {columns: 5, rows: 4}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct contact_sheet), &defaults, "columns"},
    .version = 2,
    .makes_still = true,
};
