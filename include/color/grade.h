/* SPDX-License-Identifier: GPL-3.0-or-later
 * A grade: looks in order, compiled into a short list of operations, and applied to rows of planar
 * float RGB by as many threads as there are.
 *
 * The same grade gives the same numbers for any split into rows and any number of threads, on every
 * processor: every pixel is computed alone. A still and a frame of RGB are given the same; a frame
 * of Y'CbCr of up to 12 bits is given them to a few hundredths of a code of 10 bits
 * (engine/coarse.h).
 *
 * Nothing is clamped but by a look's own clamps and by a table's domain (a value outside it is
 * taken as its end). Cubes are interpolated tetrahedrally, curves linearly; a table's points come
 * out to float rounding, exactly in cubes of 17, 33 or 65 over 0..1. The CDL's power is within 1e-6
 * of double precision: absolute for results up to 1, relative for results up to 200. Functions are
 * within 1e-6 of the larger of their value and 1, for values up to 65536 in and 1e9 out, but
 * nearest to black: what encodes PQ is within 2.3e-6 below 1e-6 cd/m2, what decodes Apple Log
 * within 1.5e-5 at codes around 5e-8. */
#pragma once

#include "color/look.h"

struct grade;

/* Empty: an identity. Looks are then added, before the first pixel. */
struct grade *grade_create(void);
void grade_destroy(struct grade *grade); /* NULL is fine */
typedef struct grade *grade_ptr;         /* g_auto(grade_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(grade_ptr, grade_destroy, NULL)

/* After what is there already. CDLs were checked before (cdl_check). Nothing of the look is kept.
 * A look that is an identity as a whole (look_is_identity) is left out, and so are neutral CDLs and
 * unit matrices; matrices that follow one another within a look become one. */
void grade_add(struct grade *grade, const struct look *look);

/* All of `next` after what is there; destroys `next`. */
void grade_join(struct grade *grade, struct grade *next);

/* Grades `count` pixels in place. The three rows don't overlap; no alignment is asked. Where
 * there is anything to do, the result is finite: of finite values, as which frames and stills of
 * floats are read, too (NaN as 0, infinity as the greatest). Thread-safe. */
void grade_apply(const struct grade *grade, float *r, float *g, float *b, gsize count);

/* True when there is nothing to do. Callers then leave the picture as it is, without converting it
 * to RGB. */
bool grade_is_identity(const struct grade *grade);

/* One sentence for the report, without a full stop: each look's description. Owned by the grade,
 * valid until the next look is added. */
const char *grade_describe(const struct grade *grade);
