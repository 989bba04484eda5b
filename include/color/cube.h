/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .cube reader: one strict reading of the two dialects, the same in every locale.
 *
 * Adobe/IRIDAS:  TITLE "x", LUT_1D_SIZE n or LUT_3D_SIZE n, DOMAIN_MIN r g b, DOMAIN_MAX r g b
 * Resolve:       TITLE, LUT_1D_SIZE n, LUT_1D_INPUT_RANGE lo hi, LUT_3D_SIZE n,
 *                LUT_3D_INPUT_RANGE lo hi; with both sizes the 1D rows come first and are the
 *                shaper, applied before the cube
 *
 * The header comes first, then exactly the rows it promises, three finite numbers each, red
 * fastest. Comments (#) and empty lines may stand anywhere; lines end in LF, CRLF or CR.
 * Accepted with a warning: a byte order mark, spaces before a keyword, a keyword in lower case, a
 * title without quotes, Resolve's video range words, up to ten vendors' words in the header.
 * Refused, with the line: anything else, among it words that are nearly a keyword, rows too few or
 * too many, four columns, decimal commas, NaN and infinity, numbers beyond +-1e6, an empty or
 * inverted range, DOMAIN_* with two tables. */
#pragma once

#include "base/diag.h"
#include "color/look.h"

/* Reads `length` bytes of `text` (no NUL needed at the end). `name` is the file for messages and
 * reports. Returns NULL after reporting to diag; it stops looking after the tenth
 * error, and after the first in a file of which it hasn't understood a line. */
struct look *cube_read(const char *text, gsize length, const char *name, struct diag *diag);
