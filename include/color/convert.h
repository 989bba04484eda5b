/* SPDX-License-Identifier: GPL-3.0-or-later
 * From one colour space to another, as a look.
 *
 *     code values -> light -> the other's primaries -> tone map -> clip -> code values
 *
 * A conversion is of light as it is (colorimetric): a grey card of 18 % comes out as 18 % of
 * reference white (color/space.h), and no picture is rendered as cameras and ACES do: there is no
 * contrast curve for a dim room in it.
 *
 * Where a display is the aim and the source may be brighter than it, highlights are brought down.
 * The tone map works on the largest of R, G and B in the primaries of the aim, and scales all three
 * alike, so that hue stays and nothing is clipped by brightness. What is outside the gamut of a
 * display is clipped, channel by channel, to 0 and its peak. Scene spaces are not clipped. */
#pragma once

#include "color/look.h"
#include "color/space.h"

#define REFERENCE_NIT 203.0 /* reference white of HDR, ITU-R BT.2408-7, table 1 */
#define SDR_NIT 100.0       /* of SDR, ITU-R BT.2035 */

/* Light up to `from` is brought down to `to`, `from` above `to`, both in reference whites. Below 0
 * nothing changes, above `from` it is `to`.
 *
 *  bt2390  ITU-R BT.2390-11, 5.4.1, for a black of 0: in PQ, with E of 0 to 1 up to `from` and
 *          m = PQ(to) / PQ(from), E stays up to KS = 1.5 m - 0.5; above it, with
 *          T = (E - KS) / (1 - KS), it is
 *          (2T^3-3T^2+1) KS + (T^3-2T^2+T) (1-KS) + (-2T^3+3T^2) m
 *  hable   J. Hable, Filmic Tonemapping (2010): h(x) = (x (0.15x + 0.05) + 0.004) /
 *          (x (0.15x + 0.5) + 0.06) - 1/15; to * h(x/to) / h(from/to)
 *  mobius  x up to 0.3 `to`; then a Moebius function through it with the same slope, reaching
 *          `to` at `from`, as FFmpeg's filter `tonemap`
 *  clip    x, and `to` above it: channel by channel, so that hues of highlights change */
enum tone_map { TONE_BT2390, TONE_HABLE, TONE_MOBIUS, TONE_CLIP, TONE_COUNT };
extern const char *const tone_map_names[]; /* in that order, then NULL */

/* One light, in double. */
double tone_map_apply(enum tone_map map, double from, double to, double light);

struct convert_options {
    enum tone_map tone_map;
    /* The brightest light of the display that is aimed at, in cd/m2; 0: what the space has. On an
     * SDR display reference white is 100: with a peak of 200 it comes to half of all light. Between
     * SDR spaces white stays white, whatever the peak. */
    double peak_nit;
    /* The brightest light in the source, in cd/m2 where reference white is 203; 0: the most that
     * the space can say: of linear light 10000. Of no meaning for SDR. */
    double source_peak_nit;
};

/* An identity (no stages) from a space to itself, where nothing is to be brought down. A peak is of
 * a display: other spaces pass it over. */
struct look *color_convert(const struct space *from, const struct space *to,
                           const struct convert_options *options);
