/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound whose times run steadily apart from its samples, since another clock counted them: a
 * player follows the times. What comes at once is none of it: a hole, or a wrong time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sound_clock {
    int rate; /* Hz, set by the owner; the others begin as zeros */
    bool begun;
    bool runs_apart; /* by more than any rounding; stays */
    int64_t before;  /* `off` of the frame before */
    double steady;   /* samples that came little by little; */
    double now;      /* by how many its times are late (early: below 0), */
    double apart;    /* and the same smoothed */
};

/* A frame of `samples` comes `off` samples later than those before it last, from the first on. */
void sound_clock_see(struct sound_clock *clock, int64_t off, int samples);
