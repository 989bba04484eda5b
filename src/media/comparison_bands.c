/* SPDX-License-Identifier: GPL-3.0-or-later
 * A channel in bands. */
#include "comparison_private.h"

#include "media/biquad.h"

#include <math.h>

enum { STEEP = 2 };
static const double edges_hz[SOUND_BANDS + 1] = {0, 300, 1000, 3000, 6000, 12000}, within = 0.45;

struct band {
    int count;
    struct biquad sections[2 * STEEP];
    struct biquad_state states[2 * STEEP];
};

struct bands {
    int count;
    struct band bands[SOUND_BANDS];
};

int bands_count(int rate)
{
    int count = 0;
    while (count < SOUND_BANDS && edges_hz[count] < within * rate)
        count++;
    return MAX(count, 1);
}

/* Up to what the rate has. */
static bool has_end(int rate, int band)
{
    return edges_hz[band + 1] < within * rate;
}

struct bands *bands_create(int rate)
{
    struct bands *bands = g_new0(struct bands, 1);
    bands->count = bands_count(rate);
    for (int i = 0; i < bands->count; i++) {
        struct band *band = &bands->bands[i];
        if (i > 0)
            band->count =
                biquads_butterworth(true, 2 * M_PI * edges_hz[i] / rate, STEEP, band->sections);
        if (has_end(rate, i))
            band->count += biquads_butterworth(false, 2 * M_PI * edges_hz[i + 1] / rate, STEEP,
                                               band->sections + band->count);
    }
    return bands;
}

char *band_text(int rate, int band)
{
    return has_end(rate, band) ? g_strdup_printf("%g to %g Hz", edges_hz[band], edges_hz[band + 1])
                               : g_strdup_printf("above %g Hz", edges_hz[band]);
}

void bands_split(struct bands *bands, const float *samples, int count, double *const *rows)
{
    for (int b = 0; b < bands->count; b++) {
        struct band *band = &bands->bands[b];
        for (int i = 0; i < count; i++)
            rows[b][i] = (double)samples[i];
        for (int s = 0; s < band->count; s++)
            biquad_run(&band->sections[s], &band->states[s], rows[b], count);
    }
}
