/* SPDX-License-Identifier: GPL-3.0-or-later
 * All steps, in the order of the manual. Pure description; links into both executables. */
#pragma once

#include "model/step.h"

extern const struct step *const steps_all[];
extern const unsigned steps_count;
const struct step *step_find(const char *name);
