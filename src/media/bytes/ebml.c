/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elements of EBML. */
#include "ebml.h"

#include "box.h"

/* Ids have up to 4 bytes, sizes up to 8 (RFC 8794, 4 and 5; RFC 9559, 5.1). An element has a
 * handful of others. */
enum { ID_MOST = 4, HEAD_MOST = 12, ELEMENTS_MAX = 1000 };

static uint64_t big(const uint8_t *bytes, int length)
{
    uint64_t value = 0;
    for (int i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* How many bytes a number has that begins with this one. */
static int width(uint8_t first)
{
    return first ? __builtin_clz(first) - 23 : HEAD_MOST;
}

/* Behind the marker of a size; all ones is none. */
static uint64_t size_of(const uint8_t *bytes, int length)
{
    const uint64_t ones = ((uint64_t)1 << 7 * length) - 1, size = big(bytes, length) & ones;
    return size == ones ? UINT64_MAX : size;
}

bool ebml_read(int fd, int64_t from, int64_t end, struct ebml *element)
{
    uint8_t head[HEAD_MOST + 1] = {0};
    const int64_t left = MIN(HEAD_MOST, end - from);
    if (left < 2 || !file_read_at(fd, from, head, (size_t)left))
        return false;
    const int id = width(head[0]);
    const int length = id <= ID_MOST ? width(head[id]) : HEAD_MOST;
    if (id + length > left)
        return false;
    const uint64_t size = size_of(head + id, length);
    element->id = (uint32_t)big(head, id);
    element->start = from + id + length;
    element->end = size > (uint64_t)INT64_MAX / 2 ? EBML_ENDLESS : element->start + (int64_t)size;
    return true;
}

bool ebml_find(int fd, int64_t from, int64_t end, uint32_t id, struct ebml *element)
{
    for (unsigned i = 0; i < ELEMENTS_MAX && ebml_read(fd, from, end, element); i++) {
        element->end = MIN(element->end, end);
        if (element->id == id)
            return true;
        from = element->end;
    }
    return false;
}

uint64_t ebml_number(int fd, const struct ebml *element)
{
    uint8_t bytes[8];
    const int64_t length = element->end - element->start;
    return length <= (int64_t)sizeof bytes &&
                   file_read_at(fd, element->start, bytes, (size_t)length)
               ? big(bytes, (int)length)
               : 0;
}

char *ebml_text(int fd, const struct ebml *element)
{
    enum { LONGEST = 1 << 20 };
    const int64_t length = element->end - element->start;
    g_autofree char *text = g_malloc0((gsize)CLAMP(length, 0, LONGEST) + 1);
    return length <= LONGEST && file_read_at(fd, element->start, text, (size_t)length)
               ? g_steal_pointer(&text)
               : NULL;
}
