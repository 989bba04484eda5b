/* SPDX-License-Identifier: GPL-3.0-or-later
 * Codes of H.273 and numbers of PNG, as profiles. */
#include "coding.h"

#include "tags/profile.h"

#include <libavutil/csp.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>

enum { WHITE, RED, GREEN, BLUE };

/* What is rounded by writers: PNG has 5 decimals, of sRGB's curve 1 / 2.2. */
static const double XY_SLACK = 0.002, GAMMA_SLACK = 0.01, GAMMA_MOST = 10;

const char *coding_primaries(const struct still_coding *coding)
{
    const int code = coding->primaries;
    return code > 0 && code != AVCOL_PRI_UNSPECIFIED
               ? av_color_primaries_name((enum AVColorPrimaries)code)
               : NULL;
}

const char *coding_transfer(const struct still_coding *coding)
{
    const int code = coding->transfer;
    return code > 0 && code != AVCOL_TRC_UNSPECIFIED
               ? av_color_transfer_name((enum AVColorTransferCharacteristic)code)
               : NULL;
}

const char *coding_hdr(const struct still_coding *coding)
{
    return coding->transfer == AVCOL_TRC_SMPTE2084      ? "pq"
           : coding->transfer == AVCOL_TRC_ARIB_STD_B67 ? "hlg"
                                                        : NULL;
}

const struct space *coding_hdr_space(const struct still_coding *coding)
{
    const char *primaries = coding_primaries(coding);
    return coding_hdr(coding)
               ? space_of_tags(primaries ? primaries : "unknown", coding_transfer(coding))
               : NULL;
}

/* Where codes of H.273 are said, they are: libavutil's numbers for them. */
static bool read_primaries(const struct still_coding *coding, double xy[4][2])
{
    const char *name = coding_primaries(coding);
    const AVColorPrimariesDesc *desc = av_csp_primaries_desc_from_id(
        name ? (enum AVColorPrimaries)coding->primaries : AVCOL_PRI_BT709);
    if (!desc)
        return false;
    const AVCIExy points[] = {desc->wp, desc->prim.r, desc->prim.g, desc->prim.b};
    for (int i = WHITE; i <= BLUE; i++) {
        xy[i][0] = av_q2d(points[i].x);
        xy[i][1] = av_q2d(points[i].y);
    }
    if (!name && coding->xy[WHITE][1] > 0)
        memcpy(xy, coding->xy, sizeof coding->xy);
    return true;
}

/* The power that makes light of codes; 0: sRGB's curve. */
static bool read_power(const struct still_coding *coding, double *power)
{
    switch (coding->transfer) {
    case 0:
    case AVCOL_TRC_UNSPECIFIED:
        *power = coding->gamma > 1 / GAMMA_MOST && coding->gamma < GAMMA_MOST &&
                         fabs(coding->gamma - 1 / 2.2) > GAMMA_SLACK
                     ? 1 / coding->gamma
                     : 0;
        return true;
    case AVCOL_TRC_BT709:
    case AVCOL_TRC_SMPTE170M:
    case AVCOL_TRC_IEC61966_2_1:
    case AVCOL_TRC_BT2020_10:
    case AVCOL_TRC_BT2020_12:
        *power = 0;
        return true;
    case AVCOL_TRC_GAMMA22:
        *power = 2.2;
        return true;
    case AVCOL_TRC_GAMMA28:
        *power = 2.8;
        return true;
    case AVCOL_TRC_LINEAR:
        *power = 1;
        return true;
    default:
        return false;
    }
}

static bool same_primaries(double xy[4][2], int code)
{
    double other[4][2];
    read_primaries(&(struct still_coding){.primaries = code}, other);
    for (int i = WHITE; i <= BLUE; i++)
        if (fabs(xy[i][0] - other[i][0]) > XY_SLACK || fabs(xy[i][1] - other[i][1]) > XY_SLACK)
            return false;
    return true;
}

bool coding_is_srgb(const struct still_coding *coding)
{
    double xy[4][2], power;
    const bool said = coding_primaries(coding) || coding_transfer(coding) || coding->gamma > 0;
    return said && read_primaries(coding, xy) && read_power(coding, &power) && power == 0 &&
           same_primaries(xy, AVCOL_PRI_BT709);
}

static char *title_of(const struct still_coding *coding, double power, bool usual_primaries)
{
    const char *primaries = coding_primaries(coding);
    g_autofree char *curve = power > 0 ? g_strdup_printf("gamma %.2f", power) : NULL;
    return g_strdup_printf("%s, primaries %s", curve ? curve : "curve as usual",
                           usual_primaries ? "bt709"
                           : primaries     ? primaries
                                           : "of the file (cHRM)");
}

GBytes *coding_profile(const struct still_coding *coding, bool grey)
{
    double xy[4][2], power;
    if (!read_primaries(coding, xy) || !read_power(coding, &power))
        return NULL;
    const bool srgb = grey || same_primaries(xy, AVCOL_PRI_BT709);
    if (srgb && power == 0)
        return NULL;
    const bool p3 = power == 0 && same_primaries(xy, AVCOL_PRI_SMPTE432);
    g_autofree char *title = p3 ? g_strdup("Display P3") : title_of(coding, power, srgb);
    return profile_made(grey ? NULL : xy, power, title);
}
