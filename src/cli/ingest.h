/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files → facts: what the ledger remembers, and probe tasks for the rest, run by the same engine
 * and scheduler as everything else. */
#pragma once

#include "errand.h"
#include "ledger/ledger.h"

struct ingest {
    struct ledger *ledger; /* NULL: remember nothing */
    struct errand errand;
    bool measure, hash;
};

/* Fills facts or failure of each input that has neither. EXIT_DONE, or the exit code of an
 * interruption or of a sandbox that isn't there. */
int ingest_run(const struct ingest *ingest, GPtrArray *inputs);
