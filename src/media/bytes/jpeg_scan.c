/* SPDX-License-Identifier: GPL-3.0-or-later
 * The coded data of a JPEG. */
#include "jpeg_scan.h"

#include "box.h"
#include "jpeg_segments.h"
#include "zeros.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

enum { SOF_BASELINE = 0xc0, SOF_EXTENDED = 0xc1, DHT = 0xc4, TABLES = 4, CODES = 16 };

/* What stands before the first scan. */
struct headers {
    int fd;
    int64_t end;
    bool sequential;
    unsigned components;
    int zero_means[TABLES]; /* symbol of the AC code that is all zeros; -1: no table */
};

/* One after another in a segment: class and number, how many codes of each length, symbols. */
static void take_tables(struct headers *headers, const struct jpeg_segment *one)
{
    guint8 head[1 + CODES + 1];
    for (off_t at = one->at, end = at + (off_t)one->size; at + (off_t)sizeof head <= end;) {
        if (!file_read_at(headers->fd, at, head, sizeof head))
            return;
        const unsigned class = head[0] >> 4, number = head[0] & 15;
        unsigned count = 0;
        for (unsigned i = 1; i <= CODES; i++)
            count += head[i];
        if (class == 1 && number < TABLES)
            headers->zero_means[number] = count ? head[1 + CODES] : -1;
        at += 1 + CODES + (off_t)count;
    }
}

static void take_header(const struct jpeg_segment *one, void *data)
{
    enum { COMPONENTS = 5 };
    struct headers *headers = data;
    headers->end = one->at + (off_t)one->size;
    if (one->marker == DHT)
        take_tables(headers, one);
    if (one->marker != SOF_BASELINE && one->marker != SOF_EXTENDED)
        return;
    headers->sequential = true;
    headers->components = one->begins[COMPONENTS];
}

/* Of the scan behind `head`, which holds all components: whether zeros are a coefficient of any. */
static bool zeros_are_loss(const struct headers *headers, const guint8 *head)
{
    enum { COUNT = 4, FIRST = 5, MOST = 4 };
    const unsigned count = head[COUNT];
    bool loss = false;
    for (unsigned i = 0; i < MIN(count, MOST); i++) {
        const unsigned table = head[FIRST + 2 * i + 1] & 15;
        loss |= table < TABLES && headers->zero_means[table] > 0;
    }
    return loss && headers->sequential && count == headers->components;
}

enum { STUFFED = 0x00, RST0 = 0xd0, RST7 = 0xd7, EOI = 0xd9, FILL = 0xff };

/* Between a 0xff in coded data and what is no marker there is a 0; RSTn stand within it. */
static bool ends_data(guint8 byte)
{
    return byte != STUFFED && byte != FILL && (byte < RST0 || byte > RST7);
}

static bool is_end_mark(guint8 byte)
{
    return byte == EOI;
}

static const guint8 *mark_in(const guint8 *piece, size_t size, bool (*is_it)(guint8))
{
    for (const guint8 *at = piece; (at = memchr(at, 0xff, size - (size_t)(at - piece))); at++)
        if (at + 1 < piece + size && is_it(at[1]))
            return at;
    return NULL;
}

/* Where the first such marker is; 0: there is none. */
static int64_t find_mark(int fd, int64_t from, bool (*is_it)(guint8))
{
    enum { PIECE = 65536 };
    g_autofree guint8 *piece = g_malloc(PIECE);
    ssize_t got;
    for (int64_t at = from; (got = pread(fd, piece, PIECE, at)) > 1; at += got - 1) {
        const guint8 *mark = mark_in(piece, (size_t)got, is_it);
        if (mark)
            return at + (mark - piece);
    }
    return 0;
}

static bool is_followed(int fd, int64_t end_mark)
{
    static const guint8 begins[] = {0xff, 0xd8, 0xff};
    guint8 head[2 + sizeof begins];
    return file_read_at(fd, end_mark, head, sizeof head) &&
           memcmp(head + 2, begins, sizeof begins) == 0;
}

bool jpeg_scan_find(int fd, struct jpeg_scan *scan)
{
    enum { HEAD = 14 };
    struct headers headers = {.fd = fd, .zero_means = {-1, -1, -1, -1}};
    guint8 head[HEAD];
    *scan = (struct jpeg_scan){0};
    if (!jpeg_each_segment(fd, take_header, &headers))
        return false;
    const bool read = file_read_at(fd, headers.end, head, sizeof head);
    scan->marked = read && head[0] == 0xff && head[1] == 0xda;
    scan->from = headers.end;
    scan->end = find_mark(fd, scan->from + (scan->marked ? 2 : 0), ends_data);
    const int64_t end_mark = scan->end ? find_mark(fd, scan->end, is_end_mark) : 0;
    scan->whole = end_mark > 0;
    scan->followed = scan->whole && is_followed(fd, end_mark);
    if (scan->marked && zeros_are_loss(&headers, head))
        scan->zeros = zeros_find(fd, scan->from, scan->end, &scan->zeros_at);
    return true;
}
