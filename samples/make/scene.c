/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the samples show and say: a sun going over hills, a strip of test colours, and a voice. */
#include "make.h"

#include <math.h>

static void mix(double rgb[3], const double other[3], double part)
{
    for (int c = 0; c < 3; c++)
        rgb[c] += (other[c] - rgb[c]) * part;
}

static double soft_step(double edge, double width, double value)
{
    double t = (value - edge) / width + 0.5;
    return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}

static void colour_strip(double x, double rgb[3])
{
    static const double patches[8][3] = {{1, 1, 1}, {1, 1, 0}, {0, 1, 1}, {0, 1, 0},
                                         {1, 0, 1}, {1, 0, 0}, {0, 0, 1}, {0, 0, 0}};
    const double *patch = patches[(int)(fmin(x, 0.999) * 8)];
    for (int c = 0; c < 3; c++)
        rgb[c] = 0.75 * patch[c];
}

void scene_rgb(double x, double y, double aspect, double seconds, double rgb[3])
{
    static const double low[3] = {0.95, 0.7, 0.45}, sun[3] = {1, 0.95, 0.75},
                        hill[3] = {0.12, 0.25, 0.16}, near_hill[3] = {0.05, 0.13, 0.09};
    if (y > 0.94) {
        colour_strip(x, rgb);
        return;
    }
    rgb[0] = 0.25;
    rgb[1] = 0.45;
    rgb[2] = 0.75;
    mix(rgb, low, soft_step(0.5, 1, y));
    double sun_x = 0.2 + 0.12 * seconds, sun_y = 0.4 - 0.05 * seconds;
    double distance = hypot((x - sun_x) * aspect, y - sun_y);
    mix(rgb, sun, 1 - soft_step(0.07 * fmin(aspect, 1.3), 0.012, distance));
    mix(rgb, hill, soft_step(0.62 + 0.06 * sin(7 * x + 1), 0.004, y));
    mix(rgb, near_hill, soft_step(0.78 + 0.05 * sin(5 * x + 0.6 * seconds), 0.004, y));
}

double voice(double seconds, double pitch_hz)
{
    double sentence = fmod(seconds, 2.6);
    if (sentence > 2.0)
        return 0;
    double syllable = pow(fabs(sin(M_PI * 3.7 * sentence)), 0.7);
    double pitch = pitch_hz * (1 + 0.12 * sin(2 * M_PI * 0.9 * sentence));
    double formant = 500 + 350 * sin(2 * M_PI * 1.3 * sentence), sum = 0;
    for (int n = 1; n <= 24; n++) {
        double f = n * pitch;
        double shape =
            exp(-pow((f - formant) / 260, 2)) + 0.5 * exp(-pow((f - 1700) / 500, 2)) + 0.05;
        sum += shape / n * sin(2 * M_PI * f * seconds);
    }
    return 0.6 * syllable * sum;
}
