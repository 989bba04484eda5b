/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prints findings with the line they are about, underlined. */
#include "base/file.h"
#include "diag.h"

#include <string.h>

enum {
    WINDOW = 120,
    LEAD = 40
}; /* characters shown of a long line, and of those before the mark */

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
    for (size_t i = 0; i < G_N_ELEMENTS(breaks); i++) {
        size_t length = strlen(breaks[i]);
        if ((size_t)(end - p) >= length && memcmp(p, breaks[i], length) == 0)
            return length;
    }
    return 0;
}

static const char *line_end(const char *p, const char *end)
{
    while (p < end && !line_break(p, end))
        p++;
    return p;
}

/* The line as characters that each take one place; NULL when there is no such line. */
static char *line_text(const struct diag *diag, struct mark at)
{
    GBytes *source = at.file ? g_hash_table_lookup(diag->sources, at.file) : NULL;
    if (!source || at.line < 1)
        return NULL;
    gsize size;
    const char *p = g_bytes_get_data(source, &size), *end = p + size;
    if (size >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    for (int line = 1; line < at.line; line++) {
        p = line_end(p, end);
        if (p == end)
            return NULL;
        p += line_break(p, end);
    }
    g_autofree char *valid = g_utf8_make_valid(p, line_end(p, end) - p);
    GString *out = g_string_new(NULL);
    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        gunichar u = g_utf8_get_char(c);
        g_string_append_unichar(out, u == '\t' ? ' ' : g_unichar_isprint(u) ? u : 0xFFFD);
    }
    return g_string_free(out, FALSE);
}

static void append_line(GString *out, const char *line, struct mark at, const char *color,
                        const char *plain)
{
    long length = g_utf8_strlen(line, -1);
    long column = CLAMP(at.column - 1L, 0, length);
    long first = length > WINDOW ? CLAMP(column - LEAD, 0, length - WINDOW) : 0;
    long last = MIN(length, first + WINDOW);
    g_autofree char *shown = g_utf8_substring(line, first, last);
    g_string_append_printf(out, "%5d | %s%s%s\n", at.line, first > 0 ? "…" : "", shown,
                           last < length ? "…" : "");
    if (at.column < 1)
        return;
    long width = MAX(1, MIN(at.end_column - 1L, last) - column);
    g_string_append_printf(out, "      | %*s%s^", (int)(column - first + (first > 0)), "", color);
    for (long i = 1; i < width; i++)
        g_string_append_c(out, '~');
    g_string_append_printf(out, "%s\n", plain);
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
    g_autofree char *line = line_text(diag, finding->at);
    if (line)
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
