/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where in the text GMarkup is. It says line and character, and means bytes: the first byte of the
 * text is character 1, and on a later line the line feed before it is (advance_char of gmarkup.c,
 * GLib 2.74). A first byte that is a line feed begins no line. GLib promises none of this, so who
 * reads text from there looks whether the tag stands where it should. */
#pragma once

#include "scan.h"

struct xml_place {
    struct span text;
    int line;          /* of GMarkup's, from 1, */
    const char *start; /* and its character 1 */
};

void xml_place_init(struct xml_place *place, struct span text);

/* How far GMarkup has read; never beyond the text. Cheap from place to place further on. */
const char *xml_place_here(struct xml_place *place, GMarkupParseContext *context);

/* The tag whose event this is. */
struct span xml_place_tag(struct xml_place *place, GMarkupParseContext *context);
