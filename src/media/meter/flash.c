/* SPDX-License-Identifier: GPL-3.0-or-later
 * Flashes. */
#include "flash.h"

#include "color.h"

#include <math.h>

static const double CHANGE_NIT = 20, DARK_NIT = 160, MICHELSON = 1.0 / 17;
static const double SATURATED = 0.8, CHANGE_UV = 0.2;
static const double AREA = 0.25, TOGETHER_S = 0.08, SECOND_S = 1 - 1e-3;

struct flash_meter *flash_meter_create(void)
{
    struct flash_meter *meter = g_new0(struct flash_meter, 1);
    spans_init(&meter->light.spans, 0);
    spans_init(&meter->red.spans, 0);
    return meter;
}

void flash_meter_destroy(struct flash_meter *meter)
{
    if (!meter)
        return;
    spans_clear(&meter->light.spans);
    spans_clear(&meter->red.spans);
    g_free(meter);
}

static void light_levels(struct flash_meter *meter, const struct picture *picture)
{
    const AVFrame *frame = picture->frame;
    if (meter->begun && meter->transfer == (int)frame->color_trc && meter->full == picture->full)
        return;
    for (int i = 0; i < FLASH_LEVELS; i++)
        meter->nit[i] =
            (float)color_nit(frame, picture_level(picture, (i + 0.5) * 65536 / FLASH_LEVELS));
    meter->transfer = (int)frame->color_trc;
    meter->full = picture->full;
}

/* Of the grid of colour samples. */
struct box {
    int left, top, right, bottom;
};

/* Of a tile. */
struct mean {
    double nit, component[3];
};

static struct box box_of(const struct raster *color, int tile)
{
    const int x = tile % FLASH_COLUMNS, y = tile / FLASH_COLUMNS;
    return (struct box){x * color->width / FLASH_COLUMNS, y * color->height / FLASH_ROWS,
                        (x + 1) * color->width / FLASH_COLUMNS,
                        (y + 1) * color->height / FLASH_ROWS};
}

static double add_up(const struct raster *raster, const struct box *box)
{
    double sum = 0;
    for (int y = box->top; y < box->bottom; y++) {
        const guint16 *row = raster->data + (gsize)y * (gsize)raster->width;
        guint32 part = 0;
        for (int x = box->left; x < box->right; x++)
            part += row[x];
        sum += part;
    }
    return sum;
}

static double add_up_light(const struct flash_meter *meter, const struct raster *raster,
                           const struct box *box)
{
    double sum = 0;
    for (int y = box->top; y < box->bottom; y++) {
        const guint16 *row = raster->data + (gsize)y * (gsize)raster->width;
        float part = 0;
        for (int x = box->left; x < box->right; x++)
            part += meter->nit[row[x] * FLASH_LEVELS >> 16];
        sum += (double)part;
    }
    return sum;
}

/* False where a picture is so small that the tile has no sample. */
static bool mean_of(const struct flash_meter *meter, const struct picture *picture, int tile,
                    struct mean *mean)
{
    static const double of_luma[] = {1, 0, 0}, of_gbr[] = {0.7152, 0.0722, 0.2126};
    const struct box box = box_of(&picture->color[0], tile);
    const double *weights = picture->rgb ? of_gbr : of_luma;
    const double count = (double)(box.right - box.left) * (box.bottom - box.top);
    *mean = (struct mean){0};
    for (int c = 0; count > 0 && c < picture->components; c++) {
        mean->component[c] = add_up(&picture->color[c], &box) / count;
        if (weights[c] > 0)
            mean->nit += weights[c] * add_up_light(meter, &picture->color[c], &box) / count;
    }
    return count > 0;
}

/* --- colour --- */

struct light {
    double red, green, blue; /* cd/m2 of a grey of that level */
};

static struct light light_of(const struct picture *picture, const struct color_matrix *m,
                             const struct mean *mean)
{
    const AVFrame *frame = picture->frame;
    const double *is = mean->component;
    if (picture->rgb)
        return (struct light){color_nit(frame, is[2] / 65535), color_nit(frame, is[0] / 65535),
                              color_nit(frame, is[1] / 65535)};
    const double v = m->scale * (is[0] - m->black);
    const double b = m->chroma * (is[1] - 32768), r = m->chroma * (is[2] - 32768);
    return (struct light){color_nit(frame, v + m->red * r),
                          color_nit(frame, v + m->green_r * r + m->green_b * b),
                          color_nit(frame, v + m->blue * b)};
}

static struct flash_color color_of(const AVFrame *frame, const struct light *light)
{
    static const double bt709[3][3] = {
        {0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}};
    static const double bt2020[3][3] = {
        {0.6370, 0.1446, 0.1689}, {0.2627, 0.6780, 0.0593}, {0, 0.0281, 1.0610}};
    const double(*to)[3] = frame->color_primaries == AVCOL_PRI_BT2020 ? bt2020 : bt709;
    double xyz[3];
    for (int i = 0; i < 3; i++)
        xyz[i] = to[i][0] * light->red + to[i][1] * light->green + to[i][2] * light->blue;
    const double sum = fmax(xyz[0] + 15 * xyz[1] + 3 * xyz[2], 1e-9);
    const double all = fmax(light->red + light->green + light->blue, 1e-9);
    return (struct flash_color){light->red / all, 4 * xyz[0] / sum, 9 * xyz[1] / sum};
}

