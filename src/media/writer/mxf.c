/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat leaves wrong in the header of a finished MXF, set right in place: it takes
 * ProRes for whole frames, the width that is stored, whole macroblocks, for the one to show, and
 * MPEG-2 whose last picture is coded as two fields, which have no order of their own (ITU-T H.262,
 * 6.3.10: top_field_first is 0), for one whose bottom field comes first.
 *
 * SMPTE ST 377-1: a file is a row of KLV packets, key (16 bytes), length (BER), value; a descriptor
 * is a local set of items, tag and length (2 bytes each), value (9.2, 9.6, annex F). */
#include "../bytes/box.h"
#include "private.h"

#include <libavutil/intreadwrite.h>
#include <unistd.h>

enum { KEY = 16, HEADER_MOST = 1 << 20, SET_MOST = 1 << 14 };
enum { /* items of a picture descriptor, annex F.4 */
       STORED_HEIGHT = 0x3202,
       SAMPLED_HEIGHT = 0x3204,
       SAMPLED_WIDTH = 0x3205,
       DISPLAY_HEIGHT = 0x3208,
       DISPLAY_WIDTH = 0x3209,
       FRAME_LAYOUT = 0x320c,
       LINE_MAP = 0x320d,
       FIELD_DOMINANCE = 0x3212 /* the field that comes first: 1 or 2 */
};
enum { SEPARATE_FIELDS = 1, MAP_AT = 8 };

struct klv {
    uint8_t key[KEY];
    int64_t start, end; /* of its value */
};

static bool klv_read(int fd, int64_t at, struct klv *klv)
{
    uint8_t length[9];
    if (!file_read_at(fd, at, klv->key, KEY) || !file_read_at(fd, at + KEY, length, sizeof length))
        return false;
    unsigned more = length[0] & 0x80 ? length[0] & 0x7f : 0;
    uint64_t bytes = more ? 0 : length[0];
    if (more > 8)
        return false;
    for (unsigned i = 1; i <= more; i++)
        bytes = bytes << 8 | length[i];
    klv->start = at + KEY + 1 + more;
    klv->end = klv->start + (int64_t)MIN(bytes, (uint64_t)INT32_MAX);
    return true;
}

/* CDCI and RGBA essence descriptors, and that of MPEG-2, which is a CDCI one with more in it. */
static bool is_picture(const struct klv *klv)
{
    static const uint8_t set[14] = {0x06, 0x0e, 0x2b, 0x34, 0x02, 0x53, 0x01,
                                    0x01, 0x0d, 0x01, 0x01, 0x01, 0x01, 0x01};
    uint8_t kind = klv->key[14];
    return !memcmp(klv->key, set, sizeof set) && (kind == 0x28 || kind == 0x29 || kind == 0x51);
}

static uint8_t *find_item(uint8_t *set, size_t bytes, unsigned tag, size_t least)
{
    for (size_t at = 0; at + 4 <= bytes;) {
        size_t length = AV_RB16(set + at + 2);
        if (at + 4 + length > bytes)
            return NULL;
        if (AV_RB16(set + at) == tag)
            return length >= least ? set + at + 4 : NULL;
        at += 4 + length;
    }
    return NULL;
}

/* Heights are those of a field. The lines at which fields begin are those of ST 274 and BT.656. */
static void separate(uint8_t *set, size_t bytes)
{
    static const unsigned heights[] = {STORED_HEIGHT, SAMPLED_HEIGHT, DISPLAY_HEIGHT};
    static const struct {
        unsigned height, first, second;
    } maps[] = {{1080, 21, 584}, {576, 23, 336}, {486, 20, 283}, {480, 20, 283}};
    uint8_t *layout = find_item(set, bytes, FRAME_LAYOUT, 1);
    uint8_t *map = find_item(set, bytes, LINE_MAP, MAP_AT + 8);
    uint8_t *shown = find_item(set, bytes, DISPLAY_HEIGHT, 4);
    if (!layout || !shown || *layout == SEPARATE_FIELDS)
        return;
    for (unsigned i = 0; map && i < G_N_ELEMENTS(maps); i++)
        if (maps[i].height == AV_RB32(shown)) {
            AV_WB32(map + MAP_AT, maps[i].first);
            AV_WB32(map + MAP_AT + 4, maps[i].second);
        }
    *layout = SEPARATE_FIELDS;
    for (unsigned i = 0; i < G_N_ELEMENTS(heights); i++) {
        uint8_t *height = find_item(set, bytes, heights[i], 4);
        if (height)
            AV_WB32(height, AV_RB32(height) / 2);
    }
}

static void say_first_field(uint8_t *set, size_t bytes, enum AVFieldOrder order)
{
    uint8_t *dominance = find_item(set, bytes, FIELD_DOMINANCE, 1);
    if (dominance && order > AV_FIELD_PROGRESSIVE)
        *dominance = order == AV_FIELD_TT || order == AV_FIELD_BT ? 1 : 2;
}

static void show_width(uint8_t *set, size_t bytes, int width)
{
    static const unsigned widths[] = {SAMPLED_WIDTH, DISPLAY_WIDTH};
    for (unsigned i = 0; i < G_N_ELEMENTS(widths); i++) {
        uint8_t *item = find_item(set, bytes, widths[i], 4);
        if (item)
            AV_WB32(item, (uint32_t)width);
    }
}

/* NULL: the file is of sound alone. */
static const AVStream *picture_of(const struct writer *writer)
{
    for (unsigned i = 0; i < writer->format->nb_streams; i++)
        if (writer->format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            return writer->format->streams[i];
    return NULL;
}

static bool has_fields(const struct writer *writer, const AVStream *picture)
{
    return !g_array_index(writer->tracks, struct track, picture->index).copied &&
           picture->codecpar->field_order > AV_FIELD_PROGRESSIVE;
}

static bool mend_set(const struct writer *writer, const AVStream *picture, const struct klv *klv)
{
    uint8_t set[SET_MOST];
    size_t bytes = (size_t)(klv->end - klv->start);
    if (bytes > sizeof set || !file_read_at(writer->fd, klv->start, set, bytes))
        return false;
    show_width(set, bytes, picture->codecpar->width);
    if (has_fields(writer, picture))
        separate(set, bytes);
    say_first_field(set, bytes, picture->codecpar->field_order);
    return pwrite(writer->fd, set, bytes, klv->start) == (ssize_t)bytes;
}

bool writer_mend_mxf(const struct writer *writer, struct failure *failure)
{
    struct klv klv;
    const AVStream *picture = writer_is(writer, "mxf mxf_opatom") ? picture_of(writer) : NULL;
    if (!picture)
        return true;
    for (int64_t at = 0; at < HEADER_MOST && klv_read(writer->fd, at, &klv); at = klv.end)
        if (is_picture(&klv))
            return mend_set(writer, picture, &klv) ||
                   fail(failure, FAIL_DISK, "finishing the file: its header can't be written");
    return fail(failure, FAIL_DISK, "finishing the file: its header can't be read back");
}
