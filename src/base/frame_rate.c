/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame rates that film and television record in. */
#include "base/frame_rate.h"

#include <math.h>

enum { SLOW = 20 }; /* rates below it are halves, too */

/* Below one a second, as of time lapses, it is the pictures that last whole or half seconds. */
bool frame_rate_is_usual(double rate)
{
    if (rate > 0 && rate < 1)
        return frame_rate_is_usual(1 / rate);
    double step = rate < SLOW ? 0.5 : 1;
    const double readings[] = {rate, rate * 1.001};
    for (unsigned i = 0; i < sizeof readings / sizeof *readings; i++)
        if (fabs(readings[i] - rint(readings[i] / step) * step) < 2e-4 * rate)
            return true;
    return false;
}

static const struct rational television[] = {
    {24000, 1001}, {24, 1},       {25, 1}, {30000, 1001}, {30, 1},        {48000, 1001}, {48, 1},
    {50, 1},       {60000, 1001}, {60, 1}, {100, 1},      {120000, 1001}, {120, 1}};
enum { TELEVISION = sizeof television / sizeof *television };

static struct rational nearest(double rate)
{
    unsigned best = 0;
    for (unsigned i = 1; i < TELEVISION; i++)
        if (fabs(rational_value(television[i]) - rate) <
            fabs(rational_value(television[best]) - rate))
            best = i;
    return television[best];
}

struct rational frame_rate_nominal(double average)
{
    if (!(average > 0) || !isfinite(average))
        return (struct rational){0, 1};
    struct rational near = nearest(average);
    double ratio = average / rational_value(near);
    return ratio > 0.9 && ratio < 1.1 ? near : rational_make(llround(average * 1000), 1000);
}

/* What remains of the times of pictures when they come at a rate, between the least and the most;
 * in ticks. */
static double spread(const int64_t *times, unsigned count, double ticks)
{
    double least = 0, most = 0;
    for (unsigned i = 1; i < count; i++) {
        const double off = (double)(times[i] - times[0]) - i * ticks;
        least = fmin(least, off);
        most = fmax(most, off);
    }
    return most - least;
}

/* The fraction of the least terms between two numbers above 0 (the first steps of their continued
 * fractions that differ). */
static struct rational simplest_between(double low, double high)
{
    const double whole = ceil(low);
    if (whole <= high)
        return rational_make(llrint(whole), 1);
    const struct rational rest = simplest_between(1 / (high - whole + 1), 1 / (low - whole + 1));
    return rational_make((llrint(whole) - 1) * rest.num + rest.den, rest.num);
}

static const double rounding = 1 + 1e-6; /* ticks that times which are rounded may differ by */

/* Times that are rounded tell a step to a tick in all of them, or, where many fix it, to less. */
static struct rational simplest_rate(const int64_t *times, unsigned count, double tick_s)
{
    const double step = (double)(times[count - 1] - times[0]) / (count - 1);
    for (double off = fmin(1, 0.5 * step) / (count - 1); off > 1e-9 * step; off /= 2) {
        const struct rational fps =
            simplest_between(1 / ((step + off) * tick_s), 1 / ((step - off) * tick_s));
        if (spread(times, count, 1 / (rational_value(fps) * tick_s)) < rounding)
            return fps;
    }
    return (struct rational){0, 1};
}

static struct rational usual_next_to(double rate, int over)
{
    if (rate < 1)
        return rational_make(2, llrint(2 / rate));
    return rational_make(500 * (rate < SLOW ? llrint(2 * rate) : 2 * llrint(rate)), over);
}

/* 0/1: none. */
static struct rational usual_rate(const int64_t *times, unsigned count, double tick_s)
{
    static const int over[] = {1000, 1001};
    struct rational best = {0, 1};
    double least = rounding;
    const double lasts_s = (double)(times[count - 1] - times[0]) * tick_s;
    for (unsigned i = 0; i < sizeof over / sizeof *over; i++) {
        const double rate = (count - 1) / lasts_s * over[i] / 1000;
        const struct rational fps = usual_next_to(rate, over[i]);
        const double off = spread(times, count, 1 / (rational_value(fps) * tick_s));
        if (off < least) {
            best = fps;
            least = off;
        }
    }
    return best;
}

struct rational frame_rate_of_times(const int64_t *times, unsigned count, double tick_s,
                                    struct rational told)
{
    if (count < 2 || times[count - 1] <= times[0])
        return (struct rational){0, 1};
    const struct rational usual = usual_rate(times, count, tick_s);
    const bool is_told =
        told.num > 0 && spread(times, count, 1 / (rational_value(told) * tick_s)) < rounding;
    return is_told && (!usual.num || frame_rate_is_usual(rational_value(told))) ? told
           : usual.num                                                          ? usual
                       : simplest_rate(times, count, tick_s);
}

/* The same of the nearest steps, of which there may be more than times. */
static double spread_on_raster(const int64_t *times, unsigned count, double ticks)
{
    double least = 0, most = 0;
    for (unsigned i = 1; i < count; i++) {
        const double off = remainder((double)(times[i] - times[0]), ticks);
        least = fmin(least, off);
        most = fmax(most, off);
    }
    return most - least;
}

struct rational frame_rate_of_raster(const int64_t *times, unsigned count, double tick_s,
                                     int64_t step)
{
    static const double telling = 4; /* ticks: a raster of less is near to any time */
    struct rational best = {0, 1};
    double least = rounding;
    for (unsigned i = 0; i < TELEVISION; i++) {
        const double ticks = 1 / (rational_value(television[i]) * tick_s);
        if (ticks < telling || fabs(ticks - (double)step) >= 1)
            continue;
        const double off = spread_on_raster(times, count, ticks);
        if (off < least) {
            best = television[i];
            least = off;
        }
    }
    return best;
}

struct rational frame_rate_exact(struct rational rate)
{
    struct rational near = nearest(rational_value(rate));
    return fabs(rational_value(rate) / rational_value(near) - 1) < 1e-4 ? near : rate;
}

struct rational frame_rate_television(double rate)
{
    for (unsigned i = 0; rate > 0 && i < TELEVISION; i++) {
        double times = rational_value(television[i]) / rate;
        if (times > 0.9999 && fabs(times - rint(times)) < 1e-4 * times)
            return television[i];
    }
    return nearest(rate);
}
