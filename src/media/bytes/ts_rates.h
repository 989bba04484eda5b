/* SPDX-License-Identifier: GPL-3.0-or-later
 * At which rates the pictures of a transport stream come: libavformat tells one, that of its
 * beginning. By the times of decoding of their packets (PES, ISO/IEC 13818-1, 2.4.3.6). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct ts_rates;
struct ts_rates *ts_rates_create(void);
void ts_rates_destroy(struct ts_rates *rates);
typedef struct ts_rates *ts_rates_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(ts_rates_ptr, ts_rates_destroy, NULL)

/* A packet of 188 bytes. */
void ts_rates_see(struct ts_rates *rates, const uint8_t *packet);

/* From one picture to the next, in ticks of 90 kHz: the least and the most that held for a second
 * or so. False: none did. */
bool ts_rates_steps(const struct ts_rates *rates, int pid, double *least, double *most);
