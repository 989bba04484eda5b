/* SPDX-License-Identifier: GPL-3.0-or-later
 * `contact_sheet`: moving picture. */
#include "../drawing.h"
#include "contact_sheet.h"
#include "media/chain_picture.h"
#include "steps/programme.h"

#include <math.h>

video_face contact_sheet_video;

struct sheet {
    struct drawing drawing;
    struct programme programme;
    struct rational fps;
    struct contact_sheet wanted;
    int margin, gap, text;       /* pixels; `text` is the font's size */
    int top;                     /* of the first row */
    int tile_width, tile_height; /* of a frame */
    double at_s[CONTACT_SIDE_MAX * CONTACT_SIDE_MAX];
};

static int row_height(const struct sheet *sheet)
{
    return sheet->tile_height + sheet->gap +
           (sheet->wanted.captions ? drawing_line(sheet->text) : 0);
}

static bool take(void *state, const struct moment *moment, struct failure *failure)
{
    const struct sheet *sheet = state;
    const int column = moment->index % sheet->wanted.columns,
              row = moment->index / sheet->wanted.columns;
    const struct box box = {sheet->margin + column * (sheet->tile_width + sheet->gap),
                            sheet->top + row * row_height(sheet), sheet->tile_width,
                            sheet->tile_height},
                     line = {box.x, box.y + box.height + sheet->gap / 2, box.width, 0};
    int used;
    drawing_frame(&sheet->drawing, box, moment->rows);
    if (!sheet->wanted.captions)
        return true;
    g_autofree char *label = programme_label(&sheet->programme, sheet->fps, moment->time_s);
    return drawing_say(&sheet->drawing, label, sheet->text, line, false, drawing_quiet, &used,
                       failure);
}

static bool draw(void *state, uint8_t *pixels, size_t stride, struct failure *failure)
{
    drawing_copy(&((struct sheet *)state)->drawing, pixels, stride);
    return true;
}

static void sheet_free(void *state)
{
    struct sheet *sheet = state;
    drawing_finish(&sheet->drawing);
    g_free(sheet);
}

static bool lay_out(struct sheet *sheet, const struct video_shape *shape, struct failure *failure)
{
    const struct contact_sheet *wanted = &sheet->wanted;
    const double sar = shape->sar.num > 0 ? rational_value(shape->sar) : 1;
    sheet->margin = MAX(wanted->width / 96, 4);
    sheet->gap = MAX(wanted->width / 160, 2);
    sheet->text = MAX(wanted->width / 110, 9);
    sheet->top = sheet->margin + drawing_line(sheet->text) + sheet->gap;
    sheet->tile_width =
        (wanted->width - 2 * sheet->margin - (wanted->columns - 1) * sheet->gap) / wanted->columns;
    sheet->tile_height =
        CLAMP((int)lround(sheet->tile_width * shape->height / (sar * shape->width)), 1,
              4 * sheet->tile_width);
    const int height = sheet->top + wanted->rows * row_height(sheet) - sheet->gap + sheet->margin;
    if (height > DRAWING_SIDE_MAX)
        return fail(failure, FAIL_CONFIG,
                    "contact_sheet: %d rows of frames of %dx%d make a picture of %dx%d, and %d is "
                    "the most for a side: take fewer rows, more columns, or less width",
                    wanted->rows, sheet->tile_width, sheet->tile_height, wanted->width, height,
                    DRAWING_SIDE_MAX);
    return drawing_init(&sheet->drawing, wanted->width, height, failure);
}

/* "1920×1080 · 23.976 fps · 00:02:10.000" */
static bool put_head(const struct sheet *sheet, const struct face_env *env,
                     const struct video_shape *shape, struct failure *failure)
{
    char rate[G_ASCII_DTOSTR_BUF_SIZE] = "variable rate";
    if (sheet->fps.num) {
        g_ascii_formatd(rate, sizeof rate, "%.5g", rational_value(sheet->fps));
        g_strlcat(rate, " fps", sizeof rate);
    }
    const struct programme untimed = {.timecode = ""};
    g_autofree char *length =
        programme_label(&untimed, (struct rational){0, 1}, sheet->programme.duration_s);
    g_autofree char *about =
        g_strdup_printf("%d×%d · %s · %s", shape->width, shape->height, rate, length);
    const char *name = env->task->source_name;
    g_autofree char *title = g_path_get_basename(name ? name : "");
    struct box line = {sheet->margin, sheet->margin, sheet->drawing.width - 2 * sheet->margin, 0};
    int used;
    if (!drawing_say(&sheet->drawing, about, sheet->text, line, true, drawing_quiet, &used,
                     failure))
        return false;
    line.width = MAX(line.width - used - sheet->gap, 1);
    return drawing_say(&sheet->drawing, title, sheet->text, line, false, drawing_bright, &used,
                       failure);
}

bool contact_sheet_video(struct chain *chain, const void *params, const struct face_env *env,
                         struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    struct sheet *sheet = g_new0(struct sheet, 1);
    sheet->wanted = *(const struct contact_sheet *)params;
    sheet->programme = programme_before(env);
    sheet->fps = shape->fps.num ? shape->fps : sheet->programme.fps;
    const int count = sheet->wanted.columns * sheet->wanted.rows;
    const double seen_s = programme_seen_s(&sheet->programme);
    bool fine = lay_out(sheet, shape, failure) &&
                (isfinite(seen_s) ||
                 fail(failure, FAIL_CONFIG,
                      "contact_sheet: the source doesn't say how long it is, so moments can't be "
                      "spread over it: say it with a step before, as trim: {length: 10s}"));
    for (int i = 0; i < count; i++)
        sheet->at_s[i] = seen_s * (i + 0.5) / count;
    if (!fine || !put_head(sheet, env, shape, failure)) {
        sheet_free(sheet);
        return false;
    }
    const struct moments_maker maker = {
        sheet->drawing.width, sheet->drawing.height, sheet, take, draw, sheet_free};
    chain_note(chain, "contact sheet of %d frames, %d by %d", count, sheet->wanted.columns,
               sheet->wanted.rows);
    return chain_moments(chain, failure, sheet->at_s, count, &maker);
}
