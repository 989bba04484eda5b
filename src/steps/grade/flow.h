/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `grade` makes of the colours that flow: the hook `colors` of its step. */
#pragma once

#include "model/step.h"

bool grade_colors(void *params, struct colors *flows, struct mark at, struct diag *diag);
