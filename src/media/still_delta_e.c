/* SPDX-License-Identifier: GPL-3.0-or-later
 * CIEDE2000 of two pictures. */
#include "still_delta_e.h"
#include "comparison_private.h"
#include "still_private.h"

VipsImage *delta_e_of(VipsImage *a, VipsImage *b)
{
    VipsImage *out = NULL;
    return vips_dE00(a, b, &out, NULL) == 0 ? out : NULL;
}

/* CIE L*a*b* of D50 as its profile says, or of what its numbers are without one. */
static VipsImage *to_lab(VipsImage *page)
{
    g_autoptr(VipsImage) plain = NULL;
    VipsImage *lab = NULL;
    if (vips_image_hasalpha(page) &&
        vips_extract_band(page, &plain, 0, "n", page->Bands - 1, NULL) != 0)
        return NULL;
    VipsImage *in = plain ? plain : page;
    const bool tagged = vips_image_get_typeof(in, VIPS_META_ICC_NAME);
    if (tagged && vips_icc_import(in, &lab, "embedded", TRUE, "pcs", VIPS_PCS_LAB, NULL) == 0)
        return lab;
    return vips_colourspace(in, &lab, VIPS_INTERPRETATION_LAB, NULL) == 0 ? lab : NULL;
}

bool still_delta_e(const struct still *reference, const struct still *made, int page, double *mean,
                   double *most)
{
    g_autoptr(VipsImage) a = to_lab(reference->pages->pdata[page]);
    g_autoptr(VipsImage) b = a ? to_lab(made->pages->pdata[page]) : NULL;
    g_autoptr(VipsImage) off =
        b && a->Xsize == b->Xsize && a->Ysize == b->Ysize ? delta_e_of(a, b) : NULL;
    g_autoptr(VipsImage) figures = NULL;
    if (!off || vips_stats(off, &figures, NULL) != 0) {
        vips_error_clear();
        return false;
    }
    *most = *VIPS_MATRIX(figures, 1, 0);
    *mean = *VIPS_MATRIX(figures, 4, 0);
    return true;
}
