/* SPDX-License-Identifier: GPL-3.0-or-later
 * The workers' sandbox as the command line sees it: asked for once, before the first task. */
#pragma once

#include "args.h"
#include "engine/engine.h"
#include "report/progress.h"

struct guard {
    struct engine *engine;
    bool required;   /* --require-sandbox */
    bool asked;      /* the rest is known */
    unsigned layers; /* that tasks run under */
};

/* Starts the engine's worker where it has to. EXIT_DONE; a missing layer is a warning, or with
 * --require-sandbox an error and EXIT_USAGE. Says it once. Interrupted meanwhile: that exit code.
 */
int guard_check(struct guard *guard, struct display *display);
