/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prints findings with the line they are about, underlined. */
#include "base/file.h"
#include "diag.h"

#include <stdint.h>
#include <string.h>

/* Characters shown of a long line, and of those before the mark. No more of the line is looked at:
 * a file may be one line. */
enum { WINDOW = 120, LEAD = 40 };

static const struct {
    const char *label, *color;
} severities[] = {
    [DIAG_ERROR] = {"error", "\033[1;31m"},
    [DIAG_WARNING] = {"warning", "\033[1;35m"},
    [DIAG_NOTE] = {"note", "\033[1;36m"},
};

/* Bytes of the line break at p, 0 for none: the breaks of YAML, whose lines the marks count. */
static size_t line_break(const char *p, const char *end)
{
    static const char *const breaks[] = {"\r\n",     "\n",           "\r",
                                         "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
    if (*p != '\r' && *p != '\n' && *p != '\xc2' && *p != '\xe2')
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(breaks); i++) {
        size_t length = strlen(breaks[i]);
        if ((size_t)(end - p) >= length && memcmp(p, breaks[i], length) == 0)
            return length;
    }
    return 0;
}

enum { PLAIN = 8 };

/* Whether the next PLAIN bytes are as many characters of ASCII: none below a blank, none above 127.
 */
static bool is_plain(const char *p, const char *end)
{
    uint64_t word;
    if (end - p < PLAIN)
        return false;
    memcpy(&word, p, PLAIN);
    return !((word | (word - 0x2020202020202020)) & 0x8080808080808080);
}

static const char *line_end(const char *p, const char *end)
{
    bool plain;
    while (p < end && ((plain = is_plain(p, end)) || !line_break(p, end)))
        p += plain ? PLAIN : 1;
    return p;
}

/* Of the text. */
struct piece {
    const char *start, *end;
};

/* From the line's start to the end of the text; false when there is no such line. */
static bool find_line(const struct diag *diag, struct mark at, struct piece *out)
{
    GBytes *source = at.file ? g_hash_table_lookup(diag->sources, at.file) : NULL;
    if (!source || at.line < 1)
        return false;
    gsize size;
    const char *p = g_bytes_get_data(source, &size), *end = p + size;
    if (size >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    for (int line = 1; line < at.line; line++) {
        p = line_end(p, end);
        if (p == end)
            return false;
        p += line_break(p, end);
    }
    *out = (struct piece){p, end};
    return true;
}

static bool is_continued(char c)
{
    return (c & 0xc0) == 0x80;
}

/* Behind the character at p, which has at most four bytes. */
static const char *after_one(const char *p, const char *end)
{
    const char *const last = MIN(end, p + 4);
    for (p++; p < last && is_continued(*p);)
        p++;
    return p;
}

/* So many characters further on, or the line's end. */
static const char *forward(const char *p, const char *end, long count)
{
    while (count > 0 && p < end) {
        const bool plain = count >= PLAIN && is_plain(p, end);
        if (!plain && line_break(p, end))
            break;
        p = plain ? p + PLAIN : after_one(p, end);
        count -= plain ? PLAIN : 1;
    }
    return p;
}

static const char *backward(const char *p, const char *start, long count)
{
    for (; count > 0 && p > start; count--) {
        const char *const last = MAX(start, p - 4);
        for (p--; p > last && is_continued(*p);)
            p--;
    }
    return p;
}

static long count_from(const char *p, const char *to)
{
    long count = 0;
    for (; p < to; count++)
        p = forward(p, to, 1);
    return count;
}

/* As characters that each take one place. Returns how many. */
static long append_shown(GString *out, const char *from, const char *to)
{
    long count = 0;
    g_autofree char *valid = g_utf8_make_valid(from, to - from);
    for (const char *c = valid; *c; c = g_utf8_next_char(c), count++) {
        const gunichar u = g_utf8_get_char(c);
        g_string_append_unichar(out, u == '\t' ? ' ' : g_unichar_isprint(u) ? u : 0xFFFD);
    }
    return count;
}

static void append_underline(GString *out, long before, long width, const char *color,
                             const char *plain)
{
    g_string_append_printf(out, "      | %*s%s^", (int)before, "", color);
    for (long i = 1; i < width; i++)
        g_string_append_c(out, '~');
    g_string_append_printf(out, "%s\n", plain);
}

/* What is shown: WINDOW characters, LEAD of them before the mark or more near the line's end. */
static void append_line(GString *out, struct piece line, struct mark at, const char *color,
                        const char *plain)
{
    const char *const mark = forward(line.start, line.end, at.column - 1L);
    const long after = count_from(mark, forward(mark, line.end, WINDOW));
    const char *const first = backward(mark, line.start, MAX(LEAD, WINDOW - after));
    const char *const last = forward(first, line.end, WINDOW);
    const char *const mark_end = MIN(last, forward(mark, last, at.end_column - at.column));
    const bool is_cut = first > line.start;
    g_string_append_printf(out, "%5d | %s", at.line, is_cut ? "…" : "");
    const long before = append_shown(out, first, mark) + is_cut;
    const long width = append_shown(out, mark, mark_end);
    append_shown(out, mark_end, last);
    g_string_append_printf(out, "%s\n", last < line.end && !line_break(last, line.end) ? "…" : "");
    if (at.column >= 1)
        append_underline(out, before, width, color, plain);
}

static void append_place(GString *out, struct mark at)
{
    if (!at.file)
        return;
    g_autofree char *file = path_display(at.file);
    g_string_append(out, file);
    if (at.line > 0)
        g_string_append_printf(out, ":%d", at.line);
    if (at.line > 0 && at.column > 0)
        g_string_append_printf(out, ":%d", at.column);
    g_string_append(out, ": ");
}

static void append_finding(GString *out, const struct diag *diag, const struct finding *finding,
                           bool in_color)
{
    const char *bold = in_color ? "\033[1m" : "", *plain = in_color ? "\033[0m" : "";
    const char *color = in_color ? severities[finding->severity].color : "";
    g_string_append(out, bold);
    append_place(out, finding->at);
    g_string_append_printf(out, "%s%s%s: %s\n", color, severities[finding->severity].label, plain,
                           finding->message);
    struct piece line;
    if (find_line(diag, finding->at, &line))
        append_line(out, line, finding->at, color, plain);
    if (finding->hint)
        g_string_append_printf(out, "   hint: %s\n", finding->hint);
}

char *diag_text(const struct diag *diag, bool color)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < diag->findings->len; i++)
        append_finding(out, diag, g_ptr_array_index(diag->findings, i), color);
    if (diag->hidden)
        g_string_append_printf(out, "(%u more not shown)\n", diag->hidden);
    return g_string_free(out, FALSE);
}
