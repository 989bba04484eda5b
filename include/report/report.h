/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people and programs read about a run. Everything is made from one product, `struct
 * report`, which is collected from the plan and the events, and can be read back from
 * report.json — so `rushes report DIR` shows any past run. */
#pragma once

#include "model/event.h"
#include "model/glance.h"

struct report_output {
    char *job, *output, *input, *source, *path; /* path relative to the output folder */
    int place; /* among the outputs as they were planned; not in report.json, which has that order
                */
    enum output_status status;
    struct failure failure;
    struct facts *facts;   /* of the finished file; may be NULL */
    GPtrArray *checks;     /* struct check */
    GPtrArray *steps;      /* char *: what was applied */
    GPtrArray *lost;       /* char *: what was in the source and isn't in the output */
    struct glance *glance; /* not in report.json; NULL not seen */
    GPtrArray *carried;    /* struct carried_row: of all that the source has; NULL not told */
    char *reason;          /* why it was rendered or not */
    double seconds;
    char *deliver_by; /* local time it was wanted by, or NULL */
    bool late;        /* delivered after that */
    int task;         /* -1: none */
    char *rerun;      /* command that runs the failed task again by hand, or NULL */
};

/* An input that an output made of many would have, and that can't be read: the output goes on
 * without it, or failed for it; or, of no job and output (NULL), a folder or the like that may hold
 * inputs and can't be looked into. The run isn't done either way. */
struct report_unread {
    char *job, *output, *input, *source;
    struct failure failure;
};

/* An attempt at a task. Not in report.json: events.jsonl has them. */
struct report_span {
    char *kind, *label, *state; /* "render" …; for people; "done" "failed" "cancelled" */
    int task, attempt;
    unsigned lane;         /* from 0: attempts of one lane don't overlap */
    double start_s, end_s; /* since the run began */
};

/* How an output of a pipeline is set: each value and the line that set it, by the example of one
 * file. */
struct report_settings {
    char *job, *output, *text;
};

struct report {
    char *version, *run, *pipeline, *out_dir, *started;
    char *name; /* what the pipeline calls itself, or NULL */
    int exit_code;
    int sandbox; /* enum sandbox_layer that its tasks ran under; -1: no task ran */
    bool in_run; /* the page is written to runs/<run>: its links are relative; not in report.json */
    double seconds;
    unsigned totals[OUTPUT_CANCELLED + 1];
    GPtrArray *outputs;  /* struct report_output */
    GPtrArray *unread;   /* struct report_unread */
    GPtrArray *notes;    /* char * */
    GPtrArray *settings; /* struct report_settings */
    GPtrArray *spans;    /* struct report_span, in the order of their starts */
};

struct report *report_create(void);
void report_destroy(struct report *report);
typedef struct report *report_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(report_ptr, report_destroy, NULL)
struct report_output *report_add(struct report *report);
struct report_unread *report_add_unread(struct report *report);
/* When it was wanted (0: at no time) and when it ended (0: not known), since the epoch. */
void report_due(struct report_output *output, int64_t deadline_us, int64_t ended_us);
/* Adds a span, in the lowest lane that is free then; its texts are taken over. Called in the order
 * of their starts. */
void report_add_span(struct report *report, struct report_span span);
void report_add_settings(struct report *report, const char *job, const char *output,
                         const char *text);
void report_count(struct report *report); /* totals from outputs, which are put in their places */
/* An output folder that can't be written, or filled up: an output failed for it. */
bool report_disk_failed(const struct report *report);
const char *
report_status(const struct report *report); /* "done" "failed" "out_of_spec" "interrupted" */

char *report_to_json(const struct report *report);
struct report *report_from_json(const char *text, gssize length, GError **error);
/* A testsuite a job, a testcase an output and one each of its checks; the dialect Jenkins reads
 * (the xunit plugin's junit-10.xsd, of which tests/report/junit.xsd is the part that is written).
 */
char *report_to_junit(const struct report *report);
/* RFC 4180: a row an output, facts and checks as columns, and a row an unread input, of the status
 * "unread". A text that a spreadsheet would take for
 * a formula begins with an apostrophe (OWASP, CSV injection). */
char *report_to_csv(const struct report *report);
/* Workflow commands of GitHub Actions: the ten worst as errors, which is as many as are shown of a
 * step, the damage
 * that was let pass as warnings, and a summary. */
char *report_to_github(const struct report *report);
char *report_to_markdown(const struct report *report); /* for $GITHUB_STEP_SUMMARY: below 1 MiB */
char *report_to_html(const struct report *report);     /* one file, no network */
char *report_to_text(const struct report *report,
                     bool color); /* the summary: every failure in a sentence */
