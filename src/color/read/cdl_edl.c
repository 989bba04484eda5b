/* SPDX-License-Identifier: GPL-3.0-or-later
 * CDLs in the comments of a CMX3600 edit list. Of events only the last line is open, and in a
 * transition the line before it, too, which is of the outgoing clip. */
#include "cdl_read.h"

#include <string.h>

struct event {
    struct cdl_correction *correction; /* NULL: there is none */
    bool has_sop, has_sat;
    struct span number, line;
};

struct reader {
    struct scan *scan;
    struct cdl_file *file;
    struct event out, now; /* the outgoing clip of a transition; the event */
    struct event *named;   /* whose comments follow: one of them */
    gsize events;
};

static bool span_same(struct span a, struct span b)
{
    const gsize length = (gsize)(a.end - a.start);
    return length == (gsize)(b.end - b.start) && memcmp(a.start, b.start, length) == 0;
}

static void close_event(struct reader *r, struct event *event)
{
    struct cdl_correction *correction = g_steal_pointer(&event->correction);
    if (correction && (event->has_sop || event->has_sat))
        cdl_take(r->scan, r->file, correction, event->line);
    else if (correction)
        cdl_correction_destroy(correction);
    *event = (struct event){0};
}

/* Eight digits with a sign after each two but the last. */
static bool is_timecode(struct span word)
{
    if (word.end - word.start != 11)
        return false;
    for (int i = 0; i < 11; i++)
        if (i % 3 == 2 ? !strchr(":;", word.start[i]) : !g_ascii_isdigit(word.start[i]))
            return false;
    return true;
}

enum { EVENT_LEAST = 8, EVENT_WORDS = 11 }; /* "C"; "K B 000 (F)" */

/* All words of a line; more than EVENT_WORDS are counted only. */
static int words_of(struct span line, struct span words[EVENT_WORDS])
{
    int count = 0;
    const char *p = line.start;
    while (p < line.end) {
        const char *const start = p;
        while (p < line.end && !g_ascii_isspace(*p))
            p++;
        if (count < EVENT_WORDS)
            words[count] = (struct span){start, p};
        count++;
        while (p < line.end && g_ascii_isspace(*p))
            p++;
    }
    return count;
}

static bool is_event(const struct span *words, int count)
{
    if (count < EVENT_LEAST || count > EVENT_WORDS)
        return false;
    for (int i = count - 4; i < count; i++)
        if (!is_timecode(words[i]))
            return false;
    return true;
}

/* CMX3600: cut, dissolve, wipe of a number; key, its background, its way out. */
static bool is_transition(struct span word)
{
    static const char *const plain[] = {"C", "D", "K", "KB", "KO"};
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
        if (span_equal_nocase(word, plain[i]))
            return true;
    const char *p = word.start + 1;
    while (p < word.end && g_ascii_isdigit(*p))
        p++;
    return g_ascii_toupper(*word.start) == 'W' && p == word.end && p > word.start + 1;
}

/* The event counts all the same, so that its comments have one to be about. */
static void check_transition(struct reader *r, struct span word)
{
    if (is_transition(word))
        return;
    g_autofree char *shown = span_shown(word);
    scan_error(r->scan, word,
               "the fourth word of an event is C, D, W and a number such as W001, or K: a reel or "
               "track has no blanks",
               "\"%s\" is no transition", shown);
}

/* number reel track transition [kind, length, (F)], then in and out of source and of record. */
static void read_event(struct reader *r, struct span line)
{
    struct span words[EVENT_WORDS];
    const int count = words_of(line, words);
    if (!is_event(words, count)) {
        scan_error(r->scan, line,
                   "number, reel, track, transition, then source in and out and record in and out "
                   "as HH:MM:SS:FF",
                   "this begins like an event and is none");
        return;
    }
    check_transition(r, words[3]);
    const bool is_cut = span_equal_nocase(words[3], "C");
    close_event(r, &r->out);
    if (!is_cut && r->now.correction && span_same(r->now.number, words[0])) {
        r->out = r->now;
        r->now = (struct event){0};
    }
    close_event(r, &r->now);
    r->now = (struct event){
        .correction = cdl_correction_create(r->scan), .number = words[0], .line = line};
    r->now.correction->reel = span_dup(words[1]);
    r->now.correction->start = span_dup(words[count - 4]);
    r->now.correction->end = span_dup(words[count - 3]);
    r->now.correction->record = span_dup(words[count - 2]);
    r->named = &r->now;
    r->events++;
}

