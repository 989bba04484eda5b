/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments in FLAC files: chapters among the comments, and the tracks of a cue sheet. */
#include "flac_blocks.h"

#include <libavutil/intreadwrite.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *name_of(const GPtrArray *comments, unsigned number)
{
    g_autofree char *begins = g_strdup_printf("chapter%03uname=", number);
    for (guint i = 0; i < comments->len; i++)
        if (g_str_has_prefix(comments->pdata[i], begins))
            return (const char *)comments->pdata[i] + strlen(begins);
    return "";
}

static void add(GArray *marks, double sample, const char *name)
{
    if (sample >= 0 && sample <= UINT32_MAX)
        sound_marks_add(marks, (uint32_t)sample, name);
}

static void add_chapters(GArray *marks, const GPtrArray *comments, int rate)
{
    unsigned number, hours, minutes, seconds, thousandths;
    for (guint i = 0; i < comments->len; i++)
        if (sscanf(comments->pdata[i], "chapter%3u=%u:%u:%u.%u", &number, &hours, &minutes,
                   &seconds, &thousandths) == 5)
            add(marks, rint((hours * 3600. + minutes * 60. + seconds + thousandths / 1000.) * rate),
                name_of(comments, number));
}

/* RFC 9639, 8.7: tracks behind 396 bytes, each with its place, its number, and its index points,
 * whose places count from it. Number 1 of these is where a track begins, 0 the pause before it. */
enum { COUNT_AT = 395, TRACK = 36, NUMBER_AT = 8, POINTS_AT = 35, POINT = 12, BEGINS = 1 };
/* The number of what is behind the last track, of a CD and of others. */
enum { OUT_OF_CD = 170, OUT = 255 };

static uint64_t beginning_of(const uint8_t *track)
{
    const uint8_t *point = track + TRACK;
    for (int i = 0; i < track[POINTS_AT]; i++, point += POINT)
        if (point[NUMBER_AT] == BEGINS)
            return AV_RB64(track) + AV_RB64(point);
    return AV_RB64(track);
}

static void add_tracks(GArray *marks, GBytes *sheet)
{
    size_t length, at = COUNT_AT + 1;
    const uint8_t *data = g_bytes_get_data(sheet, &length);
    const int tracks = length > COUNT_AT ? data[COUNT_AT] : 0;
    for (int i = 0; i < tracks && at + TRACK <= length; i++) {
        const uint8_t *track = data + at;
        at += TRACK + (size_t)track[POINTS_AT] * POINT;
        if (at <= length && track[NUMBER_AT] != OUT && track[NUMBER_AT] != OUT_OF_CD)
            add(marks, (double)beginning_of(track), "");
    }
}

GArray *flac_marks_read(int fd, int rate)
{
    GArray *marks = sound_marks_new();
    g_autoptr(GPtrArray) comments = flac_comments(fd);
    g_autoptr(GBytes) sheet = flac_block_load(fd, FLAC_CUE_SHEET);
    add_chapters(marks, comments, rate);
    if (!marks->len && sheet)
        add_tracks(marks, sheet);
    return marks;
}

GBytes *flac_cue_sheet(int fd)
{
    g_autoptr(GPtrArray) comments = flac_comments(fd);
    for (guint i = 0; i < comments->len; i++)
        if (flac_comment_is_mark(comments->pdata[i]))
            return NULL;
    return flac_block_load(fd, FLAC_CUE_SHEET);
}
