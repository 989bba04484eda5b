/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tracks of a transport stream that begin behind what libavformat looks at. */
#include "../bytes/ts_tables.h"
#include "source.h"

/* Places that are looked at, each of which may be one for several tracks. */
enum { PLACES_MOST = 16 };

/* Of a track that can be decoded. */
static bool is_unknown(const struct track *track)
{
    const AVCodecParameters *par = track->facts.av->codecpar;
    if (!avcodec_find_decoder(par->codec_id))
        return false;
    if (track->facts.type == AVMEDIA_TYPE_AUDIO)
        return par->sample_rate <= 0 || par->ch_layout.nb_channels <= 0;
    return track->facts.type == AVMEDIA_TYPE_VIDEO && par->width <= 0;
}

bool source_has_late(const struct source *source)
{
    for (int i = 0; i < source->count; i++)
        if (is_unknown(&source->tracks[i]))
            return true;
    return false;
}

static const struct naming *naming_of(const struct source *source, const struct track *track)
{
    const GArray *namings = source->splice.namings;
    for (guint i = 0; i < namings->len; i++) {
        const struct naming *naming = &g_array_index(namings, struct naming, i);
        if (naming->pid == track->facts.av->id)
            return naming;
    }
    return NULL;
}

static void learn(struct source *source, const struct source *from)
{
    for (int i = 0; i < source->count; i++)
        for (int j = 0; j < from->count && is_unknown(&source->tracks[i]); j++) {
            const AVStream *known = from->tracks[j].facts.av;
            if (known->id == source->tracks[i].facts.av->id && !is_unknown(&from->tracks[j]))
                avcodec_parameters_copy(source->format->streams[i]->codecpar, known->codecpar);
        }
}

/* What can't be read there fails again where it is used. */
static void look_at(struct source *source, const struct source_opts *opts, int64_t from)
{
    struct failure ignored = {0};
    g_autoptr(GArray) rest = g_array_new(FALSE, FALSE, sizeof(struct io_piece));
    const struct io_piece piece = {from, io_size(source->io) - from};
    struct source_opts there = {.threads = opts->threads, .pieces = rest, .patient = true};
    g_array_append_val(rest, piece);
    g_auto(source_ptr) other = source_open_plain(source->fd, &there, &ignored);
    if (other)
        learn(source, other);
    failure_clear(&ignored);
}

void source_know_late(struct source *source, const struct source_opts *opts)
{
    int places = 0;
    for (int i = 0; i < source->count; i++)
        source->tracks[i].late = is_unknown(&source->tracks[i]);
    for (int i = 0; i < source->count; i++) {
        const struct track *track = &source->tracks[i];
        const struct naming *naming = is_unknown(track) ? naming_of(source, track) : NULL;
        if (naming && naming->empty)
            source_drop_track(source, i, "there is nothing in it");
        else if (naming && places++ < PLACES_MOST)
            look_at(source, opts, naming->from);
    }
}
