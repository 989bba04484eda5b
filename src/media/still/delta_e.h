/* SPDX-License-Identifier: GPL-3.0-or-later
 * The colour difference CIEDE2000 (CIE 142-2001), by Sharma, Wu and Dalal, "The CIEDE2000
 * color-difference formula: implementation notes, supplementary test data, and mathematical
 * observations", Color Research and Application 30-1, 2005. libvips has one, too, which isn't right
 * about some of that data. */
#pragma once

/* Of two colours of CIE L*a*b*. */
double delta_e_of(const float a[3], const float b[3]);
