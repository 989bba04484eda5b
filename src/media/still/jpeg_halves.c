/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two rows become one. Of luma and chroma as many as come at once wait for the next: the first of
 * them has a part in their last. */
#include "jpeg_halves.h"

#include "../signal/ycc.h"

#include <string.h>

enum {
    COLORS = 3,
    GROUPS = 3
}; /* that wait, that come, and one of which a row is still asked for */

struct jpeg_halves {
    const struct jpeg_planes *of;
    struct jpeg_planes planes;
    guint8 *samples[PLANES_MOST];
    const guint8 **rows[PLANES_MOST];
    int made; /* rows of all */
    /* of luma and chroma: */
    int across, down;     /* samples of luma to one of chroma */
    int luma_came, came;  /* rows of luma, and of chroma */
    guint8 *luma;         /* the last GROUPS of them, one behind the other, round and round */
    gint16 *adds[COLORS]; /* what those of chroma add to luma */
    gint16 *mixed;        /* of two of its rows, in four parts; a sample more at both ends */
    gint16 *sums;         /* of a row */
};

static bool has_even_sides(const struct plane_shape *shape)
{
    return shape->across == shape->width && shape->down == shape->height && shape->width % 2 == 0 &&
           shape->height % 2 == 0;
}

/* 1 or 2; 0: another. */
static int step(double luma, double chroma)
{
    return luma == chroma ? 1 : luma == 2 * chroma ? 2 : 0;
}

static bool has_chroma_in_step(const struct jpeg_planes *of)
{
    const struct plane_shape *luma = &of->shape[0], *cb = &of->shape[1], *cr = &of->shape[2];
    const int down = step(luma->down, cb->down);
    return step(luma->across, cb->across) && down && cb->rows * down == luma->rows &&
           cb->across == cr->across && cb->down == cr->down;
}

static bool has_one_shape(const struct jpeg_planes *of)
{
    const struct plane_shape *first = &of->shape[0];
    for (unsigned i = 1; i < of->count; i++)
        if (of->shape[i].across != first->across || of->shape[i].down != first->down ||
            of->shape[i].rows != first->rows)
            return false;
    return true;
}

static bool can_be_halved(const struct jpeg_planes *of)
{
    return has_even_sides(&of->shape[0]) && (of->ycc ? has_chroma_in_step(of) : has_one_shape(of));
}

static void make_room(struct jpeg_halves *h, unsigned plane)
{
    const struct plane_shape *whole = &h->of->shape[0];
    struct plane_shape *half = &h->planes.shape[plane];
    *half = (struct plane_shape){whole->width / 2, whole->height / 2, whole->across / 2,
                                 whole->down / 2, h->of->ycc ? whole->rows : whole->rows / 2};
    h->samples[plane] = g_malloc((gsize)half->width * (gsize)half->rows);
    h->rows[plane] = g_new(const guint8 *, half->rows);
    for (int y = 0; y < half->rows; y++)
        h->rows[plane][y] = h->samples[plane] + (gsize)y * (gsize)half->width;
    h->planes.rows[plane] = h->rows[plane];
}

static void make_room_for_chroma(struct jpeg_halves *h)
{
    const struct plane_shape *luma = &h->of->shape[0], *chroma = &h->of->shape[1];
    h->across = step(luma->across, chroma->across);
    h->down = step(luma->down, chroma->down);
    h->luma = g_malloc((gsize)luma->width * (gsize)luma->rows * GROUPS);
    for (unsigned i = 0; i < COLORS; i++)
        h->adds[i] = g_new(gint16, (gsize)chroma->width * (gsize)chroma->rows * GROUPS);
    h->mixed = g_new(gint16, chroma->width + 2);
    h->sums = g_new(gint16, luma->width / 2);
}

struct jpeg_halves *jpeg_halves_open(const struct jpeg_planes *of)
{
    if (!can_be_halved(of))
        return NULL;
    struct jpeg_halves *h = g_new0(struct jpeg_halves, 1);
    h->of = of;
    h->planes.count = of->count;
    for (unsigned i = 0; i < of->count; i++)
        make_room(h, i);
    if (of->ycc)
        make_room_for_chroma(h);
    return h;
}

void jpeg_halves_close(struct jpeg_halves *h)
{
    if (!h)
        return;
    for (unsigned i = 0; i < PLANES_MOST; i++) {
        g_free(h->samples[i]);
        g_free(h->rows[i]);
    }
    for (unsigned i = 0; i < COLORS; i++)
        g_free(h->adds[i]);
    g_free(h->mixed);
    g_free(h->sums);
    g_free(h->luma);
    g_free(h);
}

const struct jpeg_planes *jpeg_halves_planes(const struct jpeg_halves *h)
{
    return &h->planes;
}

/* --- samples as they are --- */

static void mean_of_four(guint8 *to, const guint8 *upper, const guint8 *lower, int width)
{
    for (int x = 0; x < width; x++)
        to[x] =
            (guint8)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) / 4);
}

