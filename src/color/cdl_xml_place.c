/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where in the text GMarkup is. */
#include "cdl_xml.h"

#include <string.h>

/* GMarkup counts bytes from 1, on a later line from the line feed before it. */
const char *xml_here(struct cdl_xml *r)
{
    int line, column;
    g_markup_parse_context_get_position(r->context, &line, &column);
    const char *const end = r->scan->text.end;
    while (r->line.number < line) {
        const char *const from = r->line.start + (r->line.number > 1);
        const char *const feed = memchr(from, '\n', (gsize)(end - from));
        if (!feed)
            break;
        r->line.number++;
        r->line.start = feed;
    }
    return MIN(end, r->line.start + MAX(column - 1, 0));
}

struct span xml_tag(struct cdl_xml *r)
{
    const struct span text = r->scan->text;
    struct span tag = {xml_here(r), xml_here(r)};
    if (tag.end < text.end && *tag.end == '>')
        tag.end++;
    while (tag.start > text.start && *--tag.start != '<')
        ;
    return tag;
}

struct span xml_find(struct cdl_xml *r, struct span piece)
{
    const gsize length = (gsize)(piece.end - piece.start);
    const char *const end = MAX(xml_here(r), r->inside);
    const char *const found = memmem(r->inside, (gsize)(end - r->inside), piece.start, length);
    return found ? (struct span){found, found + length} : piece;
}
