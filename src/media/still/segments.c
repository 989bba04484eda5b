/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a JPEG carries that nobody here reads. */
#include "../bytes/jpeg_scan.h"
#include "../bytes/jpeg_segments.h"
#include "private.h"
#include "tags/told.h"

#include <string.h>

/* Segments by marker and how they begin. MPF: CIPA DC-007. JUMBF: ISO/IEC 19566-5. Extended XMP:
 * XMP Specification Part 3, 1.1.3.1. */
enum { MPF = 2 };
static const struct {
    guint8 marker;
    const char *bytes, *what;
    enum keep keep;
} segments[] = {
    {0xe1, "FLIR", "FLIR's thermal data", KEEP_DATA},
    {0xe1, "http://ns.adobe.com/xmp/extension/", "extended XMP", KEEP_TAGS},
    [MPF] = {0xe2, "MPF", "further pictures of the file (MPF: previews, or an HDR gain map)",
             KEEP_TRACKS},
    {0xeb, "JP", "content credentials (JUMBF)", KEEP_TAGS},
    {0xec, "Ducky", "Photoshop's words for the web (Ducky)", KEEP_TAGS},
};

/* A bit for each row that the file has. */
static void find(const struct jpeg_segment *one, void *data)
{
    unsigned *rows = data;
    for (unsigned i = 0; i < G_N_ELEMENTS(segments); i++)
        if (one->marker == segments[i].marker &&
            memcmp(one->begins, segments[i].bytes, strlen(segments[i].bytes)) == 0)
            *rows |= 1u << i;
}

void still_tell_segments(int fd, GPtrArray *told)
{
    unsigned rows = 0;
    jpeg_each_segment(fd, find, &rows);
    for (unsigned i = 0; i < G_N_ELEMENTS(segments); i++)
        if (rows & 1u << i)
            told_drop(told, segments[i].keep, segments[i].what, carried_unread);
}

void still_tell_followers(const struct jpeg_scan *scan, GPtrArray *told)
{
    if (scan->followed && !told_row(told, segments[MPF].what))
        told_drop(told, KEEP_TRACKS, "the pictures behind the first",
                  "a film of JPEG needs a container, as MOV or AVI");
}
