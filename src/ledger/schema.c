/* SPDX-License-Identifier: GPL-3.0-or-later
 * The format of ledger.sqlite, schema version 4 (PRAGMA user_version; application_id "Rush").
 *
 * Times are microseconds since the epoch, paths are bytes as the file system has them (TEXT, not
 * always UTF-8), enumerations are their names in reports. `run` is runs.seq.
 *
 * runs         one row a run, newest = highest seq. argv: the arguments, each ended by a NUL.
 *              status NULL while it runs; afterwards what ledger_run_end() was told, or "killed"
 *              when recovery found that nobody ended it. up_to_date: outputs that had no work;
 *              NULL until it is planned.
 *              held: why nothing new starts just now, for people; else NULL.
 *              expected_us: when it should end, while that can be told; else NULL.
 *              Of runs that are neither among the newest 50 nor of the last 14 days nothing is
 *              kept.
 * run_outputs  the outputs of a run that had work or were refused. output: index in its plan.
 *              path: relative to the output folder. part: base name of the part file, which is
 *              beside the final file; written before the part can exist. status NULL: not ended.
 *              ended_us: of one that recovery found published, when it got its name.
 * attempts     one row an attempt of a task. state: running, done, failed, cancelled.
 * outputs      what was published last under a path: identity, the file's stamp, when it was
 *              verified the hash of its content, and the path of the input it was made from.
 *              in_spec: else the next run makes it again; 0 also of one that lacks what couldn't
 *              be read. run: which made it. since: which made this content first, as far as is
 * known. publishing   the same for an output about to be renamed into place, with its part file's
 *              stamp; durable before the rename, gone when `outputs` has it.
 * finished     what was rendered whole, is on the disk and isn't published: identity, base name and
 *              stamp of the part file, and of its render's result what is about this output, as
 *              result_to_text() has it. Gone when the output ends, unless it was cancelled; what a
 *              killed or interrupted run leaves here the next one takes over or removes.
 * facts        facts of an input by facts_to_lines(), valid while it has this
 *              file_stamp_text() and our FACTS_VERSION.
 * file_hashes  content of small files that steps read, valid likewise.
 * measurements what was measured of a content, by key: the facts' JSON. And glances, by "glance "
 *              and the path, of a file that was refused it by "rejected glance " and the path.
 *              When runs are forgotten, those go that no report shows: of files that are gone, and
 *              of refused files of no run that is known.
 * costs        seconds on one core and peak memory against the guess, by cost key: averages in
 *              which the newest sample weighs 0.3; a higher peak counts at once. */
#include "schema.h"

#define STAMP_COLUMNS "size, mtime_ns, ctime_ns, inode, device"
#define IDENTITY_COLUMNS                                                                     \
    "path TEXT PRIMARY KEY, input_hash TEXT, parameters TEXT, software TEXT, size INTEGER, " \
    "mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER, device INTEGER, in_spec INTEGER, "   \
    "run INTEGER, hash TEXT, source TEXT, since INTEGER"
/* What comes out as it was has been there since it did so first. */
#define IDENTITY_VALUES                                         \
    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, " \
    "coalesce((SELECT since FROM outputs WHERE path = ?1 AND hash = ?12), ?11))"

const char ledger_schema[] =
    "CREATE TABLE runs (seq INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, started_us INTEGER,"
    " ended_us INTEGER, status TEXT, exit_code INTEGER, argv BLOB, cwd TEXT, up_to_date INTEGER,"
    " held TEXT, expected_us INTEGER);"
    "CREATE TABLE run_outputs (run INTEGER, output INTEGER, path TEXT, part TEXT, status TEXT,"
    " class TEXT, message TEXT, ended_us INTEGER, PRIMARY KEY (run, output)) WITHOUT ROWID;"
    "CREATE TABLE attempts (run INTEGER, task INTEGER, attempt INTEGER, kind TEXT, label TEXT,"
    " started_us INTEGER, ended_us INTEGER, state TEXT, class TEXT, message TEXT, seconds REAL,"
    " cpu_seconds REAL, peak_bytes INTEGER, PRIMARY KEY (run, task, attempt)) WITHOUT ROWID;"
    "CREATE TABLE outputs (" IDENTITY_COLUMNS ") WITHOUT ROWID;"
    "CREATE TABLE publishing (" IDENTITY_COLUMNS ") WITHOUT ROWID;"
    "CREATE INDEX outputs_by_input ON outputs (input_hash);"
    "CREATE INDEX outputs_by_source ON outputs (source);"
    "CREATE TABLE facts (path TEXT PRIMARY KEY, stamp TEXT, measured INTEGER, lines TEXT)"
    " WITHOUT ROWID;"
    "CREATE TABLE file_hashes (path TEXT PRIMARY KEY, stamp TEXT, hash TEXT) WITHOUT ROWID;"
    "CREATE TABLE measurements (key TEXT PRIMARY KEY, json TEXT) WITHOUT ROWID;"
    "CREATE TABLE costs (key TEXT PRIMARY KEY, seconds REAL, memory REAL) WITHOUT ROWID;"
    "CREATE TABLE finished (path TEXT PRIMARY KEY, input_hash TEXT, parameters TEXT, software TEXT,"
    " size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER, device INTEGER, part TEXT,"
    " result TEXT) WITHOUT ROWID;"
    "PRAGMA application_id = 0x52757368; PRAGMA user_version = 4;";

