/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sheet that `preview` draws. */
#include "sheet.h"

#include "../drawing.h"

#include <math.h>
#include <string.h>

enum { PANELS = 3 }; /* scopes of a side */

struct side {
    struct sheet_side given;
    int label_y, frame_y, frame_height, bottom_y;
    struct box panels[PANELS];
    struct scope *scopes[PANELS];
};

struct sheet {
    struct drawing drawing;
    int width;
    bool abreast;          /* one moment: before and after stand side by side */
    int margin, gap, text; /* pixels; `text` is the font's size */
    int column_width;
    int title_y, story_y, caption_y;
    struct side sides[SHEET_SIDES];
};

/* --- where things stand --- */

static int line_height(const struct sheet *sheet)
{
    return drawing_line(sheet->text);
}

static void place_side(struct sheet *sheet, int index, const struct sheet_side *given, int y)
{
    struct side *side = &sheet->sides[index];
    const int high = (int)lround(sheet->column_width / given->aspect);
    side->given = *given;
    side->label_y = y;
    side->frame_y = y + line_height(sheet);
    side->frame_height = CLAMP(high, 1, sheet->column_width);
    side->bottom_y = side->frame_y + side->frame_height + sheet->gap;
}

static void place_scopes(struct sheet *sheet, int index, int y)
{
    static const enum scope_kind kinds[PANELS] = {SCOPE_WAVEFORM, SCOPE_PARADE, SCOPE_VECTORSCOPE};
    struct side *side = &sheet->sides[index];
    const int half = (sheet->width - 2 * sheet->margin - 2 * sheet->gap) / SHEET_SIDES;
    const int third = (half - 2 * sheet->gap) / PANELS / 3 * 3;
    int x = sheet->margin + index * (half + 2 * sheet->gap);
    for (int i = 0; i < PANELS; i++) {
        side->panels[i] = (struct box){x, y, third, third};
        side->scopes[i] = scope_create(kinds[i], third, third, side->given.weights);
        x += third + sheet->gap;
    }
}

struct sheet *sheet_create(int width, int columns, const struct sheet_side sides[SHEET_SIDES],
                           struct failure *failure)
{
    struct sheet *sheet = g_new0(struct sheet, 1);
    sheet->width = width;
    sheet->abreast = columns == 1;
    sheet->margin = MAX(width / 64, 4);
    sheet->gap = MAX(width / 160, 2);
    sheet->text = MAX(width / 98, 9);
    const int across = sheet->abreast ? SHEET_SIDES : columns;
    sheet->column_width = (width - 2 * sheet->margin - (across - 1) * sheet->gap) / across;
    sheet->title_y = sheet->margin;
    sheet->story_y = sheet->title_y + line_height(sheet);
    const int top = sheet->story_y + line_height(sheet) + sheet->gap;
    place_side(sheet, 0, &sides[0], top);
    place_side(sheet, 1, &sides[1], sheet->abreast ? top : sheet->sides[0].bottom_y);
    const int y = MAX(sheet->sides[0].bottom_y, sheet->sides[1].bottom_y);
    sheet->caption_y = y;
    for (int i = 0; i < SHEET_SIDES; i++)
        place_scopes(sheet, i, y + line_height(sheet));
    const struct box *last = &sheet->sides[0].panels[0];
    if (drawing_init(&sheet->drawing, width, last->y + last->height + sheet->margin, failure))
        return sheet;
    sheet_destroy(sheet);
    return NULL;
}

void sheet_destroy(struct sheet *sheet)
{
    if (!sheet)
        return;
    for (int i = 0; i < SHEET_SIDES; i++)
        for (int k = 0; k < PANELS; k++)
            scope_destroy(sheet->sides[i].scopes[k]);
    drawing_finish(&sheet->drawing);
    g_free(sheet);
}

int sheet_height(const struct sheet *sheet)
{
    return sheet->drawing.height;
}

/* --- words --- */

