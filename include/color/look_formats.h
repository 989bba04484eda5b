/* SPDX-License-Identifier: GPL-3.0-or-later
 * The readers of LUT files besides .cube (color/cube.h): what each takes, warns of and refuses.
 *
 * All read `length` bytes of `text` (no NUL needed at the end); `name` is the file for messages and
 * reports. They return NULL after reporting to diag, with line and column, and stop looking after
 * the tenth error. Numbers are finite decimals between -1e6 and 1e6, in no locale; a byte order
 * mark is warned of; # begins a comment in all but CLF. Curves have 2 to LOOK_CURVES_MAX points,
 * cubes 2 to LOOK_CUBE_MAX along an edge, the same along all three. Rows too few or too many are
 * errors. Cubes are interpolated tetrahedrally and curves linearly, whatever a file wishes. */
#pragma once

#include "base/diag.h"
#include "color/look.h"

/* .3dl, of Lustre and of Flame (Autodesk; Kodak before): rows of three whole numbers from 0 to
 * 65535, blue fastest, as many as make a cube. Before them, optionally, one line of more numbers:
 * the input positions of the points, which rise. Positions within 2 codes of even ones count as
 * even (1023 is written for 1024); others become a shaper.
 * White, of rows and of positions, is that of the bits that the largest number tells: up to 511
 * 8 bits, up to 2047 10, up to 8191 12, else 16. "Mesh 4 12" says the bits of output itself, and
 * the number of points along an edge, 2^4 + 1; where its bits are too few, the numbers decide, with
 * a warning. The look's summary says which bits were told by numbers. Nothing is clipped: 4096 of
 * 12 bits is a little above white.
 * Passed over: 3DMESH, LUT8 and the like. Warned of: a gamma that isn't 1, any other word.
 * Refused: fractions, rows that make no cube or not Mesh's, a largest number below 128. */
struct look *threedl_read(const char *text, gsize length, const char *name, struct diag *diag);

/* .spi1d (Sony Pictures Imageworks): the words Version 1, From LOW HIGH (0 1 without it), Length N,
 * Components 1 or 3 in any order, then { and N rows and }. Refused: 2 components, an empty or
 * inverted range, any other word, text after the brace. */
struct look *spi1d_read(const char *text, gsize length, const char *name, struct diag *diag);

/* .spi3d (the same): SPILUT 1.0, then 3 3, then N N N, then rows of a place (red, green, blue, from
 * 0) and three numbers, in any order. Refused: a place outside of the cube, one that stands
 * twice. */
struct look *spi3d_read(const char *text, gsize length, const char *name, struct diag *diag);

/* .csp (cineSpace, Rising Sun Research): CSPLUTV100, then 1D or 3D, optionally BEGIN METADATA to
 * END METADATA (passed over), then for each channel a shaper: a number of points, their inputs,
 * which rise, and their outputs, straight in between (cineSpace itself bends it there, other
 * readers don't); 0 or 1 points are none. Then N and N rows of curves, or N N N and the rows of a
 * cube, red fastest. Shapers are exact to 1e-6 where their inputs stand on an even grid
 * (color/knots.h). */
struct look *csp_read(const char *text, gsize length, const char *name, struct diag *diag);

/* .clf, the Academy's Common LUT Format 3.0 (S-2014-006) and SMPTE ST 2136-1: a ProcessList of
 * Matrix (3x3, 3x4), LUT1D (also halfDomain and rawHalfs), LUT3D, Range, ASC_CDL, Exponent and Log
 * of all styles, with numbers scaled by the bit depths 8i 10i 12i 16i 16f 32f. Kept for the report:
 * name or first Description, InputDescriptor and OutputDescriptor. Info is passed over.
 * Warned of: an attribute that CLF doesn't know, a missing version, a cube that asks for trilinear
 * interpolation (also by not asking), LogParams of a style that has none.
 * Refused: an operation that CLF doesn't know, by its name; an inBitDepth that isn't the
 * outBitDepth before it; versions above 3.0; DOCTYPE and entities, more than 100 operations (XML is
 * read by GLib's GMarkup: UTF-8 only); other numbers a style has no use for; a Range whose ends in
 * are closer than LOOK_RANGE_LEAST; an ASC_CDL backwards whose inverse cdl_check refuses. Held
 * against the specification's formulas, |wrong| / max(|right|, 0.1) is below 1e-5 for inputs
 * between the halves' limits; the tolerance of the CLF implementation guide is 0.002. A logarithm
 * of less than 2^-14, and a root near 0, are right at every half float, and straight between two.
 */
struct look *clf_read(const char *text, gsize length, const char *name, struct diag *diag);
