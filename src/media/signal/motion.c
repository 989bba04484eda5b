/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a camera moved. */
#include "motion.h"

#include <math.h>
#include <string.h>

enum { WIDTH_MOST = 400, LEVELS_MAX = 5, SIDE_LEAST = 24, STEPS = 12, PARTS = 4 };
enum { BLOCKS = 4 /* a side */, BLOCKS_LEAST = 6 };
static const float SLOPE_LEAST = 3 / 255.0F; /* of black to white, a pixel */
static const double CONVERGED_PX = 0.003;
/* From one frame to the next no camera turns or zooms by more. */
static const double TURN_MOST = 0.2;
/* Residuals, of black to white: what noise is, and from where on two frames may be strangers. */
static const double NOISE = 1 / 255.0, STRANGE = 0.04, STRANGE_SHARE = 0.8;

struct level {
    int width, height;
    float *now, *before;
};

struct motion_meter {
    int width, height, shrink, levels;
    double sar;
    struct level level[LEVELS_MAX];
    bool begun;
};

/* x, y in pixels of a level; then what is added to a place, by its distance from the middle:
 * (dx, dy) += (a x - b y, b x + a y). */
struct guess {
    double part[PARTS];
};

struct motion_meter *motion_meter_create(int width, int height, double sar)
{
    struct motion_meter *meter = g_new0(struct motion_meter, 1);
    meter->width = width;
    meter->height = height;
    meter->sar = sar;
    meter->shrink = MAX((width + WIDTH_MOST - 1) / WIDTH_MOST, 1);
    int w = MAX(width / meter->shrink, 1), h = MAX(height / meter->shrink, 1);
    do {
        struct level *level = &meter->level[meter->levels++];
        const gsize count = (gsize)w * (gsize)h;
        *level = (struct level){w, h, g_new0(float, count), g_new0(float, count)};
        w /= 2;
        h /= 2;
    } while (meter->levels < LEVELS_MAX && MIN(w, h) >= SIDE_LEAST);
    return meter;
}

void motion_meter_destroy(struct motion_meter *meter)
{
    if (!meter)
        return;
    for (int i = 0; i < meter->levels; i++) {
        g_free(meter->level[i].now);
        g_free(meter->level[i].before);
    }
    g_free(meter);
}

/* --- the picture at several sizes --- */

static float mean_of(const struct luma_plane *luma, int x, int y, int shrink)
{
    guint64 sum = 0;
    for (int j = 0; j < shrink; j++) {
        const guint8 *line = luma->data + (gssize)(y * shrink + j) * luma->stride;
        for (int i = x * shrink; i < (x + 1) * shrink; i++)
            sum += luma->bytes == 2 ? ((const guint16 *)line)[i] : line[i];
    }
    return (float)(((double)sum / (shrink * shrink) - luma->black) / luma->span);
}

static void halve(const struct level *from, const struct level *to)
{
    for (int y = 0; y < to->height; y++)
        for (int x = 0; x < to->width; x++) {
            const float *at = from->now + (gssize)2 * y * from->width + 2 * (gssize)x;
            to->now[(gssize)y * to->width + x] =
                (at[0] + at[1] + at[from->width] + at[from->width + 1]) / 4;
        }
}

static void read_frame(struct motion_meter *meter, const struct luma_plane *luma)
{
    struct level *finest = &meter->level[0];
    for (int i = 0; i < meter->levels; i++) {
        float *old = meter->level[i].before;
        meter->level[i].before = meter->level[i].now;
        meter->level[i].now = old;
    }
    for (int y = 0; y < finest->height; y++)
        for (int x = 0; x < finest->width; x++)
            finest->now[(gssize)y * finest->width + x] = mean_of(luma, x, y, meter->shrink);
    for (int i = 1; i < meter->levels; i++)
        halve(&meter->level[i - 1], &meter->level[i]);
}

/* --- the fit --- */

/* One round: the equations, and how large residuals are. */
struct round {
    double matrix[PARTS][PARTS], side[PARTS];
    double sum, size, count; /* of residuals: plain, absolute */
};

/* The same of one row, in single precision: it is short. */
struct row {
    float matrix[PARTS][PARTS], side[PARTS], sum, size;
    int count;
};

