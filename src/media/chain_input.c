/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains of a source's sound. */
#include "media/chain_run.h"
#include "media/source.h"

#include <math.h>

struct chain *chain_create_source(const struct source *source, int stream, int picture,
                                  double start_s, struct failure *failure)
{
    struct sound_shape shape;
    struct video_shape beside = {.fps = {0, 1}};
    const AVStream *of = source_stream(source, stream)->av;
    source_sound_shape(source, stream, &shape);
    if (picture >= 0)
        source_video_shape(source, picture, &beside, NULL);
    const struct chain_input input = {
        .time_base = of->time_base,
        .start_s = isfinite(start_s) ? start_s : 0,
        .threads = 1,
        .sound = &shape,
        .sample_format = of->codecpar->format,
        .picture_fps = beside.fps,
    };
    return chain_create_sound(&input, failure);
}
