/* SPDX-License-Identifier: GPL-3.0-or-later
 * The faces of steps: what a step does to moving picture, sound and stills, in terms of media's
 * chains and stills. Linked into the worker only. */
#pragma once

#include "media/chain.h"
#include "media/still.h"
#include "model/task.h"

/* What a face knows besides its parameters. All borrowed, valid during the call. */
struct face_env {
    const struct facts *source;  /* of the input file */
    const struct node *measured; /* what the measuring half found, or NULL */
    /* The descriptor of a PARAM_FILE of this step, or -1; owned by the worker. Named "lut". */
    int (*file)(const struct face_env *env, const char *param);
    const struct task *task;
    const struct step_call *call;
    const struct task_output *output; /* whose step it is; NULL: a shared one */
    const int *fds;                   /* by file index */
    GHashTable *tags;                 /* metadata of the output: key to value, see face_tag */
    bool aside; /* sound: a track beside the one that a person means by "the sound" */
};

/* Output metadata that `metadata` and friends edit: key → value, NULL value =
 * removed. The key "*" stands for all that the source says. */
void face_tag(const struct face_env *env, const char *key, const char *value);

/* Each appends to the chain or still, notes what it did, and returns false with `failure`. */
typedef bool video_face(struct chain *chain, const void *params, const struct face_env *env,
                        struct failure *failure);
typedef bool audio_face(struct chain *chain, const void *params, const struct face_env *env,
                        struct failure *failure);
typedef bool image_face(struct still *still, const void *params, const struct face_env *env,
                        struct failure *failure);

/* What is heard of an output in the end: its sound after the steps that follow and after its
 * codec. `facts` NULL: nothing was made yet, the question is whether it has to be heard. */
struct hearing {
    const struct node *facts; /* by name */
    bool changed; /* what follows the step changes the sound: steps, another rate, a lossy codec */
    bool lossy;
};
enum settled { SETTLED, SETTLE_AGAIN, SETTLE_FAILED };
/* Kept in `measured` where SETTLED without a hearing: this gain is all that the step will do. */
#define SETTLED_GAIN_DB "settled_gain_db"
/* Of a step of sound that aims at what is heard. `measured` is what its face will be told: it keeps
 * its correction there. AGAIN: the sound is to be made as a trial, with what is in `measured` now,
 * and the question asked again. */
typedef enum settled settle_face(const void *params, struct node *measured,
                                 const struct hearing *heard, struct failure *failure);

/* One of the inputs that a step treats alike; in a gather task. */
struct member {
    const char *name;
    const struct node *measured; /* facts by name */
    bool leads;                  /* the one, or ones, that speak for the group */
};
/* Of a step that treats a job's inputs as a group: what is true of them as one. */
typedef bool gather_face(const void *params, const struct member *members, unsigned count,
                         struct facts *whole, struct failure *failure);

/* The measuring half of a step of moving picture: appends to the chain what looks at it. When all
 * of the programme has come out of the chain, *seen is what the step's face will be told, as text
 * (to be freed), under FACTS_SEEN; NULL: nothing came. */
typedef bool look_face(struct chain *chain, const void *params, const struct face_env *env,
                       char **seen, struct failure *failure);

/* Of a step that scales a still of `width` x `height` first: to what; false: it doesn't, or in
 * another way than still_scaling. */
typedef bool scaling_face(const void *params, int width, int height, struct still_scaling *to);

/* Of a step that puts all of a job's stills on one. */
struct sheet_faces {
    /* For so many; NULL with `failure`. */
    void *(*begin)(const void *params, unsigned count, const struct face_env *env,
                   struct failure *failure);
    /* To what a still of that size is scaled first. */
    void (*scaling)(const void *sheet, int width, int height, struct still_scaling *to);
    /* One after another; changes the still. */
    bool (*take)(void *sheet, struct still *still, const char *name, const void *params,
                 struct failure *failure);
    /* Of one that can't be read: its place says so. */
    bool (*miss)(void *sheet, const char *name, const void *params, struct failure *failure);
    /* After the last. The caller's; NULL with `failure`. */
    struct still *(*end)(void *sheet, struct failure *failure);
    void (*free)(void *sheet);
};

/* One row a step, in the order of steps/list.h; a face it doesn't have is NULL. */
struct faces {
    const struct step *step;
    video_face *video;
    audio_face *audio;
    image_face *image;
};
extern const struct faces step_faces[];
extern const unsigned step_faces_count;
const struct faces *faces_find(const char *step);
gather_face *faces_gather(const struct step *step);   /* NULL: it knows no groups */
look_face *faces_look(const struct step *step);       /* NULL: it doesn't measure pictures */
scaling_face *faces_scaling(const struct step *step); /* NULL: it needs the whole picture */
const struct sheet_faces *faces_sheet(const struct step *step); /* NULL: it gathers nothing */
settle_face *faces_settle(const struct step *step);             /* NULL: it doesn't aim */
