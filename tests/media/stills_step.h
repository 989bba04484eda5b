/* SPDX-License-Identifier: GPL-3.0-or-later
 * A step's face for stills, as a pipeline calls it. */
#pragma once

#include "media/still_file.h"

/* With parameters as JSON, ' for ". */
bool stills_step(struct still *still, struct failure *failure, const char *name,
                 const char *params);
/* The last note. */
const char *stills_note(const struct still *still);
