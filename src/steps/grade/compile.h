/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` → the grade both of its faces apply. */
#pragma once

#include "color/grade.h"
#include "color/space.h"
#include "grade.h"
#include "steps/faces.h"

/* Reads the files from their descriptors; `transfer` is libav's name for that of the values that
 * flow, as their tags tell: the parameters may know better. NULL and `failure` (FAIL_CONFIG, the
 * reader's words). */
struct grade *grade_compile(const struct grade_params *params, const struct face_env *env,
                            const char *transfer, struct failure *failure);

/* The space that the LUT gives; NULL: none is named. */
const struct space *grade_gives(const struct grade_params *params);
