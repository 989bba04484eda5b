/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `flatten` takes: a ground for what is transparent. */
#pragma once

#include "model/step.h"

struct flatten {
    struct rgba color;
};

extern const struct step flatten_step;
