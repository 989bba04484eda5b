/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels of moments, and gains that follow them. */
#include "dynamics.h"

#include <glib.h>
#include <math.h>

static const double window_s = 0.01;
static const double nothing = 1e-30, bearable = 1e12;

static double step_of(double seconds, int rate_hz)
{
    return seconds > 0 ? 1 - exp(-1 / (seconds * rate_hz)) : 1;
}

void detector_init(struct detector *detector, int channels, int rate_hz)
{
    detector->mean = g_new0(double, channels);
    detector->step = step_of(window_s, rate_hz);
}

void detector_clear(struct detector *detector)
{
    g_clear_pointer(&detector->mean, g_free);
}

double detector_level(struct detector *detector, const struct sound_rows *rows, int at)
{
    double highest = nothing;
    for (int c = 0; c < rows->channels; c++) {
        double sample = (double)rows->channel[c][at], *mean = &detector->mean[c];
        *mean += detector->step * (2 * sample * sample - *mean);
        if (!(*mean >= nothing && *mean <= bearable))
            *mean = 0; /* no denormal numbers, and a broken sample doesn't stay for ever */
        highest = fmax(highest, *mean);
    }
    return 10 * log10(highest);
}

void glide_init(struct glide *glide, double from_db, double down_s, double up_s, int rate_hz)
{
    *glide = (struct glide){from_db, step_of(down_s, rate_hz), step_of(up_s, rate_hz)};
}

double glide_to(struct glide *glide, double target_db)
{
    double way = target_db - glide->value_db;
    glide->value_db += way * (way < 0 ? glide->down : glide->up);
    return glide->value_db;
}