/* --- tiles --- */

static bool is_change(double dark_nit, double bright_nit, bool hdr)
{
    const double change_nit = bright_nit - dark_nit;
    if (dark_nit < DARK_NIT)
        return change_nit >= CHANGE_NIT;
    return hdr && change_nit >= MICHELSON * (bright_nit + dark_nit);
}

static void turn(struct flash_turn *turn, int direction, double at_s)
{
    *turn = (struct flash_turn){direction, at_s};
}

static void see_light(struct flash_tile *tile, struct flash_turn *last, double nit, bool hdr,
                      double at_s)
{
    tile->low_nit = fmin(tile->low_nit, nit);
    tile->high_nit = fmax(tile->high_nit, nit);
    const bool up = last->direction <= 0 && is_change(tile->low_nit, nit, hdr);
    const bool down = last->direction >= 0 && is_change(nit, tile->high_nit, hdr);
    if (!up && !down)
        return;
    turn(last, up ? 1 : -1, at_s);
    tile->low_nit = tile->high_nit = nit;
}

static double distance(const struct flash_color *a, const struct flash_color *b)
{
    return hypot(a->u - b->u, a->v - b->v);
}

static void see_color(struct flash_tile *tile, struct flash_turn *last,
                      const struct flash_color *now, double at_s)
{
    const bool red = now->redness >= SATURATED, was = last->direction > 0;
    if (red && now->redness > tile->reddest.redness)
        tile->reddest = *now;
    if (!red && now->redness < tile->palest.redness)
        tile->palest = *now;
    const struct flash_color *from = was ? &tile->reddest : &tile->palest;
    if (red == was || from->redness < 0 || from->redness > 1 || distance(from, now) < CHANGE_UV)
        return;
    turn(last, red ? 1 : -1, at_s);
    tile->reddest.redness = red ? now->redness : -1;
    tile->palest.redness = red ? 2 : now->redness;
    *(red ? &tile->reddest : &tile->palest) = *now;
}

static void begin(struct flash_meter *meter)
{
    for (int i = 0; i < FLASH_TILES; i++) {
        meter->tiles[i].low_nit = INFINITY;
        meter->tiles[i].high_nit = -INFINITY;
        meter->tiles[i].reddest.redness = -1;
        meter->tiles[i].palest.redness = 2;
    }
    meter->begun = true;
}

/* --- all of them --- */

static int together(const struct flash_sight *sight, double at_s)
{
    int up = 0, down = 0;
    for (int i = 0; i < FLASH_TILES; i++) {
        const struct flash_turn *tile = &sight->tiles[i];
        const bool fresh = tile->direction && at_s - tile->at_s < TOGETHER_S;
        up += fresh && tile->direction > 0;
        down += fresh && tile->direction < 0;
    }
    const int most = MAX(up, down), least = MIN(up, down);
    if (most <= AREA * FLASH_TILES || most <= 2 * least)
        return 0;
    return up > down ? 1 : -1;
}

static void judge(struct flash_sight *sight, const struct picture *picture)
{
    const int direction = together(sight, picture->at_s);
    if (!direction || direction == sight->direction)
        return;
    sight->direction = direction;
    sight->changes[sight->count++ % FLASH_CHANGES] = picture->at_s;
    const double first_s = sight->changes[sight->count % FLASH_CHANGES];
    if (sight->count >= FLASH_CHANGES && picture->at_s - first_s < SECOND_S)
        spans_add(&sight->spans, (struct span){first_s, picture->end_s}, 0);
}

void flash_meter_feed(struct flash_meter *meter, const struct picture *picture)
{
    const bool hdr = color_is_hdr(picture->frame);
    struct color_matrix matrix = {0};
    const bool colors = picture->rgb || color_matrix_of(picture, &matrix);
    struct mean mean;
    light_levels(meter, picture);
    if (!meter->begun)
        begin(meter);
    for (int i = 0; i < FLASH_TILES; i++) {
        if (!mean_of(meter, picture, i, &mean))
            continue;
        see_light(&meter->tiles[i], &meter->light.tiles[i], mean.nit, hdr, picture->at_s);
        if (!colors)
            continue;
        const struct light light = light_of(picture, &matrix, &mean);
        const struct flash_color color = color_of(picture->frame, &light);
        see_color(&meter->tiles[i], &meter->red.tiles[i], &color, picture->at_s);
    }
    judge(&meter->light, picture);
    judge(&meter->red, picture);
}

void flash_meter_read(struct flash_meter *meter, double end_s, struct facts *facts)
{
    spans_read(&meter->light.spans, end_s, &facts->flashes);
    spans_read(&meter->red.spans, end_s, &facts->red_flashes);
}