static int halve_samples(const struct jpeg_halves *h)
{
    const int rows = h->of->came[0] / 2;
    const gsize width = (gsize)h->planes.shape[0].width;
    for (unsigned i = 0; i < h->planes.count; i++)
        for (int y = 0; y < rows; y++)
            mean_of_four(h->samples[i] + (gsize)y * width, h->of->rows[i][2 * y],
                         h->of->rows[i][2 * y + 1], (int)width);
    return rows;
}

/* --- luma and chroma --- */

static guint8 *luma_row(const struct jpeg_halves *h, int row)
{
    const struct plane_shape *luma = &h->of->shape[0];
    return h->luma + (gsize)(row % (luma->rows * GROUPS)) * (gsize)luma->width;
}

/* Beyond the first and the last the picture goes on as they are. */
static gint16 *adds_row(const struct jpeg_halves *h, unsigned color, int row)
{
    const struct plane_shape *chroma = &h->of->shape[1];
    const int there = CLAMP(row, 0, chroma->height - 1) % (chroma->rows * GROUPS);
    return h->adds[color] + (gsize)there * (gsize)chroma->width;
}

static void take_rows(struct jpeg_halves *h)
{
    const struct jpeg_planes *of = h->of;
    for (int y = 0; y < of->came[0]; y++)
        memcpy(luma_row(h, h->luma_came++), of->rows[0][y], (gsize)of->shape[0].width);
    for (int y = 0; y < of->came[1]; y++, h->came++)
        ycc_adds(of->rows[1][y], of->rows[2][y], of->shape[1].width, adds_row(h, 0, h->came),
                 adds_row(h, 1, h->came), adds_row(h, 2, h->came));
}

/* Three parts of the nearest row of chroma and one of the next but one, above or below. */
static void mix_rows(const struct jpeg_halves *h, unsigned color, int luma)
{
    const int width = h->of->shape[1].width, near = luma / h->down;
    const int next = h->down == 1 ? near : luma % 2 ? near + 1 : near - 1;
    const gint16 *a = adds_row(h, color, near), *b = adds_row(h, color, next);
    gint16 *mixed = h->mixed + 1;
    for (int x = 0; x < width; x++)
        mixed[x] = (gint16)(3 * a[x] + b[x]);
    mixed[-1] = mixed[0];
    mixed[width] = mixed[width - 1];
}

static inline gint16 clipped(gint16 color)
{
    return (gint16)(color < 0 ? 0 : color > 255 ? 255 : color);
}

/* Onto `sums`, of pairs of a row, what they are where chroma has as many samples. */
static void sum_pairs(gint16 *restrict sums, const guint8 *luma, const gint16 *mixed, int width)
{
    for (int x = 0; x < width; x++) {
        const gint16 left = (gint16)((mixed[2 * x] + 2) >> 2);
        const gint16 right = (gint16)((mixed[2 * x + 1] + 2) >> 2);
        sums[x] = (gint16)(sums[x] + clipped((gint16)(luma[2 * x] + left)) +
                           clipped((gint16)(luma[2 * x + 1] + right)));
    }
}

/* Where it has half of them: between two, as between two rows. */
static void sum_pairs_between(gint16 *restrict sums, const guint8 *luma, const gint16 *mixed,
                              int width)
{
    for (int x = 0; x < width; x++) {
        const gint16 near = (gint16)(3 * mixed[x]);
        const gint16 left = (gint16)((gint16)(near + mixed[x - 1] + 8) >> 4);
        const gint16 right = (gint16)((gint16)(near + mixed[x + 1] + 7) >> 4);
        sums[x] = (gint16)(sums[x] + clipped((gint16)(luma[2 * x] + left)) +
                           clipped((gint16)(luma[2 * x + 1] + right)));
    }
}

static void make_color(const struct jpeg_halves *h, unsigned color, int row, guint8 *restrict to)
{
    const int width = h->planes.shape[0].width;
    memset(h->sums, 0, (gsize)width * sizeof *h->sums);
    for (int luma = 2 * row; luma < 2 * row + 2; luma++) {
        mix_rows(h, color, luma);
        (h->across == 2 ? sum_pairs_between : sum_pairs)(h->sums, luma_row(h, luma), h->mixed + 1,
                                                         width);
    }
    for (int x = 0; x < width; x++)
        to[x] = (guint8)((h->sums[x] + 2) >> 2);
}

static int halve_colors(struct jpeg_halves *h)
{
    take_rows(h);
    const struct plane_shape *luma = &h->of->shape[0], *half = &h->planes.shape[0];
    const int ready = (h->luma_came < luma->height ? h->luma_came - luma->rows : luma->height) / 2;
    const int rows = ready - h->made;
    for (unsigned i = 0; i < COLORS; i++)
        for (int y = 0; y < rows; y++)
            make_color(h, i, h->made + y, h->samples[i] + (gsize)y * (gsize)half->width);
    h->made = ready;
    return rows;
}

void jpeg_halves_make(struct jpeg_halves *h)
{
    const int rows = h->of->ycc ? halve_colors(h) : halve_samples(h);
    for (unsigned i = 0; i < h->planes.count; i++)
        h->planes.came[i] = rows;
}
