/* SPDX-License-Identifier: GPL-3.0-or-later
 * `subtitles`: moving picture. */
#include "steps/faces.h"
#include "subtitles.h"

#include <string.h>

video_face subtitles_video;

bool subtitles_video(struct chain *chain, const void *params, const struct face_env *env,
                     struct failure *failure)
{
    const struct subtitles *subtitles = params;
    const struct video_shape *shape = chain_video(chain);
    bool named = subtitles->track && strcmp(subtitles->track, "default") != 0;
    g_autofree char *words =
        subtitles->file ? g_path_get_basename(subtitles->file) : g_strdup("the source");
    struct subtitle_look look = {
        .words = words,
        .track = named ? subtitles->track : NULL,
        .beside = subtitles->file != NULL,
        .size = MAX(extent_pixels(subtitles->size, shape->height, 0), 6),
        .margin = extent_pixels(subtitles->margin, shape->height, 0),
        .color = subtitles->color,
        .box = subtitles->box,
    };
    place_shares((enum place)subtitles->place, &look.across, &look.down);
    return chain_subtitles(chain, failure, subtitles->file ? env->file(env, "file") : env->fds[0],
                           &look);
}
