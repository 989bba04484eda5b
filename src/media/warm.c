/* SPDX-License-Identifier: GPL-3.0-or-later
 * Initialising the libraries, once. */
#include "media/warm.h"

#include "media/log.h"
#include "vips_start.h"

#include <fontconfig/fontconfig.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <stdio.h>
#include <stdlib.h>
#include <vips/vips.h>

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
    /* So that its cache is written: a task may not. */
    FcInit();
    media_log_start();
}
