/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` → the grade both of its faces apply. */
#pragma once

#include "color/grade.h"
#include "grade.h"
#include "steps/faces.h"

/* Reads the files from their descriptors; `transfer` is libav's name for that of the values that
 * flow. NULL and `failure` (FAIL_CONFIG, the reader's words). */
struct grade *grade_compile(const struct grade_params *params, const struct face_env *env,
                            const char *transfer, struct failure *failure);
