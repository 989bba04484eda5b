/* SPDX-License-Identifier: GPL-3.0-or-later
 * Planes blurred on reduced ones. */
#include "soft.h"

#include "gaussian.h"

#include <math.h>
#include <string.h>

/* Beyond its margin a reduced row is the edge's value alone, so that its own edges may go on. */
enum { CELLS_A_SIGMA = 4, MARGIN = 4 };

struct axis {
    int times;                /* samples a cell; 1: all taps */
    struct gaussian gaussian; /* of cells */
    int reach;                /* 2 (times - 1) samples before and behind a cell's own */
    float *reduce;            /* 2 reach + 1, adding up to 1 */
    float *weights;           /* 4 rows of `times`: of cell -1, 0, 1, 2 for each sample after 0 */
};

struct soft {
    struct axis across, down;
    int width, height, cells_across, cells_down;
    float *pass;          /* height rows of cells_across */
    float *small, *cells; /* cells_down rows of them; NULL where `down` takes all taps */
    void (*fetch)(void *data, int y, float *row);
    void *data;
};

static void set_reduce(struct axis *axis)
{
    static const float burt[5] = {1 / 16.F, 4 / 16.F, 6 / 16.F, 4 / 16.F, 1 / 16.F};
    const size_t count = 2 * (size_t)axis->reach + 1;
    g_autofree float *wider = g_new0(float, count);
    axis->reduce = g_new0(float, count);
    axis->reduce[0] = 1;
    for (int step = 1; step < axis->times; step *= 2) {
        memset(wider, 0, count * sizeof *wider);
        for (int i = 0; i <= 4 * (step - 1); i++)
            for (int k = 0; k < 5; k++)
                wider[i + k * step] += axis->reduce[i] * burt[k];
        memcpy(axis->reduce, wider, count * sizeof *wider);
    }
}

/* Catmull and Rom's. */
static void set_weights(struct axis *axis)
{
    const int times = axis->times;
    axis->weights = g_new(float, 4 * (gsize)times);
    for (int i = 0; i < times; i++) {
        const double t = (double)i / times;
        axis->weights[i] = (float)(((-0.5 * t + 1) * t - 0.5) * t);
        axis->weights[times + i] = (float)((1.5 * t - 2.5) * t * t + 1);
        axis->weights[2 * times + i] = (float)(((-1.5 * t + 2) * t + 0.5) * t);
        axis->weights[3 * times + i] = (float)((0.5 * t - 0.5) * t * t);
    }
}

static void axis_init(struct axis *axis, double sigma)
{
    axis->times = 1;
    while (sigma / (2 * axis->times) >= CELLS_A_SIGMA)
        axis->times *= 2;
    const double times = axis->times;
    axis->gaussian = gaussian_create(sqrt(sigma * sigma - (times * times - 1) / 3) / times);
    axis->reach = 2 * (axis->times - 1);
    set_reduce(axis);
    set_weights(axis);
}

static void axis_finish(struct axis *axis)
{
    gaussian_finish(&axis->gaussian);
    g_free(axis->reduce);
    g_free(axis->weights);
}

/* Cell i is at sample (i - MARGIN) * times. */
static int cells_of(const struct axis *axis, int samples)
{
    return axis->times == 1 ? samples : (samples - 1) / axis->times + 2 * MARGIN + 1;
}

bool soft_is_reduced(double sigma)
{
    return sigma >= 2 * CELLS_A_SIGMA;
}

struct soft *soft_create(int width, int height, double across, double down)
{
    struct soft *soft = g_new0(struct soft, 1);
    axis_init(&soft->across, across);
    axis_init(&soft->down, down);
    soft->width = width;
    soft->cells_across = cells_of(&soft->across, width);
    soft->pass = g_new(float, (gsize)soft->cells_across *(gsize)height);
    const gsize cells = (gsize)soft->cells_across * (gsize)cells_of(&soft->down, height);
    soft->small = soft->down.times > 1 ? g_new(float, cells) : NULL;
    soft->cells = soft->down.times > 1 ? g_new(float, cells) : NULL;
    return soft;
}

void soft_destroy(struct soft *soft)
{
    if (!soft)
        return;
    axis_finish(&soft->across);
    axis_finish(&soft->down);
    g_free(soft->pass);
    g_free(soft->small);
    g_free(soft->cells);
    g_free(soft);
}

