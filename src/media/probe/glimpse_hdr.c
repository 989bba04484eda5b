/* SPDX-License-Identifier: GPL-3.0-or-later
 * HDR frames to sRGB. */
#include "glimpse_hdr.h"

#include "color/convert.h"
#include "color/grade.h"
#include "media/encoder.h"

#include <libavutil/pixdesc.h>
#include <math.h>

const struct space *glimpse_hdr_space(const AVFrame *frame, const struct source_stream *stream)
{
    const AVCodecParameters *par = stream->av->codecpar;
    const bool tagged = frame->color_trc != AVCOL_TRC_UNSPECIFIED;
    const char *transfer = av_color_transfer_name(tagged ? frame->color_trc : par->color_trc);
    const struct space *space = space_of_tags("bt2020", transfer);
    return space && space->kind == SPACE_HDR ? space : NULL;
}

/* MaxCLL, else the mastering display's; 0: unknown. */
static double brightest_nit(const AVFrame *frame, const struct source_stream *stream)
{
    struct hdr_static hdr = {0};
    hdr_from_frame(&hdr, frame);
    hdr_from_stream(&hdr, stream->av);
    return hdr.light && hdr.max_cll ? hdr.max_cll : hdr.mastering ? av_q2d(hdr.max_nit) : 0;
}

static uint8_t code(float value)
{
    return (uint8_t)lrintf(255 * fminf(fmaxf(value, 0), 1));
}

void glimpse_tone_map(const struct space *space, const AVFrame *frame,
                      const struct source_stream *stream, const uint16_t *from, uint8_t *to,
                      size_t count)
{
    const struct convert_options options = {.source_peak_nit = brightest_nit(frame, stream)};
    g_auto(look_ptr) look = color_convert(space, space_find("srgb"), &options);
    g_auto(grade_ptr) grade = grade_create();
    g_autofree float *rows = g_new(float, 3 * count);
    float *const planes[3] = {rows, rows + count, rows + 2 * count};
    grade_add(grade, look);
    for (size_t i = 0; i < 3 * count; i++)
        planes[i % 3][i / 3] = (float)from[i] / UINT16_MAX;
    grade_apply(grade, planes[0], planes[1], planes[2], count);
    for (size_t i = 0; i < 3 * count; i++)
        to[i] = code(planes[i % 3][i / 3]);
}
