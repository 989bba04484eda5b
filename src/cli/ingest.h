/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files → facts: what the ledger remembers, and probe tasks for the rest, run by the same engine
 * and scheduler as everything else. */
#pragma once

#include "engine/engine.h"
#include "ledger/ledger.h"
#include "report/progress.h"

struct ingest {
    struct ledger *ledger; /* NULL: remember nothing */
    struct engine *engine;
    struct display *display;
    const char *tasks_dir; /* where probe tasks leave their files */
    int jobs;
    double timeout_s; /* per attempt; 0 = none */
    bool measure, hash;
};

/* Fills facts or failure of each input. False when interrupted. */
bool ingest_run(const struct ingest *ingest, GPtrArray *inputs);
