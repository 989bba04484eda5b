/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of facts share. */
#pragma once

#include "model/facts.h"

/* The field of a fact, typed at the call. */
#define FACT_AT(fact, facts, T) ((T *)((char *)(facts) + (fact)->offset))
#define FACT_OF(fact, facts, T) ((const T *)((const char *)(facts) + (fact)->offset))

/* Between the words of a list. */
#define LIST_JOINT ", "

/* So many of the last place that is shown of what was measured are one; likenesses and offsets are
 * small. */
double fact_places(const struct fact *fact);

/* Whether a fact has a meaning for what `facts` are of. */
bool fact_applies(const struct fact *fact, const struct facts *facts);
