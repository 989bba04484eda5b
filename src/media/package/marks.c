/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a track is for, in the words of playlists and of the manifest. */
#include "private.h"

#include <string.h>

/* Attributes of EXT-X-MEDIA (RFC 8216, 4.3.4.1, and Apple's HLS Authoring Specification), and roles
 * of ISO/IEC 23009-1, 5.8.5.5, which MP4 has as well (libavformat's `kind`). */
static const struct purpose {
    int disposition;
    enum AVMediaType type;
    const char *attribute; /* NULL: HLS has none */
    const char *role;
} purposes[] = {
    {AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS, AVMEDIA_TYPE_AUDIO,
     "CHARACTERISTICS=\"public.accessibility.describes-video\"", "description"},
    {AV_DISPOSITION_COMMENT, AVMEDIA_TYPE_AUDIO, NULL, "commentary"},
    {AV_DISPOSITION_DUB, AVMEDIA_TYPE_AUDIO, NULL, "dub"},
    {AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_CAPTIONS, AVMEDIA_TYPE_SUBTITLE,
     "CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,"
     "public.accessibility.describes-music-and-sound\"",
     "caption"},
    {AV_DISPOSITION_FORCED, AVMEDIA_TYPE_SUBTITLE, "FORCED=YES", "forced-subtitle"},
};

static bool is_marked(const struct purpose *purpose, const AVCodecParameters *par, int disposition)
{
    return purpose->type == par->codec_type && disposition & purpose->disposition;
}

int package_marks(const char *container, const AVStream *stream)
{
    const bool hls = strcmp(container, "hls") == 0;
    int found = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(purposes); i++)
        if (is_marked(&purposes[i], stream->codecpar, stream->disposition) &&
            (!hls || purposes[i].attribute))
            found |= stream->disposition & purposes[i].disposition;
    return found;
}

const char *rendition_mark(const struct rendition *rendition, bool hls, unsigned *at)
{
    while (*at < G_N_ELEMENTS(purposes)) {
        const struct purpose *purpose = &purposes[(*at)++];
        const char *word = hls ? purpose->attribute : purpose->role;
        if (word && is_marked(purpose, rendition->par, rendition->disposition))
            return word;
    }
    return NULL;
}
