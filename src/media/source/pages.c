/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages of an Ogg file (RFC 3533), one by one. libav passes over a page whose checksum is wrong
 * and goes on at the next one, with a line in the log at most: what was on it is gone. */
#include "source.h"

#include <libavutil/crc.h>
#include <libavutil/intreadwrite.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 27, PAGE_MAX = HEAD + 255 + 255 * 255, BEGINNING = 2, END = 4 };

struct page {
    int length;
    bool sound;       /* the checksum is right */
    bool first, last; /* of its stream */
    bool has_frames;  /* where it ends something can be shown: it isn't of the header */
    uint32_t stream, number;
};

/* How far the pages of one stream came. */
struct stream {
    uint32_t number;
    bool has_frames;
};

/* The page at `pos`, through `data`; false where none begins, or it reaches behind the end. */
static bool read_page(int fd, int64_t pos, uint8_t *data, struct page *page)
{
    ssize_t got = pread(fd, data, HEAD + 255, pos);
    if (got < HEAD || memcmp(data, "OggS\0", 5) != 0 || got < HEAD + data[26])
        return false;
    *page = (struct page){
        .length = HEAD + data[26],
        .first = data[5] & BEGINNING,
        .last = data[5] & END,
        .has_frames = AV_RL64(data + 6) != 0,
        .stream = AV_RL32(data + 14),
        .number = AV_RL32(data + 18),
    };
    for (int i = 0; i < data[26]; i++)
        page->length += data[HEAD + i];
    if (pread(fd, data, (size_t)page->length, pos) != page->length)
        return false;
    uint32_t crc = AV_RB32(data + 22);
    AV_WB32(data + 22, 0);
    page->sound = av_crc(av_crc_get_table(AV_CRC_32_IEEE), 0, data, (size_t)page->length) == crc;
    return true;
}

/* A page is missing before this one. A live stream is recorded from somewhere behind its header. */
static bool follows_gap(GHashTable *streams, const struct page *page)
{
    struct stream *before = g_hash_table_lookup(streams, GUINT_TO_POINTER(page->stream));
    bool gap = before && !page->first && before->has_frames && page->number != before->number + 1;
    if (!before) {
        before = g_new0(struct stream, 1);
        g_hash_table_insert(streams, GUINT_TO_POINTER(page->stream), before);
    }
    before->number = page->number;
    before->has_frames = page->has_frames;
    return gap;
}

/* Where the next page may begin; -1 when there is none. */
static int64_t next_mark(int fd, int64_t pos, uint8_t *data)
{
    for (ssize_t got; (got = pread(fd, data, PAGE_MAX, pos)) >= HEAD; pos += got - 3) {
        const uint8_t *mark = memmem(data, (size_t)got, "OggS", 4);
        if (mark)
            return pos + (mark - data);
    }
    return -1;
}

int64_t ogg_bad_pages(int fd)
{
    g_autofree uint8_t *data = g_malloc(PAGE_MAX);
    g_autoptr(GHashTable) streams = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    int64_t bad = 0, start = next_mark(fd, 0, data), pos = start;
    while (pos >= 0) {
        struct page page;
        if (read_page(fd, pos, data, &page) && page.sound) {
            bad += follows_gap(streams, &page);
            pos += page.length;
            continue;
        }
        /* What stands behind the last page is nobody's loss. */
        int64_t next = next_mark(fd, pos + 1, data);
        bad += next >= 0;
        pos = next;
    }
    return bad;
}

/* The place of a stream among those that have begun, which libavformat numbers so. */
static guint number_of(GArray *begun, uint32_t stream)
{
    guint i = 0;
    while (i < begun->len && g_array_index(begun, uint32_t, i) != stream)
        i++;
    if (i == begun->len)
        g_array_append_val(begun, stream);
    return i;
}

bool ogg_is_one_page(int fd, int stream)
{
    g_autofree uint8_t *data = g_malloc(PAGE_MAX);
    g_autoptr(GArray) begun = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    struct page page;
    for (int64_t pos = next_mark(fd, 0, data); pos >= 0 && read_page(fd, pos, data, &page);
         pos += page.length)
        if (number_of(begun, page.stream) == (guint)stream && page.has_frames)
            return page.last;
    return false;
}
