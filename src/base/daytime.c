/* SPDX-License-Identifier: GPL-3.0-or-later
 * Windows and deadlines. A change of a window is looked for minute by minute: that is right
 * whatever the local clock does, and there are only 1440 of them. */
#include "base/daytime.h"

#include <glib.h>
#include <string.h>

static const int64_t minute_us = (int64_t)60 * G_USEC_PER_SEC;

enum { DAY_MIN = 24 * 60, LOOK_MIN = 3 * DAY_MIN };

/* `count` digits at *at, at most `most`; moves *at. */
static bool digits(const char **at, int count, int most, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit((*at)[i]))
            return false;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += count;
    *out = value;
    return value <= most;
}

static bool skip(const char **at, char c)
{
    bool there = **at == c;
    *at += there;
    return there;
}

static bool minute_of_day(const char **at, int *out)
{
    int hour, minute;
    if (!digits(at, 2, 24, &hour) || !skip(at, ':') || !digits(at, 2, 59, &minute))
        return false;
    *out = hour * 60 + minute;
    return *out <= DAY_MIN;
}

bool window_parse(const char *text, struct window *out)
{
    const char *at = text;
    struct window w;
    if (!minute_of_day(&at, &w.from_min) || w.from_min == DAY_MIN || !skip(&at, '-') ||
        !minute_of_day(&at, &w.to_min) || *at || w.from_min == w.to_min)
        return false;
    bool always = w.from_min == 0 && w.to_min == DAY_MIN;
    *out = always ? (struct window){0} : w;
    return true;
}

static bool is_always(const struct window *w)
{
    return w->from_min == w->to_min;
}

char *window_text(const struct window *w)
{
    int to = is_always(w) ? DAY_MIN : w->to_min;
    return g_strdup_printf("%02d:%02d-%02d:%02d", w->from_min / 60, w->from_min % 60, to / 60,
                           to % 60);
}

static GDateTime *local(int64_t time_us)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    return g_date_time_to_local(utc);
}

bool window_is_open(const struct window *w, int64_t time_us)
{
    if (is_always(w))
        return true;
    g_autoptr(GDateTime) time = local(time_us);
    int now = g_date_time_get_hour(time) * 60 + g_date_time_get_minute(time);
    return w->from_min < w->to_min ? now >= w->from_min && now < w->to_min
                                   : now >= w->from_min || now < w->to_min;
}

static int64_t next_us(const struct window *w, int64_t time_us, bool open)
{
    if (window_is_open(w, time_us) == open)
        return time_us;
    int64_t at = time_us - time_us % minute_us;
    for (int i = 0; i < LOOK_MIN && window_is_open(w, at) != open; i++)
        at += minute_us;
    return at;
}

int64_t window_opens_us(const struct window *w, int64_t time_us)
{
    return next_us(w, time_us, true);
}

int64_t window_closes_us(const struct window *w, int64_t time_us)
{
    return is_always(w) ? INT64_MAX : next_us(w, time_us, false);
}

int64_t window_open_between_us(const struct window *w, int64_t from_us, int64_t to_us)
{
    int64_t open_us = 0;
    for (int64_t at = window_opens_us(w, from_us); at < to_us;) {
        int64_t end = MIN(window_closes_us(w, at), to_us);
        open_us += end - at;
        at = end < to_us ? window_opens_us(w, end) : end;
    }
    return open_us;
}

int64_t window_after_us(const struct window *w, int64_t from_us, int64_t open_us)
{
    int64_t at = window_opens_us(w, from_us);
    for (int64_t end; (end = window_closes_us(w, at)) - at < open_us;) {
        open_us -= end - at;
        at = window_opens_us(w, end);
    }
    return at + open_us;
}

/* The years in which a moment can be told in every zone. */
enum { YEAR_FIRST = 1970, YEAR_LAST = 9998 };

static bool parse_date(const char **at, struct deadline *d)
{
    return digits(at, 4, YEAR_LAST, &d->year) && d->year >= YEAR_FIRST && skip(at, '-') &&
           digits(at, 2, 12, &d->month) && skip(at, '-') && digits(at, 2, 31, &d->day) &&
           (skip(at, 'T') || skip(at, ' ')) &&
           g_date_valid_dmy((GDateDay)d->day, (GDateMonth)d->month, (GDateYear)d->year);
}

static bool parse_time(const char **at, struct deadline *d)
{
    return digits(at, 2, 23, &d->hour) && skip(at, ':') && digits(at, 2, 59, &d->minute) &&
           (!skip(at, ':') || digits(at, 2, 59, &d->second));
}

static bool parse_zone(const char *text, struct deadline *d)
{
    const char *at = text;
    int hours, minutes;
    g_strlcpy(d->zone, text, sizeof d->zone);
    if (!*text || strcmp(text, "Z") == 0)
        return true;
    return (skip(&at, '+') || skip(&at, '-')) && digits(&at, 2, 14, &hours) && skip(&at, ':') &&
           digits(&at, 2, 59, &minutes) && !*at;
}

bool deadline_parse(const char *text, struct deadline *out)
{
    const char *at = text;
    struct deadline d = {.set = true};
    bool dated = strlen(text) > 4 && text[4] == '-';
    if ((dated && !parse_date(&at, &d)) || !parse_time(&at, &d) || !parse_zone(at, &d))
        return false;
    *out = d;
    return true;
}

static int64_t moment_us(const struct deadline *d, GTimeZone *zone, const GDateTime *day)
{
    int y, m, n;
    g_date_time_get_ymd((GDateTime *)day, &y, &m, &n);
    g_autoptr(GDateTime) time = g_date_time_new(zone, y, m, n, d->hour, d->minute, d->second);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

int64_t deadline_us(const struct deadline *d, int64_t now_us)
{
    g_autoptr(GTimeZone) zone =
        *d->zone ? g_time_zone_new_identifier(d->zone) : g_time_zone_new_local();
    g_autoptr(GDateTime) now = local(now_us);
    g_autoptr(GDateTime) today = d->day ? g_date_time_new(zone, d->year, d->month, d->day, 0, 0, 0)
                                        : g_date_time_to_timezone(now, zone);
    int64_t at = moment_us(d, zone, today);
    if (d->day || at > now_us)
        return at;
    g_autoptr(GDateTime) tomorrow = g_date_time_add_days(today, 1);
    return moment_us(d, zone, tomorrow);
}

char *moment_utc_text(int64_t time_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    return time ? g_date_time_format_iso8601(time) : g_strdup("unknown");
}

char *span_text(double seconds)
{
    int whole = (int)(seconds + 0.5);
    return g_strdup_printf("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
}

char *moment_text(int64_t time_us)
{
    g_autoptr(GDateTime) time = local(time_us);
    return g_date_time_format(time, "%Y-%m-%d %H:%M");
}

char *window_waiting_text(const struct window *w, int64_t time_us)
{
    g_autofree char *window = window_text(w);
    g_autofree char *opens = moment_text(window_opens_us(w, time_us));
    return g_strdup_printf("waiting for the window %s, which opens at %s", window, opens);
}
