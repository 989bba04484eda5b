/* SPDX-License-Identifier: GPL-3.0-or-later
 * `contact_sheet`: stills. */
#include "layout.h"
#include "media/still_file.h"
#include "steps/faces.h"

#include <math.h>

image_face contact_sheet_image;

struct sheet {
    struct layout layout;
    int taken, missed;
};

/* The next place. */
static int place(const struct sheet *sheet)
{
    return sheet->taken + sheet->missed;
}

bool contact_sheet_image(struct still *still, const void *params, const struct face_env *env,
                         struct failure *failure)
{
    still_note(still, "contact_sheet is of all of a job's stills (`each: job`), or of a film: "
                      "passed over");
    return true;
}

static void sheet_free(void *state)
{
    struct sheet *sheet = state;
    layout_finish(&sheet->layout);
    g_free(sheet);
}

static void *sheet_begin(const void *params, unsigned count, const struct face_env *env,
                         struct failure *failure)
{
    const struct contact_sheet *wanted = params;
    const int needed = (int)((count + (unsigned)wanted->columns - 1) / (unsigned)wanted->columns),
              rows = wanted->rows ? wanted->rows : needed;
    g_autofree char *about = g_strdup_printf(count == 1 ? "1 picture" : "%u pictures", count);
    if (needed > rows) {
        fail(failure, FAIL_INTERNAL, "contact_sheet: %u stills for %d columns and %d rows", count,
             wanted->columns, rows);
        return NULL;
    }
    struct sheet *sheet = g_new0(struct sheet, 1);
    if (layout_init(&sheet->layout, wanted, rows, rational_value(wanted->cell), failure) &&
        layout_head(&sheet->layout, wanted->title ? wanted->title : env->output->job, about,
                    failure))
        return sheet;
    sheet_free(sheet);
    return NULL;
}

/* All of it, as large as its place allows, never enlarged. */
static void sheet_scaling(const void *state, int width, int height, struct still_scaling *to)
{
    const struct layout *layout = &((const struct sheet *)state)->layout;
    const double scale =
        fmin(fmin((double)layout->tile_width / width, (double)layout->tile_height / height), 1);
    *to = (struct still_scaling){MAX((int)lround(width * scale), 1),
                                 MAX((int)lround(height * scale), 1), "lanczos"};
}

static bool shrink(struct still *still, const struct sheet *sheet, struct rgba ground,
                   struct failure *failure)
{
    const struct still_shape shape = still_shape(still);
    struct still_scaling to;
    sheet_scaling(sheet, shape.width, shape.height, &to);
    return still_resize(still, failure, to.width, to.height, to.kernel, false) &&
           still_to_srgb(still, failure) && still_flatten(still, failure, ground);
}

static bool put_caption(const struct sheet *sheet, const struct contact_sheet *wanted,
                        const char *name, struct failure *failure)
{
    const struct layout *layout = &sheet->layout;
    int used;
    return !wanted->captions ||
           drawing_say(&layout->drawing, name, layout->text, layout_line(layout, place(sheet)),
                       false, layout->quiet, &used, failure);
}

static bool sheet_take(void *state, struct still *still, const char *name, const void *params,
                       struct failure *failure)
{
    const struct contact_sheet *wanted = params;
    struct sheet *sheet = state;
    const struct layout *layout = &sheet->layout;
    const struct drawing *drawing = &layout->drawing;
    if (!shrink(still, sheet, wanted->color, failure))
        return false;
    const struct still_shape shape = still_shape(still);
    struct box at = layout_tile(layout, place(sheet));
    at.x += (at.width - shape.width) / 2;
    at.y += (at.height - shape.height) / 2;
    if (!still_read_rgb(still, failure, drawing_pixel(drawing, at.x, at.y),
                        3 * (size_t)drawing->width, drawing->width - at.x,
                        drawing->height - at.y) ||
        !put_caption(sheet, wanted, name, failure))
        return false;
    sheet->taken++;
    return true;
}

static bool sheet_miss(void *state, const char *name, const void *params, struct failure *failure)
{
    struct sheet *sheet = state;
    const struct layout *layout = &sheet->layout;
    struct box line = layout_tile(layout, place(sheet));
    int used;
    line.y += (line.height - layout->text) / 2;
    if (!drawing_say(&layout->drawing, "can't be read", layout->text, line, false, layout->bright,
                     &used, failure) ||
        !put_caption(sheet, params, name, failure))
        return false;
    sheet->missed++;
    return true;
}

static struct still *sheet_end(void *state, struct failure *failure)
{
    const struct sheet *sheet = state;
    const struct drawing *drawing = &sheet->layout.drawing;
    struct still *still = still_of_rgb(drawing->pixels, drawing->width, drawing->height, failure);
    g_autofree char *but =
        sheet->missed ? g_strdup_printf(", without %d", sheet->missed) : g_strdup("");
    g_autofree char *boxes = drawing_boxes(drawing);
    if (still && boxes)
        still_note(still, "contact_sheet: %s", boxes);
    if (still)
        still_note(still, "contact sheet of %d stills%s, %d by %d", place(sheet), but,
                   sheet->layout.columns, sheet->layout.rows);
    return still;
}

const struct sheet_faces contact_sheet_faces = {sheet_begin, sheet_scaling, sheet_take,
                                                sheet_miss,  sheet_end,     sheet_free};
