/* SPDX-License-Identifier: GPL-3.0-or-later
 * White balance by temperature and tint. */
#include "color/white.h"

#include <math.h>

#define TINT_SCALE 3000.0

struct uv {
    double u, v;
};

static struct uv planckian(double t)
{
    return (struct uv){
        (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) /
            (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t),
        (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) /
            (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t),
    };
}

static struct uv light_of(double temperature_k, double tint)
{
    const struct uv on = planckian(temperature_k), warm = planckian(temperature_k - 1),
                    cool = planckian(temperature_k + 1);
    const double du = warm.u - cool.u, dv = warm.v - cool.v, length = hypot(du, dv);
    const double off = tint / TINT_SCALE;
    return (struct uv){on.u - dv / length * off, on.v + du / length * off};
}

/* XYZ of Y 1, then the matrix of IEC 61966-2-1. */
static void rgb_of(struct uv light, double rgb[3])
{
    const double x = 3 * light.u / (2 * light.u - 8 * light.v + 4),
                 y = 2 * light.v / (2 * light.u - 8 * light.v + 4);
    const double xyz[3] = {x / y, 1, (1 - x - y) / y};
    static const double matrix[3][3] = {{3.2406255, -1.5372080, -0.4986286},
                                        {-0.9689307, 1.8757561, 0.0415175},
                                        {0.0557101, -0.2040211, 1.0569959}};
    for (int c = 0; c < 3; c++)
        rgb[c] = matrix[c][0] * xyz[0] + matrix[c][1] * xyz[1] + matrix[c][2] * xyz[2];
}

void white_gains(double temperature_k, double tint, double gains[3])
{
    const double least = 0.01; /* what a light hasn't in it can't be had back by a factor */
    double neutral[3], light[3];
    rgb_of(light_of(WHITE_NEUTRAL_K, 0), neutral);
    rgb_of(light_of(temperature_k, tint), light);
    for (int c = 0; c < 3; c++)
        gains[c] = neutral[c] / fmax(light[c], least);
}
