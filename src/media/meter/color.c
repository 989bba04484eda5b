/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour of sampled pictures. */
#include "color.h"

#include "color/space.h"

#include <libavutil/csp.h>
#include <math.h>

static enum AVColorSpace space_or_usual(const AVFrame *frame)
{
    if (frame->colorspace != AVCOL_SPC_UNSPECIFIED)
        return frame->colorspace;
    return frame->width >= 1280 || frame->height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

bool color_matrix_of(const struct picture *picture, struct color_matrix *matrix)
{
    const enum AVColorSpace space = space_or_usual(picture->frame);
    const AVLumaCoefficients *luma = av_csp_luma_coeffs_from_avcsp(space);
    if (picture->components < 3 || picture->rgb || !luma || space == AVCOL_SPC_YCGCO)
        return false;
    const double r = av_q2d(luma->cr), g = av_q2d(luma->cg), b = av_q2d(luma->cb);
    const double span = picture->full ? 65535 : 224 * 256;
    *matrix = (struct color_matrix){.scale = (float)(1 / (picture->white - picture->black)),
                                    .black = (float)picture->black,
                                    .chroma = (float)(1 / span),
                                    .red = (float)(2 * (1 - r)),
                                    .blue = (float)(2 * (1 - b)),
                                    .green_r = (float)(-2 * r * (1 - r) / g),
                                    .green_b = (float)(-2 * b * (1 - b) / g)};
    return true;
}

bool color_is_hdr(const AVFrame *frame)
{
    return frame->color_trc == AVCOL_TRC_SMPTE2084 || frame->color_trc == AVCOL_TRC_ARIB_STD_B67;
}

double color_nit(const AVFrame *frame, double level)
{
    level = CLAMP(level, 0, 1);
    if (frame->color_trc == AVCOL_TRC_SMPTE2084)
        return space_decode(space_find("pq"), level);
    if (frame->color_trc == AVCOL_TRC_ARIB_STD_B67)
        return 1000 * pow(space_decode(space_find("hlg"), level), 1.2);
    return 413.435 * pow(0.002745 * 255 * level + 0.0189623, 2.2);
}
