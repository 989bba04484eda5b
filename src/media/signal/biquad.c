/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filters of two poles, in double. */
#include "media/biquad.h"

#include <math.h>

static const double silence = 1e-30, bearable = 1e30;

struct biquad biquad_normal(double b0, double b1, double b2, double a0, double a1, double a2)
{
    return (struct biquad){b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

static struct biquad pass(bool high, double w, double q)
{
    double c = cos(w), alpha = sin(w) / (2 * q), edge = high ? 1 + c : 1 - c;
    return biquad_normal(edge / 2, high ? -edge : edge, edge / 2, 1 + alpha, -2 * c, 1 - alpha);
}

int biquads_butterworth(bool high, double w, int count, struct biquad *sections)
{
    for (int k = 0; k < count; k++)
        sections[k] = pass(high, w, 1 / (2 * sin((2 * k + 1) * M_PI / (4 * count))));
    return count;
}

/* False of what is no number, too: a broken sample doesn't stay for ever. */
static double audible(double value)
{
    return fabs(value) >= silence && fabs(value) <= bearable ? value : 0;
}

static inline double step(const struct biquad *f, double *s1, double *s2, double in)
{
    const double out = f->b0 * in + *s1;
    *s1 = audible(f->b1 * in - f->a1 * out + *s2);
    *s2 = audible(f->b2 * in - f->a2 * out);
    return out;
}

void biquad_run(const struct biquad *section, struct biquad_state *state, double *samples,
                int count)
{
    const struct biquad f = *section;
    double s1 = state->s1, s2 = state->s2;
    for (int i = 0; i < count; i++)
        samples[i] = step(&f, &s1, &s2, samples[i]);
    *state = (struct biquad_state){s1, s2};
}

void biquad_run_both(const struct biquad *section, struct biquad_state *const states[2],
                     double *const samples[2], int count)
{
    const struct biquad f = *section;
    double a1 = states[0]->s1, a2 = states[0]->s2, b1 = states[1]->s1, b2 = states[1]->s2;
    double *restrict a = samples[0], *restrict b = samples[1];
    for (int i = 0; i < count; i++) {
        a[i] = step(&f, &a1, &a2, a[i]);
        b[i] = step(&f, &b1, &b2, b[i]);
    }
    *states[0] = (struct biquad_state){a1, a2};
    *states[1] = (struct biquad_state){b1, b2};
}
