/* SPDX-License-Identifier: GPL-3.0-or-later
 * `contact_sheet`: a clip at a glance. */
#include "contact_sheet.h"

#include "../drawing_size.h"
#include "../place.h"
#include "color/colors.h"

#include <math.h>

static const struct contact_sheet defaults = {
    .columns = 4, .width = 1920, .captions = true, .color = {24, 25, 29, 255}, .cell = {1, 1}};

enum { GAP_PERCENT_MOST = 25 };

static const struct param rows[] = {
    {"columns", "pictures side by side", P_INT(struct contact_sheet, columns, UNIT_NONE),
     P_RANGE(1, CONTACT_SIDE_MAX)},
    {"rows", "rows of them, on each sheet; 0: of a film 4, of stills as many as it takes",
     P_INT(struct contact_sheet, rows, UNIT_NONE), P_RANGE(0, CONTACT_SIDE_MAX)},
    {"width", "of the sheet", P_INT(struct contact_sheet, width, UNIT_PIXELS), P_RANGE(320, 15360)},
    {"captions", "below each the timecode of a frame, or its time; of a still the file's name",
     P_BOOL(struct contact_sheet, captions)},
    {"title", "above all; not given: the film's name, or the job's",
     P_TEXT(struct contact_sheet, title)},
    {"gap", "between pictures; percent of the sheet's width; not given: a 160th of it",
     P_EXTENT(struct contact_sheet, gap), P_RANGE(0, 500)},
    {"color", "of the ground", P_COLOR(struct contact_sheet, color)},
    {"cell", "shape of a still's place, into which all of it is fitted",
     P_RATE(struct contact_sheet, cell)},
};

int contact_gap(const struct contact_sheet *sheet)
{
    return extent_pixels(sheet->gap, sheet->width, MAX(sheet->width / 160, 2));
}

int contact_margin(const struct contact_sheet *sheet)
{
    return MAX(sheet->width / 96, 4);
}

static int room(const struct contact_sheet *sheet)
{
    return sheet->width - 2 * contact_margin(sheet);
}

int contact_tile(const struct contact_sheet *sheet)
{
    return (room(sheet) - (sheet->columns - 1) * contact_gap(sheet)) / sheet->columns;
}

char *contact_problem(const struct contact_sheet *sheet)
{
    if (contact_tile(sheet) >= 1)
        return NULL;
    return g_strdup_printf("%d columns with a gap of %d pixels leave pictures no room in a width "
                           "of %d: the gap is at most %d, or take fewer columns",
                           sheet->columns, contact_gap(sheet), sheet->width,
                           (room(sheet) - sheet->columns) / (sheet->columns - 1));
}

struct contact_rows contact_rows(const struct contact_sheet *sheet, int count, double shape)
{
    const int tile = contact_tile(sheet), gap = contact_gap(sheet), margin = contact_margin(sheet);
    struct contact_rows down = {.text = MAX(sheet->width / 110, 9)};
    down.top = margin + drawing_line(down.text) + MAX(gap, down.text / 2);
    down.line = sheet->captions ? drawing_line(down.text) : 0;
    down.tile_height = CLAMP((int)lround(tile / shape), 1, 4 * tile);
    down.height = down.top + (gint64)count * (down.tile_height + gap + down.line) - gap + margin;
    return down;
}

char *contact_too_high(const struct contact_sheet *sheet, int count, double shape)
{
    const struct contact_rows down = contact_rows(sheet, count, shape);
    if (down.height <= DRAWING_SIDE_MAX)
        return NULL;
    return g_strdup_printf("%d rows of pictures of %dx%d make one of %dx%" G_GINT64_FORMAT
                           ", and %d is the most for a side: take fewer rows, more columns, or "
                           "less width",
                           count, contact_tile(sheet), down.tile_height, sheet->width, down.height,
                           DRAWING_SIDE_MAX);
}

static char *too_large(const void *params, double seen_s, double aspect)
{
    const struct contact_sheet *sheet = params;
    return contact_too_high(sheet, sheet->rows ? sheet->rows : CONTACT_FILM_ROWS, aspect);
}

static unsigned places(const void *params)
{
    const struct contact_sheet *sheet = params;
    return (unsigned)(sheet->columns * sheet->rows);
}

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct contact_sheet *sheet = params;
    const double shape = rational_value(sheet->cell);
    g_autofree char *problem = contact_problem(sheet);
    if (shape < 0.25 || shape > 4)
        diag_error(diag, at, "for example cell: 3/2",
                   "contact_sheet: a place is between 1:4 and 4:1");
    else if (sheet->gap.percent && sheet->gap.value > GAP_PERCENT_MOST)
        diag_error(diag, at, "for example gap: 1%",
                   "contact_sheet: a gap is at most %d %% of the width", GAP_PERCENT_MOST);
    else if (problem)
        diag_error(diag, at, "for example gap: 1%", "contact_sheet: %s", problem);
    else
        return true;
    return false;
}

static bool colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    colors_show(flows, contact_sheet_step.name, at);
    return true;
}

const struct step contact_sheet_step = {
    .name = "contact_sheet",
    .summary = "show a clip, or a job's stills, at a glance: pictures in a grid, with words below",
    .help =
        "The output is then a picture. A film is cut into as many equal parts as the grid has "
        "places,\n"
        "and the frame in the middle of each part is shown, in its true shape, with the timecode "
        "of\n"
        "that very frame, or its time from the start where there is none. Of interlaced picture "
        "one\n"
        "field is shown, what is transparent on the ground.\n"
        "HDR that is tagged so is shown in sRGB, as `color: {to: srgb}` brings it there; log looks "
        "as flat as\n"
        "it is, so put `grade` or `color` before.\n"
        "Of stills, an output with `each: job` shows all of the job's, in the natural order of "
        "their\n"
        "paths: upright, in sRGB, transparent ones on the ground, none enlarged. The job's steps, "
        "and\n"
        "the output's before this one, are done to each still, those after it to the sheet. With "
        "`rows`\n"
        "the next stills go to further sheets, each an output of its own: `${page}` in `to` and "
        "in\n"
        "`title` is its number; without it in `to`, the second is called NAME-2.EXT, and so on.",
    .example = "contact_sheet: {columns: 5, rows: 4}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct contact_sheet), &defaults, "columns"},
    .version = 4,
    .colors = colors,
    .makes_still = true,
    .gathers = true,
    .places = places,
    .too_large = too_large,
    .check = check,
};
