/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ledger: DIR/.rushes/ledger.sqlite, and the only code that writes SQLite. It knows runs,
 * tasks, attempts, outputs with their identity, facts of inputs, measurements and learned costs.
 * Crash-only: every change is a transaction; opening it is recovery. WAL, one writer; readers
 * (`status`) open it read-only. Errors are GError, in words. */
#pragma once

#include "model/event.h"
#include "model/glance.h"
#include "plan/plan.h"

struct ledger;

enum ledger_mode { LEDGER_WRITE, LEDGER_READ, LEDGER_MEMORY };
/* LEDGER_WRITE makes the folder and takes its lock: a second writer gets an error that names the
 * first (host, process, since when; G_FILE_ERROR_AGAIN). LEDGER_READ makes no file: a folder
 * without a ledger is G_FILE_ERROR_NOENT, the puts below do nothing and succeed, whatever belongs
 * to a run is refused. LEDGER_MEMORY is for `plan` of a folder that isn't there. */
struct ledger *ledger_open(const char *out_dir, enum ledger_mode mode, GError **error);
void ledger_close(struct ledger *ledger);
typedef struct ledger *ledger_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(ledger_ptr, ledger_close, NULL)

/* Facts of inputs by path and stamp: not probed again while the stamp holds. */
struct facts *ledger_facts(struct ledger *ledger, const char *path, const struct file_stamp *stamp,
                           bool measured);
bool ledger_put_facts(struct ledger *ledger, const char *path, const struct file_stamp *stamp,
                      const struct facts *facts, GError **error);
/* Content hash of a small file a step names, likewise by stamp. Caller frees; NULL unknown. */
char *ledger_file_hash(struct ledger *ledger, const char *path, const struct file_stamp *stamp);
bool ledger_put_file_hash(struct ledger *ledger, const char *path, const struct file_stamp *stamp,
                          const char *hash, GError **error);

/* For struct plan_world; `self` is the ledger. find_file and exists are the caller's. */
bool ledger_known_output(void *self, const char *path, struct known_output *out);
/* What a render made and said of an output of this identity when the run was killed or interrupted
 * before it was published: a result of one output, and its part file, which is as it was then
 * (caller frees); NULL: nothing. */
struct result *ledger_finished(void *self, const struct plan_output *planned, char **part);
/* The file has another stamp and the content that was published: known by it from now on. */
void ledger_restamp(struct ledger *ledger, const char *path, const struct file_stamp *stamp);
char *ledger_twin(void *self, const struct plan_output *planned);
struct node *ledger_measurement(void *self, const char *key);
struct learned ledger_learned(void *self, const char *cost_key);

/* A run. `command` is what `resume` runs again: the arguments, and the folder they were given in.
 */
struct run_command {
    char **argv; /* NULL-terminated, without the program's name */
    char *cwd;
};
/* Before its sources are looked at: from now on it can be continued. */
bool ledger_run_begin(struct ledger *ledger, const char *run_id, const struct run_command *command,
                      GError **error);
/* What the run that began will make; events of it may follow. */
bool ledger_run_planned(struct ledger *ledger, const struct plan *plan, GError **error);
/* Instead: what began turned out to be none. Nothing is known of it. */
bool ledger_run_drop(struct ledger *ledger, GError **error);
/* Ids of the runs that ledger_run_planned() forgot, char *: all but the last 50 and those of the
 * last 14 days are. Their folders are the caller's. */
const GPtrArray *ledger_forgotten(const struct ledger *ledger);
/* Records one event (tasks, attempts, measurements, outputs). Progress is not recorded. Writes are
 * gathered and committed together once a second or 500 changes, looked at whenever something is
 * recorded (a tick will do), by ledger_flush(), and at once for what took long and must not be
 * done twice: measurements, facts of files that were decoded, what a render made,
 * EVENT_OUTPUT_ENDED of a published file. */
bool ledger_record(struct ledger *ledger, const struct plan *plan, const struct event *event,
                   GError **error);
/* When the run should end, for `status` in another shell; 0: that can't be told. */
bool ledger_expect_end(struct ledger *ledger, int64_t time_us, GError **error);
/* Before the rename: what is about to get this name. After a crash, recovery finds either the part
 * file (removed) or the final file with this content (kept as published). */
bool ledger_publishing(struct ledger *ledger, const struct plan *plan,
                       const struct plan_output *output, GError **error);
bool ledger_published(struct ledger *ledger, const struct plan *plan,
                      const struct plan_output *output, const struct file_stamp *stamp,
                      bool in_spec, GError **error);
