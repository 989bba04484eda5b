/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reports made up for tests: one with an output of every status, and one with names that try to
 * be more than names. */
#pragma once

#include "report/report.h"

struct report *made_report(void);
struct report *made_hostile_report(void);
extern const char hostile_name[];
