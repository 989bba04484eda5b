/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transfer curves. Sources and units: transfer.h. */
#include "transfer.h"

#include <math.h>

#define ROOM 1024.0 /* the scale of curves that are steep at black */

/* p: exponent, scale */
static double power_decode(const double *p, double code)
{
    return copysign(p[1] * pow(fabs(code), p[0]), code);
}

static double power_encode(const double *p, double light)
{
    return copysign(pow(fabs(light) / p[1], 1 / p[0]), light);
}

const struct curve curve_linear = {.scale = 1};
const struct curve curve_gamma24 = {
    {power_decode, {2.4, ROOM}, {0}}, {power_encode, {2.4, ROOM}, {0}}, ROOM};
const struct curve curve_gamma26 = {
    {power_decode, {2.6, ROOM}, {0}}, {power_encode, {2.6, ROOM}, {0}}, ROOM};

static double srgb_decode(const double *p, double code)
{
    const double m = fabs(code);
    return copysign(m <= 0.04045 ? m / 12.92 : pow((m + 0.055) / 1.055, 2.4), code);
}

static double srgb_encode(const double *p, double light)
{
    const double m = fabs(light);
    return copysign(m <= 0.0031308 ? 12.92 * m : 1.055 * pow(m, 1 / 2.4) - 0.055, light);
}

const struct curve curve_srgb = {
    {srgb_decode, {0}, {0.04045, -0.04045}}, {srgb_encode, {0}, {0.0031308, -0.0031308}}, 1};

static const double pq_m1 = 2610.0 / 16384, pq_m2 = 2523.0 / 4096 * 128, pq_c1 = 3424.0 / 4096,
                    pq_c2 = 2413.0 / 4096 * 32, pq_c3 = 2392.0 / 4096 * 32, pq_peak_nit = 10000;

double pq_decode(double code)
{
    const double v = pow(fmin(fabs(code), 1), 1 / pq_m2);
    return copysign(pq_peak_nit * pow(fmax(v - pq_c1, 0) / (pq_c2 - pq_c3 * v), 1 / pq_m1), code);
}

double pq_encode(double nit)
{
    const double y = pow(fabs(nit) / pq_peak_nit, pq_m1);
    return copysign(pow((pq_c1 + pq_c2 * y) / (1 + pq_c3 * y), pq_m2), nit);
}

static double pq_decode_at(const double *p, double code)
{
    return pq_decode(code);
}

static double pq_encode_at(const double *p, double nit)
{
    return pq_encode(nit);
}

const struct curve curve_pq = {{pq_decode_at, {0}, {1, -1}}, {pq_encode_at, {0}, {0}}, 1};

static const double hlg_a = 0.17883277, hlg_b = 0.28466892, hlg_c = 0.55991073;

static double hlg_decode(const double *p, double code)
{
    const double m = fabs(code);
    return copysign(ROOM * (m <= 0.5 ? m * m / 3 : (exp((m - hlg_c) / hlg_a) + hlg_b) / 12), code);
}

static double hlg_encode(const double *p, double light)
{
    const double m = fabs(light) / ROOM;
    return copysign(m <= 1.0 / 12 ? sqrt(3 * m) : hlg_a * log(12 * m - hlg_b) + hlg_c, light);
}

const struct curve curve_hlg = {{hlg_decode, {0}, {0}}, {hlg_encode, {0}, {0}}, ROOM};

static double acescct_decode(const double *p, double code)
{
    return code <= 0.155251141552511 ? (code - 0.0729055341958355) / 10.5402377416545
                                     : exp2(code * 17.52 - 9.72);
}

static double acescct_encode(const double *p, double light)
{
    return light <= 0.0078125 ? 10.5402377416545 * light + 0.0729055341958355
                              : (log2(light) + 9.72) / 17.52;
}

const struct curve curve_acescct = {
    {acescct_decode, {0}, {0.155251141552511}}, {acescct_encode, {0}, {0.0078125}}, 1};

static const double slog3_cut = 171.2102946929;

static double slog3_decode(const double *p, double code)
{
    return code * 1023 >= slog3_cut ? pow(10, (code * 1023 - 420) / 261.5) * 0.19 - 0.01
                                    : (code * 1023 - 95) * 0.01125 / (slog3_cut - 95);
}

static double slog3_encode(const double *p, double light)
{
    return light >= 0.01125 ? (420 + log10((light + 0.01) / 0.19) * 261.5) / 1023
                            : (light * (slog3_cut - 95) / 0.01125 + 95) / 1023;
}

const struct curve curve_slog3 = {
    {slog3_decode, {0}, {171.2102946929 / 1023}}, {slog3_encode, {0}, {0.01125}}, 1};

/* a, b, c, d; the line below the cut goes on where the logarithm begins, at 1/9. */
static const double logc3_a = 1 / 0.18, logc3_b = 0.0522722750, logc3_c = 0.2471896383,
                    logc3_d = 0.3855369987, logc3_cut = (1 / 9.0 - 0.0522722750) * 0.18;

static double logc3_slope(void)
{
    return logc3_c * logc3_a * 9 / log(10);
}

static double logc3_cut_code(void)
{
    return logc3_c * log10(1 / 9.0) + logc3_d;
}

static double logc3_decode(const double *p, double code)
{
    const double cut = logc3_cut_code();
    return code > cut ? (pow(10, (code - logc3_d) / logc3_c) - logc3_b) / logc3_a
                      : logc3_cut + (code - cut) / logc3_slope();
}

