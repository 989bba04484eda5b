/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that ends long before its picture: known before the end of the file. */
#include "render.h"

#include <math.h>

/* libavformat gives samples of MOV and MP4 in the order of their times once these are further apart
 * than a second (libavformat/mov.c, mov_find_next_sample). */
static const double apart_s = 5;

/* Fragments make a declared duration longer as they are read. */
static double end_of(const struct source_stream *stream)
{
    const AVStream *av = stream->av;
    return av->duration > 0 ? stream->start_s + (double)av->duration * av_q2d(av->time_base) : NAN;
}

static bool tells_ends(const struct render *render)
{
    return strstr(source_format(render->source)->iformat->name, "mov") &&
           !task_joins(render->job->task);
}

int next_over(struct render *render, double time_s)
{
    if (!tells_ends(render))
        return -1;
    for (guint i = 0; i < render->shared->len; i++) {
        struct shared *shared = &g_array_index(render->shared, struct shared, i);
        const struct source_stream *stream = source_stream(render->source, shared->stream);
        if (stream->type == AVMEDIA_TYPE_AUDIO && !shared->over &&
            end_of(stream) + apart_s < time_s) {
            shared->over = true;
            return shared->stream;
        }
    }
    return -1;
}

bool over_holds(const struct render *render, int stream, struct failure *failure)
{
    const struct shared *shared = shared_of(render, stream);
    return !shared || !shared->over ||
           fail(failure, FAIL_INPUT_DAMAGED,
                "stream %d: there is more sound behind the end that the file declares: write the "
                "file anew",
                stream);
}
