/* SPDX-License-Identifier: GPL-3.0-or-later
 * A grade: what the user asked for, compiled once into a short list of operations, and applied to
 * rows of planar float RGB by as many threads as there are.
 *
 * The same grade gives the same numbers on a still and on a frame, for any split into rows and any
 * number of threads: every pixel is computed alone.
 *
 * Nothing is clamped but by the CDL's own clamp and by a LUT's domain (a value outside it is taken
 * as its end). Cubes are interpolated tetrahedrally, curves linearly; a LUT's points come out to
 * float rounding, exactly in cubes of 17, 33 or 65 over 0..1. The CDL's power is within 1e-6 of
 * double precision: absolute for results up to 1, relative for powers up to 4. */
#pragma once

#include "color/cdl.h"
#include "color/lut.h"

struct grade;

/* The CDL (checked before with cdl_check), then the LUT; either may be NULL. Nothing of the
 * arguments is kept. */
struct grade *grade_create(const struct cdl *cdl, const struct lut *lut);
void grade_destroy(struct grade *grade); /* NULL is fine */
typedef struct grade *grade_ptr;         /* g_auto(grade_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(grade_ptr, grade_destroy, NULL)

/* Grades `count` pixels in place. The three rows don't overlap; no alignment is asked. Where
 * there is anything to do, the result is finite, and NaN counts as 0. Thread-safe. */
void grade_apply(const struct grade *grade, float *r, float *g, float *b, gsize count);

/* True when there is nothing to do: neutral CDL numbers, and no LUT or an identity LUT (see
 * lut_is_identity). Callers then leave the picture as it is, without converting it to RGB. */
bool grade_is_identity(const struct grade *grade);

/* One sentence for the report, without a full stop: the CDL's numbers and clamp; the LUT's title,
 * sizes, file and hash. Owned by the grade. */
const char *grade_describe(const struct grade *grade);
