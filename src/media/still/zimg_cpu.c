/* SPDX-License-Identifier: GPL-3.0-or-later
 * zimg 3.0.4 (Debian 12), asked for 64 bytes at once, takes some columns of whole numbers from
 * places 32 pixels away where a picture becomes a bit less than half as wide: 2592 to 1280, 3264 to
 * 1600, 5184 to 2560 (mended upstream on 2024-05-28: "off by one error in AVX-512 permute check").
 * FFmpeg's zscale always asks for that (libavfilter 8, vf_zscale.c), so what it calls is this
 * function, by the order in which a program's symbols are looked up; the next best instructions
 * (AVX2) have no such error, but read up to 64 bytes behind a row. The tests hold sizes against
 * ramps (tests/media/columns.c, stills_scale_test.c). */
#include <dlfcn.h>
#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <zimg.h>

typedef zimg_filter_graph *builder(const zimg_image_format *, const zimg_image_format *,
                                   const zimg_graph_builder_params *);

/* 16 columns are made at once; it is those whose samples lie 31 apart that go wrong, unless others
 * lie further apart, as they do from 2.2 on but in the few columns of a narrow picture. */
static bool goes_wrong(double from, unsigned to)
{
    return from > 2. * to && (from < 2.2 * to || to < 64);
}

/* Where colours are converted, chroma is as wide as the narrower picture in between. */
static bool may_go_wrong(const zimg_image_format *in, const zimg_image_format *out)
{
    const double part = in->active_region.width; /* NaN: the whole */
    const double from = isnan(part) ? in->width : part, chroma = from / (1 << in->subsample_w);
    const unsigned least = MIN(in->width, out->width);
    return goes_wrong(from, out->width) || goes_wrong(chroma, out->width >> out->subsample_w) ||
           goes_wrong(chroma, least) || goes_wrong(least, out->width >> out->subsample_w);
}

zimg_filter_graph *zimg_filter_graph_build(const zimg_image_format *in,
                                           const zimg_image_format *out,
                                           const zimg_graph_builder_params *params)
{
    builder *build;
    *(void **)&build = dlsym(RTLD_NEXT, "zimg_filter_graph_build");
    if (!params || params->cpu_type != ZIMG_CPU_AUTO_64B || !may_go_wrong(in, out))
        return build(in, out, params);
    zimg_graph_builder_params safe = *params;
    safe.cpu_type = ZIMG_CPU_AUTO;
    return build(in, out, &safe);
}
