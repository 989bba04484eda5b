/* SPDX-License-Identifier: GPL-3.0-or-later
 * What steps that turn sound down by its own level have in common: how loud a moment is, and how
 * fast a gain may move. After Giannoulis, Massberg, Reiss, "Digital Dynamic Range Compressor
 * Design", J. Audio Eng. Soc. 60 (2012): the gain is smoothed in dB, after the curve. */
#pragma once

#include "media/chain.h"

/* The level of a moment in dBFS as AES17 has it (a sine of full scale is 0): of the loudest
 * channel, so that all are turned down alike and the image stays. Mean squares are weighted by an
 * exponential window of 10 ms. Silence is -300. */
struct detector {
    double *mean; /* a channel */
    double step;
};
void detector_init(struct detector *detector, int channels, int rate_hz);
void detector_clear(struct detector *detector);
/* Takes in sample `at` of all channels. */
double detector_level(struct detector *detector, const struct sound_rows *rows, int at);

/* 63 % of a change in dB is done in the time constant. */
struct glide {
    double value_db, down, up; /* the parts of the way that are done in a sample */
};
void glide_init(struct glide *glide, double from_db, double down_s, double up_s, int rate_hz);
double glide_to(struct glide *glide, double target_db);
