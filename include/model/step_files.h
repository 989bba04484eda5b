/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a step can say of the files that its parameters name before anything runs: whoever plans
 * hands it their content and learns no format. Part of a step's description (model/step.h). */
#pragma once

#include "base/diag.h"
#include "model/facts.h"

/* The planner looks into files of up to so many bytes; of larger ones the worker tells. */
enum { STEP_FILE_MAX_BYTES = 64 << 20 };

enum file_fit {
    FILE_FITS,
    FILE_LACKS,   /* there is nothing in it for this source, and the step does without */
    FILE_REFUSED, /* it can't be used for this source, or with these parameters */
};

struct step_files {
    /* Why a file of this name isn't one that parameter `param` takes, so that none of it is read or
     * quoted; NULL: it may be one. A sentence without a full stop; caller frees. */
    char *(*misnamed)(const char *param, const char *name);
    /* Whether `read` takes it; else the worker tells. */
    bool (*reads)(const char *param, const char *name);
    /* What `fit` needs of a file, kept small: it lives as long as the planner. `path` is for
     * messages, its extension counts. Reports at lines of the file; NULL after an error. */
    void *(*read)(const char *param, const char *path, const char *text, gsize length,
                  struct diag *diag);
    /* Of what was read, with the step's final values. `source` are the facts of the input; NULL:
     * not known yet, and what depends on them fits. *why, unless it fits: what is wrong, or
     * lacking, as a sentence without a full stop; caller frees. */
    enum file_fit (*fit)(const void *content, const void *params, const char *param,
                         const struct facts *source, char **why);
    void (*destroy)(void *content);
};
