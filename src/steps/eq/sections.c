/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a band of `eq` is made of. */
#include "sections.h"

#include <math.h>

static struct biquad bell(double w, double q, double a)
{
    double c = cos(w), alpha = sin(w) / (2 * q);
    return biquad_normal(1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c,
                         1 - alpha / a);
}

/* The cookbook's two shelves differ in the sign of the cosine. */
static struct biquad shelf(bool high, double w, double q, double a)
{
    double c = high ? -cos(w) : cos(w), turn = high ? -1 : 1;
    double bend = 2 * sqrt(a) * sin(w) / (2 * q);
    return biquad_normal(a * ((a + 1) - (a - 1) * c + bend), turn * 2 * a * ((a - 1) - (a + 1) * c),
                         a * ((a + 1) - (a - 1) * c - bend), (a + 1) + (a - 1) * c + bend,
                         turn * -2 * ((a - 1) + (a + 1) * c), (a + 1) + (a - 1) * c - bend);
}

int eq_sections(const struct eq *eq, int rate_hz, struct biquad sections[BIQUADS_MAX])
{
    double w = 2 * M_PI * eq->at_hz / rate_hz, a = pow(10, eq->gain_db / 40);
    double shelf_q = isnan(eq->q) ? M_SQRT1_2 : eq->q;
    switch ((enum eq_type)eq->type) {
    case EQ_BELL:
        sections[0] = bell(w, isnan(eq->q) ? 1 : eq->q, a);
        return 1;
    case EQ_LOW_SHELF:
    case EQ_HIGH_SHELF:
        sections[0] = shelf(eq->type == EQ_HIGH_SHELF, w, shelf_q, a);
        return 1;
    case EQ_HIGH_PASS:
    case EQ_LOW_PASS:
        break;
    }
    return biquads_butterworth(eq->type == EQ_HIGH_PASS, w, 1 << eq->slope, sections);
}
