/* SPDX-License-Identifier: GPL-3.0-or-later
 * The layers of the workers' sandbox, as worker, wire, report and command line name them. What each
 * of them does stands in src/worker/sandbox.h; what they are against, in SECURITY.md. */
#pragma once

enum sandbox_layer {
    SANDBOX_NO_NEW_PRIVS = 1 << 0,
    SANDBOX_RLIMITS = 1 << 1,
    SANDBOX_LANDLOCK = 1 << 2,
    SANDBOX_SECCOMP = 1 << 3,
};
enum { SANDBOX_ALL = (1 << 4) - 1 };

struct sandbox_row {
    enum sandbox_layer layer;
    const char *name;    /* "landlock" */
    const char *without; /* what a task could do without it, for warnings */
};
extern const struct sandbox_row sandbox_rows[];
extern const unsigned sandbox_row_count;

/* "no-new-privs, seccomp"; "none" for 0. Caller frees. */
char *sandbox_names(unsigned layers);
/* What the absence of these layers means, in a sentence without its end. Caller frees. */
char *sandbox_missing(unsigned missing);
/* The reverse of sandbox_names(), also "off" and "all". False when a name is unknown. */
_Bool sandbox_from_names(const char *names, unsigned *layers);
