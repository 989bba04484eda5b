/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why something did not succeed: every failure has a class, a sentence, and a retry rule. */
#pragma once

#include <stdbool.h>

enum failure_class {
    FAIL_NONE,
    FAIL_INPUT_DAMAGED, /* the source is truncated, corrupt, unreadable or changed while read */
    FAIL_UNSUPPORTED,   /* whole, but no library here reads or writes it, or too large */
    FAIL_CONFIG,        /* the pipeline asks for what can't be done with this input */
    FAIL_DISK,          /* no space, not writable, I/O error on the output */
    FAIL_MEMORY,        /* memory ran out: there may be some when the task runs alone */
    FAIL_TIMEOUT,       /* took too long, or made no progress */
    FAIL_CRASH,         /* a worker died by a signal */
    FAIL_INTERNAL,      /* we are wrong: verification found an output that isn't what was asked */
};

/* One row a class: its name in reports, what it means, how often it is worth another try. What the
 * source or the pipeline is to blame for stays so; what the machine or we did may pass. */
struct failure_row {
    const char *name; /* "input_damaged" */
    const char *text; /* "the source is damaged" */
    unsigned retries; /* by default */
    bool alone;       /* the retry runs with nothing beside it (memory, crash) */
};
extern const struct failure_row failure_rows[FAIL_INTERNAL + 1];

const char *failure_name(enum failure_class class);
enum failure_class failure_from_name(const char *name); /* FAIL_INTERNAL when unknown */

/* A failure in hand. {FAIL_NONE, NULL} is success. */
struct failure {
    enum failure_class class;
    char *message; /* a sentence for people: what and what to do */
};
/* The disk, or somebody's share of it, was full: other causes of FAIL_DISK stay when there is room.
 */
bool failure_is_full(const struct failure *failure);
void failure_clear(struct failure *failure);
/* Sets `failure` unless it is already set (the first cause is the cause). Returns false. */
bool fail(struct failure *failure, enum failure_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
