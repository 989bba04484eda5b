/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts of `grade`, each of which adds its look, in the order of compile.c. False and `failure`
 * (FAIL_CONFIG, the reader's words) where a file can't be used. */
#pragma once

#include "compile.h"

/* `transfer` is libav's name for that of the values that flow. */
bool grade_add_controls(struct grade *grade, const struct grade_params *params,
                        const char *transfer, struct failure *failure);
bool grade_add_cdl(struct grade *grade, const struct grade_params *params,
                   const struct face_env *env, struct failure *failure);
bool grade_add_lut(struct grade *grade, const struct grade_params *params,
                   const struct face_env *env, struct failure *failure);

/* All of the file that parameter `param` names, with a NUL behind it. Caller frees; NULL and
 * `failure`. */
char *grade_file(const struct face_env *env, const char *param, gsize *length,
                 struct failure *failure);
