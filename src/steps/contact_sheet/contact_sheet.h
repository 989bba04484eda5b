/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `contact_sheet` takes: a grid of moments. */
#pragma once

#include "model/step.h"

enum { CONTACT_SIDE_MAX = 20 };

struct contact_sheet {
    int columns, rows, width;
    bool captions;
};

extern const struct step contact_sheet_step;
