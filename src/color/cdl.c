/* SPDX-License-Identifier: GPL-3.0-or-later
 * The CDL's definition in double precision, and what its numbers may be. */
#include "color/cdl.h"

#include "base/unit.h"

#include <float.h>
#include <math.h>

const double cdl_luma[3] = {0.2126, 0.7152, 0.0722};

struct cdl cdl_neutral(void)
{
    return (struct cdl){.slope = {1, 1, 1}, .power = {1, 1, 1}, .saturation = 1};
}

bool cdl_is_neutral(const struct cdl *cdl)
{
    for (int c = 0; c < 3; c++)
        if (cdl->slope[c] != 1 || cdl->offset[c] != 0 || cdl->power[c] != 1)
            return false;
    return cdl->saturation == 1;
}

bool cdl_check(const struct cdl *cdl, struct mark at, struct diag *diag)
{
    const double most = 1e6; /* float arithmetic is safe with it, and nobody grades beyond it */
    const struct {
        const char *name, *allowed;
        const double *values;
        int count;
        double least, most;
    } rows[] = {
        {"slope", "allowed: 0 to 1000000", cdl->slope, 3, 0, most},
        {"offset", "allowed: -1000000 to 1000000", cdl->offset, 3, -most, most},
        {"power", "allowed: above 0, to 1000", cdl->power, 3, DBL_TRUE_MIN, 1000},
        {"saturation", "allowed: 0 to 1000000", &cdl->saturation, 1, 0, most},
    };
    bool good = true;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int c = 0; c < rows[i].count; c++) {
            const double v = rows[i].values[c];
            if (v >= rows[i].least && v <= rows[i].most)
                continue;
            g_autofree char *text =
                isfinite(v) ? number_text(v) : g_strdup("infinite or no number");
            diag_error(diag, at, rows[i].allowed, "a CDL's %s can't be %s", rows[i].name, text);
            good = false;
        }
    return good;
}

static double clamp(const struct cdl *cdl, double v)
{
    if (isnan(v))
        return 0;
    return cdl->clamp == CDL_CLAMP_ASC ? fmin(fmax(v, 0), 1) : v;
}

void cdl_apply_exact(const struct cdl *cdl, double rgb[3])
{
    double luma = 0;
    for (int c = 0; c < 3; c++) {
        const double v = clamp(cdl, rgb[c] * cdl->slope[c] + cdl->offset[c]);
        rgb[c] = v > 0 ? pow(v, cdl->power[c]) : v;
        luma += cdl_luma[c] * rgb[c];
    }
    for (int c = 0; c < 3; c++)
        rgb[c] = clamp(cdl, luma + cdl->saturation * (rgb[c] - luma));
}
