/* SPDX-License-Identifier: GPL-3.0-or-later
 * The coded data of a JPEG (ISO/IEC 10918-1, B.1.1.5). Bytes come from strangers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct jpeg_scan {
    bool marked;       /* it begins with a scan's marker, right behind the segments before it */
    bool whole;        /* there is an end mark (EOI), */
    bool followed;     /* and right behind it another JPEG begins */
    int64_t from, end; /* of the first scan: to the next marker, but for RSTn; 0: there is none */
    int64_t zeros, zeros_at; /* the first run of zeros that no picture has; 0: none is there */
};

/* Bytes of coded data that stand behind what is read, and are no loss yet: a few are what some
 * cameras fill up with. */
enum { JPEG_LEFT_MOST = 16 };
/* What those who decode read at once: so far behind the last pixel they may have got. */
enum { JPEG_READ_AT_ONCE = 4096 };

/* False: not a JPEG. Of zeros, runs of ZEROS_LEAST bytes on are looked for. In the one scan of a
 * sequential picture they are so many blocks of what the code of zeros stands for (annexes C and
 * F.2.2), which is the end of a flat block or, as in the tables of annex K, a coefficient: of those
 * no picture is full. */
bool jpeg_scan_find(int fd, struct jpeg_scan *scan);
