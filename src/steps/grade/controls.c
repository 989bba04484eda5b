/* SPDX-License-Identifier: GPL-3.0-or-later
 * The controls of a grade. */
#include "color/controls.h"

#include "color/white.h"
#include "parts.h"
#include "points.h"

#include <string.h>

static bool touches_light(const struct grade_params *params)
{
    return params->exposure_stops != 0 || params->temperature_k != WHITE_NEUTRAL_K ||
           params->tint != 0;
}

/* What isn't linear is taken as video, but for those where that would be no factor on light at all;
 * of a log there is no tag. */
static bool light_gamma(const struct grade_params *params, const char *transfer, double *gamma,
                        struct failure *failure)
{
    static const char *const others[] = {"smpte2084", "arib-std-b67", "log100",
                                         "log316",    "unknown",      NULL};
    *gamma = strcmp(transfer, "linear") ? CONTROLS_GAMMA_VIDEO : 1;
    if (!g_strv_contains(others, transfer) || !touches_light(params))
        return true;
    return fail(failure, FAIL_CONFIG,
                "grade: exposure, temperature and tint are factors on light, and what flows here "
                "(%s) is not light to a power: put color: {to: linear-rec709} or {to: "
                "linear-rec2020} before, or take slope, offset and power",
                strcmp(transfer, "unknown") ? transfer : "not tagged: a log");
}

/* A task that was written by hand was never checked. */
static bool is_checked(const struct grade_params *params, struct failure *failure)
{
    const struct mark nowhere = {0};
    g_auto(diag_ptr) diag = diag_create();
    if (curves_check(params->curves, nowhere, diag))
        return true;
    g_autofree char *why = diag_text(diag, false);
    return fail(failure, FAIL_CONFIG, "%s", g_strchomp(why));
}

bool grade_add_controls(struct grade *grade, const struct grade_params *params,
                        const char *transfer, struct failure *failure)
{
    struct controls controls = {.exposure_stops = params->exposure_stops,
                                .temperature_k = params->temperature_k,
                                .tint = params->tint,
                                .contrast = params->contrast,
                                .pivot = params->pivot};
    if (!is_checked(params, failure) ||
        !light_gamma(params, transfer, &controls.light_gamma, failure))
        return false;
    memcpy(controls.lift, params->lift, sizeof controls.lift);
    memcpy(controls.gamma, params->gamma, sizeof controls.gamma);
    memcpy(controls.gain, params->gain, sizeof controls.gain);
    curves_read(params->curves, controls.curves);
    for (int i = 0; i < CONTROL_CURVES; i++)
        if (controls.curves[i].count)
            monotone_fit(&controls.curves[i]);
    g_auto(look_ptr) look = controls_look(&controls);
    if (look)
        grade_add(grade, look);
    return true;
}
