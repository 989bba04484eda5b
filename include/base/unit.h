/* SPDX-License-Identifier: GPL-3.0-or-later
 * Values with units, read and written: the only place where "2s", "25%", "-23 LUFS" or "4 MB" is
 * taken apart. Locale-free: the decimal sign is always a point. */
#pragma once

#include "base/rational.h"

enum unit {
    UNIT_NONE,    /* a plain number */
    UNIT_LUFS,    /* absolute loudness; LKFS is the same */
    UNIT_LU,      /* a difference of loudness; "dB" is accepted */
    UNIT_DBTP,    /* true peak */
    UNIT_DB,      /* gain */
    UNIT_DBFS,    /* sample level */
    UNIT_SECONDS, /* s, ms, min, h, or [HH:]MM:SS[.mmm] */
    UNIT_HZ,      /* Hz, kHz */
    UNIT_BITRATE, /* bit/s: k, M, kb/s, Mb/s, kbit/s */
    UNIT_BYTES,   /* B, kB, MB, GB (powers of 1000), KiB, MiB, GiB */
    UNIT_PERCENT, /* 25% is 25 */
    UNIT_PIXELS,  /* px */
    UNIT_NIT,     /* light: nit, cd/m2 */
    UNIT_STOPS,   /* stops, stop: doublings of light */
    UNIT_KELVIN,  /* K */
    UNIT_DEGREES, /* deg, ° */
};

/* What a mono programme is louder for when it is heard from two loudspeakers: 10 log10(2). */
#define UNIT_DUAL_MONO_LU 3.0102999566398120

/* The unit as people write it: "LUFS", "s", "%"; "" for none. */
const char *unit_name(enum unit unit);

/* Parses all of `text` as a finite number in `unit`. A plain number takes the unit. */
bool unit_parse(const char *text, enum unit unit, double *out);
/* Shortest text that reads back as the same value: "-23 LUFS", "2s", "25%", "48000 Hz". */
char *unit_text(double value, enum unit unit);

/* Of seconds that are written with three decimals: 0 of what would be "-0.000". */
double seconds_shown(double seconds);

/* Shortest decimal text of a finite number, locale-free. */
char *number_text(double value);
bool number_parse(const char *text, double *out);

/* A place in a programme, before its length is known. */
enum position_kind {
    POSITION_NONE,
    POSITION_SECONDS,
    POSITION_FRAMES,
    POSITION_PERCENT,
    POSITION_TIMECODE
};
struct position {
    enum position_kind kind;
    double value;  /* seconds, frames or percent; timecode: unused */
    bool from_end; /* written with a minus: counted back from the end */
    char timecode[16];
};

/* "2s" "12f" "-12f" "25%" "01:00:10:05" "1:02.5"; a plain number is seconds, "" is none.
 * Frames are whole. A timecode can't be counted from the end. */
bool position_parse(const char *text, struct position *out);
char *position_text(const struct position *p); /* reads back the same; "" for none */

/* The position in seconds from the start of a programme of `duration_s` at `fps` whose first
 * frame has timecode `start` (may be NULL). False when it can't be known (percent without a
 * duration, timecode without a start) or lies outside [0, duration]; *why then says so in words,
 * to be freed. Frame positions are exact: frame n at n/fps. A timecode names a frame as the source
 * counts: "01:00:10:05" means the frame labelled 01:00:10;05 where `start` is drop-frame, and one
 * past midnight follows a start before it. duration_s of 0 is unknown. */
bool position_resolve(const struct position *p, double duration_s, struct rational fps,
                      const char *start_timecode, double *seconds, char **why);
