/* SPDX-License-Identifier: GPL-3.0-or-later
 * A made-up world for the planner: a pipeline from a text, and in the text's comments what there
 * is besides it:
 *     # clip: a/A001.mov {"height": 1080, …}   # sound: … # still: …   (facts over usual ones)
 *     # named: a/A001.mov         an input above was given on the command line itself
 *     # damaged: a/B.mov it is cut off
 *     # exists: web/A001.mp4      a file that the ledger doesn't know
 *     # folder: web/A001.mp4     the same, and it is a folder
 *     # file: day.cube            a file that a step may name
 *     # only: JOB/OUTPUT          # on-exists: skip        # verify: off
 *     # colours: web/A001.mp4     what of this path the plan explains of colours is shown, too */
#pragma once

#include "plan/plan.h"

struct made_up {
    struct pipeline *pipeline;
    GPtrArray *inputs;    /* struct plan_input */
    GHashTable *exists;   /* path → struct file_stamp */
    GHashTable *folders;  /* the paths of those that are folders */
    GHashTable *known;    /* path → struct known_output */
    GHashTable *finished; /* path → struct known_output: its part file is there, of 1500 frames */
    GHashTable *files;    /* name → content hash */
    GHashTable *contents; /* name → text of a file that a step names; none: it can't be read */
    unsigned reads;       /* how many of them were asked for */
    GHashTable *measured; /* key → struct node */
    GHashTable *learned;  /* cost key → struct learned */
    struct plan_params params;
    struct diag *diag;
    char *only, *colors_of;
    const char *source_at;   /* output path that is an input by another name, or NULL */
    const char *still_there; /* path of a source that is no input and still there, or NULL */
    const char *content; /* what every output file has in it; world_publish() puts "as published" */
};

/* `file` names the text in messages. The pipeline is NULL, and diag says why, when it is wrong. */
struct made_up *world_create(const char *file, const char *text);
/* The same from a temporary file. */
struct made_up *world_from_text(const char *text);
void world_destroy(struct made_up *world);
typedef struct made_up *world_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(world_ptr, world_destroy, NULL)

struct plan_input *world_add(struct made_up *world, const char *relative, enum kind kind,
                             const char *facts);
struct plan *world_plan(struct made_up *world);
/* What a run that is killed too early does: every rendered output has its part file. */
void world_break_off(struct made_up *world, const struct plan *plan);
/* What a run does: every rendered output is there and known. */
void world_publish(struct made_up *world, const struct plan *plan);
