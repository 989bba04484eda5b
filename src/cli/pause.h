/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pausing a run from another shell: a file in its folder says so, DIR/.rushes/pause. A run or
 * a watch that begins removes it: who starts or resumes one wants it to go on. */
#pragma once

#include "ledger/ledger.h"

bool pause_is_asked(const char *out_dir);
void pause_forget(const char *out_dir);

bool run_is_under_way(struct ledger *ledger, const char *run); /* NULL: the newest */
