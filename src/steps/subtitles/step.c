/* SPDX-License-Identifier: GPL-3.0-or-later
 * `subtitles`: burnt in. */
#include "subtitles.h"

static const struct subtitles defaults = {.place = PLACE_BOTTOM,
                                          .size = {5, true, true},
                                          .margin = {5, true, true},
                                          .color = {255, 255, 255, 255},
                                          .box = {0, 0, 0, 0}};

static const struct param rows[] = {
    {"file",
     "an .srt, .vtt or .ass, looked up beside the pipeline, then with the input: "
     "${dir}/${stem}.srt",
     P_FILE(struct subtitles, file)},
    {"track",
     "or a text track of the source: default, a number from 1 among its subtitles, or a language "
     "(deu)",
     P_TEXT(struct subtitles, track)},
    {"place", "where it stands", P_CHOICE(struct subtitles, place, place_names)},
    {"size", "height of the letters; percent of the picture's", P_EXTENT(struct subtitles, size)},
    {"margin", "distance from the edges; percent of the picture's height",
     P_EXTENT(struct subtitles, margin)},
    {"color", "of the letters", P_COLOR(struct subtitles, color)},
    {"box", "behind the letters; transparent for an outline instead",
     P_COLOR(struct subtitles, box)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct subtitles *subtitles = params;
    if (!subtitles->file == !subtitles->track) {
        diag_error(diag, at,
                   "for example subtitles: {file: \"${dir}/${stem}.srt\"}, or {track: deu}",
                   "subtitles: give either a file or a track");
        return false;
    }
    return true;
}

const struct step subtitles_step = {
    .name = "subtitles",
    .summary = "burn subtitles in",
    .help =
        "Drawn by libass in DejaVu Sans; ASS keeps its own styles, with the fonts that are\n"
        "attached to a Matroska source. Where these lack a character, the fonts of the machine\n"
        "are used as well, in one colour, and the report names them; where none has it, that is\n"
        "an error, as are times that can't be read. Styles and regions of WebVTT aren't heeded.\n"
        "They follow the trims and the speed of the steps before. Subtitles made of pictures\n"
        "(PGS, DVB, DVD) can't be burnt in.",
    .example = "subtitles: {file: \"${dir}/${stem}.srt\", size: 5%}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct subtitles), &defaults, "file"},
    .draws = true,
    .version = 2,
    .check = check,
};
