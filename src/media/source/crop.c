/* SPDX-License-Identifier: GPL-3.0-or-later
 * What containers say is not to be shown of a picture. */
#include "../bytes/box.h"
#include "matroska.h"
#include "source.h"

#include <math.h>

static void set_crop(struct source_stream *facts, const struct source_crop *crop)
{
    const AVCodecParameters *par = facts->av->codecpar;
    if (crop->left + crop->right < par->width && crop->top + crop->bottom < par->height)
        facts->crop = *crop;
}

static void crop_matroska(struct source *source)
{
    g_autoptr(GArray) tracks = matroska_tracks_of(source->fd, source->format);
    for (guint i = 0; i < tracks->len; i++)
        set_crop(&source->tracks[i].facts, &g_array_index(tracks, struct matroska_track, i).crop);
}

/* --- clean apertures of MOV and MP4 (ISO/IEC 14496-12, 12.1.4) --- */

/* Of a track's first sample entry (12.1.3), which has the size that it is of. */
static bool find_aperture(int fd, const struct box *track, struct box *entry, struct box *aperture)
{
    enum { ENTRIES_AT = 8, EXTENSIONS_AT = 78 };
    static const char *const path[] = {"mdia", "minf", "stbl", "stsd", NULL};
    struct box table = *track;
    return box_descend(fd, &table, path) &&
           box_read(fd, table.start + ENTRIES_AT, table.end, entry) &&
           box_find(fd, entry->start + EXTENSIONS_AT, entry->end, "clap", aperture);
}

/* A fraction; NAN for none. */
static double fraction(int fd, int64_t at)
{
    const int32_t above = (int32_t)file_number(fd, at, 4),
                  below = (int32_t)file_number(fd, at + 4, 4);
    return below > 0 ? (double)above / below : NAN;
}

/* Pixels before and behind a span whose middle is so far from that of `whole`; of part of a pixel
 * none is left out. */
static void span(int whole, double length, double off, int *before, int *behind)
{
    const double first = (whole - length) / 2 + off;
    const bool inside = length >= 1 && first > -1 && first + length < whole + 1;
    *before = inside ? (int)fmax(floor(first), 0) : 0;
    *behind = inside ? (int)fmax(floor(whole - length - first), 0) : 0;
}

static void crop_track(int fd, const struct box *track, struct source_stream *facts)
{
    enum { WIDTH_AT = 24, HEIGHT_AT = 26, FRACTION = 8 };
    const AVCodecParameters *par = facts->av->codecpar;
    struct box entry, aperture;
    if (!find_aperture(fd, track, &entry, &aperture) ||
        aperture.end - aperture.start < 4 * FRACTION ||
        (int)file_number(fd, entry.start + WIDTH_AT, 2) != par->width ||
        (int)file_number(fd, entry.start + HEIGHT_AT, 2) != par->height)
        return;
    double of[4];
    struct source_crop crop;
    for (int i = 0; i < 4; i++)
        of[i] = fraction(fd, aperture.start + i * FRACTION);
    span(par->width, of[0], of[2], &crop.left, &crop.right);
    span(par->height, of[1], of[3], &crop.top, &crop.bottom);
    set_crop(facts, &crop);
}

static void crop_movie(struct source *source)
{
    struct box movie, track;
    if (!box_find(source->fd, 0, io_size(source->io), "moov", &movie))
        return;
    for (int i = 0; i < source->count; i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        if (facts->type == AVMEDIA_TYPE_VIDEO &&
            mov_track(source->fd, &movie, facts->av->id, &track))
            crop_track(source->fd, &track, facts);
    }
}

void source_crops(struct source *source)
{
    if (g_str_has_prefix(source->format->iformat->name, "mov,"))
        crop_movie(source);
    else
        crop_matroska(source);
}
