/* SPDX-License-Identifier: GPL-3.0-or-later
 * The world as the planner asks about it: the output folder, the ledger, files that steps name. */
#pragma once

#include "ledger/ledger.h"
#include "sources.h"

struct world {
    const char *out_dir;
    struct ledger *ledger;
    struct sources *sources;
};
struct plan_world world_seam(struct world *world); /* borrows `world` */
