/* SPDX-License-Identifier: GPL-3.0-or-later
 * Range and gamut. */
#include "range.h"

#include "color.h"

#include <math.h>

static const double AREA = 0.01;
#define BEYOND (11.0F / 219 + 1e-4F)

void range_meter_init(struct range_meter *meter)
{
    *meter = (struct range_meter){0};
    spans_init(&meter->range, 0);
    spans_init(&meter->gamut, 0);
}

void range_meter_clear(struct range_meter *meter)
{
    spans_clear(&meter->range);
    spans_clear(&meter->gamut);
}

static guint32 is_beyond(float value)
{
    return fabsf(value - 0.5F) > 0.5F + BEYOND;
}

/* Samples beyond, of each. */
struct beyond {
    guint64 luma, color;
};

static void look_at_row(const struct picture *picture, const struct color_matrix *m, int y,
                        struct beyond *beyond)
{
    const struct raster *color = picture->color;
    const gsize at = (gsize)y * (gsize)color->width;
    const guint16 *luma = color[0].data + at, *cb = color[1].data + at, *cr = color[2].data + at;
    guint32 lumas = 0, colors = 0;
    for (int x = 0; x < color->width; x++) {
        const float v = m->scale * ((float)luma[x] - m->black);
        const float b = m->chroma * ((float)cb[x] - 32768), r = m->chroma * ((float)cr[x] - 32768);
        lumas += is_beyond(v);
        colors += is_beyond(v + m->red * r) | is_beyond(v + m->blue * b) |
                  is_beyond(v + m->green_r * r + m->green_b * b);
    }
    beyond->luma += lumas;
    beyond->color += colors;
}

static void look_at_luma(const struct picture *picture, struct beyond *beyond)
{
    const struct raster *luma = &picture->color[0];
    const gsize count = (gsize)luma->width * (gsize)luma->height;
    for (gsize i = 0; i < count; i++)
        beyond->luma += is_beyond((float)picture_level(picture, luma->data[i]));
}

void range_meter_feed(struct range_meter *meter, const struct picture *picture)
{
    const struct raster *luma = &picture->color[0];
    struct color_matrix matrix;
    struct beyond beyond = {0};
    if (!picture->rgb && color_matrix_of(picture, &matrix))
        for (int y = 0; y < luma->height; y++)
            look_at_row(picture, &matrix, y, &beyond);
    else if (!picture->rgb)
        look_at_luma(picture, &beyond);
    const double count = fmax(1, (double)luma->width * luma->height);
    const double range = (double)beyond.luma / count, gamut = (double)beyond.color / count;
    meter->range_most = fmax(meter->range_most, range);
    meter->gamut_most = fmax(meter->gamut_most, gamut);
    spans_tell(&meter->range, range > AREA, picture->at_s);
    spans_tell(&meter->gamut, gamut > AREA, picture->at_s);
}

void range_meter_read(struct range_meter *meter, double end_s, struct facts *facts)
{
    spans_read(&meter->range, end_s, &facts->out_of_range);
    spans_read(&meter->gamut, end_s, &facts->out_of_gamut);
    facts->out_of_range_percent = 100 * meter->range_most;
    facts->out_of_gamut_percent = 100 * meter->gamut_most;
}
