/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transport streams that are put one behind another: whether a job takes them, by their facts. */
#pragma once

#include "model/facts.h"
#include "model/failure.h"

/* False, with FAIL_UNSUPPORTED: times begin anew there, and nothing says how that is meant. */
bool splice_refuse(double at_s, struct failure *failure);
/* Whether an output is made of it that needs its first `needs_s`, NAN all of it; `conforms`: the
 * job's `on_change`. The picture, from which that is counted, may begin up to a second behind the
 * sound, from which the facts count. Likewise. */
bool splice_fits(const struct facts *facts, bool conforms, double needs_s, struct failure *failure);
