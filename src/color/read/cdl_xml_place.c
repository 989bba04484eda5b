/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where in the text of a CDL file things stand. */
#include "cdl_xml.h"

#include <string.h>

const char *xml_here(struct cdl_xml *r)
{
    return xml_place_here(&r->place, r->context);
}

struct span xml_tag(struct cdl_xml *r)
{
    return xml_place_tag(&r->place, r->context);
}

struct span xml_find(struct cdl_xml *r, struct span piece)
{
    const gsize length = (gsize)(piece.end - piece.start);
    const char *const end = MAX(xml_here(r), r->inside);
    const char *const found = memmem(r->inside, (gsize)(end - r->inside), piece.start, length);
    return found ? (struct span){found, found + length} : piece;
}
