/* SPDX-License-Identifier: GPL-3.0-or-later
 * Escaping for markup and for terminals. */
#include "escape.h"

#include "base/file.h"

#include <stdarg.h>
#include <string.h>

/* Marks and overrides of direction: they can make one name look like another. */
static gboolean turns_direction(gunichar c)
{
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static const char *entity(gunichar c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
        return "&#10;";
    case '\t':
        return "&#9;";
    default:
        return NULL;
    }
}

static gboolean unfit_for_xml(gunichar c)
{
    return g_unichar_iscntrl(c) || turns_direction(c) || c == 0xfffe || c == 0xffff;
}

static void append_bytes_shown(GString *out, const char *bytes, int count)
{
    for (int i = 0; i < count; i++)
        g_string_append_printf(out, "\\x%02x", (unsigned char)bytes[i]);
}

void append_escaped(GString *out, const char *text)
{
    for (const char *p = text; p && *p;) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        gboolean valid = c != (gunichar)-1 && c != (gunichar)-2;
        int bytes = valid ? g_utf8_skip[(unsigned char)*p] : 1;
        const char *name = valid ? entity(c) : NULL;
        if (name)
            g_string_append(out, name);
        else if (!valid || unfit_for_xml(c))
            append_bytes_shown(out, p, bytes);
        else
            g_string_append_len(out, p, bytes);
        p += bytes;
    }
}

void append_lines(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        append_escaped(out, *line);
        g_string_append_c(out, '\n');
    }
}

void append_markup(GString *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            g_string_append_c(out, *p);
            continue;
        }
        p++;
        if (*p == 's')
            append_escaped(out, va_arg(arguments, const char *));
        else if (*p == 'd')
            g_string_append_printf(out, "%d", va_arg(arguments, int));
        else if (*p == 'u')
            g_string_append_printf(out, "%u", va_arg(arguments, unsigned));
        else
            g_string_append_c(out, *p);
    }
    va_end(arguments);
}

char *line_text(const char *text)
{
    g_autofree char *shown = path_display(text ? text : "");
    GString *out = g_string_new(NULL);
    for (const char *p = shown; *p; p = g_utf8_next_char(p)) {
        if (turns_direction(g_utf8_get_char(p)))
            append_bytes_shown(out, p, g_utf8_skip[(unsigned char)*p]);
        else
            g_string_append_len(out, p, g_utf8_skip[(unsigned char)*p]);
    }
    return g_string_free(out, FALSE);
}
