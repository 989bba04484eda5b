/* SPDX-License-Identifier: GPL-3.0-or-later
 * A checked pipeline: what a YAML file, its presets and the command line come to. Read-only once
 * loaded; everything in it is owned by it. Nodes keep their marks, so that later stages can still
 * point at the line that set a value. */
#pragma once

#include "base/daytime.h"
#include "base/diag.h"
#include "base/node.h"
#include "base/sequence.h"
#include "lang/when.h"
#include "model/carried.h"
#include "model/catalogue.h"
#include "model/expect.h"
#include "model/step.h"

enum { PRIORITY_LEAST = -10, PRIORITY_MOST = 10 };

/* When an output is wanted: the higher priority is made first, then the earlier deadline. */
struct urgency {
    int priority;
    struct deadline deliver_by;
    struct mark at; /* of deliver_by */
};

struct pipeline_output {
    char *name;
    struct mark at;
    char *to;                /* template, or NULL for the default name */
    char *preset;            /* name, or NULL */
    char *container;         /* resolved: model/kind.h's name; never NULL */
    char *extension;         /* without the dot */
    char *files;             /* NULL, or of an output that is a folder, which is what `to` names:
                                how its files are called, a template with a run of # in it */
    enum kind kind;          /* of what is written */
    struct when *when;       /* or NULL */
    int from;                /* index of the output of this job that is its source, or -1 */
    GArray *others;          /* int: of a package, those that are its sources as well */
    bool each_job;           /* one of all inputs of the job, joined: */
    bool by_timecode;        /* in the order of their timecodes, not their names; */
    bool conforms;           /* films that differ from the first are made like it */
    GPtrArray *steps;        /* struct step_use: the preset's, then its own */
    struct node *encode;     /* merged: preset (and what it extends), then own; never NULL */
    struct node *expect;     /* merged likewise; never NULL */
    GPtrArray *expectations; /* parsed from expect: of the file alone, */
    GPtrArray *likenesses;   /* and of what is only known beside a reference */
    unsigned keep;           /* what may not be lost, a mask of enum keep */
    struct urgency urgency;  /* its own, where it says nothing its job's */
};

/* All that a finished file of it is: what it expects, and the kind, container and codecs that its
 * `encode` names, where it doesn't say those itself. For files that others may have made. New list
 * of struct expectation. */
GPtrArray *output_expectations(const struct pipeline_output *output);

struct pipeline_job {
    char *name;
    struct mark at;
    GPtrArray *include, *exclude; /* char *: glob patterns; include empty = every media file */
    struct when *when;
    bool damaged_allow;
    bool changes_conform;          /* inputs: {on_change: conform} */
    unsigned trust;                /* inputs: {trust: …}, a mask of enum trust */
    unsigned max_megapixels;       /* of a still; 0: the default */
    struct sequence_rule sequence; /* of the patterns of `include` that are of numbered pictures */
    struct sequence_rule still;    /* of stills that are films */
    struct urgency urgency;
    GPtrArray *steps;   /* struct step_use */
    GPtrArray *outputs; /* struct pipeline_output */
};

/* What is called when a run is over. */
enum hook_when { HOOK_END, HOOK_FAILURE, HOOK_COUNT };
extern const char *const hook_names[HOOK_COUNT];

struct pipeline {
    char *name, *description,
        *file; /* file: as given; its folder is where its paths are looked up */
    bool is_preset;
    bool strict;              /* `reproducible`: of all outputs that don't say so themselves */
    bool provenance;          /* of each output, in a file beside it */
    char *checksums;          /* of what is in the output folder: the word for how, or NULL */
    char **hooks[HOOK_COUNT]; /* the words of a command, or one URL; NULL: none */
    struct window window;     /* in which tasks may start */
    GPtrArray *jobs;
    GHashTable *vars;     /* name → final text */
    bool needs_measuring; /* a `when` asks for measured facts */
};

struct pipeline_options {
    const struct step *const *steps; /* counted list of all steps: tests hand in their own */
    unsigned step_count;
    const char *const *preset_dirs;    /* NULL-terminated, searched in order */
    const char *const *set;            /* NULL-terminated "name=value" of --set */
    const struct catalogue *catalogue; /* NULL: encoders' own options are not checked */
    bool alone; /* what is made has no reference beside it: to expect a likeness is an error */
};

bool hook_is_url(char *const *hook);

/* A path, or the name of a preset. NULL after reporting. All errors are collected. */
struct pipeline *pipeline_load(const char *what, const struct pipeline_options *options,
                               struct diag *diag);
void pipeline_destroy(struct pipeline *pipeline);
typedef struct pipeline *pipeline_ptr; /* for `g_auto(pipeline_ptr) p = pipeline_load(…);` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(pipeline_ptr, pipeline_destroy, NULL)

/* Reports outputs that can't be made of inputs that arrive one after another. False when there are
 * any. */
bool pipeline_check_arriving(const struct pipeline *pipeline, struct diag *diag);

/* Whether an input of that name below its root, read by that rule, is the job's. */
bool job_includes(const struct pipeline_job *job, const char *relative,
                  const struct sequence_rule *rule);
/* The path below the root of the film that a file is a picture of, for this job, and its rule;
 * NULL: of none. Caller frees. */
char *job_film_of(const struct pipeline_job *job, const char *relative,
                  const struct sequence_rule **rule);

/* The first step that treats all inputs of a job as one group; NULL: none does. */
const struct step_use *steps_grouping(const GPtrArray *steps);

/* Presets that can be found: name, file, description, where its numbers come from. */
struct preset_info {
    char *name, *file, *description, *source, *extends;
};
GPtrArray *preset_list(const struct pipeline_options *options); /* sorted, first of a name wins */
void preset_info_destroy(struct preset_info *info);
/* Folders where presets are looked for, NULL-terminated: ./presets, beside the pipeline, user's,
 * installed. */
char **preset_dirs_default(void);

/* The glob of `include`: "**" any folders, "*" "?" "[a-z]" within one, "{a,b}" alternatives.
 * Case-insensitive for the extension only. */
bool glob_match(const char *pattern, const char *path);
bool glob_check(const char *pattern, struct mark at, struct diag *diag);
