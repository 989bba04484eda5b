/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat leaves wrong in a finished MOV or MP4, set right in place. */
#include "box.h"
#include "writer_private.h"

#include <libavutil/intreadwrite.h>
#include <unistd.h>

/* The ISO/IEC 14496-12 boxes that are changed: mdhd (8.4.2) and elst (8.6.6). Their times are of 32
 * bits in version 0, of 64 in version 1. */
enum { UNKNOWN_LANGUAGE = 0x7fff, ENTRIES_AT = 8 };

static bool write_at(int fd, int64_t offset, const void *data, size_t length)
{
    return pwrite(fd, data, length, offset) == (ssize_t)length;
}

static bool is_long(int fd, const struct box *box)
{
    uint8_t version = 0;
    return file_read_at(fd, box->start, &version, 1) && version == 1;
}

/* The time scale in an mvhd or mdhd; 0 when it can't be read. */
static unsigned time_scale(int fd, const struct box *header)
{
    uint8_t scale[4] = {0};
    file_read_at(fd, header->start + (is_long(fd, header) ? 20 : 12), scale, sizeof scale);
    return AV_RB32(scale);
}

/* QuickTime's own languages are few; the three letters of ISO 639-2 may stand there as well, in
 * five bits each. */
static bool set_language(int fd, const struct box *header, const char *language)
{
    int64_t at = header->start + (is_long(fd, header) ? 32 : 20);
    uint8_t code[2];
    unsigned packed = 0;
    if (!language || strlen(language) != 3 || !file_read_at(fd, at, code, sizeof code) ||
        AV_RB16(code) != UNKNOWN_LANGUAGE)
        return true;
    for (int i = 0; i < 3; i++) {
        if (!g_ascii_islower(language[i]))
            return true;
        packed = packed << 5 | (unsigned)(language[i] - 'a' + 1);
    }
    AV_WB16(code, packed);
    return write_at(fd, at, code, sizeof code);
}

/* An edit list in memory. */
struct edits {
    uint8_t data[64];
    size_t entry, field; /* bytes of an entry, and of each of its two times */
};

static bool read_edits(int fd, const struct box *box, struct edits *edits)
{
    size_t length = (size_t)(box->end - box->start);
    if (box->end - box->start > (int64_t)sizeof edits->data ||
        !file_read_at(fd, box->start, edits->data, length))
        return false;
    edits->field = edits->data[0] == 1 ? 8 : 4;
    edits->entry = 2 * edits->field + 4;
    return AV_RB32(edits->data + 4) == 2 && length >= ENTRIES_AT + 2 * edits->entry;
}

static void add(const struct edits *edits, int entry, int field, int64_t amount)
{
    uint8_t *at = (uint8_t *)edits->data + ENTRIES_AT + (size_t)entry * edits->entry +
                  (size_t)field * edits->field;
    if (edits->field == 8)
        AV_WB64(at, AV_RB64(at) + (uint64_t)amount);
    else
        AV_WB32(at, AV_RB32(at) + (uint32_t)amount);
}

/* Of a track that starts late, libavformat writes an empty edit up to its priming, and plays that.
 */
static bool delay_sound(int fd, const struct box *track, int64_t priming, AVRational rate,
                        unsigned movie_scale, unsigned scale)
{
    static const char *const path[] = {"edts", "elst", NULL};
    struct box list = *track;
    struct edits edits;
    if (priming <= 0 || !box_descend(fd, &list, path) || !read_edits(fd, &list, &edits))
        return true;
    int64_t lasts = av_rescale_q(priming, rate, av_make_q(1, (int)movie_scale));
    add(&edits, 0, 0, lasts);
    add(&edits, 1, 0, -lasts);
    add(&edits, 1, 1, av_rescale_q(priming, rate, av_make_q(1, (int)scale)));
    return write_at(fd, list.start, edits.data, (size_t)(list.end - list.start));
}

static bool mend_track(const struct writer *writer, const struct box *box, int number,
                       unsigned movie_scale)
{
    static const char *const path[] = {"mdia", "mdhd", NULL};
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    const AVStream *stream = writer->format->streams[number];
    const AVDictionaryEntry *language = av_dict_get(stream->metadata, "language", NULL, 0);
    struct box header = *box;
    if (!box_descend(writer->fd, &header, path))
        return true;
    unsigned scale = time_scale(writer->fd, &header);
    bool sound = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && scale && movie_scale;
    AVRational rate = {1, MAX(stream->codecpar->sample_rate, 1)};
    return set_language(writer->fd, &header, language ? language->value : NULL) &&
           (!sound || delay_sound(writer->fd, box, track->priming, rate, movie_scale, scale));
}

bool writer_mend_movie(const struct writer *writer, struct failure *failure)
{
    struct box movie, header, track;
    int64_t size = lseek(writer->fd, 0, SEEK_END);
    bool mended = true;
    if (!writer_is(writer, "mp4 mov m4a") || !box_find(writer->fd, 0, size, "moov", &movie) ||
        !box_find(writer->fd, movie.start, movie.end, "mvhd", &header))
        return true;
    unsigned scale = time_scale(writer->fd, &header);
    int64_t at = movie.start;
    for (guint i = 0; mended && i < writer->tracks->len; i++, at = track.end) {
        if (!box_find(writer->fd, at, movie.end, "trak", &track))
            break;
        mended = mend_track(writer, &track, (int)i, scale);
    }
    return mended || fail(failure, FAIL_DISK, "finishing the file: its index can't be written");
}
