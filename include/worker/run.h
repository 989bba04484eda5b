/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs one task in this process. Everything a task needs is in `job`; nothing is global. */
#pragma once

#include "media/probe.h"
#include "media/source.h"
#include "model/event.h"
#include "model/task.h"

/* How a running task speaks: progress now and then (rate-limited inside), as JSON lines on
 * `events_fd`, one object a line: {"fraction":0.43,"frames":108,"fps":54.1,"speed":2.2,
 * "stage":"encode"}. Thread-safe. fd -1 keeps quiet. */
#include <stdbool.h>

struct speaker;
struct speaker *speaker_create(int events_fd);
void speaker_destroy(struct speaker *speaker);
void speak_progress(struct speaker *speaker, const struct progress *progress);

struct job {
    const struct task *task;
    const int *fds; /* open descriptors in the order of task->files; owned by the caller */
    struct speaker *speaker;
    bool trial; /* what is made is only heard: nothing of it is progress of the outputs */
};

/* Runs the task and fills `result` (created by the caller). Always returns; result->failure and
 * each output's failure say how it went. Log lines of the libraries go to stderr, prefixed with
 * who is speaking; the engine has stderr on the task's log. */
void worker_run(const struct job *job, struct result *result);

/* The kinds of work behind worker_run, one file or folder each. */
void worker_probe(const struct job *job, struct result *result);
void worker_verify(const struct job *job, struct result *result);
void worker_compare(const struct job *job, struct result *result);
void worker_fingerprint(const struct job *job, struct result *result);
void worker_measure(const struct job *job, struct result *result); /* video and sound sources */
void worker_gather(const struct job *job, struct result *result);  /* no media */
void worker_render_video(const struct job *job, struct result *result);
/* A measure task whose outputs are of picture: the part of worker_measure that needs a decoder. */
void worker_look(const struct job *job, struct result *result);
/* Of an output whose files before its own are its rungs. */
void worker_package(const struct job *job, struct result *result);
void worker_render_audio(const struct job *job, struct result *result);
void worker_render_image(const struct job *job, struct result *result);

/* Is the source whole enough for this task, and a sound as long as its facts say? Asked before
 * reading, for what its header tells, and again at the end. Refused with FAIL_INPUT_DAMAGED, the
 * sentence and what to do; where the job allows damage, `*damage` (NULL or to be freed) is the
 * sentence instead. */
bool job_accepts(const struct job *job, unsigned file, const struct source_health *told,
                 char **damage, struct failure *failure);

/* How one of its sources is opened: a transport stream whose times begin anew by its job's
 * `on_change`, one of which the facts tell that they don't without reading it before. */
struct source_opts job_source_opts(const struct job *job, unsigned file, int threads);
/* `heard_s` of struct source_opts, which facts of the same file tell; NULL: none are known. */
double job_heard_s(const struct facts *facts);
/* While a file is read for its facts, that is progress. */
struct probe_told job_told(const struct job *job);

/* The descriptor of the file that `call`'s parameter `param` names, or -1. */
int job_param_fd(const struct job *job, const struct step_call *call, const char *param);
/* The descriptor of the file whose used_by (model/task.h) is this, or -1. */
int job_used_fd(const struct job *job, const char *used_by);
/* That of the profile that an output is written with, or -1: it is none that is a file. */
int job_profile_fd(const struct job *job, const struct encode *encode);
