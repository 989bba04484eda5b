/* SPDX-License-Identifier: GPL-3.0-or-later
 * The programme as it stands before a step: how long, at which rate, from which timecode. Worked
 * out from the source's facts and the steps before, so that picture, sound and stills agree to the
 * frame whatever their own streams' lengths are. */
#pragma once

#include "model/fields.h"
#include "steps/faces.h"

struct programme {
    double duration_s;   /* NAN unknown */
    double picture_s;    /* of its picture alone, as in a timeline; NAN unknown, or none */
    struct rational fps; /* 0/1 unknown */
    char timecode[16];   /* of the first frame, "" none */
    struct fields flows; /* of its picture; its rate is `fps` */
};

struct programme programme_before(const struct face_env *env);
/* As timeline_seen_s(). */
double programme_seen_s(const struct programme *programme);
/* Where its last frame begins; NAN: its length or its rate isn't known. */
double programme_last_s(const struct programme *programme);
/* How long it is after the shared steps; NAN unknown. */
double programme_joined_length(const struct task *task);
/* How long one of several parts is after the shared steps; NAN unknown. */
double programme_part_length(const struct task *task, unsigned part);
/* How long it is after all steps of an output; NAN unknown. */
double programme_length(const struct task *task, const struct task_output *output);
/* Its frames a second then; 0/1 unknown. */
struct rational programme_rate(const struct task *task, const struct task_output *output);

/* Whether an output that this step is for has the source's picture beside its sound. */
bool programme_has_picture(const struct face_env *env);

/* A position in it, in seconds; NONE gives `otherwise`. False and FAIL_CONFIG naming `what` when
 * it can't be known or lies outside. */
bool programme_resolve(const struct programme *programme, const struct position *position,
                       double otherwise, const char *what, double *seconds,
                       struct failure *failure);

/* Two of them, of something that `step` lets be seen; NONE gives NAN. False and FAIL_CONFIG, too,
 * when nothing lies between. */
bool programme_span(const struct programme *programme, const struct position *from,
                    const struct position *to, const char *step, double *from_s, double *to_s,
                    struct failure *failure);

/* A moment for people: its timecode, counted in `fps`, where there is one, else the time as
 * 00:00:00.000. Caller frees. */
char *programme_label(const struct programme *programme, struct rational fps, double at_s);

/* Which frame `freeze` holds, by its start, and for how long: whole frames at a constant rate, the
 * last one where the position is behind it. */
struct freeze;
bool programme_freeze(const struct programme *programme, const struct freeze *freeze, double *at_s,
                      double *length_s, struct failure *failure);

/* What `trim` keeps, as trim_find() has it. `measured` is what its call was told (see trim.h);
 * NULL: what was asked for. */
struct trim;
bool programme_trim(const struct programme *programme, const struct trim *trim,
                    const struct node *measured, double *from_s, double *to_s, bool *clipped,
                    struct failure *failure);
