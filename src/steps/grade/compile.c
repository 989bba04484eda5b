/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` → the grade both of its faces apply. */
#include "compile.h"

#include "parts.h"

static const char *transfer_of(const struct space *space)
{
    if (space->kind == SPACE_LINEAR)
        return "linear";
    return space->transfer_tag ? space->transfer_tag : "unknown";
}

const struct space *grade_gives(const struct grade_params *params)
{
    return params->lut_to ? &spaces[params->lut_to - 1] : NULL;
}

struct grade *grade_compile(const struct grade_params *params, const struct face_env *env,
                            const char *transfer, struct failure *failure)
{
    g_auto(grade_ptr) grade = grade_create();
    if (params->space)
        transfer = transfer_of(&spaces[params->space - 1]);
    if (!grade_add_controls(grade, params, transfer, failure) ||
        !grade_add_cdl(grade, params, env, failure) || !grade_add_lut(grade, params, env, failure))
        return NULL;
    return g_steal_pointer(&grade);
}