static void add_row(struct round *round, const struct row *row)
{
    for (int i = 0; i < PARTS; i++) {
        round->side[i] += (double)row->side[i];
        for (int k = 0; k <= i; k++)
            round->matrix[i][k] += (double)row->matrix[i][k];
    }
    round->sum += (double)row->sum;
    round->size += (double)row->size;
    round->count += row->count;
}

static inline void add_pixel(struct row *row, const float slope[PARTS], float plain, float offset,
                             float usual)
{
    const float residual = plain - offset, weight = 1 / (1 + residual * residual / (usual * usual));
    for (int i = 0; i < PARTS; i++) {
        const float weighted = weight * slope[i];
        row->side[i] += weighted * residual;
        for (int k = 0; k <= i; k++)
            row->matrix[i][k] += weighted * slope[k];
    }
    row->sum += plain;
    row->size += fabsf(residual);
    row->count++;
}

/* What a round needs of the one before: the change of brightness, and the size of residuals. */
struct usual {
    double offset, size;
};

/* Content of (i, j) went to (x, y), and one pixel further on to (x + right, y + down). */
static void go_row(const struct level *level, float sar, const struct guess *guess,
                   const struct usual *usual, int j, struct row *row)
{
    const double *p = guess->part;
    const float half_x = (float)(level->width - 1) / 2,
                ry = (float)j - (float)(level->height - 1) / 2;
    const float right = 1 + (float)p[2], down = (float)p[3] * sar;
    const float start = (1 - half_x) * sar;
    float x = 1 + ((float)p[0] + (float)p[2] * start - (float)p[3] * ry) / sar,
          y = (float)j + (float)p[1] + (float)p[3] * start + (float)p[2] * ry;
    const float *at = level->before + (gssize)j * level->width + 1;
    const int stride = level->width;
    for (int i = 1; i + 1 < level->width; i++, at++, x += right, y += down) {
        if (x < 0 || y < 0 || x >= (float)(level->width - 1) || y >= (float)(level->height - 1))
            continue;
        const int left = (int)x, top = (int)y;
        const float *now = level->now + (gssize)top * stride + left;
        const float u = x - (float)left, v = y - (float)top;
        const float above = now[0] + (now[1] - now[0]) * u,
                    below = now[stride] + (now[stride + 1] - now[stride]) * u;
        const float across = (at[1] - at[-1]) / (2 * sar), fall = (at[stride] - at[-stride]) / 2;
        const float rx = ((float)i - half_x) * sar;
        const float slope[PARTS] = {across, fall, across * rx + fall * ry, fall * rx - across * ry};
        add_pixel(row, slope, *at - (above + (below - above) * v), (float)usual->offset,
                  (float)usual->size);
    }
}

static void go_round(const struct level *level, double sar, const struct guess *guess,
                     const struct usual *usual, struct round *round)
{
    *round = (struct round){0};
    for (int j = 1; j + 1 < level->height; j++) {
        struct row row = {0};
        go_row(level, (float)sar, guess, usual, j, &row);
        add_row(round, &row);
    }
}

/* By Cholesky, with a little damping for what no edge tells. */
static bool solve(struct round *round, double out[PARTS])
{
    double(*m)[PARTS] = round->matrix;
    for (int i = 0; i < PARTS; i++) {
        m[i][i] += 1e-9 * round->count;
        for (int k = 0; k <= i; k++) {
            double rest = m[i][k];
            for (int n = 0; n < k; n++)
                rest -= m[i][n] * m[k][n];
            if (i == k && rest <= 1e-12)
                return false;
            m[i][k] = i == k ? sqrt(rest) : rest / m[k][k];
        }
    }
    for (int i = 0; i < PARTS; i++) {
        out[i] = round->side[i];
        for (int n = 0; n < i; n++)
            out[i] -= m[i][n] * out[n];
        out[i] /= m[i][i];
    }
    for (int i = PARTS - 1; i >= 0; i--) {
        for (int n = i + 1; n < PARTS; n++)
            out[i] -= m[n][i] * out[n];
        out[i] /= m[i][i];
    }
    return true;
}

