/* SPDX-License-Identifier: GPL-3.0-or-later
 * What films behind the first say of themselves: when and where they were taken, their titles,
 * languages and chapters. */
#include "../audio/parts.h"
#include "join.h"
#include "media/tag_groups.h"

struct joined_said {
    char *name;              /* of the film */
    AVFormatContext *header; /* the words of the file and of its streams */
    unsigned chapters;
};

static AVFormatContext *words_of(const AVFormatContext *film)
{
    AVFormatContext *words = avformat_alloc_context();
    if (words)
        av_dict_copy(&words->metadata, film->metadata, 0);
    for (unsigned i = 0; words && i < film->nb_streams; i++) {
        AVStream *stream = avformat_new_stream(words, NULL);
        if (!stream)
            break;
        stream->codecpar->codec_type = film->streams[i]->codecpar->codec_type;
        av_dict_copy(&stream->metadata, film->streams[i]->metadata, 0);
    }
    return words;
}

struct joined_said *joined_said_create(const struct render *film)
{
    struct joined_said *said = g_new(struct joined_said, 1);
    const AVFormatContext *header = source_format(film->source);
    *said = (struct joined_said){sound_part_name(film->job->task, film->part), words_of(header),
                                 header->nb_chapters};
    return said;
}

void joined_said_destroy(struct joined_said *said)
{
    g_free(said->name);
    avformat_free_context(said->header);
    g_free(said);
}

static void tell(struct branch *branch, const struct joined_said *said, struct carried_row row)
{
    g_autofree char *what = g_strdup_printf("%s: %s", said->name, row.what);
    row.what = what;
    branch_row(branch, &row);
}

static void tell_chapters(struct branch *branch, const struct joined_said *said)
{
    g_autofree char *before = g_strdup_printf("%u", said->chapters);
    g_autofree char *after = g_strdup_printf("%u", branch->chapters);
    const bool there = branch->chapters > 0;
    static const char why[] = "films are the chapters of a joined output";
    if (said->chapters)
        tell(branch, said,
             (struct carried_row){
                 .keep = KEEP_CHAPTERS,
                 .stream = -1,
                 .what = (char *)"chapters",
                 .before = before,
                 .after = there ? after : NULL,
                 .fate = there ? FATE_CHANGED : FATE_DROPPED,
                 .why = (char *)(branch->chapters_lost ? branch->chapters_lost : why)});
}

void joined_said_tell(const struct joined_said *said, struct branch *branch)
{
    const AVFormatContext *first = source_format(branch->render->source);
    g_autoptr(GPtrArray) rows = carried_new();
    if (said->header) {
        tags_behind(said->header, first, branch->tags, rows);
        languages_behind(said->header, first, rows);
    }
    for (guint i = 0; i < rows->len; i++)
        tell(branch, said, *(const struct carried_row *)rows->pdata[i]);
    tell_chapters(branch, said);
}
