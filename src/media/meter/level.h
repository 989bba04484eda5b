/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levels without any weighting: the RMS of a programme, and of its quietest half second. Each
 * channel by itself; the highest counts. */
#pragma once

struct levels;
struct levels *levels_create(int channels);
void levels_destroy(struct levels *levels);
/* A block of 10 ms: planar, finite, full scale 1.0. */
void levels_add(struct levels *levels, const float *const *channel, int frames);
/* What is left at the end, less than a block: it is in no window. */
void levels_add_rest(struct levels *levels, const float *const *channel, int frames);
/* dBFS, a full-scale sine is -3.01; NAN for silence. */
double levels_rms_dbfs(const struct levels *levels);
/* The quietest 500 ms, looked at every 10 ms: the RMS of the channel that is highest there. Windows
 * that touch digital silence (a block of zeros in all channels) have no noise and don't count.
 * NAN: there are no others. */
double levels_floor_dbfs(const struct levels *levels);
