/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `metadata` takes: what is written about a file. */
#pragma once

#include "model/step.h"

struct metadata {
    char *title, *artist, *copyright, *description, *comment;
    bool strip;
    GPtrArray *tags;
};

extern const struct step metadata_step;
