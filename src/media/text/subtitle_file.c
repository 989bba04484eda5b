/* SPDX-License-Identifier: GPL-3.0-or-later
 * SubRip and WebVTT, line by line. */
#include "subtitle_file.h"

#include "media/io.h"

#include <libavutil/bprint.h>
#include <string.h>
#include <unistd.h>

static bool is_like(const char *line, const char *pattern)
{
    return g_regex_match_simple(pattern, line, G_REGEX_RAW, 0);
}

/* Refuses this line, from 1. */
static bool no_times(struct failure *failure, const char *name, guint number, const char *line)
{
    enum { SHOWN = 60 };
    g_autofree char *valid = g_utf8_make_valid(line, -1);
    g_autofree char *begin = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), SHOWN));
    return fail(failure, FAIL_CONFIG,
                "subtitles: line %u of %s should say when a cue is shown, as 00:00:01.600 --> "
                "00:00:01.900 does, and is \"%s\" (an empty line ends a cue)",
                number, name, begin);
}

/* --- WebVTT --- */

#define WEBVTT_TIME "(\\d+:)?\\d+:\\d\\d\\.\\d{3}"

/* Lines up to an empty one, or to the times of another cue (W3C, WebVTT, 6.1). */
struct block {
    guint from, to; /* lines; `to` isn't of it */
    guint times;    /* the line with the arrow; `to` when there is none */
};

static bool next_block(char **lines, struct block *block)
{
    guint at = block->to;
    bool timed = false;
    while (lines[at] && !*lines[at])
        at++;
    block->from = at;
    for (; lines[at] && *lines[at]; at++) {
        const bool arrow = strstr(lines[at], "-->");
        if (arrow && (timed || at > block->from + 1))
            break;
        if (arrow)
            block->times = at;
        timed = timed || arrow;
    }
    block->to = at;
    block->times = timed ? block->times : at;
    return at > block->from;
}

/* Cues alone, without their names, which libavformat takes for what they begin with. */
static bool keep_cues(GString *cues, char **lines, const char *name, struct failure *failure)
{
    struct block block = {0};
    g_string_assign(cues, "WEBVTT\n\n");
    for (bool head = true; next_block(lines, &block); head = false) {
        const bool timed = block.times < block.to;
        const char *first = lines[timed ? block.times : block.from];
        const char *expected = timed ? "^[ \\t]*" WEBVTT_TIME "[ \\t]*-->[ \\t]*" WEBVTT_TIME
                                       "([ \\t]|$)"
                                     : "^((STYLE|REGION)[ \\t]*|NOTE([ \\t].*)?)$";
        if ((timed || !head) && !is_like(first, expected))
            return no_times(failure, name, 1 + (timed ? block.times : block.from), first);
        for (guint at = block.times; at < block.to; at++)
            g_string_append_printf(cues, "%s\n", lines[at]);
        g_string_append(cues, "\n");
    }
    return true;
}

/* --- SubRip --- */

#define SUBRIP_TIME "\\d+:\\d+:\\d+[,.]\\d+"

/* Times as somebody writes them who mistypes something: 1:02 -> 1:03, 00:01:02,5 -- 00:01:03,5. */
static bool is_meant_for_times(const char *line)
{
    return is_like(line, "^\\s*\\d+:\\d+(\\S{0,20}?\\s*[-=]{1,9}>\\s*\\d"
                         "|:\\d\\S{0,20}\\s+\\S{1,20}\\s+\\d+:\\d+:\\d+)");
}

static bool all_times_are_read(char **lines, const char *name, struct failure *failure)
{
    for (guint at = 0; lines[at]; at++)
        if (is_meant_for_times(lines[at]) &&
            !is_like(lines[at], "^\\s*" SUBRIP_TIME "\\s*-->\\s*" SUBRIP_TIME))
            return no_times(failure, name, at + 1, lines[at]);
    return true;
}

/* --- */

/* WebVTT has nulls replaced (W3C, WebVTT, 6.1). */
static void replace_nulls(AVBPrint *text)
{
    for (unsigned i = 0; i < text->len; i++)
        if (!text->str[i])
            text->str[i] = ' ';
}

/* All of the file as lines; NULL: it can't be read. */
static char **read_lines(int fd)
{
    struct failure ignored = {0};
    struct io *io = io_reader(fd);
    AVBPrint text;
    char **lines = NULL;
    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (io && avio_read_to_bprint(io_context(io), &text, SIZE_MAX) >= 0 &&
        av_bprint_is_complete(&text)) {
        replace_nulls(&text);
        lines = g_regex_split_simple("\\r\\n|\\r|\\n", text.str, G_REGEX_RAW, 0);
    }
    av_bprint_finalize(&text, NULL);
    io_close(io, &ignored);
    failure_clear(&ignored);
    return lines;
}

/* How it begins, behind a byte order mark and empty lines. */
static void read_begin(int fd, char *begin, gsize size)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const ssize_t got = pread(fd, begin, size - 1, 0);
    begin[MAX(got, 0)] = '\0';
    if (g_str_has_prefix(begin, mark))
        memmove(begin, begin + strlen(mark), strlen(begin + strlen(mark)) + 1);
    g_strchug(begin);
}

struct readback *subtitle_file_open(int fd, const char *name, struct failure *failure)
{
    char begin[64];
    read_begin(fd, begin, sizeof begin);
    const bool webvtt = is_like(begin, "^WEBVTT\\s"), subrip = g_ascii_isdigit(begin[0]);
    g_auto(GStrv) lines = webvtt || subrip ? read_lines(fd) : NULL;
    g_autoptr(GString) cues = g_string_new(NULL);
    if (!lines)
        return readback_open(fd);
    if (webvtt)
        return keep_cues(cues, lines, name, failure) ? readback_open_text(cues->str, cues->len)
                                                     : NULL;
    return all_times_are_read(lines, name, failure) ? readback_open(fd) : NULL;
}
