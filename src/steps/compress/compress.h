/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `compress` takes: less range between loud and soft. */
#pragma once

#include "model/step.h"

struct compress {
    double threshold_dbfs, ratio, knee_db, attack_s, release_s, makeup_db;
};

extern const struct step compress_step;
