/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains of a source's sound. */
#include "media/chain_run.h"
#include "media/source.h"

#include <math.h>

char *source_early_text(const struct source *source, int stream, double start_s)
{
    static const double noticed_s = 0.1;
    const double early_s = start_s - source_stream(source, stream)->start_s;
    return early_s > noticed_s
               ? g_strdup_printf("%.3f s of sound before the first picture left out: a film begins "
                                 "with its picture",
                                 early_s)
               : NULL;
}

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
    struct chain *chain = chain_create_sound(&input, failure);
    g_autofree char *early = source_early_text(source, stream, start_s);
    if (chain && early)
        chain_note(chain, "%s", early);
    return chain;
}
