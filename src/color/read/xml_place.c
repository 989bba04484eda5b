/* SPDX-License-Identifier: GPL-3.0-or-later
 * From GMarkup's line and character to a place in the text. */
#include "xml_place.h"

#include <string.h>

void xml_place_init(struct xml_place *place, struct span text)
{
    *place = (struct xml_place){text, 1, text.start};
}

static const char *next_feed(const struct xml_place *place)
{
    const char *const from = place->start + 1, *const end = place->text.end;
    return from < end ? memchr(from, '\n', (gsize)(end - from)) : NULL;
}

const char *xml_place_here(struct xml_place *place, GMarkupParseContext *context)
{
    int line, character;
    g_markup_parse_context_get_position(context, &line, &character);
    const char *feed;
    while (place->line < line && (feed = next_feed(place))) {
        place->line++;
        place->start = feed;
    }
    const gssize left = place->text.end - place->start;
    return place->start + CLAMP(character - 1, 0, left);
}

/* The start of <a/> is told before its ">", and every other tag behind it. */
struct span xml_place_tag(struct xml_place *place, GMarkupParseContext *context)
{
    const char *const here = xml_place_here(place, context);
    struct span tag = {here, here};
    if (here > place->text.start && here[-1] != '>' && here < place->text.end)
        tag.end++;
    while (tag.start > place->text.start && *--tag.start != '<')
        ;
    return tag;
}
