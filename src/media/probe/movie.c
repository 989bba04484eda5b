/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a MOV or MP4 is like as a file, and levels of codecs by their names. */
#include "movie.h"

#include "../bytes/box.h"

#include <libavcodec/avcodec.h>
#include <unistd.h>

enum { BOXES_MAX = 100000, TRACKS_MAX = 1000 };

static int count_edits(int fd, const struct box *movie)
{
    static const char *const path[] = {"edts", "elst", NULL};
    int edits = 0;
    int64_t at = movie->start;
    struct box track;
    for (int i = 0; i < TRACKS_MAX && box_find(fd, at, movie->end, "trak", &track); i++) {
        struct box list = track;
        edits += box_descend(fd, &list, path);
        at = track.end;
    }
    return edits;
}

void probe_movie(int fd, struct facts *facts)
{
    int64_t end = lseek(fd, 0, SEEK_END), at = 0;
    bool media = false;
    struct box box;
    for (int i = 0; i < BOXES_MAX && box_read(fd, at, end, &box); i++, at = box.end) {
        if (!strcmp(box.type, "moov")) {
            facts->faststart = !media;
            facts->edit_lists = count_edits(fd, &box);
        }
        media |= !strcmp(box.type, "mdat");
        facts->fragments += !strcmp(box.type, "moof");
    }
}

/* H.264 table A-1 counts in tenths, H.265 A.4 in thirtieths, AV1 annex A.3 in quarters from 2.0;
 * MPEG-2 numbers its levels, table 8-3. */
char *level_text(const AVCodecParameters *par)
{
    static const char *const mpeg2[] = {
        [2] = "high", [4] = "high", [6] = "high-1440", [8] = "main", [10] = "low"};
    int level = par->level;
    if (level < 0)
        return NULL;
    switch (par->codec_id) {
    case AV_CODEC_ID_H264:
        return level == 9 ? g_strdup("1b") : g_strdup_printf("%d.%d", level / 10, level % 10);
    case AV_CODEC_ID_HEVC:
        return g_strdup_printf("%d.%d", level / 30, level % 30 / 3);
    case AV_CODEC_ID_AV1:
        return g_strdup_printf("%d.%d", 2 + level / 4, level % 4);
    case AV_CODEC_ID_MPEG2VIDEO:
        return level < (int)G_N_ELEMENTS(mpeg2) ? g_strdup(mpeg2[level]) : NULL;
    default:
        return NULL;
    }
}
