/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sheet that `preview` draws. */
#include "sheet.h"

#include "media/letters.h"

#include <math.h>
#include <string.h>

struct box {
    int x, y, width, height;
};

enum { PANELS = 3 }; /* scopes of a side */

struct side {
    struct sheet_side given;
    int label_y, frame_y, frame_height, bottom_y;
    struct box panels[PANELS];
    struct scope *scopes[PANELS];
};

struct sheet {
    int width, height;
    bool abreast;          /* one moment: before and after stand side by side */
    int margin, gap, text; /* pixels; `text` is the font's size */
    int column_width;
    int title_y, story_y, caption_y;
    struct side sides[SHEET_SIDES];
    guint8 *pixels;
};

static const guint8 ground[3] = {24, 25, 29}, bright[3] = {232, 230, 224},
                    quiet[3] = {150, 149, 146};

/* --- where things stand --- */

static int line_height(const struct sheet *sheet)
{
    return (sheet->text * 17 + 9) / 10;
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

struct sheet *sheet_create(int width, int columns, const struct sheet_side sides[SHEET_SIDES])
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
    sheet->height = last->y + last->height + sheet->margin;
    sheet->pixels = g_malloc(3 * (gsize)width * (gsize)sheet->height);
    for (gsize i = 0; i < (gsize)width * (gsize)sheet->height; i++)
        memcpy(sheet->pixels + 3 * i, ground, 3);
    return sheet;
}

void sheet_destroy(struct sheet *sheet)
{
    if (!sheet)
        return;
    for (int i = 0; i < SHEET_SIDES; i++)
        for (int k = 0; k < PANELS; k++)
            scope_destroy(sheet->sides[i].scopes[k]);
    g_free(sheet->pixels);
    g_free(sheet);
}

int sheet_height(const struct sheet *sheet)
{
    return sheet->height;
}

static guint8 *pixel(const struct sheet *sheet, int x, int y)
{
    return sheet->pixels + 3 * ((gsize)y * (gsize)sheet->width + (gsize)x);
}

/* --- words --- */

static void ink(const struct sheet *sheet, const struct letters *letters, int left, int top,
                const guint8 color[3])
{
    for (int y = MAX(-top, 0); y < letters->height && top + y < sheet->height; y++)
        for (int x = MAX(-left, 0); x < letters->width && left + x < sheet->width; x++) {
            const int cover = letters->cover[(gsize)y * (gsize)letters->width + (gsize)x];
            guint8 *to = pixel(sheet, left + x, top + y);
            for (int c = 0; c < 3; c++)
                to[c] = (guint8)(to[c] + (color[c] - to[c]) * cover / 255);
        }
}

/* From `x`, or ending there; at most `room` pixels wide. Returns how many were used. */
static bool say(const struct sheet *sheet, const char *text, struct box line, bool right,
                const guint8 color[3], int *used, struct failure *failure)
{
    struct letters letters = {0};
    *used = 0;
    if (!text || !*text)
        return true;
    if (!letters_set(&letters, text, sheet->text, line.width, failure))
        return false;
    ink(sheet, &letters, right ? line.x + line.width - letters.width : line.x, line.y, color);
    *used = letters.width + sheet->gap;
    letters_finish(&letters);
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
        if (!say(sheet, text, line, false, quiet, &used, failure))
            return false;
    }
    return true;
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
    if (!say(sheet, head->about, about, true, quiet, &used, failure))
        return false;
    const struct box title = {sheet->margin, sheet->title_y, MAX(room - used, 1), 0};
    return say(sheet, head->title, title, false, bright, &used, failure) &&
           say(sheet, head->story, story, false, quiet, &used, failure) &&
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

/* The source's pixels from `at` of `count` to the next, at least one. */
static void span(int at, int count, int size, int *from, int *to)
{
    *from = (int)((gint64)at * size / count);
    *to = MAX((int)((gint64)(at + 1) * size / count), *from + 1);
}

static double mean(const float *plane, const struct rgb_rows *rows, int x0, int x1, int y0, int y1)
{
    double sum = 0;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            sum += CLAMP(plane[(gsize)y * rows->stride + (gsize)x], 0, 1);
    return sum / ((double)(x1 - x0) * (y1 - y0));
}

static void shrink(const struct sheet *sheet, struct box box, const struct rgb_rows *rows)
{
    const float *const planes[3] = {rows->r, rows->g, rows->b};
    for (int y = 0; y < box.height; y++)
        for (int x = 0; x < box.width; x++) {
            int x0, x1, y0, y1;
            span(x, box.width, rows->width, &x0, &x1);
            span(y, box.height, rows->height, &y0, &y1);
            for (int c = 0; c < 3; c++)
                pixel(sheet, box.x + x, box.y + y)[c] =
                    (guint8)lround(255 * mean(planes[c], rows, x0, x1, y0, y1));
        }
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
    shrink(sheet, box, rows);
    count(of, rows);
    if (column == 0 && !say(sheet, of->given.caption, line, false, bright, &used, failure))
        return false;
    line.x += used;
    line.width -= used;
    return line.width <= 0 || say(sheet, label, line, false, quiet, &used, failure);
}

void sheet_draw(struct sheet *sheet, uint8_t *pixels, size_t stride)
{
    for (int i = 0; i < SHEET_SIDES; i++)
        for (int k = 0; k < PANELS; k++) {
            const struct box *box = &sheet->sides[i].panels[k];
            scope_draw(sheet->sides[i].scopes[k], pixel(sheet, box->x, box->y),
                       3 * (gsize)sheet->width);
        }
    for (int y = 0; y < sheet->height; y++)
        memcpy(pixels + (gsize)y * stride, pixel(sheet, 0, y), 3 * (gsize)sheet->width);
}
