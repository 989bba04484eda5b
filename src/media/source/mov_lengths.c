/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long samples last in fragments of MOV and MP4, of which libavformat keeps their beginnings
 * alone: ISO/IEC 14496-12, 8.8.3 (trex), 8.8.7 (tfhd), 8.8.8 (trun) and 8.8.12 (tfdt). */
#include "mov_lengths.h"

#include "../bytes/box.h"

#include <string.h>

struct length {
    int64_t at, lasts;
};

struct reader {
    int fd;
    unsigned id; /* of the track */
    int64_t usual, at;
    GArray *lengths; /* struct length */
};

static unsigned flags_of(int fd, const struct box *box)
{
    return (unsigned)file_number(fd, box->start + 1, 3);
}

/* The bytes of as many fields of 32 bits as there are flags. */
static int fields(unsigned flags)
{
    return 4 * __builtin_popcount(flags);
}

static void read_run(struct reader *reader, const struct box *run)
{
    enum { COUNT_AT = 4, FIRST_AT = 8, BEFORE = 0x5, LASTS = 0x100, ENTRY = 0xf00, MOST = 1 << 20 };
    const unsigned flags = flags_of(reader->fd, run);
    const uint64_t count = file_number(reader->fd, run->start + COUNT_AT, 4);
    const int entry = fields(flags & ENTRY);
    int64_t at = run->start + FIRST_AT + fields(flags & BEFORE);
    for (uint64_t i = 0; i < count && at + entry <= run->end && reader->lengths->len < MOST; i++) {
        const int64_t lasts =
            flags & LASTS ? (int64_t)file_number(reader->fd, at, 4) : reader->usual;
        const struct length length = {reader->at, lasts};
        g_array_append_val(reader->lengths, length);
        reader->at += lasts;
        at += entry;
    }
}

static void read_track(struct reader *reader, const struct box *track)
{
    enum { ID_AT = 4, FIRST_AT = 8, BASE = 0x1, DESCRIBED = 0x2, LASTS = 0x8 };
    const int64_t usual = reader->usual;
    struct box box;
    if (!box_find(reader->fd, track->start, track->end, "tfhd", &box) ||
        file_number(reader->fd, box.start + ID_AT, 4) != reader->id)
        return;
    const unsigned flags = flags_of(reader->fd, &box);
    if (flags & LASTS)
        reader->usual = (int64_t)file_number(
            reader->fd, box.start + FIRST_AT + 2 * fields(flags & BASE) + fields(flags & DESCRIBED),
            4);
    if (box_find(reader->fd, track->start, track->end, "tfdt", &box)) {
        const unsigned bytes = file_number(reader->fd, box.start, 1) == 1 ? 8 : 4;
        reader->at = (int64_t)MIN(file_number(reader->fd, box.start + 4, bytes), G_MAXINT64 / 2);
    }
    for (int64_t at = track->start; box_find(reader->fd, at, track->end, "trun", &box);
         at = box.end)
        read_run(reader, &box);
    reader->usual = usual;
}

static void read_movie(struct reader *reader, const struct box *movie)
{
    enum { ID_AT = 4, LASTS_AT = 12 };
    struct box extends, track;
    if (!box_find(reader->fd, movie->start, movie->end, "mvex", &extends))
        return;
    for (int64_t at = extends.start; box_find(reader->fd, at, extends.end, "trex", &track);
         at = track.end)
        if (file_number(reader->fd, track.start + ID_AT, 4) == reader->id)
            reader->usual = (int64_t)file_number(reader->fd, track.start + LASTS_AT, 4);
}

static void read_fragment(struct reader *reader, const struct box *fragment)
{
    struct box track;
    for (int64_t at = fragment->start; box_find(reader->fd, at, fragment->end, "traf", &track);
         at = track.end)
        read_track(reader, &track);
}

GArray *mov_lengths(int fd, int64_t size, int id)
{
    enum { BOXES_MAX = 1 << 20 };
    struct reader reader = {
        .fd = fd, .id = (unsigned)id, .lengths = g_array_new(FALSE, FALSE, sizeof(struct length))};
    struct box box;
    int64_t at = 0;
    for (int i = 0; i < BOXES_MAX && box_read(fd, at, size, &box); i++, at = box.end) {
        if (strcmp(box.type, "moov") == 0)
            read_movie(&reader, &box);
        else if (strcmp(box.type, "moof") == 0)
            read_fragment(&reader, &box);
    }
    return reader.lengths;
}

static int compare(const void *a, const void *b)
{
    const int64_t at = ((const struct length *)a)->at, other = ((const struct length *)b)->at;
    return (at > other) - (at < other);
}

int64_t mov_length_at(const GArray *lengths, int64_t at)
{
    const struct length key = {.at = at};
    guint found = 0;
    return g_array_binary_search((GArray *)lengths, &key, compare, &found)
               ? g_array_index(lengths, struct length, found).lasts
               : 0;
}