/* Four sums, so that none waits for another. */
static float dot(const float *one, const float *other, int count)
{
    float sums[4] = {0};
    int i = 0;
    for (; i + 4 <= count; i += 4)
        for (int k = 0; k < 4; k++)
            sums[k] += one[i + k] * other[i + k];
    for (; i < count; i++)
        sums[0] += one[i] * other[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static int pad_of(const struct axis *axis)
{
    return axis->times == 1 ? 0 : MARGIN * axis->times + axis->reach;
}

/* `padded` has the row behind its pad. */
static void reduce_row(const struct axis *axis, float *padded, int width, float *cells, int count)
{
    const int pad = pad_of(axis);
    for (int i = 0; i < pad; i++) {
        padded[i] = padded[pad];
        padded[pad + width + i] = padded[pad + width - 1];
    }
    for (int i = 0; i < count; i++)
        cells[i] = dot(padded + (ptrdiff_t)i * axis->times, axis->reduce, 2 * axis->reach + 1);
}

static void take_rows(void *data, int top, int bottom)
{
    const struct soft *soft = data;
    const struct axis *axis = &soft->across;
    const int pad = pad_of(axis);
    g_autofree float *padded = g_new(float, (gsize)soft->width + 2 * (gsize)pad);
    g_autofree float *small = g_new(float, (gsize)soft->cells_across);
    for (int y = top; y < bottom; y++) {
        soft->fetch(soft->data, y, padded + pad);
        if (axis->times > 1)
            reduce_row(axis, padded, soft->width, small, soft->cells_across);
        gaussian_row(&axis->gaussian, axis->times > 1 ? small : padded,
                     soft->pass + (ptrdiff_t)y * soft->cells_across, soft->cells_across);
    }
}

static void add(float *out, const float *in, float weight, int count)
{
    for (int x = 0; x < count; x++)
        out[x] += weight * in[x];
}

static void reduce_columns(void *data, int top, int bottom)
{
    const struct soft *soft = data;
    const struct axis *axis = &soft->down;
    for (int j = top; j < bottom; j++) {
        float *out = soft->small + (ptrdiff_t)j * soft->cells_across;
        const int middle = (j - MARGIN) * axis->times;
        memset(out, 0, (size_t)soft->cells_across * sizeof *out);
        for (int k = -axis->reach; k <= axis->reach; k++)
            add(out,
                soft->pass + (ptrdiff_t)CLAMP(middle + k, 0, soft->height - 1) * soft->cells_across,
                axis->reduce[k + axis->reach], soft->cells_across);
    }
}

static void blur_columns(void *data, int top, int bottom)
{
    const struct soft *soft = data;
    for (int j = top; j < bottom; j++)
        gaussian_column(&soft->down.gaussian, soft->small,
                        soft->cells + (ptrdiff_t)j * soft->cells_across, soft->cells_across,
                        soft->cells_down, j);
}

void soft_take(struct soft *soft, struct slices *slices, int height,
               void (*fetch)(void *data, int y, float *row), void *data)
{
    soft->height = height;
    soft->cells_down = cells_of(&soft->down, height);
    soft->fetch = fetch;
    soft->data = data;
    slices_run(slices, height, take_rows, soft);
    if (soft->down.times == 1)
        return;
    slices_run(slices, soft->cells_down, reduce_columns, soft);
    slices_run(slices, soft->cells_down, blur_columns, soft);
}

/* A row of cells at row y of the plane. */
static void cells_at(const struct soft *soft, int y, float *out)
{
    const struct axis *axis = &soft->down;
    const int count = soft->cells_across, times = axis->times;
    if (times == 1) {
        gaussian_column(&axis->gaussian, soft->pass, out, count, soft->height, y);
        return;
    }
    memset(out, 0, (size_t)count * sizeof *out);
    for (int k = 0; k < 4; k++)
        add(out, soft->cells + (ptrdiff_t)(y / times + MARGIN - 1 + k) * count,
            axis->weights[k * times + y % times], count);
}

static void enlarge_row(const struct axis *axis, const float *cells, float *row, int width)
{
    const int times = axis->times;
    for (int x = 0; x < width; x += times) {
        const float *near = cells + x / times + MARGIN - 1;
        const int count = MIN(times, width - x);
        for (int i = 0; i < count; i++)
            row[x + i] = axis->weights[i] * near[0] + axis->weights[times + i] * near[1] +
                         axis->weights[2 * times + i] * near[2] +
                         axis->weights[3 * times + i] * near[3];
    }
}

void soft_row(const struct soft *soft, int y, float *row)
{
    if (soft->across.times == 1) {
        cells_at(soft, y, row);
        return;
    }
    g_autofree float *cells = g_new(float, (gsize)soft->cells_across);
    cells_at(soft, y, cells);
    enlarge_row(&soft->across, cells, row, soft->width);
}
