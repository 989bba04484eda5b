/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filters of two poles, in double. */
#include "biquad.h"

#include <math.h>

static const double silence = 1e-30, bearable = 1e30;

static struct biquad normal(double b0, double b1, double b2, double a0, double a1, double a2)
{
    return (struct biquad){b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

static struct biquad pass(bool high, double w, double q)
{
    double c = cos(w), alpha = sin(w) / (2 * q), edge = high ? 1 + c : 1 - c;
    return normal(edge / 2, high ? -edge : edge, edge / 2, 1 + alpha, -2 * c, 1 - alpha);
}

static struct biquad bell(double w, double q, double a)
{
    double c = cos(w), alpha = sin(w) / (2 * q);
    return normal(1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a);
}

/* The cookbook's two shelves differ in the sign of the cosine. */
static struct biquad shelf(bool high, double w, double q, double a)
{
    double c = high ? -cos(w) : cos(w), turn = high ? -1 : 1;
    double bend = 2 * sqrt(a) * sin(w) / (2 * q);
    return normal(a * ((a + 1) - (a - 1) * c + bend), turn * 2 * a * ((a - 1) - (a + 1) * c),
                  a * ((a + 1) - (a - 1) * c - bend), (a + 1) + (a - 1) * c + bend,
                  turn * -2 * ((a - 1) + (a + 1) * c), (a + 1) + (a - 1) * c - bend);
}

static int butterworth(bool high, double w, int count, struct biquad *sections)
{
    for (int k = 0; k < count; k++)
        sections[k] = pass(high, w, 1 / (2 * sin((2 * k + 1) * M_PI / (4 * count))));
    return count;
}

int biquads_design(const struct eq *eq, int rate_hz, struct biquad sections[BIQUADS_MAX])
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
    return butterworth(eq->type == EQ_HIGH_PASS, w, 1 << eq->slope, sections);
}

/* False of what is no number, too: a broken sample doesn't stay for ever. */
static double audible(double value)
{
    return fabs(value) >= silence && fabs(value) <= bearable ? value : 0;
}

void biquad_run(const struct biquad *section, struct biquad_state *state, double *samples,
                int count)
{
    const struct biquad f = *section;
    double s1 = state->s1, s2 = state->s2;
    for (int i = 0; i < count; i++) {
        double in = samples[i], out = f.b0 * in + s1;
        s1 = audible(f.b1 * in - f.a1 * out + s2);
        s2 = audible(f.b2 * in - f.a2 * out);
        samples[i] = out;
    }
    *state = (struct biquad_state){s1, s2};
}
