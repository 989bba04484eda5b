/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains of sound for what reads it. */
#include "media/chain_run.h"
#include "media/sndfile.h"
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

struct chain *chain_create_file(const struct sound_file *file, struct failure *failure)
{
    const struct sound_shape *shape = sound_file_shape(file);
    const struct chain_input input = {
        .time_base = {1, shape->rate},
        .threads = 1,
        .sound = shape,
        .sample_format = sound_file_format(file),
        .picture_fps = {0, 1},
    };
    return chain_create_sound(&input, failure);
}
