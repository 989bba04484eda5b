/* SPDX-License-Identifier: GPL-3.0-or-later
 * A row of a report held to what is expected of its file: what fails makes it out of spec. */
#pragma once

#include "against.h"
#include "report/report.h"

void hold_check(struct report_output *row, struct check *check); /* takes it over */
/* The first that a row is told stays. */
void hold_failure(struct report_output *row, const struct failure *failure);
/* Of a likeness that fails the check says where to look. */
void hold_expectation(struct report_output *row, const struct expectation *e,
                      const struct facts *facts);
/* What came of the comparison; NULL: there was none. A fact that an expectation names is held to
 * that, not to the reference. */
void hold_beside(struct report_output *row, const struct beside *beside,
                 const GPtrArray *expectations);
