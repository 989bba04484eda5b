/* SPDX-License-Identifier: GPL-3.0-or-later
 * Noise taken out of sound by libavfilter's afftdn, whose delay is taken back. */
#include "private.h"

/* Samples by which afftdn is late: of a window of three hops of 1/80 s, two are still to come
 * (measured: 1200 at 48 kHz). It gives as many samples as it took. */
static int latency_of(int rate_hz)
{
    return rate_hz / 80 * 2;
}

bool chain_denoise_sound(struct chain *chain, struct failure *failure, double reduction_db,
                         double floor_dbfs)
{
    const int late = latency_of(chain->sound.rate);
    char reduction[32], floor[32];
    g_ascii_formatd(reduction, sizeof reduction, "%.3f", reduction_db);
    g_ascii_formatd(floor, sizeof floor, "%.3f", floor_dbfs);
    return chain_sound_float(chain, failure) &&
           chain_shift(chain, failure, &(struct sound_shift){.tail = late}) &&
           chain_filter(chain, failure, "afftdn", "noise_reduction", reduction, "noise_floor",
                        floor, NULL) &&
           chain_shift(chain, failure, &(struct sound_shift){.skip = late});
}
