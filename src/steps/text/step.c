/* SPDX-License-Identifier: GPL-3.0-or-later
 * `text`: words on the picture. */
#include "text.h"

static const char *const runnings[] = {"none", "timecode", "frame", "time", NULL};

static const struct text defaults = {.place = PLACE_BOTTOM,
                                     .size = {4, true, true},
                                     .margin = {5, true, true},
                                     .color = {255, 255, 255, 255},
                                     .box = {0, 0, 0, 128}};

static const struct param rows[] = {
    {"text", "what is written; ${names} are filled in for each input", P_TEXT(struct text, text)},
    {"running", "a counter behind the text: the timecode, frame number or time of each frame",
     P_CHOICE(struct text, running, runnings)},
    {"place", "where it stands", P_CHOICE(struct text, place, place_names)},
    {"size", "height of the letters; percent of the picture's", P_EXTENT(struct text, size)},
    {"margin", "distance from the edges; percent of the picture's height",
     P_EXTENT(struct text, margin)},
    {"color", "of the letters", P_COLOR(struct text, color)},
    {"box", "behind the letters; transparent for none", P_COLOR(struct text, box)},
    {"safe",
     "outlines of the safe areas, in `color`: of action 93 %, of titles 90 % of the picture",
     P_BOOL(struct text, safe)},
    {"from", "first moment it is seen", P_POSITION(struct text, from)},
    {"to", "first moment it is gone", P_POSITION(struct text, to)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct text *text = params;
    if (!text->text && !text->running && !text->safe) {
        diag_error(diag, at, "for example text: {running: timecode}",
                   "text: neither text, running nor safe is given");
        return false;
    }
    return step_span_check("text", &text->from, &text->to, at, diag);
}

const struct step text_step = {
    .name = "text",
    .summary = "write on the picture, or burn in timecode",
    .help =
        "Set in DejaVu Sans. Characters that it lacks (Chinese, Japanese, Korean, Devanagari,\n"
        "most emoji) are of other fonts that the machine has, in one colour; the report names\n"
        "them. Where there is none, that is an error. Lines that are too long for the picture are\n"
        "broken. On a still, `running` and the times mean nothing and are passed over. A source\n"
        "without timecode counts from 00:00:00:00, and the report says so. Drop-frame timecode\n"
        "counts as such. The safe areas are those of SMPTE ST 2046-1 and EBU R 95.",
    .example = "text: {text: \"${stem}\", running: timecode, place: bottom}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct text), &defaults, "text"},
    .draws = true,
    .version = 3,
    .check = check,
};
