/* SPDX-License-Identifier: GPL-3.0-or-later
 * Initialising the libraries, once. */
#include "media/warm.h"

#include "media/log.h"
#include "still/vips_start.h"

#include <fontconfig/fontconfig.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <stdio.h>
#include <stdlib.h>
#include <vips/vips.h>

/* Letters have one colour: of fonts that bring their own only the outlines would be left, filled.
 * The cache is written here, since a task may not. */
static void start_fonts(void)
{
    static const char but_coloured[] =
        "<fontconfig><selectfont><rejectfont><pattern><patelt name=\"color\"><bool>true</bool>"
        "</patelt></pattern></rejectfont></selectfont></fontconfig>";
    FcConfig *config = FcInitLoadConfig();
    FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)but_coloured, FcTrue);
    FcConfigSetCurrent(config);
    FcConfigDestroy(config);
}

void media_warm(void)
{
    media_keep_memory();
    if (!vips_start()) {
        fprintf(stderr, "rushes-worker: libvips: %s\n", vips_error_buffer());
        exit(1);
    }
    vips_concurrency_set(1);
    /* The first look into each registry builds its tables. */
    avcodec_find_encoder_by_name("libx264");
    avfilter_get_by_name("zscale");
    av_guess_format("mp4", NULL, NULL);
    start_fonts();
    media_log_start();
}
