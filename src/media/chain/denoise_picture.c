/* SPDX-License-Identifier: GPL-3.0-or-later
 * Less noise in moving picture. */
#include "media/chain_picture.h"

#include "private.h"

/* hqdn3d's own defaults: luma in space and in time, then chroma; codes of 8 bits. */
static const double LUMA_SPACE = 4, CHROMA_SPACE = 3, LUMA_TIME = 6, CHROMA_TIME = 4.5;

static char *times(double strength, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, "%.6f", strength * value));
}

bool chain_denoise_picture(struct chain *chain, struct failure *failure, double strength)
{
    if (!chain_plain(chain, failure))
        return false;
    if (chain->video.rgb || chain->video.alpha)
        return fail(failure, FAIL_CONFIG,
                    "denoise works on YUV without alpha, and what flows here is %s: put it where "
                    "the picture is YUV, or leave it out",
                    chain->video.pix_fmt);
    g_autofree char *luma = times(strength, LUMA_SPACE), *chroma = times(strength, CHROMA_SPACE),
                    *luma_time = times(strength, LUMA_TIME),
                    *chroma_time = times(strength, CHROMA_TIME);
    chain->filtered = true;
    return chain_filter(chain, failure, "hqdn3d", "luma_spatial", luma, "chroma_spatial", chroma,
                        "luma_tmp", luma_time, "chroma_tmp", chroma_time, NULL);
}
