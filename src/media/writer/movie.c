/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat leaves wrong in a finished MOV or MP4, set right in place. */
#include "../bytes/box.h"
#include "private.h"

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

/* The time scale in an mvhd; 0 when it can't be read. */
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
    if (strlen(language) != 3 || !file_read_at(fd, at, code, sizeof code) ||
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

/* An edit list in memory: one edit, before it an empty one where the track starts late. */
struct edits {
    uint8_t data[64];
    size_t entry, field; /* bytes of an entry, and of each of its two times */
    unsigned count;
};
enum { LASTS, STARTS }; /* the times: in the movie's scale, in the track's */

static bool read_edits(int fd, const struct box *box, struct edits *edits)
{
    size_t length = (size_t)(box->end - box->start);
    if (box->end - box->start > (int64_t)sizeof edits->data ||
        !file_read_at(fd, box->start, edits->data, length))
        return false;
    edits->field = edits->data[0] == 1 ? 8 : 4;
    edits->entry = 2 * edits->field + 4;
    edits->count = AV_RB32(edits->data + 4);
    return edits->count >= 1 && edits->count <= 2 &&
           length >= ENTRIES_AT + edits->count * edits->entry;
}

static uint8_t *time_at(struct edits *edits, unsigned edit, int time)
{
    return edits->data + ENTRIES_AT + edit * edits->entry + (size_t)time * edits->field;
}

static void add(struct edits *edits, unsigned edit, int time, int64_t amount)
{
    uint8_t *at = time_at(edits, edit, time);
    if (edits->field == 8)
        AV_WB64(at, AV_RB64(at) + (uint64_t)amount);
    else
        AV_WB32(at, AV_RB32(at) + (uint32_t)amount);
}

/* Of a track that starts late, libavformat writes an empty edit up to its priming, and plays that.
 */
static void delay_sound(struct edits *edits, int64_t priming, AVRational rate, AVRational movie,
                        AVRational media)
{
    int64_t lasts = av_rescale_q(priming, rate, movie);
    add(edits, 0, LASTS, lasts);
    add(edits, 1, LASTS, -lasts);
    add(edits, 1, STARTS, av_rescale_q(priming, rate, media));
}

static void cut_off(struct edits *edits, int64_t lasts)
{
    uint8_t *at = time_at(edits, edits->count - 1, LASTS);
    if (edits->field == 8)
        AV_WB64(at, (uint64_t)lasts);
    else
        AV_WB32(at, (uint32_t)lasts);
}

static bool mend_edits(const struct writer *writer, const struct box *box, int number,
                       AVRational movie)
{
    static const char *const path[] = {"edts", "elst", NULL};
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    const AVStream *stream = writer->format->streams[number];
    AVRational rate = {1, MAX(stream->codecpar->sample_rate, 1)};
    struct box list = *box;
    struct edits edits;
    if (!box_descend(writer->fd, &list, path) || !read_edits(writer->fd, &list, &edits))
        return true;
    if (edits.count == 2 && track->priming > 0)
        delay_sound(&edits, track->priming, rate, movie, stream->time_base);
    if (track->cut_off)
        cut_off(&edits, av_rescale_q(track->end - track->first, stream->time_base, movie));
    return write_at(writer->fd, list.start, edits.data, (size_t)(list.end - list.start));
}

static bool mend_language(const struct writer *writer, const struct box *box, int number)
{
    static const char *const path[] = {"mdia", "mdhd", NULL};
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    const AVStream *stream = writer->format->streams[number];
    const AVDictionaryEntry *language = av_dict_get(stream->metadata, "language", NULL, 0);
    struct box header = *box;
    return !language || !box_descend(writer->fd, &header, path) ||
           (set_language(writer->fd, &header, language->value) &&
            writer_elng_end(writer, track, box));
}

/* libavformat's time base of a track is its media's time scale. */
bool writer_mend_movie(const struct writer *writer, struct failure *failure)
{
    struct box movie, header, track;
    int64_t size = lseek(writer->fd, 0, SEEK_END);
    bool mended = true;
    if (!writer_is(writer, "mp4 mov m4a"))
        return true;
    if (!box_find(writer->fd, 0, size, "moov", &movie) ||
        !box_find(writer->fd, movie.start, movie.end, "mvhd", &header))
        return fail(failure, FAIL_DISK, "finishing the file: its index can't be read back");
    AVRational scale = {1, MAX((int)time_scale(writer->fd, &header), 1)};
    int64_t at = movie.start;
    for (guint i = 0; mended && i < writer->tracks->len; i++, at = track.end) {
        track.end = at;
        if (!writer_has_track(writer, i))
            continue;
        if (!box_find(writer->fd, at, movie.end, "trak", &track))
            return fail(failure, FAIL_DISK, "finishing the file: a track can't be read back");
        mended = mend_language(writer, &track, (int)i) &&
                 (writer->fragmented || mend_edits(writer, &track, (int)i, scale));
    }
    if (mended && writer->format->nb_chapters && !writer->fragmented)
        mended = writer_mend_chapters(writer->fd, &movie);
    return mended || fail(failure, FAIL_DISK, "finishing the file: its index can't be written");
}