/* From the left, or ending at the right. *used: how much of the line is gone. */
static bool say(const struct sheet *sheet, const char *text, struct box line, bool right,
                const guint8 color[3], int *used, struct failure *failure)
{
    if (!drawing_say(&sheet->drawing, text, sheet->text, line, right, color, used, failure))
        return false;
    *used += *used ? sheet->gap : 0;
    return true;
}

static bool put_captions(const struct sheet *sheet, struct failure *failure)
{
    int used;
    for (int i = 0; i < SHEET_SIDES; i++) {
        const struct box *first = &sheet->sides[i].panels[0], *last = first + PANELS - 1;
        const struct box line = {first->x, sheet->caption_y, last->x + last->width - first->x, 0};
        g_autofree char *text =
            g_strdup_printf("%s: luma, red green blue, chroma", sheet->sides[i].given.caption);
        if (!say(sheet, text, line, false, drawing_quiet, &used, failure))
            return false;
    }
    return true;
}

char *sheet_boxes(const struct sheet *sheet)
{
    return drawing_boxes(&sheet->drawing);
}

char *sheet_title(const struct task *task)
{
    return g_path_get_basename(task->source_name ? task->source_name : "");
}

bool sheet_put_head(struct sheet *sheet, const struct sheet_head *head, struct failure *failure)
{
    const int room = sheet->width - 2 * sheet->margin;
    int used;
    const struct box about = {sheet->margin, sheet->title_y, room, 0},
                     story = {sheet->margin, sheet->story_y, room, 0};
    if (!say(sheet, head->about, about, true, drawing_quiet, &used, failure))
        return false;
    const struct box title = {sheet->margin, sheet->title_y, MAX(room - used, 1), 0};
    return say(sheet, head->title, title, false, drawing_bright, &used, failure) &&
           say(sheet, head->story, story, false, drawing_quiet, &used, failure) &&
           put_captions(sheet, failure);
}

/* --- frames --- */

static int column_x(const struct sheet *sheet, int side, int column)
{
    const int at = sheet->abreast ? side : column;
    return sheet->margin + at * (sheet->column_width + sheet->gap);
}

static struct box frame_box(const struct sheet *sheet, int side, int column)
{
    const struct side *of = &sheet->sides[side];
    const int wide =
        CLAMP((int)lround(of->frame_height * of->given.aspect), 1, sheet->column_width);
    return (struct box){column_x(sheet, side, column) + (sheet->column_width - wide) / 2,
                        of->frame_y, wide, of->frame_height};
}

/* Of pictures taller than 1080 lines not every line. */
static void count(const struct side *side, const struct rgb_rows *rows)
{
    const int step = (rows->height + 1079) / 1080;
    for (int y = 0; y < rows->height; y += step) {
        const gsize at = (gsize)y * rows->stride;
        for (int i = 0; i < PANELS; i++)
            scope_add(side->scopes[i], rows->r + at, rows->g + at, rows->b + at, rows->width);
    }
}

bool sheet_put_frame(struct sheet *sheet, int side, int column, const struct rgb_rows *rows,
                     const char *label, struct failure *failure)
{
    const struct side *of = &sheet->sides[side];
    const struct box box = frame_box(sheet, side, column);
    const int end = column_x(sheet, side, column) + sheet->column_width;
    struct box line = {box.x, of->label_y, end - box.x, 0};
    int used = 0;
    drawing_frame(&sheet->drawing, box, rows);
    count(of, rows);
    if (column == 0 && !say(sheet, of->given.caption, line, false, drawing_bright, &used, failure))
        return false;
    line.x += used;
    line.width -= used;
    return line.width <= 0 || say(sheet, label, line, false, drawing_quiet, &used, failure);
}

void sheet_draw(struct sheet *sheet, uint8_t *pixels, size_t stride)
{
    for (int i = 0; i < SHEET_SIDES; i++)
        for (int k = 0; k < PANELS; k++) {
            const struct box *box = &sheet->sides[i].panels[k];
            scope_draw(sheet->sides[i].scopes[k], drawing_pixel(&sheet->drawing, box->x, box->y),
                       3 * (gsize)sheet->width);
        }
    drawing_copy(&sheet->drawing, pixels, stride);
}
