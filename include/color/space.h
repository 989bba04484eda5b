/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour spaces: what the R, G and B of a picture mean. A row of a table names one, its primaries
 * and white, its transfer curve, and what libav calls them.
 *
 * Light is counted in one way for all of them, so that any can become any other: 1 is reference
 * white. That is a white reflector in front of a camera (0.18 is a grey card), 203 cd/m2 of an HDR
 * display (ITU-R BT.2408), and the white of an SDR display, which is meant to give 100 cd/m2
 * (BT.2035).
 *
 * rec709, rec2020 and the 601s are what a display shows of them: BT.1886 with a black of 0, a
 * power of 2.4. It is the curve that the pictures were made under, whatever their camera did, so it
 * is the one that says what light is meant. The scene OETF of BT.709 is not its inverse; it isn't
 * used. HLG is display light, too: its OOTF for 1000 cd/m2 (gamma 1.2) is taken with it.
 *
 * Camera spaces are those of the makers' papers (transfer.h and primaries.h of src/color/space). */
#pragma once

#include <stdbool.h>

enum space_kind {
    SPACE_SDR,    /* a display whose white is reference white */
    SPACE_HDR,    /* a display that is brighter than reference white */
    SPACE_LOG,    /* scene light, in a logarithmic curve */
    SPACE_LINEAR, /* scene light as it is */
};

struct space {
    const char *name;  /* "slog3" */
    const char *title; /* "Sony S-Log3, S-Gamut3" */
    enum space_kind kind;
    const struct primaries *primaries;
    const struct curve *curve;
    double peak_nit; /* of displays: the brightest light that it can say */
    /* libav's names; NULL: it has none. The matrix is the one that YUV of it is usually kept in. */
    const char *matrix_tag, *primaries_tag, *transfer_tag;
};

extern const struct space spaces[];
extern const unsigned spaces_count;

/* "tagged", and the names of all spaces in order, NULL: choices for a parameter that may leave it
 * to the tags. Without the first they are the spaces alone. */
extern const char *const space_choices[];
/* "as-is", and the same names. */
extern const char *const space_choices_as_is[];

/* NULL: there is none of this name. */
const struct space *space_find(const char *name);
/* The space that libav's names of primaries and transfer mean; NULL: none of these. SDR television
 * is shown by BT.1886, whichever of its transfers (bt709, smpte170m, bt470m, bt470bg, bt2020-10 …)
 * the tag tells. PQ and HLG are those of BT.2100, which has one set of primaries: with any others
 * that no row has beside them ("unknown", "film", "bt709") they are of Rec.2020's. */
const struct space *space_of_tags(const char *primaries, const char *transfer);

/* The space whose tags moving picture is given for those that it lacks (NULL, "unknown",
 * "reserved"): PQ or HLG where its transfer is, Rec.2020 where its primaries or matrix are; else
 * Rec.709 from 1280 columns or 720 rows on, below it BT.601 with 625 or 525 lines (ITU-R BT.601,
 * BT.709, BT.2100). */
const struct space *space_assumed(const char *primaries, const char *transfer, const char *matrix,
                                  int width, int height);
/* Whether a tag says something: neither NULL nor "unknown" nor "reserved". */
bool space_tag_says(const char *tag);
/* The space that a profile of this description means. NULL: none of these. */
const struct space *space_of_profile(const char *description);
/* The space of a profile of such colorants, columns of XYZ that are adapted to D50 (ICC.1, 9.2,
 * annex E), whose curve is straight, or else sRGB's. NULL: none of these. */
const struct space *space_of_colorants(const double xyz[3][3], bool linear);
/* The space of a still whose profile is of this one (NULL: of none that is known here): floats
 * without a profile are linear light of Rec.709's primaries, whole numbers sRGB. NULL: none that a
 * still is kept in here; such are converted by their profile, and so are whole numbers of linear
 * light. */
const struct space *space_of_still(const struct space *profile, bool has_profile, bool is_float);

/* True of those that libav has names for: files can say that they are of it. */
bool space_has_tags(const struct space *space);
/* True of light in front of a camera. */
bool space_is_scene(const struct space *space);

/* The curve alone, in double: a code value (0 to 1 is all codes of full range) to light as its
 * maker counts it, and back: reflectance, cd/m2 for PQ, else 1 is white. HLG: without the OOTF. */
double space_decode(const struct space *space, double code);
double space_encode(const struct space *space, double light);

/* The brightest light that it can say, in reference whites. */
double space_peak(const struct space *space);
