/* SPDX-License-Identifier: GPL-3.0-or-later
 * A task: the unit that an engine starts and a worker runs, complete in itself. `task.json` is
 * this struct as JSON; `rushes-worker task.json` reruns it by hand.
 *
 * Files are named once, in a table, and referred to by index everywhere else. A worker gets them
 * as open descriptors in table order (or opens them itself when run by hand); no library sees
 * their paths. */
#pragma once

#include "base/sequence.h"
#include "model/carried.h"
#include "model/encode.h"
#include "model/facts.h"
#include "model/failure.h"
#include "model/glance.h"
#include "model/step.h"
#include "model/still_limit.h"

enum task_kind {
    TASK_PROBE,   /* facts of each of its files; `measure` decodes them too */
    TASK_MEASURE, /* files[0] through steps to meters: outputs without encode, file -1; all of
                     sound, or all of picture, where the last step is the one that looks */
    TASK_GATHER,  /* no files: outputs are the members of a group, each with one step and what was
                     measured for it; outputs[0] is given what is true of all as one */
    TASK_RENDER,  /* files[0] through shared steps, forked to outputs */
    TASK_VERIFY,  /* files[0] is a finished part file: reopened, decoded, counted, checked;
                     files[1], if any, is its source when the facts of that weren't known */
    TASK_COMPARE, /* files[0] beside its reference files[1]; files[2], if any, is written: a picture
                     of where they differ most. How alike they are is in the result's facts, and
                     with `measure` all of files[0]'s own */
    TASK_FINGERPRINT, /* files[0] decoded, to files[1], a golden (model/golden.h) of what only
                         decoding tells, and files[2], a strip of pictures where it has any; with
                         `measure` its facts are in the result. files[3], if any, is the golden it
                         is to be as (its hashes count with `hash`, else its cells), files[4] the
                         strip of that, and files[5] is written: a picture of the difference */
};
const char *task_kind_name(enum task_kind kind);
/* Whether it is only to look at files: it has no outputs to speak of. */
static inline bool task_kind_looks(enum task_kind kind)
{
    return kind == TASK_PROBE || kind == TASK_VERIFY || kind == TASK_COMPARE ||
           kind == TASK_FINGERPRINT;
}
/* Whether the facts of its source are looked up where the task doesn't have them. */
static inline bool task_kind_needs_source(enum task_kind kind)
{
    return kind == TASK_MEASURE || kind == TASK_RENDER || kind == TASK_VERIFY;
}

struct task_file {
    char *path;    /* absolute, any bytes (JSON carries non-UTF-8 as "path_base64") */
    bool write;    /* a part file, created by the supervisor before the task starts */
    char *used_by; /* NULL, or for a file that a step reads (a LUT, a logo): "STEP/PARAMETER/VALUE",
                      VALUE as it stands in that step_call's params (the path that was found, where
                      that is UTF-8). A call's parameter is the file whose used_by is exactly its
                      own name, the parameter's and its value, joined by "/". */
    struct sequence_rule sequence; /* set: `path` is of numbered pictures, which come as a list */
    struct file_stamp stamp; /* of a source when it was planned; all 0 = not known. Not in JSON: a
                          task that is run by hand takes the file as it is. */
};

/* How used_by of the profile of `encode: {image: {profile: FILE}}` begins; then the path. */
#define ENCODE_PROFILE "encode/profile/"

enum verify_mode { VERIFY_FULL, VERIFY_QUICK, VERIFY_OFF };

/* What a render promises of an output and verify holds it to. Unknown: -1 frames, samples and
 * numbers of streams; NAN seconds; 0 sizes, rate and channels; NULL texts. */
struct claim {
    int64_t frames, samples; /* per the encoder's own counting */
    double video_s, audio_s;
    double moment_s;    /* of the picture whose source was looked at for the report */
    double programme_s; /* of the source, as the steps that cut it and change its speed leave it */
    int width, height;
    int damaged; /* 1: that source ends before its time, or lacks parts */
    int video_streams, audio_streams;
    int copied; /* of them: taken over undecoded, so no wholer than the source's */
    char *video_codec, *audio_codec, *pix_fmt;
    char *color_range, *color_matrix, *color_primaries, *color_transfer, *timecode;
    char *icc;       /* of a still: the name of the profile that is embedded */
    char *fields;    /* of an encoded picture: "progressive", or the field that is shown first */
    char *edit_rate; /* of an MXF's picture, as rational_text() */
    int sample_rate, channels;
    int subtitles;      /* tracks of them; -1 not known */
    int cues;           /* of a file of subtitles; -1 not one */
    double cues_s;      /* and when the last of them ends */
    int chapters;       /* -1 not known */
    GPtrArray *carried; /* struct carried_row: of all that the source has; NULL none */
};

