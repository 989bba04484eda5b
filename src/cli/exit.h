/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exit codes: the contract with scripts. */
#pragma once

enum exit_code {
    EXIT_DONE = 0,   /* all done and in spec; up to date counts as done */
    EXIT_FAILED = 1, /* at least one output failed */
    EXIT_USAGE = 2,  /* usage or pipeline error, or no whole sandbox though required: nothing ran */
    EXIT_OUT_OF_SPEC = 3, /* rendered, but a check failed */
    EXIT_NO_INPUT = 4,    /* no input matched */
    EXIT_DISK = 5,        /* output not writable, or not enough disk */
    EXIT_INTERRUPTED = 130,
    EXIT_TERMINATED = 143,
};
