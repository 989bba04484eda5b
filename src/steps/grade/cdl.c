/* SPDX-License-Identifier: GPL-3.0-or-later
 * The CDL of a grade. */
#include "parts.h"

#include <string.h>

bool grade_add_cdl(struct grade *grade, const struct grade_params *params,
                   const struct face_env *env, struct failure *failure)
{
    struct cdl cdl = {.saturation = params->saturation,
                      .clamp = params->clamp ? CDL_CLAMP_NONE : CDL_CLAMP_ASC};
    memcpy(cdl.slope, params->slope, sizeof cdl.slope);
    memcpy(cdl.offset, params->offset, sizeof cdl.offset);
    memcpy(cdl.power, params->power, sizeof cdl.power);
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look, &cdl);
    grade_add(grade, look);
    return true;
}
