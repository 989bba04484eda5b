/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Gaussian. */
#include "gaussian.h"

#include <glib.h>
#include <math.h>
#include <string.h>

struct gaussian gaussian_create(double sigma)
{
    const int reach = MAX((int)ceil(3 * sigma), 1), count = 2 * reach + 1;
    struct gaussian made = {reach, g_new(float, (gsize)count)};
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += exp(-0.5 * pow((i - reach) / sigma, 2));
    for (int i = 0; i < count; i++)
        made.taps[i] = (float)(exp(-0.5 * pow((i - reach) / sigma, 2)) / sum);
    return made;
}

void gaussian_finish(struct gaussian *gaussian)
{
    g_clear_pointer(&gaussian->taps, g_free);
}

static void add(float *out, const float *in, float tap, int count)
{
    for (int x = 0; x < count; x++)
        out[x] += tap * in[x];
}

/* A sum for each tap, so that the inner loop goes along the row. */
void gaussian_row(const struct gaussian *gaussian, const float *in, float *out, int width)
{
    memset(out, 0, (size_t)width * sizeof *out);
    for (int k = -gaussian->reach; k <= gaussian->reach; k++) {
        const float tap = gaussian->taps[k + gaussian->reach];
        const int from = CLAMP(-k, 0, width), to = CLAMP(width - k, 0, width);
        for (int x = 0; x < from; x++)
            out[x] += tap * in[0];
        if (from < to)
            add(out + from, in + from + k, tap, to - from);
        for (int x = MAX(to, from); x < width; x++)
            out[x] += tap * in[width - 1];
    }
}

void gaussian_column(const struct gaussian *gaussian, const float *in, float *out, int width,
                     int height, int y)
{
    memset(out, 0, (size_t)width * sizeof *out);
    for (int k = -gaussian->reach; k <= gaussian->reach; k++)
        add(out, in + (gsize)CLAMP(y + k, 0, height - 1) * (gsize)width,
            gaussian->taps[k + gaussian->reach], width);
}
