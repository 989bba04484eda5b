/* SPDX-License-Identifier: GPL-3.0-or-later
 * XML as a small tree that knows where everything stands, so that messages can point at it. Strict:
 * no document type, no entities but the five of XML and character references, at most XML_DEPTH
 * elements inside of one another, XML_ELEMENTS in all, and
 * XML_ATTRIBUTES of each. Prefixes of names are passed over. */
#pragma once

#include "scan.h"

enum { XML_DEPTH = 16, XML_ELEMENTS = 10000, XML_ATTRIBUTES = 64 };

struct xml {
    char *name;              /* without its prefix */
    char **keys, **values;   /* attributes in order, without xmlns and prefixes; NULL-terminated */
    GPtrArray *children;     /* struct xml *, owned */
    char *words;             /* its text, unescaped, blanks as one space, at most 500 bytes */
    struct span tag, inside; /* in the text: the start tag, and what is between it and the end */
};

/* Of the scan's text. NULL after reporting. */
struct xml *xml_read(struct scan *s);
void xml_destroy(struct xml *node); /* NULL is fine */
typedef struct xml *xml_ptr;        /* g_auto(xml_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(xml_ptr, xml_destroy, NULL)

const char *xml_attribute(const struct xml *node, const char *key);    /* or NULL */
const struct xml *xml_child(const struct xml *node, const char *name); /* the first, or NULL */

/* Takes the first word off what is inside of an element, passing over comments. False when none is
 * left, or another element follows. */
bool xml_word(struct span *rest, struct span *word);

/* Reports about a word, or about an element's start tag. */
void xml_report(struct scan *s, enum severity severity, struct span at, const char *hint,
                const char *format, ...) G_GNUC_PRINTF(5, 6);
#define xml_error(s, at, hint, ...) xml_report(s, DIAG_ERROR, at, hint, __VA_ARGS__)
#define xml_warning(s, at, hint, ...) xml_report(s, DIAG_WARNING, at, hint, __VA_ARGS__)
