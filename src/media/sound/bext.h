/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Broadcast Audio Extension chunk, version 2: EBU Tech 3285 v2 (2011). Its coding history:
 * EBU R 98 (1999). Texts are kept as the bytes they are, and end at a NUL or with their field. */
#pragma once

#include "media/meter.h"

#include <glib.h>

struct bext {
    char description[256], originator[32], originator_reference[32];
    char date[10], time[8];  /* yyyy-mm-dd, hh-mm-ss */
    uint64_t time_reference; /* samples since midnight */
    uint8_t umid[64];
    int16_t loudness[5]; /* integrated, range, true peak, momentary, short-term: hundredths */
    GString *history;
};

void bext_init(struct bext *bext); /* empty, its loudness unknown */
void bext_clear(struct bext *bext);
/* Any version, initialised or not, without its loudness, which is of other samples. False when it
 * is too short to be one. */
bool bext_parse(struct bext *bext, GBytes *chunk);
/* Of an even length, which depends on the history alone. */
GBytes *bext_print(const struct bext *bext);

/* Fills a field's `room` bytes; what is too long is cut between characters of UTF-8. */
void bext_text(char *field, size_t room, const char *text);
/* Hundredths, rounded; 0x7FFF for what couldn't be measured or is off the scale of ±99.99. */
void bext_loudness(struct bext *bext, const struct loudness *loudness);
/* A line of history: that it was made by us, as PCM of this kind. M has words for one and two
 * channels only; more are told in T, and so are floats. */
void bext_made(struct bext *bext, int rate, int bits, int channels, bool floats);
