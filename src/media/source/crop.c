/* SPDX-License-Identifier: GPL-3.0-or-later
 * What containers say is not to be shown of a picture. */
#include "matroska.h"
#include "source.h"

static bool leaves_some(const struct source_crop *crop, const AVCodecParameters *par)
{
    return crop->left + crop->right < par->width && crop->top + crop->bottom < par->height;
}

void source_crops(struct source *source)
{
    g_autoptr(GArray) tracks = matroska_tracks_of(source->fd, source->format);
    for (guint i = 0; i < tracks->len; i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        const struct matroska_track *track = &g_array_index(tracks, struct matroska_track, i);
        if (leaves_some(&track->crop, facts->av->codecpar))
            facts->crop = track->crop;
    }
}
