/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures that steps draw. */
#include "drawing.h"

#include "media/letters.h"

#include <math.h>
#include <string.h>

const uint8_t drawing_ground[3] = {24, 25, 29}, drawing_bright[3] = {232, 230, 224},
              drawing_quiet[3] = {150, 149, 146};

bool drawing_init(struct drawing *drawing, int width, int height, struct failure *failure)
{
    *drawing = (struct drawing){width, height, g_try_malloc(3 * (gsize)width * (gsize)height),
                                glyphs_create()};
    if (!drawing->pixels)
        return fail(failure, FAIL_MEMORY, "no memory for a picture of %dx%d", width, height);
    drawing_fill(drawing, drawing_ground);
    return true;
}

void drawing_fill(const struct drawing *drawing, const uint8_t color[3])
{
    const gsize count = (gsize)drawing->width * (gsize)drawing->height;
    for (gsize i = 0; i < count; i++)
        memcpy(drawing->pixels + 3 * i, color, 3);
}

void drawing_finish(struct drawing *drawing)
{
    g_clear_pointer(&drawing->pixels, g_free);
    g_clear_pointer(&drawing->glyphs, glyphs_destroy);
}

uint8_t *drawing_pixel(const struct drawing *drawing, int x, int y)
{
    return drawing->pixels + 3 * ((gsize)y * (gsize)drawing->width + (gsize)x);
}

void drawing_copy(const struct drawing *drawing, uint8_t *pixels, size_t stride)
{
    for (int y = 0; y < drawing->height; y++)
        memcpy(pixels + (gsize)y * stride, drawing_pixel(drawing, 0, y), 3 * (gsize)drawing->width);
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

void drawing_frame(const struct drawing *drawing, struct box box, const struct rgb_rows *rows)
{
    const float *const planes[3] = {rows->r, rows->g, rows->b};
    for (int y = MAX(-box.y, 0); y < MIN(box.height, drawing->height - box.y); y++)
        for (int x = MAX(-box.x, 0); x < MIN(box.width, drawing->width - box.x); x++) {
            int x0, x1, y0, y1;
            span(x, box.width, rows->width, &x0, &x1);
            span(y, box.height, rows->height, &y0, &y1);
            for (int c = 0; c < 3; c++)
                drawing_pixel(drawing, box.x + x, box.y + y)[c] =
                    (uint8_t)lround(255 * mean(planes[c], rows, x0, x1, y0, y1));
        }
}

static void ink(const struct drawing *drawing, const struct letters *letters, int left, int top,
                const uint8_t color[3])
{
    for (int y = MAX(-top, 0); y < letters->height && top + y < drawing->height; y++)
        for (int x = MAX(-left, 0); x < letters->width && left + x < drawing->width; x++) {
            const int cover = letters->cover[(gsize)y * (gsize)letters->width + (gsize)x];
            uint8_t *to = drawing_pixel(drawing, left + x, top + y);
            for (int c = 0; c < 3; c++)
                to[c] = (uint8_t)(to[c] + (color[c] - to[c]) * cover / 255);
        }
}

bool drawing_say(const struct drawing *drawing, const char *text, int size_px, struct box line,
                 bool right, const uint8_t color[3], int *used, struct failure *failure)
{
    struct letters letters = {0};
    *used = 0;
    if (!text || !*text)
        return true;
    if (!letters_set(&letters, text, size_px, line.width, failure))
        return false;
    ink(drawing, &letters, right ? line.x + line.width - letters.width : line.x, line.y, color);
    *used = letters.width;
    letters_finish(&letters);
    glyphs_add_text(drawing->glyphs, text);
    return true;
}

char *drawing_boxes(const struct drawing *drawing)
{
    g_autofree char *missing = glyphs_missing(drawing->glyphs);
    return missing
               ? g_strdup_printf("no font of this machine has %s: boxes stand for them", missing)
               : NULL;
}
