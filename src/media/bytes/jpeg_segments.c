/* SPDX-License-Identifier: GPL-3.0-or-later
 * Segments of a JPEG. */
#include "jpeg_segments.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char photoshop[] = "Photoshop 3.0"; /* with its 0 */

enum {
    START = 0xd8,
    SCAN = 0xda,
    END = 0xd9,
    APP0 = 0xe0,
    APP13 = 0xed,
    APP15 = 0xef,
    COUNT_MOST = 4096,
    SEGMENT_MOST = 65533,
};

off_t jpeg_each_segment(int fd, void (*take)(const struct jpeg_segment *one, void *data),
                        void *data)
{
    guint8 head[4];
    off_t at = 2, behind = 0;
    if (pread(fd, head, 2, 0) != 2 || head[0] != 0xff || head[1] != START)
        return 0;
    for (unsigned n = 0; n < COUNT_MOST && pread(fd, head, 4, at) == 4 && head[0] == 0xff; n++) {
        if (head[1] == 0xff) { /* a marker may stand behind more of them than one */
            at++;
            continue;
        }
        if (!behind && (head[1] < APP0 || head[1] > APP15))
            behind = at;
        const gsize size = (gsize)head[2] << 8 | head[3];
        if (head[1] == SCAN || head[1] == END || size < 2)
            break;
        struct jpeg_segment one = {.marker = head[1], .at = at + 4, .size = size - 2};
        if (pread(fd, one.begins, MIN(one.size, JPEG_HEAD), one.at) >= 0)
            take(&one, data);
        at = one.at + (off_t)one.size;
    }
    return behind;
}

struct joining {
    int fd;
    unsigned count;
    GByteArray *all;
};

static void join(const struct jpeg_segment *one, void *data)
{
    struct joining *to = data;
    if (one->marker != APP13 || one->size < sizeof photoshop ||
        memcmp(one->begins, photoshop, sizeof photoshop) != 0)
        return;
    const gsize skipped = to->count++ ? sizeof photoshop : 0;
    const guint more = (guint)(one->size - skipped), had = to->all->len;
    g_byte_array_set_size(to->all, had + more);
    const ssize_t got = pread(to->fd, to->all->data + had, more, one->at + (off_t)skipped);
    g_byte_array_set_size(to->all, had + (guint)MAX(got, 0));
}

GBytes *jpeg_resources_read(int fd)
{
    struct joining to = {fd, 0, g_byte_array_new()};
    jpeg_each_segment(fd, join, &to);
    GBytes *joined = g_byte_array_free_to_bytes(to.all);
    if (to.count < 2)
        g_clear_pointer(&joined, g_bytes_unref);
    return joined;
}

static void nothing(const struct jpeg_segment *one, void *data)
{
}

bool jpeg_add_resources(int fd, GBytes *resources)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(resources, &size);
    const gsize most = SEGMENT_MOST - sizeof photoshop;
    const off_t at = jpeg_each_segment(fd, nothing, NULL);
    g_autoptr(GByteArray) out = g_byte_array_new();
    for (gsize from = sizeof photoshop; from < size; from += most) {
        const gsize part = MIN(most, size - from), length = 2 + sizeof photoshop + part;
        const guint8 head[] = {0xff, APP13, (guint8)(length >> 8), (guint8)length};
        g_byte_array_append(out, head, sizeof head);
        g_byte_array_append(out, (const guint8 *)photoshop, sizeof photoshop);
        g_byte_array_append(out, data + from, (guint)part);
    }
    errno = EIO;
    return at && file_insert(fd, at, out->data, out->len);
}
