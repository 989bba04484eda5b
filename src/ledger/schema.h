/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ledger's tables, as they are on disk (schema.c), and every statement the ledger makes. */
#pragma once

#define LEDGER_SCHEMA_VERSION 4

/* Makes the tables of an empty file; run inside a transaction. */
extern const char ledger_schema[];

enum sql {
    SQL_FACTS_GET,
    SQL_FACTS_PUT,
    SQL_HASH_GET,
    SQL_HASH_PUT,
    SQL_KNOWN,
    SQL_MEASUREMENT_GET,
    SQL_MEASUREMENT_PUT,
    SQL_COST_GET,
    SQL_COST_PUT,
    SQL_RUN_BEGIN,
    SQL_RUN_END,
    SQL_RUN_HELD,
    SQL_RUN_EXPECTED,
    SQL_RUNS_OLD,
    SQL_RUN_FORGET_OUTPUTS,
    SQL_RUN_FORGET_ATTEMPTS,
    SQL_RUN_FORGET,
    SQL_OUTPUT_PLANNED,
    SQL_OUTPUT_ENDED,
    SQL_OUTPUT_RECOVERED,
    SQL_OUTPUT_SPARED,
    SQL_ATTEMPT_STARTED,
    SQL_ATTEMPT_FINISHED,
    SQL_ATTEMPT_CANCELLED,
    SQL_PUBLISHING_PUT,
    SQL_PUBLISHING_LIST,
    SQL_PUBLISHING_DROP,
    SQL_PUBLISHING_DROP_ALL,
    SQL_PUBLISHED,
    SQL_RESTAMP,
    SQL_FINISHED_PUT,
    SQL_FINISHED_GET,
    SQL_FINISHED_LIST,
    SQL_FINISHED_DROP,
    SQL_KILLED_PARTS,
    SQL_KILLED_MARK,
    SQL_UNFINISHED_RUN,
    SQL_LAST_RUN,
    SQL_RUN_ROW,
    SQL_RUNS,
    SQL_RUN_STATUSES,
    SQL_RUN_TASKS,
    SQL_RUN_ATTEMPTS,
    SQL_STORY,
    SQL_PATH_RUNS,
    SQL_RUN_COUNTS,
    SQL_RUN_RUNNING,
    SQL_SOURCE_MOVED,
    SQL_TWINS,
    SQL_COUNT
};
extern const char *const ledger_sql[SQL_COUNT];
