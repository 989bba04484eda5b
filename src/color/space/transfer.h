/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transfer curves: code values to light and back, with the constants that their makers published.
 *
 * `decode` and `encode` are functions for a look, exact in double, odd around black where the maker
 * says nothing of negative values. Light is counted as the maker counts it, times `scale`:
 *
 *     camera logs, ACES   reflectance: 0.18 is a grey card
 *     SDR displays        1 is white
 *     HLG                 scene light, 0 to 1 (ITU-R BT.2100, table 5; the OOTF isn't in it)
 *     PQ                  cd/m2 up to 10000 (SMPTE ST 2084)
 *
 * The scale is not 1 where a curve is infinitely steep at black: tables of functions have no room
 * below a millionth.
 *
 * Sources: ITU-R BT.1886, BT.2100; IEC 61966-2-1; SMPTE RP 431-2, ST 2084; AMPAS S-2016-001
 * (ACEScct); Sony, Technical Summary for S-Gamut3.Cine/S-Log3; ARRI, ALEXA Log C Curve (EI 800) and
 * LogC4 Specification; Panasonic, V-Log/V-Gamut Reference Manual; Canon, Canon Log Gamma Curves
 * (2018); RED, White Paper on REDWideGamutRGB and Log3G10; Apple, Apple Log Profile White Paper. */
#pragma once

#include "color/look.h"

struct curve {
    struct look_function decode, encode; /* `at` NULL: linear */
    double scale;
};

extern const struct curve curve_linear, curve_gamma24, curve_gamma26, curve_srgb, curve_pq,
    curve_hlg, curve_acescct, curve_slog3, curve_logc3, curve_logc4, curve_vlog, curve_clog2,
    curve_clog3, curve_log3g10, curve_apple_log;

/* The curve alone, without the scale. */
double curve_decode(const struct curve *curve, double code);
double curve_encode(const struct curve *curve, double light);

/* cd/m2 to the code of ST 2084 and back. */
double pq_encode(double nit);
double pq_decode(double code);
