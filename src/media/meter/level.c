/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "level.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { WINDOW = 50, LANES = 16 };

struct levels {
    int channels;
    int64_t frames, blocks;
    int64_t heard; /* blocks since the last of digital silence */
    double floor;  /* the least mean square of a window so far; HUGE_VAL none */
    struct power {
        double sum;          /* of squares, of all */
        double last[WINDOW]; /* mean squares of blocks */
    } powers[];
};

struct levels *levels_create(int channels)
{
    struct levels *levels = g_malloc0(sizeof *levels + (gsize)channels * sizeof levels->powers[0]);
    levels->channels = channels;
    levels->floor = HUGE_VAL;
    return levels;
}

void levels_destroy(struct levels *levels)
{
    g_free(levels);
}

/* In lanes, which the compiler makes one instruction of. */
static double squares(const float *samples, int frames)
{
    float lanes[LANES] = {0};
    double sum = 0;
    int i = 0;
    for (; i + LANES <= frames; i += LANES)
        for (int lane = 0; lane < LANES; lane++)
            lanes[lane] += samples[i + lane] * samples[i + lane];
    for (; i < frames; i++)
        sum += (double)samples[i] * samples[i];
    for (int lane = 0; lane < LANES; lane++)
        sum += lanes[lane];
    return sum;
}

static double window_power(const struct levels *levels)
{
    double most = 0;
    for (int c = 0; c < levels->channels; c++) {
        double sum = 0;
        for (int i = 0; i < WINDOW; i++)
            sum += levels->powers[c].last[i];
        most = fmax(most, sum / WINDOW);
    }
    return most;
}

void levels_add(struct levels *levels, const float *const *channel, int frames)
{
    bool silent = true;
    for (int c = 0; c < levels->channels; c++) {
        struct power *power = &levels->powers[c];
        double sum = squares(channel[c], frames);
        power->sum += sum;
        power->last[levels->blocks % WINDOW] = sum / frames;
        silent &= sum == 0;
    }
    levels->frames += frames;
    levels->blocks++;
    levels->heard = silent ? 0 : levels->heard + 1;
    if (levels->heard >= WINDOW)
        levels->floor = fmin(levels->floor, window_power(levels));
}

void levels_add_rest(struct levels *levels, const float *const *channel, int frames)
{
    for (int c = 0; c < levels->channels; c++)
        levels->powers[c].sum += squares(channel[c], frames);
    levels->frames += frames;
}

static double decibels(double power)
{
    return power > 0 && isfinite(power) ? 10 * log10(power) : NAN;
}

double levels_rms_dbfs(const struct levels *levels)
{
    double most = 0;
    for (int c = 0; c < levels->channels; c++)
        most = fmax(most, levels->powers[c].sum / (double)levels->frames);
    return decibels(most);
}

double levels_floor_dbfs(const struct levels *levels)
{
    return decibels(levels->floor);
}
