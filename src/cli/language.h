/* SPDX-License-Identifier: GPL-3.0-or-later
 * The language as this installation speaks it: its steps, preset folders and encoders. */
#pragma once

#include "args.h"
#include "lang/pipeline.h"

struct language {
    struct catalogue *catalogue; /* NULL: not asked for, or no worker to ask */
    char *software;              /* our version and the libraries', for identities */
    char **preset_dirs;
    struct pipeline_options options; /* borrows the above */
};

/* With `encoders`, asks the worker (or its cache) what the libraries can do; a missing worker is
 * reported and is an error. */
bool language_init(struct language *language, const struct args *args, bool encoders);
void language_finish(struct language *language);

/* Prints what diag holds to stderr; true when there is no error. */
bool say_findings(const struct diag *diag);
