/* SPDX-License-Identifier: GPL-3.0-or-later
 * Times of day as people write them: a window in which work may begin, a moment by which it must
 * be done. Both go by the clock on the wall: when it is put forward or back, a window opens and
 * closes as that clock says. Moments are microseconds since the epoch; local is what TZ says. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Minutes of the local day; `to` before `from` is past midnight. {0, 0}: always open. */
struct window {
    int from_min, to_min;
};
/* "20:00-08:00"; "00:00-24:00" is always open. A window of no length is refused. */
bool window_parse(const char *text, struct window *out);
char *window_text(const struct window *window); /* reads back the same; caller frees */
/* "waiting for the window 20:00-08:00, which opens at 2026-03-01 20:00"; caller frees. */
char *window_waiting_text(const struct window *window, int64_t time_us);
bool window_is_open(const struct window *window, int64_t time_us);
/* The first moment from `time_us` on at which it is open, or closed; INT64_MAX: never closed. */
int64_t window_opens_us(const struct window *window, int64_t time_us);
int64_t window_closes_us(const struct window *window, int64_t time_us);
/* How much of the time between two moments it is open, and when so much open time is over. */
int64_t window_open_between_us(const struct window *window, int64_t from_us, int64_t to_us);
int64_t window_after_us(const struct window *window, int64_t from_us, int64_t open_us);

/* A moment to be done by. All zero: none. */
struct deadline {
    int year, month, day; /* 0: the next day on which it is that time */
    int hour, minute, second;
    char zone[8]; /* "Z", "+02:00"; "" is local */
    bool set;
};
/* "08:00" "08:00:30" "2026-03-01T08:00", each with or without a zone: "Z" "+01:00". */
bool deadline_parse(const char *text, struct deadline *out);
/* When it is next, after `now_us`; one with a date may be past. */
int64_t deadline_us(const struct deadline *deadline, int64_t now_us);

/* "2026-03-01T08:00:00Z", or "unknown" for what is no time; caller frees. */
char *moment_utc_text(int64_t time_us);
/* "1:02:03", rounded; caller frees. */
char *span_text(double seconds);
/* "2026-03-01 08:00", local; caller frees. */
char *moment_text(int64_t time_us);
