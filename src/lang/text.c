/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places inside a scalar, and what may be a name. */
#include "text.h"

#include <string.h>

struct mark mark_within(struct mark at, const char *text, size_t start, size_t length)
{
    if (at.line < 1 || at.column < 1 || !g_utf8_validate(text, -1, NULL))
        return at;
    long span = at.end_column - at.column, characters = g_utf8_strlen(text, -1);
    if (span != characters && span != characters + 2)
        return at;
    at.column += (int)(g_utf8_strlen(text, (gssize)start) + (span != characters));
    at.end_column = at.column + MAX(1, (int)g_utf8_strlen(text + start, (gssize)length));
    return at;
}

bool is_identifier(const char *text)
{
    if (!g_ascii_isalpha(*text) && *text != '_')
        return false;
    for (; *text; text++)
        if (!g_ascii_isalnum(*text) && *text != '_')
            return false;
    return true;
}

bool is_part_name(const char *text)
{
    if (!*text || *text == '.')
        return false;
    for (; *text; text++)
        if (!g_ascii_isalnum(*text) && !strchr("_-.", *text))
            return false;
    return true;
}
