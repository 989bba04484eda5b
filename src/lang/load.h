/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of pipeline_load share: one loader per call, thrown away with it. */
#pragma once

#include "keys.h"
#include "lang/pipeline.h"
#include "model/encode.h"
#include "vars.h"

struct loader {
    const struct pipeline_options *options;
    struct diag *diag;
    struct pipeline *pipeline;
    struct vars *vars;
    GHashTable *preset_values; /* name → text of all presets' variables, the first of a name */
    GHashTable *files;         /* path → struct node as parsed, or NULL when it can't be */
};

/* Borrowed tree of a file, NULL after reporting. Read once. */
const struct node *loader_file(struct loader *loader, const char *path);

/* Reports a file that isn't in the version of the language that is known here. */
void version_check(const struct node *tree, struct diag *diag);

/* -- preset.c */
enum { PRESET_MAX_DEPTH = 8 };
/* The file of a preset: a path of a .yaml file as seen from `from_file`, or a name that is looked
 * for beside that file (in its folder when it is a preset, else in "presets" there), then in
 * preset_dirs. NULL when there is none. Caller frees. */
char *preset_find(const struct pipeline_options *options, const char *name, const char *from_file,
                  bool from_preset);
/* Reports that there is no such preset. */
void preset_unknown(const struct pipeline_options *options, const char *name, struct mark at,
                    struct diag *diag);
/* Adds the checked trees of a preset, with variables filled in, to `layers` (struct node): what it
 * extends first. False after reporting. */
bool preset_layers(struct loader *loader, const char *name, struct mark at, GPtrArray *layers);

/* -- hooks.c */
/* Sets the pipeline's hooks from `hooks` (may be NULL). */
void hooks_load(struct loader *loader, const struct node *hooks);

/* -- steps.c */
/* Adds the steps of a list (may be NULL) to `steps` (struct step_use). */
void steps_load(struct loader *loader, const struct node *list, GPtrArray *steps);

/* -- job.c */
/* A job from its map, already checked by keys; it needs outputs. */
void job_load(struct loader *loader, const char *name, struct mark at, const struct node *map);
/* The job of a file that is one output. */
void single_load(struct loader *loader, const char *output, const struct node *map);

/* -- timing.c */
/* What a map says of its urgency, over what it has from its job. */
void urgency_load(struct loader *loader, const struct node *map, struct urgency *urgency);
void window_load(struct loader *loader, const struct node *map);

/* -- output.c */
/* The output with its layers merged; never NULL. `inputs` is what the job may find. */
struct pipeline_output *output_load(struct loader *loader, const char *name, struct mark at,
                                    const struct node *map, enum kind inputs);
void output_destroy(struct pipeline_output *output);
/* The condition of a map's `when`, or NULL. */
struct when *condition_load(struct loader *loader, const struct node *map);

/* -- each.c */
/* Whether the output is one of all the job's inputs, by its map, after its encode. */
void each_load(struct loader *loader, struct pipeline_output *output, const struct node *map);

/* -- keep.c */
/* The output's set from `keep` (may be NULL), after its container is known. */
void keep_load(struct loader *loader, struct pipeline_output *output, const struct node *keep);

/* -- container.c */
/* Sets container, extension and kind, and writes the container into `encode`. `own` is the
 * output's own map. False after reporting, or when `encode` names a container that isn't one. */
bool container_resolve(struct pipeline_output *output, const struct node *own, enum kind inputs,
                       struct diag *diag);
/* Reports codecs that the container doesn't take. */
void container_check(const struct pipeline_output *output, struct diag *diag);

/* -- folder.c */
/* Whether a path is one of numbered pictures: a run of "#" in its last part. */
bool folder_is_numbered(const char *to);
/* Of an output whose container is a folder: parts its path into the folder and the names of the
 * files, and sets the codec by their extension. `to` may be NULL. False after reporting. */
bool folder_load(struct pipeline_output *output, const struct node *to, struct diag *diag);

/* Of an output of thumbnails and their track: parts its path likewise. `sheet`: its last step makes
 * one. `to` may be NULL. */
bool thumbnails_load(struct pipeline_output *output, bool sheet, const struct node *to,
                     struct diag *diag);

/* Of an output that is a package: parts its path likewise; it is made of others, unchanged. */
bool package_load(struct pipeline_output *output, const struct node *map, struct diag *diag);
/* Reports what only measuring tells, which is done to the rungs. */
void package_check_expectations(const struct pipeline_output *output, struct diag *diag);

/* -- encoder.c */
/* Reports what the encoders, as the catalogue has them, don't take. */
void encoders_check(const struct pipeline_output *output, const struct encode *encode,
                    const struct catalogue *catalogue, struct diag *diag);

/* -- routes.c */
/* The kinds of the inputs that a job's patterns promise; KIND_ANY when they don't say. */
enum kind job_kinds(const struct pipeline_job *job);
/* Reports steps that no input and output of the job has a use for. */
void routes_check(const struct pipeline_job *job, enum kind inputs, struct diag *diag);