struct task_output {
    int file;              /* index of the part file; -1: a meter */
    char *job, *output;    /* names, for logs; gather: `output` is the member's, `leads` of the */
    bool leads;            /* one, or ones, that speak for the group */
    bool blocks;           /* a meter: its gating blocks are wanted as well */
    enum kind kind;        /* what is written */
    GPtrArray *steps;      /* struct step_call, after the shared ones */
    struct encode *encode; /* NULL for a meter */
    char *files;           /* NULL, or of an output that is a folder: how its files are called, with
                              # where the number stands: "A001.####.dpx" */
};

enum { TASK_PARTS_MAX = 1000 };

struct task {
    int id;
    enum task_kind kind;
    enum kind media;    /* which worker: of the source */
    char *label;        /* "clips/web A/A001.mov", for people */
    int threads;        /* how many this task may keep busy */
    bool tail;          /* fewer tasks wait than there are cores: its outputs are made side by side,
                           on the cores that its neighbours leave */
    bool damaged_allow; /* a truncated or corrupt source is rendered as far as it goes */
    bool changes_conform;    /* what changes within a source is fitted to what came first */
    unsigned trust;          /* formats of its sources that it may open, a mask of enum trust */
    unsigned max_megapixels; /* of a still, up to MEGAPIXELS_MAX; 0: the reader's default */
    bool measure;            /* probe: decode the whole file as well */
    bool hash;               /* probe, verify: hash the content as well */
    enum verify_mode verify;
    GPtrArray *files;     /* struct task_file */
    struct facts *source; /* of files[0], verify: of what that was made from; NULL for a probe, and
                             for a source that wasn't there yet, which the worker probes first */
    GPtrArray *parts;  /* struct facts of files[0], files[1] …, which are joined: the shared steps
                          are done to each, the outputs' to all as one, and `source` is of that;
                          empty: files[0] is the source. Measure and render, of sound */
    char *source_name; /* relative path of the source, for ${…}-free messages */
    GPtrArray *steps;  /* shared leading steps: struct step_call */
    GPtrArray *outputs; /* struct task_output (measure, render) */
    GPtrArray *expect;  /* verify: struct expectation */
    unsigned keep;      /* verify: what may not be lost, a mask of enum keep */
    struct claim claim; /* verify */
};

struct task *task_create(enum task_kind kind);
void task_destroy(struct task *task);
typedef struct task *task_ptr; /* for `g_auto(task_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(task_ptr, task_destroy, NULL)
static inline bool task_joins(const struct task *task)
{
    return task->parts && task->parts->len;
}
/* How many of its first files are sources. */
static inline unsigned task_sources(const struct task *task)
{
    return task_joins(task) ? task->parts->len : 1;
}
/* A render, or verify, of an output that is a package: it has no other. */
bool task_makes_package(const struct task *task);
int task_add_file(struct task *task, const char *path, bool write); /* its index */
struct task_output *task_add_output(struct task *task, int file);
/* Frees the texts and makes all of it unknown; also for a claim in memory that was zeroed. */
void claim_clear(struct claim *claim);
void claim_copy(struct claim *to, const struct claim *from); /* `to` was cleared or zeroed */

char *task_to_text(const struct task *task); /* JSON, indented; caller frees */
/* NULL and *error (in words) for a text that isn't a task. */
struct task *task_from_text(const char *text, gssize length, GError **error);

/* How the note of a `preview` begins: the report shows what it drew large. */
#define NOTE_PREVIEW "preview of "
/* And that of a trim that was moved, whose rest the terminal says as well. */
#define NOTE_MOVED "trimmed where the picture can be cut: "
/* And that of what `damaged: allow` let pass, whose rest every form of the report says. */
#define NOTE_DAMAGED "damaged source, read as far as it goes: "

/* A source of an output that is made of several, which had to do without its picture. */
struct unread_part {
    unsigned part; /* of the task's parts */
    struct failure failure;
};

/* What a worker says of one output. */
struct output_result {
    struct failure failure; /* FAIL_NONE: written and closed without an error */
    struct claim claim;     /* render */
    struct facts *measured; /* measure, and a render that measured for itself: what the meter read;
                               probe: the facts of this file; may be NULL */
    GPtrArray *notes;       /* char *: what was applied and what was lost, in order */
    GPtrArray *unread;      /* struct unread_part; where the task allows damage */
    struct glance *glance;  /* render: the source at claim.moment_s, as `before`; NULL none */
};
struct unread_part *output_result_add_unread(struct output_result *result, unsigned part);

/* result.json. */
struct result {
    struct failure failure; /* of the task as a whole */
    GPtrArray *outputs;     /* struct output_result, as in the task; probe: one a file */
    struct facts *facts;    /* verify: of files[0] */
    GPtrArray *checks;      /* verify: struct check */
    struct glance *glance;  /* verify: all but `before`; NULL none */
    double seconds, cpu_seconds;
    int64_t peak_bytes; /* resident */
};
struct result *result_create(void);
void result_destroy(struct result *result);
typedef struct result *result_ptr; /* for `g_auto(result_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(result_ptr, result_destroy, NULL)
struct output_result *result_add_output(struct result *result);
char *result_to_text(const struct result *result);
struct result *result_from_text(const char *text, gssize length, GError **error);
