/* SPDX-License-Identifier: GPL-3.0-or-later
 * True peak after ITU-R BS.1770-4 Annex 2: the highest absolute value of the signal at four times
 * its rate, whatever the rate, so that 20 kHz at 192 kHz is read as well as at 48 kHz.
 *
 * A block is only oversampled (signal/oversample.h) where its greatest sample, times the most that
 * the taps can add to it, exceeds the peak found so far: the result is the same, bit for bit,
 * however the signal is cut into calls. Belongs to one thread at a time. */
#pragma once

struct true_peak;
struct true_peak *true_peak_create(int channels);
void true_peak_destroy(struct true_peak *meter);
/* Planar, full scale 1.0. */
void true_peak_feed(struct true_peak *meter, const float *const *channel, int frames);
/* The highest of all channels so far, 0 for silence. The true peak is never below the sample peak,
 * and takes the signal to be silent before and after. May be asked more than once. */
struct peaks {
    float true_peak, sample_peak;
};
struct peaks true_peak_read(const struct true_peak *meter);