static double logc3_encode(const double *p, double light)
{
    return light > logc3_cut ? logc3_c * log10(logc3_a * light + logc3_b) + logc3_d
                             : logc3_cut_code() + (light - logc3_cut) * logc3_slope();
}

const struct curve curve_logc3 = {{logc3_decode, {0}, {0}}, {logc3_encode, {0}, {0}}, 1};

static const double logc4_a = (262144 - 16) / 117.45, logc4_b = (1023.0 - 95) / 1023,
                    logc4_c = 95.0 / 1023;

/* Code 0, and what the curve rises by from there. */
static double logc4_start(void)
{
    return (exp2(14 * (-logc4_c / logc4_b) + 6) - 64) / logc4_a;
}

static double logc4_rise(void)
{
    return 7 * log(2) * exp2(7 - 14 * logc4_c / logc4_b) / (logc4_a * logc4_b);
}

static double logc4_decode(const double *p, double code)
{
    return code >= 0 ? (exp2(14 * (code - logc4_c) / logc4_b + 6) - 64) / logc4_a
                     : code * logc4_rise() + logc4_start();
}

static double logc4_encode(const double *p, double light)
{
    return light >= logc4_start() ? (log2(logc4_a * light + 64) - 6) / 14 * logc4_b + logc4_c
                                  : (light - logc4_start()) / logc4_rise();
}

const struct curve curve_logc4 = {{logc4_decode, {0}, {0}}, {logc4_encode, {0}, {0}}, 1};

static double vlog_decode(const double *p, double code)
{
    return code < 0.181 ? (code - 0.125) / 5.6 : pow(10, (code - 0.598206) / 0.241514) - 0.00873;
}

static double vlog_encode(const double *p, double light)
{
    return light < 0.01 ? 5.6 * light + 0.125 : 0.241514 * log10(light + 0.00873) + 0.598206;
}

const struct curve curve_vlog = {{vlog_decode, {0}, {0.181}}, {vlog_encode, {0}, {0.01}}, 1};

static double clog2_decode(const double *p, double code)
{
    const double above = code - 0.092864125;
    return copysign(0.9 * (pow(10, fabs(above) / 0.24136077) - 1) / 87.099375, above);
}

static double clog2_encode(const double *p, double light)
{
    return 0.092864125 + copysign(0.24136077 * log10(87.099375 * fabs(light) / 0.9 + 1), light);
}

const struct curve curve_clog2 = {{clog2_decode, {0}, {0}}, {clog2_encode, {0}, {0}}, 1};

static double clog3_decode(const double *p, double code)
{
    const double light =
        code < 0.097465473   ? -(pow(10, (0.12783901 - code) / 0.36726845) - 1) / 14.98325
        : code <= 0.15277891 ? (code - 0.12512219) / 1.9754798
                             : (pow(10, (code - 0.12240537) / 0.36726845) - 1) / 14.98325;
    return 0.9 * light;
}

static double clog3_encode(const double *p, double light)
{
    const double x = light / 0.9;
    return x < -0.014   ? 0.12783901 - 0.36726845 * log10(1 - 14.98325 * x)
           : x <= 0.014 ? 1.9754798 * x + 0.12512219
                        : 0.36726845 * log10(14.98325 * x + 1) + 0.12240537;
}

const struct curve curve_clog3 = {{clog3_decode, {0}, {0.097465473, 0.15277891}},
                                  {clog3_encode, {0}, {-0.014 * 0.9, 0.014 * 0.9}},
                                  1};

static double log3g10_decode(const double *p, double code)
{
    return code < 0 ? code / 15.1927 - 0.01 : (pow(10, code / 0.224282) - 1) / 155.975327 - 0.01;
}

static double log3g10_encode(const double *p, double light)
{
    const double x = light + 0.01;
    return x < 0 ? x * 15.1927 : 0.224282 * log10(155.975327 * x + 1);
}

const struct curve curve_log3g10 = {{log3g10_decode, {0}, {0}}, {log3g10_encode, {0}, {-0.01}}, 1};

static const double apple_black = -0.05641088, apple_cut = 0.01, apple_c = 47.28711236,
                    apple_beta = 0.00964052, apple_gamma = 0.08550479, apple_delta = 0.69336945;

static double apple_decode(const double *p, double code)
{
    const double cut = apple_c * (apple_cut - apple_black) * (apple_cut - apple_black);
    return code >= cut ? exp2((code - apple_delta) / apple_gamma) - apple_beta
                       : sqrt(fmax(code, 0) / apple_c) + apple_black;
}

static double apple_encode(const double *p, double light)
{
    const double above = fmax(light - apple_black, 0);
    return light >= apple_cut ? apple_gamma * log2(light + apple_beta) + apple_delta
                              : apple_c * above * above;
}

const struct curve curve_apple_log = {{apple_decode, {0}, {0}}, {apple_encode, {0}, {0}}, 1};

static double apply(const struct look_function *function, double x)
{
    return function->at ? function->at(function->p, x) : x;
}

double curve_decode(const struct curve *curve, double code)
{
    return apply(&curve->decode, code) / curve->scale;
}

double curve_encode(const struct curve *curve, double light)
{
    return apply(&curve->encode, light * curve->scale);
}