/* What follows `keyword` and its colon, or false when the text doesn't begin with it. */
static bool take_keyword(struct span text, const char *keyword, struct span *rest)
{
    const gsize length = strlen(keyword);
    if ((gsize)(text.end - text.start) < length ||
        g_ascii_strncasecmp(text.start, keyword, length) != 0)
        return false;
    rest->start = text.start + length;
    rest->end = text.end;
    if (rest->start < rest->end && (g_ascii_isalnum(*rest->start) || *rest->start == '_'))
        return false;
    *rest = span_trim(*rest);
    if (rest->start < rest->end && *rest->start == ':')
        rest->start++;
    *rest = span_trim(*rest);
    return true;
}

/* The event that a comment with numbers is about, once; NULL after reporting. */
static struct event *event_for(struct reader *r, bool has, struct span line, const char *what)
{
    if (!r->named)
        scan_error(r->scan, line, "it belongs below the event that it is of",
                   "%s stands before the first event", what);
    else if (has)
        scan_error(r->scan, line, "keep one of the two", "the event has a second %s", what);
    return r->named && !has ? r->named : NULL;
}

static void read_sop(struct reader *r, struct span line, struct span rest)
{
    struct event *event = event_for(r, r->named && r->named->has_sop, line, "ASC_SOP");
    if (!event)
        return;
    event->has_sop = true;
    if (!cdl_sop(r->scan, &rest, &event->correction->cdl))
        return;
    rest = span_trim(rest);
    if (rest.start < rest.end)
        scan_error(r->scan, rest, NULL, "there is more after the power");
}

static void read_sat(struct reader *r, struct span line, struct span rest)
{
    struct event *event = event_for(r, r->named && r->named->has_sat, line, "ASC_SAT");
    if (!event)
        return;
    event->has_sat = true;
    cdl_numbers(r->scan, rest, "ASC_SAT", 1, &event->correction->cdl.saturation);
}

static void name_clip(struct event *event, struct span name)
{
    if (!event->correction)
        return;
    g_free(event->correction->clip);
    event->correction->clip = span_dup(name);
}

static void read_comment(struct reader *r, struct span line)
{
    const struct span text = span_trim((struct span){line.start + 1, line.end});
    struct span rest;
    if (take_keyword(text, "ASC_SOP", &rest)) {
        read_sop(r, line, rest);
    } else if (take_keyword(text, "ASC_SAT", &rest)) {
        read_sat(r, line, rest);
    } else if (take_keyword(text, "FROM CLIP NAME", &rest) && r->named) {
        r->named = r->out.correction ? &r->out : &r->now;
        name_clip(r->named, rest);
    } else if (take_keyword(text, "TO CLIP NAME", &rest) && r->named) {
        r->named = &r->now;
        name_clip(r->named, rest);
    }
}

static void read_line(struct reader *r)
{
    const struct span line = span_trim(r->scan->line);
    if (line.start == line.end)
        return;
    if (g_ascii_isdigit(*line.start))
        read_event(r, line);
    else if (*line.start == '*')
        read_comment(r, line);
}

void cdl_edl_read(struct scan *s, struct cdl_file *file)
{
    struct reader r = {.scan = s, .file = file};
    while (s->errors < CDL_ERRORS_MAX && scan_line(s))
        read_line(&r);
    close_event(&r, &r.out);
    close_event(&r, &r.now);
    if (r.events == 0 && s->errors == 0)
        scan_error(s, s->line, "is it a CMX3600 edit list?", "the file has no event");
}
