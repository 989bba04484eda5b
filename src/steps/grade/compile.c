/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` → the grade both of its faces apply. */
#include "compile.h"

#include "parts.h"

struct grade *grade_compile(const struct grade_params *params, const struct face_env *env,
                            const char *transfer, struct failure *failure)
{
    g_auto(grade_ptr) grade = grade_create();
    if (!grade_add_controls(grade, params, transfer, failure) ||
        !grade_add_cdl(grade, params, env, failure) || !grade_add_lut(grade, params, env, failure))
        return NULL;
    return g_steal_pointer(&grade);
}
