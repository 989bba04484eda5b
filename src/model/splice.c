/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts of a transport stream against what a job does with parts. */
#include "model/splice.h"

static const double late_s = 1;

bool splice_refuse(double at_s, struct failure *failure)
{
    return fail(failure, FAIL_UNSUPPORTED,
                "%.3f s: the times begin anew or leap, as where one transport stream is put behind "
                "another, or nothing was received for a while; with `inputs: {on_change: conform}` "
                "what follows goes on from there, or split the file there",
                at_s);
}

bool splice_fits(const struct facts *facts, bool conforms, double needs_s, struct failure *failure)
{
    if (facts->unjoined)
        return fail(failure, FAIL_UNSUPPORTED, "%s", facts->unjoined);
    return !facts->restarts || conforms || needs_s + late_s <= facts->first_restart_s ||
           splice_refuse(facts->first_restart_s, failure);
}
