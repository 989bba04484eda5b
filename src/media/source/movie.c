/* SPDX-License-Identifier: GPL-3.0-or-later
 * Edit lists of MOV and MP4: what they don't show, and how long the last packet is heard, which is
 * told by the sample table, too (ISO/IEC 14496-12, 8.6.1.2 and 8.6.6). */
#include "../bytes/box.h"
#include "source.h"

#include <libavutil/intreadwrite.h>

static unsigned version_of(int fd, const struct box *box)
{
    uint8_t version = 0;
    return file_read_at(fd, box->start, &version, 1) ? version : 0;
}

/* A time; -1 where nobody would mean it, and sums of it might overflow. */
static int64_t time_at(int fd, int64_t at, unsigned bytes)
{
    uint64_t value = file_number(fd, at, bytes);
    return value > INT64_MAX / 4 ? -1 : (int64_t)value;
}

/* Of an mvhd or mdhd. */
static void read_header(int fd, const struct box *header, int64_t *scale, int64_t *duration)
{
    bool wide = version_of(fd, header) == 1;
    *scale = (int64_t)file_number(fd, header->start + (wide ? 20 : 12), 4);
    *duration = time_at(fd, header->start + (wide ? 24 : 16), wide ? 8 : 4);
}

/* The samples of a track, and how long the last one is. */
static bool read_table(int fd, const struct box *track, int64_t *samples, int64_t *last)
{
    enum { ENTRIES_AT = 8, ENTRY = 8, ENTRIES_MAX = 4 << 20 };
    static const char *const path[] = {"mdia", "minf", "stbl", "stts", NULL};
    struct box table = *track;
    if (!box_descend(fd, &table, path))
        return false;
    int64_t entries = (int64_t)file_number(fd, table.start + 4, 4);
    if (entries <= 0 || entries > ENTRIES_MAX ||
        table.start + ENTRIES_AT + entries * ENTRY > table.end)
        return false;
    size_t size = (size_t)entries * ENTRY;
    g_autofree uint8_t *data = g_malloc(size);
    if (!file_read_at(fd, table.start + ENTRIES_AT, data, size))
        return false;
    *samples = 0;
    for (const uint8_t *entry = data; entry < data + size; entry += ENTRY) {
        *samples += AV_RB32(entry);
        *last = AV_RB32(entry + 4);
    }
    return true;
}

/* Where the last edit ends in the media, in its own scale; `media` without edits. */
static int64_t edited_end(int fd, const struct box *track, int64_t media, AVRational from,
                          AVRational to)
{
    enum { ENTRIES_AT = 8 };
    static const char *const path[] = {"edts", "elst", NULL};
    struct box list = *track;
    if (!box_descend(fd, &list, path))
        return media;
    unsigned field = version_of(fd, &list) == 1 ? 8 : 4, entry = 2 * field + 4;
    int64_t entries = (int64_t)file_number(fd, list.start + 4, 4);
    int64_t at = list.start + ENTRIES_AT + (entries - 1) * entry;
    if (entries <= 0 || at + entry > list.end)
        return media;
    int64_t lasts = av_rescale_q(time_at(fd, at, field), from, to);
    int64_t start = time_at(fd, at + field, field);
    return start >= 0 && lasts > 0 && lasts <= INT64_MAX / 4 ? start + lasts : media;
}

bool mov_track(int fd, const struct box *movie, int id, struct box *track)
{
    for (int64_t at = movie->start; box_find(fd, at, movie->end, "trak", track); at = track->end) {
        struct box header;
        if (box_find(fd, track->start, track->end, "tkhd", &header) &&
            (int)file_number(fd, header.start + (version_of(fd, &header) == 1 ? 20 : 12), 4) == id)
            return true;
    }
    return false;
}

void mov_last_packet(int fd, int64_t size, int id, struct mov_last *last)
{
    static const char *const to_header[] = {"mdia", "mdhd", NULL};
    struct box movie, track, header;
    int64_t movie_scale = 0, scale = 0, media = 0, ignored;
    *last = (struct mov_last){0};
    if (!box_find(fd, 0, size, "moov", &movie) || !mov_track(fd, &movie, id, &track) ||
        !box_find(fd, movie.start, movie.end, "mvhd", &header))
        return;
    read_header(fd, &header, &movie_scale, &ignored);
    header = track;
    if (!box_descend(fd, &header, to_header) ||
        !read_table(fd, &track, &last->samples, &last->lasts))
        return;
    read_header(fd, &header, &scale, &media);
    if (media < 0 || movie_scale <= 0 || scale <= 0 || MAX(movie_scale, scale) > INT_MAX)
        return;
    AVRational from = {1, (int)movie_scale}, to = {1, (int)scale};
    int64_t beyond = media - edited_end(fd, &track, media, from, to);
    /* An edit that is only rounded cuts nothing. */
    if (beyond > av_rescale_q_rnd(1, from, to, AV_ROUND_UP))
        last->lasts -= beyond;
}

static bool is_hidden(const AVStream *stream, int entry)
{
    return avformat_index_get_entry((AVStream *)stream, entry)->flags & AVINDEX_DISCARD_FRAME;
}

/* libavformat has applied the edit list: what isn't shown is marked in its index. The order of
 * decoding mixes it with what is, by no more pictures than a decoder holds back. */
void source_edits(struct source_stream *facts, int entries)
{
    enum { REORDER_MAX = 16 };
    int shown = 0, all_shown = 0;
    for (int e = 0; e < entries; e++)
        all_shown += !is_hidden(facts->av, e);
    for (int e = 0; e < entries; e++) {
        if (!is_hidden(facts->av, e))
            shown++;
        else if (!shown || (facts->hidden && shown <= REORDER_MAX))
            facts->hidden++;
        else if (all_shown - shown <= REORDER_MAX)
            facts->tail++;
        else
            facts->pieced = true;
    }
}
