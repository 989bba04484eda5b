/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a JPEG carries that its decoder doesn't hand over. */
#include "still_private.h"

#include <string.h>
#include <unistd.h>

/* Segments by marker and how they begin. MPF: CIPA DC-007. JUMBF: ISO/IEC 19566-5. Extended XMP:
 * XMP Specification Part 3, 1.1.3.1. Of Photoshop's the decoder hands over the first. */
static const struct {
    guint8 marker;
    unsigned read; /* how many of them */
    const char *bytes, *what;
} segments[] = {
    {0xe1, 0, "FLIR", "FLIR's thermal data"},
    {0xe1, 0, "http://ns.adobe.com/xmp/extension/", "extended XMP"},
    {0xe2, 0, "MPF", "further pictures of the file (MPF: previews, or an HDR gain map)"},
    {0xeb, 0, "JP", "content credentials (JUMBF)"},
    {0xed, 1, "Photoshop 3.0", "Photoshop data and IPTC behind the first of their segments"},
};

enum {
    ROWS = G_N_ELEMENTS(segments),
    START = 0xd8,
    SCAN = 0xda,
    END = 0xd9,
    HEAD = 40,
    MOST = 4096
};

/* A bit for each row of which the file has more than is read. ISO/IEC 10918-1, B.1.1. */
static unsigned found(int fd)
{
    guint8 head[HEAD] = {0};
    unsigned seen[ROWS] = {0}, rows = 0;
    if (pread(fd, head, 2, 0) != 2 || head[0] != 0xff || head[1] != START)
        return 0;
    off_t at = 2;
    for (unsigned n = 0; n < MOST && pread(fd, head, HEAD, at) > 4 && head[0] == 0xff; n++) {
        if (head[1] == SCAN || head[1] == END)
            break;
        for (unsigned i = 0; i < ROWS; i++)
            if (head[1] == segments[i].marker &&
                memcmp(head + 4, segments[i].bytes, strlen(segments[i].bytes)) == 0 &&
                ++seen[i] > segments[i].read)
                rows |= 1u << i;
        /* A marker may stand behind more bytes of 0xff than one. */
        at += head[1] == 0xff ? 1 : 2 + (head[2] << 8 | head[3]);
    }
    return rows;
}

void still_note_segments(struct still *still, int fd)
{
    unsigned rows = found(fd);
    for (unsigned i = 0; i < ROWS; i++)
        if (rows & 1u << i)
            still_note(still, "dropped: %s", segments[i].what);
}
