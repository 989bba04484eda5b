/* SPDX-License-Identifier: GPL-3.0-or-later
 * Loudness over windows, from the K-weighted energies of blocks of 10 ms: the greatest momentary
 * (400 ms) and short-term (3 s) loudness, looked at every 10 ms (EBU Tech 3341); loudness range
 * (Tech 3342 v3, November 2023: short-term values every 100 ms, so an overlap of 2.9 s; gates at
 * -70 LUFS and 20 LU below their mean; from the 10th to the 95th percentile); and the gating
 * blocks. Memory: 40 bytes a second. */
#pragma once

#include "model/gated.h"
#include "model/glance.h"

struct windows;
struct windows *windows_create(void);
void windows_destroy(struct windows *windows);
void windows_add(struct windows *windows, double energy);
/* NAN: shorter than the window, or silent. */
double windows_momentary_lufs(const struct windows *windows);
double windows_short_term_lufs(const struct windows *windows);
double windows_range_lu(const struct windows *windows);
/* Tech 3341: a range is stable after 60 s. */
bool windows_range_stable(const struct windows *windows);
const struct gated *windows_gated(const struct windows *windows);
/* Short-term loudness; of several values that share a column the mean energy. */
void windows_curve(const struct windows *windows, struct curve *curve);
