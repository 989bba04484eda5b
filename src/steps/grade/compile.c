/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` → the kernel both of its faces run. */
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

bool grade_rows(void *state, struct rgb_rows *rows, struct failure *failure)
{
    for (int y = 0; y < rows->height; y++) {
        size_t row = (size_t)y * rows->stride;
        grade_apply(state, rows->r + row, rows->g + row, rows->b + row, (size_t)rows->width);
    }
    return true;
}

void grade_free(void *state)
{
    grade_destroy(state);
}
