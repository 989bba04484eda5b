/* SPDX-License-Identifier: GPL-3.0-or-later
 * A signal between its samples, at four times its rate (ITU-R BS.1770-4 Annex 2): read by a
 * windowed sinc of 48 taps (Kaiser, beta 5). 0 to 0.4535 of the rate (20 kHz at 44.1 kHz) within
 * 0.02 dB, by calculation of its response; 0.47 is 0.2 dB low. A constant stays what it is. */
#pragma once

enum {
    OVERSAMPLE_PHASES = 3,
    OVERSAMPLE_TAPS = 48,
    OVERSAMPLE_BLOCK = 64,
    OVERSAMPLE_GROUP = 16, /* of a block, what is worked out at once */
};
/* Of the taps, those that come after the place that is read. */
enum { OVERSAMPLE_AHEAD = OVERSAMPLE_TAPS / 2 };

struct oversampler {
    float taps[OVERSAMPLE_PHASES][OVERSAMPLE_TAPS];
    float straight, curved; /* see oversampler_most() */
    /* As oversample(), of OVERSAMPLE_GROUP places; chosen for the processor, the same bits. */
    void (*group)(const float taps[OVERSAMPLE_TAPS], const float *samples,
                  float between[OVERSAMPLE_GROUP]);
    /* The greatest of all phases of such a group, whatever its sign. */
    float (*highest)(const float taps[OVERSAMPLE_PHASES][OVERSAMPLE_TAPS], const float *samples);
};
void oversampler_init(struct oversampler *oversampler);
/* The greatest sample, and the greatest second difference, of a stretch. A NaN is neither. */
struct stretch {
    float highest, bend;
};
/* Of `count` samples, with two more before them. */
struct stretch stretch_of(const float *samples, int count);
/* The greatest of OVERSAMPLE_GROUP samples and the one behind them. */
float oversample_ends(const float *samples);
/* What no value between samples exceeds: those next to it are of the stretch, its bend is that of
 * all samples that the taps reach. The taps are those of a straight line
 * between two samples, and a sum of second differences (their own second sum: 0.55 in all): a
 * bound that is close where the signal has little at the top of its band, as sound has. */
float oversampler_most(const struct oversampler *oversampler, struct stretch stretch);

/* `samples` are OVERSAMPLE_TAPS - 1 + OVERSAMPLE_BLOCK; between[i] is what lies (phase + 1) / 4
 * after samples[i + OVERSAMPLE_AHEAD - 1]. Each is a sum of its own, in the order of the taps: bit
 * for bit the same, wherever in a block it stands. */
void oversample(const struct oversampler *oversampler, int phase, const float *samples,
                float between[OVERSAMPLE_BLOCK]);
