/* SPDX-License-Identifier: GPL-3.0-or-later
 * A channel in bands. */
#include "private.h"

#include "media/biquad.h"

#include <math.h>

enum { STEEP = 2 };
static const double edges_hz[] = {0, 300, 1000, 3000, 6000, 12000}, lfe_hz[] = {0, 120};
static const double within = 0.45;

struct band {
    int count;
    struct biquad sections[2 * STEEP];
    struct biquad_state states[2 * STEEP];
};

struct bands {
    int rate, count;
    const double *edges_hz; /* one more */
    struct band bands[SOUND_BANDS];
};

int bands_count(const struct bands *bands)
{
    return bands->count;
}

static int count_below(int rate)
{
    int count = 1;
    while (count < SOUND_BANDS && edges_hz[count] < within * rate)
        count++;
    return count;
}

/* Up to what the rate has. */
static bool has_end(const struct bands *bands, int band)
{
    return bands->edges_hz[band + 1] < within * bands->rate;
}

struct bands *bands_create(int rate, enum AVChannel place)
{
    const bool lfe = place == AV_CHAN_LOW_FREQUENCY || place == AV_CHAN_LOW_FREQUENCY_2;
    struct bands *bands = g_new0(struct bands, 1);
    bands->rate = rate;
    bands->edges_hz = lfe ? lfe_hz : edges_hz;
    bands->count = lfe ? 1 : count_below(rate);
    for (int i = 0; i < bands->count; i++) {
        struct band *band = &bands->bands[i];
        if (i > 0)
            band->count = biquads_butterworth(true, 2 * M_PI * bands->edges_hz[i] / rate, STEEP,
                                              band->sections);
        if (has_end(bands, i))
            band->count += biquads_butterworth(false, 2 * M_PI * bands->edges_hz[i + 1] / rate,
                                               STEEP, band->sections + band->count);
    }
    return bands;
}

char *band_text(const struct bands *bands, int band)
{
    const double *edges = bands->edges_hz + band;
    return has_end(bands, band) ? g_strdup_printf("%g to %g Hz", edges[0], edges[1])
                                : g_strdup_printf("above %g Hz", edges[0]);
}

void bands_split(struct bands *const both[2], const float *const samples[2], int count,
                 double *const *const rows[2])
{
    for (int b = 0; b < both[0]->count; b++) {
        struct band *one = &both[0]->bands[b], *other = &both[1]->bands[b];
        double *const of_band[] = {rows[0][b], rows[1][b]};
        for (int k = 0; k < 2; k++)
            for (int i = 0; i < count; i++)
                of_band[k][i] = (double)samples[k][i];
        for (int s = 0; s < one->count; s++) {
            struct biquad_state *const states[] = {&one->states[s], &other->states[s]};
            biquad_run_both(&one->sections[s], states, of_band, count);
        }
    }
}
