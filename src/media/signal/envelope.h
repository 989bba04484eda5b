/* SPDX-License-Identifier: GPL-3.0-or-later
 * The course of a limiter's gain: down before a peak, held over it, back after it.
 *
 * Each sample says by how much it needs to be reduced. The greatest need of a window of
 * `reach + attack - 1` samples is held; it decays to 1/e in `release` samples; and the mean of
 * `attack` samples with the weights of three boxes, one after the other (a curve without kinks,
 * like a Hann window), makes it smooth. All weights are positive and their sum is 1, so a mean of
 * what is enough is enough: the gain is never above what any of `reach` neighbours needs.
 *
 * Reductions are whole numbers: the running sums are exact, a reduction that is over is exactly 0,
 * and the course doesn't depend on how the signal is cut into calls. */
#pragma once

struct envelope;
/* In samples; each at least 1. */
struct envelope *envelope_create(int attack, int reach, double release);
void envelope_destroy(struct envelope *envelope);
/* `need` is the gain, 0 to 1, that the next sample needs; the answer the one to use for the sample
 * that came envelope_latency() before: it keeps to the needs of the `reach` samples from
 * `reach` / 2 before it on. 1 where nothing is needed near by. */
double envelope_next(struct envelope *envelope, double need);
int envelope_latency(const struct envelope *envelope);
