/* SPDX-License-Identifier: GPL-3.0-or-later
 * The command line as tables: one row a command, one row an option. The rows that parse also make
 * --help, the man page and shell completion. */
#pragma once

#include "ledger/ledger.h"
#include "report/progress.h"

/* Which commands take an option: one bit each, in the order of `commands`. */
enum command_bit {
    CMD_RUN = 1 << 0,
    CMD_PLAN = 1 << 1,
    CMD_LINT = 1 << 2,
    CMD_SCHEMA = 1 << 3,
    CMD_PROBE = 1 << 4,
    CMD_CHECK = 1 << 5,
    CMD_STEPS = 1 << 6,
    CMD_PRESETS = 1 << 7,
    CMD_STATUS = 1 << 8,
    CMD_RESUME = 1 << 9,
    CMD_REPORT = 1 << 10,
    CMD_MAN = 1 << 11,
    CMD_COMPLETION = 1 << 12,
    CMD_WATCH = 1 << 13,
    CMD_PAUSE = 1 << 14,
    CMD_CONTINUE = 1 << 15,
    CMD_EXPLAIN = 1 << 16,
    CMD_SEAL = 1 << 17,
    CMD_RERENDER = 1 << 18,
};

/* Everything a command line can say. Texts are borrowed from argv. */
struct args {
    const struct command *command;
    char **argv;      /* as given, without the program's name: what `resume` runs again */
    GPtrArray *words; /* const char *: what isn't an option */
    const char *out_dir, *only, *junit, *explain, *preset, *engine, *worker, *run;
    GPtrArray *set;    /* const char *: name=value */
    GPtrArray *ignore; /* const char *: patterns; both end with NULL */
    int jobs, retries, on_exists, on_low_disk, verify, progress, format;
    /* retries, on_low_disk: -1 not given */
    struct window window;
    bool window_given;
    double timeout_s, poll_s, settle_s;
    unsigned trust, hash; /* hash: a mask of DIGEST_BIT; 0 not given */
    bool move, fresh, provenance, fail_fast, require_sandbox, json, dot, verify_only, dry_run,
        measure, names, runs, help;
};

enum option_type {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_LIST,
    OPTION_INT,
    OPTION_SECONDS,
    OPTION_CHOICE,
    OPTION_WINDOW, /* sets the bool behind it, too */
    OPTION_TRUST,  /* words with commas to a mask of enum trust */
    OPTION_DIGESTS /* likewise, of DIGEST_BIT */
};

struct option_row {
    const char *name; /* without the dashes */
    char letter;      /* 0: none */
    const char *value, *help;
    enum option_type type;
    size_t offset;
    const char *const *choices; /* OPTION_CHOICE: its int is the index */
    unsigned commands;
};

struct command {
    const char *name;
    unsigned bit;
    const char *words;        /* "PIPELINE|PRESET INPUT…" */
    int min_words, max_words; /* -1: any number */
    const char *summary, *help;
    int (*run)(struct args *args);
};

extern const struct option_row option_rows[];
extern const unsigned option_row_count;
extern const struct command commands[];
extern const unsigned command_count;
const struct command *command_find(const char *name);

/* Parses; prints what is wrong to stderr and returns false (exit 2). */
bool args_parse(struct args *args, int argc, char **argv);
void args_finish(struct args *args);

char *help_text(const struct command *command); /* NULL: of the program */
char *man_text(void);
char *completion_text(const char *shell); /* bash zsh fish; NULL for another */
