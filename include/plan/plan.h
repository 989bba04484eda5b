/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pipeline + facts → task graph. Pure: what it must know of the world (what exists, what the
 * ledger knows) is asked through `struct plan_world`, so that tests hand in a made-up one.
 *
 * For every job and input: when → route by kind → resolve templates and parameters → outputs →
 * identity → stale? → tasks. One render task takes one source to all of its stale outputs; shared
 * leading steps (the job's) run once. A step that measures gets a measure task before it, unless
 * the measurement is known. Each output gets a verify task after its render (unless off); it is
 * published when that succeeded. What a killed run had rendered gets that task only. Everything is
 * found before anything runs: collisions, escapes, missing files, steps without a face; and files
 * that a step can't use, of what is to be rendered: what is up to date was rendered with them.
 *
 * An output with `from` is rendered from the published file of another output of its job: only its
 * own steps are applied, its templates and `when` see the input, its identity has that of its
 * source in it, and its tasks need the last task of its source, when that is rendered as well. What
 * was made from the source as the ledger knows it, with the same settings and software, is `spared`
 * when the new source has the same content.
 *
 * An output with `each: job` is made from all inputs of its job that have sound: the job's steps
 * are done to each of them, its own to what they are joined to. Those of the job's steps that fork
 * off with the outputs (a measurement, a name with ${output}) are among its own. Names, templates
 * and `when` see the first input, the measurements and the identity are of all in their order.
 * Stills that one sheet has no places for become further ones, each of its own inputs. */
#pragma once

#include "base/sequence.h"
#include "lang/pipeline.h"
#include "model/event.h"

/* An input file, as ingest found it. */
struct plan_input {
    char *path;     /* absolute */
    char *relative; /* below its root */
    char *root;
    bool named;                    /* given on the command line itself, not found in a folder */
    struct sequence_rule sequence; /* set: `path` is of numbered pictures */
    unsigned trust;                /* formats of it that a probe may open, a mask of enum trust */
    unsigned max_megapixels; /* of an output that is compared, as its job has it; 0: the default */
    struct file_stamp stamp;
    bool racy;              /* changed so lately that the stamp doesn't vouch for the content */
    struct facts *facts;    /* NULL when probing failed */
    struct failure failure; /* of probing */
};

/* Why an output is rendered, or isn't. One word in JSON, one sentence for people. */
enum stale {
    FRESH,
    STALE_NEVER,      /* never rendered before */
    STALE_FORCED,     /* --fresh */
    STALE_INPUT,      /* the source's content changed */
    STALE_PARAMETERS, /* a step or setting changed; detail says which */
    STALE_SOFTWARE,   /* rushes or a library changed */
    STALE_SOURCE,     /* `from`: the output it is made from is rendered again; detail names it */
    STALE_GONE,       /* the output is missing */
    STALE_TOUCHED,    /* the output was changed by somebody else, and on_exists replaces it; or its
                         stamp was, and its content isn't known */
    STALE_FAILED,     /* last time it failed or was out of spec */
    STALE_SPARED,     /* none: the output it is made from came out as it was */
    STALE_UNVERIFIED, /* it was rendered whole, and has only to be verified: see `finished` */
    STALE_COUNT,
};
extern const char *const stale_names[STALE_COUNT], *const stale_texts[STALE_COUNT];

/* What the ledger remembers of a published output. `parameters` is a text of parts,
 * "trim=0123456789abcdef … encode=… expect=…": each names what it is a hash of, so that what
 * changed can be told. The parts of an output's source output come first, as "source/trim=…". */
struct known_output {
    char *input_hash, *parameters, *software; /* the parts of its identity */
    struct file_stamp stamp;                  /* of the file when published */
    bool in_spec;
    char *hash;    /* of its content; NULL: not verified */
    char *source;  /* path of the input it was made from; NULL unknown */
    int64_t run;   /* the number of the run that made it */
    int64_t since; /* and of the one that made the same content first */
};
void known_output_clear(struct known_output *known);

/* What is done where a file is in an output's place that the ledger doesn't know as that output:
 * one that rushes didn't make; one that was changed since; and what was made, of other content, of
 * another source that is still there and that this plan makes nothing of (that several are joined
 * to is replaced). */
enum exists_policy { EXISTS_FAIL, EXISTS_SKIP, EXISTS_OVERWRITE, EXISTS_RENAME };

struct plan_output;

/* What has the name of an output. A link is what it is called, whatever it leads to; PLACE_SOURCE
 * is an input, or a folder that one is in, by whatever links and names they were reached. */
enum place { PLACE_FREE, PLACE_FILE, PLACE_FOLDER, PLACE_LINK, PLACE_SOURCE };

/* What tasks of one cost key came to against their guess, lately: 1 is as guessed, NAN unknown. */
struct learned {
    double seconds, memory;
};

struct plan_world {
    void *self;
    /* What is at this output path (relative to the output folder), and its stamp; a link has that
     * of what it leads to, or its own when that is nothing. */
    enum place (*place)(void *self, const char *path, struct file_stamp *stamp);
    /* Whether a file, by its absolute path, is there still, and its stamp. */
    bool (*stamp_of)(void *self, const char *path, struct file_stamp *stamp);
    /* Optional. Whether a file with another stamp still has the content that was published. */
    bool (*unchanged)(void *self, const char *path, const struct known_output *known,
                      const struct file_stamp *stamp);
    /* What the ledger knows of this output path. */
    bool (*known)(void *self, const char *path, struct known_output *out);
    /* Optional. What a render made of an output of this identity in a run that was killed before it
     * was published: a result of one output, and its part file (both the caller's); NULL: nothing.
     */
    struct result *(*finished)(void *self, const struct plan_output *planned, char **part);
    /* A measurement by key (see plan_task.measure_keys), or NULL. New reference. */
    struct node *(*measurement)(void *self, const char *key);
    struct learned (*learned)(void *self, const char *cost_key);
    /* A file that a step names, looked up beside the pipeline, then below the input's root:
     * absolute path or NULL, and its content hash. Caller frees both. */
    char *(*find_file)(void *self, const char *name, const char *pipeline_file, const char *root,
                       char **hash);
    /* With `arriving`: another output path in the same folder with the same identity, in spec, as
     * the ledger knows it; or NULL. Caller frees. */
    char *(*twin)(void *self, const struct plan_output *planned);
    /* Optional. The content of a file that find_file found, of at most `most` bytes; NULL: it is
     * larger, or can't be read. Caller frees. */
    char *(*read_file)(void *self, const char *path, gsize most, gsize *length);
};

struct plan_params {
    const char *out_dir;   /* absolute */
    const char *run_token; /* short and unique: part of part-file names */
    const char *date;      /* YYYY-MM-DD, for ${date} */
    const char *only;      /* "JOB" or "JOB/OUTPUT", or NULL */
    bool with_sources;     /* with `only`: what that is made from is made, too */
    const char *software;  /* media_build of the worker + our version */
    enum exists_policy on_exists;
    enum verify_mode verify;
    bool fresh;
    bool arriving; /* inputs come one after another, and this plan sees only the newest: an input
                      whose outputs would be the same files that are there, under other names in
                      the same folders, is a duplicate; and what was made of a source that was
                      moved since isn't taken for that of this one */
    int cores;
    unsigned max_megapixels; /* of a still, for jobs that say nothing; 0: the default */
    int64_t now_us;          /* since the epoch: the run begins */
    struct window window;    /* in which tasks may start */
};

/* The facts of the source, the encoder settings and the expectations in `task` are shared with
 * the plan and its inputs: a task stands as long as they do, and only plan_destroy frees it. A task
 * whose source is another output has no facts of it, and files[0] (verify: files[1]) is that
 * output's `final`: it must not start before that is published. */
struct plan_task {
    struct task *task;       /* complete, but for step_call.measured of pending measurements */
    GArray *needs;           /* int: ids of tasks that must succeed first */
    GArray *outputs;         /* int: plan outputs it serves, in the order of task->outputs; none for
                                a measure task */
    GPtrArray *measure_keys; /* of what it measures: char *, one per task output, NULL for none:
                                the ledger's key */
    double seconds;          /* predicted, on one core: the guess, corrected by what was learned */
    double memory_bytes;     /* predicted peak, likewise */
    char *cost_key;          /* under which the ledger learns */
    double guess_s, guess_bytes; /* from formats and sizes alone: what is learned is the ratio */
    int threads_most;            /* more it can't keep busy; 0 = any number */
    int priority;                /* of the most urgent output that needs it */
    int64_t deadline_us;         /* likewise; since the epoch, 0 = none */
};

/* A measurement that a task waits for: copied by the scheduler when the measure task ends. It is a
 * render, or a measurement of what comes after a step that measures. */
struct plan_feed {
    int from_task, from_output; /* measure task, its output */
    int to_task, to_output;     /* render or measure task; -1 = its shared steps */
    int to_step;                /* index into those steps */
};

/* The inputs that outputs with `each: job` are made from as one. */
struct plan_joined {
    GArray *inputs; /* int: indexes into the inputs, in their order */
    unsigned page;  /* from 1: of stills that a sheet hasn't places enough for */
    enum kind kind; /* VIDEO: films with their pictures; AUDIO: their sound alone; IMAGE: stills */
    struct facts *facts; /* of all, one after another: those of the first, but for the length; NULL:
                            one of them couldn't be probed */
    char *content;       /* what stands for a single input's in an identity */
};

/* An input that an output with `each: job` would have and that can't be read. It blocks the output,
 * unless the job allows damage. */
struct plan_unread {
    int job, output, input;
    struct failure failure;
};

struct plan_output {
    int job, output;                  /* indexes into the pipeline */
    int input;                        /* index into the inputs; of several the first */
    const struct plan_joined *joined; /* NULL: of one input */
    unsigned index;                   /* of the input in its job, from 1: ${index} */
    char *path;  /* final, relative to the output folder; the plan's, like the texts below */
    char *final; /* absolute */
    char *files; /* NULL, or of an output that is a folder: how its files are called */
    char *part;  /* absolute part file, its own; NULL when it has no work */
    struct result *finished; /* of the render that made `part` in a run that was killed: one output;
                                NULL: it isn't there yet */
    char *input_hash, *parameters, *software; /* identity */
    enum stale stale;
    char *reason;       /* stale_texts[stale] with detail; never NULL */
    const char *colors; /* of the picture that flows, a line a step; NULL: there is none */
    const struct plan_output *from; /* what it is made from, when that is made again, too */
    bool spared; /* with `from`: it is made again for the sake of that alone, and stays when that
                    comes out as it was */
    char *content_hash; /* of what is at `path`, when others are spared for its sake; else NULL */
    bool replace;       /* publishing may replace a file */
    bool blocked;       /* will not be made: `failure` says why (probe failed, exists) */
    struct failure failure;
    bool skipped;       /* --on-exists skip: left alone, counts as up to date */
    int render, verify; /* task ids, -1 none */
    double bytes;       /* predicted size: a guess; 0 when nothing is rendered */
    int priority;
    int64_t deadline_us; /* to be delivered by; since the epoch, 0 = none */
};

/* False: it is settled by the plan (up to date, blocked, left alone). */
static inline bool output_has_work(const struct plan_output *output)
{
    return !output->blocked && (output->render >= 0 || output->verify >= 0);
}

/* Its last task, after which it is published; -1: none. */
static inline int output_last_task(const struct plan_output *output)
{
    return output->verify >= 0 ? output->verify : output->render;
}

/* Its source came out as it was: it is up to date. */
void plan_output_spare(struct plan_output *output);

struct plan {
    const struct pipeline *pipeline; /* borrowed */
    const GPtrArray *inputs;         /* of struct plan_input; borrowed */
    GPtrArray *tasks;                /* struct plan_task; task->id is the index */
    GPtrArray *outputs;              /* struct plan_output, sorted by job, input, output; those of
                                        several inputs come last in their job */
    GPtrArray *joined;               /* struct plan_joined */
    GArray *unread;                  /* struct plan_unread */
    GArray *feeds;                   /* struct plan_feed */
    GPtrArray *notes;                /* char *: what is passed over and why */
    GPtrArray *warnings;             /* char *: also reported, with their places */
    GPtrArray *encodes;              /* struct encode: what the tasks' outputs share */
    GStringChunk *texts;             /* of the outputs, which share what is the same */
    char *date;                      /* for ${date} */
    int cores;
    unsigned matched;      /* inputs that some job took */
    double seconds, bytes; /* predicted totals: machine time, disk */
};

/* NULL after reporting errors (nothing may run). Inputs that no job takes are left out in peace;
 * inputs whose probe failed become blocked outputs of the jobs that would have taken them. */
struct plan *plan_build(const struct pipeline *pipeline, const GPtrArray *inputs,
                        const struct plan_params *params, const struct plan_world *world,
                        struct diag *diag);
void plan_destroy(struct plan *plan);
typedef struct plan *plan_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(plan_ptr, plan_destroy, NULL)

/* What the planner would show: text for people (long lists are cut), JSON (never cut), Graphviz,
 * and one output explained: every value and the line that set it, "encode.video.crf = 19
 * (web.yaml:21:29)", and the colours that flow from step to step. `path` is an output's path, or an
 * input's as given or below its root. Caller frees. */
char *plan_text(const struct plan *plan);
char *plan_json(const struct plan *plan);
char *plan_dot(const struct plan *plan);
char *plan_explain(const struct plan *plan, const char *path); /* NULL: no such output or input */
