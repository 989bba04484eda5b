/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `trim` takes: where a programme begins and ends. */
#pragma once

#include "model/step.h"

struct trim {
    struct position from, to, length;
};

extern const struct step trim_step;
