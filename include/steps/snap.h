/* SPDX-License-Identifier: GPL-3.0-or-later
 * Calls of `trim` that may move to where the picture can be cut: the worker looks into the source
 * and tells them, before any face is asked. */
#pragma once

#include "steps/faces.h"

/* How far the ends may move; 0: it isn't such a call. */
double snap_most_s(const struct step_call *call);
/* Whether it is a trim that may encode a copied picture again at its ends. */
bool snap_is_smart(const struct step_call *call);
/* What is asked for, in seconds of the programme before it; to NAN = its end. */
bool snap_asked(const struct face_env *env, double *from_s, double *to_s, struct failure *failure);
/* What it will keep, once and for all; or that it can't be, and why. */
void snap_tell(struct step_call *call, double from_s, double to_s);
void snap_refuse(struct step_call *call, const char *why);
/* How much later the programme begins after a call of any step, seconds. */
double snap_begins_s(const struct face_env *env);
/* Whether a step does something to the picture other than trimming it. */
bool snap_is_too_late(const struct step_call *before);