/* The mean size of the residuals that are left. */
static double fit(const struct level *level, double sar, struct guess *guess)
{
    struct round round;
    struct usual usual = {0, 0.1};
    double step[PARTS];
    for (int n = 0; n < STEPS; n++) {
        go_round(level, sar, guess, &usual, &round);
        if (round.count == 0 || !solve(&round, step))
            break;
        const double reach = level->width / 2.0;
        const double moved =
            fabs(step[0]) + fabs(step[1]) + reach * (fabs(step[2]) + fabs(step[3]));
        for (int i = 0; i < PARTS; i++)
            guess->part[i] += step[i];
        usual.offset = round.sum / round.count;
        usual.size = fmax(1.5 * round.size / round.count, NOISE);
        if (moved < CONVERGED_PX)
            break;
    }
    return round.count > 0 ? round.size / round.count : INFINITY;
}

/* --- what the picture tells --- */

/* Shifts along an axis are told by slopes across it, all over the picture: where most of it has
 * none, what little there is may be something that moves by itself. */
struct told {
    bool across, down;
};

/* Whether a tenth of a block's pixels are on slopes. */
static struct told told_by_block(const struct level *level, int column, int row)
{
    const int from_x = MAX(column * level->width / BLOCKS, 1),
              to_x = MIN((column + 1) * level->width / BLOCKS, level->width - 1),
              from_y = MAX(row * level->height / BLOCKS, 1),
              to_y = MIN((row + 1) * level->height / BLOCKS, level->height - 1);
    int across = 0, down = 0;
    for (int j = from_y; j < to_y; j++)
        for (int i = from_x; i < to_x; i++) {
            const float *at = level->now + (gssize)j * level->width + i;
            across += fabsf(at[1] - at[-1]) / 2 > SLOPE_LEAST;
            down += fabsf(at[level->width] - at[-level->width]) / 2 > SLOPE_LEAST;
        }
    const int enough = MAX((to_x - from_x) * (to_y - from_y) / 10, 1);
    return (struct told){across >= enough, down >= enough};
}

static struct told told_by(const struct level *level)
{
    int across = 0, down = 0;
    for (int row = 0; row < BLOCKS; row++)
        for (int column = 0; column < BLOCKS; column++) {
            const struct told block = told_by_block(level, column, row);
            across += block.across;
            down += block.down;
        }
    return (struct told){across >= BLOCKS_LEAST, down >= BLOCKS_LEAST};
}

static double contrast(const float *values, const struct level *level)
{
    const gsize count = (gsize)level->width * (gsize)level->height;
    double mean = 0, sum = 0;
    for (gsize i = 0; i < count; i++)
        mean += (double)values[i];
    mean /= (double)count;
    for (gsize i = 0; i < count; i++)
        sum += fabs((double)values[i] - mean);
    return sum / (double)count;
}

static bool strangers(const struct level *level, double left)
{
    const double usual = (contrast(level->now, level) + contrast(level->before, level)) / 2;
    return !(left <= STRANGE) && !(left <= STRANGE_SHARE * usual);
}

struct motion motion_meter_next(struct motion_meter *meter, const struct luma_plane *luma)
{
    struct guess guess = {{0}};
    double left = 0;
    read_frame(meter, luma);
    if (!meter->begun) {
        meter->begun = true;
        return (struct motion){0};
    }
    for (int i = meter->levels - 1; i >= 0; i--) {
        guess.part[0] *= 2;
        guess.part[1] *= 2;
        left = fit(&meter->level[i], meter->sar, &guess);
    }
    if (strangers(&meter->level[0], left))
        return (struct motion){.cut = true};
    const struct told told = told_by(&meter->level[0]);
    guess.part[0] *= told.across;
    guess.part[1] *= told.down;
    guess.part[2] *= told.across && told.down;
    guess.part[3] *= told.across && told.down;
    const double larger = 1 + guess.part[2], reach = meter->level[0].width / 2.0;
    if (fabs(guess.part[2]) + fabs(guess.part[3]) > TURN_MOST ||
        fabs(guess.part[0]) + fabs(guess.part[1]) > reach)
        return (struct motion){.cut = true};
    return (struct motion){.x = guess.part[0] * meter->shrink,
                           .y = guess.part[1] * meter->shrink,
                           .angle = atan2(guess.part[3], larger),
                           .zoom = log(hypot(larger, guess.part[3]))};
}
