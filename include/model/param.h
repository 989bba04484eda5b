/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameter tables. One row names a parameter, parses it, checks its range, prints it, documents
 * it, and gives its JSON Schema and its part of the cache key. Steps, encoder settings and
 * everything else a pipeline can say are structs described by such rows. */
#pragma once

#include "base/diag.h"
#include "base/node.h"
#include "base/unit.h"

#include <stdbool.h>
#include <stddef.h>

enum param_type {
    PARAM_NUMBER,   /* double, in `unit` */
    PARAM_INT,      /* int, in `unit` (pixels, Hz, channels) */
    PARAM_BOOL,     /* bool: true false yes no on off */
    PARAM_TEXT,     /* char *, owned */
    PARAM_CHOICE,   /* int: index into `choices` */
    PARAM_POSITION, /* struct position */
    PARAM_RATE,     /* struct rational: frame rate or ratio */
    PARAM_EXTENT,   /* struct extent: pixels or percent */
    PARAM_COLOR,    /* struct rgba: "#rrggbb[aa]" or a name: black white red green blue gray yellow
                       transparent */
    PARAM_FILE,     /* char *, owned: a file the step reads; the planner resolves and opens it */
    PARAM_TRIPLE,   /* double[3]: one number for all, or a list of three */
    PARAM_FOCAL,    /* struct focal: a list of two numbers, 0 to 1 */
    PARAM_INTS,     /* struct ints: one whole number, or a list of them */
    PARAM_WORDS,    /* unsigned: a set of `choices`, a bit each; written as a word, or a list */
    PARAM_DICT,     /* GPtrArray * of char *: key, value, key, value … (owned) */
};

struct extent {
    double value;
    bool percent; /* of what, the row's help says */
    bool set;
};

/* In a picture: shares of its width from the left, and of its height from the top. */
struct focal {
    double x, y;
    bool set;
};

enum { INTS_MAX = 64 };
struct ints {
    int count; /* 0: not given */
    int value[INTS_MAX];
};

struct rgba {
    uint8_t r, g, b, a;
};

/* Rows are made with the macros below, which refuse a field of the wrong type at compile time. */
struct param {
    const char *name;
    const char *help; /* one line, without the unit, range and default */
    enum param_type type;
    size_t offset;
    enum unit unit;
    double min, max;            /* numbers, ints, triples, lists of ints; equal = no limit */
    const char *const *choices; /* NULL-terminated */
    bool required;
    /* Of a text: the template that it is where it isn't given and the row `implied_by` is, so that
     * what depends on an input's name is among the values; NULL none. */
    const char *implied, *implied_by;
    /* Of a file: the row of a choice whose values but the first allow that it isn't there: the step
     * then has no descriptor of it; NULL: it must be there. */
    const char *missing_by;
};

#define PARAM_FIELD(S, f, T) (offsetof(S, f) + 0 * sizeof(&((S *)0)->f == (__typeof__(T) *)0))
#define P_NUMBER(S, f, u) .type = PARAM_NUMBER, .offset = PARAM_FIELD(S, f, double), .unit = u
#define P_INT(S, f, u) .type = PARAM_INT, .offset = PARAM_FIELD(S, f, int), .unit = u
#define P_BOOL(S, f) .type = PARAM_BOOL, .offset = PARAM_FIELD(S, f, bool)
#define P_TEXT(S, f) .type = PARAM_TEXT, .offset = PARAM_FIELD(S, f, char *)
#define P_FILE(S, f) .type = PARAM_FILE, .offset = PARAM_FIELD(S, f, char *)
#define P_CHOICE(S, f, names) \
    .type = PARAM_CHOICE, .offset = PARAM_FIELD(S, f, int), .choices = names
#define P_POSITION(S, f) .type = PARAM_POSITION, .offset = PARAM_FIELD(S, f, struct position)
#define P_RATE(S, f) .type = PARAM_RATE, .offset = PARAM_FIELD(S, f, struct rational)
#define P_EXTENT(S, f) .type = PARAM_EXTENT, .offset = PARAM_FIELD(S, f, struct extent)
/* A side of a picture: no format that is made here has more (JPEG's 16 bits, ITU-T T.81 B.2.2). */
#define P_SIDE(S, f) P_EXTENT(S, f), .min = 0, .max = 65535
#define P_COLOR(S, f) .type = PARAM_COLOR, .offset = PARAM_FIELD(S, f, struct rgba)
#define P_TRIPLE(S, f) .type = PARAM_TRIPLE, .offset = PARAM_FIELD(S, f, double[3])
#define P_FOCAL(S, f) \
    .type = PARAM_FOCAL, .offset = PARAM_FIELD(S, f, struct focal), .min = 0, .max = 1
#define P_INTS(S, f) .type = PARAM_INTS, .offset = PARAM_FIELD(S, f, struct ints)
#define P_WORDS(S, f, names) \
    .type = PARAM_WORDS, .offset = PARAM_FIELD(S, f, unsigned), .choices = names
#define P_DICT(S, f) .type = PARAM_DICT, .offset = PARAM_FIELD(S, f, GPtrArray *)
#define P_RANGE(lo, hi) .min = lo, .max = hi
#define P_REQUIRED .required = true

/* A described struct. `defaults` is a literal of it (texts in it are static strings); an optional
 * number without a default is NAN there. `shorthand` names the row that a bare scalar sets
 * ("gain: 3 dB"), or NULL. */
struct params {
    const struct param *rows;
    unsigned count;
    size_t size;
    const void *defaults;
    const char *shorthand;
};

/* A fresh struct with the defaults; freed by params_free. */
void *params_new(const struct params *table);
void params_free(const struct params *table, void *data);
/* The same for a struct in the caller's memory. */
void params_init(const struct params *table, void *data);
void params_finish(const struct params *table, void *data);

/* Reads a map (or a bare scalar, by shorthand, or null for "all defaults") into `data`. Unknown
 * keys, duplicates, wrong types, units and ranges, missing required rows: each reported at its
 * mark, with what is allowed. `where` prefixes messages ("loudness"). A scalar that still holds
 * "${" is skipped unchecked when `templates` is true (checked later, when expanded). */
bool params_parse(const struct params *table, const struct node *node, const char *where,
                  bool templates, void *data, struct diag *diag);

/* The canonical map: every row that is required or differs from its default, in table order, as
 * text that parses back to the same value. */
struct node *params_print(const struct params *table, const void *data);

/* One row's value as canonical text, NULL when unset. Caller frees. */
char *param_value_text(const struct param *row, const void *data);
/* "number in LUFS, -70 to -5" — for messages, manual and help. Caller frees. */
char *param_type_text(const struct param *row);
/* JSON Schema of the whole map (with shorthand), and of one row. New references. */
JsonNode *params_schema(const struct params *table);
JsonNode *param_schema(const struct param *row);
