/* SPDX-License-Identifier: GPL-3.0-or-later
 * A step: what it is called, what it takes, and which kinds of media it has a face for. This is
 * the half that both executables link; the faces live in the worker (steps/faces.h). */
#pragma once

#include "model/kind.h"
#include "model/param.h"
#include "model/step_files.h"

struct colors; /* color/colors.h */
struct facts;  /* model/facts.h */
struct fields; /* model/fields.h */

struct step {
    const char *name;
    const char *summary; /* one line */
    const char *help;    /* paragraphs: what it does to each kind, limits, sources of numbers */
    const char *example; /* one line of YAML */
    enum kind faces;     /* KIND_VIDEO: the moving picture; KIND_AUDIO: sound, also of a video
                            file; KIND_IMAGE: stills */
    struct params params;
    unsigned version; /* raised when the same parameters give another result */
    bool measures;    /* needs to know the whole programme first */
    /* Of one that measures sound: the step that changes its channels. Where `encode` asks for other
     * channels than the source has, it is put before, since mixing changes what was measured. */
    const struct step *mixes;
    bool sets_channels;    /* sound may leave it with another number of channels */
    bool makes_still;      /* moving picture in, still out (`still`) */
    bool makes_thumbnails; /* and that one is a sheet, with times (media/thumbnails.h) */
    /* Optional, of one that makes a still of a film's moments: why that would be larger than
     * formats hold, and what would fit, or NULL. `aspect`: of the film as it comes, width to height
     * as it is shown; `seen_s`: how long it is, NAN unknown. Caller frees. */
    char *(*too_large)(const void *params, double seen_s, double aspect);
    /* Optional, of one that leaves a part: where that ends in a source of these facts, seconds from
     * its beginning; NAN: nothing but all of it tells. */
    double (*needs_s)(const void *params, const struct facts *facts);
    /* Optional, of one that goes to a moment: why a source of these facts has none such, in the
     * words of a run, or NULL. Caller frees. */
    char *(*misses)(const void *params, const struct facts *facts);
    bool reshapes; /* moving picture may leave it with another shape or length than it came */
    bool gathers;  /* stills too: all of a job's in, where the output has `each: job`, one out */
    /* Of one that gathers: how many stills one output holds, the next ones go to further pages; 0:
     * any number. */
    unsigned (*places)(const void *params);
    bool draws; /* puts colours into the picture that are meant as of an SDR display */
    /* Optional: what a finished output is held to because of this step, facts to expectations, put
     * into `expect`; `lossy`: its sound is written by a lossy codec. The last such step counts. */
    void (*promises)(const void *params, bool lossy, struct node *expect);
    /* Optional, of one that measures: whether it treats all inputs of a job as one group; *leads:
     * pattern of the names of those that speak for it, NULL all. */
    bool (*group)(const void *params, const char **leads);
    /* Optional, of picture: `flows` are the colours that come, then those that go. May set
     * parameters that are told by what comes. What doesn't fit is reported at `at` (false; `flows`
     * is then what was meant), what a plan should say as DIAG_NOTE. */
    bool (*colors)(void *params, struct colors *flows, struct mark at, struct diag *diag);
    /* Optional, of moving picture: `flows` are the fields of an interlaced picture that come, then
     * what goes. What would mix them is reported at `at`; it is then taken as whole frames. */
    void (*fields)(const void *params, struct fields *flows, struct mark at, struct diag *diag);
    bool sets_rate; /* `fields` is asked of whole frames, too: it sets their rate */
    /* Optional, of moving picture: what it does to one in this codec (libavcodec's name) that is
     * copied: a line for `plan --explain`. Caller frees. */
    char *(*copied)(const void *params, const char *codec);
    /* Optional: checks what one row can't (from before to). Reports at `at`. */
    bool (*check)(const void *params, struct mark at, struct diag *diag);
    const struct step_files *files; /* optional: looks into the files that parameters name */
};

/* A step as written in a pipeline: the raw map, marks kept, templates unexpanded. */
struct step_use {
    const struct step *step;
    struct node *params;
    struct mark at;
};
/* A moment of a source, seconds from its beginning; NAN: it is counted from its end or in percent,
 * or can't be known. */
double step_moment_s(const struct position *moment, const struct facts *facts);
/* For `check`: false after reporting at `at` that nothing lies between two positions of the step
 * `name`, where that can be told without a source. NONE is the source's begin or end. */
bool step_span_check(const char *name, const struct position *from, const struct position *to,
                     struct mark at, struct diag *diag);

void step_use_destroy(struct step_use *use);

/* A step with its final values, as it travels to a worker: canonical parameters, and what was
 * measured for it (NULL, or a map of facts, by name). */
struct step_call {
    char *name;
    struct node *params;
    struct node *measured;
};
/* Takes ownership of `params` (NULL: none). */
struct step_call *step_call_create(const char *name, struct node *params);
void step_call_destroy(struct step_call *call);
