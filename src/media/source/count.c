/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many packets the container says there are of each stream. */
#include "matroska.h"
#include "source.h"

#include <string.h>

/* Sample tables know how many packets there are and where each of them ends. */
static void read_tables(struct source *source)
{
    struct source_health *health = &source->health;
    for (int i = 0; i < source->count; i++) {
        struct track *track = &source->tracks[i];
        AVStream *stream = source->format->streams[i];
        const int entries = avformat_index_get_entries_count(stream);
        if (i == source->picture && stream->nb_frames > 0 && entries >= stream->nb_frames)
            track->declared_packets = entries;
        source_edits(&track->facts, entries);
        for (int e = 0; e < entries && source_is_media(&track->facts); e++) {
            const AVIndexEntry *entry = avformat_index_get_entry(stream, e);
            const int64_t missing = entry->pos + entry->size - io_size(source->io);
            health->bytes_missing = MAX(health->bytes_missing, missing);
        }
    }
}

static const char *tag_of(const AVStream *stream, const char *name)
{
    const AVDictionaryEntry *tag = av_dict_get(stream->metadata, name, NULL, AV_DICT_IGNORE_SUFFIX);
    return tag ? tag->value : NULL;
}

/* Of this file, not of one that it was made of: the tags are copied by programs that count nothing.
 */
static bool is_of(const AVStream *stream, const struct matroska_made *made)
{
    return made->app && made->date &&
           g_strcmp0(tag_of(stream, "_STATISTICS_WRITING_APP"), made->app) == 0 &&
           g_strcmp0(tag_of(stream, "_STATISTICS_WRITING_DATE_UTC"), made->date) == 0;
}

/* Of mkvmerge it is known that libavformat makes as many packets of what it counts, laced or not,
 * but of RealAudio, which it puts in order again. */
static bool is_exact(const AVStream *stream, const struct matroska_made *made)
{
    static const enum AVCodecID reordered[] = {AV_CODEC_ID_RA_288, AV_CODEC_ID_COOK,
                                               AV_CODEC_ID_SIPR, AV_CODEC_ID_ATRAC3};
    bool exact = g_str_has_prefix(made->app, "mkvmerge v");
    for (unsigned i = 0; i < G_N_ELEMENTS(reordered); i++)
        exact &= stream->codecpar->codec_id != reordered[i];
    return exact;
}

static void read_statistics(struct source *source)
{
    struct matroska_made made = matroska_made(source->fd);
    for (int i = 0; i < source->count; i++) {
        struct track *track = &source->tracks[i];
        const AVStream *stream = source->format->streams[i];
        const char *frames = tag_of(stream, "NUMBER_OF_FRAMES");
        if (!frames || !is_of(stream, &made))
            continue;
        track->facts.counted = g_ascii_strtoll(frames, NULL, 10);
        if (is_exact(stream, &made))
            track->declared_packets = track->facts.counted;
    }
    matroska_made_clear(&made);
}

void source_count(struct source *source)
{
    const char *name = source->format->iformat->name;
    if (strstr(name, "mov"))
        read_tables(source);
    else if (strstr(name, "matroska"))
        read_statistics(source);
}
