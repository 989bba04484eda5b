/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sheet of `contact_sheet`. */
#include "layout.h"

#include <string.h>

static int row_height(const struct layout *layout)
{
    return layout->tile_height + layout->gap + layout->line;
}

/* On a light ground words are dark. */
static void choose_ink(struct layout *layout, struct rgba ground)
{
    const int luma = (54 * ground.r + 183 * ground.g + 19 * ground.b) / 256;
    const uint8_t dark[3] = {24, 25, 29}, grey[3] = {90, 91, 95};
    memcpy(layout->bright, luma < 128 ? drawing_bright : dark, 3);
    memcpy(layout->quiet, luma < 128 ? drawing_quiet : grey, 3);
}

bool layout_init(struct layout *layout, const struct contact_sheet *wanted, int rows, double shape,
                 struct failure *failure)
{
    const uint8_t ground[3] = {wanted->color.r, wanted->color.g, wanted->color.b};
    g_autofree char *problem = contact_problem(wanted);
    *layout = (struct layout){.columns = wanted->columns, .rows = rows};
    if (problem)
        return fail(failure, FAIL_CONFIG, "contact_sheet: %s", problem);
    g_autofree char *too_high = contact_too_high(wanted, rows, shape);
    if (too_high)
        return fail(failure, FAIL_CONFIG, "contact_sheet: %s", too_high);
    const struct contact_rows down = contact_rows(wanted, rows, shape);
    layout->margin = contact_margin(wanted);
    layout->gap = contact_gap(wanted);
    layout->text = down.text;
    layout->top = down.top;
    layout->line = down.line;
    layout->tile_width = contact_tile(wanted);
    layout->tile_height = down.tile_height;
    choose_ink(layout, wanted->color);
    if (!drawing_init(&layout->drawing, wanted->width, (int)down.height, failure))
        return false;
    drawing_fill(&layout->drawing, ground);
    return true;
}

void layout_finish(struct layout *layout)
{
    drawing_finish(&layout->drawing);
}

struct box layout_tile(const struct layout *layout, int index)
{
    const int column = index % layout->columns, row = index / layout->columns;
    return (struct box){layout->margin + column * (layout->tile_width + layout->gap),
                        layout->top + row * row_height(layout), layout->tile_width,
                        layout->tile_height};
}

struct box layout_line(const struct layout *layout, int index)
{
    const struct box tile = layout_tile(layout, index);
    return (struct box){tile.x, tile.y + tile.height + layout->gap / 2, tile.width, 0};
}

bool layout_head(const struct layout *layout, const char *title, const char *about,
                 struct failure *failure)
{
    struct box line = {layout->margin, layout->margin, layout->drawing.width - 2 * layout->margin,
                       0};
    int used;
    if (!drawing_say(&layout->drawing, about, layout->text, line, true, layout->quiet, &used,
                     failure))
        return false;
    line.width = MAX(line.width - used - layout->text, 1);
    return drawing_say(&layout->drawing, title, layout->text, line, false, layout->bright, &used,
                       failure);
}
