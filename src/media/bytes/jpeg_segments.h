/* SPDX-License-Identifier: GPL-3.0-or-later
 * Segments of a JPEG before its pixels (ISO/IEC 10918-1, B.1.1). Bytes come from strangers: what is
 * cut off is not there. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

enum { JPEG_HEAD = 40 };

struct jpeg_segment {
    guint8 marker;
    guint8 begins[JPEG_HEAD]; /* what it holds; 0 behind its end */
    off_t at;                 /* where that stands in the file ... */
    gsize size;               /* ... and how long it is */
};

/* Calls `take` with each; where the first is that no APPn begins, or 0: not a JPEG. */
off_t jpeg_each_segment(int fd, void (*take)(const struct jpeg_segment *one, void *data),
                        void *data);

/* "Photoshop 3.0" with its 0, and the image resources behind it of all segments, since they go on
 * where one is full (Photoshop File Formats Specification). NULL: there are less than two segments.
 * Caller unrefs. */
GBytes *jpeg_resources_read(int fd);
/* Such a block into a finished JPEG, in as many segments as it takes. False with errno. */
bool jpeg_add_resources(int fd, GBytes *resources);
