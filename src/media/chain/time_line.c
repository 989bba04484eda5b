/* SPDX-License-Identifier: GPL-3.0-or-later
 * The source's time and the programme's. */
#include "private.h"

#include <math.h>

bool chain_time_line(const struct chain *chain, struct time_line *line)
{
    bool video = chain->type == AVMEDIA_TYPE_VIDEO;
    double lasts = video ? chain->video.duration_s : chain->sound.duration_s;
    *line = (struct time_line){.origin_s = chain_origin(chain), .pace = chain->pace};
    line->length_s = chain->retimed ? lasts : chain->to_s - line->origin_s;
    return !chain->bent && chain->pace > 0 && (video || !chain->retimed);
}

bool time_line_cut(const struct time_line *line, double *start_s, double *end_s)
{
    double start = (*start_s - line->origin_s) / line->pace;
    double end = (*end_s - line->origin_s) / line->pace;
    double last = isnan(line->length_s) ? INFINITY : line->length_s;
    bool moment = *start_s == *end_s;
    if (start >= last || end < 0 || (end == 0 && !moment) || (moment && start < 0))
        return false;
    *start_s = fmax(start, 0);
    *end_s = fmin(end, last);
    return true;
}
