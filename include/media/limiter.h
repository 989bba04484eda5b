/* SPDX-License-Identifier: GPL-3.0-or-later
 * A look-ahead limiter of true peak: one gain for all channels, to the bit, keeps the signal under
 * a ceiling, also between its samples.
 *
 * What a sample needs is read at four times the rate (ITU-R BS.1770-4 Annex 2, with the taps of
 * the meter), the crest between three readings as that of the sine through them. The gain comes
 * down to it within 2 ms before (48 samples, the taps of a reading, at least), is held over the 9
 * samples to either side, where those taps are greatest, and comes back exponentially, to 1/e of
 * its reduction in `release_ms`; below 0.0001 dB it is over. It is as smooth as a window of 2 ms:
 * its changes make no peaks of their own. By the meter it is never over the ceiling, on hard-edged
 * tones, clipped waves and full-band noise, at 8 kHz, too; a sinc of 128 taps at 16 times the rate
 * reads up to 0.02 dB over it on signals of up to 20 kHz. Beyond 0.46 of the rate the taps fall
 * off: what lies there isn't limited (0.7 dB on full-band noise by that sinc). It stays 0.002 dB
 * away from the ceiling, which is more than rounding to 16 bits with dither adds.
 *
 * Where nothing near by needs it the gain is exactly 1, and samples are what they were. A sample
 * that isn't a finite number is taken as silence, one beyond 160 dBFS as that. Memory: some
 * milliseconds a channel. Time: ten minutes of stereo at 48 kHz in one second where there is little
 * to limit, in five where all is. */
#pragma once

#include "media/chain.h"

/* Keeps all that flows at this point under `ceiling_dbtp`; no sample is late, lost or added. At the
 * end the chain has a note of how much and how long it limited. */
bool chain_limit(struct chain *chain, double ceiling_dbtp, double release_ms,
                 struct failure *failure);

/* The limiter itself. What comes out is what went in limiter_latency() samples before, times the
 * gain; it doesn't depend on how the signal is cut into calls. One thread at a time. */
struct limiter;
struct limiter *limiter_create(int rate, int channels, double ceiling_dbtp, double release_ms);
void limiter_destroy(struct limiter *limiter);
int limiter_latency(const struct limiter *limiter);
/* In place: planar, full scale 1.0. */
void limiter_run(struct limiter *limiter, float *const *channel, int frames);
/* Of what came out so far: the greatest reduction (0 dB none), and the share of samples that were
 * reduced, 0 to 1. */
struct limited {
    double reduction_db, share;
};
struct limited limiter_read(const struct limiter *limiter);
