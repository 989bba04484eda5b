/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plan made up for tests: `outputs` outputs of one job, each with a measure, a render and a
 * verify task (ids 3n, 3n+1, 3n+2), all stale. And a folder to run it in. */
#pragma once

#include "ledger/ledger.h"

struct plan *made_plan(const char *out_dir, unsigned outputs);
void made_plan_destroy(struct plan *plan);
const struct plan_output *made_output(const struct plan *plan, unsigned index);

/* A run of this plan, begun and planned. */
bool begin_run(struct ledger *ledger, const char *id, const struct run_command *command,
               const struct plan *plan);

char *temp_folder(void);                             /* caller frees */
void remove_folder(char *folder);                    /* with what is in it; frees the name */
void write_file(const char *path, const char *text); /* folders made as needed */
