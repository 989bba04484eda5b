/* SPDX-License-Identifier: GPL-3.0-or-later
 * Claims as JSON: a part of task and result files. */
#pragma once

#include "model/task.h"

JsonObject *claim_to_json(const struct claim *claim);
/* Replaces what was in `claim`; `json` may be NULL. */
void claim_from_json(struct claim *claim, JsonObject *json);
