/* SPDX-License-Identifier: GPL-3.0-or-later
 * `contact_sheet`: moving picture. */
#include "layout.h"
#include "media/chain_picture.h"
#include "steps/programme.h"
#include "steps/shown.h"

#include <math.h>

video_face contact_sheet_video;

struct sheet {
    struct layout layout;
    struct programme programme;
    struct rational fps;
    bool captions;
    double at_s[CONTACT_SIDE_MAX * CONTACT_SIDE_MAX];
};

static bool take(void *state, const struct moment *moment, struct failure *failure)
{
    const struct sheet *sheet = state;
    const struct layout *layout = &sheet->layout;
    int used;
    drawing_frame(&layout->drawing, layout_tile(layout, moment->index), moment->rows);
    if (!sheet->captions)
        return true;
    g_autofree char *label = programme_label(&sheet->programme, sheet->fps, moment->time_s);
    return drawing_say(&layout->drawing, label, layout->text, layout_line(layout, moment->index),
                       false, layout->quiet, &used, failure);
}

static bool draw(void *state, uint8_t *pixels, size_t stride, struct failure *failure)
{
    drawing_copy(&((struct sheet *)state)->layout.drawing, pixels, stride);
    return true;
}

static void sheet_free(void *state)
{
    struct sheet *sheet = state;
    layout_finish(&sheet->layout);
    g_free(sheet);
}

/* "1920×1080 · 23.976 fps · 00:02:10.000" */
static bool put_head(const struct sheet *sheet, const char *title, const struct face_env *env,
                     const struct video_shape *shape, struct failure *failure)
{
    char rate[G_ASCII_DTOSTR_BUF_SIZE] = "variable rate";
    if (sheet->fps.num) {
        g_ascii_formatd(rate, sizeof rate, "%.5g", rational_value(sheet->fps));
        g_strlcat(rate, " fps", sizeof rate);
    }
    const struct programme untimed = {.timecode = ""};
    g_autofree char *length =
        programme_label(&untimed, (struct rational){0, 1}, programme_seen_s(&sheet->programme));
    g_autofree char *about =
        g_strdup_printf("%d×%d · %s · %s", shape->width, shape->height, rate, length);
    const char *name = env->task->source_name;
    g_autofree char *file = g_path_get_basename(name ? name : "");
    return layout_head(&sheet->layout, title ? title : file, about, failure);
}

bool contact_sheet_video(struct chain *chain, const void *params, const struct face_env *env,
                         struct failure *failure)
{
    if (!shown_video(chain, failure))
        return false;
    const struct video_shape *shape = chain_video(chain);
    struct sheet *sheet = g_new0(struct sheet, 1);
    const struct contact_sheet *wanted = params;
    const double sar = shape->sar.num > 0 ? rational_value(shape->sar) : 1;
    const int rows = wanted->rows ? wanted->rows : CONTACT_FILM_ROWS;
    sheet->captions = wanted->captions;
    sheet->programme = programme_before(env);
    sheet->fps = shape->fps.num ? shape->fps : sheet->programme.fps;
    const int count = wanted->columns * rows;
    const double seen_s = programme_seen_s(&sheet->programme);
    bool fine =
        layout_init(&sheet->layout, wanted, rows, sar * shape->width / shape->height, failure) &&
        (isfinite(seen_s) ||
         fail(failure, FAIL_CONFIG,
              "contact_sheet: the source doesn't say how long it is, so moments can't be "
              "spread over it: say it with a step before, as trim: {length: 10s}"));
    for (int i = 0; i < count; i++)
        sheet->at_s[i] = seen_s * (i + 0.5) / count;
    if (!fine || !put_head(sheet, wanted->title, env, shape, failure)) {
        sheet_free(sheet);
        return false;
    }
    g_autofree char *boxes = drawing_boxes(&sheet->layout.drawing);
    if (boxes)
        chain_note(chain, "contact_sheet: %s", boxes);
    const struct moments_maker maker = {
        .width = sheet->layout.drawing.width,
        .height = sheet->layout.drawing.height,
        .ground = wanted->color,
        .state = sheet,
        .take = take,
        .draw = draw,
        .free = sheet_free,
    };
    chain_note(chain, "contact sheet of %d frames, %d by %d", count, wanted->columns, rows);
    return chain_moments(chain, failure, sheet->at_s, count, &maker);
}
