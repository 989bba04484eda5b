/* SPDX-License-Identifier: GPL-3.0-or-later
 * LanguageBCP47 in Matroska and WebM, which libavformat doesn't write. It writes Language as it is
 * told, without a look: the three letters, and behind them all bytes of an element LanguageBCP47.
 * In the finished file Language is made as short as its letters, so that what follows is an element
 * of its own; all sizes around it stay. */
#include "../source/matroska.h"
#include "../bytes/box.h"
#include "base/language.h"
#include "private.h"

#include <libavutil/crc.h>
#include <libavutil/intreadwrite.h>
#include <unistd.h>

/* A size of one byte has this marker (RFC 8794, 4.1). */
enum { LETTERS = 3, SHORT_SIZE = 0x80, TAG_MOST = 100, CRC = 0xbf, CRC_BYTES = 4 };

void writer_matroska_language(AVStream *stream, const char *full)
{
    const size_t length = strlen(full);
    const uint8_t head[] = {MATROSKA_LANGUAGE_BCP47 >> 16, MATROSKA_LANGUAGE_BCP47 >> 8 & 0xff,
                            MATROSKA_LANGUAGE_BCP47 & 0xff, (uint8_t)(SHORT_SIZE | length)};
    if (!strchr(full, '-') || length > TAG_MOST)
        return;
    g_autofree char *both = g_strdup_printf("%s%.*s%s", language_bibliographic(language_code(full)),
                                            (int)sizeof head, (const char *)head, full);
    av_dict_set(&stream->metadata, "language", both, 0);
}

/* The size of an element is the byte before its body, where it has one byte. */
static bool part_language(int fd, const struct ebml *language)
{
    const uint8_t size = SHORT_SIZE | LETTERS;
    return pwrite(fd, &size, 1, language->start - 1) == 1;
}

static bool part_languages(int fd, const struct ebml *tracks, bool *parted)
{
    struct ebml track, language;
    for (int64_t at = tracks->start; ebml_find(fd, at, tracks->end, MATROSKA_TRACK, &track);
         at = track.end) {
        if (!ebml_find(fd, track.start, track.end, MATROSKA_LANGUAGE, &language) ||
            language.end - language.start <= LETTERS)
            continue;
        if (!part_language(fd, &language))
            return false;
        *parted = true;
    }
    return true;
}

/* The first in an element, it is of all that follows (RFC 8794, 11.3.1). */
static bool sum_up(int fd, const struct ebml *tracks)
{
    struct ebml crc;
    if (!ebml_read(fd, tracks->start, tracks->end, &crc) || crc.id != CRC ||
        crc.end - crc.start != CRC_BYTES)
        return true;
    const size_t length = (size_t)(tracks->end - crc.end);
    g_autofree uint8_t *body = g_try_malloc(length);
    uint8_t sum[CRC_BYTES];
    if (!body || !file_read_at(fd, crc.end, body, length))
        return false;
    AV_WL32(sum, ~av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), UINT32_MAX, body, length));
    return pwrite(fd, sum, sizeof sum, crc.start) == (ssize_t)sizeof sum;
}

bool writer_mend_matroska(const struct writer *writer, struct failure *failure)
{
    struct ebml tracks;
    bool parted = false;
    if (!writer_is(writer, WRITER_MATROSKA))
        return true;
    if (!matroska_find_tracks(writer->fd, &tracks))
        return fail(failure, FAIL_DISK, "finishing the file: its tracks can't be read back");
    return (part_languages(writer->fd, &tracks, &parted) &&
            (!parted || sum_up(writer->fd, &tracks))) ||
           fail(failure, FAIL_DISK, "finishing the file: its tracks can't be written");
}
