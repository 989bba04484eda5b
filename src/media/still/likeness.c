/* SPDX-License-Identifier: GPL-3.0-or-later
 * SSIM and MS-SSIM: the window goes down the columns into a row, then along that row. */
#include "likeness.h"

#include <math.h>
#include <string.h>

enum { REACH = 5, TAPS = 2 * REACH + 1, MOMENTS = 5, SCALES = 5, LEAST = TAPS << (SCALES - 1) };
static const double sigma = 1.5, k1 = 0.01, k2 = 0.03;

/* Of a row: sums of its pixels. */
struct row_sums {
    double ssim, contrast; /* contrast times structure */
};

struct scan {
    const struct likeness_planes *planes;
    double taps[TAPS];
    struct row_sums *rows;
};

static void make_taps(double *taps)
{
    double weights[TAPS], sum = 0;
    for (int i = 0; i < TAPS; i++)
        sum += weights[i] = exp(-(i - REACH) * (i - REACH) / (2 * sigma * sigma));
    for (int i = 0; i < TAPS; i++)
        taps[i] = weights[i] / sum;
}

/* The rows of a, b, a², b² and ab, each with REACH more at both ends. */
static void down(const struct scan *scan, int y, double *const *out)
{
    const struct likeness_planes *p = scan->planes;
    for (int m = 0; m < MOMENTS; m++)
        memset(out[m], 0, sizeof(double) * (size_t)(p->width + 2 * REACH));
    for (int t = 0; t < TAPS; t++) {
        const size_t at = (size_t)CLAMP(y + t - REACH, 0, p->height - 1) * (size_t)p->width;
        const float *row_a = p->a + at, *row_b = p->b + at;
        const double tap = scan->taps[t];
        double *restrict of_a = out[0] + REACH, *restrict of_b = out[1] + REACH;
        double *restrict of_aa = out[2] + REACH, *restrict of_bb = out[3] + REACH;
        double *restrict of_ab = out[4] + REACH;
        for (int x = 0; x < p->width; x++) {
            const double a = row_a[x], b = row_b[x];
            of_a[x] += tap * a;
            of_b[x] += tap * b;
            of_aa[x] += tap * (a * a);
            of_bb[x] += tap * (b * b);
            of_ab[x] += tap * (a * b);
        }
    }
    for (int m = 0; m < MOMENTS; m++)
        for (int x = 0; x < REACH; x++) {
            out[m][x] = out[m][REACH];
            out[m][p->width + REACH + x] = out[m][p->width + REACH - 1];
        }
}

static void along(const struct scan *scan, const double *row, double *restrict out)
{
    const int width = scan->planes->width;
    memset(out, 0, sizeof(double) * (size_t)width);
    for (int t = 0; t < TAPS; t++)
        for (int x = 0; x < width; x++)
            out[x] += scan->taps[t] * row[x + t];
}

static struct row_sums sum_row(const struct scan *scan, double *const *mean)
{
    const double peak = scan->planes->peak;
    const double c1 = k1 * peak * k1 * peak, c2 = k2 * peak * k2 * peak;
    struct row_sums sums = {0, 0};
    for (int x = 0; x < scan->planes->width; x++) {
        const double a = mean[0][x], b = mean[1][x];
        const double aa = mean[2][x] - a * a, bb = mean[3][x] - b * b, ab = mean[4][x] - a * b;
        const double contrast = (2 * ab + c2) / (aa + bb + c2);
        sums.contrast += contrast;
        sums.ssim += contrast * (2 * a * b + c1) / (a * a + b * b + c1);
    }
    return sums;
}

static void scan_rows(void *data, int top, int bottom)
{
    struct scan *scan = data;
    const size_t width = (size_t)scan->planes->width, wide = width + 2 * REACH;
    g_autofree double *room = g_new(double, MOMENTS *(wide + width));
    double *sums[MOMENTS], *means[MOMENTS];
    for (size_t m = 0; m < MOMENTS; m++) {
        sums[m] = room + m * wide;
        means[m] = room + MOMENTS * wide + m * width;
    }
    for (int y = top; y < bottom; y++) {
        down(scan, y, sums);
        for (int m = 0; m < MOMENTS; m++)
            along(scan, sums[m], means[m]);
        scan->rows[y] = sum_row(scan, means);
    }
}

/* The means of all pixels. */
static struct row_sums compare(const struct likeness_planes *planes, struct slices *slices)
{
    g_autofree struct row_sums *rows = g_new0(struct row_sums, (gsize)planes->height);
    struct scan scan = {.planes = planes, .rows = rows};
    make_taps(scan.taps);
    slices_run(slices, planes->height, scan_rows, &scan);
    struct row_sums all = {0, 0};
    for (int y = 0; y < planes->height; y++) {
        all.ssim += rows[y].ssim;
        all.contrast += rows[y].contrast;
    }
    const double pixels = (double)planes->width * planes->height;
    return (struct row_sums){all.ssim / pixels, all.contrast / pixels};
}

double likeness_ssim(const struct likeness_planes *planes, struct slices *slices)
{
    return compare(planes, slices).ssim;
}

static float *halved(const float *from, int width, int height)
{
    const int columns = width / 2, rows = height / 2;
    float *to = g_new(float, (gsize)columns *(gsize)rows);
    for (int y = 0; y < rows; y++) {
        const float *one = from + (size_t)(2 * y) * (size_t)width, *two = one + width;
        for (int x = 0; x < columns; x++)
            to[(size_t)y * (size_t)columns + (size_t)x] =
                (one[2 * x] + one[2 * x + 1] + two[2 * x] + two[2 * x + 1]) / 4;
    }
    return to;
}

double likeness_ms_ssim(const struct likeness_planes *planes, struct slices *slices, double *ssim)
{
    static const double weights[SCALES] = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
    struct likeness_planes scale = *planes;
    struct row_sums means = compare(&scale, slices);
    g_autofree float *a = NULL, *b = NULL;
    double product = 1;
    *ssim = means.ssim;
    if (planes->width < LEAST || planes->height < LEAST)
        return NAN;
    for (int i = 0; i < SCALES - 1; i++) {
        product *= pow(fmax(means.contrast, 0), weights[i]);
        float *half_a = halved(scale.a, scale.width, scale.height);
        float *half_b = halved(scale.b, scale.width, scale.height);
        g_free(a);
        g_free(b);
        scale.a = a = half_a;
        scale.b = b = half_b;
        scale.width /= 2;
        scale.height /= 2;
        means = compare(&scale, slices);
    }
    return product * pow(fmax(means.ssim, 0), weights[SCALES - 1]);
}