/* Before a source gets another path: what was made of it stays known as made of it, also after a
 * crash between the two. When the source couldn't be moved, it is told that it moves back. */
bool ledger_source_moves(struct ledger *ledger, const char *from, const char *to, GError **error);
/* Between runs of a ledger that stays open, before the next one is planned: what has its final name
 * though ledger_published() wasn't reached is known as published. Opening does it, too. */
bool ledger_settle(struct ledger *ledger, GError **error);
bool ledger_flush(struct ledger *ledger, GError **error);
bool ledger_run_end(struct ledger *ledger, const char *status, int exit_code, GError **error);

/* Recovery of runs that were killed: half-published outputs are settled, part files they left are
 * removed; those that were rendered whole wait until the next run begins, which takes them over
 * (plan_output.finished) or has them removed, too. Called by ledger_open(LEDGER_WRITE).
 * The newest run that was killed, or ended as "interrupted", and whose command wasn't given again
 * since; or NULL. */
char *ledger_unfinished_run(struct ledger *ledger, struct run_command *command);
char *ledger_last_run(struct ledger *ledger, struct run_command *command);
void run_command_clear(struct run_command *command);

/* Does anybody write now: a run, or a watch, also between its runs? */
bool ledger_is_held(struct ledger *ledger);

/* For `status`: rows of the newest (or named) run. Its status is what ledger_run_end() was told,
 * else "running" while somebody holds the lock, else "killed". */
struct ledger_totals {
    char *run, *status, *started;
    bool planned;        /* else it came no further than its sources: all counts are 0 */
    char *held;          /* why nothing new starts just now, or NULL */
    int64_t expected_us; /* when it should end; 0: can't be told (yet) */
    unsigned done, up_to_date, failed, out_of_spec, cancelled, left, running;
};
bool ledger_totals(struct ledger *ledger, const char *run_id, struct ledger_totals *out,
                   GError **error);
void ledger_totals_clear(struct ledger_totals *totals);

/* A look at the past for `status`, `report` and `explain`, newest first where there is an order.
 * Texts are NULL and times 0 when unknown; arrays free what is in them. */
struct ledger_run {
    char *id, *status; /* as in ledger_totals */
    int64_t started_us, ended_us;
    int exit_code;
};
GPtrArray *ledger_runs(struct ledger *ledger); /* of struct ledger_run */

/* A task that is running now. */
struct ledger_task {
    char *label, *kind;
    int attempt;
    int64_t started_us;
};
GPtrArray *ledger_running(struct ledger *ledger, const char *run_id); /* of struct ledger_task */

/* Every attempt at a task of a run, in the order of their starts. `state` is "running" (also what
 * was cut off with its run), "done", "failed" or "cancelled". */
struct ledger_attempt {
    int task, attempt;
    char *kind, *label, *state;
    int64_t started_us, ended_us; /* 0: it didn't */
};
GPtrArray *ledger_attempts(struct ledger *ledger, const char *run_id); /* struct ledger_attempt */

/* What was seen of the file that has a name (published), and of the newest that was refused it;
 * NULL forgets it, for nothing was seen of what has the name now. They are found by the content of
 * the file. Caller frees; NULL: nothing, also of the hash NULL. */
struct glance *ledger_glance(struct ledger *ledger, const char *path, const char *hash);
bool ledger_put_glance(struct ledger *ledger, const char *path, bool published,
                       const struct glance *glance, GError **error);
/* The hash of the file that had this name when that run ended, when it still has it; NULL: it has
 * not, or that isn't known. Caller frees. */
char *ledger_hash_then(struct ledger *ledger, const char *path, const char *run_id);

/* How an output of a run ended; status NULL: it didn't. `index` is of its plan's outputs. */
struct ledger_end {
    int index;
    char *run, *status, *class, *message;
    int64_t ended_us;
};
/* All outputs of a run that had work, and how one output ended in all runs, oldest first. Of struct
 * ledger_end. */
GPtrArray *ledger_ends_of_run(struct ledger *ledger, const char *run_id);
GPtrArray *ledger_ends_of_path(struct ledger *ledger, const char *path);

/* What was published under a path; false: nothing. */
struct ledger_story {
    char *input_hash, *parameters, *software, *hash, *run;
    int64_t ended_us; /* of the run */
    bool in_spec;
};
bool ledger_story(struct ledger *ledger, const char *path, struct ledger_story *out);
void ledger_story_clear(struct ledger_story *story);
