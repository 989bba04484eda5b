/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exact ratios: frame rates, aspect ratios, time bases. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Always reduced, den > 0; {0, 1} is "unknown" for rates and ratios. */
struct rational {
    int64_t num, den;
};

struct rational rational_make(int64_t num, int64_t den); /* reduces; den 0 gives {0, 1} */
double rational_value(struct rational r);
bool rational_equal(struct rational a, struct rational b);

/* "25", "30000/1001", "16:9" or a decimal: 23.976, 23.98, 29.97, 47.952, 59.94, 119.88 are the
 * NTSC rates n*1000/1001 (SMPTE ST 12-1), other decimals are taken literally. Both sides of a ratio
 * may be decimals ("2.39:1"). */
bool rational_parse(const char *text, struct rational *out);
char *rational_text(struct rational r); /* "25" or "30000/1001"; caller frees */

/* round(value * mul / div) without overflow, half away from zero; the nearest int64_t
 * when the result has no room. div > 0. */
int64_t rescale(int64_t value, int64_t mul, int64_t div);
