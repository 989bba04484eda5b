/* SPDX-License-Identifier: GPL-3.0-or-later
 * A CDL file in XML while it is read; for cdl_xml*.c only. */
#pragma once

#include "cdl_read.h"
#include "xml_place.h"

enum element {
    ROOT, /* what the outermost element stands in */
    UNKNOWN,
    LIST,
    COLLECTION,
    DECISION,
    MEDIA,
    REFERENCE,
    CORRECTION,
    SOP,
    SAT,
    SLOPE,
    OFFSET,
    POWER,
    SATURATION,
    DESCRIPTION,
    INPUT_DESCRIPTION,
    VIEWING_DESCRIPTION,
};

#define IN(element) (1u << (element))

enum { XML_DEPTH_MAX = 32 };

struct description {
    GString *text;      /* NULL: there is none */
    GRefString *shared; /* the text as the corrections have it; NULL: not asked for since it grew */
    bool is_full;
};

struct descriptions {
    struct description plain, input, viewing;
};

struct cdl_xml {
    struct scan *scan;
    struct cdl_file *file;
    GMarkupParseContext *context;
    struct xml_place place;

    enum element open[XML_DEPTH_MAX];
    int depth;
    bool rooted;        /* an outermost element was there */
    const char *inside; /* behind the last tag */
    GString *text;      /* of the element at hand */

    struct cdl_correction *correction; /* NULL: none is open */
    struct span tag;                   /* its, for reports */
    unsigned seen;                     /* IN() of its SOP and SAT, and of their numbers */
    char *media;                       /* of the decision */
    struct descriptions outer, own;    /* of the list or collection; nearer than that */
    GHashTable *ids, *told;
};

const char *xml_name(enum element element); /* of a known one */

/* How far GMarkup has read, the tag that ends there, and where a piece of the element's text stands
 * (the piece itself where it is written with entities). For messages only. */
const char *xml_here(struct cdl_xml *r);
struct span xml_tag(struct cdl_xml *r);
struct span xml_find(struct cdl_xml *r, struct span piece);

#define xml_error(r, at, hint, ...)                       \
    do {                                                  \
        const struct span place_ = (at);                  \
        scan_place((r)->scan, place_.start);              \
        scan_error((r)->scan, place_, hint, __VA_ARGS__); \
    } while (0)

/* What a known element in its place says, when it begins and when it ends. */
void xml_begin(struct cdl_xml *r, enum element element, const char **names, const char **values);
void xml_end(struct cdl_xml *r, enum element element);
const char *xml_local_name(const char *name);
void xml_descriptions_clear(struct descriptions *descriptions);
