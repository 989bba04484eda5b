/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `still` takes: a still out of moving picture. */
#pragma once

#include "model/step.h"

struct still_params {
    struct position at;
};

extern const struct step still_step;
