/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of what containers hold. */
#include "model/holds.h"

#include <glib.h>
#include <string.h>

enum {
    MOVIE = HOLDS_TIMECODE | HOLDS_CHAPTERS | HOLDS_DISPLAY | HOLDS_LIGHT | HOLDS_VIEW |
            HOLDS_LATE | HOLDS_DEFAULT,
};

static const struct holding {
    const char *container;
    unsigned holds;
    const char *subtitles;
} holdings[] = {
    {"mp4",
     MOVIE | HOLDS_CAPTIONS | HOLDS_DOLBY | HOLDS_TURN | HOLDS_COVER | HOLDS_TELEMETRY |
         HOLDS_EDITS | HOLDS_RANGE,
     "mov_text dvd_subtitle"},
    {"mov", MOVIE | HOLDS_CAPTIONS | HOLDS_TURN | HOLDS_EDITS, "mov_text eia_608"},
    {"mkv",
     MOVIE | HOLDS_CAPTIONS | HOLDS_DOLBY | HOLDS_FILES | HOLDS_COVER | HOLDS_ALPHA | HOLDS_RANGE,
     "subrip ass ssa webvtt hdmv_pgs_subtitle dvd_subtitle dvb_subtitle hdmv_text_subtitle"},
    {"webm", MOVIE | HOLDS_ALPHA | HOLDS_RANGE, "webvtt"},
    {"mxf", HOLDS_TIMECODE | HOLDS_CAPTIONS | HOLDS_DISPLAY | HOLDS_RANGE, NULL},
    {"mxf_opatom", HOLDS_TIMECODE | HOLDS_CAPTIONS | HOLDS_RANGE, NULL},
    {"m4a", HOLDS_CHAPTERS | HOLDS_EDITS | HOLDS_DEFAULT, NULL},
    {"mka", HOLDS_CHAPTERS | HOLDS_LATE | HOLDS_DEFAULT, NULL},
    {"weba", HOLDS_CHAPTERS | HOLDS_LATE | HOLDS_DEFAULT, NULL},
    {"wav", HOLDS_TIMECODE | HOLDS_CHAPTERS, NULL},
    {"aiff", HOLDS_CHAPTERS, NULL},
    {"flac", HOLDS_CHAPTERS, NULL},
    {"sequence", HOLDS_TIMECODE, NULL},
    {"hls", 0, "webvtt"},
    {"dash", 0, "webvtt"},
    {"srt", 0, "subrip"},
    {"vtt", 0, "webvtt"},
};

static const struct holding *find(const char *name)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(holdings); i++)
        if (strcmp(holdings[i].container, name) == 0)
            return &holdings[i];
    return NULL;
}

static unsigned holds_of(const struct holding *row)
{
    return row->holds | (row->subtitles ? HOLDS_SUBTITLES : 0);
}

unsigned container_holds(const char *name)
{
    const struct holding *row = find(name);
    return row ? holds_of(row) : 0;
}

bool container_holds_alpha(const char *name, const char *codec)
{
    bool beside = strcmp(codec, "vp8") == 0 || strcmp(codec, "vp9") == 0;
    return !beside || container_holds(name) & HOLDS_ALPHA;
}

const char *container_subtitles(const char *name)
{
    const struct holding *row = find(name);
    return row ? row->subtitles : NULL;
}

char *holders(unsigned holds)
{
    GString *names = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(holdings); i++)
        if (holds_of(&holdings[i]) & holds)
            g_string_append_printf(names, "%s%s", names->len ? " " : "", holdings[i].container);
    return g_string_free(names, FALSE);
}
