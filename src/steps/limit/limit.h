/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `limit` takes: a ceiling for the true peak. */
#pragma once

#include "model/step.h"

struct limit {
    double ceiling_dbtp, release_s, gain_db;
};

extern const struct step limit_step;
