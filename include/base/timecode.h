/* SPDX-License-Identifier: GPL-3.0-or-later
 * SMPTE ST 12-1 timecode as a frame count. Drop-frame (";" before the frames) exists for 29.97
 * and 59.94 only: numbers 0 and 1 (0 to 3 at 59.94) are skipped each minute but every tenth. */
#pragma once

#include "base/rational.h"

struct timecode {
    int64_t frame; /* frames since 00:00:00:00, in frames that exist */
    int rate;      /* nominal frames per second: 24, 25, 30, 60 … */
    bool drop;
};

/* HH:MM:SS:FF or HH:MM:SS;FF. False for a form or a number that isn't a timecode at this rate
 * (`fps` 0/1 accepts any frame number below 100 and gives rate 0). */
bool timecode_parse(const char *text, struct rational fps, struct timecode *out);
/* As it is read at a rate that has no drop frames: ";" becomes ":". True when it had to be; `out`
 * is `text` otherwise. Of 16 bytes. */
bool timecode_without_drop(const char *text, struct rational fps, char out[16]);
/* The same moment counted at another rate; both are the rates that the pictures have. Without drop
 * frames a label keeps its hour, minute and second, and its frame number is scaled. With drop
 * frames, whose labels keep to the clock, 29.97 and 59.94 are exact of each other, and another rate
 * counts from the moment by the clock. */
struct timecode timecode_at_rate(struct timecode tc, struct rational from, struct rational to);
int64_t timecode_day(struct timecode tc); /* frames in 24 h of its labels */
char *timecode_text(struct timecode tc);  /* wraps at 24 h; caller frees */
