/* SPDX-License-Identifier: GPL-3.0-or-later
 * The keys of the language: one table that checks, documents and describes (schema) them. */
#pragma once

#include "base/diag.h"
#include "base/node.h"

#include <stdbool.h>

/* Where a key may stand; a mask of them says what a map is. */
enum key_place {
    IN_FILE = 1,   /* at the top of any pipeline file */
    IN_SHORT = 2,  /* at the top of one without `jobs` */
    IN_SINGLE = 4, /* at the top of one without `jobs` and `outputs` */
    IN_PRESET = 8, /* at the top of a file used as a preset */
    IN_JOB = 16,
    IN_INPUTS = 32,
    IN_OUTPUT = 64,
    IN_HOOKS = 128,
    IN_JOIN = 256,
};

enum key_type {
    KEY_VERSION,
    KEY_TEXT,
    KEY_PRESET, /* name of a preset, or path of a .yaml file */
    KEY_PATH,   /* template of a path */
    KEY_WHEN,
    KEY_DAMAGED,
    KEY_ON_CHANGE,
    KEY_ON_GAP,
    KEY_CHECKSUMS,
    KEY_EACH,
    KEY_REPRODUCIBLE,
    KEY_PROVENANCE,
    KEY_ORDER,
    KEY_CONFORM,
    KEY_NAMES,    /* of an output, or a list of them */
    KEY_RATE,     /* frames a second */
    KEY_DURATION, /* seconds */
    KEY_PRIORITY, /* a number or a word */
    KEY_DEADLINE, /* a moment */
    KEY_WINDOW,   /* two times of day */
    KEY_PRESETS,  /* a KEY_PRESET or a list of them */
    KEY_GLOBS,    /* a text or a list of them */
    KEY_HOOK,     /* a list of words, or a URL */
    KEY_KEEP,     /* a word of model/carried.h or a list of them */
    KEY_TRUST,    /* a word of model/trust.h or a list of them */
    KEY_STEPS,    /* the only list */
    KEY_VARS,     /* from here on: maps */
    KEY_HOOKS,
    KEY_JOIN,
    KEY_INPUTS,
    KEY_JOBS,
    KEY_OUTPUTS,
    KEY_ENCODE,
    KEY_EXPECT,
};

struct key {
    const char *name;
    enum key_type type;
    unsigned places;
    const char *help;
};
extern const struct key key_table[];
extern const unsigned key_count;
/* The words that a key of this type takes, NULL-terminated; NULL: any text. */
const char *const *key_choices(enum key_type type);

/* Reports keys that can't stand in a map and values of the wrong shape, and takes them out, so that
 * what is left can be read without another look. A null value counts as absent. `what` is the map
 * in messages ("a job"). False when it is no map. */
bool keys_check(struct node *map, unsigned places, const char *what, struct diag *diag);

/* `over` upon `base`: maps by key, everything else replaced; null takes a value away. Marks stay.
 */
struct node *nodes_merge(const struct node *base, const struct node *over);