#define RUN_IS_OLD "seq <= ? AND started_us < ?"

const char *const ledger_sql[SQL_COUNT] = {
    [SQL_FACTS_GET] = "SELECT lines FROM facts WHERE path = ? AND stamp = ? AND measured >= ?",
    /* A quick probe doesn't replace what was measured of the same content. */
    [SQL_FACTS_PUT] =
        "INSERT INTO facts VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
        " stamp = excluded.stamp, measured = excluded.measured, lines = excluded.lines"
        " WHERE stamp <> excluded.stamp OR measured <= excluded.measured",
    [SQL_HASH_GET] = "SELECT hash FROM file_hashes WHERE path = ? AND stamp = ?",
    [SQL_HASH_PUT] = "INSERT OR REPLACE INTO file_hashes VALUES (?, ?, ?)",
    [SQL_KNOWN] = "SELECT input_hash, parameters, software, " STAMP_COLUMNS
                  ", in_spec, hash, source, run, since FROM outputs WHERE path = ?",
    [SQL_MEASUREMENT_GET] = "SELECT json FROM measurements WHERE key = ?",
    [SQL_MEASUREMENT_PUT] = "INSERT OR REPLACE INTO measurements VALUES (?, ?)",
    [SQL_MEASUREMENT_DROP] = "DELETE FROM measurements WHERE key = ?",
    [SQL_COST_GET] = "SELECT seconds, memory FROM costs WHERE key = ?",
    [SQL_COST_PUT] =
        "INSERT INTO costs VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " seconds = seconds + 0.3 * (excluded.seconds - seconds),"
        " memory = coalesce(max(excluded.memory, memory + 0.3 * (excluded.memory - memory)),"
        " excluded.memory, memory)",
    [SQL_RUN_BEGIN] = "INSERT INTO runs (id, started_us, argv, cwd) VALUES (?, ?, ?, ?)",
    [SQL_RUN_PLANNED] = "UPDATE runs SET up_to_date = ? WHERE seq = ?",
    [SQL_RUN_DROP] = "DELETE FROM runs WHERE seq = ?",
    [SQL_RUN_END] = "UPDATE runs SET ended_us = ?, status = ?, exit_code = ? WHERE seq = ?",
    [SQL_RUN_HELD] = "UPDATE runs SET held = ? WHERE seq = ?",
    [SQL_RUN_EXPECTED] = "UPDATE runs SET expected_us = nullif(?, 0) WHERE seq = ?",
    [SQL_RUNS_OLD] = "SELECT id FROM runs WHERE " RUN_IS_OLD,
    [SQL_RUN_FORGET_OUTPUTS] =
        "DELETE FROM run_outputs WHERE run IN (SELECT seq FROM runs WHERE " RUN_IS_OLD ")",
    [SQL_RUN_FORGET_ATTEMPTS] =
        "DELETE FROM attempts WHERE run IN (SELECT seq FROM runs WHERE " RUN_IS_OLD ")",
    [SQL_RUN_FORGET] = "DELETE FROM runs WHERE " RUN_IS_OLD,
    /* A range of keys: '!' comes after ' '. */
    [SQL_REJECTED_FORGET] =
        "DELETE FROM measurements WHERE key >= 'rejected glance ' AND key < 'rejected glance!'"
        " AND substr(key, 17) NOT IN"
        " (SELECT path FROM run_outputs WHERE status = 'out_of_spec')",
    [SQL_GLANCE_PATHS] = "SELECT substr(key, 8) FROM measurements"
                         " WHERE key >= 'glance ' AND key < 'glance!'",
    [SQL_OUTPUT_PLANNED] = "INSERT INTO run_outputs VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
    [SQL_OUTPUT_ENDED] = "UPDATE run_outputs SET status = ?, class = ?, message = ?, ended_us = ?"
                         " WHERE run = ? AND output = ?",
    [SQL_OUTPUT_RECOVERED] =
        "UPDATE run_outputs SET status = ?, ended_us = ? WHERE run = ? AND path = ?"
        " AND status IS NULL",
    [SQL_OUTPUT_SPARED] = "UPDATE outputs SET input_hash = ?, parameters = ?, source = ?, run = ?"
                          " WHERE path = ?",
    [SQL_ATTEMPT_STARTED] =
        "INSERT OR REPLACE INTO attempts (run, task, attempt, kind, label, started_us, state)"
        " VALUES (?, ?, ?, ?, ?, ?, 'running')",
    [SQL_ATTEMPT_FINISHED] =
        "UPDATE attempts SET ended_us = ?, state = ?, class = ?, message = ?, seconds = ?,"
        " cpu_seconds = ?, peak_bytes = ? WHERE run = ? AND task = ? AND attempt = ?",
    [SQL_ATTEMPT_CANCELLED] = "UPDATE attempts SET ended_us = ?, state = 'cancelled'"
                              " WHERE run = ? AND task = ? AND state = 'running'",
    [SQL_PUBLISHING_PUT] = "INSERT OR REPLACE INTO publishing VALUES " IDENTITY_VALUES,
    [SQL_PUBLISHING_LIST] = "SELECT path, input_hash, parameters, software, " STAMP_COLUMNS
                            ", in_spec, run, hash, source FROM publishing",
    [SQL_PUBLISHING_DROP] = "DELETE FROM publishing WHERE path = ?",
    [SQL_PUBLISHING_DROP_ALL] = "DELETE FROM publishing",
    [SQL_PUBLISHED] = "INSERT OR REPLACE INTO outputs VALUES " IDENTITY_VALUES,
    [SQL_RESTAMP] = "UPDATE outputs SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, device = ?"
                    " WHERE path = ?",
    [SQL_FINISHED_PUT] = "INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_FINISHED_GET] = "SELECT " STAMP_COLUMNS ", part, result FROM finished"
                         " WHERE path = ? AND input_hash = ? AND parameters = ? AND software = ?",
    [SQL_FINISHED_LIST] = "SELECT " STAMP_COLUMNS ", part, path FROM finished",
    [SQL_FINISHED_DROP] = "DELETE FROM finished WHERE path = ?",
    [SQL_KILLED_PARTS] =
        "SELECT path, part FROM runs JOIN run_outputs ON run = seq"
        " WHERE runs.status IS NULL AND run_outputs.status IS NULL AND part IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM finished WHERE finished.path = run_outputs.path"
        " AND finished.part = run_outputs.part)",
    [SQL_KILLED_MARK] = "UPDATE runs SET status = 'killed' WHERE status IS NULL",
    /* A run that was given the same command later has taken its place. */
    [SQL_UNFINISHED_RUN] =
        "SELECT id, argv, cwd FROM runs AS old"
        " WHERE (status IS NULL OR status IN ('killed', 'interrupted')) AND NOT EXISTS"
        " (SELECT 1 FROM runs WHERE seq > old.seq AND argv = old.argv AND cwd = old.cwd)"
        " ORDER BY seq DESC LIMIT 1",
    [SQL_LAST_RUN] = "SELECT id, argv, cwd FROM runs ORDER BY seq DESC LIMIT 1",
    [SQL_RUN_ROW] = "SELECT seq, id, status, started_us, up_to_date, held, expected_us FROM runs"
                    " WHERE ?1 IS NULL OR id = ?1 ORDER BY seq DESC LIMIT 1",
    [SQL_RUNS] = "SELECT id, status, started_us, ended_us, exit_code FROM runs ORDER BY seq DESC",
    [SQL_RUN_STATUSES] = "SELECT output, run_outputs.status, class, message, run_outputs.ended_us"
                         " FROM run_outputs JOIN runs ON run = seq WHERE id = ?",
    [SQL_RUN_TASKS] = "SELECT label, kind, attempt, attempts.started_us FROM attempts"
                      " JOIN runs ON run = seq WHERE id = ? AND state = 'running'"
                      " ORDER BY attempts.started_us",
    [SQL_RUN_ATTEMPTS] =
        "SELECT task, attempt, kind, label, state, attempts.started_us, attempts.ended_us"
        " FROM attempts JOIN runs ON run = seq WHERE id = ? ORDER BY attempts.started_us, task",
    [SQL_STORY] = "SELECT input_hash, parameters, software, hash, in_spec, id, ended_us"
                  " FROM outputs LEFT JOIN runs ON run = seq WHERE path = ?",
    [SQL_HASH_THEN] = "SELECT hash FROM outputs WHERE path = ?"
                      " AND since <= (SELECT seq FROM runs WHERE id = ?)",
    [SQL_PATH_RUNS] =
        "SELECT id, run_outputs.status, class, message, run_outputs.ended_us FROM run_outputs"
        " JOIN runs ON run = seq WHERE path = ? ORDER BY seq",
    [SQL_RUN_COUNTS] = "SELECT status, count(*) FROM run_outputs WHERE run = ? GROUP BY status",
    [SQL_RUN_RUNNING] = "SELECT count(*) FROM attempts WHERE run = ? AND state = 'running'",
    [SQL_SOURCE_MOVED] = "UPDATE outputs SET source = ? WHERE source = ?",
    [SQL_TWINS] = "SELECT path FROM outputs WHERE input_hash = ? AND parameters = ?"
                  " AND software = ? AND in_spec AND path <> ? ORDER BY path",
};
