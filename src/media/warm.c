/* SPDX-License-Identifier: GPL-3.0-or-later
 * Initialising the libraries, once. */
#include "media/warm.h"

#include "media/log.h"
#include "vips_start.h"

#include <fontconfig/fontconfig.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <vips/vips.h>

/* Frames come and go by the hundred: memory that goes back to the system between them is zeroed by
 * it each time (a fifth of a render's time, measured). A task's memory goes back when it ends. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20); /* the most that glibc takes */
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void media_warm(void)
{
    keep_memory();
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
