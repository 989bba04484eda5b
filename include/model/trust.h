/* SPDX-License-Identifier: GPL-3.0-or-later
 * Formats of stills that are opened only where a pipeline says so, `inputs: {trust: [exr, jxl]}`:
 * their readers aren't hardened against files of unknown origin. What is read always has no row,
 * and what is read never (SVG, PDF, MATLAB, ImageMagick's) neither. Numbered pictures need none:
 * their pattern and `fps` name them. */
#pragma once

#include <stdbool.h>

enum trust {
    TRUST_EXR = 1 << 0,
    TRUST_DPX = 1 << 1,
    TRUST_JXL = 1 << 2,
    TRUST_HDR = 1 << 3,
    TRUST_PPM = 1 << 4,
    TRUST_RAW = 1 << 5,
};
enum { TRUST_COUNT = 6 };

struct trust_row {
    enum trust trust;
    const char *word; /* in a pipeline; also the container and codec of its facts */
    const char *name; /* for people: "a … picture" */
};
extern const struct trust_row trust_rows[TRUST_COUNT];

const struct trust_row *trust_find(const char *word); /* NULL: there is none */
const char *const *trust_words(void);                 /* NULL-terminated; static */
/* A mask as words, space-separated, and back; unknown words are left out. Caller frees. */
char *trust_text(unsigned trust);
unsigned trust_from_text(const char *text); /* NULL: none */
